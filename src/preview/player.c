/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preview/player.h"

#include "preview/desk.h"
#include "preview/feeder.h"

/* A sound server that hangs can hold the feeder up for long; then it is left behind. */
#define PATIENCE_US (2 * G_USEC_PER_SEC)

struct _SlPlayer
{
  SlDesk *desk; // owned
  GThread *feeder;
  gint64 start; ///< where playing started last
  SlPlayerNotify notify;
  gpointer notify_data;
};

SlPlayer *
sl_player_new (const SlOutputClass *output)
{
  SlPlayer *self = g_new0 (SlPlayer, 1);

  self->desk = sl_desk_new ();
  self->feeder = sl_feeder_start (self->desk, output);
  return self;
}

/* Whether the feeder has left in time. */
static gboolean
wait_for_feeder (SlDesk *desk)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;

  while (!desk->ended)
    if (!g_cond_wait_until (&desk->done, &desk->lock, end))
      break;
  return desk->ended;
}

static void
stop_telling (SlDesk *desk)
{
  desk->tell = NULL;
  if (desk->telling != NULL)
    g_source_destroy (desk->telling);
  g_clear_pointer (&desk->telling, g_source_unref);
}

void
sl_player_free (SlPlayer *self)
{
  gboolean left;

  if (self == NULL)
    return;
  g_mutex_lock (&self->desk->lock);
  stop_telling (self->desk);
  self->desk->quit = TRUE;
  sl_desk_want (self->desk);
  left = wait_for_feeder (self->desk);
  g_mutex_unlock (&self->desk->lock);
  if (left)
    g_thread_join (self->feeder);
  else
    g_thread_unref (self->feeder);
  sl_desk_unref (self->desk);
  g_free (self);
}

static gboolean
tell (gpointer data)
{
  SlPlayer *self = data;

  g_mutex_lock (&self->desk->lock);
  g_clear_pointer (&self->desk->telling, g_source_unref);
  g_mutex_unlock (&self->desk->lock);
  self->notify (self, self->notify_data);
  return G_SOURCE_REMOVE;
}

void
sl_player_set_notify (SlPlayer *self, SlPlayerNotify notify, gpointer data)
{
  g_mutex_lock (&self->desk->lock);
  stop_telling (self->desk);
  self->notify = notify;
  self->notify_data = data;
  self->desk->tell = notify == NULL ? NULL : tell;
  self->desk->tell_data = self;
  g_mutex_unlock (&self->desk->lock);
}

/* Lock held. */
static void
set_state (SlPlayer *self, SlPlayerState state)
{
  if (self->desk->state != state)
    sl_desk_tell (self->desk);
  self->desk->state = state;
  self->desk->playing = state == SL_PLAYER_PLAYING;
}

/* Where the same time is in @graph. Lock held. */
static gint64
place_in (SlDesk *desk, const SlGraph *graph)
{
  gint64 frame = sl_desk_get_frame (desk);

  if (graph == NULL || desk->graph == NULL)
    return 0;
  frame = sl_round_fraction (frame, sl_graph_get_rate (graph), sl_graph_get_rate (desk->graph));
  return MIN (frame, sl_graph_get_length (graph));
}

/* The place in the new graph is a seek only where the count of frames becomes another one: a seek
 * would interrupt the sound. Lock held. */
static void
keep_place (SlPlayer *self, const SlGraph *graph)
{
  SlDesk *desk = self->desk;
  gint64 frame = place_in (desk, graph);
  gboolean same_rate = graph != NULL && desk->graph != NULL
                       && sl_graph_get_rate (graph) == sl_graph_get_rate (desk->graph);

  self->start = MIN (self->start, frame);
  if (!same_rate || sl_desk_get_frame (desk) != frame)
    desk->seek = frame;
  if (graph == NULL || (desk->state == SL_PLAYER_ENDED && frame < sl_graph_get_length (graph)))
    set_state (self, SL_PLAYER_STOPPED);
}

void
sl_player_set_graph (SlPlayer *self, SlGraph *graph)
{
  SlDesk *desk = self->desk;
  g_autoptr (SlGraph) before = NULL;
  g_autoptr (SlFaders) faders = NULL;

  g_mutex_lock (&desk->lock);
  keep_place (self, graph);
  before = g_steal_pointer (&desk->graph);
  faders = g_steal_pointer (&desk->faders);
  desk->graph = graph;
  desk->faders = graph == NULL ? NULL : sl_faders_new (graph);
  desk->new_graph = TRUE;
  sl_desk_want (desk);
  g_mutex_unlock (&desk->lock);
}

