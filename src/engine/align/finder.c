/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/finder.h"

#include "engine/align/ending.h"
#include "engine/align/fallback.h"
#include "engine/align/proposals.h"
#include "engine/align/refiner.h"
#include "engine/align/scoring.h"
#include "engine/base/units.h"

#include <string.h>

#define DEFAULT_CANDIDATES 8
#define MIN_LAG_MS 10.0
#define PROGRESS_UNITS 1000

typedef struct
{
  SlSource *source;        /* borrowed */
  SlFinderOptions options; /* with lengths made sensible */
  const SlProgress *progress;
  SlEnding ending;
  GArray *proposals; /* of SlProposal */
  GArray *refiners;  /* of SlRefiner *, one for each join */
  GArray *found;     /* of SlCandidate */
} Finder;

SlFinderOptions
sl_finder_options_default (void)
{
  SlFinderOptions options = { 0 };

  options.grid = (SlGrid){ 0, 1, 4, 0 };
  options.join = -1;
  options.max_candidates = DEFAULT_CANDIDATES;
  return options;
}

static gboolean
propose (Finder *self, GError **error)
{
  self->proposals
      = sl_proposals_find (self->source, &self->ending, &self->options, self->progress, error);
  return self->proposals != NULL;
}

static gboolean
open_joins (Finder *self, GError **error)
{
  gint64 limit = sl_ending_material_end (&self->ending, &self->options.grid);
  g_autoptr (GArray) joins = sl_ending_joins (&self->ending, &self->options);

  for (guint i = 0; i < joins->len; i++)
    {
      gint64 join = g_array_index (joins, gint64, i);
      SlRefiner *refiner = sl_refiner_new (self->source, join, limit, error);

      if (refiner == NULL)
        return FALSE;
      g_array_append_val (self->refiners, refiner);
    }
  return TRUE;
}

static SlCandidate
judge (const Finder *self,
       const SlRefiner *refiner,
       const SlProposal *proposal,
       const SlMatch *match)
{
  int rate_hz = self->source->rate_hz;
  gint64 join = sl_refiner_get_join (refiner);
  gint64 dropped = MAX (0, self->ending.last - join);
  double compared = (double) match->length / (double) sl_refiner_get_full_length (refiner);
  SlEvidence evidence = { 0 };
  SlCandidate candidate = { 0 };

  evidence.correlation = match->correlation;
  evidence.compared_s = (double) match->length / rate_hz;
  evidence.context = proposal->context;
  evidence.evidence = proposal->overlap * compared;
  evidence.following = match->following;
  evidence.gain_db = match->gain_db;
  evidence.dropped_s = (double) dropped / rate_hz;

  candidate.join = join;
  candidate.lag = match->lag;
  candidate.correlation = match->correlation;
  candidate.level_db = match->level_db;
  candidate.match_length = match->length;
  candidate.kind = sl_scoring_kind (&self->options.grid, rate_hz, match->lag);
  candidate.score = sl_scoring_match (&self->options, rate_hz, match->lag, &evidence);
  return candidate;
}

/* Best first; among equals the longer lag, then the later join. */
static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const SlCandidate *x = a;
  const SlCandidate *y = b;

  if (x->score != y->score)
    return x->score > y->score ? -1 : 1;
  if (x->lag != y->lag)
    return x->lag > y->lag ? -1 : 1;
  return (x->join < y->join) - (x->join > y->join);
}

/* Adds the best join for @proposal. */
static gboolean
measure (Finder *self, const SlProposal *proposal, GError **error)
{
  SlCandidate best = { 0 };

  for (guint i = 0; i < self->refiners->len; i++)
    {
      SlRefiner *refiner = g_array_index (self->refiners, SlRefiner *, i);
      SlCandidate candidate;
      SlMatch match;

      if (proposal->lag >= sl_refiner_get_join (refiner))
        continue;
      if (!sl_refiner_measure (refiner, proposal->lag, proposal->radius, &match, error))
        return FALSE;
      candidate = judge (self, refiner, proposal, &match);
      if (best.lag == 0 || compare_candidates (&candidate, &best) < 0)
        best = candidate;
    }
  if (best.lag > 0)
    g_array_append_val (self->found, best);
  return TRUE;
}

static gboolean
measure_all (Finder *self, GError **error)
{
  for (guint i = 0; i < self->proposals->len; i++)
    {
      double done = (double) i / self->proposals->len;
      double part = SL_PROPOSALS_PART + (1.0 - SL_PROPOSALS_PART) * done;

      if (!sl_progress_report (self->progress, (gint64) (part * PROGRESS_UNITS), PROGRESS_UNITS,
                               error)
          || !measure (self, &g_array_index (self->proposals, SlProposal, i), error))
        return FALSE;
    }
  return TRUE;
}

