/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/joins.h"

#include "engine/base/units.h"

#include <math.h>

/* Score from which auto loops without being told that the material is rhythmic. */
#define GOOD_SCORE 0.9

/* What a kept ending is without a bar to measure by. */
#define ENDING_MS 2000.0

gboolean
sl_join_usable (const SlExtent *extent, const SlCandidate *candidate)
{
  return candidate->join > extent->first && candidate->join <= extent->options->source_length
         && candidate->lag >= sl_extent_min_body (extent)
         && candidate->lag <= candidate->join - extent->first;
}

gboolean
sl_join_is_fallback (const SlCandidate *candidate)
{
  return candidate->kind == SL_LAG_FALLBACK || candidate->kind == SL_LAG_ONCE;
}

gboolean
sl_join_sounds_once (const SlPlanOptions *options)
{
  return options->n_candidates > 0 && options->candidates[0].kind == SL_LAG_ONCE;
}

double
sl_join_score (const SlCandidate *candidate)
{
  return isnan (candidate->score) ? -INFINITY : candidate->score;
}

gboolean
sl_join_qualifies (const SlExtent *extent, const SlCandidate *candidate)
{
  return sl_join_score (candidate) >= GOOD_SCORE
         && (candidate->kind == SL_LAG_BARS || !sl_grid_known (&extent->options->grid))
         && sl_join_usable (extent, candidate);
}

/* Frames of a repeat, which depend on how its place is rounded: the least and the most. */
typedef struct
{
  gint64 least;
  gint64 most;
} Repeat;

static Repeat
repeat_of_beats (const SlGrid *grid, gint64 beats)
{
  gint64 rounded = sl_grid_beats_length (grid, beats);
  __int128 off = (__int128) rounded * grid->beat_den - (__int128) beats * grid->beat_num;

  return (Repeat){ off > 0 ? rounded - 1 : rounded, off < 0 ? rounded + 1 : rounded };
}

/* @lag is what was found; it lies within a frame of the beats. */
static Repeat
repeat_of (const SlGrid *grid, gint64 lag, gint64 beats)
{
  Repeat repeat = { lag, lag };

  if (beats > 0)
    repeat = repeat_of_beats (grid, beats);
  return (Repeat){ MIN (lag, repeat.least), MAX (lag, repeat.most) };
}

gboolean
sl_join_has_beats (const SlExtent *extent, gint64 join, gint64 beats)
{
  Repeat repeat = repeat_of_beats (&extent->options->grid, beats);

  return repeat.most <= join - extent->first && repeat.least >= sl_extent_min_body (extent);
}

/* Frames that an ending which is kept has at least: a bar, at most a quarter of the source. */
static gint64
ending_length (const SlExtent *extent)
{
  const SlGrid *grid = &extent->options->grid;
  gint64 length = sl_grid_known (grid) ? sl_grid_beats_length (grid, grid->beats_per_bar)
                                       : sl_frames_from_ms (ENDING_MS, extent->options->rate_hz);

  return MIN (length, sl_extent_room (extent) / 4);
}

gint64
sl_join_latest (const SlExtent *extent)
{
  gint64 end = extent->options->source_length;

  return sl_extent_keeps_ending (extent) ? end - ending_length (extent) : end;
}

/* A rest is at most one loop and one shortest body long. Where it is longer than what lies before
 * the join it is halved, and either half is a body. */
gboolean
sl_join_can_make_up (const SlExtent *extent, gint64 join)
{
  return join - extent->first >= 2 * sl_extent_min_body (extent);
}

gint64
sl_join_loop_beats (const SlPlanOptions *options)
{
  return (gint64) options->loop_bars * options->grid.beats_per_bar;
}

/* Rhythmic: min (50 ms, a quarter of the loop). Otherwise min (30 % of the gap, 2 s), but not so
 * short that it hides nothing. At most half of the time is spent in crossfades. */
static gint64
crossfade_length (const SlExtent *extent, gint64 lag)
{
  int rate_hz = extent->options->rate_hz;
  gint64 fade;

  if (extent->options->fade_ms >= 0.0)
    return sl_extent_fade (extent, 0.0, lag / 2);
  if (extent->options->rhythmic)
    return MIN (sl_frames_from_ms (SL_FADE_RHYTHMIC_MS, rate_hz), lag / 4);
  fade = MIN (sl_extent_gap (extent) * 3 / 10, sl_frames_from_ms (SL_FADE_MELODIC_MS, rate_hz));
  fade = MAX (fade, sl_frames_from_ms (SL_FADE_SHORTEST_MS, rate_hz));
  return MIN (fade, lag / 2);
}

/* The fade ends on the join, where the onset is. Frames after it are used only when the loop body
 * begins where the source does; an onset is then crossed by no more than what hides a step. */
SlJoin
sl_join_make (const SlExtent *extent, gint64 join, gint64 lag, gint64 beats)
{
  const SlPlanOptions *options = extent->options;
  Repeat repeat = repeat_of (&options->grid, lag, beats);
  gint64 fade = crossfade_length (extent, repeat.least);
  gint64 pre = MIN (fade, join - repeat.most - extent->first);
  gint64 shortest = sl_frames_from_ms (SL_FADE_SHORTEST_MS, options->rate_hz);
  gint64 post = options->rhythmic ? MAX (0, MIN (fade, shortest) - pre) : fade - pre;

  return (SlJoin){ join, lag, beats, pre, MIN (post, options->source_length - join) };
}
