/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/reducer.h"

#include "engine/align/dot.h"
#include "engine/base/units.h"

#include <math.h>
#include <string.h>

#define REDUCED_RATE_HZ 5500

/* Of the reduced rate. Low enough that a peak of the correlation spans several reduced frames, so
 * that a lag between two of them is not missed. */
#define CUTOFF 0.2

/* Length of the low-pass, in reduced frames. */
#define FILTER_SPAN 8

/* Each channel counts less than the one before by the golden ratio: only signals in exactly this
 * ratio and opposite phase cancel, unlike a plain sum of left and right. */
#define CHANNEL_WEIGHT 0.6180339887

struct _SlReducer
{
  int channels;
  int factor;
  gsize taps;
  float *filter; /* taps, last sample first */
  float *line;   /* taps - 1 frames of the past, then a block */
  gsize skip;    /* frames of the next block before the next output */
};

int
sl_reducer_factor (int rate_hz)
{
  return MAX (1, (rate_hz + REDUCED_RATE_HZ / 2) / REDUCED_RATE_HZ);
}

/* A Hann-windowed low-pass of @taps taps. */
static double
low_pass_tap (gsize i, gsize taps, int factor)
{
  double middle = (double) (taps - 1) / 2.0;
  double x = 2.0 * CUTOFF / factor * ((double) i - middle);
  double window = 0.5 - 0.5 * cos (2.0 * G_PI * ((double) i + 0.5) / (double) taps);

  return window * (fabs (x) < 1e-9 ? 1.0 : sin (G_PI * x) / (G_PI * x));
}

/* The low-pass less itself one reduced frame later: a difference, which takes away what does not
 * move (an offset) and most of the bass, whose broad peaks hide the lag. */
static void
design (SlReducer *self)
{
  gsize low_pass_taps = (gsize) self->factor * FILTER_SPAN;

  for (gsize i = 0; i < low_pass_taps; i++)
    {
      double tap = low_pass_tap (i, low_pass_taps, self->factor);
      self->filter[i] += (float) tap;
      self->filter[i + (gsize) self->factor] -= (float) tap;
    }
}

SlReducer *
sl_reducer_new (int channels, int rate_hz)
{
  SlReducer *self = g_new0 (SlReducer, 1);

  self->channels = channels;
  self->factor = sl_reducer_factor (rate_hz);
  self->taps = (gsize) self->factor * (FILTER_SPAN + 1);
  self->filter = g_new0 (float, self->taps);
  self->line = g_new0 (float, self->taps - 1 + SL_BLOCK_FRAMES);
  design (self);
  return self;
}

static void
mix_stereo (const float *samples, gint64 frames, float *mono)
{
  for (gint64 i = 0; i < frames; i++)
    mono[i] = samples[2 * i] + (float) CHANNEL_WEIGHT * samples[2 * i + 1];
}

static void
mix_many (const float *samples, int channels, gint64 frames, float *mono)
{
  for (gint64 i = 0; i < frames; i++)
    {
      float weight = 1.0f;
      float sum = 0.0f;

      for (int c = 0; c < channels; c++, weight *= (float) CHANNEL_WEIGHT)
        sum += weight * samples[i * channels + c];
      mono[i] = sum;
    }
}

void
sl_reducer_mix (const float *samples, int channels, gint64 frames, float *mono)
{
  if (channels == 1)
    memcpy (mono, samples, (gsize) frames * sizeof (float));
  else if (channels == 2)
    mix_stereo (samples, frames, mono);
  else
    mix_many (samples, channels, frames, mono);
}

static gsize
feed_block (SlReducer *self, const float *samples, gsize frames, float *out)
{
  gsize past = self->taps - 1;
  gsize n = 0;
  gsize at;

  sl_reducer_mix (samples, self->channels, (gint64) frames, self->line + past);
  for (at = self->skip; at < frames; at += (gsize) self->factor)
    out[n++] = (float) sl_dot_lanes (self->filter, self->line + at, (gint64) self->taps);
  self->skip = at - frames;
  memmove (self->line, self->line + frames, past * sizeof (float));
  return n;
}

gsize
sl_reducer_feed (SlReducer *self, const float *samples, gint64 frames, float *out)
{
  gsize n = 0;

  for (gint64 done = 0; done < frames; done += SL_BLOCK_FRAMES)
    n += feed_block (self, samples + done * self->channels,
                     (gsize) MIN (SL_BLOCK_FRAMES, frames - done), out + n);
  return n;
}

void
sl_reducer_free (SlReducer *self)
{
  if (self == NULL)
    return;
  g_free (self->filter);
  g_free (self->line);
  g_free (self);
}
