/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/measure/null_test.h"

#include "engine/base/error.h"

#include "../../support/memory_source.h"
#include "../../support/noise.h"

#include <math.h>

#define RATE 48000
#define N 3
#define LIMIT 1e-6

/* Stems of one to two channels and the master that is their sum; samples may be bent before use. */
typedef struct
{
  int channels;
  gint64 length;
  int stem_channels[N];
  double gains[N];
  float *stems[N];
  float *master;
  gboolean clamp;
} Fixture;

static double
stem_value (const Fixture *f, int stem, gint64 i)
{
  return f->stems[stem][f->stem_channels[stem] == 1 ? i / f->channels : i];
}

static void
sum_up (Fixture *f)
{
  for (gint64 i = 0; i < f->length * f->channels; i++)
    {
      double sum = 0.0;

      for (int stem = 0; stem < N; stem++)
        sum += f->gains[stem] * stem_value (f, stem, i);
      f->master[i] = (float) (f->clamp ? CLAMP (sum, -1.0, 1.0) : sum);
    }
}

static void
set_up (Fixture *f, int channels, gint64 length)
{
  guint32 seed = 21;

  *f = (Fixture){ channels, length, { channels, 1, channels }, { 0.4, 0.3, -0.2 } };
  f->clamp = TRUE;
  for (int stem = 0; stem < N; stem++)
    {
      f->stems[stem] = g_new (float, length *channels);
      for (gint64 i = 0; i < length * channels; i++)
        f->stems[stem][i] = noise_sample (&seed);
    }
  f->master = g_new (float, length *channels);
  sum_up (f);
}

static void
tear_down (Fixture *f)
{
  for (int stem = 0; stem < N; stem++)
    g_free (f->stems[stem]);
  g_free (f->master);
}

static gboolean
run (const Fixture *f, SlNullResult *result, const SlProgress *progress, GError **error)
{
  g_autoptr (SlSource) master = memory_source_new (f->master, f->channels, RATE, f->length);
  SlSource *stems[N];
  gboolean done;

  for (int i = 0; i < N; i++)
    stems[i] = memory_source_new (f->stems[i], f->stem_channels[i], RATE, f->length);
  /* Where a source stands when it is handed over must not matter. */
  g_assert_true (sl_source_seek (stems[1], f->length / 2, NULL));
  done = sl_null_test (master, stems, f->gains, N, f->clamp, LIMIT, result, progress, error);
  for (int i = 0; i < N; i++)
    sl_source_free (stems[i]);
  return done;
}

static SlNullResult
run_well (const Fixture *f)
{
  g_autoptr (GError) error = NULL;
  SlNullResult result;

  g_assert_true (run (f, &result, NULL, &error));
  g_assert_no_error (error);
  return result;
}

/* A float master of its stems: half of the last bit is left, and nobody is suspected. */
static void
test_null (void)
{
  for (int channels = 1; channels <= 3; channels++)
    {
      Fixture f;
      SlNullResult result;

      set_up (&f, channels, 20011);
      result = run_well (&f);
      g_assert_cmpfloat (result.peak, <=, ldexp (1.0, -25));
      g_assert_cmpfloat (result.peak, >, 0.0);
      g_assert_cmpfloat (result.rms, <, result.peak);
      g_assert_cmpint (result.suspect, ==, -1);
      g_assert_cmpfloat (result.suspect_correlation, ==, 0.0);
      tear_down (&f);
    }
}

/* The residual of one bent sample: size, place, RMS. */
static void
test_one_sample (void)
{
  const gint64 places[] = { 0, 8191, 8192, 20010 };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      Fixture f;
      SlNullResult result;

      set_up (&f, 2, 20011);
      f.master[2 * places[i] + 1] -= 0.125f;
      result = run_well (&f);
      g_assert_cmpfloat_with_epsilon (result.peak, 0.125, 1e-6);
      g_assert_cmpint (result.worst_frame, ==, places[i]);
      g_assert_cmpfloat_with_epsilon (result.rms, 0.125 / sqrt (2.0 * 20011.0), 1e-6);
      tear_down (&f);
    }
}

/* A stem whose gain the master got wrong by 1 %, one at a time: r is 1 to 1e-3. */
static void
test_suspect (void)
{
  for (int channels = 1; channels <= 2; channels++)
    for (int stem = 0; stem < N; stem++)
      {
        Fixture f;
        SlNullResult result;

        set_up (&f, channels, 30000);
        f.gains[stem] *= 1.01;
        sum_up (&f);
        f.gains[stem] /= 1.01;
        result = run_well (&f);
        g_assert_cmpint (result.suspect, ==, stem);
        g_assert_cmpfloat_with_epsilon (result.suspect_correlation, 1.0, 1e-3);
        tear_down (&f);
      }
}

/* Bends the master by @amount of @stem in second @second alone. */
static void
bend (Fixture *f, int second, int stem, float amount)
{
  for (gint64 i = second * RATE; i < (second + 1) * RATE; i++)
    f->master[i] += amount * f->stems[stem][i];
}

/* Stem 0 is wrong for most of the time, stem 2 by a little more in one second: it is the suspect,
 * with an r of at least √½, because half of the second around the worst frame may be sound. */
