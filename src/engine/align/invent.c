/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/joins.h"

#include "engine/base/error.h"

#include <glib/gi18n-lib.h>

static char *
number_text (gint64 number)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, number);
}

/* Always FALSE. */
static gboolean
refuse_literal (GError **error, const char *message)
{
  g_set_error_literal (error, SL_ERROR, SL_ERROR_INVALID, message);
  return FALSE;
}

static gboolean
check_join (const SlExtent *extent, GError **error)
{
  const SlPlanOptions *options = extent->options;
  gint64 earliest = extent->first + sl_extent_min_body (extent);
  gint64 latest = options->source_length - (sl_extent_keeps_ending (extent) ? 1 : 0);
  g_autofree char *join = number_text (options->join);
  g_autofree char *low = number_text (earliest);
  g_autofree char *high = number_text (latest);

  if (options->join < 0 || (options->join >= earliest && options->join <= latest))
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               _ ("The stem cannot be joined at frame %s: choose a frame from %s to %s."), join,
               low, high);
  return FALSE;
}

static gboolean
check_loop_bars (const SlPlanOptions *options, GError **error)
{
  if (options->loop_bars < 0)
    return refuse_literal (error, _ ("A loop has at least one bar."));
  if (options->loop_bars > 0 && !sl_grid_known (&options->grid))
    return refuse_literal (error, _ ("A loop length in bars needs a tempo: set the BPM, or let the "
                                     "loop be found."));
  return TRUE;
}

static gboolean
check_candidate (const SlPlanOptions *options, GError **error)
{
  if (options->n_candidates == 0 || options->candidate < options->n_candidates)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID, _ ("Join %u was chosen, but there are only %u."),
               options->candidate + 1, options->n_candidates);
  return FALSE;
}

static gboolean
check_room (const SlExtent *extent, GError **error)
{
  if (sl_extent_room (extent) >= sl_extent_min_body (extent))
    return TRUE;
  return refuse_literal (
      error, _ ("The stem is shorter than 10 ms and cannot be repeated. Choose zero-pad."));
}

gboolean
sl_join_check_settings (const SlExtent *extent, GError **error)
{
  return check_room (extent, error) && check_loop_bars (extent->options, error)
         && check_join (extent, error) && check_candidate (extent->options, error);
}

static gint64
floor_to_multiple (gint64 value, gint64 unit)
{
  gint64 rest = value % unit;

  return value - (rest < 0 ? rest + unit : rest);
}

/* The last multiple of @unit beats at or before source frame @latest; a source that lacks a single
 * frame of its last bar, by rounding, still counts as whole. */
static gint64
last_line (const SlExtent *extent, gint64 latest, gint64 unit)
{
  const SlGrid *grid = &extent->options->grid;
  gint64 beat = sl_grid_beat_at (grid, latest + 1 + extent->shift);
  gint64 line = sl_grid_beat_frame (grid, floor_to_multiple (beat, unit)) - extent->shift;

  return MIN (line, latest);
}

/* Four bars, or a multiple, where there is that much: music goes in such periods. */
static gint64
whole_phrase (gint64 units)
{
  if (units >= 4)
    return units - units % 4;
  return units == 3 ? 2 : units;
}

/* Most units of @unit beats that lie before @join, short of a frame at most. */
static gint64
units_before (const SlExtent *extent, gint64 join, gint64 unit)
{
  const SlGrid *grid = &extent->options->grid;
  gint64 room = join - extent->first + 1;
  gint64 units;

  if (room < 1)
    return 0;
  units = sl_grid_nearest_beats (grid, room) / unit;
  while (units > 0 && sl_grid_beats_length (grid, units * unit) > room)
    units--;
  return units;
}

/* Goes back @beats beats at @join. FALSE when the source lacks more than one frame for that. */
static gboolean
go_back_beats (const SlExtent *extent, gint64 join, gint64 beats, SlJoin *out)
{
  const SlGrid *grid = &extent->options->grid;
  gint64 room = join - extent->first;
  gint64 length;

  if (beats < 1 || (__int128) beats * grid->beat_num > (__int128) (room + 2) * grid->beat_den)
    return FALSE;
  length = sl_grid_beats_length (grid, beats);
  if (length > room + 1 || MIN (length, room) < sl_extent_min_body (extent))
    return FALSE;
  *out = sl_join_make (extent, join, MIN (length, room),
                       sl_join_has_beats (extent, join, beats) ? beats : 0);
  return TRUE;
}

/* The most that can be repeated in units of @unit beats. */
static gboolean
go_back_units (const SlExtent *extent, gint64 unit, SlJoin *out)
{
  const SlPlanOptions *options = extent->options;
  gint64 join
      = options->join >= 0 ? options->join : last_line (extent, sl_join_latest (extent), unit);
  gint64 units = whole_phrase (units_before (extent, join, unit));

  if (sl_extent_keeps_ending (extent) && !sl_join_can_make_up (extent, join))
    return FALSE;
  return go_back_beats (extent, join, units * unit, out);
}

static gboolean
go_back_as_set (const SlExtent *extent, SlJoin *out, GError **error)
{
  const SlPlanOptions *options = extent->options;
  gint64 beats = sl_join_loop_beats (options);
  gint64 latest = options->join >= 0 ? options->join : sl_join_latest (extent);
  gint64 line
      = options->join >= 0 ? latest : last_line (extent, latest, options->grid.beats_per_bar);

  if (go_back_beats (extent, line, beats, out) || go_back_beats (extent, latest, beats, out))
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               _ ("A loop of %d bars is longer than what the stem has before the join. Choose a "
                  "shorter loop, or a later join."),
               options->loop_bars);
  return FALSE;
}

/* Without a grid: everything, for a loop; for a crossfade less, so that there is something to fade
 * in before it. */
static gboolean
go_back_freely (const SlExtent *extent, SlStrategy strategy, SlJoin *out, GError **error)
{
  gint64 join = extent->options->join >= 0 ? extent->options->join : sl_join_latest (extent);
  gint64 room = join - extent->first;
  gint64 shortest = sl_extent_min_body (extent);
  gint64 lag = strategy == SL_STRATEGY_CROSSFADE ? MAX (shortest, room / 3 * 2) : room;

  if (room < shortest)
    return refuse_literal (error, _ ("The stem is too short to keep its ending. Choose the ending "
                                     "“cut”, or zero-pad."));
  *out = sl_join_make (extent, join, lag, 0);
  return TRUE;
}

gboolean
sl_join_invent (const SlExtent *extent, SlStrategy strategy, SlJoin *join, GError **error)
{
  const SlPlanOptions *options = extent->options;

  if (options->loop_bars > 0)
    return go_back_as_set (extent, join, error);
  if (sl_grid_known (&options->grid)
      && (go_back_units (extent, options->grid.beats_per_bar, join)
          || go_back_units (extent, 1, join)))
    return TRUE;
  return go_back_freely (extent, strategy, join, error);
}