void
sl_player_set_gain (SlPlayer *self, guint part, double gain)
{
  if (self->desk->faders != NULL)
    sl_faders_set_gain (self->desk->faders, part, gain);
}

void
sl_player_set_audible (SlPlayer *self, guint part, gboolean audible)
{
  if (self->desk->faders != NULL)
    sl_faders_set_audible (self->desk->faders, part, audible);
}

void
sl_player_set_volume (SlPlayer *self, double volume)
{
  atomic_store (&self->desk->rt.volume, (float) CLAMP (volume, 0.0, 1.0));
}

/* Lock held. */
static void
begin (SlPlayer *self)
{
  SlDesk *desk = self->desk;

  if (sl_desk_get_frame (desk) >= sl_graph_get_length (desk->graph))
    desk->seek = 0;
  if (desk->state != SL_PLAYER_PAUSED)
    self->start = sl_desk_get_frame (desk);
  set_state (self, SL_PLAYER_PLAYING);
  sl_desk_want (desk);
}

void
sl_player_play (SlPlayer *self)
{
  g_mutex_lock (&self->desk->lock);
  if (self->desk->graph != NULL && self->desk->state != SL_PLAYER_PLAYING)
    begin (self);
  g_mutex_unlock (&self->desk->lock);
}

void
sl_player_pause (SlPlayer *self)
{
  g_mutex_lock (&self->desk->lock);
  if (self->desk->state == SL_PLAYER_PLAYING)
    {
      set_state (self, SL_PLAYER_PAUSED);
      sl_desk_want (self->desk);
    }
  g_mutex_unlock (&self->desk->lock);
}

void
sl_player_stop (SlPlayer *self)
{
  g_mutex_lock (&self->desk->lock);
  if (self->desk->state != SL_PLAYER_STOPPED)
    {
      set_state (self, SL_PLAYER_STOPPED);
      self->desk->seek = self->start;
      sl_desk_want (self->desk);
    }
  g_mutex_unlock (&self->desk->lock);
}

void
sl_player_seek (SlPlayer *self, gint64 frame)
{
  SlDesk *desk = self->desk;

  g_mutex_lock (&desk->lock);
  desk->seek = CLAMP (frame, 0, desk->graph == NULL ? 0 : sl_graph_get_length (desk->graph));
  self->start = desk->seek;
  if (desk->state == SL_PLAYER_ENDED)
    set_state (self, SL_PLAYER_STOPPED);
  sl_desk_want (desk);
  g_mutex_unlock (&desk->lock);
}

gint64
sl_player_get_position (SlPlayer *self)
{
  gint64 frame;

  g_mutex_lock (&self->desk->lock);
  frame = sl_desk_get_frame (self->desk);
  g_mutex_unlock (&self->desk->lock);
  return frame;
}

SlPlayerState
sl_player_get_state (SlPlayer *self)
{
  SlPlayerState state;

  g_mutex_lock (&self->desk->lock);
  state = self->desk->state;
  g_mutex_unlock (&self->desk->lock);
  return state;
}

void
sl_player_get_peaks (SlPlayer *self, float *peaks, guint n)
{
  for (guint i = 0; i < n; i++)
    peaks[i] = i < SL_MAX_CHANNELS ? atomic_exchange (&self->desk->rt.peaks[i], 0.0f) : 0.0f;
}

guint
sl_player_get_underruns (SlPlayer *self)
{
  return atomic_load (&self->desk->rt.underruns);
}

gboolean
sl_player_has_device (SlPlayer *self)
{
  gboolean has_device;

  g_mutex_lock (&self->desk->lock);
  has_device = self->desk->has_device;
  g_mutex_unlock (&self->desk->lock);
  return has_device;
}

char *
sl_player_dup_problem (SlPlayer *self)
{
  const SlDesk *desk = self->desk;
  char *problem;

  g_mutex_lock (&self->desk->lock);
  problem = g_strdup (desk->device_problem != NULL ? desk->device_problem : desk->graph_problem);
  g_mutex_unlock (&self->desk->lock);
  return problem;
}

void
sl_player_probe_device (SlPlayer *self)
{
  g_mutex_lock (&self->desk->lock);
  self->desk->probe = TRUE;
  sl_desk_want (self->desk);
  g_mutex_unlock (&self->desk->lock);
}