static void
check_worst_second (int worst)
{
  Fixture f;
  SlNullResult result;

  set_up (&f, 1, 6 * RATE);
  for (int second = 0; second < 6; second++)
    if (ABS (second - worst) > 1)
      bend (&f, second, 0, 0.05f);
  bend (&f, worst, 2, 0.06f);
  result = run_well (&f);
  g_assert_cmpint (result.worst_frame / RATE, ==, worst);
  g_assert_cmpint (result.suspect, ==, 2);
  g_assert_cmpfloat (result.suspect_correlation, >, 0.7);
  tear_down (&f);
}

static void
test_worst_second (void)
{
  check_worst_second (0);
  check_worst_second (2);
  check_worst_second (5);
}

/* The first of equal differences is told. */
static void
test_first_worst (void)
{
  g_autofree float *loud = g_new0 (float, 30000);
  g_autofree float *silent = g_new0 (float, 30000);
  g_autoptr (SlSource) master = NULL;
  g_autoptr (SlSource) stem = memory_source_new (silent, 1, RATE, 30000);
  SlSource *stems[] = { stem };
  const double gain = 1.0;
  SlNullResult result;

  loud[9000] = -0.5f;
  loud[9001] = loud[25000] = 0.5f;
  master = memory_source_new (loud, 1, RATE, 30000);
  g_assert_true (sl_null_test (master, stems, &gain, 1, TRUE, LIMIT, &result, NULL, NULL));
  g_assert_cmpfloat (result.peak, ==, 0.5);
  g_assert_cmpint (result.worst_frame, ==, 9000);
  g_assert_cmpint (result.suspect, ==, -1);
}

/* Sums beyond full scale: a clamped master nulls with a clamped sum, and only with that. */
static void
test_clamp (void)
{
  Fixture f;

  set_up (&f, 2, 9000);
  f.gains[0] = 1.7;
  sum_up (&f);
  g_assert_cmpfloat (run_well (&f).peak, <, 1e-7);
  f.clamp = FALSE;
  g_assert_cmpfloat (run_well (&f).peak, >, 0.1);
  sum_up (&f);
  g_assert_cmpfloat (run_well (&f).peak, <, 3e-7);
  tear_down (&f);
}

/* NaN compares with nothing; it must not pass for a null. */
static void
test_nonfinite (void)
{
  const float values[] = { NAN, INFINITY, -INFINITY };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      Fixture f;
      SlNullResult result;

      set_up (&f, 1, 20000);
      f.master[15000] = values[i];
      result = run_well (&f);
      g_assert_cmpfloat (result.peak, ==, INFINITY);
      g_assert_cmpfloat (result.rms, ==, INFINITY);
      g_assert_cmpint (result.worst_frame, ==, 15000);
      tear_down (&f);
    }
}

static void
test_refusals (void)
{
  const float silence[40] = { 0.0f };
  g_autoptr (SlSource) master = memory_source_new (silence, 1, RATE, 20);
  g_autoptr (SlSource) longer = memory_source_new (silence, 1, RATE, 21);
  g_autoptr (SlSource) stereo = memory_source_new (silence, 2, RATE, 20);
  g_autoptr (SlSource) faster = memory_source_new (silence, 1, 2 * RATE, 20);
  SlSource *refused[] = { longer, stereo, faster };
  const double gain = 1.0;

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      SlNullResult result;

      g_assert_false (
          sl_null_test (master, &refused[i], &gain, 1, TRUE, LIMIT, &result, NULL, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
    }
}

typedef struct
{
  int calls;
  int stop_at;
  double last;
} Watch;

static gboolean
watch (double fraction, gpointer data)
{
  Watch *self = data;

  g_assert_cmpfloat (fraction, >=, self->last);
  self->last = fraction;
  return ++self->calls != self->stop_at;
}

static void
test_progress (void)
{
  Watch seen = { 0, 0, 0.0 }, stopping = { 0, 2, 0.0 };
  SlProgress progress = { watch, &seen }, stop = { watch, &stopping };
  g_autoptr (GError) error = NULL;
  SlNullResult result;
  Fixture f;

  set_up (&f, 1, 50000);
  g_assert_true (run (&f, &result, &progress, NULL));
  g_assert_cmpfloat (seen.last, ==, 1.0);
  g_assert_false (run (&f, &result, &stop, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_CANCELLED);
  g_assert_cmpint (stopping.calls, ==, 2);
  tear_down (&f);
}

static void
test_broken_stem (void)
{
  const float silence[20] = { 0.0f };
  const double gain = 1.0;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlSource) master = memory_source_new (silence, 1, RATE, 20);
  g_autoptr (SlSource) stem = memory_source_new (silence, 1, RATE, 20);
  SlSource *stems[] = { stem };
  SlNullResult result;

  stem->failure = g_error_new_literal (SL_ERROR, SL_ERROR_CHANGED, "changed");
  g_assert_false (sl_null_test (master, stems, &gain, 1, TRUE, LIMIT, &result, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_CHANGED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/null-test/null", test_null);
  g_test_add_func ("/null-test/one-sample", test_one_sample);
  g_test_add_func ("/null-test/suspect", test_suspect);
  g_test_add_func ("/null-test/worst-second", test_worst_second);
  g_test_add_func ("/null-test/first-worst", test_first_worst);
  g_test_add_func ("/null-test/clamp", test_clamp);
  g_test_add_func ("/null-test/nonfinite", test_nonfinite);
  g_test_add_func ("/null-test/refusals", test_refusals);
  g_test_add_func ("/null-test/progress", test_progress);
  g_test_add_func ("/null-test/broken-stem", test_broken_stem);
  return g_test_run ();
}
