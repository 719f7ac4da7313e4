/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options for the planner and what must come of them, for tests. */
#pragma once

#include "engine/align/planner.h"
#include "engine/base/error.h"

/* 1,000 Hz makes a frame a millisecond, so that every length below can be read. */
#define RATE 1000

static inline SlPlanOptions
options_of (SlStrategy strategy, gint64 source_length, gint64 target)
{
  SlPlanOptions options = sl_plan_options_default ();

  options.strategy = strategy;
  options.source_length = source_length;
  options.target = target;
  options.rate_hz = RATE;
  return options;
}

/* 120 BPM, 4/4: a beat of 500 frames, a bar of 2,000. */
static inline SlGrid
even_grid (void)
{
  return sl_grid_make ((SlBpm){ 120, 1 }, RATE, 4, 0);
}

static inline SlCandidate
candidate_of (gint64 join, gint64 lag, double score, SlLagKind kind)
{
  return (SlCandidate){ .join = join,
                        .lag = lag,
                        .score = score,
                        .correlation = score,
                        .match_length = lag,
                        .kind = kind };
}

static inline void
assert_planned (const SlPlanOptions *options, SlPlanned *planned)
{
  GError *error = NULL;

  sl_planner_make (options, planned, &error);
  g_assert_no_error (error);
  g_assert_true (sl_plan_validate (planned->plan, &error));
  g_assert_no_error (error);
  g_assert_cmpint (planned->plan->target, ==, options->target);
  g_assert_cmpint (planned->plan->source_length, ==, options->source_length);
  g_assert_true (g_str_has_suffix (planned->reason, "."));
}

static inline void
assert_refused (const SlPlanOptions *options, SlError code, const char *word)
{
  g_auto (SlPlanned) planned = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (sl_planner_make (options, &planned, &error));
  g_assert_error (error, SL_ERROR, (int) code);
  g_assert_null (planned.plan);
  if (g_strstr_len (error->message, -1, word) == NULL)
    g_error ("“%s” is not in “%s”", word, error->message);
}

static inline void
assert_segments (const SlPlanned *planned, const SlSegment *expected, guint n)
{
  g_assert_cmpuint (planned->plan->segments->len, ==, n);
  for (guint i = 0; i < n; i++)
    {
      const SlSegment *segment = &g_array_index (planned->plan->segments, SlSegment, i);

      g_assert_cmpint (segment->dest, ==, expected[i].dest);
      g_assert_cmpint (segment->source, ==, expected[i].source);
      g_assert_cmpint (segment->length, ==, expected[i].length);
      g_assert_cmpint (segment->fade_in, ==, expected[i].fade_in);
      g_assert_cmpint (segment->fade_out, ==, expected[i].fade_out);
    }
}

/* Plans and compares; @strategy is what must have been used. */
static inline void
check_plan (const SlPlanOptions *options, SlStrategy strategy, const SlSegment *expected, guint n)
{
  g_auto (SlPlanned) planned = { 0 };

  assert_planned (options, &planned);
  g_assert_cmpint (planned.strategy, ==, strategy);
  assert_segments (&planned, expected, n);
}

#define CHECK(options, strategy, ...)                                                              \
  G_STMT_START                                                                                     \
  {                                                                                                \
    const SlSegment expected[] = { __VA_ARGS__ };                                                  \
    check_plan ((options), (strategy), expected, G_N_ELEMENTS (expected));                         \
  }                                                                                                \
  G_STMT_END
