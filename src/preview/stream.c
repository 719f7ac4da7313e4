/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preview/stream.h"

#include "engine/base/error.h"
#include "engine/io/resampler.h"
#include "preview/crossover.h"
#include "preview/mix.h"
#include "preview/spread.h"
#include "preview/watch.h"

#include <glib/gi18n-lib.h>

/* What is read ahead: long enough for a busy disk, short enough for a fader to be heard soon. */
#define AHEAD_MS 200
#define CROSSOVER_MS 10
#define FADE_MS 5

/* Read at once. */
#define BLOCK_FRAMES 1024

/* How long a running device may take to call back before it is stopped by force. */
#define GATE_TIMEOUT_US (250 * 1000)

struct _SlStream
{
  const SlOutputClass *klass;
  SlDesk *desk; // borrowed

  /* the graph */
  SlGraph *graph;   // owned, may be NULL
  SlFaders *faders; // owned, of the graph
  SlSource *source; // owned, as the device wants it; NULL while no device is open
  SlSource *mix;    // borrowed, inside source

  /* the device */
  SlOutput *output; // owned, may be NULL
  SlRing *ring;     // owned, as long as output
  float *block;     // owned, BLOCK_FRAMES
  int asked_rate_hz;
  int asked_channels;
  gboolean started;
  gboolean warm; ///< it has played for its latency
  gboolean open; ///< the gate has been asked to open
  SlWatch watch;
};

SlStream *
sl_stream_new (SlDesk *desk, const SlOutputClass *klass)
{
  SlStream *self = g_new0 (SlStream, 1);

  self->desk = desk;
  self->klass = klass;
  return self;
}

void
sl_stream_free (SlStream *self)
{
  sl_stream_close (self);
  g_clear_pointer (&self->graph, sl_graph_unref);
  g_clear_pointer (&self->faders, sl_faders_unref);
  g_free (self);
}

gboolean
sl_stream_is_open (const SlStream *self)
{
  return self->output != NULL;
}

static gint64
get_frame (SlStream *self)
{
  gint64 frame;

  g_mutex_lock (&self->desk->lock);
  frame = sl_desk_get_frame (self->desk);
  g_mutex_unlock (&self->desk->lock);
  return frame;
}

/* Without callbacks nothing is shared, and what they had to do is done here. */
static void
stop_device (SlStream *self)
{
  if (self->started)
    self->klass->stop (self->output);
  self->started = FALSE;
  sl_rt_reset (&self->desk->rt);
}

static guint
request (SlStream *self, guint flags)
{
  guint next = (atomic_load (&self->desk->rt.request) / SL_RT_STEP + 1) * SL_RT_STEP + flags;

  atomic_store (&self->desk->rt.request, next);
  return next;
}

void
sl_stream_hold (SlStream *self)
{
  gint64 end = g_get_monotonic_time () + GATE_TIMEOUT_US;
  guint shut;

  if (!self->open)
    return;
  shut = request (self, 0);
  while (atomic_load (&self->desk->rt.answer) != shut && g_get_monotonic_time () < end)
    g_usleep (1000);
  if (atomic_load (&self->desk->rt.answer) != shut)
    stop_device (self);
  self->open = FALSE;
}

static int
graph_rate (const SlStream *self)
{
  return self->graph == NULL ? 1 : sl_graph_get_rate (self->graph);
}

void
sl_stream_seek (SlStream *self, gint64 frame)
{
  SlClock clock = { .rate_hz = graph_rate (self), .graph_rate_hz = graph_rate (self) };

  sl_stream_hold (self);
  clock.start = frame;
  if (self->source != NULL)
    {
      clock.rate_hz = self->output->rate_hz;
      self->source = sl_crossover_leave (self->source);
      clock.start = sl_round_fraction (frame, clock.rate_hz, clock.graph_rate_hz);
      clock.start = CLAMP (clock.start, 0, self->source->length);
      clock.latency = self->klass->latency (self->output);
      sl_ring_clear (self->ring);
      /* A failure sticks: the next read tells it. */
      sl_source_seek (self->source, clock.start, NULL);
    }
  atomic_store (&self->desk->rt.ending, FALSE);
  atomic_store (&self->desk->rt.drained, FALSE);
  clock.taken = atomic_load (&self->desk->rt.taken);
  sl_desk_set_clock (self->desk, &clock, frame);
}

static gboolean
fail_device (SlStream *self, GError *failure)
{
  sl_desk_set_device (self->desk, FALSE, g_strdup (failure->message));
  g_error_free (failure);
  return FALSE;
}

static gboolean
fail_graph (SlStream *self, GError *failure)
{
  sl_desk_set_graph_problem (self->desk, g_strdup (failure->message));
  g_error_free (failure);
  return FALSE;
}

/* The files as the device wants them. */
static SlSource *
make_source (SlStream *self)
{
  SlSource *source = sl_preview_mix_new (self->graph, self->faders);
  GError *failure = NULL;

  self->mix = source;
  source = sl_resampler_new (source, self->output->rate_hz, &failure);
  if (source != NULL)
    return sl_spread_new (source, self->output->channels);
  self->mix = NULL;
  fail_graph (self, failure);
  return NULL;
}

static gboolean
check_files (SlStream *self)
{
  sl_desk_set_graph_problem (self->desk, sl_preview_mix_dup_problem (self->mix));
  return sl_preview_mix_is_usable (self->mix);
}

static void
drop_source (SlStream *self)
{
  self->mix = NULL;
  g_clear_pointer (&self->source, sl_source_free);
}

