/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which join an extension uses, at the edges of every rule. */
#include "../../support/planned.h"

/* Index of the candidate that the plan of @options uses. */
static int
used_by (const SlPlanOptions *options)
{
  g_auto (SlPlanned) planned = { 0 };

  assert_planned (options, &planned);
  return planned.candidate;
}

static guint
notes_of (const SlPlanOptions *options)
{
  g_auto (SlPlanned) planned = { 0 };

  assert_planned (options, &planned);
  return planned.notes;
}

/* Target frame on which repeat @k of the plan's loop starts. */
static gint64
repeat_start (const SlPlanOptions *options, guint k)
{
  g_auto (SlPlanned) planned = { 0 };
  const SlSegment *segment;

  assert_planned (options, &planned);
  segment = &g_array_index (planned.plan->segments, SlSegment, k + 1);
  return segment->dest + segment->fade_in;
}

/* Options whose joins are @candidates. */
static SlPlanOptions
choice_of (SlStrategy strategy, gint64 target, const SlCandidate *candidates, guint n)
{
  SlPlanOptions options = options_of (strategy, 10000, target);

  options.grid = even_grid ();
  options.candidates = candidates;
  options.n_candidates = n;
  return options;
}

static void
test_shortest_loop (void)
{
  SlCandidate candidates[]
      = { candidate_of (5000, 9, 0.9, SL_LAG_FREE), candidate_of (5000, 10, 0.9, SL_LAG_FREE) };
  SlPlanOptions options = choice_of (SL_STRATEGY_LOOP, 11000, candidates, 2);

  g_assert_cmpint (used_by (&options), ==, 1);
}

/* Within a frame of a beat of 100 frames the loop is a beat; beyond that it is itself. */
static void
test_within_a_frame_of_a_beat (void)
{
  for (int off = -2; off <= 2; off++)
    {
      SlCandidate candidate = candidate_of (9000, 100 + off, 0.9, SL_LAG_BEATS);
      SlPlanOptions options = choice_of (SL_STRATEGY_LOOP, 11000, &candidate, 1);

      options.grid.beat_num = 100;
      g_assert_cmpint (repeat_start (&options, 10), ==,
                       9000 + 10 * (ABS (off) <= 1 ? 100 : 100 + off));
    }
}

/* The fade is a quarter of the shortest repeat that rounding leaves. */
static void
test_fade_of_the_shortest_repeat (void)
{
  SlCandidate candidate = candidate_of (9000, 100, 0.9, SL_LAG_BEATS);
  SlPlanOptions options = choice_of (SL_STRATEGY_LOOP, 130000, &candidate, 1);
  const struct
  {
    gint64 lag;
    gint64 beat_num; ///< thousandths of a frame
    gint64 fade;
  } rows[] = { { 100, 100000, 25 }, { 99, 100000, 24 }, { 100, 100001, 25 }, { 100, 99999, 24 } };

  options.rhythmic = TRUE;
  options.grid.beat_den = 1000;
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (SlPlanned) planned = { 0 };

      candidate.lag = rows[i].lag;
      options.grid.beat_num = rows[i].beat_num;
      assert_planned (&options, &planned);
      g_assert_cmpint (g_array_index (planned.plan->segments, SlSegment, 1).fade_in, ==,
                       rows[i].fade);
    }
}

/* A beat of 100.4 frames: every repeat has its frames when the source has 101 before the join. */
static void
test_material_for_every_repeat (void)
{
  SlCandidate candidate = candidate_of (101, 100, 0.9, SL_LAG_BEATS);
  SlPlanOptions options = choice_of (SL_STRATEGY_LOOP, 11000, &candidate, 1);

  options.fade_ms = 0.0;
  options.grid.beat_num = 1004;
  options.grid.beat_den = 10;
  g_assert_cmpint (repeat_start (&options, 10), ==, 101 + 1004);
  candidate.join = 100;
  g_assert_cmpint (repeat_start (&options, 10), ==, 100 + 1000);
}

/* The fade lies in what every repeat has before it: with whole frames in a beat, 10. */
static void
test_fade_before_every_repeat (void)
{
  SlCandidate candidate = candidate_of (110, 100, 0.9, SL_LAG_BEATS);
  SlPlanOptions options = choice_of (SL_STRATEGY_LOOP, 10110, &candidate, 1);
  const struct
  {
    gint64 beat_num; ///< tenths of a frame
    gint64 fade;
  } rows[] = { { 1000, 10 }, { 1001, 9 }, { 999, 10 } };

  options.rhythmic = TRUE;
  options.grid.beat_den = 10;
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (SlPlanned) planned = { 0 };

      options.grid.beat_num = rows[i].beat_num;
      assert_planned (&options, &planned);
      g_assert_cmpint (g_array_index (planned.plan->segments, SlSegment, 1).fade_in, ==,
                       rows[i].fade);
    }
}

