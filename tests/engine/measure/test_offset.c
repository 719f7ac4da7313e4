/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/measure/offset.h"

#include "engine/base/error.h"
#include "engine/base/units.h"

#include "../../support/failing_source.h"
#include "../../support/memory_source.h"
#include "../../support/noise.h"
#include "../../support/samples.h"

#include <math.h>
#include <string.h>

/* All offsets are compared to the frame. */

#define RATE 8000
#define WINDOW (20 * RATE) // what is compared at once
#define MAX_LAG (2 * RATE)
#define PERIOD (RATE / 2) // of a loop

static SlOffset
find (const float *stem, gint64 stem_frames, const float *reference, gint64 reference_frames)
{
  g_autoptr (SlSource) stem_source = memory_source_new (stem, 1, RATE, stem_frames);
  g_autoptr (SlSource) reference_source = memory_source_new (reference, 1, RATE, reference_frames);
  g_autoptr (GError) error = NULL;
  SlOffset found;

  g_assert_true (sl_offset_find (stem_source, reference_source, 0, MAX_LAG, &found, NULL, &error));
  g_assert_no_error (error);
  return found;
}

static float *
make_noise (gint64 frames, guint32 seed)
{
  float *out = g_new (float, frames);

  for (gint64 i = 0; i < frames; i++)
    out[i] = 0.5f * noise_sample (&seed);
  return out;
}

/* Adds @gain × @in, @shift frames later, to @out of @frames frames. */
static void
add_shifted (const float *in, gint64 in_frames, gint64 shift, float gain, float *out, gint64 frames)
{
  for (gint64 i = MAX (0, -shift); i < in_frames && i + shift < frames; i++)
    out[i + shift] += gain * in[i];
}

/* --- recorded loops --- */

#define LOOP_FRAMES ((gint64) 30 * 44100)
#define LOOP_MAX_LAG ((gint64) 5 * 44100)
#define LARGEST_SHIFT 4801

/* The first channel of a recording, over and over; adds it to @out, @shift frames later. */
static void
add_loop (guint which, gint64 shift, float *out)
{
  g_auto (Sample) sample = { 0 };

  sample_load (sample_loops[which % G_N_ELEMENTS (sample_loops)], &sample);
  g_assert_cmpint (sample.rate_hz, ==, 44100);
  for (gint64 i = MAX (0, -shift); i < LOOP_FRAMES && i + shift < LOOP_FRAMES; i++)
    out[i + shift] += sample.audio[i % sample.frames * sample.channels];
}

/* Loop @which against the sum of four others, with itself @shift frames later if it is @heard. */
static SlOffset
find_loop (guint which, gint64 shift, gboolean heard)
{
  g_autofree float *stem = g_new0 (float, LOOP_FRAMES);
  g_autofree float *mix = g_new0 (float, LOOP_FRAMES);
  g_autoptr (SlSource) stem_source = NULL;
  g_autoptr (SlSource) mix_source = NULL;
  g_autoptr (GError) error = NULL;
  SlOffset found;

  add_loop (which, 0, stem);
  /* The longer of the two breaks holds the shorter. */
  for (guint i = 1; i <= 4; i++)
    add_loop (which + i + (which == 0), 0, mix);
  if (heard)
    add_loop (which, shift, mix);
  stem_source = memory_source_new (stem, 1, 44100, LOOP_FRAMES);
  mix_source = memory_source_new (mix, 1, 44100, LOOP_FRAMES);
  g_assert_true (sl_offset_find (stem_source, mix_source, 0, LOOP_MAX_LAG, &found, NULL, &error));
  g_assert_no_error (error);
  g_test_message ("%s: shift %" G_GINT64_FORMAT ", offset %" G_GINT64_FORMAT ", confidence %.3f",
                  sample_loops[which], shift, found.offset, found.confidence);
  return found;
}

static void
test_loops (void)
{
  guint32 seed = 3;

  if (!samples_available ())
    return;
  for (guint i = 0; i < G_N_ELEMENTS (sample_loops); i++)
    {
      gint64 random = noise_bits (&seed) >> 8;
      gint64 shift = i == 0   ? LARGEST_SHIFT
                     : i == 1 ? -LARGEST_SHIFT
                              : random % (2 * LARGEST_SHIFT + 1) - LARGEST_SHIFT;
      SlOffset found = find_loop (i, shift, TRUE);

      g_assert_cmpint (found.offset, ==, shift);
      g_assert_cmpfloat (found.confidence, >=, 0.75);
      g_assert_false (found.has_drift);
    }
}

