/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/fallback.h"

#include "engine/align/dot.h"
#include "engine/base/units.h"

#include <math.h>

/* How far from the first and last audible frame a quiet place is looked for, and how much audio
 * around a frame makes it quiet or not. No more than half a period of a deep bass: what is cut off
 * is missing from every repeat. */
#define SEARCH_MS 10.0
#define QUIET_MS 0.5

/* A step that is no larger than those so near to it is covered by them. */
#define COVERED_MS 50.0

/* A source of so many bars, up to rounding, is a loop. */
#define MAX_LOOP_BARS 16

/* ... unless its last bar is 10 dB, in power, below its loudest part: an ending. */
#define LOOP_LEVEL 0.1f

/* A source that sounds this early is taken to start at its first frame. */
#define LEAD_MS 50.0

/* A phrase is four bars long, or two: a repeat of seven limps. */
#define PHRASE_BARS 4

/* Lengths are rounded by this much: a beat so little after the last frame still counts. */
#define SLACK_MS 2.0

gint64
sl_fallback_set_lag (const SlFinderOptions *options)
{
  if (options->loop_bars <= 0 || !sl_grid_known (&options->grid))
    return 0;
  return sl_grid_beats_length (&options->grid,
                               (gint64) options->loop_bars * options->grid.beats_per_bar);
}

/* Whole phrases, else two bars, else bars, else beats. */
static gint64
whole_beats (gint64 beats, int beats_per_bar)
{
  gint64 bars = beats / beats_per_bar;

  if (bars >= PHRASE_BARS)
    return bars / PHRASE_BARS * PHRASE_BARS * beats_per_bar;
  if (bars >= 2)
    return (gint64) 2 * beats_per_bar;
  return bars == 1 ? beats_per_bar : beats;
}

/* The bar line nearest to the first audible frame; a part may start just before or after it. */
static gint64
start_on_grid (const SlGrid *grid, gint64 first)
{
  gint64 bar = sl_grid_beats_length (grid, grid->beats_per_bar);

  return MAX (0, sl_grid_beat_frame (grid, sl_ending_bar_beat (grid, first + bar / 2)));
}

/* The last bar line at or before @end, where a bar fits between @start and it; else the last beat,
 * where one fits; else @end. */
static gint64
join_on_grid (const SlGrid *grid, gint64 start, gint64 end, gint64 slack)
{
  gint64 bar_line = sl_grid_beat_frame (grid, sl_ending_bar_beat (grid, end + slack));
  gint64 beat_line = sl_grid_beat_frame (grid, sl_grid_beat_at (grid, end + slack));

  if (bar_line - start >= sl_grid_beats_length (grid, grid->beats_per_bar) - slack)
    return MIN (bar_line, end);
  return beat_line > start ? MIN (beat_line, end) : end;
}

/* The most whole bars or beats in @frames, up to rounding. */
static gint64
lag_on_grid (const SlGrid *grid, gint64 frames, gint64 slack)
{
  gint64 beats = sl_grid_nearest_beats (grid, frames);

  if (sl_grid_beats_length (grid, beats) > frames + slack)
    beats--;
  beats = whole_beats (beats, grid->beats_per_bar);
  return beats >= 1 ? sl_grid_beats_length (grid, beats) : frames;
}

static void
use_grid (const SlEnding *ending, const SlFinderOptions *options, gint64 *join, gint64 *lag)
{
  const SlGrid *grid = &options->grid;
  gint64 slack = sl_frames_from_ms (SLACK_MS, ending->rate_hz);
  gint64 end = sl_ending_material_end (ending, grid);
  gint64 start = start_on_grid (grid, ending->first);
  gint64 set = sl_fallback_set_lag (options);

  *join = options->join >= 0 ? options->join : join_on_grid (grid, start, end, slack);
  *lag = set;
  if (set == 0 || set > *join)
    *lag = lag_on_grid (grid, start < *join ? *join - start : *join, slack);
  *lag = CLAMP (*lag, 1, *join);
}

static gboolean
is_loop_length (const SlGrid *grid, gint64 length, gint64 slack)
{
  gint64 beats = sl_grid_nearest_beats (grid, length);
  gint64 bars = beats / grid->beats_per_bar;

  return ABS (sl_grid_beats_length (grid, beats) - length) <= slack
         && beats % grid->beats_per_bar == 0 && bars >= 1 && bars <= MAX_LOOP_BARS
         && (bars & (bars - 1)) == 0;
}

gboolean
sl_fallback_once (const SlEnding *ending, const SlGrid *grid, gint64 *lag)
{
  gint64 length = ending->source_length;
  gint64 bar, bars;

  *lag = length;
  if (!sl_grid_known (grid))
    return FALSE;
  if (is_loop_length (grid, length, sl_frames_from_ms (SLACK_MS, ending->rate_hz)))
    return TRUE;
  bar = MAX (1, sl_grid_beats_length (grid, grid->beats_per_bar));
  bars = length / bar;
  if (bars > 0)
    *lag = MIN (length, sl_grid_beats_length (grid, bars * grid->beats_per_bar));
  return FALSE;
}

