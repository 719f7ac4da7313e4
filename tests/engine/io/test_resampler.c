/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/io/resampler.h"

#include "../../support/failing_source.h"
#include "../../support/memory_source.h"
#include "../../support/noise.h"
#include "engine/base/error.h"

#include <math.h>

/* A sound whose value is known at any instant. */
static double
chord (double seconds)
{
  return 0.3 * sin (2.0 * G_PI * 440.0 * seconds) + 0.2 * sin (2.0 * G_PI * 3001.0 * seconds + 1.0)
         + 0.1 * cos (2.0 * G_PI * 97.0 * seconds);
}

static SlSource *
make_chord (int channels, int rate_hz, gint64 frames)
{
  g_autofree float *samples = g_new (float, frames *channels);

  for (gint64 i = 0; i < frames; i++)
    for (int c = 0; c < channels; c++)
      samples[i * channels + c] = (float) (chord ((double) i / rate_hz) / (c + 1));
  return memory_source_new (samples, channels, rate_hz, frames);
}

static SlSource *
make_noise (int channels, int rate_hz, gint64 frames)
{
  g_autofree float *samples = g_new (float, frames *channels);
  guint32 state = 5;

  for (gint64 i = 0; i < frames * channels; i++)
    samples[i] = 0.5f * noise_sample (&state);
  return memory_source_new (samples, channels, rate_hz, frames);
}

/* All of @source, in uneven pieces. */
static float *
read_all (SlSource *source)
{
  float *samples = g_new (float, source->length * source->channels + 1);
  guint32 state = 9;
  gint64 got = 0;

  while (got < source->length)
    {
      gint64 n = sl_source_read (source, samples + got * source->channels,
                                 1 + noise_bits (&state) % 20000, NULL);

      g_assert_cmpint (n, >, 0);
      got += n;
    }
  g_assert_cmpint (sl_source_read (source, samples, 1, NULL), ==, 0);
  return samples;
}