static void
test_unrelated_loops (void)
{
  if (!samples_available ())
    return;
  for (guint i = 0; i < G_N_ELEMENTS (sample_loops); i++)
    g_assert_cmpfloat (find_loop (i, 0, FALSE).confidence, <, 0.4);
}

/* --- what is known by construction --- */

/* A stem 20 dB below a noise that has nothing to do with it, upside down too. */
static void
test_buried (void)
{
  g_autofree float *stem = make_noise (WINDOW, 1);
  const float gains[] = { 0.1f, -0.1f };

  for (guint i = 0; i < G_N_ELEMENTS (gains); i++)
    {
      g_autofree float *mix = make_noise (WINDOW, 2);
      SlOffset found;

      add_shifted (stem, WINDOW, 777, gains[i], mix, WINDOW);
      found = find (stem, WINDOW, mix, WINDOW);
      g_assert_cmpint (found.offset, ==, 777);
      g_assert_cmpfloat (found.confidence, >=, SL_OFFSET_SURE);
    }
}

static void
test_largest_lags (void)
{
  g_autofree float *stem = make_noise (WINDOW, 1);
  const gint64 shifts[] = { MAX_LAG, -MAX_LAG, MAX_LAG + 1, -MAX_LAG - 1 };

  for (guint i = 0; i < G_N_ELEMENTS (shifts); i++)
    {
      g_autofree float *mix = g_new0 (float, WINDOW);
      SlOffset found;

      add_shifted (stem, WINDOW, shifts[i], 1.0f, mix, WINDOW);
      found = find (stem, WINDOW, mix, WINDOW);
      if (ABS (shifts[i]) <= MAX_LAG)
        {
          g_assert_cmpint (found.offset, ==, shifts[i]);
          g_assert_cmpfloat (found.confidence, >, 0.9);
        }
      else
        g_assert_cmpfloat (found.confidence, <, SL_OFFSET_SURE);
    }
}

/* Silence before the stem's first sound, longer than the window, counts in its position. */
static void
test_late_start (void)
{
  gint64 start = WINDOW + 3 * RATE + 11;
  gint64 frames = start + 4 * RATE;
  g_autofree float *noise = make_noise (2 * RATE, 4);
  g_autofree float *stem = g_new0 (float, frames);
  g_autofree float *mix = make_noise (frames, 5);
  SlOffset found;

  add_shifted (noise, 2 * RATE, start, 1.0f, stem, frames);
  add_shifted (noise, 2 * RATE, start - 1234, 1.0f, mix, frames);
  found = find (stem, frames, mix, frames);
  g_assert_cmpint (found.offset, ==, -1234);
  g_assert_cmpfloat (found.confidence, >=, SL_OFFSET_SURE);
}

/* The loop @period, @shift frames later. */
static float *
make_loop (const float *period, gint64 shift, gint64 frames)
{
  float *out = g_new (float, frames);

  for (gint64 i = 0; i < frames; i++)
    out[i] = period[((i - shift) % PERIOD + PERIOD) % PERIOD];
  return out;
}

/* A loop that plays throughout fits a period later as well, and with noise of four times its level
 * often a little better: the smaller shift is meant. */
static void
test_periodic (void)
{
  g_autofree float *period = make_noise (PERIOD, 6);
  g_autofree float *stem = make_loop (period, 0, WINDOW);
  g_autofree float *loop = make_loop (period, 300, 2 * WINDOW);

  for (guint32 seed = 0; seed < 10; seed++)
    {
      g_autofree float *mix = make_noise (2 * WINDOW, 60 + seed);
      SlOffset found;

      add_shifted (loop, 2 * WINDOW, 0, 0.25f, mix, 2 * WINDOW);
      found = find (stem, WINDOW, mix, 2 * WINDOW);
      g_assert_cmpint (found.offset, ==, 300);
      g_assert_cmpfloat (found.confidence, >=, SL_OFFSET_SURE);
    }
}

/* Under a noise of four times its level, each place that a loop fits is one; noise fits nowhere
 * else. */
static void
test_other_fits (void)
{
  g_autofree float *period = make_noise (PERIOD, 6);
  g_autofree float *stem = make_loop (period, 0, WINDOW);
  g_autofree float *loop = make_loop (period, 300, 2 * WINDOW);
  g_autofree float *noise = make_noise (2 * WINDOW, 60);
  g_autofree float *mix = make_noise (2 * WINDOW, 60);
  SlOffset found;

  add_shifted (loop, 2 * WINDOW, 0, 0.25f, mix, 2 * WINDOW);
  found = find (stem, WINDOW, mix, 2 * WINDOW);
  g_assert_true (found.has_other);
  g_assert_cmpint ((found.other - 300) % PERIOD, ==, 0);
  g_assert_cmpint (found.other, !=, 300);
  g_assert_false (find (noise, WINDOW, noise, 2 * WINDOW).has_other);
}

