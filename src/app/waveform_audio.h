/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audio that one widget shows, and the pictures of it that the widget has asked for. Main
 * thread. */
#pragma once

#include "app/peaks.h"
#include "app/time_range.h"

G_BEGIN_DECLS

/** All zero: none. */
typedef struct
{
  SlPeaks *peaks;
  char *path;
  char *digest_hex; ///< NULL: no audio
  gint64 dest_offset;
  gboolean vouched;
  GArray *tiles; ///< asked for last, of SlTileKey; NULL: none
} SlWaveformAudio;

void
sl_waveform_audio_clear (SlWaveformAudio *self);

/** @peaks may be NULL. */
void
sl_waveform_audio_set_peaks (SlWaveformAudio *self, SlPeaks *peaks);

/** As sl_waveform_set_audio(). */
void
sl_waveform_audio_set_file (SlWaveformAudio *self,
                            const char *path,
                            const char *digest_hex,
                            gint64 dest_offset,
                            gboolean vouched);

/** The widget shows nothing any more. */
void
sl_waveform_audio_hide (SlWaveformAudio *self);

/** Draws what there is in the colour of @widget, and asks for the rest. */
void
sl_waveform_audio_snapshot (SlWaveformAudio *self,
                            SlTimeRange *range,
                            GtkWidget *widget,
                            GtkSnapshot *snapshot);

G_END_DECLS
