/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/render.h"

#include "../../support/memory_source.h"
#include "engine/align/crossfade.h"
#include "engine/align/planner.h"
#include "engine/base/error.h"
#include "engine/base/units.h"

#include <math.h>

#define RATE 1000

/* Of a rendered sample of a fade; floats have a 24-bit significand and samples here are below 100.
 */
#define FADE_TOLERANCE 1e-5

/* Of a correlation, measured in double. */
#define CORRELATION_TOLERANCE 1e-9

static SlPlan *
plan_of (gint64 target, gint64 source_length, const SlSegment *segments, guint n)
{
  SlPlan *plan = sl_plan_new (target, source_length);

  g_array_append_vals (plan->segments, segments, n);
  g_assert_true (sl_plan_validate (plan, NULL));
  return plan;
}

/* 30 frames from 1 on: to frame 8, then frame 20 on, over an overlap of 3, then silence. */
static SlPlan *
example (double r)
{
  const SlSegment segments[] = {
    { .dest = 0, .source = 0, .length = 8, .fade_in = 1, .fade_out = 3 },
    { .dest = 5, .source = 20, .length = 8, .fade_in = 3, .fade_out = 2, .correlation = r },
    { .dest = 13, .source = -1, .length = 3 },
  };

  return plan_of (16, 30, segments, G_N_ELEMENTS (segments));
}

static SlSource *
ramp (gint64 frames)
{
  g_autofree float *samples = g_new (float, frames);

  for (gint64 i = 0; i < frames; i++)
    samples[i] = (float) (i + 1);
  return memory_source_new (samples, 1, RATE, frames);
}

static float *
random_samples (gint64 n)
{
  float *samples = g_new (float, n);

  for (gint64 i = 0; i < n; i++)
    samples[i] = (float) g_test_rand_double_range (-1.0, 1.0);
  return samples;
}

/* All of @plan over @source, which is taken. */
static float *
render (const SlPlan *plan, SlSource *source)
{
  int channels = source->channels;
  GError *error = NULL;
  g_autoptr (SlSource) rendered = sl_plan_source_new (plan, source, &error);
  float *out = g_new (float, plan->target *channels + 1);

  g_assert_no_error (error);
  g_assert_cmpint (rendered->length, ==, plan->target);
  g_assert_cmpint (rendered->channels, ==, channels);
  g_assert_cmpint (sl_source_read (rendered, out, plan->target + 1, &error), ==, plan->target);
  g_assert_no_error (error);
  return out;
}

/* Gains at t = 1/4, 1/2, 3/4 for the frames 6, 7, 8 of the first segment and 21, 22, 23 of the
 * second; the fade-in of one frame and the fade-out of two are linear. */
static void
test_known_values (void)
{
  g_autoptr (SlPlan) plan = example (0.0);
  g_autofree float *out = render (plan, ramp (30));
  const double root = sqrt (10.0);
  const double expected[] = {
    0.5 * 1,
    2,
    3,
    4,
    5,
    (3 * 6 + 1 * 21) / root,
    (7 + 22) * sqrt (0.5),
    (1 * 8 + 3 * 23) / root,
    24,
    25,
    26,
    2.0 / 3.0 * 27,
    1.0 / 3.0 * 28,
    0,
    0,
    0,
  };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpfloat_with_epsilon (out[i], expected[i], FADE_TOLERANCE);
}

static void
test_linear_values (void)
{
  g_autoptr (SlPlan) plan = example (1.0);
  g_autofree float *out = render (plan, ramp (30));

  g_assert_cmpfloat (out[5], ==, (float) (0.75 * 6 + 0.25 * 21));
  g_assert_cmpfloat (out[6], ==, (float) (0.5 * 7 + 0.5 * 22));
  g_assert_cmpfloat (out[7], ==, (float) (0.25 * 8 + 0.75 * 23));
}

/* The left channel of the source is 1 in the ending segment alone, the right one in the starting
 * one: what comes out is the two gains. Longer than a block, so that blocks must agree. */
