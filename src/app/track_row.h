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

/** Signals: "mute-toggled" (gboolean), "solo-toggled" (gboolean), "seam-activated" (int index):
 *  a seam was chosen; -1: none is any more; "seam-moved" (guint index, gint64 frame): the join of a
 *  seam was dragged to this frame of the song. */
GtkWidget *
sl_track_row_new (const SlTrack *track, SlTimeRange *range, SlPeaks *peaks);

/** Borrowed. */
const SlTrack *
sl_track_row_get_track (SlTrackRow *self);

/** Shows the track as it is now. */
void
sl_track_row_show (SlTrackRow *self, SlDocument *document, gboolean solo);

/** Selects seam @index, or none for -1; emits nothing. */
void
sl_track_row_select_seam (SlTrackRow *self, int index);

/** The selected seam, or -1. */
int
sl_track_row_get_seam (SlTrackRow *self);

/** Chooses the seam next to the selected one, or to the playhead. FALSE: there is none. */
gboolean
sl_track_row_step_seam (SlTrackRow *self, gboolean forward);

/** Lets go of a seam that is being dragged. FALSE: none is. */
gboolean
sl_track_row_cancel_drag (SlTrackRow *self);

/** Frame of the song in the middle of seam @index, which there is. */
gint64
sl_track_row_get_seam_frame (SlTrackRow *self, int index);

void
sl_track_row_set_narrow (SlTrackRow *self, gboolean narrow);

G_END_DECLS