/* 10.4 frames are never fewer than 10; 9.6 sometimes are. */
static void
test_no_repeat_is_too_short (void)
{
  SlCandidate candidate = candidate_of (9000, 10, 0.9, SL_LAG_BEATS);
  SlPlanOptions options = choice_of (SL_STRATEGY_LOOP, 10100, &candidate, 1);

  options.fade_ms = 0.0;
  options.grid.beat_num = 104;
  options.grid.beat_den = 10;
  g_assert_cmpint (repeat_start (&options, 10), ==, 9000 + 104);
  options.grid.beat_num = 96;
  g_assert_cmpint (repeat_start (&options, 10), ==, 9000 + 100);
}

/* By hand nothing is preferred over the finder's order. */
static void
test_by_hand_the_first (void)
{
  SlCandidate candidates[] = { candidate_of (9900, 3210, 0.7, SL_LAG_FREE),
                               candidate_of (8000, 2000, 0.95, SL_LAG_BARS) };
  SlPlanOptions options = choice_of (SL_STRATEGY_LOOP, 20000, candidates, 2);

  options.rhythmic = TRUE;
  g_assert_cmpint (used_by (&options), ==, 0);
}

/* A loop of less than 500 ms is a tone: anything else goes before it. */
static void
test_no_tone (void)
{
  SlCandidate candidates[]
      = { candidate_of (9900, 499, 0.4, SL_LAG_FREE), candidate_of (9900, 500, 0.3, SL_LAG_FREE) };
  SlPlanOptions options = choice_of (SL_STRATEGY_LOOP, 20000, candidates, 2);

  g_assert_cmpint (used_by (&options), ==, 1);
  candidates[1].lag = 300;
  g_assert_cmpint (used_by (&options), ==, 0);
}

/* What is rhythmic keeps the beat before it matches by chance; other parts need not. */
static void
test_rhythm_before_chance (void)
{
  SlCandidate candidates[] = { candidate_of (9900, 3210, 0.4, SL_LAG_FREE),
                               candidate_of (8000, 2100, 0.35, SL_LAG_FALLBACK),
                               candidate_of (8000, 2000, 0.3, SL_LAG_FALLBACK) };
  SlPlanOptions options = choice_of (SL_STRATEGY_AUTO, 20000, candidates, 3);

  options.rhythmic = TRUE;
  g_assert_cmpint (used_by (&options), ==, 2);
  candidates[0] = candidate_of (9900, 1500, 0.4, SL_LAG_BEATS);
  g_assert_cmpint (used_by (&options), ==, 0);
}

/* The longest of those that are as good as the best, not the longest of all. */
static void
test_longest_of_the_good (void)
{
  SlCandidate candidates[] = {
    candidate_of (9900, 4000, 0.9, SL_LAG_FREE),
    candidate_of (9900, 3000, 0.88, SL_LAG_FREE),
    candidate_of (9900, 6000, 0.4, SL_LAG_FREE),
    candidate_of (9900, 4000, 0.89, SL_LAG_FREE),
  };
  SlPlanOptions options = choice_of (SL_STRATEGY_CROSSFADE, 20000, candidates, 4);

  g_assert_cmpint (used_by (&options), ==, 0);
  candidates[1].lag = 4500;
  g_assert_cmpint (used_by (&options), ==, 1);
}

/* Source frames on which the pieces of @options' plan begin to be heard alone. */
static void
assert_entries (const SlPlanOptions *options, const gint64 *entries, guint n)
{
  g_auto (SlPlanned) planned = { 0 };

  assert_planned (options, &planned);
  for (guint i = 0; i < n; i++)
    {
      const SlSegment *segment = &g_array_index (planned.plan->segments, SlSegment, i + 1);
      g_assert_cmpint (segment->source + segment->fade_in, ==, entries[i]);
    }
}

/* Half as long as the longest, or 10 ms longer or shorter than another: these take part. Less, or
 * on the grid because nothing matched: these do not. Four at most. */
