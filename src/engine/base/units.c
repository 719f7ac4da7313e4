/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/base/units.h"

#include <math.h>

double
sl_db_from_gain (double gain)
{
  return gain > 0.0 ? 20.0 * log10 (gain) : -INFINITY;
}

double
sl_gain_from_db (double db)
{
  return pow (10.0, db / 20.0);
}

double
sl_ms_from_frames (gint64 frames, int rate_hz)
{
  return (double) frames * 1000.0 / rate_hz;
}

gint64
sl_frames_from_ms (double ms, int rate_hz)
{
  return llround (ms * rate_hz / 1000.0);
}

gint64
sl_round_fraction (gint64 a, gint64 b, gint64 den)
{
  __int128 product = (__int128) a * b;
  __int128 half = den / 2;

  g_assert (den > 0);
  /* Truncation goes towards zero, so half is added away from zero; for an odd den the halves
   * never fall on a whole number and den / 2 rounds right as well. */
  if (product >= 0)
    return (gint64) ((product + half) / den);
  return (gint64) ((product - half) / den);
}
