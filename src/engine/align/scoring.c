/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/scoring.h"

#include "engine/base/units.h"

#include <math.h>

/* Players drift: a lag may leave the grid by this much per bar, and never by more than what the
 * seam's grid check lets pass with a warning. */
#define DRIFT_MS_PER_BAR 2.0
#define MIN_DRIFT_MS 2.0
#define MAX_DRIFT_MS 10.0

/* What a body is off the grid adds up with every repeat. */
#define DRIFT_PENALTY_PER_MS 0.01

/* Points of the score. A lag off the grid must match better by FREE_PENALTY; below CLEAR_MATCH its
 * match is no longer clear and counts less. */
#define BEATS_PENALTY 0.02
#define FREE_PENALTY 0.05
#define CLEAR_MATCH 0.9
#define UNCLEAR_FREE_FACTOR 0.5

/* Less tiring is longer: half of the penalty is gone at LONG_S. */
#define SHORT_PENALTY 0.04
#define LONG_S 2.0

/* A body shorter than this is heard as a tone, not as a repeat. */
#define BUZZ_S 0.5
#define BUZZ_PENALTY 0.5

#define CONTEXT_PENALTY 0.06
#define EVIDENCE_PENALTY 0.02
#define FOLLOWING_PENALTY 0.005
#define DROPPED_PENALTY_PER_S 0.005
#define MAX_DROPPED_PENALTY 0.03

/* A repeat that is louder or softer than the original; fades, above all. */
#define GAIN_FREE_DB 1.0
#define GAIN_PENALTY_PER_DB 0.02
#define MAX_GAIN_PENALTY 0.3

/* A correlation over less than this happens by chance. */
#define COMPARED_S 0.25

/* Just below a match that is exact over many seconds. */
#define WHOLE_SCORE 0.985

#define FALLBACK_SCORE 0.3
#define FALLBACK_SPREAD 0.1

static double
drift_ms (const SlGrid *grid, int rate_hz, gint64 lag, gint64 beats)
{
  return fabs (sl_ms_from_frames (lag - sl_grid_beats_length (grid, beats), rate_hz));
}

SlLagKind
sl_scoring_kind (const SlGrid *grid, int rate_hz, gint64 lag)
{
  gint64 beats;
  double limit_ms;

  if (!sl_grid_known (grid))
    return SL_LAG_FREE;
  beats = sl_grid_nearest_beats (grid, lag);
  limit_ms = DRIFT_MS_PER_BAR * (double) beats / grid->beats_per_bar;
  limit_ms = CLAMP (limit_ms, MIN_DRIFT_MS, MAX_DRIFT_MS);
  if (beats < 1 || drift_ms (grid, rate_hz, lag, beats) > limit_ms)
    return SL_LAG_FREE;
  return beats % grid->beats_per_bar == 0 ? SL_LAG_BARS : SL_LAG_BEATS;
}

static double
free_penalty (const SlFinderOptions *options, double correlation)
{
  double unclear = MAX (0.0, CLEAR_MATCH - correlation);

  return (options->rhythmic ? 2.0 : 1.0) * (FREE_PENALTY + UNCLEAR_FREE_FACTOR * unclear);
}

static double
kind_penalty (const SlFinderOptions *options, int rate_hz, gint64 lag, double correlation)
{
  const SlGrid *grid = &options->grid;
  SlLagKind kind = sl_scoring_kind (grid, rate_hz, lag);
  gint64 beats;

  if (!sl_grid_known (grid))
    return 0.0;
  if (kind == SL_LAG_FREE)
    return free_penalty (options, correlation);
  beats = sl_grid_nearest_beats (grid, lag);
  return (kind == SL_LAG_BEATS ? BEATS_PENALTY : 0.0)
         + MIN (FREE_PENALTY, DRIFT_PENALTY_PER_MS * drift_ms (grid, rate_hz, lag, beats));
}

double
sl_scoring_lag_penalty (const SlFinderOptions *options, int rate_hz, gint64 lag, double correlation)
{
  double seconds = (double) lag / rate_hz;
  double buzz = MAX (0.0, 1.0 - seconds / BUZZ_S);

  return kind_penalty (options, rate_hz, lag, correlation)
         + SHORT_PENALTY * LONG_S / (seconds + LONG_S) + BUZZ_PENALTY * buzz;
}

double
sl_scoring_match (const SlFinderOptions *options,
                  int rate_hz,
                  gint64 lag,
                  const SlEvidence *evidence)
{
  double correlation = evidence->correlation * MIN (1.0, evidence->compared_s / COMPARED_S);
  double context = CLAMP (evidence->context, 0.0, 1.0);
  double excess_db = MAX (0.0, fabs (evidence->gain_db) - GAIN_FREE_DB);
  double penalty = sl_scoring_lag_penalty (options, rate_hz, lag, correlation);

  /* The part of the amplitude that the match does not explain: tells 0.97 from 1 clearly. */
  penalty += CONTEXT_PENALTY * sqrt (1.0 - context * context);
  penalty += MIN (MAX_GAIN_PENALTY, GAIN_PENALTY_PER_DB * excess_db);
  penalty += EVIDENCE_PENALTY * (1.0 - evidence->evidence);
  penalty += FOLLOWING_PENALTY * (1.0 - CLAMP (evidence->following, 0.0, 1.0));
  penalty += MIN (MAX_DROPPED_PENALTY, DROPPED_PENALTY_PER_S * evidence->dropped_s);
  return CLAMP (correlation - penalty, 0.0, 1.0);
}

double
sl_scoring_whole (void)
{
  return WHOLE_SCORE;
}

double
sl_scoring_fallback (double correlation)
{
  return FALLBACK_SCORE + FALLBACK_SPREAD * CLAMP (correlation, -1.0, 1.0);
}
