/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The song to scale: ruler, sections, a row per track, and the playhead over all of them. */
#pragma once

#include "app/listening.h"
#include "app/peaks.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_TRACKS (sl_tracks_get_type ())
G_DECLARE_FINAL_TYPE (SlTracks, sl_tracks, SL, TRACKS, GtkWidget)

/** Signals: "stem-selected" (const char *name), "step-selected" (int): the row of what a step
 *  makes was selected; "seam-selected" (const char *stem, int index): a seam was; -1: none any
 * more.
 */
void
sl_tracks_set_document (SlTracks *self, SlDocument *document, SlListening *listening);

/** What is visible; shared with everything that draws time. Borrowed. */
SlTimeRange *
sl_tracks_get_range (SlTracks *self);

/** Selects the row of @stem; emits nothing. NULL: none, and no seam. */
void
sl_tracks_select (SlTracks *self, const char *stem);

/** The selected seam of the track @stem, or -1. */
int
sl_tracks_get_seam (SlTracks *self, const char *stem);

/** Lets go of the selected seam, if there is one; emits nothing. */
void
sl_tracks_unselect_seam (SlTracks *self);

/** Lets go of a seam that is being dragged. FALSE: none is. */
gboolean
sl_tracks_cancel_drag (SlTracks *self);

void
sl_tracks_set_narrow (SlTracks *self, gboolean narrow);

G_END_DECLS
