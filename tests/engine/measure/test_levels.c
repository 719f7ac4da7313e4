/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/measure/levels.h"

#include "engine/base/units.h"

#include "../../support/noise.h"

#include <math.h>
#include <string.h>

#define RATE 48000
#define WINDOW 19200 // 400 ms

/* Feeds @samples in blocks of at most @block frames. */
static SlLevels
measure (const float *samples, int channels, gint64 frames, gint64 block)
{
  g_autoptr (SlLevelMeter) meter = sl_level_meter_new ();
  SlTap tap = sl_level_meter_tap (meter);

  tap.begin (tap.self, channels, RATE);
  for (gint64 at = 0; at < frames; at += block)
    g_assert_true (tap.feed (tap.self, samples + at * channels, MIN (block, frames - at), NULL));
  return sl_level_meter_result (meter);
}

/* Noise of @level around @offset. */
static float *
make_noise (gint64 samples, guint32 seed, float level, float offset)
{
  float *out = g_new (float, samples);

  for (gint64 i = 0; i < samples; i++)
    out[i] = level * noise_sample (&seed) + offset;
  return out;
}

/* RMS of the samples of [@from, @to), one at a time. */
static double
plain_rms (const float *samples, gint64 from, gint64 to)
{
  double squares = 0.0;

  for (gint64 i = from; i < to; i++)
    squares += (double) samples[i] * samples[i];
  return sqrt (squares / (to - from));
}

static double
plain_mean (const float *samples, int channels, int channel, gint64 frames)
{
  double sum = 0.0;

  for (gint64 i = 0; i < frames; i++)
    sum += samples[i * channels + channel];
  return sum / frames;
}

static double
plain_dc (const float *samples, int channels, gint64 frames)
{
  double farthest = 0.0;

  for (int channel = 0; channel < channels; channel++)
    {
      double mean = plain_mean (samples, channels, channel, frames);

      farthest = fabs (mean) > fabs (farthest) ? mean : farthest;
    }
  return farthest;
}

/* Everything that is counted one sample at a time. */
static void
check_counts (const SlLevels *levels, const float *samples, int channels, gint64 frames)
{
  gint64 near = 0, over = 0, first_over = -1, peak_at = 0;
  double peak = 0.0;

  for (gint64 i = 0; i < frames * channels; i++)
    {
      double size = fabs ((double) samples[i]);

      near += size >= 0.99;
      if (size > 1.0 && over++ == 0)
        first_over = i / channels;
      if (size > peak)
        {
          peak = size;
          peak_at = i / channels;
        }
    }
  g_assert_cmpfloat (levels->peak, ==, peak);
  g_assert_cmpint (levels->peak_frame, ==, peak_at);
  g_assert_cmpint (levels->near_clip_samples, ==, near);
  g_assert_cmpint (levels->over_samples, ==, over);
  g_assert_cmpint (levels->first_over, ==, first_over);
}

/* Sums are compared to 1e-12 of full scale, all else exactly. */
static void
check_noise (int channels, gint64 frames, gint64 block, float level, float offset)
{
  g_autofree float *samples = make_noise (frames * channels, 6, level, offset);
  SlLevels levels = measure (samples, channels, frames, block);

  g_assert_cmpint (levels.frames, ==, frames);
  g_assert_cmpint (levels.channels, ==, channels);
  check_counts (&levels, samples, channels, frames);
  g_assert_cmpint (levels.nonfinite_samples, ==, 0);
  g_assert_cmpint (levels.first_nonfinite, ==, -1);
  g_assert_cmpfloat_with_epsilon (levels.rms, plain_rms (samples, 0, frames * channels), 1e-12);
  g_assert_cmpfloat_with_epsilon (levels.active_rms, levels.rms, 1e-12);
  g_assert_cmpfloat_with_epsilon (levels.dc, plain_dc (samples, channels, frames), 1e-12);
}

