/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where projects are made when nobody says otherwise, and how folders are written. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * The folder for new projects: the user's music; in a sandbox, which cannot write there, the
 * program's own data. Looks at nothing but the desktop's setting of where music is kept. Owned.
 */
char *
sl_places_dup_projects (void);

/** @folder as people know it: from their home on, or from what was lent on. Owned. */
char *
sl_places_dup_shown (const char *folder);

G_END_DECLS