static void
test_who_takes_turns (void)
{
  SlCandidate candidates[] = {
    candidate_of (9000, 4000, 0.9, SL_LAG_FREE),     candidate_of (9000, 2000, 0.9, SL_LAG_FREE),
    candidate_of (9000, 1999, 0.9, SL_LAG_FREE),     candidate_of (9000, 3990, 0.9, SL_LAG_FREE),
    candidate_of (9000, 3000, 0.9, SL_LAG_FALLBACK), candidate_of (9000, 3500, 0.9, SL_LAG_FREE),
    candidate_of (9000, 3200, 0.9, SL_LAG_FREE),
  };
  const gint64 entries[] = { 5000, 7000, 5010, 5500, 5000, 7000 };
  SlPlanOptions options
      = choice_of (SL_STRATEGY_CROSSFADE, 40000, candidates, G_N_ELEMENTS (candidates));

  options.fade_ms = 0.0;
  assert_entries (&options, entries, G_N_ELEMENTS (entries));
}

/* After the first join the second would leave a piece of 1,000 frames, a third of the longest loop:
 * the third has the turn. */
static void
test_out_of_reach (void)
{
  SlCandidate candidates[] = {
    candidate_of (9500, 3000, 0.9, SL_LAG_FREE),
    candidate_of (7500, 2500, 0.9, SL_LAG_FREE),
    candidate_of (9400, 2700, 0.9, SL_LAG_FREE),
  };
  const gint64 entries[] = { 6500, 6700, 6500, 6700 };
  SlPlanOptions options = choice_of (SL_STRATEGY_CROSSFADE, 30000, candidates, 3);

  options.fade_ms = 0.0;
  assert_entries (&options, entries, G_N_ELEMENTS (entries));
}

static void
test_nobody_takes_turns_by_hand (void)
{
  SlCandidate candidates[] = { candidate_of (9000, 4000, 0.9, SL_LAG_BARS),
                               candidate_of (9000, 3000, 0.9, SL_LAG_FREE) };
  const gint64 entries[] = { 5000, 5000, 5000 };
  SlPlanOptions options = choice_of (SL_STRATEGY_CROSSFADE, 30000, candidates, 2);

  options.fade_ms = 0.0;
  options.loop_bars = 2;
  assert_entries (&options, entries, G_N_ELEMENTS (entries));
  options.loop_bars = 0;
  options.join = 9000;
  assert_entries (&options, entries, G_N_ELEMENTS (entries));
}

/* A loop length set by hand picks the join that was found for it, and only whole bars count. */
static void
test_found_for_the_loop_set (void)
{
  SlCandidate candidates[] = {
    candidate_of (9900, 2000, 0.99, SL_LAG_BARS),
    candidate_of (9900, 4030, 0.98, SL_LAG_FREE),
    candidate_of (9800, 4001, 0.5, SL_LAG_BARS),
  };
  SlPlanOptions options = choice_of (SL_STRATEGY_LOOP, 20000, candidates, 3);

  options.loop_bars = 2;
  g_assert_cmpint (used_by (&options), ==, 2);
  g_assert_cmpuint (notes_of (&options), ==, 0);
}

/* What was not found for it comes from the grid; a plan that was set completely needs no note. */
static void
test_notes_of_what_is_set (void)
{
  SlPlanOptions options = choice_of (SL_STRATEGY_LOOP, 20000, NULL, 0);

  options.loop_bars = 2;
  g_assert_cmpuint (notes_of (&options), ==, SL_PLAN_NOTE_FALLBACK);
  options.join = 7000;
  g_assert_cmpuint (notes_of (&options), ==, 0);
  options.loop_bars = 0;
  g_assert_cmpuint (notes_of (&options), ==, SL_PLAN_NOTE_FALLBACK);
}

static void
test_joins_at_the_edge (void)
{
  SlPlanOptions options = choice_of (SL_STRATEGY_LOOP, 10100, NULL, 0);

  options.grid.beat_num = 0;
  options.fade_ms = 0.0;
  options.join = 10;
  g_assert_cmpint (repeat_start (&options, 3), ==, 40);
  options.join = 10000;
  g_assert_cmpint (repeat_start (&options, 0), ==, 10000);
  options.join = 0;
  assert_refused (&options, SL_ERROR_INVALID, "frame 0");
}

/* Five bars less one frame: the join is the source's end, and four bars are repeated. */
static void
test_last_bar_short_of_a_frame (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 9999, 20000);

  options.grid = even_grid ();
  options.fade_ms = 0.0;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 9999, 0, 0, 0.0 }, { 9999, 1999, 8000, 0, 0, 0.0 },
         { 17999, 1999, 2001, 0, 10, 0.0 });
}

