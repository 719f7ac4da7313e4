/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of crossfades when their audio is listened to. */
#include "engine/align/fades.h"

#include "../../support/failing_source.h"
#include "../../support/memory_source.h"
#include "engine/align/onsets.h"
#include "engine/align/planner.h"
#include "engine/base/error.h"

#include <math.h>

#define RATE 8000
#define MS (RATE / 1000)

/* A steady tone, 60 dB below full scale, in @channels channels. */
static float *
tone (gint64 frames, int channels)
{
  float *samples = g_new (float, frames *channels);

  for (gint64 i = 0; i < frames * channels; i++)
    samples[i] = (float) (0.001 * sin (2.0 * G_PI * 200.0 * (double) (i / channels) / RATE));
  return samples;
}

static float *
noise (gint64 frames)
{
  float *samples = g_new (float, frames);

  for (gint64 i = 0; i < frames; i++)
    samples[i] = (float) g_test_rand_double_range (-0.3, 0.3);
  return samples;
}

/* Adds a hit: 10 ms of decaying noise that begins with @frame. */
static void
add_hit (float *samples, gint64 frames, int channels, gint64 frame)
{
  double level = g_test_rand_double_range (0.2, 0.8);

  for (gint64 i = frame; i < MIN (frame + 10 * MS, frames); i++)
    for (int c = 0; c < channels; c++)
      {
        double sign = (i - frame) % 2 == 0 ? 1.0 : -1.0;
        double noise = sign * g_test_rand_double_range (0.5, 1.0);
        samples[i * channels + c] += (float) (level * noise * exp (-(double) (i - frame) / 20.0));
      }
}

/* Hits at random, 30 to 400 ms from each other; their frames are put into @hits. */
static float *
drums (gint64 frames, int channels, GArray *hits)
{
  float *samples = tone (frames, channels);

  for (gint64 at = g_test_rand_int_range (0, 400 * MS); at < frames;
       at += g_test_rand_int_range (30 * MS, 400 * MS))
    {
      add_hit (samples, frames, channels, at);
      g_array_append_val (hits, at);
    }
  return samples;
}

/* Fits with a join by hand, or -1. */
static SlPlan *
fit_at (SlPlan *plan, const float *samples, int channels, gint64 join)
{
  GError *error = NULL;
  g_autoptr (SlSource) source = memory_source_new (samples, channels, RATE, plan->source_length);

  sl_plan_fit_fades (plan, source, join, NULL, &error);
  g_assert_no_error (error);
  sl_plan_validate (plan, &error);
  g_assert_no_error (error);
  return plan;
}

static SlPlan *
fit (SlPlan *plan, const float *samples, int channels)
{
  return fit_at (plan, samples, channels, -1);
}

/* The source's first @join frames, then those from @join - @lag on; an overlap of @fade at the
 * join. */
static SlPlan *
joined (gint64 frames, gint64 join, gint64 lag, gint64 fade)
{
  SlPlan *plan = sl_plan_new (join + lag, frames);
  SlSegment left = { .dest = 0, .source = 0, .length = join, .fade_out = fade };
  SlSegment right
      = { .dest = join - fade, .source = join - lag - fade, .length = lag + fade, .fade_in = fade };

  g_array_append_val (plan->segments, left);
  g_array_append_val (plan->segments, right);
  return plan;
}

static const SlSegment *
segment_of (const SlPlan *plan, guint index)
{
  return &g_array_index (plan->segments, SlSegment, index);
}

/* --- onsets --- */

/* Each hit is found once, in the millisecond that holds it; a hit on the first frame, too. */
static void
test_onsets_of_hits (void)
{
  const gint64 frames = 2 * RATE;
  const gint64 hits[] = { 0, 1234, 5001, 5400, 12007 };
  g_autofree float *samples = tone (frames, 2);
  g_autoptr (GArray) onsets = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (SlSource) source = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (hits); i++)
    add_hit (samples, frames, 2, hits[i]);
  source = memory_source_new (samples, 2, RATE, frames);
  g_assert_true (sl_onsets_find (source, 0, frames, onsets, NULL));
  g_assert_cmpuint (onsets->len, ==, G_N_ELEMENTS (hits));
  for (guint i = 0; i < onsets->len; i++)
    {
      gint64 late = hits[i] - g_array_index (onsets, gint64, i);

      g_assert_cmpint (late, >=, 0);
      g_assert_cmpint (late, <, MS);
    }
}

