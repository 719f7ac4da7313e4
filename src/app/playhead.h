/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line over everything that draws time, at the playhead; the only thing that is drawn again while
 * playing. Not a target of the pointer. */
#pragma once

#include "app/time_range.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_PLAYHEAD (sl_playhead_get_type ())
G_DECLARE_FINAL_TYPE (SlPlayhead, sl_playhead, SL, PLAYHEAD, GtkWidget)

/** @range may be NULL and be set later. To be an overlay of a GtkOverlay. */
GtkWidget *
sl_playhead_new (SlTimeRange *range);

/** Also the property "range". */
void
sl_playhead_set_range (SlPlayhead *self, SlTimeRange *range);

/** Pixels at the left and at the right that are not time: headers of tracks, a scroll bar. Also the
 *  properties "left-inset" and "right-inset". */
void
sl_playhead_set_insets (SlPlayhead *self, int left, int right);

G_END_DECLS
