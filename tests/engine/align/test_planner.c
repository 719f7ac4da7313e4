/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../support/planned.h"

#include <math.h>

static void
test_names (void)
{
  for (int i = SL_STRATEGY_AUTO; i <= SL_STRATEGY_TRUNCATE; i++)
    {
      SlStrategy parsed;

      g_assert_true (sl_strategy_parse (sl_strategy_name ((SlStrategy) i), &parsed, NULL));
      g_assert_cmpint (parsed, ==, i);
    }
  g_assert_cmpstr (sl_strategy_name (SL_STRATEGY_ZERO_PAD), ==, "zero-pad");
}

static void
test_unknown_name (void)
{
  g_autoptr (GError) error = NULL;
  SlStrategy parsed;

  g_assert_false (sl_strategy_parse ("stretch", &parsed, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
  g_assert_nonnull (g_strstr_len (error->message, -1, "stretch"));
}

static void
test_gap (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_AUTO, 300, 1000);

  g_assert_cmpint (sl_planner_gap (&options), ==, 700);
  options.offset = 100;
  g_assert_cmpint (sl_planner_gap (&options), ==, 600);
  options.offset = -100;
  g_assert_cmpint (sl_planner_gap (&options), ==, 800);
  options.offset = G_MININT64;
  g_assert_cmpint (sl_planner_gap (&options), ==, G_MAXINT64);
}

/* The documented order of auto, one row per rule and per edge of a rule. */
static const struct
{
  gint64 source_length;
  gint64 target;
  gboolean section;
  gboolean rhythmic;
  gboolean tempo;
  double score;
  SlLagKind kind;
  SlStrategy chosen;
} choices[] = {
  { 5000, 5000, FALSE, FALSE, TRUE, 1.0, SL_LAG_BARS, SL_STRATEGY_NONE },
  { 5000, 5000, TRUE, FALSE, TRUE, 1.0, SL_LAG_BARS, SL_STRATEGY_NONE },
  { 5000, 9000, TRUE, TRUE, TRUE, 1.0, SL_LAG_BARS, SL_STRATEGY_PLACE },
  { 5000, 4000, TRUE, TRUE, TRUE, 1.0, SL_LAG_BARS, SL_STRATEGY_PLACE },
  { 5000, 4999, FALSE, TRUE, TRUE, 1.0, SL_LAG_BARS, SL_STRATEGY_TRUNCATE },
  { 5000, 5001, FALSE, TRUE, TRUE, 1.0, SL_LAG_BARS, SL_STRATEGY_ZERO_PAD },
  { 5000, 5499, FALSE, TRUE, TRUE, 1.0, SL_LAG_BARS, SL_STRATEGY_ZERO_PAD },
  { 5000, 5500, FALSE, FALSE, TRUE, 0.9, SL_LAG_BARS, SL_STRATEGY_LOOP },
  { 5000, 5500, FALSE, FALSE, TRUE, 0.89, SL_LAG_BARS, SL_STRATEGY_CROSSFADE },
  { 5000, 5500, FALSE, TRUE, TRUE, 0.1, SL_LAG_FREE, SL_STRATEGY_LOOP },
  { 5000, 5500, FALSE, FALSE, TRUE, 0.95, SL_LAG_BEATS, SL_STRATEGY_CROSSFADE },
  { 5000, 5500, FALSE, FALSE, TRUE, 0.95, SL_LAG_FREE, SL_STRATEGY_CROSSFADE },
  { 5000, 5500, FALSE, FALSE, FALSE, 0.95, SL_LAG_FREE, SL_STRATEGY_LOOP },
  { 5000, 5500, FALSE, FALSE, FALSE, NAN, SL_LAG_FREE, SL_STRATEGY_CROSSFADE },
  { 29, 5500, FALSE, TRUE, FALSE, 1.0, SL_LAG_FREE, SL_STRATEGY_ZERO_PAD },
  { 30, 5500, FALSE, TRUE, FALSE, 1.0, SL_LAG_FREE, SL_STRATEGY_LOOP },
};

static void
test_choose (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      SlPlanOptions options
          = options_of (SL_STRATEGY_AUTO, choices[i].source_length, choices[i].target);
      SlCandidate candidate = candidate_of (4000, 2000, choices[i].score, choices[i].kind);

      options.has_section = choices[i].section;
      options.section_end = 9000;
      options.rhythmic = choices[i].rhythmic;
      options.candidates = &candidate;
      options.n_candidates = 1;
      if (choices[i].tempo)
        options.grid = even_grid ();
      g_assert_cmpint (sl_planner_choose (&options), ==, choices[i].chosen);
    }
}