static guint
count_onsets (const float *samples, gint64 frames, gint64 from)
{
  g_autoptr (GArray) onsets = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (SlSource) source = memory_source_new (samples, 1, RATE, frames);

  g_assert_true (sl_onsets_find (source, from, frames, onsets, NULL));
  return onsets->len;
}

/* Once under way, a tone, a deep one, noise and silence have none. */
static void
test_no_onsets (void)
{
  const gint64 frames = RATE;
  g_autofree float *samples = tone (frames, 1);

  g_assert_cmpuint (count_onsets (samples, frames, 50 * MS), ==, 0);
  for (gint64 i = 0; i < frames; i++)
    samples[i] = (float) sin (2.0 * G_PI * 30.0 * (double) i / RATE);
  g_assert_cmpuint (count_onsets (samples, frames, 100 * MS), ==, 0);
  for (gint64 i = 0; i < frames; i++)
    samples[i] = (float) g_test_rand_double_range (-0.5, 0.5);
  g_assert_cmpuint (count_onsets (samples, frames, 50 * MS), ==, 0);
  memset (samples, 0, (gsize) frames * sizeof *samples);
  g_assert_cmpuint (count_onsets (samples, frames, 0), ==, 0);
}

/* --- crossfades and hits --- */

/* Whether a hit begins inside the source frames (@start, @start + @frames). */
static gboolean
crosses (const GArray *hits, gint64 start, gint64 frames)
{
  for (guint i = 0; i < hits->len; i++)
    {
      gint64 hit = g_array_index (hits, gint64, i);

      if (hit > start && hit < start + frames)
        return TRUE;
    }
  return FALSE;
}

/* Of 300 random joins among random hits no crossfade has one inside, on either side, but for the
 * one in 20 at most of which no more than 1 ms is left. */
static void
test_never_across_a_hit (void)
{
  guint crossed = 0;
  guint shortest = 0;

  for (int round = 0; round < 300; round++)
    {
      const gint64 frames = 5 * RATE;
      int channels = g_test_rand_int_range (1, 3);
      gint64 fade = g_test_rand_int_range (2, RATE);
      gint64 lag = g_test_rand_int_range ((gint32) fade, 2 * RATE);
      gint64 join = g_test_rand_int_range ((gint32) (lag + fade), (gint32) frames + 1);
      g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_autofree float *samples = drums (frames, channels, hits);
      gboolean free_before = !crosses (hits, join - fade - 1, fade + 1)
                             && !crosses (hits, join - lag - fade - 1, fade + 1);
      g_autoptr (SlPlan) plan = fit (joined (frames, join, lag, fade), samples, channels);
      const SlSegment *right = segment_of (plan, 1);

      crossed += !free_before;
      g_assert_cmpint (right->fade_in, >=, 1);
      shortest += right->fade_in <= MS;
      if (right->fade_in > MS)
        {
          g_assert_false (crosses (hits, right->source, right->fade_in));
          g_assert_false (crosses (hits, right->source + lag, right->fade_in));
        }
      g_assert_cmpint (right->dest - right->source, ==, lag);
    }
  g_assert_cmpuint (crossed, >, 100);
  g_assert_cmpuint (shortest, <, 15);
}

/* 400 ms before the join without a hit are used; of 30 ms and 90 ms the 90 are; right behind a hit
 * its attack is spared. */
