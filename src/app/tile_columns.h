/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many bins or samples become one column of pixels each. Pure; any thread. */
#pragma once

#include "engine/waveform/pyramid.h"

G_BEGIN_DECLS

/** What one column of pixels shows; 1.0 is full scale. With max below min it shows nothing. */
typedef struct
{
  float min;
  float max;
  float rms;
} SlColumn;

/** Frames [first, first + n) of a file, of which @channels of @stride from @channel on are shown
 *  together. */
typedef struct
{
  gint64 first;
  gint64 n; ///< of bins: so many bins, and first is counted in bins
  int stride;
  int channel;
  int channels;
} SlColumnData;

/**
 * Columns that share [first_frame, first_frame + frames) evenly, from @bins of @bin_frames frames;
 * a column that shares a bin shows all of it.
 */
void
sl_columns_from_bins (const SlColumnData *data,
                      const SlBin *bins,
                      gint64 bin_frames,
                      gint64 first_frame,
                      gint64 frames,
                      SlColumn *columns,
                      guint n_columns);

/** The same from samples. A column reaches to the first sample of the next, so that together they
 *  are one line. */
void
sl_columns_from_samples (const SlColumnData *data,
                         const float *samples,
                         gint64 first_frame,
                         gint64 frames,
                         SlColumn *columns,
                         guint n_columns);

G_END_DECLS