/* Almost half a period late, then a little more than half: that is not early. */
static void
test_periodic_drift (void)
{
  gint64 frames = 4 * WINDOW;
  g_autofree float *period = make_noise (PERIOD, 6);
  g_autofree float *stem = make_loop (period, 0, frames);
  g_autofree float *mix = make_loop (period, PERIOD / 2 - 10, frames);
  g_autofree float *later = make_loop (period, PERIOD / 2 + 20, frames);
  SlOffset found;

  memcpy (mix + frames / 2, later + frames / 2, (gsize) (frames / 2) * sizeof (float));
  found = find (stem, frames, mix, frames);
  g_assert_cmpint (found.offset, ==, PERIOD / 2 - 10);
  g_assert_true (found.has_drift);
  g_assert_cmpint (found.drift, ==, 30);
}

/* Makes @samples dull: a mean over 8 frames, eight times. The last 64 frames are not to be used. */
static void
make_dull (float *samples, gint64 frames)
{
  for (int pass = 0; pass < 8; pass++)
    for (gint64 i = 0; i + 8 <= frames; i++)
      {
        float sum = 0.0f;

        for (int k = 0; k < 8; k++)
          sum += samples[i + k];
        samples[i] = sum / 8.0f;
      }
}

/* The peak of a stem without treble is round: its top is meant, not its shoulder. */
static void
test_dull (void)
{
  g_autofree float *stem = make_noise (WINDOW + 64, 70);
  g_autofree float *mix = g_new0 (float, WINDOW);
  SlOffset found;

  make_dull (stem, WINDOW + 64);
  add_shifted (stem, WINDOW, 512, 1.0f, mix, WINDOW);
  found = find (stem, WINDOW, mix, WINDOW);
  g_assert_cmpint (found.offset, ==, 512);
  g_assert_cmpfloat (found.confidence, >=, SL_OFFSET_SURE);
}

/* The first window is 40 frames early, the last 77. */
static void
test_drift (void)
{
  gint64 frames = 2 * WINDOW + 5 * RATE;
  g_autofree float *stem = make_noise (frames, 7);
  g_autofree float *mix = g_new0 (float, frames);
  SlOffset found;

  add_shifted (stem, frames / 2, 40, 1.0f, mix, frames);
  add_shifted (stem + frames / 2, frames - frames / 2, frames / 2 + 77, 1.0f, mix, frames);
  found = find (stem, frames, mix, frames);
  g_assert_cmpint (found.offset, ==, 40);
  g_assert_true (found.has_drift);
  g_assert_cmpint (found.drift, ==, 37);
}

/* The last window is the last 20 s in which there is sound, though silence goes on for longer. */
static void
test_drift_before_silence (void)
{
  gint64 frames = 4 * WINDOW;
  g_autofree float *sound = make_noise (2 * WINDOW, 7);
  g_autofree float *stem = g_new0 (float, frames);
  g_autofree float *mix = g_new0 (float, frames);
  SlOffset found;

  add_shifted (sound, 2 * WINDOW, 0, 1.0f, stem, frames);
  add_shifted (sound, WINDOW, 0, 1.0f, mix, frames);
  add_shifted (sound + WINDOW, WINDOW, WINDOW - 9, 1.0f, mix, frames);
  found = find (stem, frames, mix, frames);
  g_assert_cmpint (found.offset, ==, 0);
  g_assert_true (found.has_drift);
  g_assert_cmpint (found.drift, ==, -9);
}

/* A stem that differs from the reference at first, but not at last, and the other way round. */
static void
test_one_window_fits (void)
{
  gint64 frames = 2 * WINDOW + 5 * RATE;
  g_autofree float *stem = make_noise (frames, 8);

  for (int late = 0; late <= 1; late++)
    {
      g_autofree float *mix = make_noise (frames, 9);
      SlOffset found;

      add_shifted (stem + late * WINDOW, frames - WINDOW, late * WINDOW + 55, 1.0f, mix, frames);
      found = find (stem, frames, mix, frames);
      g_assert_cmpint (found.offset, ==, 55);
      g_assert_cmpfloat (found.confidence, >=, SL_OFFSET_SURE);
    }
}

