/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of an open project. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Binds the keys of the actions "doc.*" and "tracks.*" to @page; @tracks has the latter. */
void
sl_project_shortcuts_add (GtkWidget *page, GtkWidget *tracks);

G_END_DECLS
