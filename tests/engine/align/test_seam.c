/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seam measures on untouched music, where they must be content, and on joins that were spoilt. */
#include "../../support/memory_source.h"
#include "../../support/noise.h"
#include "../../support/samples.h"
#include "engine/align/render.h"
#include "engine/align/seam.h"
#include "engine/align/step_rank.h"
#include "engine/base/units.h"

#include <math.h>

#define PLACES 1000
#define RATE 44100

/* Of each piece this much is used. */
#define MAX_FRAMES (5 * RATE)

/* Of the places in music that are audible: no hole is heard in silence. */
#define AUDIBLE_RMS 0.01

static const char *const pieces[]
    = { "loop_amen_full", "loop_garzul", "loop_mika",      "loop_tabla",  "loop_compus",
        "ambi_piano",     "ambi_choir",  "guit_harmonics", "loop_safari", "loop_industrial" };

static SlPlan *
two_segments (gint64 frames, gint64 at, gint64 overlap)
{
  SlPlan *plan = sl_plan_new (frames, frames);
  SlSegment left = { 0, 0, at + overlap, 0, overlap, 0.0 };
  SlSegment right = { at, at, frames - at, overlap, 0, overlap > 0 ? 1.0 : 0.0 };

  g_array_append_val (plan->segments, left);
  g_array_append_val (plan->segments, right);
  g_assert_true (sl_plan_validate (plan, NULL));
  return plan;
}

static SlSeamQuality
measure (const SlPlan *plan, const Sample *music, const float *rendered)
{
  g_autoptr (GArray) seams = sl_plan_get_seams (plan);
  g_autoptr (SlSource) source
      = memory_source_new (music->audio, music->channels, RATE, music->frames);
  g_autoptr (SlSource) render = memory_source_new (rendered, music->channels, RATE, plan->target);
  SlSeamQuality quality;

  g_assert_true (sl_seam_measure (plan, &g_array_index (seams, SlSeam, 0), NULL, source, render,
                                  &quality, NULL));
  return quality;
}

static double
rms_around (const Sample *music, gint64 at, gint64 reach)
{
  double sum = 0.0;
  gint64 from = MAX (0, at - reach);
  gint64 end = MIN (music->frames, at + reach);

  for (gint64 i = from * music->channels; i < end * music->channels; i++)
    sum += (double) music->audio[i] * (double) music->audio[i];
  return sqrt (sum / (double) ((end - from) * music->channels));
}

static gint64
audible_place (const Sample *music, gint64 margin)
{
  for (;;)
    {
      gint64 at = margin + g_test_rand_int_range (0, (gint32) (music->frames - 2 * margin));
      if (rms_around (music, at, RATE / 100) > AUDIBLE_RMS)
        return at;
    }
}

/* How often @test says yes at PLACES places of real music. */
static int
count (gboolean (*test) (const Sample *music, gint64 at))
{
  int yes = 0;

  for (guint p = 0; p < G_N_ELEMENTS (pieces); p++)
    {
      g_auto (Sample) music = { 0 };

      sample_load (pieces[p], &music);
      music.frames = MIN (music.frames, MAX_FRAMES);
      for (guint i = 0; i < PLACES / G_N_ELEMENTS (pieces); i++)
        yes += test (&music, audible_place (&music, RATE / 4));
    }
  return yes;
}

static gboolean
untouched_passes (const Sample *music, gint64 at)
{
  static const gint64 overlaps[] = { 0, 220, 2205, 8000 };
  gint64 overlap = overlaps[g_test_rand_int_range (0, G_N_ELEMENTS (overlaps))];
  g_autoptr (SlPlan) plan = two_segments (music->frames, at, overlap);
  SlSeamQuality quality = measure (plan, music, music->audio);

  return quality.step <= SL_SEAM_STEP_PASS && fabs (quality.level_db) <= SL_SEAM_LEVEL_PASS_DB
         && (isnan (quality.match) || quality.match >= SL_SEAM_MATCH_PASS);
}

static void
test_untouched (void)
{
  int passed;

  if (!samples_available ())
    return;
  passed = count (untouched_passes);
  g_test_message ("%d of %d places in untouched music pass", passed, PLACES);
  g_assert_cmpint (passed, >=, PLACES * 99 / 100);
}