static void
test_noise (void)
{
  const gint64 blocks[] = { 1, 7, 4096, 8192, 19201, 100000 };
  const int channels[] = { 1, 2, 3, 16 };

  for (guint c = 0; c < G_N_ELEMENTS (channels); c++)
    for (guint b = 0; b < G_N_ELEMENTS (blocks); b++)
      {
        check_noise (channels[c], 30011, blocks[b], 0.5f, -0.01f);
        check_noise (channels[c], 30011, blocks[b], 1.02f, 0.001f);
        check_noise (channels[c], 3, blocks[b], 1.0f, 0.0f);
      }
}

/* 0.99 and the floats beside it; 1.0 and the float above it; either sign. */
static void
test_clipping (void)
{
  float samples[8] = { 0.99f, nextafterf (0.99f, 0.0f), -0.99f, 1.0f, -1.0f, 0.0f, 0.0f, 0.0f };
  SlLevels levels = measure (samples, 2, 4, 4);

  check_counts (&levels, samples, 2, 4);
  g_assert_cmpint (levels.near_clip_samples, ==, 4);
  g_assert_cmpint (levels.over_samples, ==, 0);
  g_assert_cmpint (levels.first_over, ==, -1);
  g_assert_cmpfloat_with_epsilon (sl_levels_clip_ratio (&levels), 0.5, 1e-12);

  samples[5] = nextafterf (-1.0f, -2.0f);
  levels = measure (samples, 2, 4, 4);
  g_assert_cmpint (levels.over_samples, ==, 1);
  g_assert_cmpint (levels.first_over, ==, 2);
  g_assert_cmpint (levels.peak_frame, ==, 2);
}

/* The first of equal peaks counts, also across blocks. */
static void
test_first_peak (void)
{
  g_autofree float *samples = g_new0 (float, 20000);
  SlLevels levels;

  samples[7001] = -1.5f;
  samples[7003] = samples[15000] = 1.5f;
  levels = measure (samples, 2, 10000, 1000);
  g_assert_cmpint (levels.peak_frame, ==, 3500);
  g_assert_cmpint (levels.first_over, ==, 3500);
  g_assert_cmpint (levels.over_samples, ==, 3);
}

/* Two channels that pull to different sides: the farther one is told, with its sign. */
static void
test_dc (void)
{
  float samples[2000];

  for (int i = 0; i < 2000; i++)
    samples[i] = i % 2 == 0 ? 0.125f : -0.25f;
  g_assert_cmpfloat_with_epsilon (measure (samples, 2, 1000, 77).dc, -0.25, 1e-12);
  g_assert_cmpfloat_with_epsilon (measure (samples, 1, 2000, 77).dc, -0.0625, 1e-12);
}

static void
fill (float *samples, gint64 from, gint64 to, float value)
{
  for (gint64 i = from; i < to; i++)
    samples[i] = i % 2 == 0 ? value : -value;
}

/* Two loud windows, one just above -70 dBFS, one just below it, one of silence, half a loud one. */
static void
test_active (void)
{
  const float above = 3.17e-4f, below = 3.15e-4f; // -69.98 and -70.03 dBFS
  const gint64 frames = 5 * WINDOW + WINDOW / 2;
  g_autofree float *samples = g_new0 (float, frames);
  SlLevels levels;

  fill (samples, 0, 2 * WINDOW, 0.5f);
  fill (samples, 2 * WINDOW, 3 * WINDOW, above);
  fill (samples, 3 * WINDOW, 4 * WINDOW, below);
  fill (samples, 5 * WINDOW, frames, 0.25f);
  levels = measure (samples, 1, frames, 8192);
  g_assert_cmpfloat_with_epsilon (levels.active_rms, sqrt ((2 * 0.25 + 0.5 * 0.0625) / 3.5), 1e-6);
  g_assert_cmpfloat (levels.rms, <, levels.active_rms);

  levels = measure (samples + 3 * WINDOW, 1, 2 * WINDOW, 8192);
  g_assert_cmpfloat (levels.active_rms, ==, 0.0);
  g_assert_cmpfloat (levels.rms, >, 0.0);
}

