/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate/drum_kit.h"

#include "engine/base/units.h"

#include <math.h>
#include <string.h>

#define KICK_HZ 60
#define KICK_MS 100.0
#define KICK_DECAY 5.0 /* per second */
#define KICK_LEVEL 0.9

#define SNARE_MS 50.0
#define SNARE_DECAY 10.0 /* per second */
#define SNARE_LEVEL 0.35

struct _SlDrumKit
{
  gint64 kick_length;
  gint64 snare_length;
  float *kick;
  double *snare_envelope;
};

static float *
make_kick (gint64 length, int rate_hz)
{
  float *kick = g_new (float, length);

  for (gint64 n = 0; n < length; n++)
    {
      double cycles = (double) (n * KICK_HZ % rate_hz) / rate_hz;

      kick[n] = (float) (KICK_LEVEL * exp (-KICK_DECAY * (double) n / rate_hz)
                         * sin (2.0 * G_PI * cycles));
    }
  return kick;
}

static double *
make_snare_envelope (gint64 length, int rate_hz)
{
  double *envelope = g_new (double, length);

  for (gint64 n = 0; n < length; n++)
    envelope[n] = SNARE_LEVEL * exp (-SNARE_DECAY * (double) n / rate_hz);
  return envelope;
}

SlDrumKit *
sl_drum_kit_new (int rate_hz)
{
  SlDrumKit *self = g_new0 (SlDrumKit, 1);

  self->kick_length = sl_frames_from_ms (KICK_MS, rate_hz);
  self->snare_length = sl_frames_from_ms (SNARE_MS, rate_hz);
  self->kick = make_kick (self->kick_length, rate_hz);
  self->snare_envelope = make_snare_envelope (self->snare_length, rate_hz);
  return self;
}

gint64
sl_drum_kit_hit_length (const SlDrumKit *self, SlHitKind kind)
{
  return kind == SL_HIT_KICK ? self->kick_length : self->snare_length;
}

gint64
sl_drum_kit_longest (const SlDrumKit *self)
{
  return MAX (self->kick_length, self->snare_length);
}

/* The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
static inline guint64
mix (guint64 z)
{
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* Number @index of SplitMix64 from @state, in [-1, 1): no number needs the one before it, so that
 * a read may start anywhere. */
static inline double
noise (guint64 state, gint64 index)
{
  guint64 bits = mix (state + ((guint64) index + 1) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  return (double) (bits >> 11) * 0x1p-52 - 1.0;
}

void
sl_drum_kit_add (const SlDrumKit *self, const SlHit *hit, gint64 from, gint64 n, float *out)
{
  /* Seeds are small neighbouring numbers: mixed, so that their sequences have nothing in common. */
  guint64 state = mix (hit->seed + G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  if (hit->kind == SL_HIT_KICK)
    for (gint64 i = 0; i < n; i++)
      out[i] += self->kick[from + i];
  else
    for (gint64 i = 0; i < n; i++)
      out[i] += (float) (self->snare_envelope[from + i] * noise (state, from + i));
}

/* Index of the first hit that starts after @frame. */
static guint
find_after (const GArray *hits, gint64 frame)
{
  guint low = 0;
  guint high = hits->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (hits, SlHit, middle).frame > frame)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

void
sl_drum_kit_render (const SlDrumKit *self, const GArray *hits, gint64 start, gint64 n, float *out)
{
  memset (out, 0, (gsize) n * sizeof *out);
  for (guint i = find_after (hits, start - sl_drum_kit_longest (self)); i < hits->len; i++)
    {
      const SlHit *hit = &g_array_index (hits, SlHit, i);
      gint64 from = MAX (hit->frame, start);
      gint64 to = MIN (hit->frame + sl_drum_kit_hit_length (self, hit->kind), start + n);

      if (hit->frame >= start + n)
        break;
      if (from < to)
        sl_drum_kit_add (self, hit, from - hit->frame, to - from, out + (from - start));
    }
  for (gint64 i = 0; i < n; i++)
    out[i] = CLAMP (out[i], -1.0f, 1.0f);
}

static int
compare_frames (gconstpointer a, gconstpointer b)
{
  gint64 frame_a = ((const SlHit *) a)->frame;
  gint64 frame_b = ((const SlHit *) b)->frame;

  return (frame_a > frame_b) - (frame_a < frame_b);
}

GArray *
sl_hits_dup_sorted (const GArray *hits)
{
  GArray *copy = g_array_copy ((GArray *) hits);

  g_array_sort (copy, compare_frames);
  return copy;
}

void
sl_drum_kit_free (SlDrumKit *self)
{
  if (self == NULL)
    return;
  g_free (self->kick);
  g_free (self->snare_envelope);
  g_free (self);
}
