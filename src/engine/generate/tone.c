/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate/tone.h"

#include "engine/base/error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Frames computed from one phase: sin (φ + kω) = sin φ · cos kω + cos φ · sin kω, with kω from a
 * table that fits the L1 cache. Blocks lie on a fixed grid, so that a frame has the same bits
 * wherever a read starts. */
#define BLOCK 512

/* Cycles as a fraction of 2^128. Whole cycles overflow, as they may: the phase of any frame is
 * exact to the last bit of the step, 2^-65 cycles after 2^63 frames. */
__extension__ typedef unsigned __int128 Phase;

typedef struct
{
  SlSource base;
  Phase step; // per frame
  double amplitude;
  double cosine[BLOCK]; // of the angle that k frames turn by
  double sine[BLOCK];
} Tone;

/* @hz / @rate_hz; the long division goes on where 128 bits end. */
static Phase
phase_step (double hz, int rate_hz)
{
  Phase cycles = (Phase) ldexp (hz, 64);
  Phase rate = (Phase) rate_hz;

  return ((cycles / rate) << 64) + ((cycles % rate) << 64) / rate;
}

/* Radians in [-π, π). */
static double
angle (Phase phase)
{
  return (double) (gint64) (phase >> 64) * (G_PI / 9223372036854775808.0);
}

static void
fill_tables (Tone *self)
{
  for (int i = 0; i < BLOCK; i++)
    {
      double turned = angle (self->step * (Phase) i);

      self->cosine[i] = cos (turned);
      self->sine[i] = sin (turned);
    }
}

/* @count mono frames from @frame on, all in one block. */
static void
compute (const Tone *self, float *restrict out, gint64 frame, gint64 count)
{
  const gint64 within = frame % BLOCK;
  const double start = angle (self->step * (Phase) (frame - within));
  const double sine = self->amplitude * sin (start);
  const double cosine = self->amplitude * cos (start);
  const double *restrict table_cosine = self->cosine + within;
  const double *restrict table_sine = self->sine + within;

  for (gint64 i = 0; i < count; i++)
    out[i] = (float) (sine * table_cosine[i] + cosine * table_sine[i]);
}

static void
spread (float *restrict out, const float *restrict in, int channels, gint64 frames)
{
  for (gint64 i = 0; i < frames; i++)
    for (int channel = 0; channel < channels; channel++)
      out[i * channels + channel] = in[i];
}

static void
spread_stereo (float *restrict out, const float *restrict in, gint64 frames)
{
  for (gint64 i = 0; i < frames; i++)
    out[2 * i] = out[2 * i + 1] = in[i];
}

static gint64
tone_read (SlSource *source, float *out, gint64 frames, GError **error)
{
  const Tone *self = (const Tone *) source;
  const int channels = source->channels;
  float mono[BLOCK];
  gint64 count;

  for (gint64 done = 0; done < frames; done += count)
    {
      gint64 at = source->position + done;

      count = MIN (frames - done, BLOCK - at % BLOCK);
      compute (self, channels == 1 ? out + done : mono, at, count);
      if (channels == 2)
        spread_stereo (out + 2 * done, mono, count);
      else if (channels > 2)
        spread (out + done * channels, mono, channels, count);
    }
  return frames;
}

static gboolean
tone_seek (SlSource *source, gint64 frame, GError **error)
{
  return TRUE;
}

static void
tone_free (SlSource *source)
{
  g_free (source);
}

static const SlSourceClass tone_class = { tone_read, tone_seek, tone_free };

static gboolean
check (double hz, double amplitude, int rate_hz, GError **error)
{
  if (!(hz > 0.0 && hz < 0.5 * rate_hz))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                   _ ("A tone of %g Hz cannot be made: choose above 0 and below %g Hz."), hz,
                   0.5 * rate_hz);
      return FALSE;
    }
  if (!(amplitude >= 0.0 && amplitude <= 1.0))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                   _ ("A tone of amplitude %g cannot be made: choose from 0 to 1."), amplitude);
      return FALSE;
    }
  return TRUE;
}

SlSource *
sl_tone_new (double hz, double amplitude, int channels, int rate_hz, gint64 length, GError **error)
{
  Tone *self;

  if (!check (hz, amplitude, rate_hz, error))
    return NULL;
  self = g_new0 (Tone, 1);
  sl_source_init (&self->base, &tone_class, channels, rate_hz, length);
  self->step = phase_step (hz, rate_hz);
  self->amplitude = amplitude;
  fill_tables (self);
  return &self->base;
}
