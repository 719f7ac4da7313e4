/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A 4th-order Butterworth low-pass, run either way over four stretches of a buffer at once. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Stretches of a buffer that are filtered side by side. */
#define SL_BUTTERWORTH_LANES 4

/** Two sections (1 + 1/z)² / (1 + a1/z + a2/z²) in a row behind one gain that makes DC pass at 1.
 */
typedef struct
{
  double gain;
  double first[2];  ///< a1, a2
  double second[2]; ///< a1, a2
  double carried;   ///< what the first section answers to a constant 1
} SlButterworth;

/** @cutoff_hz (-3 dB), above 0 and below @rate_hz / 2, by the bilinear transform with prewarping.
 */
SlButterworth
sl_butterworth_lowpass (double cutoff_hz, int rate_hz);

/** The first frame from which the rest of |impulse response| sums to less than @rest. */
gint64
sl_butterworth_settling (const SlButterworth *self, double rest);

/**
 * Filters four neighbouring lanes of @frames samples from @samples on, in place and forward in
 * time. Each lane starts @warm_up samples before its first one, as if the sample found there had
 * lasted for ever; so @warm_up samples before @samples are read too.
 */
void
sl_butterworth_forward (const SlButterworth *self, double *samples, gint64 frames, gint64 warm_up);

/** The same backward in time: each lane starts @warm_up samples behind its last one. */
void
sl_butterworth_backward (const SlButterworth *self, double *samples, gint64 frames, gint64 warm_up);

G_END_DECLS
