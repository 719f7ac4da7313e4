/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/base/fft.h"

#include <fftw3.h>
#include <string.h>

struct _SlFft
{
  gsize points;
  fftwf_plan forward;
  fftwf_plan inverse;
};

/* FFTW's planner keeps state of its own and is not thread-safe. */
static GMutex planner_lock;

static gboolean
is_good_size (gsize points)
{
  while (points % 2 == 0)
    points /= 2;
  while (points % 3 == 0)
    points /= 3;
  while (points % 5 == 0)
    points /= 5;
  return points == 1;
}

gsize
sl_fft_good_size (gsize at_least)
{
  gsize points = MAX (at_least + at_least % 2, 2);

  while (!is_good_size (points))
    points += 2;
  return points;
}

SlFft *
sl_fft_new (gsize points)
{
  SlFft *self;
  float *real;
  fftwf_complex *spectrum;

  g_return_val_if_fail (points >= 2 && points <= G_MAXINT, NULL);

  self = g_new0 (SlFft, 1);
  self->points = points;
  real = fftwf_alloc_real (points);
  spectrum = fftwf_alloc_complex (points / 2 + 1);
  g_assert (real != NULL && spectrum != NULL);

  g_mutex_lock (&planner_lock);
  self->forward = fftwf_plan_dft_r2c_1d ((int) points, real, spectrum, FFTW_ESTIMATE);
  self->inverse = fftwf_plan_dft_c2r_1d ((int) points, spectrum, real, FFTW_ESTIMATE);
  g_mutex_unlock (&planner_lock);
  g_assert (self->forward != NULL && self->inverse != NULL);

  fftwf_free (real);
  fftwf_free (spectrum);
  return self;
}

gsize
sl_fft_get_points (const SlFft *self)
{
  return self->points;
}

gsize
sl_fft_get_bins (const SlFft *self)
{
  return self->points / 2 + 1;
}

float *
sl_fft_new_real (const SlFft *self)
{
  float *real = fftwf_alloc_real (self->points);

  g_assert (real != NULL);
  memset (real, 0, self->points * sizeof *real);
  return real;
}

SlComplex *
sl_fft_new_spectrum (const SlFft *self)
{
  gsize bins = sl_fft_get_bins (self);
  SlComplex *spectrum = (SlComplex *) fftwf_alloc_complex (bins);

  g_assert (spectrum != NULL);
  memset (spectrum, 0, bins * sizeof *spectrum);
  return spectrum;
}

void
sl_fft_forward (const SlFft *self, const float *in, SlComplex *out)
{
  /* The plan was made for a distinct output, which is when FFTW leaves its input alone. */
  fftwf_execute_dft_r2c (self->forward, (float *) in, (fftwf_complex *) out);
}

void
sl_fft_inverse (const SlFft *self, SlComplex *in, float *out)
{
  fftwf_execute_dft_c2r (self->inverse, (fftwf_complex *) in, out);
}

void
sl_fft_free_real (float *real)
{
  fftwf_free (real);
}

void
sl_fft_free_spectrum (SlComplex *spectrum)
{
  fftwf_free (spectrum);
}

void
sl_fft_free (SlFft *self)
{
  if (self == NULL)
    return;

  g_mutex_lock (&planner_lock);
  fftwf_destroy_plan (self->forward);
  fftwf_destroy_plan (self->inverse);
  g_mutex_unlock (&planner_lock);
  g_free (self);
}