static void
test_which_stretch (void)
{
  const gint64 frames = 4 * RATE, join = 4 * RATE, lag = 2 * RATE, fade = RATE;
  g_autofree float *samples = tone (frames, 1);
  g_autoptr (SlPlan) plan = NULL;
  g_autoptr (SlPlan) other = NULL;

  add_hit (samples, frames, 1, join - 400 * MS);
  plan = fit (joined (frames, join, lag, fade), samples, 1);
  g_assert_cmpint (segment_of (plan, 1)->fade_in, ==, 395 * MS);
  g_assert_cmpint (segment_of (plan, 0)->length, ==, join);
  add_hit (samples, frames, 1, join - lag - 30 * MS);
  add_hit (samples, frames, 1, join - 120 * MS);
  other = fit (joined (frames, join, lag, fade), samples, 1);
  g_assert_cmpint (segment_of (other, 1)->fade_in, ==, 85 * MS);
  g_assert_cmpint (segment_of (other, 0)->length, ==, join - 30 * MS);
}

/* Wherever within the overlap somebody wants the join, among hits or over noise that does not
 * match: there is the fade, and no hit inside it. */
static void
test_on_the_join (void)
{
  for (int round = 0; round < 300; round++)
    {
      const gint64 frames = 5 * RATE;
      gint64 fade = g_test_rand_int_range (2, RATE);
      gint64 lag = g_test_rand_int_range ((gint32) fade, 2 * RATE);
      gint64 join = g_test_rand_int_range ((gint32) (lag + fade), (gint32) frames + 1);
      gint64 wanted = join - g_test_rand_int_range (0, (gint32) fade + 1);
      g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_autofree float *samples = round % 2 == 0 ? drums (frames, 1, hits) : noise (frames);
      g_autoptr (SlPlan) plan = fit_at (joined (frames, join, lag, fade), samples, 1, wanted);
      const SlSegment *right = segment_of (plan, 1);

      g_assert_cmpint (right->dest, <=, wanted);
      g_assert_cmpint (segment_of (plan, 0)->length, >=, wanted);
      if (right->fade_in > MS)
        g_assert_false (crosses (hits, right->source + lag, right->fade_in));
    }
}

/* A fade of 5 ms that begins with a hit: 1 ms stays, so that there is no step. */
static void
test_nothing_but_a_hit (void)
{
  const gint64 frames = 2 * RATE;
  g_autofree float *samples = tone (frames, 1);
  g_autoptr (SlPlan) plan = NULL;

  add_hit (samples, frames, 1, RATE);
  plan = fit (joined (frames, RATE + 5 * MS, RATE / 2, 5 * MS), samples, 1);
  g_assert_cmpint (segment_of (plan, 1)->fade_in, ==, MS);
  g_assert_cmpint (segment_of (plan, 1)->dest, ==, RATE);
}

/* --- crossfades and level --- */

/* What matches is crossfaded for as long as was planned; two tones that beat are not, since over a
 * second they are as often against each other as with each other. */
static void
test_long_only_where_it_matches (void)
{
  const gint64 frames = 4 * RATE, join = 4 * RATE, lag = 2 * RATE;
  g_autofree float *samples = noise (frames);
  g_autoptr (SlPlan) same = NULL;
  g_autoptr (SlPlan) beating = NULL;

  memcpy (samples + lag, samples, (gsize) lag * sizeof *samples);
  same = fit (joined (frames, join, lag, RATE), samples, 1);
  g_assert_cmpint (segment_of (same, 1)->fade_in, ==, RATE);
  for (gint64 i = 0; i < frames; i++)
    samples[i] = (float) (0.5 * sin (2.0 * G_PI * (i < lag ? 300.0 : 305.0) * (double) i / RATE));
  beating = fit (joined (frames, join, lag, RATE), samples, 1);
  g_assert_cmpint (segment_of (beating, 1)->fade_in, <=, 100 * MS);
  g_assert_cmpint (segment_of (beating, 1)->fade_in, >=, 7 * MS);
  g_assert_cmpint (segment_of (beating, 0)->length, ==, join);
}

/* Of the crossfade of @plan; -1 where the two segments cancel. */
static double
correlation_of (const SlPlan *plan, const float *samples)
{
  const SlSegment *right = segment_of (plan, 1);
  const float *b = samples + right->source;
  const float *a = samples + right->dest;
  double aa = 0.0, bb = 0.0, ab = 0.0;

  for (gint64 i = 0; i < right->fade_in; i++)
    {
      aa += (double) a[i] * (double) a[i];
      bb += (double) b[i] * (double) b[i];
      ab += (double) a[i] * (double) b[i];
    }
  return ab / sqrt (aa * bb);
}