static void
test_gains_over_blocks (void)
{
  const gint64 n = 3 * SL_BLOCK_FRAMES + 17;
  const SlSegment segments[] = {
    { .dest = 0, .source = 0, .length = n + 10, .fade_out = n },
    { .dest = 10, .source = n + 10, .length = n + 5, .fade_in = n, .correlation = 0.3 },
  };
  g_autoptr (SlPlan) plan = plan_of (n + 15, 2 * n + 15, segments, 2);
  g_autofree float *samples = g_new0 (float, 2 * (2 * n + 15));
  g_autofree float *out = NULL;

  for (gint64 i = 0; i < 2 * n + 15; i++)
    samples[2 * i + (i < n + 10 ? 0 : 1)] = 1.0F;
  out = render (plan, memory_source_new (samples, 2, RATE, 2 * n + 15));
  for (gint64 i = 0; i < n; i++)
    {
      double a = out[2 * (i + 10)];
      double b = out[2 * (i + 10) + 1];
      double t = (double) (i + 1) / (double) (n + 1);

      g_assert_cmpfloat_with_epsilon (a * a + b * b + 0.6 * a * b, 1.0, 1e-6);
      g_assert_cmpfloat_with_epsilon (b / (a + b), t, 1e-6);
    }
}

/* Repeats that match exactly, faded with r = 1, are not changed by more than a rounding. */
static void
test_equal_material_stays (void)
{
  const gint64 lag = 500;
  const SlSegment segments[] = {
    { .dest = 0, .source = 0, .length = 1000, .fade_out = 200 },
    { .dest = 800, .source = 800 - lag, .length = 700, .fade_in = 200, .correlation = 1.0 },
  };
  g_autoptr (SlPlan) plan = plan_of (1500, 1000, segments, 2);
  g_autofree float *samples = random_samples (1000);
  g_autofree float *out = NULL;

  memcpy (samples + lag, samples, (gsize) lag * sizeof (float));
  out = render (plan, memory_source_new (samples, 1, RATE, 1000));
  for (gint64 i = 0; i < 1500; i++)
    g_assert_cmpfloat_with_epsilon (out[i], samples[i % lag], 1e-7);
}

static void
test_refused (void)
{
  g_autoptr (SlPlan) plan = example (0.0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) invalid = NULL;

  g_assert_null (sl_plan_source_new (plan, ramp (29), &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
  g_assert_nonnull (g_strstr_len (error->message, -1, "29"));
  g_array_index (plan->segments, SlSegment, 0).fade_in = -1;
  g_assert_null (sl_plan_source_new (plan, ramp (30), &invalid));
  g_assert_error (invalid, SL_ERROR, SL_ERROR_INVALID);
}

/* The source keeps its own copy of the plan. */
static void
test_plan_is_copied (void)
{
  SlPlan *plan = example (0.0);
  g_autoptr (SlSource) rendered = sl_plan_source_new (plan, ramp (30), NULL);
  float out[16];

  sl_plan_free (plan);
  g_assert_true (sl_source_read_at (rendered, 8, out, 3, NULL));
  g_assert_cmpfloat (out[0], ==, 24.0F);
}

static gint64
failing_read (SlSource *source, float *out, gint64 frames, GError **error)
{
  if (source->position + frames > 20)
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_DECODE, "broken at frame 20");
      return -1;
    }
  memset (out, 0, (gsize) frames * sizeof (float));
  return frames;
}

static gboolean
any_seek (SlSource *source, gint64 frame, GError **error)
{
  return TRUE;
}

static void
plain_free (SlSource *source)
{
  g_free (source);
}

static void
test_source_errors_pass_through (void)
{
  static const SlSourceClass klass = { failing_read, any_seek, plain_free };
  g_autoptr (SlPlan) plan = example (0.0);
  SlSource *source = g_new0 (SlSource, 1);
  g_autoptr (SlSource) rendered = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;
  float out[16];

  sl_source_init (source, &klass, 1, RATE, 30);
  rendered = sl_plan_source_new (plan, source, NULL);
  g_assert_cmpint (sl_source_read (rendered, out, 5, &error), ==, 5);
  g_assert_cmpint (sl_source_read (rendered, out, 5, &error), ==, -1);
  g_assert_error (error, SL_ERROR, SL_ERROR_DECODE);
  g_assert_false (sl_source_seek (rendered, 0, &again));
  g_assert_error (again, SL_ERROR, SL_ERROR_DECODE);
}

