/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preview/feeder.h"

#include "preview/stream.h"

#include <glib/gi18n-lib.h>

/* While playing, the ring is filled up this often. */
#define PLAYING_US (10 * 1000)

/* A device that is not heard is given back after this time: others may want it. */
#define IDLE_US (2 * G_USEC_PER_SEC)

typedef struct
{
  SlDesk *desk; // owned
  const SlOutputClass *klass;
  SlStream *stream; // owned
} Feeder;

/* With a device open the answer is known, and looking again would take it away. */
static void
probe (Feeder *self)
{
  GError *failure = NULL;

  if (sl_stream_is_open (self->stream))
    return;
  if (self->klass->probe (&failure))
    sl_desk_set_device (self->desk, TRUE, NULL);
  else
    sl_desk_set_device (self->desk, FALSE, g_strdup (failure->message));
  g_clear_error (&failure);
}

/* Closing may hang as long as a frozen sound server does: so it comes last. */
static void
leave_stalled_device (Feeder *self, guint serial)
{
  sl_desk_set_device (self->desk, FALSE, g_strdup (_ ("The sound device has stopped answering.")));
  sl_desk_come_to (self->desk, serial, SL_PLAYER_PAUSED);
  sl_stream_close (self->stream);
}

static void
play (Feeder *self, guint serial)
{
  if (!sl_stream_run (self->stream))
    {
      sl_stream_close (self->stream);
      sl_desk_come_to (self->desk, serial, SL_PLAYER_STOPPED);
    }
  else if (sl_stream_has_ended (self->stream))
    sl_desk_come_to (self->desk, serial, SL_PLAYER_ENDED);
  else if (sl_stream_has_stalled (self->stream))
    leave_stalled_device (self, serial);
}

static void
obey (Feeder *self, const SlOrders *orders)
{
  if (orders->probe)
    probe (self);
  if (orders->new_graph)
    sl_stream_set_graph (self->stream, orders->graph, orders->faders);
  if (orders->seek >= 0)
    sl_stream_seek (self->stream, orders->seek);
  if (orders->playing)
    play (self, orders->serial);
  else
    sl_stream_hold (self->stream);
}

static gint64
time_to_wait (const Feeder *self, gboolean playing)
{
  if (playing)
    return PLAYING_US;
  return sl_stream_is_open (self->stream) ? IDLE_US : -1;
}

/* Obeys until there is nothing more to obey. */
static void
serve (Feeder *self)
{
  gboolean playing = FALSE;
  guint serial = 0;
  gboolean quit = FALSE;

  while (!quit)
    {
      g_auto (SlOrders) orders = { 0 };

      sl_desk_wait (self->desk, serial, time_to_wait (self, playing), &orders);
      if (serial == orders.serial && !playing && !orders.playing)
        sl_stream_close (self->stream);
      quit = orders.quit;
      if (!quit)
        obey (self, &orders);
      serial = orders.serial;
      playing = orders.playing;
    }
}

static gpointer
run (gpointer data)
{
  g_autofree Feeder *self = data;

  serve (self);
  sl_stream_free (self->stream);
  g_mutex_lock (&self->desk->lock);
  self->desk->ended = TRUE;
  g_cond_signal (&self->desk->done);
  g_mutex_unlock (&self->desk->lock);
  sl_desk_unref (self->desk);
  return NULL;
}

GThread *
sl_feeder_start (SlDesk *desk, const SlOutputClass *klass)
{
  Feeder *self = g_new0 (Feeder, 1);

  self->desk = sl_desk_ref (desk);
  self->klass = klass;
  self->stream = sl_stream_new (desk, klass);
  return g_thread_new ("seamline-feeder", run, self);
}