void
sl_stream_close (SlStream *self)
{
  gint64 frame = get_frame (self);

  if (self->output == NULL)
    return;
  sl_stream_hold (self);
  stop_device (self);
  self->klass->close (g_steal_pointer (&self->output));
  drop_source (self);
  self->desk->rt.ring = NULL;
  g_clear_pointer (&self->ring, sl_ring_free);
  g_clear_pointer (&self->block, g_free);
  sl_stream_seek (self, frame);
}

/* Devices with less than two channels are rare, and a mono stream may be heard on one side. */
static int
channels_for (const SlGraph *graph)
{
  return MAX (sl_graph_get_channels (graph), 2);
}

static gboolean
open_device (SlStream *self)
{
  SlRt *rt = &self->desk->rt;
  GError *failure = NULL;

  self->asked_rate_hz = sl_graph_get_rate (self->graph);
  self->asked_channels = channels_for (self->graph);
  self->output
      = self->klass->open (self->asked_rate_hz, self->asked_channels, sl_rt_fill, rt, &failure);
  if (self->output == NULL)
    return fail_device (self, failure);
  self->ring = sl_ring_new (self->output->channels,
                            MAX (sl_frames_from_ms (AHEAD_MS, self->output->rate_hz), 2));
  self->block = g_new (float, BLOCK_FRAMES * self->output->channels);
  rt->ring = self->ring;
  rt->fade_frames = MAX (sl_frames_from_ms (FADE_MS, self->output->rate_hz), 1);
  return TRUE;
}

static gboolean
open_all (SlStream *self)
{
  gint64 frame = get_frame (self);

  if (self->output == NULL && !open_device (self))
    return FALSE;
  if (self->source != NULL)
    return TRUE;
  self->source = make_source (self);
  if (self->source == NULL)
    return FALSE;
  sl_stream_seek (self, frame);
  return check_files (self);
}

static void
replace_graph (SlStream *self, SlGraph *graph, SlFaders *faders)
{
  g_clear_pointer (&self->graph, sl_graph_unref);
  g_clear_pointer (&self->faders, sl_faders_unref);
  if (graph == NULL)
    return;
  self->graph = sl_graph_ref (graph);
  self->faders = sl_faders_ref (faders);
}

/* While the sound goes on: crosses over to the graph that has just been set. */
static void
cross_over (SlStream *self)
{
  gint64 frames = sl_frames_from_ms (CROSSOVER_MS, self->output->rate_hz);
  SlSource *next = make_source (self);

  if (next == NULL)
    {
      drop_source (self);
      return;
    }
  self->source = sl_crossover_new (self->source, next, MAX (frames, 1));
  atomic_store (&self->desk->rt.ending, FALSE);
}

static gboolean
wants_same_device (const SlStream *self, const SlGraph *graph)
{
  return graph != NULL && self->output != NULL && self->asked_rate_hz == sl_graph_get_rate (graph)
         && self->asked_channels == channels_for (graph);
}

void
sl_stream_set_graph (SlStream *self, SlGraph *graph, SlFaders *faders)
{
  sl_desk_set_graph_problem (self->desk, NULL);
  if (!wants_same_device (self, graph))
    sl_stream_close (self);
  if (self->open && self->source != NULL)
    {
      replace_graph (self, graph, faders);
      cross_over (self);
      return;
    }
  drop_source (self);
  replace_graph (self, graph, faders);
}

static gboolean
read_ahead (SlStream *self)
{
  GError *failure = NULL;
  gint64 got = 1;
  gint64 space;

  while (got > 0 && (space = sl_ring_get_space (self->ring)) > 0)
    {
      got = sl_source_read (self->source, self->block, MIN (space, BLOCK_FRAMES), &failure);
      if (got > 0)
        sl_ring_write (self->ring, self->block, got);
    }
  if (got < 0)
    return fail_graph (self, failure);
  self->source = sl_crossover_settle (self->source);
  if (got == 0)
    atomic_store (&self->desk->rt.ending, TRUE);
  return check_files (self);
}

static gboolean
start_device (SlStream *self)
{
  GError *failure = NULL;

  if (self->started)
    return TRUE;
  atomic_store (&self->desk->rt.silent, 0);
  if (!self->klass->start (self->output, &failure))
    return fail_device (self, failure);
  sl_desk_set_device (self->desk, TRUE, NULL);
  self->started = TRUE;
  self->warm = FALSE;
  sl_watch_start (&self->watch, atomic_load (&self->desk->rt.calls), g_get_monotonic_time ());
  return TRUE;
}

/* Sound servers have been seen to swallow the first hundredths of a second of a new stream: let
 * that be silence. */
static gboolean
is_warm (SlStream *self)
{
  gint64 silent = atomic_load (&self->desk->rt.silent);

  self->warm = self->warm || silent >= self->klass->latency (self->output);
  return self->warm;
}

static void
open_gate (SlStream *self)
{
  request (self, SL_RT_OPEN | (get_frame (self) > 0 ? SL_RT_SOFT : 0));
  self->open = TRUE;
}

gboolean
sl_stream_run (SlStream *self)
{
  if (!open_all (self) || !read_ahead (self) || !start_device (self))
    return FALSE;
  if (!self->open && is_warm (self))
    open_gate (self);
  return TRUE;
}

gboolean
sl_stream_has_ended (const SlStream *self)
{
  const SlRt *rt = &self->desk->rt;

  return self->output != NULL && rt->drained && rt->silent >= self->klass->latency (self->output);
}

gboolean
sl_stream_has_stalled (SlStream *self)
{
  guint calls = atomic_load (&self->desk->rt.calls);

  return self->started && sl_watch_look (&self->watch, calls, g_get_monotonic_time ());
}