/* What the plan says, frame by frame, in the plainest way. *@faded: whether more than one segment
 * or a gain is involved. */
static double
expected_sample (const SlPlan *plan,
                 const float *samples,
                 int channels,
                 gint64 frame,
                 int c,
                 gboolean *faded)
{
  double sum = 0.0;

  *faded = FALSE;
  for (guint i = 0; i < plan->segments->len; i++)
    {
      const SlSegment *s = &g_array_index (plan->segments, SlSegment, i);
      gint64 at = frame - s->dest;
      gint64 left = s->length - at;
      gboolean crossed = i > 0 && s->source >= 0 && (s - 1)->dest + (s - 1)->length > s->dest;
      double a, b, gain = 1.0;

      if (at < 0 || left <= 0 || s->source < 0)
        continue;
      if (at < s->fade_in)
        {
          sl_crossfade_gains ((at + 1.0) / (s->fade_in + 1.0), crossed ? s->correlation : 1.0, &a,
                              &b);
          gain = b;
          *faded = TRUE;
        }
      if (left <= s->fade_out)
        {
          gboolean into = i + 1 < plan->segments->len && (s + 1)->dest < s->dest + s->length;

          sl_crossfade_gains ((s->fade_out - left + 1.0) / (s->fade_out + 1.0),
                              into ? (s + 1)->correlation : 1.0, &a, &b);
          gain = a;
          *faded = TRUE;
        }
      sum += gain * samples[(s->source + at) * channels + c];
    }
  return sum;
}

static void
assert_rendered (const SlPlan *plan, const float *samples, int channels, const float *out)
{
  for (gint64 frame = 0; frame < plan->target; frame++)
    for (int c = 0; c < channels; c++)
      {
        gboolean faded;
        double expected = expected_sample (plan, samples, channels, frame, c, &faded);
        float got = out[frame * channels + c];

        if (faded)
          g_assert_cmpfloat_with_epsilon (got, expected, 1e-6);
        else
          g_assert_cmpfloat (got, ==, (float) expected);
      }
}

typedef struct
{
  SlPlanOptions options;
  SlCandidate candidates[3];
} Case;

/* A source of some seconds for @strategy, with random joins. */
static void
randomise (Case *self, SlStrategy strategy)
{
  SlPlanOptions *options = &self->options;

  *options = sl_plan_options_default ();
  options->strategy = strategy;
  options->rate_hz = RATE;
  options->source_length = g_test_rand_int_range (200, 3000);
  options->offset = g_test_rand_int_range (-100, 100);
  options->target = options->offset + options->source_length;
  if (strategy == SL_STRATEGY_TRUNCATE)
    options->target -= g_test_rand_int_range (1, 99);
  else if (strategy != SL_STRATEGY_NONE)
    options->target += g_test_rand_int_range (1, 5000);
  options->rhythmic = g_test_rand_bit ();
  options->ending = g_test_rand_bit () ? SL_ENDING_KEEP : SL_ENDING_CUT;
  options->has_section = strategy == SL_STRATEGY_PLACE;
  options->section_start = g_test_rand_int_range (0, 100);
  options->section_end = options->target + g_test_rand_int_range (-200, 100);
  options->fill = (SlFill) g_test_rand_int_range (SL_FILL_NONE, SL_FILL_CROSSFADE + 1);
  options->candidates = self->candidates;
  options->n_candidates = G_N_ELEMENTS (self->candidates);
  for (guint i = 0; i < options->n_candidates; i++)
    self->candidates[i] = (SlCandidate){
      .join = options->source_length - g_test_rand_int_range (0, 50),
      .lag = g_test_rand_int_range (10, (int) options->source_length),
      .score = 0.9,
      .kind = SL_LAG_FREE,
    };
}

/* Correlations as they could have been measured. */
static void
randomise_correlations (SlPlan *plan)
{
  g_autoptr (GArray) seams = sl_plan_get_seams (plan);

  for (guint i = 0; i < seams->len; i++)
    {
      const SlSeam *seam = &g_array_index (seams, SlSeam, i);

      if (seam->overlap > 0)
        g_array_index (plan->segments, SlSegment, seam->left + 1).correlation
            = g_test_rand_double_range (0.0, 1.0);
    }
}

