/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the finder and the planner do on purpose: with a single sound that dies away, which is
 * padded or repeated on the grid with the silence after it; with silence, drones and noise. */
#include "../../support/memory_source.h"
#include "engine/align/planner.h"

#include <math.h>

#define RATE 8000

/* 120 BPM, 4/4: a bar is two seconds. */
#define BAR (2 * RATE)

typedef struct
{
  double from_s;
  double decay_s; ///< after which it is 8.7 dB softer
  double attack_s;
  double level; ///< 0: full; below: all that sounds is released instead
} Sound;

/* Adds a tone of 220 Hz that decays. */
static void
add_sound (float *samples, gint64 frames, Sound sound)
{
  for (gint64 i = (gint64) (sound.from_s * RATE); i < frames; i++)
    {
      double t = (double) i / RATE - sound.from_s;
      double level = exp (-t / sound.decay_s) * MIN (1.0, t / MAX (sound.attack_s, 1e-6));

      if (sound.level > 0.0)
        level *= sound.level;
      samples[i] += (float) (0.5 * level * sin (2.0 * G_PI * 220.0 * t));
    }
}

/* From then on everything decays. */
static void
release (float *samples, gint64 frames, Sound sound)
{
  for (gint64 i = (gint64) (sound.from_s * RATE); i < frames; i++)
    samples[i] *= (float) exp (-((double) i / RATE - sound.from_s) / sound.decay_s);
}

/* @seconds of the sounds, up to one that lasts no time. */
static SlSource *
sounds (double seconds, const Sound *all)
{
  gint64 frames = (gint64) (seconds * RATE);
  g_autofree float *samples = g_new0 (float, frames);

  for (; all->decay_s > 0.0; all++)
    if (all->level < 0.0)
      release (samples, frames, *all);
    else
      add_sound (samples, frames, *all);
  for (gint64 i = 0; i < frames; i++)
    if (fabsf (samples[i]) < 1e-4f)
      samples[i] = 0.0f;
  return memory_source_new (samples, 1, RATE, frames);
}

static SlFinderOptions
finder_options (gboolean with_tempo)
{
  SlFinderOptions options = sl_finder_options_default ();

  if (with_tempo)
    options.grid = sl_grid_make ((SlBpm){ 120, 1 }, RATE, 4, 0);
  return options;
}

