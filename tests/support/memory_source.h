/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A source over samples in memory, for tests. */
#pragma once

#include "engine/io/source.h"

#include <string.h>

typedef struct
{
  SlSource base;
  float *samples;
} MemorySource;

static inline gint64
memory_source_read (SlSource *source, float *out, gint64 frames, GError **error)
{
  MemorySource *self = (MemorySource *) source;
  gint64 channels = source->channels;

  memcpy (out, self->samples + source->position * channels,
          (gsize) (frames * channels) * sizeof (float));
  return frames;
}

static inline gboolean
memory_source_seek (SlSource *source, gint64 frame, GError **error)
{
  return TRUE;
}

static inline void
memory_source_free (SlSource *source)
{
  MemorySource *self = (MemorySource *) source;

  g_free (self->samples);
  g_free (self);
}

/* A source of @frames interleaved frames, copied from @samples. */
static inline SlSource *
memory_source_new (const float *samples, int channels, int rate_hz, gint64 frames)
{
  static const SlSourceClass klass = { memory_source_read, memory_source_seek, memory_source_free };
  MemorySource *self = g_new0 (MemorySource, 1);

  sl_source_init (&self->base, &klass, channels, rate_hz, frames);
  self->samples = g_memdup2 (samples, (gsize) (frames * channels) * sizeof (float));
  return &self->base;
}
