/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/process/mixer.h"

#include "engine/base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Frames summed at once: a stereo sum in double, 32 KiB, stays next to the L1 cache. */
#define MIX_FRAMES 2048

typedef struct
{
  SlSource base;
  guint n;
  SlSource **sources; // owned
  double *gains;
  float *scratch; // MIX_FRAMES of one source
  double *sum;    // MIX_FRAMES
} Mixer;

static void
free_sources (SlSource *const *sources, guint n)
{
  for (guint i = 0; i < n; i++)
    sl_source_free (sources[i]);
}

static void
add_same (double *restrict sum, const float *restrict in, double gain, gint64 samples)
{
  for (gint64 i = 0; i < samples; i++)
    sum[i] += gain * in[i];
}

static void
add_mono_to_stereo (double *restrict sum, const float *restrict in, double gain, gint64 frames)
{
  for (gint64 i = 0; i < frames; i++)
    {
      double value = gain * in[i];

      sum[2 * i] += value;
      sum[2 * i + 1] += value;
    }
}

static void
add_mono_to_all (double *sum, int channels, const float *in, double gain, gint64 frames)
{
  for (gint64 i = 0; i < frames; i++)
    for (int channel = 0; channel < channels; channel++)
      sum[i * channels + channel] += gain * in[i];
}

static void
add (double *sum, int channels, const float *in, int in_channels, double gain, gint64 frames)
{
  if (in_channels == channels)
    add_same (sum, in, gain, frames * channels);
  else if (channels == 2)
    add_mono_to_stereo (sum, in, gain, frames);
  else
    add_mono_to_all (sum, channels, in, gain, frames);
}

/* Sets the sum of @frames frames, at most MIX_FRAMES, from @at on. */
static gboolean
compute_sum (Mixer *self, gint64 at, gint64 frames, GError **error)
{
  int channels = self->base.channels;

  memset (self->sum, 0, sizeof (double) * frames * channels);
  for (guint i = 0; i < self->n; i++)
    {
      SlSource *source = self->sources[i];

      if (!sl_source_read_at (source, at, self->scratch, frames, error))
        return FALSE;
      add (self->sum, channels, self->scratch, source->channels, self->gains[i], frames);
    }
  return TRUE;
}

static void
round_to_float (float *restrict out, const double *restrict sum, gint64 samples)
{
  for (gint64 i = 0; i < samples; i++)
    out[i] = (float) sum[i];
}

static gint64
mixer_read (SlSource *source, float *out, gint64 frames, GError **error)
{
  Mixer *self = (Mixer *) source;
  gint64 count;

  for (gint64 done = 0; done < frames; done += count)
    {
      count = MIN (frames - done, MIX_FRAMES);
      if (!compute_sum (self, source->position + done, count, error))
        return -1;
      round_to_float (out + done * source->channels, self->sum, count * source->channels);
    }
  return frames;
}

/* The sources are sought by the next read. */
static gboolean
mixer_seek (SlSource *source, gint64 frame, GError **error)
{
  return TRUE;
}

static void
mixer_free (SlSource *source)
{
  Mixer *self = (Mixer *) source;

  free_sources (self->sources, self->n);
  g_free (self->sources);
  g_free (self->gains);
  g_free (self->scratch);
  g_free (self->sum);
  g_free (self);
}

static const SlSourceClass mixer_class = { mixer_read, mixer_seek, mixer_free };

static gboolean
refuse_length (guint number, gint64 has, gint64 wanted, GError **error)
{
  g_autofree char *is = g_strdup_printf ("%" G_GINT64_FORMAT, has);
  g_autofree char *must = g_strdup_printf ("%" G_GINT64_FORMAT, wanted);

  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               _ ("Part %u of the sum has %s frames instead of %s: bring it to that length first."),
               number, is, must);
  return FALSE;
}

static gboolean
check_one (const SlSource *source,
           guint number,
           int channels,
           int rate_hz,
           gint64 length,
           GError **error)
{
  if (source->rate_hz != rate_hz)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                   _ ("Part %u of the sum has %d Hz instead of %d Hz: resample it first."), number,
                   source->rate_hz, rate_hz);
      return FALSE;
    }
  if (source->channels != 1 && source->channels != channels)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                   _ ("Part %u of the sum has %d channels; only 1 or %d can be summed here."),
                   number, source->channels, channels);
      return FALSE;
    }
  return source->length == length || refuse_length (number, source->length, length, error);
}

static gboolean
check_all (SlSource *const *sources, guint n, int channels, GError **error)
{
  if (n == 0)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_INVALID, _ ("There is nothing to sum."));
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    if (!check_one (sources[i], i + 1, channels, sources[0]->rate_hz, sources[0]->length, error))
      return FALSE;
  return TRUE;
}

SlSource *
sl_mixer_new (SlSource *const *sources, const double *gains, guint n, int channels, GError **error)
{
  Mixer *self;

  if (!check_all (sources, n, channels, error))
    {
      free_sources (sources, n);
      return NULL;
    }
  self = g_new0 (Mixer, 1);
  sl_source_init (&self->base, &mixer_class, channels, sources[0]->rate_hz, sources[0]->length);
  self->n = n;
  self->sources = g_memdup2 (sources, sizeof (SlSource *) * n);
  self->gains = g_memdup2 (gains, sizeof (double) * n);
  self->scratch = g_new (float, MIX_FRAMES *channels);
  self->sum = g_new (double, MIX_FRAMES *channels);
  return &self->base;
}