static void
test_length (void)
{
  static const struct
  {
    gint64 frames;
    int from;
    int to;
    gint64 expected;
  } cases[] = {
    { 44100, 44100, 48000, 48000 },
    { 1, 44100, 48000, 1 },
    { 1, 48000, 1000, 1 },
    { 0, 48000, 44100, 1 },
    { 2, 48000, 24000, 1 },
    { 3, 48000, 24000, 2 },
    { 6582857, 48000, 44100, 6048000 },
    { G_GINT64_CONSTANT (1) << 40, 768000, 12000, G_GINT64_CONSTANT (1) << 34 },
    { G_MAXINT64, 44100, 48000, G_MAXINT64 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (sl_resampled_length (cases[i].frames, cases[i].from, cases[i].to), ==,
                     cases[i].expected);
}

/* Away from its ends the result is the chord at the new instants, to 1e-6 of full scale; so
 * neither time nor level nor channels have moved. */
static void
test_same_sound (void)
{
  static const int rates[][2] = { { 44100, 48000 }, { 48000, 44100 }, { 96000, 44100 },
                                  { 44101, 48000 }, { 48000, 96000 }, { 16000, 192000 } };

  for (guint k = 0; k < G_N_ELEMENTS (rates); k++)
    {
      const int margin = rates[k][1] / 10;
      g_autoptr (SlSource) source
          = sl_resampler_new (make_chord (2, rates[k][0], rates[k][0]), rates[k][1], NULL);
      g_autofree float *got = read_all (source);
      double worst = 0.0;

      g_assert_cmpint (source->rate_hz, ==, rates[k][1]);
      g_assert_cmpint (source->length, ==, rates[k][1]);
      for (gint64 i = margin; i < source->length - margin; i++)
        {
          double expected = chord ((double) i / rates[k][1]);

          worst = MAX (worst, fabs (got[2 * i] - expected));
          worst = MAX (worst, fabs (got[2 * i + 1] - expected / 2.0));
        }
      g_assert_cmpfloat (worst, <, 1e-6);
    }
}

/* Even of a single frame there comes what the length promises. */
static void
test_short (void)
{
  static const int rates[][2] = { { 44100, 48000 }, { 48000, 44100 }, { 48000, 1000 } };

  for (guint k = 0; k < G_N_ELEMENTS (rates); k++)
    for (gint64 frames = 1; frames < 100; frames++)
      {
        g_autoptr (SlSource) source
            = sl_resampler_new (make_noise (1, rates[k][0], frames), rates[k][1], NULL);
        g_autofree float *got = read_all (source);

        g_assert_cmpint (source->length, ==,
                         sl_resampled_length (frames, rates[k][0], rates[k][1]));
      }
}

/* It begins at the start of the source, wherever that stands. */
static void
test_rewinds (void)
{
  SlSource *moved = make_noise (1, 44100, 5000);
  g_autoptr (SlSource) expected = sl_resampler_new (make_noise (1, 44100, 5000), 48000, NULL);
  g_autoptr (SlSource) source = NULL;
  g_autofree float *a = read_all (expected);
  g_autofree float *b = NULL;

  g_assert_true (sl_source_seek (moved, 1234, NULL));
  source = sl_resampler_new (moved, 48000, NULL);
  b = read_all (source);
  g_assert_cmpmem (a, (gsize) source->length * 4, b, (gsize) source->length * 4);
}

/* A click at a frame that exists in both rates keeps its place. */
static void
test_click_stays (void)
{
  float samples[30000] = { 0.0f };
  g_autoptr (SlSource) source = NULL;
  g_autofree float *got = NULL;
  gint64 loudest = 0;

  samples[147 * 100] = 1.0f;
  source = sl_resampler_new (memory_source_new (samples, 1, 44100, 30000), 48000, NULL);
  got = read_all (source);
  for (gint64 i = 0; i < source->length; i++)
    if (fabsf (got[i]) > fabsf (got[loudest]))
      loudest = i;
  g_assert_cmpint (loudest, ==, 160 * 100);
}

/* Reading after a jump gives what an unbroken read gave, to 1e-6 of full scale. */
static void
test_seek (void)
{
  static const int rates[][2] = { { 44100, 48000 }, { 48000, 44100 }, { 44101, 48000 },
                                  { 1000, 64000 },  { 64000, 1000 },  { 96000, 48000 } };

  for (guint k = 0; k < G_N_ELEMENTS (rates); k++)
    {
      const gint64 frames = rates[k][0] > rates[k][1] ? 300000 : 60000;
      g_autoptr (SlSource) source
          = sl_resampler_new (make_noise (2, rates[k][0], frames), rates[k][1], NULL);
      g_autofree float *all = read_all (source);
      g_autofree float *piece = g_new (float, 2 * 1000);
      guint32 state = 1;

      for (int i = 0; i < 40; i++)
        {
          gint64 at = noise_bits (&state) % source->length;
          gint64 n = MIN (1000, source->length - at);

          g_assert_true (sl_source_read_at (source, at, piece, n, NULL));
          for (gint64 s = 0; s < 2 * n; s++)
            g_assert_cmpfloat_with_epsilon (piece[s], all[2 * at + s], 1e-6);
        }
      g_assert_true (sl_source_read_at (source, 0, piece, 10, NULL));
      g_assert_cmpmem (piece, 20 * sizeof (float), all, 20 * sizeof (float));
    }
}

static void
test_same_rate (void)
{
  g_autoptr (SlSource) plain = make_noise (2, 48000, 5000);
  g_autoptr (SlSource) source = sl_resampler_new (make_noise (2, 48000, 5000), 48000, NULL);
  g_autofree float *expected = read_all (plain);
  g_autofree float *got = read_all (source);

  g_assert_cmpmem (got, 10000 * sizeof (float), expected, 10000 * sizeof (float));
}

static void
test_ratio (void)
{
  static const int bad[][2] = { { 999, 64000 }, { 64000, 999 }, { 48000, 0 }, { 48000, -1 } };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (sl_resampler_new (make_noise (1, bad[i][0], 10), bad[i][1], &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
    }
}

static void
test_source_fails (void)
{
  SlSource *broken = failing_source_new (1, 44100, 100000, 50000, FALSE);
  g_autoptr (SlSource) source = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree float *samples = g_new (float, 200000);
  gint64 got;

  source = sl_resampler_new (broken, 48000, NULL);
  do
    got = sl_source_read (source, samples, 8192, &error);
  while (got > 0);
  g_assert_cmpint (got, ==, -1);
  g_assert_error (error, SL_ERROR, SL_ERROR_DECODE);
  g_assert_cmpstr (error->message, ==, "broken");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/io/resampler/length", test_length);
  g_test_add_func ("/engine/io/resampler/same-sound", test_same_sound);
  g_test_add_func ("/engine/io/resampler/short", test_short);
  g_test_add_func ("/engine/io/resampler/rewinds", test_rewinds);
  g_test_add_func ("/engine/io/resampler/click-stays", test_click_stays);
  g_test_add_func ("/engine/io/resampler/seek", test_seek);
  g_test_add_func ("/engine/io/resampler/same-rate", test_same_rate);
  g_test_add_func ("/engine/io/resampler/ratio", test_ratio);
  g_test_add_func ("/engine/io/resampler/source-fails", test_source_fails);
  return g_test_run ();
}