static void
test_one_window_has_no_drift (void)
{
  gint64 frames = 2 * WINDOW + 5 * RATE;
  g_autofree float *stem = make_noise (frames, 8);
  g_autofree float *mix = make_noise (frames, 9);

  memcpy (mix + frames / 2, stem + frames / 2, (gsize) (frames - frames / 2) * sizeof (float));
  g_assert_false (find (stem, frames, mix, frames).has_drift);
}

/* --- nothing to go by --- */

static void
test_silence (void)
{
  g_autofree float *silence = g_new0 (float, 2 * WINDOW);
  g_autofree float *noise = make_noise (2 * WINDOW, 1);
  const struct
  {
    const float *stem, *reference;
    gint64 reference_frames;
  } rows[] = { { silence, noise, WINDOW },
               { noise, silence, WINDOW },
               { silence, silence, WINDOW },
               { noise, noise, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      SlOffset found = find (rows[i].stem, 2 * WINDOW, rows[i].reference, rows[i].reference_frames);

      g_assert_cmpfloat (found.confidence, ==, 0.0);
      g_assert_cmpint (found.offset, ==, 0);
      g_assert_false (found.has_drift);
    }
  g_assert_cmpfloat (find (noise, 0, noise, WINDOW).confidence, ==, 0.0);
}

/* A noise floor of -66 dBFS is as good as silence. */
static void
test_noise_floor (void)
{
  g_autofree float *noise = make_noise (WINDOW, 1);

  for (gint64 i = 0; i < WINDOW; i++)
    noise[i] *= 0.001f;
  g_assert_cmpfloat (find (noise, WINDOW, noise, WINDOW).confidence, ==, 0.0);
}

static void
test_unrelated_noise (void)
{
  for (guint32 seed = 20; seed < 30; seed++)
    {
      g_autofree float *stem = make_noise (WINDOW, seed);
      g_autofree float *mix = make_noise (WINDOW, seed + 100);

      g_assert_cmpfloat (find (stem, WINDOW, mix, WINDOW).confidence, <, 0.3);
    }
}

/* Steady tones start together and leak into all frequencies from there: that is no likeness. */
static void
test_unrelated_tones (void)
{
  const double stem_hz[] = { 440.0, 550.0, 660.0 };
  const double mix_hz[] = { 392.0, 493.0, 587.0 };
  g_autofree float *stem = g_new0 (float, WINDOW);
  g_autofree float *mix = g_new0 (float, WINDOW);

  for (guint tone = 0; tone < G_N_ELEMENTS (stem_hz); tone++)
    for (gint64 i = 0; i < WINDOW; i++)
      {
        stem[i] += (float) (0.3 * sin (2.0 * G_PI * stem_hz[tone] * (double) i / RATE));
        mix[i] += (float) (0.3 * sin (2.0 * G_PI * mix_hz[tone] * (double) i / RATE));
      }
  g_assert_cmpfloat (find (stem, WINDOW, mix, WINDOW).confidence, <, 0.4);
}

/* --- short stems --- */

static void
test_short (void)
{
  const gint64 lengths[] = { RATE / 2, RATE, 3 * RATE };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree float *stem = make_noise (lengths[i], 40);
      g_autofree float *mix = make_noise (10 * RATE, 41);
      SlOffset found;

      add_shifted (stem, lengths[i], 2345, 1.0f, mix, 10 * RATE);
      found = find (stem, lengths[i], mix, 10 * RATE);
      g_assert_cmpint (found.offset, ==, 2345);
      g_assert_cmpfloat (found.confidence, >=, SL_OFFSET_SURE);
      g_assert_false (found.has_drift);
    }
}

/* Two short sounds in silence always overlap somewhere: that alone means nothing. */
static void
test_short_unrelated (void)
{
  const gint64 lengths[] = { 1, 2, 3, 10, 100, 1000, RATE };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree float *stem = make_noise (lengths[i], 50);
      g_autofree float *burst = make_noise (RATE, 51);
      g_autofree float *mix = g_new0 (float, 10 * RATE);

      add_shifted (burst, RATE, 0, 1.0f, mix, 10 * RATE);
      g_assert_cmpfloat (find (stem, lengths[i], mix, 10 * RATE).confidence, <, 0.4);
      g_assert_cmpfloat (find (stem, lengths[i], burst, MIN (lengths[i], RATE)).confidence, <, 0.4);
    }
}

/* --- channels and errors --- */

