/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window's content while a project is open: steps, tracks, inspector, transport, and what can be
 * done with them (the actions "doc.*"). */
#pragma once

#include "app/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_PROJECT_PAGE (sl_project_page_get_type ())
G_DECLARE_FINAL_TYPE (SlProjectPage, sl_project_page, SL, PROJECT_PAGE, GtkWidget)

GtkWidget *
sl_project_page_new (SlDocument *document);

SlDocument *
sl_project_page_get_document (SlProjectPage *self);

/** Puts the focus on the tracks, where Space plays. */
void
sl_project_page_focus (SlProjectPage *self);

/** Adds stems from files and folders, NULL-terminated absolute paths. */
void
sl_project_page_add_paths (SlProjectPage *self, const char *const *paths);

G_END_DECLS