/* Fades out before @at and in after it, linearly, over @fade frames each. */
static void
make_hole (float *audio, int channels, gint64 at, gint64 fade)
{
  for (gint64 i = -fade; i < fade; i++)
    for (int c = 0; c < channels; c++)
      audio[(at + i) * channels + c] *= (float) fabs ((double) i / (double) fade);
}

static gboolean
hole_fails (const Sample *music, gint64 at)
{
  gint64 fade = sl_frames_from_ms (5.0 + g_test_rand_double_range (0.0, 45.0), RATE);
  gboolean crossfaded = g_test_rand_bit ();
  /* The seam is the hole's middle, or a crossfade that spans it. */
  g_autoptr (SlPlan) plan
      = two_segments (music->frames, crossfaded ? at - fade : at, crossfaded ? 2 * fade : 0);
  g_autofree float *spoilt
      = g_memdup2 (music->audio, (gsize) (music->frames * music->channels) * sizeof *music->audio);
  SlSeamQuality quality;

  make_hole (spoilt, music->channels, at, fade);
  quality = measure (plan, music, spoilt);
  return quality.step > SL_SEAM_STEP_WARN || fabs (quality.level_db) > SL_SEAM_LEVEL_WARN_DB;
}

static void
test_holes (void)
{
  int failed;

  if (!samples_available ())
    return;
  failed = count (hole_fails);
  g_test_message ("%d of %d holes fail", failed, PLACES);
  g_assert_cmpint (failed, >=, PLACES * 95 / 100);
}

/* A repeat of a loop at its true length: nothing to find fault with, through the real renderer. */
static gboolean
true_join_passes (const Sample *music, gint64 at)
{
  gint64 loop = MIN (music->frames, 3 * RATE);
  gint64 overlap = RATE / 50;
  gint64 join = loop + overlap + at % (loop - overlap);
  gint64 frames = 3 * loop;
  Sample repeated = { .channels = music->channels, .frames = frames };
  SlPlan *plan = sl_plan_new (frames + loop, frames);
  SlSegment left = { 0, 0, join, 0, overlap, 0.0 };
  SlSegment right
      = { join - overlap, join - overlap - loop, frames + overlap - join + loop, overlap, 0, 1.0 };
  g_autoptr (SlSource) source = NULL;
  g_autoptr (SlSource) render = NULL;
  g_autofree float *rendered = NULL;
  SlSeamQuality quality;

  right.length = MIN (right.length, frames - right.source);
  plan->target = right.dest + right.length;
  repeated.audio = g_new (float, frames * music->channels);
  for (gint64 i = 0; i < frames * music->channels; i++)
    repeated.audio[i] = music->audio[i % (loop * music->channels)];
  g_array_append_val (plan->segments, left);
  g_array_append_val (plan->segments, right);
  source = memory_source_new (repeated.audio, music->channels, RATE, frames);
  render = sl_plan_source_new (plan, g_steal_pointer (&source), NULL);
  rendered = g_new (float, plan->target * music->channels);
  g_assert_true (sl_source_read_at (render, 0, rendered, plan->target, NULL));
  quality = measure (plan, &repeated, rendered);
  g_free (repeated.audio);
  sl_plan_free (plan);
  return quality.step <= SL_SEAM_STEP_PASS && fabs (quality.level_db) <= SL_SEAM_LEVEL_PASS_DB
         && quality.match >= SL_SEAM_MATCH_PASS;
}

static void
test_true_joins (void)
{
  int passed;

  if (!samples_available ())
    return;
  passed = count (true_join_passes);
  g_test_message ("%d of %d true joins pass", passed, PLACES);
  g_assert_cmpint (passed, ==, PLACES);
}

/* --- synthesised --- */

static Sample
make_sine (gint64 frames)
{
  Sample sine = { .channels = 1, .frames = frames };

  sine.audio = g_new (float, frames);
  for (gint64 i = 0; i < frames; i++)
    sine.audio[i] = 0.5f * (float) sin (2.0 * G_PI * 441.0 * (double) i / RATE);
  return sine;
}