static SlPlan *
random_plan (SlStrategy strategy)
{
  Case random;
  g_auto (SlPlanned) planned = { 0 };
  GError *error = NULL;

  randomise (&random, strategy);
  /* Joins are random, too: one in some hundred leaves no room for a kept ending. */
  while (!sl_planner_make (&random.options, &planned, &error))
    {
      g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
      g_clear_error (&error);
      randomise (&random, strategy);
    }
  randomise_correlations (planned.plan);
  return g_steal_pointer (&planned.plan);
}

/* Outside fades bit for bit, inside them within rounding, for every strategy. */
static void
test_every_strategy (void)
{
  for (int strategy = SL_STRATEGY_NONE; strategy <= SL_STRATEGY_TRUNCATE; strategy++)
    for (int i = 0; i < 60; i++)
      {
        g_autoptr (SlPlan) plan = random_plan ((SlStrategy) strategy);
        int channels = g_test_rand_int_range (1, 4);
        g_autofree float *samples = random_samples (plan->source_length * channels);
        g_autofree float *out
            = render (plan, memory_source_new (samples, channels, RATE, plan->source_length));

        assert_rendered (plan, samples, channels, out);
      }
}

static void
test_seeks (void)
{
  g_autoptr (SlPlan) plan = random_plan (SL_STRATEGY_LOOP);
  g_autofree float *samples = random_samples (plan->source_length * 2);
  g_autofree float *out = render (plan, memory_source_new (samples, 2, RATE, plan->source_length));
  g_autofree float *piece = g_new (float, plan->target * 2);
  g_autoptr (SlSource) rendered
      = sl_plan_source_new (plan, memory_source_new (samples, 2, RATE, plan->source_length), NULL);

  for (int i = 0; i < 5000; i++)
    {
      gint64 at = g_test_rand_int_range (0, (int) plan->target + 1);
      gint64 n = g_test_rand_int_range (0, 300);
      gint64 got;

      g_assert_true (sl_source_seek (rendered, at, NULL));
      got = sl_source_read (rendered, piece, n, NULL);
      g_assert_cmpint (got, ==, MIN (n, plan->target - at));
      g_assert_cmpmem (piece, (gsize) got * 2 * sizeof (float), out + 2 * at,
                       (gsize) got * 2 * sizeof (float));
    }
}

static SlPlan *
overlap_plan (gint64 n)
{
  const SlSegment segments[] = {
    { .dest = 0, .source = 0, .length = n + 1, .fade_out = n },
    { .dest = 1, .source = n + 1, .length = n + 1, .fade_in = n },
  };

  return plan_of (n + 2, 2 * n + 2, segments, 2);
}

