/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/plan.h"

#include "engine/base/error.h"

#include <math.h>

#define SOURCE_LENGTH 100

/* A source of 100 frames, extended to 150: to frame 80, from 40 on again over an overlap of 10, and
 * silence. */
static SlPlan *
example (void)
{
  const SlSegment segments[] = {
    { .dest = 0, .source = 0, .length = 80, .fade_out = 10 },
    { .dest = 70, .source = 40, .length = 60, .fade_in = 10, .fade_out = 5, .correlation = 0.5 },
    { .dest = 130, .source = -1, .length = 20 },
  };
  SlPlan *plan = sl_plan_new (150, SOURCE_LENGTH);

  g_array_append_vals (plan->segments, segments, G_N_ELEMENTS (segments));
  return plan;
}

static SlSegment *
segment_of (SlPlan *plan, guint index)
{
  return &g_array_index (plan->segments, SlSegment, index);
}

static void
test_valid (void)
{
  g_autoptr (SlPlan) plan = example ();
  GError *error = NULL;

  g_assert_true (sl_plan_validate (plan, &error));
  g_assert_no_error (error);
}

static void
assert_refused (const SlPlan *plan, const char *segment)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (sl_plan_validate (plan, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
  if (segment != NULL)
    g_assert_nonnull (g_strstr_len (error->message, -1, segment));
}

/* One change each that breaks exactly one rule of the example. */
typedef struct
{
  const char *name;
  guint segment;
  SlSegment with;
} Breakage;

static const Breakage breakages[] = {
  { "starts late", 0, { 1, 0, 79, 0, 10, 0.0 } },
  { "no length", 2, { 130, -1, 0, 0, 0, 0.0 } },
  { "negative length", 2, { 130, -1, -20, 0, 0, 0.0 } },
  { "beyond the target", 2, { 130, -1, 21, 0, 0, 0.0 } },
  { "overflowing length", 2, { 130, -1, G_MAXINT64, 0, 0, 0.0 } },
  { "overflowing destination", 2, { G_MAXINT64, -1, 20, 0, 0, 0.0 } },
  { "before the target", 0, { -1, 0, 81, 0, 10, 0.0 } },
  { "ends early", 2, { 130, -1, 19, 0, 0, 0.0 } },
  { "hole", 2, { 131, -1, 19, 0, 0, 0.0 } },
  { "beyond the source", 1, { 70, 41, 60, 10, 5, 0.5 } },
  { "overflowing source", 1, { 70, G_MAXINT64, 60, 10, 5, 0.5 } },
  { "before the source", 1, { 70, -2, 60, 10, 5, 0.5 } },
  { "fade-in shorter than the overlap", 1, { 70, 40, 60, 9, 5, 0.5 } },
  { "fade-out longer than the overlap", 0, { 0, 0, 80, 0, 11, 0.0 } },
  { "overlap longer than the fades", 1, { 69, 40, 60, 10, 5, 0.5 } },
  { "negative fade-in", 0, { 0, 0, 80, -1, 10, 0.0 } },
  { "negative fade-out", 1, { 70, 40, 60, 10, -1, 0.5 } },
  { "fades meet", 1, { 70, 40, 60, 10, 51, 0.5 } },
  { "overflowing fades", 1, { 70, 40, 60, G_MAXINT64, G_MAXINT64, 0.5 } },
  { "silence fades in", 2, { 130, -1, 20, 1, 0, 0.0 } },
  { "silence fades out", 2, { 130, -1, 20, 0, 1, 0.0 } },
  { "silence overlaps", 2, { 125, -1, 25, 0, 0, 0.0 } },
  { "negative correlation", 1, { 70, 40, 60, 10, 5, -0.1 } },
  { "correlation above one", 1, { 70, 40, 60, 10, 5, 1.1 } },
  { "correlation not a number", 1, { 70, 40, 60, 10, 5, NAN } },
  { "correlation without overlap", 2, { 130, -1, 20, 0, 0, 0.5 } },
  { "correlation of the first", 0, { 0, 0, 80, 0, 10, 0.5 } },
  { "same start", 1, { 0, 0, 80, 80, 0, 0.5 } },
};

static void
test_broken (gconstpointer data)
{
  const Breakage *breakage = data;
  g_autoptr (SlPlan) plan = example ();

  *segment_of (plan, breakage->segment) = breakage->with;
  assert_refused (plan, "Segment ");
}

static void
test_error_names_the_segment (void)
{
  g_autoptr (SlPlan) plan = example ();

  segment_of (plan, 1)->fade_in = -1;
  assert_refused (plan, "Segment 2 ");
  segment_of (plan, 1)->fade_in = 10;
  segment_of (plan, 2)->length--;
  assert_refused (plan, "Segment 3 ");
}

/* The second begins where the first does, and everything else is in order. */
static void
test_same_start (void)
{
  const SlSegment segments[] = {
    { .dest = 0, .source = 0, .length = 50, .fade_out = 50 },
    { .dest = 0, .source = 0, .length = 100, .fade_in = 50 },
  };
  g_autoptr (SlPlan) plan = sl_plan_new (100, SOURCE_LENGTH);

  g_array_append_vals (plan->segments, segments, G_N_ELEMENTS (segments));
  assert_refused (plan, "Segment 2 ");
}

/* What lies just inside the rules. */
static void
test_just_valid (void)
{
  const SlSegment one_frame = { .dest = 0, .source = 0, .length = 1, .fade_in = 1 };
  const SlSegment silence = { .dest = 0, .source = -1, .length = 7 };
  g_autoptr (SlPlan) shortest = sl_plan_new (1, 1);
  g_autoptr (SlPlan) silent = sl_plan_new (7, 0);

  g_array_append_val (shortest->segments, one_frame);
  g_assert_true (sl_plan_validate (shortest, NULL));
  g_array_append_val (silent->segments, silence);
  g_assert_true (sl_plan_validate (silent, NULL));
  silent->source_length = -1;
  assert_refused (silent, NULL);
}

static void
test_longer_than_the_source (void)
{
  const SlSegment segment = { .dest = 0, .source = 0, .length = SOURCE_LENGTH + 1 };
  g_autoptr (SlPlan) plan = sl_plan_new (SOURCE_LENGTH + 1, SOURCE_LENGTH);

  g_array_append_val (plan->segments, segment);
  assert_refused (plan, "Segment 1 ");
}

/* Two neighbours that sound and only touch may not fade. */
static void
test_butt_joint (void)
{
  const SlSegment segments[] = {
    { .dest = 0, .source = 0, .length = 80 },
    { .dest = 80, .source = 20, .length = 70 },
  };
  g_autoptr (SlPlan) plan = sl_plan_new (150, SOURCE_LENGTH);

  g_array_append_vals (plan->segments, segments, G_N_ELEMENTS (segments));
  g_assert_true (sl_plan_validate (plan, NULL));
  segment_of (plan, 0)->fade_out = 5;
  assert_refused (plan, "Segment 2 ");
  segment_of (plan, 0)->fade_out = 0;
  segment_of (plan, 1)->fade_in = 5;
  assert_refused (plan, "Segment 2 ");
  segment_of (plan, 1)->source = 0;
  assert_refused (plan, "Segment 2 ");
}

/* The second lies inside the first, both fades as long as the overlap. */
static void
test_contained (void)
{
  const SlSegment segments[] = {
    { .dest = 0, .source = 0, .length = 100, .fade_out = 50 },
    { .dest = 50, .source = 0, .length = 50, .fade_in = 50 },
  };
  g_autoptr (SlPlan) plan = sl_plan_new (100, SOURCE_LENGTH);

  g_array_append_vals (plan->segments, segments, G_N_ELEMENTS (segments));
  assert_refused (plan, "Segment 2 ");
}

static void
test_empty (void)
{
  g_autoptr (SlPlan) plan = sl_plan_new (150, SOURCE_LENGTH);
  g_autoptr (SlPlan) no_target = example ();

  assert_refused (plan, NULL);
  no_target->target = 0;
  assert_refused (no_target, NULL);
  sl_plan_free (NULL);
}

static SlPlan *
many_segments (guint n)
{
  SlPlan *plan = sl_plan_new (n, 1);

  for (guint i = 0; i < n; i++)
    {
      SlSegment segment = { .dest = i, .source = 0, .length = 1 };
      g_array_append_val (plan->segments, segment);
    }
  return plan;
}

static void
test_limit (void)
{
  g_autoptr (SlPlan) most = many_segments (SL_PLAN_MAX_SEGMENTS);
  g_autoptr (SlPlan) more = many_segments (SL_PLAN_MAX_SEGMENTS + 1);
  g_autoptr (GError) error = NULL;

  g_assert_true (sl_plan_validate (most, NULL));
  g_assert_false (sl_plan_validate (more, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_LIMIT);
}

static void
test_identity (void)
{
  const SlSegment whole = { .dest = 0, .source = 0, .length = SOURCE_LENGTH };
  g_autoptr (SlPlan) plan = sl_plan_new (SOURCE_LENGTH, SOURCE_LENGTH);
  g_autoptr (SlPlan) other = example ();

  g_array_append_val (plan->segments, whole);
  g_assert_true (sl_plan_is_identity (plan));
  segment_of (plan, 0)->fade_out = 1;
  g_assert_false (sl_plan_is_identity (plan));
  segment_of (plan, 0)->fade_out = 0;
  segment_of (plan, 0)->fade_in = 1;
  g_assert_false (sl_plan_is_identity (plan));
  segment_of (plan, 0)->fade_in = 0;
  plan->source_length = SOURCE_LENGTH + 1;
  g_assert_false (sl_plan_is_identity (plan));
  segment_of (plan, 0)->source = 1;
  g_assert_false (sl_plan_is_identity (plan));
  g_assert_false (sl_plan_is_identity (other));
}

static void
test_seams (void)
{
  g_autoptr (SlPlan) plan = example ();
  g_autoptr (GArray) seams = sl_plan_get_seams (plan);
  const SlSeam *seam = &g_array_index (seams, SlSeam, 0);

  g_assert_cmpuint (seams->len, ==, 2);
  g_assert_cmpuint (seam[0].left, ==, 0);
  g_assert_cmpint (seam[0].position, ==, 70);
  g_assert_cmpint (seam[0].overlap, ==, 10);
  g_assert_cmpuint (seam[1].left, ==, 1);
  g_assert_cmpint (seam[1].position, ==, 130);
  g_assert_cmpint (seam[1].overlap, ==, 0);
}

static void
test_segment_at (void)
{
  g_autoptr (SlPlan) plan = example ();

  g_assert_cmpuint (sl_plan_segment_at (plan, 0), ==, 0);
  g_assert_cmpuint (sl_plan_segment_at (plan, 79), ==, 0);
  g_assert_cmpuint (sl_plan_segment_at (plan, 80), ==, 1);
  g_assert_cmpuint (sl_plan_segment_at (plan, 129), ==, 1);
  g_assert_cmpuint (sl_plan_segment_at (plan, 130), ==, 2);
  g_assert_cmpuint (sl_plan_segment_at (plan, 149), ==, 2);
  g_assert_cmpuint (sl_plan_segment_at (plan, 150), ==, 3);
}

static void
test_copy (void)
{
  g_autoptr (SlPlan) plan = example ();
  g_autoptr (SlPlan) copy = sl_plan_copy (plan);

  segment_of (plan, 1)->source = 7;
  g_assert_cmpint (segment_of (copy, 1)->source, ==, 40);
  g_assert_cmpint (copy->target, ==, 150);
  g_assert_cmpint (copy->source_length, ==, SOURCE_LENGTH);
  g_assert_true (sl_plan_validate (copy, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plan/valid", test_valid);
  for (guint i = 0; i < G_N_ELEMENTS (breakages); i++)
    {
      g_autofree char *path = g_strdup_printf ("/plan/broken/%s", breakages[i].name);
      g_test_add_data_func (path, &breakages[i], test_broken);
    }
  g_test_add_func ("/plan/error-names-the-segment", test_error_names_the_segment);
  g_test_add_func ("/plan/just-valid", test_just_valid);
  g_test_add_func ("/plan/same-start", test_same_start);
  g_test_add_func ("/plan/longer-than-the-source", test_longer_than_the_source);
  g_test_add_func ("/plan/butt-joint", test_butt_joint);
  g_test_add_func ("/plan/contained", test_contained);
  g_test_add_func ("/plan/empty", test_empty);
  g_test_add_func ("/plan/limit", test_limit);
  g_test_add_func ("/plan/identity", test_identity);
  g_test_add_func ("/plan/seams", test_seams);
  g_test_add_func ("/plan/segment-at", test_segment_at);
  g_test_add_func ("/plan/copy", test_copy);
  return g_test_run ();
}