/* Bars before the first downbeat count, too; and what was cut off does not count as a bar. */
static void
test_bars_of_the_grid (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 7300, 12000);

  options.fade_ms = 0.0;
  options.grid = even_grid ();
  options.grid.origin = 20100;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 6100, 0, 0, 0.0 }, { 6100, 2100, 4000, 0, 0, 0.0 },
         { 10100, 2100, 1900, 0, 10, 0.0 });
  options.grid.origin = 0;
  options.offset = -1000;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 1000, 6000, 1, 0, 0.0 }, { 6000, 3000, 4000, 0, 0, 0.0 },
         { 10000, 3000, 2000, 0, 10, 0.0 });
}

/* Ten frames after the join a piece begins; nine are added to the piece before. */
static void
test_where_the_last_piece_goes_on (void)
{
  SlCandidate candidate = candidate_of (8000, 1000, 0.9, SL_LAG_FREE);
  SlPlanOptions options = choice_of (SL_STRATEGY_LOOP, 11009, &candidate, 1);

  options.fade_ms = 0.0;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 8000, 0, 0, 0.0 }, { 8000, 7000, 1000, 0, 0, 0.0 },
         { 9000, 7000, 1000, 0, 0, 0.0 }, { 10000, 7000, 1009, 0, 10, 0.0 });
  options.target = 11010;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 8000, 0, 0, 0.0 }, { 8000, 7000, 1000, 0, 0, 0.0 },
         { 9000, 7000, 1000, 0, 0, 0.0 }, { 10000, 7000, 1000, 0, 0, 0.0 },
         { 11000, 7000, 10, 0, 10, 0.0 });
}

/* The same, counted from where the crossfade behind the join ends; and the source must have it. */
static void
test_going_on_needs_the_source (void)
{
  SlCandidate candidate = candidate_of (4000, 4000, 0.9, SL_LAG_FREE);
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 4012, 8012);

  options.rhythmic = TRUE;
  options.candidates = &candidate;
  options.n_candidates = 1;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 4005, 0, 5, 0.0 }, { 4000, 0, 4012, 5, 10, 0.0 });
  options.source_length = 4011;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 4005, 0, 5, 0.0 }, { 4000, 0, 4005, 5, 5, 0.0 },
         { 8000, 0, 12, 5, 7, 0.0 });
}

static void
keep_ending (SlPlanOptions *options)
{
  options->ending = SL_ENDING_KEEP;
}

/* Candidates whose loops go into a gap of 6,000 frames evenly come first, whatever the strategy. */
static void
test_loops_that_divide_the_gap (void)
{
  SlCandidate candidates[] = {
    candidate_of (8000, 3000, 0.85, SL_LAG_FREE),
    candidate_of (8000, 4000, 0.94, SL_LAG_BARS),
    candidate_of (8000, 2000, 0.5, SL_LAG_BARS),
  };
  SlPlanOptions options = choice_of (SL_STRATEGY_LOOP, 16000, candidates, 3);

  keep_ending (&options);
  g_assert_cmpint (used_by (&options), ==, 0);
  options.strategy = SL_STRATEGY_CROSSFADE;
  g_assert_cmpint (used_by (&options), ==, 0);
  options.strategy = SL_STRATEGY_AUTO;
  g_assert_cmpint (used_by (&options), ==, 0);
  candidates[0].lag = 3001;
  g_assert_cmpint (used_by (&options), ==, 1);
  /* Not when another matches far better. */
  candidates[0].lag = 3000;
  candidates[0].score = 0.8;
  g_assert_cmpint (used_by (&options), ==, 1);
}

/* At 140 BPM and 48 kHz a gap of eight bars may be a frame more or less than the beats' length. */
static void
test_gap_of_whole_bars (void)
{
  SlCandidate candidates[] = { candidate_of (1645714, 987429, 0.95, SL_LAG_BARS),
                               candidate_of (1645714, 329143, 0.95, SL_LAG_BARS) };
  const int used[] = { 0, 1, 1, 1, 0 };

  for (int off = -2; off <= 2; off++)
    {
      SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 1974857, 1974857 + 658286 + off);

      options.rate_hz = 48000;
      options.grid = sl_grid_make ((SlBpm){ 140, 1 }, 48000, 4, 0);
      options.candidates = candidates;
      options.n_candidates = 2;
      keep_ending (&options);
      g_assert_cmpint (used_by (&options), ==, used[off + 2]);
    }
}

/* A join set by hand stays where it is, however little of an ending it leaves. */
static void
test_ending_of_a_join_set (void)
{
  SlPlanOptions options = choice_of (SL_STRATEGY_LOOP, 14000, NULL, 0);

  keep_ending (&options);
  options.fade_ms = 0.0;
  options.join = 9990;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 9990, 0, 0, 0.0 }, { 9990, 5990, 4010, 0, 0, 0.0 });
}