static void
test_mono_sums (void)
{
  g_autofree float *stem = make_noise (2 * WINDOW, 1);
  g_autofree float *reference = make_noise (3 * WINDOW, 2);
  g_autoptr (SlSource) stem_source = NULL;
  g_autoptr (SlSource) reference_source = NULL;
  SlOffset found;

  /* Only the stem's mean over 2 channels is anywhere in the reference, spread over 3. */
  for (gint64 i = 100; i < WINDOW; i++)
    reference[3 * i + 2] = 0.5f * (stem[2 * (i - 100)] + stem[2 * (i - 100) + 1]) - reference[3 * i]
                           - reference[3 * i + 1];
  stem_source = memory_source_new (stem, 2, RATE, WINDOW);
  reference_source = memory_source_new (reference, 3, RATE, WINDOW);
  g_assert_true (sl_offset_find (stem_source, reference_source, 0, MAX_LAG, &found, NULL, NULL));
  g_assert_cmpint (found.offset, ==, 100);
  g_assert_cmpfloat (found.confidence, >, 0.9);
}

static gboolean
stop (double fraction, gpointer data)
{
  int *left = data;

  g_assert_cmpfloat (fraction, >=, 0.0);
  g_assert_cmpfloat (fraction, <=, 1.0);
  return (*left)-- > 0;
}

static void
test_progress (void)
{
  g_autofree float *noise = make_noise (2 * WINDOW, 1);
  g_autoptr (SlSource) stem = memory_source_new (noise, 1, RATE, 2 * WINDOW);
  g_autoptr (SlSource) reference = memory_source_new (noise, 1, RATE, 2 * WINDOW);
  int left = G_MAXINT;
  SlProgress progress = { stop, &left };
  SlOffset found;

  g_assert_true (sl_offset_find (stem, reference, 0, MAX_LAG, &found, &progress, NULL));
  for (int calls = G_MAXINT - left - 1; calls >= 0; calls -= 3)
    {
      g_autoptr (GError) error = NULL;

      left = calls;
      g_assert_false (sl_offset_find (stem, reference, 0, MAX_LAG, &found, &progress, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_CANCELLED);
    }
}

static void
check_fails (SlSource *stem, SlSource *reference, SlError code)
{
  g_autoptr (GError) error = NULL;
  SlOffset found;

  g_assert_false (sl_offset_find (stem, reference, 0, MAX_LAG, &found, NULL, &error));
  g_assert_error (error, SL_ERROR, (int) code);
}

static void
test_errors (void)
{
  g_autofree float *noise = make_noise (WINDOW, 1);
  g_autoptr (SlSource) stem = memory_source_new (noise, 1, RATE, WINDOW);
  g_autoptr (SlSource) other_rate = memory_source_new (noise, 1, RATE + 1, WINDOW);
  g_autoptr (SlSource) broken = failing_source_new (1, RATE, WINDOW, RATE, FALSE);
  g_autoptr (SlSource) cut = failing_source_new (1, RATE, WINDOW, RATE, TRUE);

  check_fails (stem, other_rate, SL_ERROR_INVALID);
  check_fails (stem, broken, SL_ERROR_DECODE);
  check_fails (stem, cut, SL_ERROR_DECODE);
  check_fails (broken, stem, SL_ERROR_DECODE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/measure/offset/loops", test_loops);
  g_test_add_func ("/measure/offset/unrelated-loops", test_unrelated_loops);
  g_test_add_func ("/measure/offset/buried", test_buried);
  g_test_add_func ("/measure/offset/largest-lags", test_largest_lags);
  g_test_add_func ("/measure/offset/late-start", test_late_start);
  g_test_add_func ("/measure/offset/periodic", test_periodic);
  g_test_add_func ("/measure/offset/other-fits", test_other_fits);
  g_test_add_func ("/measure/offset/periodic-drift", test_periodic_drift);
  g_test_add_func ("/measure/offset/dull", test_dull);
  g_test_add_func ("/measure/offset/drift", test_drift);
  g_test_add_func ("/measure/offset/drift-before-silence", test_drift_before_silence);
  g_test_add_func ("/measure/offset/one-window-fits", test_one_window_fits);
  g_test_add_func ("/measure/offset/one-window-has-no-drift", test_one_window_has_no_drift);
  g_test_add_func ("/measure/offset/silence", test_silence);
  g_test_add_func ("/measure/offset/noise-floor", test_noise_floor);
  g_test_add_func ("/measure/offset/unrelated-noise", test_unrelated_noise);
  g_test_add_func ("/measure/offset/unrelated-tones", test_unrelated_tones);
  g_test_add_func ("/measure/offset/short", test_short);
  g_test_add_func ("/measure/offset/short-unrelated", test_short_unrelated);
  g_test_add_func ("/measure/offset/mono-sums", test_mono_sums);
  g_test_add_func ("/measure/offset/progress", test_progress);
  g_test_add_func ("/measure/offset/errors", test_errors);
  return g_test_run ();
}
