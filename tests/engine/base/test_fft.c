/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/base/fft.h"

#include <math.h>
#include <string.h>

static void
fill_noise (float *out, gsize n, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  for (gsize i = 0; i < n; i++)
    out[i] = (float) g_rand_double_range (rand, -1.0, 1.0);
}

/* Against the definition, within 1e-5 of the largest possible bin (points). */
static void
assert_is_transform (const float *in, const SlComplex *out, gsize points)
{
  for (gsize k = 0; k <= points / 2; k++)
    {
      double re = 0.0, im = 0.0;

      for (gsize i = 0; i < points; i++)
        {
          double phase = 2.0 * G_PI * (double) ((i * k) % points) / (double) points;

          re += in[i] * cos (phase);
          im -= in[i] * sin (phase);
        }
      g_assert_cmpfloat_with_epsilon (out[k].re, re, 1e-5 * (double) points);
      g_assert_cmpfloat_with_epsilon (out[k].im, im, 1e-5 * (double) points);
    }
}

static void
test_forward (void)
{
  static const gsize sizes[] = { 2, 6, 48, 125, 250 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (SlFft) fft = sl_fft_new (sizes[i]);
      float *real = sl_fft_new_real (fft);
      SlComplex *spectrum = sl_fft_new_spectrum (fft);

      g_assert_cmpuint (sl_fft_get_bins (fft), ==, sizes[i] / 2 + 1);
      fill_noise (real, sizes[i], i);
      sl_fft_forward (fft, real, spectrum);
      assert_is_transform (real, spectrum, sizes[i]);
      sl_fft_free_real (real);
      sl_fft_free_spectrum (spectrum);
    }
}

/* Back again within 1e-5 of full scale, and the input untouched. */
static void
test_round_trip (void)
{
  const gsize points = 1 << 16;
  g_autoptr (SlFft) fft = sl_fft_new (points);
  g_autofree float *kept = g_new (float, points);
  float *real = sl_fft_new_real (fft);
  SlComplex *spectrum = sl_fft_new_spectrum (fft);

  fill_noise (real, points, 7);
  memcpy (kept, real, points * sizeof *real);
  sl_fft_forward (fft, real, spectrum);
  g_assert_cmpmem (real, points * sizeof *real, kept, points * sizeof *kept);
  sl_fft_inverse (fft, spectrum, real);
  for (gsize i = 0; i < points; i++)
    g_assert_cmpfloat_with_epsilon (real[i] / (float) points, kept[i], 1e-5);
  sl_fft_free_real (real);
  sl_fft_free_spectrum (spectrum);
}

static void
test_good_size (void)
{
  static const gsize cases[][2] = { { 0, 2 },   { 1, 2 },     { 3, 4 },     { 7, 8 },
                                    { 11, 12 }, { 127, 128 }, { 257, 270 }, { 48001, 48600 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (sl_fft_good_size (cases[i][0]), ==, cases[i][1]);
}

static gpointer
plan_many (gpointer data)
{
  for (gsize points = 2; points < 400; points += 2)
    sl_fft_free (sl_fft_new (points));
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("plan", plan_many, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/fft/forward", test_forward);
  g_test_add_func ("/base/fft/round-trip", test_round_trip);
  g_test_add_func ("/base/fft/good-size", test_good_size);
  g_test_add_func ("/base/fft/threads", test_threads);
  return g_test_run ();
}
