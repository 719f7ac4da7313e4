/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be known and decided about one seam of a stem. */
#pragma once

#include "app/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_SEAM_VIEW (sl_seam_view_get_type ())
G_DECLARE_FINAL_TYPE (SlSeamView, sl_seam_view, SL, SEAM_VIEW, GtkWidget)

/** Shows seam @index of @stem of @document as it was planned last. FALSE: there is no such seam.
 *  Uses the actions "doc.listen-seam" and "doc.*" of a page. */
gboolean
sl_seam_view_show (SlSeamView *self, SlDocument *document, const char *stem, guint index);

G_END_DECLS
