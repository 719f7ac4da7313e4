/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What writing and verifying an archive share. Private to this folder. */
#pragma once

#include "engine/package/archive.h"

#include <locale.h>

G_BEGIN_DECLS

/** Bytes read from a source or an archive at once, and written at once. */
#define SL_ARCHIVE_BLOCK_BYTES (256 * 1024)

/**
 * Makes character type UTF-8 on this thread alone. libarchive converts every name through the
 * locale's character set, whatever hdrcharset says: under LC_ALL=C it writes a broken name or none,
 * cannot read one back, and crashes in pax (3.6.2).
 */
typedef struct
{
  locale_t own;
  locale_t previous;
} SlUtf8Locale;

/** FALSE with SL_ERROR_OPEN when the system has no such locale. */
gboolean
sl_utf8_locale_enter (SlUtf8Locale *self, GError **error);

void
sl_utf8_locale_leave (SlUtf8Locale *self);

/**
 * Whether the names of @entries (SlArchiveEntry) can be extracted anywhere and mean one file each:
 * UTF-8 in NFC, relative, no component that starts with '.' or '-', no control, bidi or reserved
 * characters, unique under case folding, no file that is also a folder. SL_ERROR_INVALID.
 */
gboolean
sl_archive_check_names (const GArray *entries, GError **error);

G_END_DECLS
