/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/joins.h"

#include "engine/base/units.h"

#include <math.h>

/* What a loop may match worse by when it fills the gap before a kept ending evenly: else the last
 * step back would match nothing. */
#define DIVIDING_MARGIN 0.1

/* Scores count as equally good down to what the best lacks of 1 and half of that again; at least by
 * what tells nothing, at most by what tells a match from chance. */
#define MARGIN_PART 0.5
#define LEAST_MARGIN 0.01
#define MOST_MARGIN 0.1

/* From so many loops on that are missing, loops take turns: three times the same goes by, the
 * fourth is noticed. */
#define MANY_LOOPS 3

/* A loop shorter than this is heard as a tone, not as a repeat. */
#define TONE_MS 500.0

/* Without a tempo, two loops are of one period when they are to each other as small numbers. */
#define LARGEST_DIVISOR 4
#define PERIOD_MS 1.0

/* A loop that was found may stray from the beats by this over a whole extension. */
#define DRIFT_MS 1.0

/* Whether as many repeats as the extension takes stay with their beats, from which each strays by
 * @off / beat_den frames: what was found to the frame is then better than the grid. */
static gboolean
stays_with_beats (const SlExtent *extent, const SlCandidate *candidate, gint64 off)
{
  const SlPlanOptions *options = extent->options;
  gint64 repeats = (extent->end - extent->shift - candidate->join) / candidate->lag + 1;
  gint64 most = sl_frames_from_ms (DRIFT_MS, options->rate_hz);

  /* An ending that is kept must land where the beats have it. */
  return !sl_extent_keeps_ending (extent)
         && (__int128) ABS (off) * repeats <= (__int128) most * options->grid.beat_den;
}

/* The whole beats that repeats of the candidate are set on: those that its lag stands for, to
 * within a frame. 0 when it stands for none, when its own lag does as well, or when the source
 * lacks the frame that a repeat would need now and then. */
static gint64
exact_beats (const SlExtent *extent, const SlCandidate *candidate)
{
  const SlGrid *grid = &extent->options->grid;
  __int128 off;
  gint64 beats;

  if (!sl_grid_known (grid) || candidate->kind == SL_LAG_FREE)
    return 0;
  beats = sl_grid_nearest_beats (grid, candidate->lag);
  off = (__int128) candidate->lag * grid->beat_den - (__int128) beats * grid->beat_num;
  if (beats < 1 || off > grid->beat_den || -off > grid->beat_den
      || stays_with_beats (extent, candidate, (gint64) off))
    return 0;
  return sl_join_has_beats (extent, candidate->join, beats) ? beats : 0;
}

/* Moves @candidate's join to before a kept ending, by whole beats where there are any: what matches
 * before a join matches a little earlier, too. FALSE when the source does not begin early enough.
 */
static gboolean
move_before_ending (const SlExtent *extent, SlCandidate *candidate)
{
  const SlGrid *grid = &extent->options->grid;
  gint64 back = MAX (0, candidate->join - sl_join_latest (extent));

  if (back > 0 && sl_grid_known (grid))
    {
      gint64 beats = sl_grid_nearest_beats (grid, back);

      while (sl_grid_beats_length (grid, beats) < back)
        beats++;
      back = sl_grid_beats_length (grid, beats);
    }
  candidate->join -= back;
  return sl_join_usable (extent, candidate) && sl_join_can_make_up (extent, candidate->join);
}

/* Makes the join of candidate @index. FALSE when it cannot be used. */
static gboolean
join_of_candidate (const SlExtent *extent, guint index, SlJoin *join)
{
  const SlPlanOptions *options = extent->options;
  SlCandidate candidate = options->candidates[index];

  if (!sl_join_usable (extent, &candidate))
    return FALSE;
  if (options->join < 0 && sl_extent_keeps_ending (extent)
      && !move_before_ending (extent, &candidate))
    return FALSE;
  *join = sl_join_make (extent, candidate.join, candidate.lag, exact_beats (extent, &candidate));
  return TRUE;
}

/* Whether @candidate is what was set by hand, as far as anything was. */
static gboolean
as_set (const SlPlanOptions *options, const SlCandidate *candidate)
{
  if (options->join >= 0 && candidate->join != options->join)
    return FALSE;
  return options->loop_bars == 0
         || (candidate->kind == SL_LAG_BARS
             && sl_grid_nearest_beats (&options->grid, candidate->lag)
                    == sl_join_loop_beats (options));
}

/* Whether whole loops of @join fill the gap, so that a kept ending follows without a step. */
static gboolean
divides_gap (const SlExtent *extent, const SlJoin *join)
{
  gint64 gap = sl_extent_gap (extent);
  gint64 loops = sl_round_fraction (gap, 1, join->lag);

  if (join->beats > 0 && loops >= 1)
    return ABS (sl_round_fraction (loops * join->beats, extent->options->grid.beat_num,
                                   extent->options->grid.beat_den)
                - gap)
           <= 1;
  return loops * join->lag == gap;
}

