/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/process/lowpass.h"

#include "engine/base/error.h"

#include "../../support/memory_source.h"
#include "../../support/noise.h"

#include <math.h>

#define PROBES 8

typedef enum
{
  NOISE,
  IMPULSE,
  STEP
} Kind;

typedef struct
{
  Kind kind;
  int rate_hz;
  double cutoff_hz;
  gint64 length;
  guint32 seed;
  double at[PROBES]; // scipy's answer at the frames of probe_frame()
  double mean;
  double mean_square;
} Golden;

#include "golden_lowpass.h"

static float *
make_input (Kind kind, gint64 length, guint32 seed)
{
  float *samples = g_new0 (float, length);
  gint64 middle = length / 2 + seed;
  guint32 state = seed;

  for (gint64 i = 0; kind == NOISE && i < length; i++)
    samples[i] = noise_sample (&state);
  for (gint64 i = middle; kind != NOISE && i < (kind == STEP ? length : middle + 1); i++)
    samples[i] = 1.0f;
  return samples;
}

static gint64
probe_frame (int probe, gint64 n)
{
  gint64 at[PROBES] = { 0, 1, n / 7, n / 3, n / 2, n / 2 + 1, n - 2, n - 1 };

  return CLAMP (at[probe], 0, n - 1);
}

static SlSource *
filter_samples (const float *samples, int channels, int rate_hz, gint64 length, double cutoff_hz)
{
  g_autoptr (GError) error = NULL;
  SlSource *source
      = sl_lowpass_new (memory_source_new (samples, channels, rate_hz, length), cutoff_hz, &error);

  g_assert_no_error (error);
  g_assert_cmpint (source->length, ==, length);
  g_assert_cmpint (source->channels, ==, channels);
  g_assert_cmpint (source->rate_hz, ==, rate_hz);
  return source;
}

/* Everything that @source (taken) plays. */
static float *
play (SlSource *source)
{
  g_autoptr (SlSource) owned = source;
  g_autoptr (GError) error = NULL;
  float *out = g_new (float, source->length * source->channels);

  g_assert_cmpint (sl_source_read (source, out, source->length, &error), ==, source->length);
  g_assert_no_error (error);
  return out;
}

static float *
filtered (const float *samples, int channels, int rate_hz, gint64 length, double cutoff_hz)
{
  return play (filter_samples (samples, channels, rate_hz, length, cutoff_hz));
}

/* 1e-6 of full scale: the probes, the mean and the mean square. */
static void
check_golden (const Golden *want)
{
  g_autofree float *in = make_input (want->kind, want->length, want->seed);
  g_autofree float *out = filtered (in, 1, want->rate_hz, want->length, want->cutoff_hz);
  double sum = 0.0, squares = 0.0;

  for (int i = 0; i < PROBES; i++)
    g_assert_cmpfloat_with_epsilon (out[probe_frame (i, want->length)], want->at[i], 1e-6);
  for (gint64 i = 0; i < want->length; i++)
    {
      sum += out[i];
      squares += (double) out[i] * out[i];
    }
  g_assert_cmpfloat_with_epsilon (sum / want->length, want->mean, 1e-6);
  g_assert_cmpfloat_with_epsilon (squares / want->length, want->mean_square, 1e-6);
}

static void
test_scipy (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (golden); i++)
    check_golden (&golden[i]);
}

/* One section after R. Bristow-Johnson's cookbook, transposed direct form II, in a steady state of
 * its first sample: another way to the same filter. */
static void
reference_section (double *x, gint64 n, int step, double cutoff_hz, int rate_hz, double q)
{
  double w = 2.0 * G_PI * cutoff_hz / rate_hz;
  double alpha = sin (w) / (2.0 * q), a0 = 1.0 + alpha;
  double b = (1.0 - cos (w)) / (2.0 * a0), a1 = -2.0 * cos (w) / a0, a2 = (1.0 - alpha) / a0;
  double first = step > 0 ? x[0] : x[n - 1];
  double s2 = (b - a2) * first, s1 = (2.0 * b - a1) * first + s2;

  for (gint64 i = step > 0 ? 0 : n - 1; i >= 0 && i < n; i += step)
    {
      double y = b * x[i] + s1;

      s1 = 2.0 * b * x[i] - a1 * y + s2;
      s2 = b * x[i] - a2 * y;
      x[i] = y;
    }
}

