/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../support/planned.h"
#include "engine/base/units.h"

/* Rhythmic: 50 ms before the join. 9,000 frames, of which the last bar starts at 8,000; 4,000 are
 * repeated until 20,000. */
static void
test_loop (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 9000, 20000);
  SlCandidate candidate = candidate_of (8000, 4000, 0.97, SL_LAG_BARS);

  options.grid = even_grid ();
  options.rhythmic = TRUE;
  options.candidates = &candidate;
  options.n_candidates = 1;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 8000, 0, 50, 0.0 }, { 7950, 3950, 4050, 50, 50, 0.0 },
         { 11950, 3950, 4050, 50, 50, 0.0 }, { 15950, 3950, 4050, 50, 10, 0.0 });
  options.fade_ms = 200.0;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 8000, 0, 200, 0.0 },
         { 7800, 3800, 4200, 200, 200, 0.0 }, { 11800, 3800, 4200, 200, 200, 0.0 },
         { 15800, 3800, 4200, 200, 10, 0.0 });
}

/* A quarter of a short loop; and 30 % of the gap, at most 2 s, at most half of the loop. */
static void
test_loop_fades (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 9000, 9300);
  SlCandidate candidate = candidate_of (9000, 100, 0.97, SL_LAG_FREE);
  g_auto (SlPlanned) planned = { 0 };

  options.candidates = &candidate;
  options.n_candidates = 1;
  options.rhythmic = TRUE;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 9000, 0, 25, 0.0 }, { 8975, 8875, 125, 25, 25, 0.0 },
         { 9075, 8875, 125, 25, 25, 0.0 }, { 9175, 8875, 125, 25, 10, 0.0 });
  options.rhythmic = FALSE;
  candidate.lag = 4000;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 9000, 0, 90, 0.0 }, { 8910, 4910, 390, 90, 10, 0.0 });
  options.target = 19000;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 9000, 0, 2000, 0.0 },
         { 7000, 3000, 6000, 2000, 2000, 0.0 }, { 11000, 3000, 6000, 2000, 2000, 0.0 },
         { 15000, 3000, 4000, 2000, 10, 0.0 });
  candidate.lag = 3000;
  assert_planned (&options, &planned);
  g_assert_cmpint (g_array_index (planned.plan->segments, SlSegment, 1).fade_in, ==, 1500);
}

/* A body that begins where the source does has nothing to fade in from: the fade lies behind the
 * join, as far as the source goes on; rhythmic material gives it 5 ms there. */
static void
test_loop_without_material_before (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 4200, 8000);
  SlCandidate candidate = candidate_of (4000, 4000, 0.97, SL_LAG_FREE);

  options.candidates = &candidate;
  options.n_candidates = 1;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 4200, 0, 200, 0.0 }, { 4000, 0, 4000, 200, 10, 0.0 });
  options.rhythmic = TRUE;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 4005, 0, 5, 0.0 }, { 4000, 0, 4000, 5, 10, 0.0 });
  candidate.lag = 3997;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 4002, 0, 5, 0.0 }, { 3997, 0, 4003, 5, 10, 0.0 });
  candidate.join = candidate.lag = 4200;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 4200, 0, 0, 0.0 }, { 4200, 0, 3800, 0, 10, 0.0 });
}

/* What a negative offset cut off does not come back in a loop. */
static void
test_loop_leaves_out_what_was_cut (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 5000, 9000);
  SlCandidate candidates[] = { candidate_of (5000, 4600, 0.99, SL_LAG_FREE),
                               candidate_of (5000, 4000, 0.9, SL_LAG_FREE) };
  g_auto (SlPlanned) planned = { 0 };

  options.offset = -900;
  options.rhythmic = TRUE;
  options.candidates = candidates;
  options.n_candidates = 2;
  assert_planned (&options, &planned);
  g_assert_cmpint (planned.candidate, ==, 1);
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 900, 4100, 1, 50, 0.0 }, { 4050, 950, 4050, 50, 50, 0.0 },
         { 8050, 950, 950, 50, 10, 0.0 });
}

/* 140 BPM at 48 kHz, where a beat is 20,571.43 frames: repeats of @lag frames after 658,286. */
static void
plan_at_140_bpm (gint64 lag, SlPlanned *planned)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 658286, 6582857);
  SlCandidate candidate = candidate_of (658286, lag, 0.97, SL_LAG_BARS);

  options.rate_hz = 48000;
  options.grid = sl_grid_make ((SlBpm){ 140, 1 }, 48000, 4, 0);
  options.rhythmic = TRUE;
  options.candidates = &candidate;
  options.n_candidates = 1;
  assert_planned (&options, planned);
}

