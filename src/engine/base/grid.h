/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tempo as an exact fraction and the grid of beats and bars that it lays over frames. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Beats per minute as a fraction in lowest terms; 0/1 means unknown. */
typedef struct
{
  gint64 num;
  gint64 den;
} SlBpm;

/** A grid: frame of beat n = origin + n · beat_num / beat_den, rounded once. */
typedef struct
{
  gint64 beat_num;   ///< frames per beat, numerator; 0 when the tempo is unknown
  gint64 beat_den;   ///< frames per beat, denominator, above 0
  int beats_per_bar; ///< at least 1
  gint64 origin;     ///< frame of the first downbeat
} SlGrid;

/**
 * Reads "140", "92.5", "128.125" (20 to 400, at most three decimals), a fraction "185/2", or
 * "unknown". FALSE with SL_ERROR_INVALID and a message that names the range.
 */
gboolean
sl_bpm_parse (const char *text, SlBpm *bpm, GError **error);

/** "140", "92.5" where three decimals are exact, a fraction otherwise; "unknown" for 0/1. Owned. */
char *
sl_bpm_format (SlBpm bpm);

/** Beats per minute as a number, for people; 0 when unknown. */
double
sl_bpm_value (SlBpm bpm);

/** The grid of @bpm at @rate_hz. */
SlGrid
sl_grid_make (SlBpm bpm, int rate_hz, int beats_per_bar, gint64 origin);

/** Beats per minute of @grid, of frames at @rate_hz; 0 when unknown. */
double
sl_grid_bpm (const SlGrid *grid, int rate_hz);

/** Whether the tempo is known. */
gboolean
sl_grid_known (const SlGrid *grid);

/** Frame on which beat @beat (any sign) starts: from the origin, rounded once. */
gint64
sl_grid_beat_frame (const SlGrid *grid, gint64 beat);

/** Frame on which bar @bar starts. */
gint64
sl_grid_bar_frame (const SlGrid *grid, gint64 bar);

/** Length of @beats beats, rounded once. */
gint64
sl_grid_beats_length (const SlGrid *grid, gint64 beats);

/** Whole beats nearest to @frames (halves away from zero). */
gint64
sl_grid_nearest_beats (const SlGrid *grid, gint64 frames);

/** The beat whose frame is the last at or before @frame. */
gint64
sl_grid_beat_at (const SlGrid *grid, gint64 frame);

G_END_DECLS