/* Forward and backward over the whole of @in at once. */
static double *
reference (const float *in, int rate_hz, gint64 length, double cutoff_hz)
{
  const double q[2] = { 0.5 / cos (G_PI / 8.0), 0.5 / cos (G_PI * 3.0 / 8.0) };
  gint64 padding = MIN (15, length - 1);
  g_autofree double *x = g_new (double, length + 2 * padding);

  for (gint64 i = 0; i < length; i++)
    x[padding + i] = in[i];
  for (gint64 i = 1; i <= padding; i++)
    {
      x[padding - i] = 2.0 * in[0] - in[i];
      x[padding + length - 1 + i] = 2.0 * in[length - 1] - in[length - 1 - i];
    }
  for (int pass = 0; pass < 4; pass++)
    reference_section (x, length + 2 * padding, pass < 2 ? 1 : -1, cutoff_hz, rate_hz, q[pass % 2]);
  return g_memdup2 (x + padding, sizeof (double) * length);
}

/* Every sample within 1e-7 of full scale. */
static void
check_whole_file (Kind kind, gint64 length, double cutoff_hz)
{
  g_autofree float *in = make_input (kind, length, 5);
  g_autofree float *out = filtered (in, 1, 48000, length, cutoff_hz);
  g_autofree double *want = reference (in, 48000, length, cutoff_hz);

  for (gint64 i = 0; i < length; i++)
    g_assert_cmpfloat_with_epsilon (out[i], want[i], 1e-7);
}

/* Lengths around the ends of blocks and of their margins, at 8 kHz 4,096 and 64 frames. */
static void
test_whole_file (void)
{
  const gint64 lengths[]
      = { 4095, 4096, 4097, 4110, 4111, 4112, 4160, 4161, 8191, 8192, 8193, 8207, 50001 };
  const double cutoffs[] = { 30.0, 100.0, 440.0, 1000.0, 8000.0, 12000.0, 21600.0 };

  for (guint c = 0; c < G_N_ELEMENTS (cutoffs); c++)
    for (guint n = 0; n < G_N_ELEMENTS (lengths); n++)
      for (Kind kind = NOISE; kind <= STEP; kind++)
        check_whole_file (kind, lengths[n], cutoffs[c]);
}

/* At 100 Hz and below a block is longer than most of the lengths above. */
static void
test_long_blocks (void)
{
  for (Kind kind = NOISE; kind <= STEP; kind++)
    {
      check_whole_file (kind, 250000, 30.0);
      check_whole_file (kind, 33824 + 4228 - 7, 100.0);
      check_whole_file (kind, 150000, 100.0);
    }
}

static void
check_channels (int channels, gint64 length)
{
  g_autofree float *in = make_input (NOISE, length * channels, 9);
  g_autofree float *out = filtered (in, channels, 48000, length, 1000.0);
  g_autofree float *one = g_new (float, length);

  for (int channel = 0; channel < channels; channel++)
    {
      g_autofree float *want = NULL;

      for (gint64 i = 0; i < length; i++)
        one[i] = in[i * channels + channel];
      want = filtered (one, 1, 48000, length, 1000.0);
      for (gint64 i = 0; i < length; i++)
        g_assert_cmpfloat (out[i * channels + channel], ==, want[i]);
    }
}

/* Each channel has the bits that it has alone. */
static void
test_channels (void)
{
  check_channels (2, 20011);
  check_channels (2, 16);
  check_channels (3, 9001);
  check_channels (16, 5000);
}

/* Odd block sizes and random seeks give the bits of one long read. */
static void
test_seek (void)
{
  const gint64 length = 100003;
  g_autofree float *in = make_input (NOISE, length * 2, 4);
  g_autofree float *want = filtered (in, 2, 44100, length, 1000.0);
  g_autoptr (SlSource) source = filter_samples (in, 2, 44100, length, 1000.0);
  g_autofree float *out = g_new (float, 20000);
  guint32 state = 77;

  for (int round = 0; round < 400; round++)
    {
      gint64 asked = 1 + noise_bits (&state) % 9973;
      gint64 at, got;

      if (round % 3 == 0)
        g_assert_true (sl_source_seek (source, noise_bits (&state) % (length + 1), NULL));
      at = source->position;
      got = sl_source_read (source, out, asked, NULL);
      g_assert_cmpint (got, ==, MIN (asked, length - at));
      g_assert_cmpmem (out, sizeof (float) * 2 * got, want + 2 * at, sizeof (float) * 2 * got);
    }
}

/* Amplitude of a sine of @hz after the filter, from its RMS over whole periods in the middle. */
static double
response_at (double hz, double cutoff_hz)
{
  const gint64 length = 96000;
  g_autofree float *in = g_new (float, length);
  g_autofree float *out = NULL;
  double squares = 0.0;

  for (gint64 i = 0; i < length; i++)
    in[i] = (float) sin (2.0 * G_PI * hz * i / 48000.0);
  out = filtered (in, 1, 48000, length, cutoff_hz);
  for (gint64 i = 24000; i < 72000; i++)
    squares += (double) out[i] * out[i];
  return sqrt (2.0 * squares / 48000.0);
}