static gint64
repeat_start_of (const SlPlanned *planned, guint k)
{
  const SlSegment *segment = &g_array_index (planned->plan->segments, SlSegment, k);

  return segment->dest + segment->fade_in;
}

/* 288 beats of 20,571 frames would be 123 frames, 2.6 ms, off at the end: the k-th repeat starts
 * k beats after the join, rounded once. */
static void
test_loop_is_exact (void)
{
  g_auto (SlPlanned) planned = { 0 };

  plan_at_140_bpm (20571, &planned);
  g_assert_cmpuint (planned.plan->segments->len, ==, 289);
  for (guint k = 1; k <= 288; k++)
    g_assert_cmpint (repeat_start_of (&planned, k), ==,
                     658286 + sl_round_fraction (k - 1, 144000, 7));
}

/* 18 times four bars of 329,143 frames are 2.6 frames off at the end: the length that was found is
 * kept, which the audio matches to the frame. */
static void
test_loop_is_as_found (void)
{
  g_auto (SlPlanned) planned = { 0 };

  plan_at_140_bpm (329143, &planned);
  g_assert_cmpuint (planned.plan->segments->len, ==, 19);
  for (guint k = 1; k <= 18; k++)
    g_assert_cmpint (repeat_start_of (&planned, k), ==, 658286 + (k - 1) * 329143);
}

/* The same lag, but found by matching alone, or in a source that begins too late for the frame that
 * every seventh repeat needs: then the pieces keep their length. */
static void
test_loop_is_not_exact (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 658286, 6582857);
  SlCandidate candidate = candidate_of (658286, 329143, 0.97, SL_LAG_FREE);
  g_auto (SlPlanned) planned = { 0 };
  g_auto (SlPlanned) late = { 0 };

  options.rate_hz = 48000;
  options.grid = sl_grid_make ((SlBpm){ 140, 1 }, 48000, 4, 0);
  options.candidates = &candidate;
  options.n_candidates = 1;
  options.fade_ms = 0.0;
  assert_planned (&options, &planned);
  g_assert_cmpint (g_array_index (planned.plan->segments, SlSegment, 10).dest, ==,
                   658286 + 9 * 329143);
  candidate = candidate_of (329142, 329142, 0.97, SL_LAG_BARS);
  assert_planned (&options, &late);
  g_assert_cmpint (g_array_index (late.plan->segments, SlSegment, 10).dest, ==, 10 * 329142);
}

/* Of several joins auto takes the one that made it loop; by hand the best; and whichever is
 * asked for. */
static void
test_which_candidate (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_AUTO, 9000, 20000);
  SlCandidate candidates[] = {
    candidate_of (9500, 2000, 0.99, SL_LAG_BARS),
    candidate_of (8600, 3210, 0.97, SL_LAG_FREE),
    candidate_of (8000, 2000, 0.95, SL_LAG_BARS),
    candidate_of (8000, 4000, 0.92, SL_LAG_BARS),
  };
  const struct
  {
    SlStrategy strategy;
    guint asked;
    int used;
  } rows[] = { { SL_STRATEGY_AUTO, 0, 2 },
               { SL_STRATEGY_LOOP, 0, 1 },
               { SL_STRATEGY_LOOP, 2, 2 },
               { SL_STRATEGY_AUTO, 3, 3 } };

  options.grid = even_grid ();
  options.candidates = candidates;
  options.n_candidates = G_N_ELEMENTS (candidates);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (SlPlanned) planned = { 0 };

      options.strategy = rows[i].strategy;
      options.candidate = rows[i].asked;
      assert_planned (&options, &planned);
      g_assert_cmpint (planned.strategy, ==, SL_STRATEGY_LOOP);
      g_assert_cmpint (planned.candidate, ==, rows[i].used);
      g_assert_cmpuint (planned.notes, ==, 0);
    }
  options.candidate = 4;
  assert_refused (&options, SL_ERROR_INVALID, "Join 5 was chosen, but there are only 4");
}

