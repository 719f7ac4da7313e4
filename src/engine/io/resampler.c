/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/io/resampler.h"

#include "engine/base/error.h"
#include "engine/base/units.h"

#include <glib/gi18n-lib.h>
#include <soxr.h>
#include <string.h>

#define MAX_RATIO 64

/* Frames of the lower of both rates after which nothing earlier is heard any more: measured, the
 * impulse response of this recipe is below 1e-7 of its peak 125 of them away. */
#define SETTLING_FRAMES 512

/* Longest pattern, in frames of output, that soxr computes as an exact fraction. */
#define MAX_PERIOD 2048

typedef struct
{
  SlSource base;
  SlSource *source;
  soxr_t soxr;
  float *input;    ///< SL_BLOCK_FRAMES frames
  float *dropped;  ///< as many
  GError *failure; ///< of the source, on its way through soxr
} SlResampler;

static gint64
greatest_common_divisor (gint64 a, gint64 b)
{
  while (b != 0)
    {
      gint64 rest = a % b;

      a = b;
      b = rest;
    }
  return a;
}

gint64
sl_resampled_length (gint64 frames, int from_hz, int to_hz)
{
  /* A length that no header told: far beyond any file, whatever its rate. */
  if (frames > G_MAXINT64 / to_hz)
    return G_MAXINT64;
  return MAX (sl_round_fraction (frames, to_hz, from_hz), 1);
}

/* Behind the end of the source there is silence, as much as the filter wants to hear: so the
 * number of frames never depends on how soxr rounds. */
static gsize
on_input (void *data, soxr_in_t *input, gsize wanted)
{
  SlResampler *self = data;
  gint64 frames = MIN ((gint64) wanted, SL_BLOCK_FRAMES);
  gint64 got = -1;

  /* soxr asks again after a failure. */
  if (self->failure == NULL)
    got = sl_source_read (self->source, self->input, frames, &self->failure);
  if (got < 0)
    {
      *input = NULL;
      return 0;
    }
  *input = self->input;
  if (got > 0)
    return (gsize) got;
  memset (self->input, 0, sizeof (float) * (gsize) (frames * self->base.channels));
  return (gsize) frames;
}

static gboolean
restart (SlResampler *self, GError **error)
{
  const soxr_quality_spec_t quality = soxr_quality_spec (SOXR_VHQ | SOXR_LINEAR_PHASE, 0);
  const soxr_io_spec_t io = soxr_io_spec (SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const soxr_runtime_spec_t runtime = soxr_runtime_spec (1);
  soxr_error_t failure = NULL;

  g_clear_pointer (&self->soxr, soxr_delete);
  self->soxr = soxr_create (self->source->rate_hz, self->base.rate_hz,
                            (unsigned) self->base.channels, &failure, &io, &quality, &runtime);
  if (failure == NULL)
    failure = soxr_set_input_fn (self->soxr, on_input, self, SL_BLOCK_FRAMES);
  if (failure == NULL)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID, _ ("%d Hz cannot be converted to %d Hz: %s"),
               self->source->rate_hz, self->base.rate_hz, failure);
  return FALSE;
}

static gint64
resampler_read (SlSource *source, float *out, gint64 frames, GError **error)
{
  SlResampler *self = (SlResampler *) source;
  gint64 got = (gint64) soxr_output (self->soxr, out, (gsize) frames);

  if (self->failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->failure));
      return -1;
    }
  if (got == frames)
    return got;
  g_set_error (error, SL_ERROR, SL_ERROR_DECODE, _ ("Converting the sample rate failed: %s"),
               soxr_strerror (soxr_error (self->soxr)));
  return -1;
}

static gboolean
drop (SlResampler *self, gint64 frames, GError **error)
{
  while (frames > 0)
    {
      gint64 n = MIN (frames, SL_BLOCK_FRAMES);

      if (resampler_read (&self->base, self->dropped, n, error) < 0)
        return FALSE;
      frames -= n;
    }
  return TRUE;
}

/* The last frame of output from which the converter can begin anew and be settled at @frame: one
 * that falls on a frame of input. Where the pattern of both rates is too long for soxr, its clock
 * drifts by some 2⁻³² a frame, and only a start at 0 gives the same samples again. */
static gint64
find_start (const SlResampler *self, gint64 frame)
{
  gint64 from = self->source->rate_hz;
  gint64 to = self->base.rate_hz;
  gint64 period = to / greatest_common_divisor (from, to);
  gint64 settling = SETTLING_FRAMES * MAX (from, to) / from;

  return period > MAX_PERIOD ? 0 : MAX (frame - settling, 0) / period * period;
}

static gboolean
resampler_seek (SlSource *source, gint64 frame, GError **error)
{
  SlResampler *self = (SlResampler *) source;
  gint64 start = find_start (self, frame);
  gint64 input = sl_round_fraction (start, self->source->rate_hz, source->rate_hz);

  if (source->position >= start && source->position <= frame)
    return drop (self, frame - source->position, error);
  return sl_source_seek (self->source, input, error) && restart (self, error)
         && drop (self, frame - start, error);
}

static void
resampler_free (SlSource *source)
{
  SlResampler *self = (SlResampler *) source;

  g_clear_pointer (&self->soxr, soxr_delete);
  sl_source_free (self->source);
  g_clear_error (&self->failure);
  g_free (self->input);
  g_free (self->dropped);
  g_free (self);
}

static const SlSourceClass resampler_class = { resampler_read, resampler_seek, resampler_free };

static gboolean
check_ratio (int from_hz, int to_hz, GError **error)
{
  if (to_hz >= 1 && (gint64) from_hz <= (gint64) to_hz * MAX_RATIO
      && (gint64) to_hz <= (gint64) from_hz * MAX_RATIO)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               _ ("%d Hz cannot be converted to %d Hz: at most %d times as many or as few."),
               from_hz, to_hz, MAX_RATIO);
  return FALSE;
}

SlSource *
sl_resampler_new (SlSource *source, int rate_hz, GError **error)
{
  g_autoptr (SlSource) owned = source;
  SlResampler *self;
  gsize n = (gsize) SL_BLOCK_FRAMES * (gsize) source->channels;

  if (!check_ratio (source->rate_hz, rate_hz, error) || !sl_source_seek (source, 0, error))
    return NULL;
  if (rate_hz == source->rate_hz)
    return g_steal_pointer (&owned);
  self = g_new0 (SlResampler, 1);
  sl_source_init (&self->base, &resampler_class, source->channels, rate_hz,
                  sl_resampled_length (source->length, source->rate_hz, rate_hz));
  self->source = g_steal_pointer (&owned);
  self->input = g_new (float, n);
  self->dropped = g_new (float, n);
  if (restart (self, error))
    return &self->base;
  resampler_free (&self->base);
  return NULL;
}
