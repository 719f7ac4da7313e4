/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preview/ring.h"

SlRing *
sl_ring_new (int channels, gint64 frames)
{
  SlRing *self = g_new0 (SlRing, 1);

  g_assert (channels >= 1 && frames >= 1);
  self->channels = channels;
  self->size = frames;
  self->samples = g_new0 (float, frames *channels);
  return self;
}

void
sl_ring_free (SlRing *self)
{
  if (self == NULL)
    return;
  g_free (self->samples);
  g_free (self);
}

void
sl_ring_write (SlRing *self, const float *in, gint64 frames)
{
  gint64 at = atomic_load_explicit (&self->written, memory_order_relaxed) % self->size;
  gint64 first = MIN (frames, self->size - at);
  gsize frame_bytes = sizeof (float) * (gsize) self->channels;

  g_assert (frames <= sl_ring_get_space (self));
  memcpy (self->samples + at * self->channels, in, (gsize) first * frame_bytes);
  memcpy (self->samples, in + first * self->channels, (gsize) (frames - first) * frame_bytes);
  atomic_fetch_add_explicit (&self->written, frames, memory_order_release);
}

void
sl_ring_clear (SlRing *self)
{
  atomic_store (&self->taken, atomic_load (&self->written));
}
