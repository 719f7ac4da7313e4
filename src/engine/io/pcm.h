/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Floats on their way into a file: what must not pass, and rounding to integers. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** What a block of samples holds beyond the range of ±1.0. Indices count samples. */
typedef struct
{
  gssize first_nonfinite; ///< index of the first NaN or infinity, or -1
  gssize overs;           ///< finite samples beyond ±1.0
  gssize first_over;      ///< index of the first of them, or -1
} SlPcmScan;

/** Scans @n samples. Pure; any thread. */
SlPcmScan
sl_pcm_scan (const float *samples, gsize n);

/**
 * Rounds @n finite samples to the nearest of the codes k / 2^(@bits - 1), halves away from zero,
 * clipping to the range of the codes, each in the upper @bits bits of an int. @bits is at most 24:
 * more than a float can tell. Codes come through unchanged.
 */
void
sl_pcm_quantise (const float *samples, gsize n, int bits, int *out);

G_END_DECLS