/* What is not a number is counted and found, and changes nothing else. */
static void
check_nonfinite (int channels)
{
  const gint64 frames = 12000, n = frames * channels;
  const gint64 bad[] = { 5001, 5002, 9000, n - 1 };
  const float values[] = { NAN, INFINITY, -INFINITY, -NAN };
  g_autofree float *samples = make_noise (n, 12, 0.5f, 0.25f);
  double sum = 0.0;
  SlLevels levels;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    samples[bad[i]] = values[i];
  levels = measure (samples, channels, frames, 8192);
  g_assert_cmpint (levels.nonfinite_samples, ==, 4);
  g_assert_cmpint (levels.first_nonfinite, ==, 5001 / channels);
  for (gint64 i = 0; i < n; i++)
    sum += isfinite (samples[i]) ? (double) samples[i] * samples[i] : 0.0;
  g_assert_cmpfloat_with_epsilon (levels.rms, sqrt (sum / (n - 4)), 1e-12);
  g_assert_cmpfloat (levels.peak, <=, 0.75);
  g_assert_cmpint (levels.near_clip_samples, ==, 0);
  g_assert_cmpint (levels.over_samples, ==, 0);
  g_assert_cmpfloat_with_epsilon (levels.dc, 0.25, 0.02);
}

static void
test_nonfinite (void)
{
  const float nothing[4] = { NAN, NAN, NAN, NAN };
  SlLevels levels = measure (nothing, 2, 2, 2);

  check_nonfinite (1);
  check_nonfinite (2);
  check_nonfinite (3);
  g_assert_cmpint (levels.nonfinite_samples, ==, 4);
  g_assert_cmpfloat (levels.rms, ==, 0.0);
  g_assert_cmpfloat (levels.dc, ==, 0.0);
}

/* The mean of a channel is over the samples that are numbers. */
static void
test_nonfinite_dc (void)
{
  float samples[8] = { 0.5f, 0.1f, NAN, 0.1f, NAN, 0.1f, 0.5f, 0.1f };

  g_assert_cmpfloat_with_epsilon (measure (samples, 2, 4, 4).dc, 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (measure (samples, 2, 4, 1).dc, 0.5, 1e-12);
}

static void
test_silence (void)
{
  const float zeros[100] = { 0.0f };
  SlLevels levels = measure (zeros, 1, 100, 100);
  SlLevels nothing = measure (zeros, 1, 0, 1);

  g_assert_cmpfloat (levels.peak, ==, 0.0);
  g_assert_cmpint (levels.peak_frame, ==, 0);
  g_assert_cmpfloat (levels.active_rms, ==, 0.0);
  g_assert_cmpfloat (sl_levels_crest_db (&levels), ==, 0.0);
  g_assert_cmpfloat (sl_levels_clip_ratio (&levels), ==, 0.0);
  g_assert_cmpint (nothing.frames, ==, 0);
  g_assert_cmpint (nothing.first_over, ==, -1);
  g_assert_cmpfloat (nothing.rms, ==, 0.0);
  g_assert_cmpfloat (sl_levels_clip_ratio (&nothing), ==, 0.0);
}

/* A sine's crest factor is 3.01 dB, a square's 0. */
static void
test_crest (void)
{
  g_autofree float *samples = g_new (float, 48000);
  SlLevels levels;

  for (int i = 0; i < 48000; i++)
    samples[i] = (float) (0.5 * sin (2.0 * G_PI * 1000.0 * i / RATE));
  levels = measure (samples, 1, 48000, 8192);
  g_assert_cmpfloat_with_epsilon (sl_levels_crest_db (&levels), 20.0 * log10 (sqrt (2.0)), 1e-4);
  fill (samples, 0, 48000, 0.5f);
  levels = measure (samples, 1, 48000, 8192);
  g_assert_cmpfloat_with_epsilon (sl_levels_crest_db (&levels), 0.0, 1e-9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/levels/noise", test_noise);
  g_test_add_func ("/levels/clipping", test_clipping);
  g_test_add_func ("/levels/first-peak", test_first_peak);
  g_test_add_func ("/levels/dc", test_dc);
  g_test_add_func ("/levels/active", test_active);
  g_test_add_func ("/levels/nonfinite", test_nonfinite);
  g_test_add_func ("/levels/nonfinite-dc", test_nonfinite_dc);
  g_test_add_func ("/levels/silence", test_silence);
  g_test_add_func ("/levels/crest", test_crest);
  return g_test_run ();
}
