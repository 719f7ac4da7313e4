/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ring of frames between one thread that writes and one that reads; neither ever waits. */
#pragma once

#include <glib.h>
#include <stdatomic.h>
#include <string.h>

G_BEGIN_DECLS

typedef struct
{
  int channels;
  gint64 size; ///< frames
  float *samples;
  _Atomic gint64 written; ///< frames since the start; moved by the writer
  _Atomic gint64 taken;   ///< frames since the start; moved by the reader
} SlRing;

/** A ring that holds @frames frames (at least 1). */
SlRing *
sl_ring_new (int channels, gint64 frames);

/** NULL is allowed. */
void
sl_ring_free (SlRing *self);

/** Frames that can be read. Reader; the writer may find fewer than it gets. */
static inline gint64
sl_ring_get_filled (SlRing *self)
{
  return atomic_load_explicit (&self->written, memory_order_acquire)
         - atomic_load_explicit (&self->taken, memory_order_acquire);
}

/** Frames that can be written. Writer. */
static inline gint64
sl_ring_get_space (SlRing *self)
{
  return self->size - sl_ring_get_filled (self);
}

/** Appends @frames frames, at most sl_ring_get_space(). Writer. */
void
sl_ring_write (SlRing *self, const float *in, gint64 frames);

/** Forgets everything unread. Only while the reader is known not to read. Writer. */
void
sl_ring_clear (SlRing *self);

/** Copies @frames frames that lie @ahead of the next one, without taking them. Reader. */
static inline void
sl_ring_peek (SlRing *self, gint64 ahead, float *out, gint64 frames)
{
  gint64 at = (atomic_load_explicit (&self->taken, memory_order_relaxed) + ahead) % self->size;
  gint64 first = MIN (frames, self->size - at);
  gsize frame_bytes = sizeof (float) * (gsize) self->channels;

  memcpy (out, self->samples + at * self->channels, (gsize) first * frame_bytes);
  memcpy (out + first * self->channels, self->samples, (gsize) (frames - first) * frame_bytes);
}

/** Takes @frames frames away. Reader. */
static inline void
sl_ring_take (SlRing *self, gint64 frames)
{
  atomic_fetch_add_explicit (&self->taken, frames, memory_order_release);
}

G_END_DECLS