/* Adds the join from which the source goes back by @lag, whatever it is like there. */
static gboolean
add_unmatched (Finder *self, gint64 join, gint64 lag, SlLagKind kind, GError **error)
{
  g_autoptr (SlRefiner) refiner = sl_refiner_new (self->source, join, join, error);
  SlCandidate candidate = { 0 };
  SlMatch match;

  if (refiner == NULL || !sl_refiner_measure (refiner, lag, 0, &match, error))
    return FALSE;
  candidate.join = join;
  candidate.lag = lag;
  candidate.correlation = match.correlation;
  candidate.level_db = match.level_db;
  candidate.match_length = match.length;
  candidate.kind = kind;
  candidate.score
      = kind == SL_LAG_BARS ? sl_scoring_whole () : sl_scoring_fallback (match.correlation);
  g_array_append_val (self->found, candidate);
  return TRUE;
}

static gboolean
set_by_hand (const Finder *self)
{
  return self->options.join >= 0 || sl_fallback_set_lag (&self->options) > 0;
}

static gboolean
add_whole (Finder *self, GError **error)
{
  gint64 length = self->source->length;
  gboolean is_loop;

  if (set_by_hand (self))
    return TRUE;
  return sl_fallback_is_loop (self->source, &self->ending, &self->options.grid, &is_loop, error)
         && (!is_loop || add_unmatched (self, length, length, SL_LAG_BARS, error));
}

static gboolean
add_fallback (Finder *self, GError **error)
{
  gint64 join;
  gint64 lag;

  return sl_fallback_find (self->source, &self->ending, &self->options, &join, &lag, error)
         && add_unmatched (self, join, lag, SL_LAG_FALLBACK, error);
}

/* Sorts, drops repeats of a lag, and keeps as many as asked for. */
static void
rank (Finder *self)
{
  gint64 near = sl_frames_from_ms (SL_SAME_LAG_MS, self->source->rate_hz);
  SlCandidate *found = (SlCandidate *) (void *) self->found->data;
  guint kept = 0;

  g_array_sort (self->found, compare_candidates);
  for (guint i = 0; i < self->found->len; i++)
    {
      gboolean repeated = FALSE;

      for (guint k = 0; k < kept && !repeated; k++)
        repeated = ABS (found[k].lag - found[i].lag) < near;
      if (!repeated)
        found[kept++] = found[i];
    }
  g_array_set_size (self->found, MIN (kept, self->options.max_candidates));
}

static void
free_refiner (gpointer refiner)
{
  sl_refiner_free (*(SlRefiner **) refiner);
}

/* All of a single sound, with the silence after it. */
static gboolean
add_once (Finder *self, GError **error)
{
  gint64 lag;
  gboolean is_loop = sl_fallback_once (&self->ending, &self->options.grid, &lag);

  return add_unmatched (self, lag, lag, is_loop ? SL_LAG_BARS : SL_LAG_ONCE, error);
}

static gboolean
find (Finder *self, GError **error)
{
  if (!set_by_hand (self) && sl_ending_sounds_once (&self->ending))
    return add_once (self, error);
  return propose (self, error) && open_joins (self, error) && measure_all (self, error)
         && add_whole (self, error) && add_fallback (self, error);
}

static gboolean
run (Finder *self, GError **error)
{
  return sl_ending_read (&self->ending, self->source, &self->options, self->progress, error)
         && find (self, error) && sl_progress_report (self->progress, 1, 1, error);
}

static void
finder_init (Finder *self,
             SlSource *source,
             const SlFinderOptions *options,
             const SlProgress *progress)
{
  gint64 shortest = MAX (1, sl_frames_from_ms (MIN_LAG_MS, source->rate_hz));

  memset (self, 0, sizeof *self);
  self->source = source;
  self->progress = progress;
  self->options = *options;
  self->options.min_lag = MAX (options->min_lag, shortest);
  self->options.max_candidates = MAX (1, options->max_candidates);
  if (options->join > source->length || options->join == 0)
    self->options.join = -1;
  self->refiners = g_array_new (FALSE, FALSE, sizeof (SlRefiner *));
  g_array_set_clear_func (self->refiners, free_refiner);
  self->found = g_array_new (FALSE, FALSE, sizeof (SlCandidate));
}

static void
finder_clear (Finder *self)
{
  sl_ending_clear (&self->ending);
  g_clear_pointer (&self->proposals, g_array_unref);
  g_array_unref (self->refiners);
  g_clear_pointer (&self->found, g_array_unref);
}

GArray *
sl_finder_find (SlSource *source,
                const SlFinderOptions *options,
                const SlProgress *progress,
                GError **error)
{
  Finder self;
  GArray *found = NULL;

  if (source->length < 2)
    return g_array_new (FALSE, FALSE, sizeof (SlCandidate));
  finder_init (&self, source, options, progress);
  if (run (&self, error))
    {
      rank (&self);
      found = g_steal_pointer (&self.found);
    }
  finder_clear (&self);
  return found;
}
