/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which loops take turns in an extension of many. 1,000 Hz, 120 BPM: a bar is 2,000 frames. */
#include "../../support/planned.h"

/* The loops that the plan of @options is made of, in turn, "2000 4000 …"; the last is cut. */
static char *
loops_of (const SlPlanOptions *options)
{
  g_auto (SlPlanned) planned = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  assert_planned (options, &planned);
  for (guint i = 0; i + 1 < planned.plan->segments->len; i++)
    {
      const SlSegment *left = &g_array_index (planned.plan->segments, SlSegment, i);
      const SlSegment *right = left + 1;

      g_string_append_printf (text, " %" G_GINT64_FORMAT,
                              left->source + right->dest - left->dest - right->source);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_loops (const SlPlanOptions *options, const char *expected)
{
  g_autofree char *loops = loops_of (options);

  g_assert_cmpstr (loops, ==, expected);
}

/* A stem of 10,000 frames that lacks @gap. */
static SlPlanOptions
lacking (gint64 gap, const SlCandidate *candidates, guint n)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 10000, 10000 + gap);

  options.rhythmic = TRUE;
  options.fade_ms = 0.0;
  options.candidates = candidates;
  options.n_candidates = n;
  return options;
}

/* Three times a loop is as asked for; more, and the longest begins, the others follow. */
static void
test_from_three_loops_on (void)
{
  SlCandidate candidates[] = {
    candidate_of (10000, 2000, 0.96, SL_LAG_BARS),
    candidate_of (10000, 4000, 0.95, SL_LAG_BARS),
    candidate_of (10000, 8000, 0.93, SL_LAG_BARS),
  };
  SlPlanOptions options = lacking (6000, candidates, 3);

  options.grid = even_grid ();
  assert_loops (&options, " 2000 2000 2000");
  options.target = 20000;
  assert_loops (&options, " 4000 2000 4000");
  candidates[2].score = 0.945;
  assert_loops (&options, " 8000 4000");
}

/* Beats, free lags, fallbacks and what matches worse stay out; the beat goes on. */
static void
test_only_whole_bars (void)
{
  SlCandidate candidates[] = {
    candidate_of (10000, 2000, 0.96, SL_LAG_BARS),
    candidate_of (10000, 2500, 0.96, SL_LAG_BEATS),
    candidate_of (10000, 3100, 0.96, SL_LAG_FREE),
    candidate_of (10000, 6000, 0.96, SL_LAG_FALLBACK),
    candidate_of (10000, 4000, 0.935, SL_LAG_BARS),
  };
  SlPlanOptions options = lacking (8000, candidates, 5);

  options.grid = even_grid ();
  assert_loops (&options, " 2000 2000 2000 2000");
  candidates[4].score = 0.94;
  assert_loops (&options, " 4000 2000 4000");
}

/* Without a tempo: lags that are to each other as small numbers, to within 1 ms. */
static void
test_of_one_period (void)
{
  SlCandidate candidates[] = {
    candidate_of (10000, 2000, 0.96, SL_LAG_FREE),
    candidate_of (10000, 3002, 0.96, SL_LAG_FREE),
  };
  SlPlanOptions options = lacking (8000, candidates, 2);

  assert_loops (&options, " 2000 2000 2000 2000");
  candidates[1].lag = 3001;
  assert_loops (&options, " 3001 2000 3001");
  candidates[1].lag = 2667;
  assert_loops (&options, " 2667 2000 2667 2000");
  candidates[1].lag = 2800;
  assert_loops (&options, " 2000 2000 2000 2000");
}

/* What was chosen by hand is repeated as it was chosen, and so is what nothing matches. */
static void
test_by_hand_alone (void)
{
  SlCandidate candidates[] = {
    candidate_of (10000, 4000, 0.96, SL_LAG_BARS),
    candidate_of (10000, 2000, 0.96, SL_LAG_BARS),
  };
  SlPlanOptions options = lacking (8000, candidates, 2);

  options.grid = even_grid ();
  options.candidate = 1;
  assert_loops (&options, " 2000 2000 2000 2000");
  options.candidate = 0;
  options.loop_bars = 1;
  assert_loops (&options, " 2000 2000 2000 2000");
  options.loop_bars = 0;
  options.join = 10000;
  options.target = 24000;
  assert_loops (&options, " 4000 4000 4000 4000");
  options.join = -1;
  candidates[0].kind = SL_LAG_FALLBACK;
  assert_loops (&options, " 4000 4000 4000 4000");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turns/from-three-loops-on", test_from_three_loops_on);
  g_test_add_func ("/turns/only-whole-bars", test_only_whole_bars);
  g_test_add_func ("/turns/of-one-period", test_of_one_period);
  g_test_add_func ("/turns/by-hand-alone", test_by_hand_alone);
  return g_test_run ();
}