/* A rhythmic part loops on the bar grid even where another lag matched a little better. */
static void
test_rhythmic_prefers_bars (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_AUTO, 9000, 20000);
  SlCandidate candidates[] = { candidate_of (8600, 3210, 0.7, SL_LAG_FREE),
                               candidate_of (8000, 2000, 0.6, SL_LAG_BARS) };
  g_auto (SlPlanned) planned = { 0 };

  options.grid = even_grid ();
  options.rhythmic = TRUE;
  options.candidates = candidates;
  options.n_candidates = 2;
  assert_planned (&options, &planned);
  g_assert_cmpint (planned.candidate, ==, 1);
}

/* Without candidates: the last whole bars; then beats; then all of the source. */
static void
test_loop_without_candidates (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 7300, 14000);
  g_auto (SlPlanned) planned = { 0 };

  options.rhythmic = TRUE;
  options.grid = even_grid ();
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 6000, 0, 50, 0.0 }, { 5950, 1950, 4050, 50, 50, 0.0 },
         { 9950, 1950, 4050, 50, 10, 0.0 });
  assert_planned (&options, &planned);
  g_assert_cmpuint (planned.notes, ==, SL_PLAN_NOTE_FALLBACK);
  g_assert_cmpint (planned.candidate, ==, -1);
  options.source_length = 1300;
  options.target = 2400;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 1005, 0, 5, 0.0 }, { 1000, 0, 1005, 5, 5, 0.0 },
         { 2000, 0, 400, 5, 10, 0.0 });
  options.grid.beat_num = 0;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 1300, 0, 0, 0.0 }, { 1300, 0, 1100, 0, 10, 0.0 });
}

/* The grid belongs to the target: an offset moves the bar lines within the source. */
static void
test_loop_on_a_moved_grid (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 7300, 14000);

  options.rhythmic = TRUE;
  options.grid = even_grid ();
  options.grid.origin = 100;
  options.offset = 400;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, -1, 400, 0, 0, 0.0 }, { 400, 0, 5700, 0, 50, 0.0 },
         { 6050, 1650, 4050, 50, 50, 0.0 }, { 10050, 1650, 3950, 50, 10, 0.0 });
}

/* A file of four bars that rounding left one frame short is still four bars. */
static void
test_loop_one_frame_short (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 7999, 12000);

  options.rhythmic = TRUE;
  options.grid = even_grid ();
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 7999, 0, 0, 0.0 }, { 7999, 0, 4001, 0, 10, 0.0 });
}

static void
test_fallback_candidate_is_noted (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 9000, 20000);
  SlCandidate candidate = candidate_of (8000, 4000, 0.2, SL_LAG_FALLBACK);
  g_auto (SlPlanned) planned = { 0 };

  options.candidates = &candidate;
  options.n_candidates = 1;
  assert_planned (&options, &planned);
  g_assert_cmpint (planned.candidate, ==, 0);
  g_assert_cmpuint (planned.notes, ==, SL_PLAN_NOTE_FALLBACK);
}

static void
test_set_by_hand (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 9000, 14000);
  SlCandidate candidates[] = { candidate_of (9000, 3000, 0.99, SL_LAG_FREE),
                               candidate_of (7500, 3001, 0.8, SL_LAG_FREE) };

  options.rhythmic = TRUE;
  options.grid = even_grid ();
  options.candidates = candidates;
  options.n_candidates = 2;
  /* A loop of two bars from the last bar line. */
  options.loop_bars = 2;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 8000, 0, 50, 0.0 }, { 7950, 3950, 4050, 50, 50, 0.0 },
         { 11950, 3950, 2050, 50, 10, 0.0 });
  /* From a frame set by hand. */
  options.join = 7000;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 7000, 0, 50, 0.0 }, { 6950, 2950, 4050, 50, 50, 0.0 },
         { 10950, 2950, 3050, 50, 10, 0.0 });
  /* The loop is the one found for that frame. */
  options.loop_bars = 0;
  options.join = 7500;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 7500, 0, 50, 0.0 }, { 7450, 4449, 3051, 50, 50, 0.0 },
         { 10451, 4449, 3051, 50, 50, 0.0 }, { 13452, 4449, 548, 50, 10, 0.0 });
  /* Nothing was found for this one: whole bars before it. */
  options.join = 6999;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 6999, 0, 50, 0.0 }, { 6949, 2949, 4050, 50, 50, 0.0 },
         { 10949, 2949, 3051, 50, 10, 0.0 });
}

