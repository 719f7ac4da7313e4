/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that become file names everywhere: what is allowed, and the nearest allowed one. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Most bytes of a name. */
#define SL_NAME_MAX_BYTES 200

/**
 * Whether @name can name a stem or a song: UTF-8 in NFC, 1 to 200 bytes, no control or
 * bidirectional formatting characters, none of / \ : * ? " < > |, no leading '-', '.' or space, no
 * trailing '.' or space, not a device name of Windows (CON, NUL, COM1, …). FALSE with
 * SL_ERROR_INVALID that says what is wrong and proposes a name. Any thread.
 */
gboolean
sl_name_check (const char *name, GError **error);

/** The nearest allowed name to @text (any bytes); "Untitled" when nothing is left. Owned. */
char *
sl_name_make (const char *text);

/** The name for what lies at @path: without folders, without a suffix, and allowed. Owned. */
char *
sl_name_from_path (const char *path);

/** The name as a word of a command line: in quotes where it needs them. Owned. */
char *
sl_name_quote (const char *name);

/** Form in which two names that a file system may hold to be the same are equal. Owned. */
char *
sl_name_fold (const char *name);

G_END_DECLS
