/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/crossfade.h"

#include <math.h>

/* Written so that NaN, too, ends inside [0, 1]. */
static double
clamp_correlation (double r)
{
  if (!(r > 0.0))
    return 0.0;
  return r < 1.0 ? r : 1.0;
}

/* @r lies in [0, 1], so that 1 - 2·t·(1 - t)·(1 - r), which is D squared, is at least a half. */
static inline void
gains (double t, double r, double *a, double *b)
{
  double u = 1.0 - t;
  double d = sqrt (u * u + t * t + 2.0 * r * t * u);

  *a = u / d;
  *b = t / d;
}

void
sl_crossfade_gains (double t, double r, double *a, double *b)
{
  gains (t, clamp_correlation (r), a, b);
}

double
sl_crossfade_position (gint64 i, gint64 n)
{
  return (double) (i + 1) / (double) (n + 1);
}

void
sl_crossfade_fill (gint64 first, gint64 count, gint64 n, double r, double *a, double *b)
{
  double clamped = clamp_correlation (r);

  for (gint64 i = 0; i < count; i++)
    gains ((double) (first + i + 1) / (double) (n + 1), clamped, &a[i], &b[i]);
}
