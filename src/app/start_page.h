/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a window shows while no project is open: how to begin, and recent projects. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_START_PAGE (sl_start_page_get_type ())
G_DECLARE_FINAL_TYPE (SlStartPage, sl_start_page, SL, START_PAGE, GtkWidget)

/** Shows the recent projects as they are now. Signal "chosen" (const char *folder): one of them. */
void
sl_start_page_update (SlStartPage *self);

G_END_DECLS