/* The candidates for @source, which is taken. */
static GArray *
candidates_of (SlSource *source, const SlFinderOptions *options)
{
  g_autoptr (SlSource) taken = source;
  GError *error = NULL;
  GArray *found = sl_finder_find (taken, options, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (found->len, >=, 1);
  return found;
}

static SlCandidate
best_of (SlSource *source, const SlFinderOptions *options)
{
  g_autoptr (GArray) found = candidates_of (source, options);

  return g_array_index (found, SlCandidate, 0);
}

static void
assert_once (SlSource *source, gboolean with_tempo, gint64 lag)
{
  SlFinderOptions options = finder_options (with_tempo);
  g_autoptr (GArray) found = candidates_of (source, &options);
  const SlCandidate *best = &g_array_index (found, SlCandidate, 0);

  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpint (best->kind, ==, SL_LAG_ONCE);
  g_assert_cmpint (best->join, ==, lag);
  g_assert_cmpint (best->lag, ==, lag);
}

/* Struck once, long or short, at the start or later, with and without silence behind it, or not at
 * all: the whole source, or the whole bars of it. */
static void
test_found (void)
{
  const Sound hit[] = { { 0.0, 0.1, 0.0 }, { 0 } };
  const Sound late[] = { { 3.1, 0.4, 0.0 }, { 0 } };
  const Sound chord[] = { { 0.0, 0.8, 0.02 }, { 0 } };
  const Sound click[] = { { 0.0, 0.003, 0.0 }, { 0 } };
  const Sound nothing[] = { { 0 } };

  assert_once (sounds (7.5, hit), FALSE, RATE * 15 / 2);
  assert_once (sounds (7.5, hit), TRUE, 3 * BAR);
  assert_once (sounds (1.5, hit), TRUE, RATE * 3 / 2);
  assert_once (sounds (30.0, late), FALSE, 30 * RATE);
  assert_once (sounds (7.0, chord), FALSE, 7 * RATE);
  assert_once (sounds (7.0, click), FALSE, 7 * RATE);
  assert_once (sounds (20.0, nothing), FALSE, 20 * RATE);
}

/* Two hits, a swell, a tone that does not fade, and what is asked for by hand are not. */
static void
test_others (void)
{
  const Sound two[] = { { 0.0, 0.1, 0.0, 1.0 }, { 1.0, 0.1, 0.0, 0.5 }, { 0 } };
  const Sound swell[] = { { 0.0, 1.0, 2.0 }, { 0 } };
  const Sound drone[] = { { 0.0, 20.0, 0.0 }, { 7.2, 0.05, 0.0, -1.0 }, { 0 } };
  const Sound hit[] = { { 0.0, 0.1, 0.0 }, { 0 } };
  const Sound *all[] = { two, swell, drone };
  SlFinderOptions options = finder_options (TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    g_assert_cmpint (best_of (sounds (7.5, all[i]), &options).kind, !=, SL_LAG_ONCE);
  options.join = 2 * RATE;
  g_assert_cmpint (best_of (sounds (7.5, hit), &options).kind, !=, SL_LAG_ONCE);
  options.join = -1;
  options.loop_bars = 1;
  g_assert_cmpint (best_of (sounds (7.5, hit), &options).kind, !=, SL_LAG_ONCE);
}

/* Four bars with one hit are a loop of four bars. */
static void
test_loop_of_one_hit (void)
{
  const Sound hit[] = { { 0.0, 0.1, 0.0 }, { 0 } };
  SlFinderOptions options = finder_options (TRUE);
  SlCandidate best = best_of (sounds (8.0, hit), &options);

  g_assert_cmpint (best.kind, ==, SL_LAG_BARS);
  g_assert_cmpint (best.lag, ==, 4 * BAR);
  g_assert_cmpfloat (best.score, >=, 0.9);
}

/* A drone matches itself; noise matches nothing, and all of it is repeated. */
static void
test_drone_and_noise (void)
{
  const Sound drone[] = { { 0.0, 1e9, 0.0 }, { 0 } };
  SlFinderOptions options = finder_options (FALSE);
  g_autofree float *noise = g_new (float, 6 * RATE);
  SlCandidate best = best_of (sounds (6.0, drone), &options);

  g_assert_cmpint (best.kind, ==, SL_LAG_FREE);
  g_assert_cmpfloat (best.score, >=, 0.9);
  for (gint64 i = 0; i < 6 * RATE; i++)
    noise[i] = (float) g_test_rand_double_range (-0.5, 0.5);
  best = best_of (memory_source_new (noise, 1, RATE, 6 * RATE), &options);
  g_assert_cmpint (best.kind, ==, SL_LAG_FALLBACK);
}

/* Whether all of two bars of a tone of @hz is among the candidates. */
static gboolean
repeats_whole (double hz)
{
  SlFinderOptions options = finder_options (TRUE);
  g_autofree float *tone = g_new (float, 2 * BAR);
  g_autoptr (GArray) found = NULL;
  gboolean whole = FALSE;

  for (gint64 i = 0; i < 2 * BAR; i++)
    tone[i] = (float) (0.5 * cos (2.0 * G_PI * hz * (double) i / RATE));
  found = candidates_of (memory_source_new (tone, 1, RATE, 2 * BAR), &options);
  for (guint i = 0; i < found->len; i++)
    whole = whole || g_array_index (found, SlCandidate, i).lag == 2 * BAR;
  return whole;
}

/* A loop is repeated whole unless its end does not lead to its beginning: nothing lies before that
 * to be crossfaded. */
static void
test_loop_that_does_not_close (void)
{
  g_assert_true (repeats_whole (100.0));
  g_assert_false (repeats_whole (100.125));
}

static void
plan (SlStrategy strategy, gboolean rhythmic, const SlCandidate *candidate, SlPlanned *planned)
{
  SlPlanOptions options = sl_plan_options_default ();

  options.strategy = strategy;
  options.rate_hz = RATE;
  options.rhythmic = rhythmic;
  options.source_length = 8 * RATE;
  options.target = 40 * RATE;
  options.candidates = candidate;
  options.n_candidates = 1;
  g_assert_true (sl_planner_make (&options, planned, NULL));
}

/* Left to auto silence follows, and that is said; asked for, the sound comes again with its rest,
 * and that nothing matched is noted. */
static void
test_planned (void)
{
  const SlCandidate candidate
      = { .join = 8 * RATE, .lag = 8 * RATE, .score = 0.3, .kind = SL_LAG_ONCE };

  for (int rhythmic = 0; rhythmic < 2; rhythmic++)
    {
      g_auto (SlPlanned) padded = { 0 };
      g_auto (SlPlanned) looped = { 0 };
      const SlSegment *again;

      plan (SL_STRATEGY_AUTO, rhythmic, &candidate, &padded);
      g_assert_cmpint (padded.strategy, ==, SL_STRATEGY_ZERO_PAD);
      g_assert_nonnull (strstr (padded.reason, "single sound"));
      plan (SL_STRATEGY_LOOP, rhythmic, &candidate, &looped);
      again = &g_array_index (looped.plan->segments, SlSegment, 1);
      g_assert_cmpint (again->dest, ==, 8 * RATE);
      g_assert_cmpint (again->source, ==, 0);
      g_assert_cmpuint (looped.notes, ==, SL_PLAN_NOTE_FALLBACK);
    }
}

/* Chords that decay for four seconds at the end are joined before that, where they sound. */
static void
test_not_in_a_long_decay (void)
{
  const Sound chords[] = { { 0.0, 0.5, 0.0 }, { 1.0, 0.5, 0.0 }, { 2.0, 0.5, 0.0 },
                           { 3.0, 0.5, 0.0 }, { 4.0, 0.7, 0.0 }, { 0 } };
  SlFinderOptions options = finder_options (FALSE);
  g_autoptr (GArray) found = candidates_of (sounds (8.5, chords), &options);

  for (guint i = 0; i < found->len; i++)
    {
      const SlCandidate *candidate = &g_array_index (found, SlCandidate, i);

      if (candidate->kind == SL_LAG_FREE)
        g_assert_cmpint (candidate->join, <=, 6 * RATE);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/once/found", test_found);
  g_test_add_func ("/once/others", test_others);
  g_test_add_func ("/once/loop-of-one-hit", test_loop_of_one_hit);
  g_test_add_func ("/once/drone-and-noise", test_drone_and_noise);
  g_test_add_func ("/once/loop-that-does-not-close", test_loop_that_does_not_close);
  g_test_add_func ("/once/planned", test_planned);
  g_test_add_func ("/once/not-in-a-long-decay", test_not_in_a_long_decay);
  return g_test_run ();
}