static void
test_click_fails_step (void)
{
  Sample sine = make_sine (2 * RATE);
  g_autoptr (SlPlan) plan = two_segments (sine.frames, RATE, 0);
  g_autofree float *spoilt = g_memdup2 (sine.audio, (gsize) sine.frames * sizeof *sine.audio);
  SlSeamQuality quality;

  /* 441 Hz at 0.5 steps by at most 0.0314: a jump of 0.3 is about ten times that. */
  for (gint64 i = RATE; i < sine.frames; i++)
    spoilt[i] += 0.3f;
  quality = measure (plan, &sine, spoilt);
  g_assert_cmpfloat (quality.step, >, SL_SEAM_STEP_WARN);
  g_assert_cmpfloat_with_epsilon (quality.step, (0.3 + 0.0314) / 0.0314, 0.2);
  g_assert_cmpint (quality.step_frame, ==, RATE);
  g_free (sine.audio);
}

/* A bump of +2 dB over the overlap is a warning, and its sign and place are told. */
static void
test_bump_is_measured (void)
{
  Sample sine = make_sine (2 * RATE);
  g_autoptr (SlPlan) plan = two_segments (sine.frames, RATE, RATE / 10);
  g_autofree float *spoilt = g_memdup2 (sine.audio, (gsize) sine.frames * sizeof *sine.audio);
  SlSeamQuality quality;

  for (gint64 i = RATE; i < RATE + RATE / 10; i++)
    spoilt[i] *= (float) sl_gain_from_db (2.0);
  quality = measure (plan, &sine, spoilt);
  g_assert_cmpfloat_with_epsilon (quality.level_db, 2.0, 0.01); /* dB */
  g_assert_cmpint (quality.level_frame, >=, RATE - RATE / 100);
  g_assert_cmpint (quality.level_frame, <, RATE + RATE / 10);
  g_assert_cmpfloat_with_epsilon (quality.match, 1.0, 1e-9);
  g_free (sine.audio);
}

/* From a loud passage into one of half the level, at the same phase: the crossfade is where the
 * level is expected to fall, so nothing is wrong. The law then dips by 10 log10 (0.9) = -0.46 dB.
 */
static void
test_levels_may_differ (void)
{
  Sample sine = make_sine (4 * RATE);
  SlPlan *plan = sl_plan_new (2 * RATE, sine.frames);
  SlSegment left = { 0, 0, RATE + RATE / 2, 0, RATE / 2, 0.0 };
  SlSegment right = { RATE, 3 * RATE, RATE, RATE / 2, 0, 1.0 };
  g_autoptr (SlSource) render = NULL;
  g_autofree float *rendered = g_new (float, 2 * RATE);
  SlSeamQuality quality;

  for (gint64 i = 2 * RATE; i < sine.frames; i++)
    sine.audio[i] *= 0.5f;
  g_array_append_val (plan->segments, left);
  g_array_append_val (plan->segments, right);
  render = sl_plan_source_new (plan, memory_source_new (sine.audio, 1, RATE, sine.frames), NULL);
  g_assert_true (sl_source_read_at (render, 0, rendered, 2 * RATE, NULL));
  quality = measure (plan, &sine, rendered);
  g_assert_cmpfloat_with_epsilon (quality.level_db, -0.51, 0.1); /* dB; worst near t = 2/3 */
  g_assert_cmpfloat (quality.step, <=, 1.0);
  g_free (sine.audio);
  sl_plan_free (plan);
}

/* A loop of 1,000 frames against beats of 900: 100 frames away from one beat. */
static void
test_grid (void)
{
  Sample sine = make_sine (10000);
  SlGrid grid = { 900, 1, 4, 0 };
  g_autoptr (SlPlan) plan = sl_plan_new (9000, 10000);
  SlSegment left = { 0, 0, 5000, 0, 0, 0.0 };
  SlSegment right = { 5000, 4000, 4000, 0, 0, 0.0 };
  g_autoptr (GArray) seams = NULL;
  g_autoptr (SlSource) source = memory_source_new (sine.audio, 1, RATE, sine.frames);
  g_autoptr (SlSource) render = memory_source_new (sine.audio, 1, RATE, 9000);
  SlSeamQuality quality;

  g_array_append_val (plan->segments, left);
  g_array_append_val (plan->segments, right);
  seams = sl_plan_get_seams (plan);
  g_assert_true (sl_seam_measure (plan, &g_array_index (seams, SlSeam, 0), &grid, source, render,
                                  &quality, NULL));
  g_assert_cmpfloat_with_epsilon (quality.grid_ms, 100.0 * 1000.0 / RATE, 1e-9);
  g_free (sine.audio);
}

