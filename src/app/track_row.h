/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row of the song: its name, what is said of it, mute and solo, and its waveform. */
#pragma once

#include "app/track.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_TRACK_ROW (sl_track_row_get_type ())
G_DECLARE_FINAL_TYPE (SlTrackRow, sl_track_row, SL, TRACK_ROW, GtkListBoxRow)

/** Width of the part before the waveform, in pixels: in a wide and in a narrow window. */
#define SL_TRACK_HEADER_WIDTH 176
#define SL_TRACK_HEADER_WIDTH_NARROW 124

/** Signals: "mute-toggled" (gboolean), "solo-toggled" (gboolean), "seam-activated" (gint64): the
 *  seam in the middle of which this frame is was chosen. */
GtkWidget *
sl_track_row_new (const SlTrack *track, SlTimeRange *range, SlPeaks *peaks);

/** Borrowed. */
const SlTrack *
sl_track_row_get_track (SlTrackRow *self);

/** Shows the track as it is now. */
void
sl_track_row_show (SlTrackRow *self, SlDocument *document, gboolean solo);

void
sl_track_row_set_narrow (SlTrackRow *self, gboolean narrow);

G_END_DECLS