/* r of the overlap of frames 1 to n + 1 with frames n + 1 to 2n + 1 of @source, which is taken. */
static double
measured (gint64 n, SlSource *source)
{
  g_autoptr (SlPlan) plan = overlap_plan (n);
  g_autoptr (SlSource) taken = source;
  GError *error = NULL;

  g_assert_true (sl_plan_measure_correlations (plan, source, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (sl_plan_validate (plan, NULL));
  g_assert_cmpfloat (g_array_index (plan->segments, SlSegment, 0).correlation, ==, 0.0);
  return g_array_index (plan->segments, SlSegment, 1).correlation;
}

/* Frame i of the ending part is u = 1, of the starting one a·u + b·v, v being 1, -1, 1, … */
static SlSource *
mixture (gint64 n, double a, double b)
{
  g_autofree float *samples = g_new0 (float, 2 * n + 2);

  for (gint64 i = 0; i < n; i++)
    {
      samples[1 + i] = 1.0F;
      samples[n + 1 + i] = (float) (a + (i % 2 == 0 ? b : -b));
    }
  return memory_source_new (samples, 1, RATE, 2 * n + 2);
}

static void
test_correlations (void)
{
  const gint64 n = 2 * SL_BLOCK_FRAMES + 6;

  g_assert_cmpfloat_with_epsilon (measured (n, mixture (n, 1.0, 0.0)), 1.0, CORRELATION_TOLERANCE);
  g_assert_cmpfloat_with_epsilon (measured (n, mixture (n, 0.25, 0.0)), 1.0, CORRELATION_TOLERANCE);
  g_assert_cmpfloat_with_epsilon (measured (n, mixture (n, 0.0, 1.0)), 0.0, CORRELATION_TOLERANCE);
  g_assert_cmpfloat_with_epsilon (measured (n, mixture (n, 3.0, 4.0)), 0.6, CORRELATION_TOLERANCE);
  g_assert_cmpfloat_with_epsilon (measured (4, mixture (4, 3.0, 4.0)), 0.6, CORRELATION_TOLERANCE);
  g_assert_cmpfloat (measured (n, mixture (n, -1.0, 0.0)), ==, 0.0);
  g_assert_cmpfloat (measured (n, mixture (n, 0.0, 0.0)), ==, 0.0);
  g_assert_cmpfloat (measured (n, mixture (n, 1e-7, 0.0)), ==, 0.0);
  g_assert_cmpfloat (measured (n, mixture (n, NAN, 0.0)), ==, 0.0);
}

/* Equal in one channel, opposite and half as strong in the other: (1 - 1/4) / (1 + 1/4). */
static void
test_correlation_spans_channels (void)
{
  const gint64 n = 100;
  g_autofree float *samples = g_new0 (float, 2 * (2 * n + 2));

  for (gint64 i = 0; i < n; i++)
    {
      samples[2 * (1 + i)] = 1.0F;
      samples[2 * (n + 1 + i)] = 1.0F;
      samples[2 * (1 + i) + 1] = 0.5F;
      samples[2 * (n + 1 + i) + 1] = -0.5F;
    }
  g_assert_cmpfloat_with_epsilon (measured (n, memory_source_new (samples, 2, RATE, 2 * n + 2)),
                                  0.6, CORRELATION_TOLERANCE);
}

/* Counts blocks; stops at @stop_at of them when that is above 0. */
typedef struct
{
  int blocks;
  int stop_at;
  double last;
} Listener;

static gboolean
listen (double fraction, gpointer data)
{
  Listener *self = data;

  g_assert_cmpfloat (fraction, >=, self->last);
  self->last = fraction;
  self->blocks++;
  return self->blocks != self->stop_at;
}

/* Ten repeats of one body meet in two ways only: source into body, and body into itself, which are
 * the same two stretches. */
static void
test_equal_pairs_are_read_once (void)
{
  SlPlanOptions options = sl_plan_options_default ();
  SlCandidate candidate = { .join = 900, .lag = 500, .score = 1.0, .kind = SL_LAG_FREE };
  g_auto (SlPlanned) planned = { 0 };
  g_autoptr (SlSource) source = ramp (1000);
  Listener listener = { 0 };
  SlProgress progress = { listen, &listener };

  options.strategy = SL_STRATEGY_LOOP;
  options.rate_hz = RATE;
  options.source_length = 1000;
  options.target = 6000;
  options.candidates = &candidate;
  options.n_candidates = 1;
  g_assert_true (sl_planner_make (&options, &planned, NULL));
  g_assert_cmpuint (planned.plan->segments->len, ==, 12);
  g_assert_true (sl_plan_measure_correlations (planned.plan, source, &progress, NULL));
  g_assert_cmpint (listener.blocks, ==, 1);
  for (guint i = 1; i < 12; i++)
    g_assert_cmpfloat (g_array_index (planned.plan->segments, SlSegment, i).correlation, >, 0.9);
}

static void
test_measuring_can_be_stopped (void)
{
  const gint64 n = 4 * SL_BLOCK_FRAMES;
  g_autoptr (SlPlan) plan = overlap_plan (n);
  g_autoptr (SlSource) source = mixture (n, 1.0, 0.0);
  Listener listener = { .stop_at = 3 };
  SlProgress progress = { listen, &listener };
  g_autoptr (GError) error = NULL;

  g_assert_false (sl_plan_measure_correlations (plan, source, &progress, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_CANCELLED);
  g_assert_cmpint (listener.blocks, ==, 3);
  g_assert_cmpfloat (listener.last, ==, 0.5);
}

static void
test_measuring_needs_the_source (void)
{
  g_autoptr (SlPlan) plan = overlap_plan (10);
  g_autoptr (SlSource) source = ramp (21);
  g_autoptr (GError) error = NULL;

  g_assert_false (sl_plan_measure_correlations (plan, source, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
}

/* Gives @samples to a check in blocks of up to @block frames. */
static SlIdentityResult
check (const SlPlan *plan,
       SlSource *source,
       double tolerance,
       const float *samples,
       gint64 frames,
       int block)
{
  g_autoptr (SlIdentityCheck) self = sl_identity_check_new (plan, source, tolerance);
  SlTap tap = sl_identity_check_tap (self);
  GError *error = NULL;

  tap.begin (tap.self, source->channels, source->rate_hz);
  for (gint64 at = 0; at < frames;)
    {
      gint64 some = g_test_rand_int_range (1, block + 1);
      gint64 n = MIN (frames - at, some);

      g_assert_true (tap.feed (tap.self, samples + at * source->channels, n, &error));
      g_assert_no_error (error);
      at += n;
    }
  return sl_identity_check_result (self);
}

/* The example renders 16 frames: the first, the overlap of 3 and the last two before silence fade.
 */
static void
test_identity_holds (void)
{
  g_autoptr (SlPlan) plan = example (0.3);
  g_autofree float *out = render (plan, ramp (30));
  g_autoptr (SlSource) source = ramp (30);
  SlIdentityResult result = check (plan, source, 0.0, out, 16, 5);

  g_assert_cmpint (result.compared, ==, 10);
  g_assert_cmpint (result.wrong, ==, 0);
  g_assert_cmpint (result.first_wrong, ==, -1);
  g_assert_cmpfloat (result.worst, ==, 0.0);
}

static void
test_identity_of_every_strategy (void)
{
  for (int strategy = SL_STRATEGY_NONE; strategy <= SL_STRATEGY_TRUNCATE; strategy++)
    {
      g_autoptr (SlPlan) plan = random_plan ((SlStrategy) strategy);
      g_autofree float *samples = random_samples (plan->source_length * 2);
      g_autofree float *out
          = render (plan, memory_source_new (samples, 2, RATE, plan->source_length));
      g_autoptr (SlSource) source = memory_source_new (samples, 2, RATE, plan->source_length);
      SlIdentityResult result = check (plan, source, 0.0, out, plan->target, 700);

      g_assert_cmpint (result.wrong, ==, 0);
      g_assert_cmpint (result.compared, >, 0);
    }
}

static void
test_identity_finds_what_is_wrong (void)
{
  g_autoptr (SlPlan) plan = example (0.3);
  g_autofree float *out = render (plan, ramp (30));
  g_autoptr (SlSource) source = ramp (30);
  SlIdentityResult result;

  out[6] = 99.0F; /* inside the crossfade */
  out[9] += 0.25F;
  out[10] -= 0.5F;
  result = check (plan, source, 0.0, out, 16, 16);
  g_assert_cmpint (result.wrong, ==, 2);
  g_assert_cmpint (result.first_wrong, ==, 9);
  g_assert_cmpfloat (result.worst, ==, 0.5);
  result = check (plan, source, 0.25, out, 16, 16);
  g_assert_cmpint (result.wrong, ==, 1);
  g_assert_cmpint (result.first_wrong, ==, 10);
  result = check (plan, source, 0.5, out, 16, 16);
  g_assert_cmpint (result.wrong, ==, 0);
  g_assert_cmpfloat (result.worst, ==, 0.5);
}

/* At both ends of a run, over channels. */
static void
test_identity_at_the_ends (void)
{
  const SlSegment whole = { .dest = 0, .source = 0, .length = 20 };
  g_autoptr (SlPlan) plan = plan_of (20, 20, &whole, 1);
  g_autofree float *samples = random_samples (2 * 20);
  g_autoptr (SlSource) source = memory_source_new (samples, 2, RATE, 20);
  SlIdentityResult result;

  samples[39] += 0.5F;
  result = check (plan, source, 0.25, samples, 20, 20);
  g_assert_cmpint (result.wrong, ==, 1);
  g_assert_cmpint (result.first_wrong, ==, 19);
  samples[1] += 0.5F;
  result = check (plan, source, 0.25, samples, 20, 20);
  g_assert_cmpint (result.wrong, ==, 2);
  g_assert_cmpint (result.first_wrong, ==, 0);
  g_assert_cmpint (result.compared, ==, 40);
}

static void
test_identity_of_silence (void)
{
  g_autoptr (SlPlan) plan = example (0.3);
  g_autofree float *out = render (plan, ramp (30));
  g_autoptr (SlSource) source = ramp (30);
  SlIdentityResult result;

  out[15] = 1e-9F;
  result = check (plan, source, 0.0, out, 16, 4);
  g_assert_cmpint (result.wrong, ==, 1);
  g_assert_cmpint (result.first_wrong, ==, 15);
  out[15] = -0.0F;
  result = check (plan, source, 0.0, out, 16, 4);
  g_assert_cmpint (result.wrong, ==, 0);
}

static void
test_identity_of_what_is_not_a_number (void)
{
  g_autoptr (SlPlan) plan = example (0.3);
  g_autofree float *out = render (plan, ramp (30));
  g_autoptr (SlSource) source = ramp (30);
  SlIdentityResult result;

  out[2] = NAN;
  result = check (plan, source, 1000.0, out, 16, 16);
  g_assert_cmpint (result.wrong, ==, 1);
  g_assert_cmpint (result.first_wrong, ==, 2);
  g_assert_cmpfloat (result.worst, ==, INFINITY);
}

static void
test_identity_of_too_much (void)
{
  g_autoptr (SlPlan) plan = example (0.3);
  g_autofree float *out = g_new0 (float, 20);
  g_autofree float *rendered = render (plan, ramp (30));
  g_autoptr (SlSource) source = ramp (30);
  SlIdentityResult result;

  memcpy (out, rendered, 16 * sizeof (float));
  result = check (plan, source, 0.0, out, 20, 3);
  g_assert_cmpint (result.wrong, ==, 4);
  g_assert_cmpint (result.first_wrong, ==, 16);
  g_assert_cmpint (result.compared, ==, 14);
}

static void
test_identity_needs_equal_channels (void)
{
  g_autoptr (SlPlan) plan = example (0.3);
  g_autoptr (SlSource) source = ramp (30);
  g_autoptr (SlIdentityCheck) self = sl_identity_check_new (plan, source, 0.0);
  SlTap tap = sl_identity_check_tap (self);
  const float samples[2] = { 0 };
  g_autoptr (GError) error = NULL;

  tap.begin (tap.self, 2, RATE);
  g_assert_false (tap.feed (tap.self, samples, 1, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
  sl_identity_check_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/known-values", test_known_values);
  g_test_add_func ("/render/linear-values", test_linear_values);
  g_test_add_func ("/render/gains-over-blocks", test_gains_over_blocks);
  g_test_add_func ("/render/equal-material-stays", test_equal_material_stays);
  g_test_add_func ("/render/refused", test_refused);
  g_test_add_func ("/render/plan-is-copied", test_plan_is_copied);
  g_test_add_func ("/render/source-errors-pass-through", test_source_errors_pass_through);
  g_test_add_func ("/render/every-strategy", test_every_strategy);
  g_test_add_func ("/render/seeks", test_seeks);
  g_test_add_func ("/correlations/known", test_correlations);
  g_test_add_func ("/correlations/span-channels", test_correlation_spans_channels);
  g_test_add_func ("/correlations/equal-pairs-once", test_equal_pairs_are_read_once);
  g_test_add_func ("/correlations/can-be-stopped", test_measuring_can_be_stopped);
  g_test_add_func ("/correlations/need-the-source", test_measuring_needs_the_source);
  g_test_add_func ("/identity/holds", test_identity_holds);
  g_test_add_func ("/identity/every-strategy", test_identity_of_every_strategy);
  g_test_add_func ("/identity/finds-what-is-wrong", test_identity_finds_what_is_wrong);
  g_test_add_func ("/identity/at-the-ends", test_identity_at_the_ends);
  g_test_add_func ("/identity/silence", test_identity_of_silence);
  g_test_add_func ("/identity/not-a-number", test_identity_of_what_is_not_a_number);
  g_test_add_func ("/identity/too-much", test_identity_of_too_much);
  g_test_add_func ("/identity/equal-channels", test_identity_needs_equal_channels);
  return g_test_run ();
}