/* On the grid, the last bar is the ending. */
static void
test_ending_without_candidates (void)
{
  SlPlanOptions options = choice_of (SL_STRATEGY_LOOP, 14000, NULL, 0);

  keep_ending (&options);
  options.fade_ms = 0.0;
  options.source_length = 9700;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 6000, 0, 0, 0.0 }, { 6000, 2000, 4000, 0, 0, 0.0 },
         { 10000, 5700, 4000, 0, 0, 0.0 });
}

/* Twice the shortest loop must lie before the join, from where the source begins. */
static void
test_ending_after_an_early_join (void)
{
  SlCandidate candidate = candidate_of (20, 12, 0.9, SL_LAG_FREE);
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 200, 1000);

  keep_ending (&options);
  options.candidates = &candidate;
  options.n_candidates = 1;
  g_assert_cmpint (used_by (&options), ==, 0);
  candidate.join = 19;
  g_assert_cmpint (used_by (&options), ==, -1);
  candidate.join = 30;
  options.offset = -10;
  g_assert_cmpint (used_by (&options), ==, 0);
  candidate.join = 29;
  g_assert_cmpint (used_by (&options), ==, -1);
}

/* A rest as long as all that lies before the join takes one step; one that leaves halves shorter
 * than 10 ms is refused. */
static void
test_ending_and_the_rest (void)
{
  SlCandidate candidate = candidate_of (8000, 7995, 0.9, SL_LAG_FREE);
  SlPlanOptions options = choice_of (SL_STRATEGY_LOOP, 18000, &candidate, 1);

  keep_ending (&options);
  options.fade_ms = 0.0;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 8000, 0, 0, 0.0 }, { 8000, 0, 10000, 0, 0, 0.0 });
  options = options_of (SL_STRATEGY_LOOP, 1000, 1020);
  keep_ending (&options);
  options.fade_ms = 0.0;
  options.join = 10;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 10, 0, 0, 0.0 }, { 10, 0, 10, 0, 0, 0.0 },
         { 20, 0, 1000, 0, 0, 0.0 });
  options.target = 1021;
  assert_refused (&options, SL_ERROR_INVALID, "ending");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/join-choice/shortest-loop", test_shortest_loop);
  g_test_add_func ("/join-choice/within-a-frame", test_within_a_frame_of_a_beat);
  g_test_add_func ("/join-choice/fade-of-the-shortest", test_fade_of_the_shortest_repeat);
  g_test_add_func ("/join-choice/material-for-all", test_material_for_every_repeat);
  g_test_add_func ("/join-choice/fade-before-every-repeat", test_fade_before_every_repeat);
  g_test_add_func ("/join-choice/no-repeat-too-short", test_no_repeat_is_too_short);
  g_test_add_func ("/join-choice/by-hand-the-first", test_by_hand_the_first);
  g_test_add_func ("/join-choice/no-tone", test_no_tone);
  g_test_add_func ("/join-choice/rhythm-before-chance", test_rhythm_before_chance);
  g_test_add_func ("/join-choice/longest-of-the-good", test_longest_of_the_good);
  g_test_add_func ("/join-choice/who-takes-turns", test_who_takes_turns);
  g_test_add_func ("/join-choice/out-of-reach", test_out_of_reach);
  g_test_add_func ("/join-choice/no-turns-by-hand", test_nobody_takes_turns_by_hand);
  g_test_add_func ("/join-choice/found-for-the-loop-set", test_found_for_the_loop_set);
  g_test_add_func ("/join-choice/notes-of-what-is-set", test_notes_of_what_is_set);
  g_test_add_func ("/join-choice/at-the-edge", test_joins_at_the_edge);
  g_test_add_func ("/join-choice/short-of-a-frame", test_last_bar_short_of_a_frame);
  g_test_add_func ("/join-choice/bars-of-the-grid", test_bars_of_the_grid);
  g_test_add_func ("/join-choice/last-piece-goes-on", test_where_the_last_piece_goes_on);
  g_test_add_func ("/join-choice/going-on-needs-the-source", test_going_on_needs_the_source);
  g_test_add_func ("/join-choice/ending/divides-the-gap", test_loops_that_divide_the_gap);
  g_test_add_func ("/join-choice/ending/gap-of-whole-bars", test_gap_of_whole_bars);
  g_test_add_func ("/join-choice/ending/join-set", test_ending_of_a_join_set);
  g_test_add_func ("/join-choice/ending/without-candidates", test_ending_without_candidates);
  g_test_add_func ("/join-choice/ending/early-join", test_ending_after_an_early_join);
  g_test_add_func ("/join-choice/ending/rest", test_ending_and_the_rest);
  return g_test_run ();
}