/* A candidate that the source does not hold decides nothing. */
static void
test_choose_ignores_unusable (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_AUTO, 5000, 9000);
  SlCandidate candidate = candidate_of (6000, 2000, 1.0, SL_LAG_BARS);

  options.candidates = &candidate;
  options.n_candidates = 1;
  g_assert_cmpint (sl_planner_choose (&options), ==, SL_STRATEGY_CROSSFADE);
}

static void
assert_needs (const SlPlanOptions *options, gboolean needs)
{
  g_assert_cmpint (sl_planner_needs_candidates (options), ==, needs);
  g_assert_cmpint (sl_planner_uses_grid (options), ==, needs);
}

static void
test_needs_candidates (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_AUTO, 5000, 9000);

  assert_needs (&options, TRUE);
  options.rhythmic = TRUE;
  assert_needs (&options, TRUE);
  options.target = 5499;
  assert_needs (&options, FALSE);
  options.target = 4000;
  assert_needs (&options, FALSE);
  options.strategy = SL_STRATEGY_LOOP;
  assert_needs (&options, FALSE);
  options.target = 5001;
  assert_needs (&options, TRUE);
  options.strategy = SL_STRATEGY_CROSSFADE;
  assert_needs (&options, TRUE);
  options.strategy = SL_STRATEGY_ZERO_PAD;
  assert_needs (&options, FALSE);
  options.strategy = SL_STRATEGY_TRUNCATE;
  assert_needs (&options, FALSE);
  options.strategy = SL_STRATEGY_NONE;
  assert_needs (&options, FALSE);
}

static void
test_place_needs_candidates (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_PLACE, 5000, 20000);

  options.has_section = TRUE;
  options.section_start = 2000;
  options.section_end = 9000;
  assert_needs (&options, FALSE);
  options.fill = SL_FILL_LOOP;
  assert_needs (&options, TRUE);
  options.section_end = 7000;
  assert_needs (&options, FALSE);
  options.section_end = 9000;
  options.offset = 2000;
  assert_needs (&options, FALSE);
  options.offset = 0;
  options.target = 7000;
  assert_needs (&options, FALSE);
}

static void
test_none (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_AUTO, 5000, 5000);
  g_auto (SlPlanned) planned = { 0 };

  assert_planned (&options, &planned);
  g_assert_true (sl_plan_is_identity (planned.plan));
  g_assert_cmpint (planned.candidate, ==, -1);
  g_assert_cmpuint (planned.notes, ==, 0);
}

/* Nothing is left to do for a strategy that was chosen by hand. */
static void
test_none_by_any_name (void)
{
  const SlStrategy strategies[] = { SL_STRATEGY_NONE, SL_STRATEGY_ZERO_PAD, SL_STRATEGY_LOOP,
                                    SL_STRATEGY_CROSSFADE, SL_STRATEGY_TRUNCATE };

  for (guint i = 0; i < G_N_ELEMENTS (strategies); i++)
    {
      SlPlanOptions options = options_of (strategies[i], 5000, 5000);
      CHECK (&options, SL_STRATEGY_NONE, { 0, 0, 5000, 0, 0, 0.0 });
    }
}

static void
test_none_with_offset (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_NONE, 5000, 5100);

  options.offset = 100;
  CHECK (&options, SL_STRATEGY_NONE, { 0, -1, 100, 0, 0, 0.0 }, { 100, 0, 5000, 0, 0, 0.0 });
  options.offset = -100;
  options.target = 4900;
  CHECK (&options, SL_STRATEGY_NONE, { 0, 100, 4900, 1, 0, 0.0 });
}

