/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/measure/true_peak.h"

#include "engine/base/units.h"

#include "../../support/noise.h"

#include <math.h>

/* EBU Tech 3341, tolerance of true peak. */
#define ABOVE_DB 0.2
#define BELOW_DB 0.4

typedef struct
{
  int number;       // of the case in EBU Tech 3341
  int division;     // of the rate, which gives the frequency
  double amplitude; // linear, of the underlying sine
  double phase_deg;
  double expected_db; // dBTP
} Case;

static const Case cases[] = { { 15, 4, 0.50, 0.0, -6.0 },
                              { 16, 4, 0.50, 45.0, -6.0 },
                              { 17, 6, 0.50, 60.0, -6.0 },
                              { 18, 8, 0.50, 67.5, -6.0 },
                              { 19, 4, 1.41, 45.0, 3.0 } };

static double
measure (const float *samples, int channels, int rate_hz, gint64 frames, gint64 block)
{
  g_autoptr (SlTruePeakMeter) meter = sl_true_peak_meter_new ();
  SlTap tap = sl_true_peak_meter_tap (meter);

  tap.begin (tap.self, channels, rate_hz);
  for (gint64 at = 0; at < frames; at += block)
    g_assert_true (tap.feed (tap.self, samples + at * channels, MIN (block, frames - at), NULL));
  return sl_true_peak_meter_result (meter);
}

/* One second of stereo, as in the set of test signals, with its 10 ms fades: an abrupt start would
 * overshoot. */
static float *
make_case (const Case *test, int rate_hz)
{
  float *samples = g_new (float, 2 * rate_hz);
  int fade = rate_hz / 100;

  for (int n = 0; n < rate_hz; n++)
    {
      double gain = MIN (MIN (n, rate_hz - 1 - n) / (double) fade, 1.0);
      double cycles = (double) (n % test->division) / test->division + test->phase_deg / 360.0;

      samples[2 * n] = samples[2 * n + 1]
          = (float) (gain * test->amplitude * sin (2.0 * G_PI * cycles));
    }
  return samples;
}

static void
test_ebu (gconstpointer data)
{
  const Case *test = data;
  const int rates[] = { 44100, 48000, 96000, 192000 };

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      g_autofree float *samples = make_case (test, rates[i]);
      double db = sl_db_from_gain (measure (samples, 2, rates[i], rates[i], SL_BLOCK_FRAMES));

      g_test_message ("case %d at %d Hz: %.3f dBTP", test->number, rates[i], db);
      g_assert_cmpfloat (db, <=, test->expected_db + ABOVE_DB);
      g_assert_cmpfloat (db, >=, test->expected_db - BELOW_DB);
    }
}

/* The same stream gives the same number, however it is cut: equal to the last bit. */
static void
test_blocks (void)
{
  gint64 frames = 3 * SL_BLOCK_FRAMES + 5;
  g_autofree float *samples = g_new (float, 3 * frames);
  guint32 seed = 1;
  double whole;

  for (gint64 i = 0; i < 3 * frames; i++)
    samples[i] = 0.5f * noise_sample (&seed);
  whole = measure (samples, 3, 48000, frames, frames);
  g_assert_cmpfloat (whole, >, 0.5);
  g_assert_cmpfloat (measure (samples, 3, 48000, frames, 7), ==, whole);
  g_assert_cmpfloat (measure (samples, 3, 48000, frames, 4096), ==, whole);
}

/* The peak lies between the last two frames of the stream, and is heard only after its end. */
static void
test_end (void)
{
  float samples[64] = { 0.0f };
  double peak;

  samples[62] = samples[63] = 0.5f;
  peak = measure (samples, 1, 48000, 64, 64);
  /* Of two equal samples the band-limited peak is 2 · sinc (1/2) = 1.273 of one; tolerance 3 % of
   * it, the interpolator's own. */
  g_assert_cmpfloat_with_epsilon (peak / 0.5, 1.273, 0.04);
}

static void
test_channels (void)
{
  float samples[16 * 100] = { 0.0f };

  samples[50 * 16 + 15] = -0.75f;
  g_assert_cmpfloat_with_epsilon (measure (samples, 16, 44100, 100, 100), 0.75, 0.01);
}

/* Asking while the stream runs changes nothing. */
static void
test_asked_early (void)
{
  g_autofree float *samples = make_case (&cases[3], 48000);
  g_autoptr (SlTruePeakMeter) meter = sl_true_peak_meter_new ();
  SlTap tap = sl_true_peak_meter_tap (meter);

  tap.begin (tap.self, 2, 48000);
  for (gint64 at = 0; at < 48000; at += 480)
    {
      g_assert_true (tap.feed (tap.self, samples + at * 2, 480, NULL));
      if (at == 0)
        g_assert_cmpfloat (sl_true_peak_meter_result (meter), >, 0.0);
    }
  g_assert_cmpfloat (sl_true_peak_meter_result (meter), ==,
                     measure (samples, 2, 48000, 48000, 48000));
}

static void
test_nothing (void)
{
  g_autoptr (SlTruePeakMeter) meter = sl_true_peak_meter_new ();
  float silence[200] = { 0.0f };

  g_assert_cmpfloat (sl_true_peak_meter_result (meter), ==, 0.0);
  g_assert_cmpfloat (measure (silence, 2, 48000, 0, 1), ==, 0.0);
  g_assert_cmpfloat (measure (silence, 2, 48000, 100, 100), ==, 0.0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/measure/true-peak/ebu-3341/%d", cases[i].number);

      g_test_add_data_func (path, &cases[i], test_ebu);
    }
  g_test_add_func ("/measure/true-peak/blocks", test_blocks);
  g_test_add_func ("/measure/true-peak/end", test_end);
  g_test_add_func ("/measure/true-peak/channels", test_channels);
  g_test_add_func ("/measure/true-peak/asked-early", test_asked_early);
  g_test_add_func ("/measure/true-peak/nothing", test_nothing);
  return g_test_run ();
}
