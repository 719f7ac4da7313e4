/* SPDX-License-Identifier: GPL-3.0-or-later */
/* White noise that never changes: the same in C and in Python. */
#pragma once

#include <glib.h>

/* The next 32 bits of a linear congruential generator (Numerical Recipes, "ranqd1"). */
static inline guint32
noise_bits (guint32 *state)
{
  *state = *state * 1664525u + 1013904223u;
  return *state;
}

/* The next sample in [-1, 1), with 24 bits: exact as a float. */
static inline float
noise_sample (guint32 *state)
{
  return (float) ((double) (noise_bits (state) >> 8) / 8388608.0 - 1.0);
}