static void
test_zero_pad (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_AUTO, 5000, 5300);

  CHECK (&options, SL_STRATEGY_ZERO_PAD, { 0, 0, 5000, 0, 5, 0.0 }, { 5000, -1, 300, 0, 0, 0.0 });
  options.ends_silent = TRUE;
  CHECK (&options, SL_STRATEGY_ZERO_PAD, { 0, 0, 5000, 0, 0, 0.0 }, { 5000, -1, 300, 0, 0, 0.0 });
  options.ends_silent = FALSE;
  options.fade_ms = 40.0;
  CHECK (&options, SL_STRATEGY_ZERO_PAD, { 0, 0, 5000, 0, 40, 0.0 }, { 5000, -1, 300, 0, 0, 0.0 });
}

static void
test_zero_pad_with_offset (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_ZERO_PAD, 5000, 7000);
  g_auto (SlPlanned) planned = { 0 };

  options.offset = 250;
  CHECK (&options, SL_STRATEGY_ZERO_PAD, { 0, -1, 250, 0, 0, 0.0 }, { 250, 0, 5000, 0, 5, 0.0 },
         { 5250, -1, 1750, 0, 0, 0.0 });
  options.offset = -250;
  CHECK (&options, SL_STRATEGY_ZERO_PAD, { 0, 250, 4750, 1, 5, 0.0 },
         { 4750, -1, 2250, 0, 0, 0.0 });
  assert_planned (&options, &planned);
  g_assert_cmpuint (planned.notes, ==, SL_PLAN_NOTE_START_CUT);
}

/* The shortest sources there are: what is heard of them stays within the fades' rules. */
static void
test_tiny_sources (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_AUTO, 1, (gint64) 1 << 40);

  CHECK (&options, SL_STRATEGY_ZERO_PAD, { 0, 0, 1, 0, 1, 0.0 },
         { 1, -1, ((gint64) 1 << 40) - 1, 0, 0, 0.0 });
  options.source_length = 2;
  options.offset = -1;
  CHECK (&options, SL_STRATEGY_ZERO_PAD, { 0, 1, 1, 0, 1, 0.0 },
         { 1, -1, ((gint64) 1 << 40) - 1, 0, 0, 0.0 });
}

static void
test_truncate (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_AUTO, 5000, 3000);

  CHECK (&options, SL_STRATEGY_TRUNCATE, { 0, 0, 3000, 0, 10, 0.0 });
  options.fade_ms = 500.0;
  CHECK (&options, SL_STRATEGY_TRUNCATE, { 0, 0, 3000, 0, 500, 0.0 });
  options.fade_ms = 2500.0;
  CHECK (&options, SL_STRATEGY_TRUNCATE, { 0, 0, 3000, 0, 2000, 0.0 });
  options.fade_ms = INFINITY;
  options.target = 400;
  CHECK (&options, SL_STRATEGY_TRUNCATE, { 0, 0, 400, 0, 400, 0.0 });
  options.fade_ms = 0.0;
  CHECK (&options, SL_STRATEGY_TRUNCATE, { 0, 0, 400, 0, 0, 0.0 });
}

static void
test_truncate_with_offset (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_TRUNCATE, 5000, 3000);

  options.offset = 500;
  CHECK (&options, SL_STRATEGY_TRUNCATE, { 0, -1, 500, 0, 0, 0.0 }, { 500, 0, 2500, 0, 10, 0.0 });
  options.offset = -500;
  CHECK (&options, SL_STRATEGY_TRUNCATE, { 0, 500, 3000, 1, 10, 0.0 });
}

static SlPlanOptions
bridge (gint64 source_length, gint64 target)
{
  SlPlanOptions options = options_of (SL_STRATEGY_AUTO, source_length, target);

  options.has_section = TRUE;
  options.section_start = 4000;
  options.section_end = 8000;
  return options;
}

