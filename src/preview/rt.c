/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audio callback: never allocates, locks, logs, or touches a file. A test reads the symbols. */
#include "preview/rt.h"

static void
silence (SlRt *self, float *out, gint64 frames)
{
  memset (out, 0, sizeof (float) * (gsize) (frames * self->ring->channels));
  atomic_fetch_add_explicit (&self->silent, frames, memory_order_relaxed);
}

static void
take (SlRt *self, gint64 frames)
{
  sl_ring_take (self->ring, frames);
  atomic_fetch_add_explicit (&self->taken, frames, memory_order_relaxed);
  atomic_store_explicit (&self->silent, 0, memory_order_relaxed);
}

static void
scale_frame (float *frame, int channels, float gain)
{
  for (int channel = 0; channel < channels; channel++)
    frame[channel] *= gain;
}

/* Lets the gate move by @step a frame. */
static void
move_gate (SlRt *self, float *out, gint64 frames, gint64 step)
{
  for (gint64 i = 0; i < frames; i++)
    {
      self->gate += step;
      scale_frame (out + i * self->ring->channels, self->ring->channels,
                   (float) self->gate / (float) self->fade_frames);
    }
}

/* The frames that fade away are not taken: they are heard again when the sound goes on. */
static gint64
fade_out (SlRt *self, float *out, gint64 frames)
{
  gint64 filled = sl_ring_get_filled (self->ring) - self->peeked;
  gint64 count = MIN (MIN (frames, self->gate), filled);

  sl_ring_peek (self->ring, self->peeked, out, count);
  move_gate (self, out, count, -1);
  self->peeked += count;
  if (self->gate > 0 && count < filled)
    return count;
  self->gate = 0;
  self->peeked = 0;
  self->shutting = FALSE;
  return count;
}

/* The ring is empty: the end, or the feeder was too slow. */
static void
run_dry (SlRt *self, gboolean ending)
{
  self->gate = 0;
  if (ending)
    atomic_store_explicit (&self->drained, TRUE, memory_order_release);
  else if (!self->starving)
    {
      self->starving = TRUE;
      atomic_fetch_add_explicit (&self->underruns, 1, memory_order_relaxed);
    }
}

static gint64
play (SlRt *self, float *out, gint64 frames)
{
  gboolean ending = atomic_load_explicit (&self->ending, memory_order_acquire);
  gint64 filled = sl_ring_get_filled (self->ring);
  gint64 count = MIN (frames, filled);

  if (self->starving && (ending || filled >= self->ring->size / 2))
    self->starving = FALSE;
  if (filled == 0)
    run_dry (self, ending);
  if (self->starving || filled == 0)
    return 0;
  if (self->gate < self->fade_frames)
    count = MIN (count, self->fade_frames - self->gate);
  sl_ring_peek (self->ring, 0, out, count);
  if (self->gate < self->fade_frames)
    move_gate (self, out, count, 1);
  take (self, count);
  return count;
}

static void
answer (SlRt *self, guint request)
{
  if ((request & SL_RT_OPEN) != 0)
    self->gate = (request & SL_RT_SOFT) != 0 ? 0 : self->fade_frames;
  self->starving = FALSE;
  atomic_store_explicit (&self->answer, request, memory_order_release);
}

/* Frames that could be had; what is missing stays silent. */
static gint64
fill_some (SlRt *self, float *out, gint64 frames, guint request)
{
  gboolean open = (request & SL_RT_OPEN) != 0;

  if (!open && self->gate > 0)
    self->shutting = TRUE;
  if (self->shutting)
    return fade_out (self, out, frames);
  if (atomic_load_explicit (&self->answer, memory_order_relaxed) != request)
    answer (self, request);
  return open ? play (self, out, frames) : 0;
}

static void
measure (SlRt *self, const float *out, gint64 frames)
{
  int channels = self->ring->channels;

  for (int channel = 0; channel < channels; channel++)
    {
      float peak = atomic_load_explicit (&self->peaks[channel], memory_order_relaxed);
      float before = peak;

      for (gint64 i = 0; i < frames; i++)
        peak = MAX (peak, ABS (out[i * channels + channel]));
      if (peak > before)
        atomic_store_explicit (&self->peaks[channel], peak, memory_order_relaxed);
    }
}

static void
apply_volume (SlRt *self, float *out, gint64 frames)
{
  float wanted = atomic_load_explicit (&self->volume, memory_order_relaxed);
  float step = 1.0f / (float) self->fade_frames;

  if (self->volume_now == 1.0f && wanted == 1.0f)
    return;
  for (gint64 i = 0; i < frames; i++)
    {
      float missing = wanted - self->volume_now;

      self->volume_now += CLAMP (missing, -step, step);
      scale_frame (out + i * self->ring->channels, self->ring->channels, self->volume_now);
    }
}

void
sl_rt_fill (float *out, gint64 frames, gpointer rt)
{
  SlRt *self = rt;
  guint request = atomic_load_explicit (&self->request, memory_order_acquire);
  gint64 done = 0;
  gint64 count = 1;

  while (done < frames && count > 0)
    {
      count = fill_some (self, out + done * self->ring->channels, frames - done, request);
      done += count;
    }
  measure (self, out, done);
  apply_volume (self, out, done);
  silence (self, out + done * self->ring->channels, frames - done);
  atomic_fetch_add_explicit (&self->calls, 1, memory_order_relaxed);
}

void
sl_rt_reset (SlRt *self)
{
  self->gate = 0;
  self->peeked = 0;
  self->shutting = FALSE;
  self->starving = FALSE;
  atomic_store (&self->answer, atomic_load (&self->request));
}
