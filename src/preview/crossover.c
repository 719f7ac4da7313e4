/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preview/crossover.h"

#include <string.h>

typedef struct
{
  SlSource base;
  SlSource *from; // owned
  SlSource *to;   // owned
  gint64 start;
  gint64 frames;
  float *scratch; ///< what is read of from
} Crossover;

/* Reads @frames frames from @at on, silence behind the end. */
static gboolean
read_padded (SlSource *source, gint64 at, float *out, gint64 frames, GError **error)
{
  gint64 count = CLAMP (source->length - at, 0, frames);

  memset (out + count * source->channels, 0,
          sizeof (float) * (gsize) ((frames - count) * source->channels));
  return count == 0 || sl_source_read_at (source, at, out, count, error);
}

/* The difference is weighted, not both sides, so that equal samples stay as they are. */
static void
blend (const Crossover *self, float *out, gint64 at, gint64 frames)
{
  int channels = self->base.channels;

  for (gint64 i = 0; i < frames; i++)
    {
      double t = (double) (at + i - self->start + 1) / (double) (self->frames + 1);

      for (int channel = 0; channel < channels; channel++)
        {
          float *to = out + i * channels + channel;
          double from = self->scratch[i * channels + channel];

          *to = (float) (from + t * (*to - from));
        }
    }
}

static gint64
crossover_read (SlSource *source, float *out, gint64 frames, GError **error)
{
  Crossover *self = (Crossover *) source;
  gint64 at = source->position;
  gint64 both = CLAMP (self->start + self->frames - at, 0, frames);

  if (!read_padded (self->to, at, out, frames, error))
    return -1;
  if (both > 0)
    {
      if (!read_padded (self->from, at, self->scratch, both, error))
        return -1;
      blend (self, out, at, both);
    }
  return frames;
}

/* The sources are sought by the next read. */
static gboolean
crossover_seek (SlSource *source, gint64 frame, GError **error)
{
  return TRUE;
}

static void
crossover_free (SlSource *source)
{
  Crossover *self = (Crossover *) source;

  sl_source_free (self->from);
  sl_source_free (self->to);
  g_free (self->scratch);
  g_free (self);
}

static const SlSourceClass crossover_class = { crossover_read, crossover_seek, crossover_free };

SlSource *
sl_crossover_new (SlSource *from, SlSource *to, gint64 frames)
{
  Crossover *self = g_new0 (Crossover, 1);

  g_assert (from->channels == to->channels && from->rate_hz == to->rate_hz);
  sl_source_init (&self->base, &crossover_class, to->channels, to->rate_hz,
                  MAX (to->length, from->position + frames));
  self->base.position = from->position;
  self->from = from;
  self->to = to;
  self->start = from->position;
  self->frames = frames;
  self->scratch = g_new (float, frames * to->channels);
  return &self->base;
}

SlSource *
sl_crossover_leave (SlSource *source)
{
  SlSource *to;

  if (source->klass != &crossover_class)
    return source;
  to = g_steal_pointer (&((Crossover *) source)->to);
  /* A failure sticks: the next read tells it. */
  sl_source_seek (to, MIN (source->position, to->length), NULL);
  sl_source_free (source);
  return to;
}

SlSource *
sl_crossover_settle (SlSource *source)
{
  const Crossover *self = (const Crossover *) source;
  gboolean crossing
      = source->klass == &crossover_class && source->position < self->start + self->frames;

  return crossing ? source : sl_crossover_leave (source);
}