static void
assert_notes (const SlPlanOptions *options, guint notes)
{
  g_auto (SlPlanned) planned = { 0 };

  assert_planned (options, &planned);
  g_assert_cmpuint (planned.notes, ==, notes);
}

static void
test_place (void)
{
  SlPlanOptions options = bridge (3000, 10000);

  CHECK (&options, SL_STRATEGY_PLACE, { 0, -1, 4000, 0, 0, 0.0 }, { 4000, 0, 3000, 0, 5, 0.0 },
         { 7000, -1, 3000, 0, 0, 0.0 });
  assert_notes (&options, 0);
  options.offset = -500;
  CHECK (&options, SL_STRATEGY_PLACE, { 0, -1, 3500, 0, 0, 0.0 }, { 3500, 0, 3000, 0, 5, 0.0 },
         { 6500, -1, 3500, 0, 0, 0.0 });
}

static void
test_place_overruns (void)
{
  SlPlanOptions options = bridge (5000, 10000);

  CHECK (&options, SL_STRATEGY_PLACE, { 0, -1, 4000, 0, 0, 0.0 }, { 4000, 0, 5000, 0, 5, 0.0 },
         { 9000, -1, 1000, 0, 0, 0.0 });
  assert_notes (&options, SL_PLAN_NOTE_SECTION_OVERRUN);
  options.target = 8500;
  CHECK (&options, SL_STRATEGY_PLACE, { 0, -1, 4000, 0, 0, 0.0 }, { 4000, 0, 4500, 0, 10, 0.0 });
  assert_notes (&options, SL_PLAN_NOTE_SECTION_OVERRUN | SL_PLAN_NOTE_CUT_AT_TARGET);
  options.source_length = 4000;
  options.target = 7000;
  assert_notes (&options, SL_PLAN_NOTE_CUT_AT_TARGET);
}

static void
test_place_cuts_the_start (void)
{
  SlPlanOptions options = bridge (3000, 10000);

  options.offset = -5000;
  CHECK (&options, SL_STRATEGY_PLACE, { 0, 1000, 2000, 1, 5, 0.0 }, { 2000, -1, 8000, 0, 0, 0.0 });
  assert_notes (&options, SL_PLAN_NOTE_START_CUT);
}

static void
test_place_fills (void)
{
  SlPlanOptions options = bridge (3000, 10000);
  SlCandidate candidate = candidate_of (2000, 1000, 0.97, SL_LAG_FREE);

  options.rhythmic = TRUE;
  options.candidates = &candidate;
  options.n_candidates = 1;
  options.fill = SL_FILL_LOOP;
  CHECK (&options, SL_STRATEGY_PLACE, { 0, -1, 4000, 0, 0, 0.0 }, { 4000, 0, 2000, 0, 50, 0.0 },
         { 5950, 950, 1050, 50, 50, 0.0 }, { 6950, 950, 1050, 50, 10, 0.0 },
         { 8000, -1, 2000, 0, 0, 0.0 });
  options.fill = SL_FILL_CROSSFADE;
  options.rhythmic = FALSE;
  CHECK (&options, SL_STRATEGY_PLACE, { 0, -1, 4000, 0, 0, 0.0 }, { 4000, 0, 2000, 0, 300, 0.0 },
         { 5700, 700, 1300, 300, 300, 0.0 }, { 6700, 700, 1300, 300, 10, 0.0 },
         { 8000, -1, 2000, 0, 0, 0.0 });
  options.ending = SL_ENDING_KEEP;
  options.fill = SL_FILL_LOOP;
  options.rhythmic = TRUE;
  CHECK (&options, SL_STRATEGY_PLACE, { 0, -1, 4000, 0, 0, 0.0 }, { 4000, 0, 2000, 0, 50, 0.0 },
         { 5950, 950, 2050, 50, 5, 0.0 }, { 8000, -1, 2000, 0, 0, 0.0 });
}