static void
test_refused_by_hand (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 9000, 14000);

  options.grid = even_grid ();
  options.loop_bars = 5;
  assert_refused (&options, SL_ERROR_INVALID, "5 bars");
  options.loop_bars = G_MAXINT;
  assert_refused (&options, SL_ERROR_INVALID, "bars");
  options.loop_bars = -1;
  assert_refused (&options, SL_ERROR_INVALID, "bar");
  options.loop_bars = 2;
  options.join = 3000;
  assert_refused (&options, SL_ERROR_INVALID, "2 bars");
  options.loop_bars = 0;
  options.join = 9001;
  assert_refused (&options, SL_ERROR_INVALID, "9001");
  options.join = 9;
  assert_refused (&options, SL_ERROR_INVALID, "from 10 to 9000");
  options.join = 9000;
  options.ending = SL_ENDING_KEEP;
  assert_refused (&options, SL_ERROR_INVALID, "to 8999");
  options.join = -1;
  options.loop_bars = 1;
  options.grid.beat_num = 0;
  assert_refused (&options, SL_ERROR_INVALID, "tempo");
}

/* Three joins as good as each other take turns; a short one and a poor one do not take part. */
static void
test_crossfade_alternates (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_CROSSFADE, 10000, 30000);
  SlCandidate candidates[] = {
    candidate_of (10000, 500, 0.95, SL_LAG_FREE), candidate_of (9900, 6000, 0.93, SL_LAG_FREE),
    candidate_of (9800, 5000, 0.92, SL_LAG_FREE), candidate_of (9000, 4800, 0.4, SL_LAG_FREE),
    candidate_of (9850, 6005, 0.93, SL_LAG_FREE), candidate_of (9700, 4000, 0.9, SL_LAG_FREE),
  };
  g_auto (SlPlanned) planned = { 0 };

  options.fade_ms = 100.0;
  options.candidates = candidates;
  options.n_candidates = G_N_ELEMENTS (candidates);
  assert_planned (&options, &planned);
  g_assert_cmpint (planned.candidate, ==, 4);
  CHECK (&options, SL_STRATEGY_CROSSFADE, { 0, 0, 9850, 0, 100, 0.0 },
         { 9750, 3745, 6055, 100, 100, 0.0 }, { 15705, 4700, 5000, 100, 100, 0.0 },
         { 20605, 5600, 4250, 100, 100, 0.0 }, { 24755, 3745, 5245, 100, 10, 0.0 });
}

static void
test_crossfade_uses_the_join_asked_for (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_CROSSFADE, 10000, 12000);
  SlCandidate candidates[] = { candidate_of (10000, 5000, 0.95, SL_LAG_FREE),
                               candidate_of (9900, 3000, 0.5, SL_LAG_FREE) };

  options.candidates = candidates;
  options.n_candidates = 2;
  options.candidate = 1;
  CHECK (&options, SL_STRATEGY_CROSSFADE, { 0, 0, 9900, 0, 600, 0.0 },
         { 9300, 6300, 2700, 600, 10, 0.0 });
}

/* Without candidates two thirds of the source are heard again, so that there is a fade. */
static void
test_crossfade_without_candidates (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_AUTO, 9000, 12000);

  CHECK (&options, SL_STRATEGY_CROSSFADE, { 0, 0, 9000, 0, 900, 0.0 },
         { 8100, 2100, 3900, 900, 10, 0.0 });
}

/* Less than the last fade is missing after a repeat, and the source goes on: so does the repeat. */
static void
test_last_piece_goes_on (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 9000, 12004);
  SlCandidate candidate = candidate_of (8000, 4000, 0.97, SL_LAG_FREE);

  options.rhythmic = TRUE;
  options.candidates = &candidate;
  options.n_candidates = 1;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 8000, 0, 50, 0.0 }, { 7950, 3950, 4054, 50, 10, 0.0 });
}

/* Two whole loops and one step back of the 3,000 frames that are left; the last 2,000 frames of the
 * source, a bar, end the target and are heard once. */
static void
test_ending_is_kept (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 10000, 21000);
  SlCandidate candidate = candidate_of (10000, 4000, 0.97, SL_LAG_BARS);

  options.rhythmic = TRUE;
  options.grid = even_grid ();
  options.ending = SL_ENDING_KEEP;
  options.candidates = &candidate;
  options.n_candidates = 1;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 8000, 0, 50, 0.0 }, { 7950, 3950, 4050, 50, 50, 0.0 },
         { 11950, 3950, 4050, 50, 50, 0.0 }, { 15950, 4950, 5050, 50, 0, 0.0 });
  options.target = 22000;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 8000, 0, 50, 0.0 }, { 7950, 3950, 4050, 50, 50, 0.0 },
         { 11950, 3950, 4050, 50, 50, 0.0 }, { 15950, 3950, 6050, 50, 0, 0.0 });
  options.target = 10100;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 8000, 0, 25, 0.0 }, { 7975, 7875, 2125, 25, 0, 0.0 });
}