/* Against silence there is nothing to match, but a cut still clicks. */
static void
test_against_silence (void)
{
  Sample sine = make_sine (RATE);
  g_autoptr (SlPlan) plan = sl_plan_new (2 * RATE, RATE);
  SlSegment left = { 0, 0, 10025, 0, 0, 0.0 };
  SlSegment right = { 10025, -1, 2 * RATE - 10025, 0, 0, 0.0 };
  g_autofree float *rendered = g_new0 (float, 2 * RATE);
  SlSeamQuality quality;

  memcpy (rendered, sine.audio, 10025 * sizeof *rendered);
  g_array_append_val (plan->segments, left);
  g_array_append_val (plan->segments, right);
  quality = measure (plan, &sine, rendered);
  g_assert_true (isnan (quality.level_db));
  g_assert_true (isnan (quality.match));
  g_assert_true (isnan (quality.grid_ms));
  g_assert_cmpfloat (quality.step, >, SL_SEAM_STEP_WARN);
  g_free (sine.audio);
}

static void
test_silence_passes (void)
{
  Sample silence = { .channels = 2, .frames = RATE, .audio = g_new0 (float, 2 * RATE) };
  g_autoptr (SlPlan) plan = two_segments (RATE, RATE / 2, 500);
  SlSeamQuality quality = measure (plan, &silence, silence.audio);

  g_assert_cmpfloat (quality.step, ==, 0.0);
  g_assert_cmpfloat (quality.level_db, ==, 0.0);
  g_assert_true (isnan (quality.match));
  g_free (silence.audio);
}

static int
compare_floats (gconstpointer a, gconstpointer b)
{
  float x = *(const float *) a;
  float y = *(const float *) b;

  return (x > y) - (x < y);
}

/* The rank kept in passing is that of sorting everything, across blocks and for any length. */
static void
test_step_rank (void)
{
  static const gint64 lengths[] = { 2, 3, 100, 8192, 8193, 8194, 40000 };
  const gint64 from = 77;
  guint32 state = 6;

  for (guint l = 0; l < G_N_ELEMENTS (lengths); l++)
    {
      gint64 n = lengths[l] - 1;
      g_autofree float *audio = g_new (float, from + lengths[l]);
      g_autofree float *steps = g_new (float, n);
      g_autoptr (SlSource) source = NULL;
      double found;

      for (gint64 i = 0; i < from + lengths[l]; i++)
        audio[i] = noise_sample (&state);
      for (gint64 i = 0; i < n; i++)
        steps[i] = fabsf (audio[from + i + 1] - audio[from + i]);
      qsort (steps, (gsize) n, sizeof *steps, compare_floats);
      source = memory_source_new (audio, 1, RATE, from + lengths[l]);
      g_assert_true (sl_step_rank (source, from, lengths[l], 0.99, &found, NULL));
      g_assert_cmpfloat (found, ==, (double) steps[(gint64) (0.99 * (double) (n - 1))]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/seam/untouched-music-passes", test_untouched);
  g_test_add_func ("/seam/holes-fail", test_holes);
  g_test_add_func ("/seam/true-joins-pass", test_true_joins);
  g_test_add_func ("/seam/click-fails-step", test_click_fails_step);
  g_test_add_func ("/seam/bump-is-measured", test_bump_is_measured);
  g_test_add_func ("/seam/levels-may-differ", test_levels_may_differ);
  g_test_add_func ("/seam/step-rank", test_step_rank);
  g_test_add_func ("/seam/grid", test_grid);
  g_test_add_func ("/seam/against-silence", test_against_silence);
  g_test_add_func ("/seam/silence-passes", test_silence_passes);
  return g_test_run ();
}
