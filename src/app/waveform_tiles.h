/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pictures make up what a waveform shows, and where they go. Main thread. */
#pragma once

#include "app/peaks.h"
#include "app/time_range.h"

G_BEGIN_DECLS

/** What one widget shows of one audio file. */
typedef struct
{
  SlTimeRange *range;
  SlPeaksInfo info;   ///< of the file
  gint64 dest_offset; ///< frame of the song where the file begins
  int width;          ///< pixels
  int height;
  SlTileKey key; ///< of all pictures but for frames and index
} SlWaveformView;

/** Fills @keys (of SlTileKey) with the pictures that @view needs, from left to right. */
void
sl_waveform_view_list_tiles (const SlWaveformView *view, GArray *keys);

/** Draws @keys, and what is there of other zooms in place of a picture that is missing. */
void
sl_waveform_view_snapshot (const SlWaveformView *view,
                           SlPeaks *peaks,
                           const GArray *keys,
                           GtkSnapshot *snapshot);

G_END_DECLS