/* 5 frames more than two loops: not a step of 5 frames, which would be no loop, but a longer one.
 */
static void
test_ending_with_a_small_rest (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 10000, 18005);
  SlCandidate candidate = candidate_of (8000, 4000, 0.97, SL_LAG_FREE);

  options.rhythmic = TRUE;
  options.ending = SL_ENDING_KEEP;
  options.join = 8000;
  options.candidates = &candidate;
  options.n_candidates = 1;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 8000, 0, 50, 0.0 }, { 7950, 3950, 4050, 50, 50, 0.0 },
         { 11950, 3945, 6055, 50, 0, 0.0 });
  /* With nothing before the loop body it takes two steps. */
  candidate.lag = 8000;
  CHECK (&options, SL_STRATEGY_LOOP, { 0, 0, 8000, 0, 50, 0.0 }, { 7950, 3948, 4052, 50, 50, 0.0 },
         { 11952, 3947, 6053, 50, 0, 0.0 });
}

/* The second join's loop goes into the gap evenly, so that the ending follows without a step. */
static void
test_ending_prefers_what_divides_the_gap (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 10000, 16000);
  SlCandidate candidates[] = { candidate_of (8000, 4000, 0.97, SL_LAG_BARS),
                               candidate_of (8000, 6000, 0.95, SL_LAG_BARS) };
  g_auto (SlPlanned) planned = { 0 };

  options.grid = even_grid ();
  options.ending = SL_ENDING_KEEP;
  options.candidates = candidates;
  options.n_candidates = 2;
  assert_planned (&options, &planned);
  g_assert_cmpint (planned.candidate, ==, 1);
  g_assert_cmpuint (planned.plan->segments->len, ==, 2);
}

static void
test_ending_needs_a_loop (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 10000, 10009);

  options.ending = SL_ENDING_KEEP;
  assert_refused (&options, SL_ERROR_INVALID, "ending");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/joins/loop", test_loop);
  g_test_add_func ("/joins/loop/fades", test_loop_fades);
  g_test_add_func ("/joins/loop/no-material-before", test_loop_without_material_before);
  g_test_add_func ("/joins/loop/leaves-out-what-was-cut", test_loop_leaves_out_what_was_cut);
  g_test_add_func ("/joins/loop/exact", test_loop_is_exact);
  g_test_add_func ("/joins/loop-is-as-found", test_loop_is_as_found);
  g_test_add_func ("/joins/loop/not-exact", test_loop_is_not_exact);
  g_test_add_func ("/joins/loop/which-candidate", test_which_candidate);
  g_test_add_func ("/joins/loop/rhythmic-prefers-bars", test_rhythmic_prefers_bars);
  g_test_add_func ("/joins/loop/without-candidates", test_loop_without_candidates);
  g_test_add_func ("/joins/loop/moved-grid", test_loop_on_a_moved_grid);
  g_test_add_func ("/joins/loop/one-frame-short", test_loop_one_frame_short);
  g_test_add_func ("/joins/loop/fallback-is-noted", test_fallback_candidate_is_noted);
  g_test_add_func ("/joins/loop/set-by-hand", test_set_by_hand);
  g_test_add_func ("/joins/loop/refused-by-hand", test_refused_by_hand);
  g_test_add_func ("/joins/loop/last-piece-goes-on", test_last_piece_goes_on);
  g_test_add_func ("/joins/crossfade/alternates", test_crossfade_alternates);
  g_test_add_func ("/joins/crossfade/asked-for", test_crossfade_uses_the_join_asked_for);
  g_test_add_func ("/joins/crossfade/without-candidates", test_crossfade_without_candidates);
  g_test_add_func ("/joins/ending/kept", test_ending_is_kept);
  g_test_add_func ("/joins/ending/small-rest", test_ending_with_a_small_rest);
  g_test_add_func ("/joins/ending/divides-the-gap", test_ending_prefers_what_divides_the_gap);
  g_test_add_func ("/joins/ending/needs-a-loop", test_ending_needs_a_loop);
  return g_test_run ();
}