/* The frame in [@from, @to] with the least power around it; the latest of equals if @late. */
static gboolean
quietest (SlSource *source, gint64 from, gint64 to, gboolean late, gint64 *frame, GError **error)
{
  gint64 reach = MAX (1, sl_frames_from_ms (QUIET_MS, source->rate_hz));
  gint64 start = MAX (0, from - reach);
  gint64 end = MIN (source->length, to + reach);
  int channels = source->channels;
  g_autofree float *audio = g_new (float, (end - start) * channels);
  double least = G_MAXDOUBLE;

  if (!sl_source_read_at (source, start, audio, end - start, error))
    return FALSE;
  for (gint64 at = from; at <= to; at++)
    {
      gint64 first = MAX (start, at - reach);
      gint64 frames = MIN (end, at + reach) - first;
      const float *around = audio + (first - start) * channels;
      double power = sl_dot (around, around, frames * channels) / (double) frames;

      if (power < least || (late && power <= least))
        {
          least = power;
          *frame = at;
        }
    }
  return TRUE;
}

static float
largest_step (const float *audio, int channels, gint64 frames)
{
  float largest = 0.0f;

  for (gint64 i = channels; i < frames * channels; i++)
    largest = MAX (largest, fabsf (audio[i] - audio[i - channels]));
  return largest;
}

/* Whether going from the source's last frame to its first is no larger a step than those nearby. */
static gboolean
wraps_smoothly (SlSource *source, gboolean *smooth, GError **error)
{
  gint64 n = MIN (source->length, MAX (2, sl_frames_from_ms (COVERED_MS, source->rate_hz)));
  int channels = source->channels;
  g_autofree float *begin = g_new (float, n *channels);
  g_autofree float *end = g_new (float, n *channels);
  float near;

  if (!sl_source_read_at (source, 0, begin, n, error)
      || !sl_source_read_at (source, source->length - n, end, n, error))
    return FALSE;
  near = MAX (largest_step (begin, channels, n), largest_step (end, channels, n));
  *smooth = TRUE;
  for (int c = 0; c < channels; c++)
    *smooth = *smooth && fabsf (begin[c] - end[(n - 1) * channels + c]) <= near;
  return TRUE;
}

static gboolean
sounds_like_loop (const SlEnding *ending, const SlGrid *grid)
{
  gint64 length = ending->source_length;
  gint64 bar;

  if (!sl_grid_known (grid)
      || !is_loop_length (grid, length, sl_frames_from_ms (SLACK_MS, ending->rate_hz)))
    return FALSE;
  bar = sl_grid_beats_length (grid, grid->beats_per_bar);
  return ending->first < bar / 2 && sl_ending_material_end (ending, grid) == length
         && sl_ending_sustained (ending, LOOP_LEVEL) > length - bar;
}

gboolean
sl_fallback_is_loop (SlSource *source,
                     const SlEnding *ending,
                     const SlGrid *grid,
                     gboolean *is_loop,
                     GError **error)
{
  *is_loop = sounds_like_loop (ending, grid);
  return !*is_loop || wraps_smoothly (source, is_loop, error);
}

static gboolean
use_quiet (SlSource *source,
           const SlEnding *ending,
           const SlFinderOptions *options,
           gint64 *join,
           gint64 *lag,
           GError **error)
{
  gint64 end = sl_ending_material_end (ending, &options->grid);
  gint64 search = MIN (sl_frames_from_ms (SEARCH_MS, source->rate_hz), end / 8);
  gint64 lead = sl_frames_from_ms (LEAD_MS, source->rate_hz);
  gint64 first = ending->first <= lead ? 0 : MIN (ending->first, MAX (end - options->min_lag, 0));
  gint64 target = first;

  *join = options->join;
  if (options->join < 0 && !quietest (source, end - search, end, TRUE, join, error))
    return FALSE;
  if (!quietest (source, first, MIN (first + search, *join), FALSE, &target, error))
    return FALSE;
  *lag = CLAMP (*join - target, 1, *join);
  return TRUE;
}

/* A source that sounds from its first frame to its last may be a loop: its length is then all that
 * is known of its rhythm, and worth more than a quieter place. */
static gboolean
may_be_loop (const SlEnding *ending, const SlFinderOptions *options)
{
  return options->join < 0 && ending->first <= sl_frames_from_ms (LEAD_MS, ending->rate_hz)
         && sl_ending_material_end (ending, &options->grid) == ending->source_length;
}

gboolean
sl_fallback_find (SlSource *source,
                  const SlEnding *ending,
                  const SlFinderOptions *options,
                  gint64 *join,
                  gint64 *lag,
                  GError **error)
{
  gboolean whole = FALSE;

  if (sl_grid_known (&options->grid))
    {
      use_grid (ending, options, join, lag);
      return TRUE;
    }
  if (may_be_loop (ending, options) && !wraps_smoothly (source, &whole, error))
    return FALSE;
  if (!whole)
    return use_quiet (source, ending, options, join, lag, error);
  *join = *lag = source->length;
  return TRUE;
}
