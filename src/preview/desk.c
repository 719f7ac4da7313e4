/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preview/desk.h"

SlDesk *
sl_desk_new (void)
{
  SlDesk *self = g_new0 (SlDesk, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);
  g_cond_init (&self->wanted);
  g_cond_init (&self->done);
  self->seek = -1;
  self->has_device = TRUE;
  self->clock = (SlClock){ .rate_hz = 1, .graph_rate_hz = 1 };
  self->context = g_main_context_ref_thread_default ();
  self->rt.volume = 1.0f;
  self->rt.volume_now = 1.0f;
  return self;
}

SlDesk *
sl_desk_ref (SlDesk *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
sl_desk_unref (SlDesk *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_pointer (&self->graph, sl_graph_unref);
  g_clear_pointer (&self->faders, sl_faders_unref);
  g_free (self->device_problem);
  g_free (self->graph_problem);
  g_main_context_unref (self->context);
  g_cond_clear (&self->wanted);
  g_cond_clear (&self->done);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
sl_desk_tell (SlDesk *self)
{
  if (self->tell == NULL || self->telling != NULL)
    return;
  self->telling = g_idle_source_new ();
  g_source_set_priority (self->telling, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->telling, self->tell, self->tell_data, NULL);
  g_source_attach (self->telling, self->context);
}

void
sl_desk_want (SlDesk *self)
{
  self->serial++;
  g_cond_signal (&self->wanted);
}

gint64
sl_desk_get_frame (SlDesk *self)
{
  const SlClock *clock = &self->clock;
  gint64 length = self->graph == NULL ? 0 : sl_graph_get_length (self->graph);
  gint64 taken = self->rt.taken - clock->taken;
  gint64 unheard = MAX (clock->latency - self->rt.silent, 0);
  gint64 frame = clock->start + MAX (taken - unheard, 0);

  if (self->seek >= 0)
    return MIN (self->seek, length);
  if (self->state == SL_PLAYER_ENDED)
    return length;
  return MIN (sl_round_fraction (frame, clock->graph_rate_hz, clock->rate_hz), length);
}

static void
copy_orders (SlDesk *self, SlOrders *orders)
{
  *orders = (SlOrders){
    .serial = self->serial,
    .quit = self->quit,
    .probe = self->probe,
    .playing = self->playing,
    .seek = self->seek,
    .new_graph = self->new_graph,
  };
  if (self->new_graph && self->graph != NULL)
    {
      orders->graph = sl_graph_ref (self->graph);
      orders->faders = sl_faders_ref (self->faders);
    }
  self->probe = FALSE;
  self->new_graph = FALSE;
}

void
sl_desk_wait (SlDesk *self, guint serial, gint64 timeout_us, SlOrders *orders)
{
  gint64 end = g_get_monotonic_time () + timeout_us;

  g_mutex_lock (&self->lock);
  while (self->serial == serial)
    {
      if (timeout_us < 0)
        g_cond_wait (&self->wanted, &self->lock);
      else if (!g_cond_wait_until (&self->wanted, &self->lock, end))
        break;
    }
  copy_orders (self, orders);
  g_mutex_unlock (&self->lock);
}

void
sl_desk_come_to (SlDesk *self, guint serial, SlPlayerState state)
{
  g_mutex_lock (&self->lock);
  if (self->serial == serial && self->state != state)
    {
      self->state = state;
      self->playing = FALSE;
      sl_desk_tell (self);
    }
  g_mutex_unlock (&self->lock);
}

void
sl_desk_set_clock (SlDesk *self, const SlClock *clock, gint64 target)
{
  g_mutex_lock (&self->lock);
  self->clock = *clock;
  if (self->seek == target)
    self->seek = -1;
  g_mutex_unlock (&self->lock);
}

/* Puts @value (taken) in the place of a text; whether it is another one. */
static gboolean
replace_text (char **text, char *value)
{
  gboolean differs = g_strcmp0 (*text, value) != 0;

  g_free (*text);
  *text = value;
  return differs;
}

void
sl_desk_set_device (SlDesk *self, gboolean has_device, char *problem)
{
  gboolean differs;

  g_mutex_lock (&self->lock);
  differs = replace_text (&self->device_problem, problem) || self->has_device != has_device;
  self->has_device = has_device;
  if (differs)
    sl_desk_tell (self);
  g_mutex_unlock (&self->lock);
}

void
sl_desk_set_graph_problem (SlDesk *self, char *problem)
{
  g_mutex_lock (&self->lock);
  if (replace_text (&self->graph_problem, problem))
    sl_desk_tell (self);
  g_mutex_unlock (&self->lock);
}

void
sl_orders_clear (SlOrders *orders)
{
  g_clear_pointer (&orders->graph, sl_graph_unref);
  g_clear_pointer (&orders->faders, sl_faders_unref);
}