/* The least score that is as good as @score. */
static double
as_good_as (double score)
{
  return score - CLAMP (MARGIN_PART * (1.0 - score), LEAST_MARGIN, MOST_MARGIN);
}

static double
best_score (const SlExtent *extent)
{
  const SlPlanOptions *options = extent->options;
  double best = -INFINITY;

  for (guint i = 0; i < options->n_candidates; i++)
    if (sl_join_usable (extent, &options->candidates[i]))
      best = MAX (best, sl_join_score (&options->candidates[i]));
  return best;
}

/* Why a candidate is preferred over better ranked ones. */
typedef gboolean (*Preference) (const SlExtent *extent, guint index, const SlJoin *join);

static gboolean
prefer_any (const SlExtent *extent, guint index, const SlJoin *join)
{
  return TRUE;
}

static gboolean
prefer_qualified (const SlExtent *extent, guint index, const SlJoin *join)
{
  return sl_join_qualifies (extent, &extent->options->candidates[index]);
}

static gboolean
prefer_bars (const SlExtent *extent, guint index, const SlJoin *join)
{
  return extent->options->candidates[index].kind == SL_LAG_BARS;
}

/* What rhythm can be kept with, though it matches by chance. */
static gboolean
prefer_grid (const SlExtent *extent, guint index, const SlJoin *join)
{
  const SlGrid *grid = &extent->options->grid;
  gint64 beats = sl_grid_known (grid) ? sl_grid_nearest_beats (grid, join->lag) : 0;

  return beats > 0 && extent->options->candidates[index].kind != SL_LAG_FREE
         && ABS (sl_grid_beats_length (grid, beats) - join->lag) <= 1;
}

static gboolean
prefer_no_tone (const SlExtent *extent, guint index, const SlJoin *join)
{
  return join->lag >= sl_frames_from_ms (TONE_MS, extent->options->rate_hz);
}

static gboolean
prefer_dividing (const SlExtent *extent, guint index, const SlJoin *join)
{
  return sl_join_score (&extent->options->candidates[index])
             >= best_score (extent) - DIVIDING_MARGIN
         && divides_gap (extent, join);
}

/* The first usable candidate from @from on that is as set and preferred; -1 when there is none. */
static int
find_candidate (const SlExtent *extent, guint from, Preference preference, SlJoin *join)
{
  const SlPlanOptions *options = extent->options;

  for (guint i = from; i < options->n_candidates; i++)
    if (as_set (options, &options->candidates[i]) && join_of_candidate (extent, i, join)
        && preference (extent, i, join))
      return (int) i;
  return -1;
}

/* The longest lag among the candidates that are as good as the best: long pieces do not stutter. */
static int
find_longest (const SlExtent *extent, SlJoin *join)
{
  const SlPlanOptions *options = extent->options;
  double enough = as_good_as (best_score (extent));
  int found = -1;

  for (guint i = 0; i < options->n_candidates; i++)
    {
      SlJoin other;

      if (sl_join_score (&options->candidates[i]) >= enough
          && as_set (options, &options->candidates[i]) && join_of_candidate (extent, i, &other)
          && (found < 0 || other.lag > join->lag))
        {
          *join = other;
          found = (int) i;
        }
    }
  return found;
}

/* The candidate for @strategy when nobody asked for a certain one; -1: no preference. */
static int
find_preferred (const SlExtent *extent, SlStrategy strategy, SlJoin *join)
{
  const SlPlanOptions *options = extent->options;
  int found = -1;

  if (sl_extent_keeps_ending (extent))
    found = find_candidate (extent, 0, prefer_dividing, join);
  if (found < 0 && strategy == SL_STRATEGY_CROSSFADE)
    return find_longest (extent, join);
  if (found < 0 && options->strategy == SL_STRATEGY_AUTO)
    found = find_candidate (extent, 0, prefer_qualified, join);
  if (found < 0 && options->strategy == SL_STRATEGY_AUTO && options->rhythmic)
    found = find_candidate (extent, 0, prefer_bars, join);
  if (found < 0 && options->strategy == SL_STRATEGY_AUTO && options->rhythmic)
    found = find_candidate (extent, 0, prefer_grid, join);
  if (found < 0)
    found = find_candidate (extent, 0, prefer_no_tone, join);
  return found;
}

/* Whether @lag is to @first as small numbers are to each other, up to rounding. */
static gboolean
of_one_period (const SlExtent *extent, gint64 lag, gint64 first)
{
  gint64 near = sl_frames_from_ms (PERIOD_MS, extent->options->rate_hz);

  for (gint64 divisor = 1; divisor <= LARGEST_DIVISOR; divisor++)
    if (ABS (lag - sl_round_fraction (first, sl_round_fraction (lag, divisor, first), divisor))
        <= near)
      return TRUE;
  return FALSE;
}

