/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preview/spread.h"

/* Frames converted at once. */
#define PIECE_FRAMES 1024

typedef struct
{
  SlSource base;
  SlSource *source; // owned
  float *piece;
} Spread;

static float
mean (const float *in, int channels)
{
  double sum = 0.0;

  for (int channel = 0; channel < channels; channel++)
    sum += in[channel];
  return (float) (sum / channels);
}

static void
convert_frame (float *out, int out_channels, const float *in, int in_channels)
{
  if (out_channels == 1)
    out[0] = mean (in, in_channels);
  else if (in_channels == 1)
    for (int channel = 0; channel < out_channels; channel++)
      out[channel] = in[0];
  else
    for (int channel = 0; channel < out_channels; channel++)
      out[channel] = channel < in_channels ? in[channel] : 0.0f;
}

static gint64
spread_read (SlSource *source, float *out, gint64 frames, GError **error)
{
  Spread *self = (Spread *) source;
  int in_channels = self->source->channels;
  gint64 done = 0;
  gint64 got = 1;

  while (done < frames && got > 0)
    {
      got = sl_source_read (self->source, self->piece, MIN (frames - done, PIECE_FRAMES), error);
      if (got < 0)
        return -1;
      for (gint64 i = 0; i < got; i++)
        convert_frame (out + (done + i) * source->channels, source->channels,
                       self->piece + i * in_channels, in_channels);
      done += got;
    }
  return done;
}

static gboolean
spread_seek (SlSource *source, gint64 frame, GError **error)
{
  return sl_source_seek (((Spread *) source)->source, frame, error);
}

static void
spread_free (SlSource *source)
{
  Spread *self = (Spread *) source;

  sl_source_free (self->source);
  g_free (self->piece);
  g_free (self);
}

static const SlSourceClass spread_class = { spread_read, spread_seek, spread_free };

SlSource *
sl_spread_new (SlSource *source, int channels)
{
  Spread *self;

  if (source->channels == channels)
    return source;
  self = g_new0 (Spread, 1);
  sl_source_init (&self->base, &spread_class, channels, source->rate_hz, source->length);
  self->base.position = source->position;
  self->source = source;
  self->piece = g_new (float, PIECE_FRAMES * source->channels);
  return &self->base;
}
