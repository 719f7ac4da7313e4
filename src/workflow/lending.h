/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that the desktop lends to a sandbox: their paths end with the loan, and mean nothing
 * outside of it, so that no project may keep one. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * @path as the project in @project_folder may keep it: itself, or the path of a copy among the
 * stems when it was lent. Errors of reading and writing. Not on main. Owned.
 */
char *
sl_lending_keep (const char *project_folder, const char *path, GError **error);

/**
 * The part of @path that the person knows too, from what was lent on; NULL when nothing was.
 * Borrowed. Any thread.
 */
const char *
sl_lending_get_name (const char *path);

/** Whether @path is a project's file that was lent without the folder that it lies in. Any thread.
 */
gboolean
sl_lending_is_alone (const char *path);

G_END_DECLS