static void
test_place_reasons (void)
{
  SlPlanOptions options = bridge (3000, 10000);
  const char *words[] = { "starts at 4.000 s (frame 4000).", "looped", "crossfades" };

  for (int fill = SL_FILL_NONE; fill <= SL_FILL_CROSSFADE; fill++)
    {
      g_auto (SlPlanned) planned = { 0 };

      options.fill = (SlFill) fill;
      assert_planned (&options, &planned);
      g_assert_nonnull (g_strstr_len (planned.reason, -1, words[fill]));
    }
}

static void
test_place_refused (void)
{
  SlPlanOptions options = bridge (3000, 10000);

  options.target = 4000;
  assert_refused (&options, SL_ERROR_INVALID, "after the target");
  options.target = 10000;
  options.offset = -7000;
  assert_refused (&options, SL_ERROR_INVALID, "cuts off");
  options.offset = 0;
  options.section_end = 4000;
  assert_refused (&options, SL_ERROR_INVALID, "section");
  options.strategy = SL_STRATEGY_PLACE;
  options.has_section = FALSE;
  assert_refused (&options, SL_ERROR_INVALID, "section");
}

static void
test_refused (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_AUTO, 0, 1000);

  assert_refused (&options, SL_ERROR_INVALID, "empty");
  options = options_of (SL_STRATEGY_AUTO, 1000, 0);
  assert_refused (&options, SL_ERROR_INVALID, "target");
  options = options_of (SL_STRATEGY_NONE, 1000, 1003);
  assert_refused (&options, SL_ERROR_INVALID, "by 3.0 ms: choose auto");
  options = options_of (SL_STRATEGY_ZERO_PAD, 1001, 1000);
  assert_refused (&options, SL_ERROR_INVALID, "truncate");
  options.strategy = SL_STRATEGY_LOOP;
  assert_refused (&options, SL_ERROR_INVALID, "truncate");
  options.strategy = SL_STRATEGY_CROSSFADE;
  assert_refused (&options, SL_ERROR_INVALID, "truncate");
  options = options_of (SL_STRATEGY_TRUNCATE, 1000, 1001);
  assert_refused (&options, SL_ERROR_INVALID, "zero-pad");
  options = options_of (SL_STRATEGY_LOOP, 9, 1000);
  assert_refused (&options, SL_ERROR_INVALID, "10 ms");
  options = options_of (SL_STRATEGY_AUTO, 1000, 500);
  options.offset = 500;
  assert_refused (&options, SL_ERROR_INVALID, "after the target");
  options.offset = -1000;
  assert_refused (&options, SL_ERROR_INVALID, "whole stem");
  options.offset = 0;
  options.fade_ms = NAN;
  assert_refused (&options, SL_ERROR_INVALID, "fade");
}

static void
test_out_of_range (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_AUTO, 1000, G_MAXINT64);

  assert_refused (&options, SL_ERROR_LIMIT, "frames");
  options = options_of (SL_STRATEGY_LOOP, G_MAXINT64, 1000);
  assert_refused (&options, SL_ERROR_LIMIT, "frames");
  options = options_of (SL_STRATEGY_AUTO, 1000, 1000);
  options.offset = G_MININT64;
  assert_refused (&options, SL_ERROR_LIMIT, "frames");
  options.offset = 0;
  options.has_section = TRUE;
  options.section_end = G_MAXINT64;
  assert_refused (&options, SL_ERROR_LIMIT, "frames");
  g_assert_false (sl_planner_needs_candidates (&options));
  options.offset = G_MININT64;
  g_assert_cmpint (sl_planner_choose (&options), !=, SL_STRATEGY_AUTO);
  g_assert_false (sl_planner_needs_candidates (&options));
}

/* The longest that can be planned. */
static void
test_just_in_range (void)
{
  const gint64 most = (gint64) 1 << 50;
  SlPlanOptions options = options_of (SL_STRATEGY_AUTO, most, 2 * most);

  options.target = most;
  CHECK (&options, SL_STRATEGY_NONE, { 0, 0, most, 0, 0, 0.0 });
  options.offset = -most;
  options.target = 1000;
  assert_refused (&options, SL_ERROR_INVALID, "whole stem");
  options.source_length++;
  assert_refused (&options, SL_ERROR_LIMIT, "frames");
}

