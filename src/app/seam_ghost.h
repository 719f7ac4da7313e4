/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a join that is being dragged would go, drawn over a waveform. */
#pragma once

#include "app/time_range.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** A dashed line at @frame, and its time beside it. */
void
sl_seam_ghost_snapshot (gint64 frame, SlTimeRange *range, GtkWidget *widget, GtkSnapshot *snapshot);

G_END_DECLS
