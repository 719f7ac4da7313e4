/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate/tone.h"

#include "engine/base/error.h"

#include "../../support/noise.h"

#include <math.h>

#define FAR ((gint64) 1 << 40)

static SlSource *
make_tone (double hz, double amplitude, int channels, int rate_hz, gint64 length)
{
  g_autoptr (GError) error = NULL;
  SlSource *source = sl_tone_new (hz, amplitude, channels, rate_hz, length, &error);

  g_assert_no_error (error);
  g_assert_cmpint (source->length, ==, length);
  g_assert_cmpint (source->channels, ==, channels);
  g_assert_cmpint (source->rate_hz, ==, rate_hz);
  return source;
}

/* Phase of frame @n of a tone of @num / @den Hz, in cycles: by whole numbers, so without error. */
static double
exact_cycles (gint64 num, gint64 den, int rate_hz, gint64 n)
{
  gint64 whole = den * rate_hz;

  return (double) ((n % whole) * num % whole) / whole;
}

/* 1e-7 of full scale: what rounding to float leaves. */
static void
check_stretch (gint64 num, gint64 den, int rate_hz, gint64 from)
{
  g_autoptr (SlSource) source = make_tone ((double) num / den, 0.8, 1, rate_hz, 2 * FAR);
  float out[3000];

  g_assert_true (sl_source_read_at (source, from, out, G_N_ELEMENTS (out), NULL));
  for (guint i = 0; i < G_N_ELEMENTS (out); i++)
    {
      double want = 0.8 * sin (2.0 * G_PI * exact_cycles (num, den, rate_hz, from + i));

      g_assert_cmpfloat_with_epsilon (out[i], want, 1e-7);
    }
}

static void
test_sine (void)
{
  const gint64 starts[] = { 0, 511, 48000 * 60, ((gint64) 1 << 32) - 100, FAR - 1500 };

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      check_stretch (440, 1, 48000, starts[i]);
      check_stretch (110, 1, 44100, starts[i]);
      check_stretch (441, 4, 48000, starts[i]);
      check_stretch (1, 10, 48000, starts[i]);
      check_stretch (23999, 1, 48000, starts[i]);
      check_stretch (95999, 1, 192000, starts[i]);
    }
}

/* Where a whole number of cycles ends, the sample is what the phase is off by: at most 1e-9 cycles.
 */
static void
test_no_drift (void)
{
  const double hz[] = { 440.0, 1234.5, 0.25, 7.0, 23999.0 };

  for (guint i = 0; i < G_N_ELEMENTS (hz); i++)
    {
      g_autoptr (SlSource) source = make_tone (hz[i], 1.0, 1, 48000, FAR + 1);

      for (int power = 20; power <= 40; power++)
        {
          float sample;
          gint64 second = ((gint64) 1 << power) / 192000 * 192000;

          g_assert_true (sl_source_read_at (source, second, &sample, 1, NULL));
          g_assert_cmpfloat (fabs (sample), <, 2.0 * G_PI * 1e-9);
        }
    }
}

static void
check_seeks (int channels)
{
  const gint64 length = 20011;
  g_autoptr (SlSource) source = make_tone (997.3, 0.5, channels, 44100, length);
  g_autofree float *want = g_new (float, length *channels);
  g_autofree float *out = g_new (float, length *channels);
  guint32 state = 3;

  g_assert_cmpint (sl_source_read (source, want, length + 5, NULL), ==, length);
  g_assert_cmpint (sl_source_read (source, out, 1, NULL), ==, 0);
  for (int round = 0; round < 500; round++)
    {
      gint64 at = noise_bits (&state) % length, count = noise_bits (&state) % 1500;
      gint64 got;

      g_assert_true (sl_source_seek (source, at, NULL));
      got = sl_source_read (source, out, count, NULL);
      g_assert_cmpint (got, ==, MIN (count, length - at));
      g_assert_cmpmem (out, sizeof (float) * got * channels, want + at * channels,
                       sizeof (float) * got * channels);
    }
}

/* A seek gives the bits of an unbroken read. */
static void
test_seek (void)
{
  check_seeks (1);
  check_seeks (2);
  check_seeks (5);
}

static void
test_channels (void)
{
  const gint64 length = 3001;
  g_autoptr (SlSource) mono = make_tone (440.0, 0.5, 1, 48000, length);
  g_autofree float *want = g_new (float, length);

  g_assert_cmpint (sl_source_read (mono, want, length, NULL), ==, length);
  for (int channels = 2; channels <= 16; channels += 7)
    {
      g_autoptr (SlSource) source = make_tone (440.0, 0.5, channels, 48000, length);
      g_autofree float *out = g_new (float, length *channels);

      g_assert_cmpint (sl_source_read (source, out, length, NULL), ==, length);
      for (gint64 i = 0; i < length * channels; i++)
        g_assert_cmpfloat (out[i], ==, want[i / channels]);
    }
}

static void
test_range (void)
{
  const struct
  {
    double hz;
    double amplitude;
  } refused[] = { { 0.0, 0.5 },     { -1.0, 0.5 },  { 24000.0, 0.5 },  { NAN, 0.5 },
                  { 440.0, -0.01 }, { 440.0, 1.1 }, { INFINITY, 0.5 }, { 440.0, NAN } };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (sl_tone_new (refused[i].hz, refused[i].amplitude, 1, 48000, 10, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
    }
}

/* Full scale reaches 1 and stays there; no level is silence. */
static void
test_amplitude (void)
{
  g_autoptr (SlSource) loud = make_tone (12000.0, 1.0, 1, 48000, 4);
  g_autoptr (SlSource) silent = make_tone (12000.0, 0.0, 1, 48000, 4);
  const float want[4] = { 0.0f, 1.0f, 0.0f, -1.0f };
  float out[4];

  g_assert_cmpint (sl_source_read (loud, out, 4, NULL), ==, 4);
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon (out[i], want[i], 1e-15);
  g_assert_cmpint (sl_source_read (silent, out, 4, NULL), ==, 4);
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat (out[i], ==, 0.0f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tone/sine", test_sine);
  g_test_add_func ("/tone/no-drift", test_no_drift);
  g_test_add_func ("/tone/seek", test_seek);
  g_test_add_func ("/tone/channels", test_channels);
  g_test_add_func ("/tone/range", test_range);
  g_test_add_func ("/tone/amplitude", test_amplitude);
  return g_test_run ();
}