/* 10 frames are repeated: 99,999 pieces and the source are possible, one more is not. */
static void
test_too_many_segments (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_LOOP, 10, 1000000);
  SlCandidate candidate = candidate_of (10, 10, 1.0, SL_LAG_FREE);
  g_auto (SlPlanned) planned = { 0 };

  options.candidates = &candidate;
  options.n_candidates = 1;
  assert_planned (&options, &planned);
  g_assert_cmpuint (planned.plan->segments->len, ==, SL_PLAN_MAX_SEGMENTS);
  options.target++;
  assert_refused (&options, SL_ERROR_LIMIT, "100000");
  options.target = (gint64) 1 << 40;
  assert_refused (&options, SL_ERROR_LIMIT, "100000");
}

static void
test_reasons (void)
{
  SlPlanOptions options = options_of (SL_STRATEGY_AUTO, 5000, 5300);
  SlCandidate candidate = candidate_of (4000, 2000, 0.95, SL_LAG_BARS);
  const struct
  {
    gint64 target;
    gboolean rhythmic;
    double score;
    const char *words;
  } rows[] = {
    { 5300, FALSE, 0.95, "Only the last 300.0 ms are missing, less than 0.5 s" },
    { 5000, FALSE, 0.95, "at frame 5000" },
    { 3500, FALSE, 0.95, "1.500 s longer" },
    { 9000, FALSE, 0.95, "A loop of 2.000 s scores 0.95" },
    { 9000, TRUE, 0.5, "rhythmic, so a loop of 2.000 s fills the missing 4.000 s" },
    { 9000, FALSE, 0.5, "crossfaded" },
  };

  options.grid = even_grid ();
  options.candidates = &candidate;
  options.n_candidates = 1;
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (SlPlanned) planned = { 0 };

      options.target = rows[i].target;
      options.rhythmic = rows[i].rhythmic;
      candidate.score = rows[i].score;
      assert_planned (&options, &planned);
      if (g_strstr_len (planned.reason, -1, rows[i].words) == NULL)
        g_error ("“%s” is not in “%s”", rows[i].words, planned.reason);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/planner/names", test_names);
  g_test_add_func ("/planner/unknown-name", test_unknown_name);
  g_test_add_func ("/planner/gap", test_gap);
  g_test_add_func ("/planner/choose", test_choose);
  g_test_add_func ("/planner/choose/ignores-unusable", test_choose_ignores_unusable);
  g_test_add_func ("/planner/needs-candidates", test_needs_candidates);
  g_test_add_func ("/planner/needs-candidates/place", test_place_needs_candidates);
  g_test_add_func ("/planner/none", test_none);
  g_test_add_func ("/planner/none/by-any-name", test_none_by_any_name);
  g_test_add_func ("/planner/none/offset", test_none_with_offset);
  g_test_add_func ("/planner/zero-pad", test_zero_pad);
  g_test_add_func ("/planner/zero-pad/offset", test_zero_pad_with_offset);
  g_test_add_func ("/planner/zero-pad/tiny-sources", test_tiny_sources);
  g_test_add_func ("/planner/truncate", test_truncate);
  g_test_add_func ("/planner/truncate/offset", test_truncate_with_offset);
  g_test_add_func ("/planner/place", test_place);
  g_test_add_func ("/planner/place/overruns", test_place_overruns);
  g_test_add_func ("/planner/place/cuts-the-start", test_place_cuts_the_start);
  g_test_add_func ("/planner/place/fills", test_place_fills);
  g_test_add_func ("/planner/place/reasons", test_place_reasons);
  g_test_add_func ("/planner/place/refused", test_place_refused);
  g_test_add_func ("/planner/refused", test_refused);
  g_test_add_func ("/planner/out-of-range", test_out_of_range);
  g_test_add_func ("/planner/just-in-range", test_just_in_range);
  g_test_add_func ("/planner/too-many-segments", test_too_many_segments);
  g_test_add_func ("/planner/reasons", test_reasons);
  return g_test_run ();
}
