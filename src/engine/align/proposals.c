/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/proposals.h"

#include "engine/align/dot.h"
#include "engine/align/fallback.h"
#include "engine/align/matcher.h"
#include "engine/align/reducer.h"
#include "engine/base/units.h"

/* The template: what the source ends with. Longer than the bars that a loop may repeat inside. */
#define TEMPLATE_S 8

/* Less than this of reduced audio is too little to match. */
#define MIN_TEMPLATE 16

/* -120 dBFS: what is left of an offset after the reducer's difference is rounding. */
#define STILL_POWER 1e-12

/* Peaks that are measured at full rate; more than candidates, because ranks change there. */
#define EXTRA_PEAKS 2

/* Whole-bar lags that are measured whether or not they are peaks. */
#define BAR_LAGS 4

/* Full rate and reduced rate may disagree by this about a lag: repeats are played early or late. */
#define REFINE_MS 3.0

/* A loop length set by hand may move by this to where it matches. */
#define SET_LAG_MS 2.0

typedef struct
{
  SlSource *source;               /* borrowed */
  const SlEnding *ending;         /* borrowed */
  const SlFinderOptions *options; /* borrowed */
  const SlProgress *progress;     /* borrowed */
  GArray *proposals;
} Search;

static void
propose (Search *self, gint64 lag, double radius_ms, double context, double overlap)
{
  int rate_hz = self->source->rate_hz;
  gint64 radius = MIN (sl_frames_from_ms (radius_ms, rate_hz), lag - self->options->min_lag);
  SlProposal proposal = { lag, radius, context, overlap };
  gint64 near = sl_frames_from_ms (SL_SAME_LAG_MS, rate_hz);

  if (lag < self->options->min_lag)
    return;
  for (guint i = 0; i < self->proposals->len; i++)
    if (ABS (g_array_index (self->proposals, SlProposal, i).lag - lag) < near)
      return;
  g_array_append_val (self->proposals, proposal);
}

/* A matcher for what the source ends with; NULL when that is too short or too still. */
static SlMatcher *
make_matcher (const Search *self)
{
  const SlEnding *ending = self->ending;
  int rate_hz = self->source->rate_hz;
  gint64 longest = MIN ((gint64) TEMPLATE_S * rate_hz, ending->last / 2);
  gint64 n = MIN (longest / sl_reducer_factor (rate_hz), (gint64) ending->n_reduced);
  const float *template = ending->reduced + ((gint64) ending->n_reduced - n);

  if (n < MIN_TEMPLATE || sl_dot (template, template, n) <= STILL_POWER * (double) n)
    return NULL;
  return sl_matcher_new (self->options, rate_hz, template, (gsize) n, ending->reduced_end,
                         self->options->max_candidates + EXTRA_PEAKS);
}

static gboolean
stream (const Search *self, SlMatcher *matcher, GError **error)
{
  SlSource *source = self->source;
  g_autoptr (SlReducer) reducer = sl_reducer_new (source->channels, source->rate_hz);
  g_autofree float *block = g_new (float, SL_BLOCK_FRAMES * source->channels);
  g_autofree float *reduced = g_new (float, SL_BLOCK_FRAMES + 1);
  gint64 end = self->ending->last - self->options->min_lag;
  gint64 whole = (gint64) ((double) end / SL_PROPOSALS_PART);

  for (gint64 at = 0; at < end; at += SL_BLOCK_FRAMES)
    {
      gint64 frames = MIN (SL_BLOCK_FRAMES, end - at);

      if (!sl_progress_report (self->progress, at, whole, error)
          || !sl_source_read_at (source, at, block, frames, error))
        return FALSE;
      sl_matcher_feed (matcher, reduced, sl_reducer_feed (reducer, block, frames, reduced));
    }
  return TRUE;
}

/* Proposes the lags at which what the source ends with was heard before. */
static gboolean
propose_matches (Search *self, GError **error)
{
  int factor = sl_reducer_factor (self->source->rate_hz);
  g_autoptr (SlMatcher) matcher = make_matcher (self);
  g_autoptr (GArray) peaks = NULL;

  if (matcher == NULL)
    return TRUE;
  if (!stream (self, matcher, error))
    return FALSE;
  peaks = sl_matcher_finish (matcher);
  for (guint i = 0; i < peaks->len; i++)
    {
      const SlPeak *peak = &g_array_index (peaks, SlPeak, i);
      propose (self, (gint64) (peak->lag * factor + 0.5), REFINE_MS, peak->correlation,
               peak->overlap);
    }
  return TRUE;
}

/* The longest lags of whole bars and of even numbers of them: sounds that the reduced audio lacks
 * (cymbals) may match there all the same. */
static void
propose_bars (Search *self)
{
  const SlGrid *grid = &self->options->grid;
  gint64 bars;

  if (!sl_grid_known (grid))
    return;
  bars = self->ending->last / MAX (1, sl_grid_beats_length (grid, grid->beats_per_bar));
  for (int i = 0; i < BAR_LAGS; i++)
    {
      gint64 whole = bars >> i << i;
      if (whole > 0)
        propose (self, sl_grid_beats_length (grid, whole * grid->beats_per_bar), REFINE_MS, 0.0,
                 1.0);
    }
}

static gboolean
propose_all (Search *self, GError **error)
{
  gint64 set = sl_fallback_set_lag (self->options);

  if (set > 0)
    {
      propose (self, set, SET_LAG_MS, 0.0, 1.0);
      return TRUE;
    }
  if (!propose_matches (self, error))
    return FALSE;
  propose_bars (self);
  return TRUE;
}

GArray *
sl_proposals_find (SlSource *source,
                   const SlEnding *ending,
                   const SlFinderOptions *options,
                   const SlProgress *progress,
                   GError **error)
{
  g_autoptr (GArray) proposals = g_array_new (FALSE, FALSE, sizeof (SlProposal));
  Search search = { source, ending, options, progress, proposals };

  if (!propose_all (&search, error))
    return NULL;
  return g_steal_pointer (&proposals);
}