/* Two tones that are against each other at the join are with each other 100 ms before: wherever the
 * join is, the crossfade ends up where they do not cancel. At -0.2 its middle is 1 dB down. */
static void
test_ends_where_it_matches (void)
{
  const gint64 frames = 4 * RATE, lag = 2 * RATE;
  g_autofree float *samples = g_new (float, frames);

  for (gint64 i = 0; i < frames; i++)
    samples[i] = (float) (0.5 * sin (2.0 * G_PI * (i < lag ? 300.0 : 305.0) * (double) i / RATE));
  for (gint64 join = frames - 200 * MS; join <= frames; join += 10 * MS)
    {
      g_autoptr (SlPlan) plan = fit (joined (frames, join, lag, RATE), samples, 1);

      g_assert_cmpfloat (correlation_of (plan, samples), >, -0.2);
      g_assert_cmpint (segment_of (plan, 0)->length, <=, join);
      g_assert_cmpint (segment_of (plan, 0)->length, >=, join - 100 * MS);
    }
}

/* --- whole plans --- */

/* Of random plans every segment still plays the same source frames at the same time, as far as it
 * sounds, and no crossfade leaves the old one. */
static void
test_random_plans (void)
{
  for (int round = 0; round < 200; round++)
    {
      SlPlanOptions options = sl_plan_options_default ();
      gint64 frames = g_test_rand_int_range (RATE / 2, 4 * RATE);
      g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_autofree float *samples = drums (frames, 1, hits);
      g_auto (SlPlanned) planned = { 0 };
      g_autoptr (SlPlan) before = NULL;

      options.rate_hz = RATE;
      options.source_length = frames;
      options.target = frames + g_test_rand_int_range (RATE, 20 * RATE);
      options.strategy = g_test_rand_bit () ? SL_STRATEGY_LOOP : SL_STRATEGY_CROSSFADE;
      options.rhythmic = g_test_rand_bit ();
      options.join = g_test_rand_int_range (RATE / 4, (gint32) frames + 1);
      g_assert_true (sl_planner_make (&options, &planned, NULL));
      before = sl_plan_copy (planned.plan);
      fit (planned.plan, samples, 1);
      g_assert_cmpuint (planned.plan->segments->len, ==, before->segments->len);
      for (guint i = 0; i < before->segments->len; i++)
        {
          const SlSegment *is = segment_of (planned.plan, i);
          const SlSegment *was = segment_of (before, i);

          g_assert_cmpint (is->dest - is->source, ==, was->dest - was->source);
          g_assert_cmpint (is->dest, >=, was->dest);
          g_assert_cmpint (is->dest + is->fade_in, <=, was->dest + MAX (was->fade_in, 1));
          g_assert_cmpint (is->dest + is->length, <=, was->dest + was->length);
        }
    }
}

static void
test_refused (void)
{
  g_autofree float *samples = noise (RATE);
  g_autoptr (SlPlan) plan = joined (RATE, RATE, RATE / 2, RATE / 8);
  g_autoptr (SlSource) other = memory_source_new (samples, 1, RATE, RATE / 2);
  g_autoptr (GError) error = NULL;

  g_assert_false (sl_plan_fit_fades (plan, other, -1, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fades/onsets-of-hits", test_onsets_of_hits);
  g_test_add_func ("/fades/no-onsets", test_no_onsets);
  g_test_add_func ("/fades/never-across-a-hit", test_never_across_a_hit);
  g_test_add_func ("/fades/which-stretch", test_which_stretch);
  g_test_add_func ("/fades/on-the-join", test_on_the_join);
  g_test_add_func ("/fades/nothing-but-a-hit", test_nothing_but_a_hit);
  g_test_add_func ("/fades/long-only-where-it-matches", test_long_only_where_it_matches);
  g_test_add_func ("/fades/ends-where-it-matches", test_ends_where_it_matches);
  g_test_add_func ("/fades/random-plans", test_random_plans);
  g_test_add_func ("/fades/refused", test_refused);
  return g_test_run ();
}
