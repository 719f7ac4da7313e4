/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A complete example project, made on the spot. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Makes the example in @folder, which is made when missing: a reference of 40 s, stems of uneven
 * lengths that between them call for every strategy, and a project that runs green as it is. The
 * same bytes every time. SL_ERROR_INVALID when the folder is a project already or holds anything
 * but hidden files; otherwise the errors of writing, after which nothing is left in it. Blocks for
 * about a second; not on the main thread of a window.
 */
gboolean
sl_demo_create (const char *folder, GError **error);

G_END_DECLS
