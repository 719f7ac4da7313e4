/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what was chosen or dropped to files that a project can keep: folders are looked into, and
 * what a sandbox lends for a while is copied into the project. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * Looks at @paths (absolute; files and folders) in a thread. Files in a folder count when their
 * suffix is one of audio; files that were named count always. Finish with sl_gather_finish().
 */
void
sl_gather_async (const char *project_folder,
                 const char *const *paths,
                 GAsyncReadyCallback callback,
                 gpointer data);

/** Absolute paths of files, sorted within each folder; NULL with what kept one from being copied.
 *  May be empty. Owned. */
char **
sl_gather_finish (GAsyncResult *result, GError **error);

G_END_DECLS
