/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over runs of samples that the compiler turns into vector code. Private to align. */
#pragma once

#include <glib.h>

#define SL_DOT_LANES 16

/* Floats are added up in lanes, which vectorise without reordering, and handed to a double before
 * the lanes grow long enough to lose digits. */
#define SL_DOT_CHUNK 1024

static inline double
sl_dot_lanes (const float *a, const float *b, gint64 n)
{
  float lanes[SL_DOT_LANES] = { 0 };
  double sum = 0.0;
  gint64 i;

  for (i = 0; i + SL_DOT_LANES <= n; i += SL_DOT_LANES)
    for (int lane = 0; lane < SL_DOT_LANES; lane++)
      lanes[lane] += a[i + lane] * b[i + lane];
  for (; i < n; i++)
    lanes[i % SL_DOT_LANES] += a[i] * b[i];
  for (int lane = 0; lane < SL_DOT_LANES; lane++)
    sum += (double) lanes[lane];
  return sum;
}

/** Sum of the products of @n samples. */
static inline double
sl_dot (const float *a, const float *b, gint64 n)
{
  double sum = 0.0;

  for (gint64 i = 0; i < n; i += SL_DOT_CHUNK)
    sum += sl_dot_lanes (a + i, b + i, MIN (SL_DOT_CHUNK, n - i));
  return sum;
}
