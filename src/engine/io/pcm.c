/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/io/pcm.h"

#include <math.h>
#include <string.h>

/* IEEE 754: floats without their sign are ordered as their bits are; NaN is above infinity. */
#define MAGNITUDE_BITS 0x7fffffff
#define ONE_BITS 0x3f800000

/* Samples beyond ±1.0, finite or not: one quick pass that nearly every block ends with. */
static gint32
count_beyond (const float *samples, gsize n)
{
  gint32 count = 0;

  for (gsize i = 0; i < n; i++)
    {
      gint32 bits;

      memcpy (&bits, &samples[i], sizeof bits);
      count += (bits & MAGNITUDE_BITS) > ONE_BITS;
    }
  return count;
}

static void
count_overs (const float *samples, gsize n, SlPcmScan *scan)
{
  for (gsize i = 0; i < n; i++)
    if (isfinite (samples[i]) && fabsf (samples[i]) > 1.0f)
      {
        if (scan->overs++ == 0)
          scan->first_over = (gssize) i;
      }
}

static gssize
find_nonfinite (const float *samples, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (!isfinite (samples[i]))
      return (gssize) i;
  return -1;
}

SlPcmScan
sl_pcm_scan (const float *samples, gsize n)
{
  SlPcmScan scan = { .first_nonfinite = -1, .first_over = -1 };

  if (count_beyond (samples, n) > 0)
    {
      scan.first_nonfinite = find_nonfinite (samples, n);
      count_overs (samples, n, &scan);
    }
  return scan;
}

void
sl_pcm_quantise (const float *samples, gsize n, int bits, int *out)
{
  const float scale = (float) (1 << (bits - 1));
  const float top = scale - 1.0f;
  const int shift = 1 << (32 - bits);

  for (gsize i = 0; i < n; i++)
    {
      float value = samples[i] * scale;

      value = value > top ? top : value;
      value = value < -scale ? -scale : value;
      out[i] = (int) (value + (value < 0.0f ? -0.5f : 0.5f)) * shift;
    }
}
