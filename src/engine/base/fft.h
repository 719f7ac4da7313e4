/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fourier transforms of real signals (FFTW, single precision): the one door to the library. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** One bin of a spectrum. */
typedef struct
{
  float re;
  float im;
} SlComplex;

/** Plans for one size. Making and freeing them takes a lock; executing does not. */
typedef struct _SlFft SlFft;

/** Smallest number of at least @at_least points (itself at least 2) that is even and whose only
 *  prime factors are 2, 3 and 5: what FFTW is quick at. */
gsize
sl_fft_good_size (gsize at_least);

/** Plans for @points (at least 2) real points. Any thread. */
SlFft *
sl_fft_new (gsize points);

gsize
sl_fft_get_points (const SlFft *self);

/** Bins of the spectrum: points / 2 + 1. */
gsize
sl_fft_get_bins (const SlFft *self);

/** @points floats of 0, aligned as the plans need it; free with sl_fft_free_real(). */
float *
sl_fft_new_real (const SlFft *self);

/** A spectrum of 0, aligned as the plans need it; free with sl_fft_free_spectrum(). */
SlComplex *
sl_fft_new_spectrum (const SlFft *self);

/** Spectrum of @in, which is kept. Both from the functions above. */
void
sl_fft_forward (const SlFft *self, const float *in, SlComplex *out);

/** The signal of @in, which is destroyed; not scaled: forward and inverse multiply by points. */
void
sl_fft_inverse (const SlFft *self, SlComplex *in, float *out);

void
sl_fft_free_real (float *real);

void
sl_fft_free_spectrum (SlComplex *spectrum);

/** NULL is allowed. */
void
sl_fft_free (SlFft *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlFft, sl_fft_free)

G_END_DECLS