/* |H|² of a 4th-order Butterworth: 1 / (1 + Ω⁸), Ω the ratio of warped frequencies; to 1e-5. */
static void
test_response (void)
{
  const double cutoffs[] = { 100.0, 1000.0, 8000.0 };

  for (guint i = 0; i < G_N_ELEMENTS (cutoffs); i++)
    for (double factor = 0.5; factor < 2.1; factor *= 2.0)
      {
        double hz = cutoffs[i] * factor;
        double ratio = tan (G_PI * hz / 48000.0) / tan (G_PI * cutoffs[i] / 48000.0);

        g_assert_cmpfloat_with_epsilon (response_at (hz, cutoffs[i]), 1.0 / (1.0 + pow (ratio, 8)),
                                        1e-5);
      }
}

static void
test_lookahead (void)
{
  g_assert_cmpint (sl_lowpass_lookahead (8000.0, 48000), ==, 63);
  g_assert_cmpint (sl_lowpass_lookahead (100.0, 48000), ==, 4225);
  g_assert_cmpint (sl_lowpass_lookahead (8000.0, 44100), ==, 60);
  g_assert_cmpint (sl_lowpass_lookahead (100.0, 44100), ==, 3882);
}

/* After the last sound there is silence: no denormal numbers are left behind. */
static void
test_tail (void)
{
  const gint64 length = 60000;
  const double cutoffs[] = { 30.0, 1000.0, 12000.0, 21600.0 };

  for (guint c = 0; c < G_N_ELEMENTS (cutoffs); c++)
    {
      g_autofree float *in = make_input (NOISE, length, 2);
      g_autofree float *out = NULL;

      memset (in + 1000, 0, sizeof (float) * (length - 1000));
      out = filtered (in, 1, 48000, length, cutoffs[c]);
      for (gint64 i = 0; i < length; i++)
        g_assert_true (out[i] == 0.0f || fabsf (out[i]) >= 0.99e-30f);
      g_assert_true (cutoffs[c] < 100.0 || out[length - 1] == 0.0f);
    }
}

static void
test_tiny (void)
{
  const float sample = 0.7f;
  const double cutoffs[] = { 30.0, 1000.0, 21600.0 };

  for (guint c = 0; c < G_N_ELEMENTS (cutoffs); c++)
    {
      g_autofree float *out = filtered (&sample, 1, 48000, 1, cutoffs[c]);
      g_autoptr (SlSource) empty = filter_samples (NULL, 2, 48000, 0, cutoffs[c]);

      g_assert_cmpfloat (out[0], ==, sample);
      g_assert_cmpint (sl_source_read (empty, out, 1, NULL), ==, 0);
    }
}

static void
test_range (void)
{
  const double refused[] = { 29.99, 21600.1, 0.0, -1.0, NAN, INFINITY };
  const float samples[1] = { 0.0f };

  g_assert_cmpfloat_with_epsilon (sl_lowpass_max_hz (48000), 21600.0, 1e-9);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (sl_lowpass_new (memory_source_new (samples, 1, 48000, 1), refused[i], &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
    }
}

static void
test_broken_input (void)
{
  const float samples[4] = { 0.0f };
  g_autoptr (GError) error = NULL;
  g_autoptr (SlSource) source = NULL;
  SlSource *broken = memory_source_new (samples, 1, 48000, 4);
  float out[4];

  broken->failure = g_error_new_literal (SL_ERROR, SL_ERROR_CHANGED, "changed");
  source = sl_lowpass_new (broken, 1000.0, NULL);
  g_assert_cmpint (sl_source_read (source, out, 4, &error), ==, -1);
  g_assert_error (error, SL_ERROR, SL_ERROR_CHANGED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lowpass/scipy", test_scipy);
  g_test_add_func ("/lowpass/whole-file", test_whole_file);
  g_test_add_func ("/lowpass/long-blocks", test_long_blocks);
  g_test_add_func ("/lowpass/channels", test_channels);
  g_test_add_func ("/lowpass/seek", test_seek);
  g_test_add_func ("/lowpass/response", test_response);
  g_test_add_func ("/lowpass/lookahead", test_lookahead);
  g_test_add_func ("/lowpass/tail", test_tail);
  g_test_add_func ("/lowpass/tiny", test_tiny);
  g_test_add_func ("/lowpass/range", test_range);
  g_test_add_func ("/lowpass/broken-input", test_broken_input);
  return g_test_run ();
}
