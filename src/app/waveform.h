/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The waveform of one track with its seams and paddings; an SlTimeView. */
#pragma once

#include "app/peaks.h"
#include "app/time_view.h"
#include "app/waveform_marks.h"

G_BEGIN_DECLS

#define SL_TYPE_WAVEFORM (sl_waveform_get_type ())
G_DECLARE_FINAL_TYPE (SlWaveform, sl_waveform, SL, WAVEFORM, SlTimeView)

/** Which colour a track has. */
typedef enum
{
  SL_WAVEFORM_STEM,
  SL_WAVEFORM_REFERENCE,
  SL_WAVEFORM_DRUMS,
  SL_WAVEFORM_MASTER
} SlWaveformRole;

/** Both may be NULL and be set later. Signals: "seam-activated" (int index): a seam was chosen;
 *  -1: the one that was is no more; "seam-moved" (guint index, gint64 frame): it was dragged so
 * that its join is there. */
GtkWidget *
sl_waveform_new (SlTimeRange *range, SlPeaks *peaks);

/** Also the property "peaks". */
void
sl_waveform_set_peaks (SlWaveform *self, SlPeaks *peaks);

/** Shows the file @path, whose bytes have @digest_hex, from frame @dest_offset of the song on. NULL
 *  for @digest_hex: nothing. For @vouched see sl_peaks_prepare(). */
void
sl_waveform_set_audio (SlWaveform *self,
                       const char *path,
                       const char *digest_hex,
                       gint64 dest_offset,
                       gboolean vouched);

/** Arrays of SlSeamMark and SlRange (half-open), in frames of the song; copied; NULL: none. The
 *  selection stays: see sl_seam_selection_set_marks(). */
void
sl_waveform_set_marks (SlWaveform *self, const GArray *seams, const GArray *paddings);

/** Stretches of the song that come from the same place of the source: an array of SlRepeatMark,
 *  copied; NULL: none. */
void
sl_waveform_set_repeats (SlWaveform *self, const GArray *repeats);

/** The selected seam, or -1. Setting it emits nothing. */
void
sl_waveform_set_selected_seam (SlWaveform *self, int index);

int
sl_waveform_get_selected_seam (SlWaveform *self);

/** Whether dragging a seam moves it; FALSE at first. */
void
sl_waveform_set_movable_seams (SlWaveform *self, gboolean movable);

/** Lets go of a seam that is being dragged, where it was. FALSE: none is. */
gboolean
sl_waveform_cancel_drag (SlWaveform *self);

/** Chooses the seam next to the selected one, or to the playhead. FALSE: there is none. */
gboolean
sl_waveform_step_seam (SlWaveform *self, gboolean forward);

void
sl_waveform_set_role (SlWaveform *self, SlWaveformRole role);

/** Shown dimmed, as not heard. */
void
sl_waveform_set_muted (SlWaveform *self, gboolean muted);

/** Whether work on this track is going on. */
void
sl_waveform_set_busy (SlWaveform *self, gboolean busy);

/** Name of the track, for assistive technologies. */
void
sl_waveform_set_track_name (SlWaveform *self, const char *name);

G_END_DECLS