/* Whether a loop of candidate @index may follow one of candidate @first without a change of the
 * beat: whole bars both, or, without a tempo, of one period. */
static gboolean
keeps_rhythm (const SlExtent *extent, guint index, guint first)
{
  const SlCandidate *candidates = extent->options->candidates;

  if (sl_grid_known (&extent->options->grid))
    return candidates[index].kind == SL_LAG_BARS && candidates[first].kind == SL_LAG_BARS;
  return of_one_period (extent, candidates[index].lag, candidates[first].lag);
}

/* Whether candidate @index is no fallback and has a score of @enough. */
static gboolean
matches_enough (const SlExtent *extent, guint index, double enough)
{
  const SlCandidate *candidate = &extent->options->candidates[index];

  return !sl_join_is_fallback (candidate) && sl_join_score (candidate) >= enough;
}

/* Whether candidate @index, which gives @other, may take turns with the joins of @set: not much
 * shorter, not the same, and for a loop in the same rhythm. */
static gboolean
may_alternate (const SlExtent *extent,
               SlStrategy strategy,
               const SlJoinSet *set,
               guint index,
               const SlJoin *other)
{
  if (other->lag < set->joins[0].lag / 2
      || (strategy == SL_STRATEGY_LOOP && !keeps_rhythm (extent, index, (guint) set->candidate)))
    return FALSE;
  for (guint i = 0; i < set->n; i++)
    if (ABS (set->joins[i].lag - other->lag) < sl_extent_min_body (extent))
      return FALSE;
  return TRUE;
}

static void
add_alternates (const SlExtent *extent, SlStrategy strategy, double enough, SlJoinSet *set)
{
  for (guint i = 0; i < extent->options->n_candidates && set->n < SL_MAX_JOINS; i++)
    {
      SlJoin other;

      if (matches_enough (extent, i, enough) && join_of_candidate (extent, i, &other)
          && may_alternate (extent, strategy, set, i, &other))
        set->joins[set->n++] = other;
    }
}

/* Puts the longest loop of @enough, in the same rhythm, in place of the one of @set. */
static void
lengthen (const SlExtent *extent, double enough, SlJoinSet *set)
{
  guint first = (guint) set->candidate;

  for (guint i = 0; i < extent->options->n_candidates; i++)
    {
      SlJoin other;

      if (matches_enough (extent, i, enough) && join_of_candidate (extent, i, &other)
          && keeps_rhythm (extent, i, first) && other.lag > set->joins[0].lag)
        {
          set->joins[0] = other;
          set->candidate = (int) i;
        }
    }
}

static gboolean
set_by_hand (const SlPlanOptions *options)
{
  return options->join >= 0 || options->loop_bars > 0 || options->candidate > 0;
}

/* Lets joins that match as well as the one of @set take turns where one alone would tire: in every
 * crossfade, and in a loop that would come again many times. */
static void
take_turns (const SlExtent *extent, SlStrategy strategy, SlJoinSet *set)
{
  double enough;

  /* What matches as well as a fallback matches by chance. */
  if (set_by_hand (extent->options) || set->fallback)
    return;
  enough = as_good_as (sl_join_score (&extent->options->candidates[set->candidate]));
  if (strategy == SL_STRATEGY_LOOP)
    {
      if (sl_extent_gap (extent) <= MANY_LOOPS * set->joins[0].lag)
        return;
      lengthen (extent, enough, set);
    }
  add_alternates (extent, strategy, enough, set);
}

/* FALSE when there is no candidate to use. */
static gboolean
pick_candidate (const SlExtent *extent, SlStrategy strategy, SlJoinSet *set)
{
  const SlPlanOptions *options = extent->options;

  set->candidate = -1;
  if (options->candidate == 0)
    set->candidate = find_preferred (extent, strategy, &set->joins[0]);
  if (set->candidate < 0)
    set->candidate = find_candidate (extent, options->candidate, prefer_any, &set->joins[0]);
  if (set->candidate < 0)
    return FALSE;
  set->n = 1;
  set->fallback = sl_join_is_fallback (&options->candidates[set->candidate]);
  take_turns (extent, strategy, set);
  return TRUE;
}

gboolean
sl_joins_pick (const SlExtent *extent, SlStrategy strategy, SlJoinSet *set, GError **error)
{
  const SlPlanOptions *options = extent->options;

  *set = (SlJoinSet){ .candidate = -1 };
  if (!sl_join_check_settings (extent, error))
    return FALSE;
  if (pick_candidate (extent, strategy, set))
    return TRUE;
  set->n = 1;
  set->fallback = options->join < 0 || options->loop_bars == 0;
  return sl_join_invent (extent, strategy, &set->joins[0], error);
}
