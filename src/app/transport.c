/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/transport.h"

#include "app/meter.h"
#include "app/preferences.h"
#include "app/time_text.h"

#include <glib/gi18n.h>

/* Text changes this often at most; the playhead moves with every frame. */
#define TEXT_INTERVAL_US (50 * G_TIME_SPAN_MILLISECOND)

struct _SlTransport
{
  GtkWidget parent_instance;

  /* template */
  GtkWidget *buttons;
  GtkButton *play;
  GtkToggleButton *repeat;
  GtkLabel *time;
  GtkScale *position;
  GtkDropDown *stage;
  SlMeter *meter;
  GtkScaleButton *volume;
  GtkLabel *problem;

  /* owned */
  SlListening *listening;
  SlTimeRange *range;
  char *shown; /* the time as shown */

  gint64 seam_start; /* what is played around a seam; the same twice: nothing */
  gint64 seam_end;
  gboolean once; /* it is played up to its end */
  guint tick_id;
  gint64 text_us;
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (SlTransport, sl_transport, GTK_TYPE_WIDGET)

static SlPlayer *
player_of (SlTransport *self)
{
  return sl_listening_get_player (self->listening);
}

static void
sl_transport_dispose (GObject *object)
{
  SlTransport *self = SL_TRANSPORT (object);
  GtkWidget *child;

  if (self->listening != NULL)
    g_signal_handlers_disconnect_by_data (self->listening, self);
  if (self->range != NULL)
    g_signal_handlers_disconnect_by_data (self->range, self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->listening);
  g_clear_object (&self->range);
  g_clear_pointer (&self->shown, g_free);
  G_OBJECT_CLASS (sl_transport_parent_class)->dispose (object);
}

/* --- where it is --- */

static void
show_position (SlTransport *self)
{
  gint64 frame = sl_time_range_get_playhead (self->range);
  char *text = sl_time_text_place (sl_time_range_get_grid (self->range),
                                   sl_time_range_get_rate_hz (self->range), frame);

  if (g_strcmp0 (text, self->shown) == 0)
    {
      g_free (text);
      return;
    }
  g_free (self->shown);
  self->shown = text;
  gtk_label_set_label (self->time, text);
  self->updating = TRUE;
  gtk_range_set_value (GTK_RANGE (self->position),
                       (double) frame / sl_time_range_get_rate_hz (self->range));
  self->updating = FALSE;
}

/* A page is turned, rather than everything scrolled at every frame. */
static void
follow (SlTransport *self, gint64 frame)
{
  double start = sl_time_range_get_start (self->range);
  double span = sl_time_range_get_span (self->range);

  if ((double) frame >= start + span || (double) frame < start)
    sl_time_range_show (self->range, (double) frame, span);
}

/* At the end of what is played around a seam it goes back, or holds. */
static void
turn_at_seam (SlTransport *self, gint64 frame)
{
  if (frame < self->seam_end)
    return;
  if (gtk_toggle_button_get_active (self->repeat))
    sl_time_range_seek (self->range, self->seam_start);
  else if (self->once)
    sl_player_pause (player_of (self));
  self->once = FALSE;
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  SlTransport *self = SL_TRANSPORT (widget);
  gint64 frame = sl_player_get_position (player_of (self));
  gint64 now_us = gdk_frame_clock_get_frame_time (clock);
  float peaks[2];

  sl_player_get_peaks (player_of (self), peaks, 2);
  sl_meter_feed (self->meter, peaks);
  sl_time_range_set_playhead (self->range, frame);
  turn_at_seam (self, frame);
  if (now_us - self->text_us < TEXT_INTERVAL_US)
    return G_SOURCE_CONTINUE;
  self->text_us = now_us;
  follow (self, frame);
  show_position (self);
  return G_SOURCE_CONTINUE;
}

static void
set_ticking (SlTransport *self, gboolean ticking)
{
  if (ticking == (self->tick_id != 0))
    return;
  if (ticking)
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
  else
    {
      gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick_id);
      self->tick_id = 0;
      sl_meter_reset (self->meter);
      sl_time_range_set_playhead (self->range, sl_player_get_position (player_of (self)));
      show_position (self);
    }
}

/* --- state --- */

static void
show_play (SlTransport *self, gboolean playing)
{
  const char *name = playing ? _ ("Pause") : _ ("Play");

  gtk_button_set_icon_name (self->play, playing ? "media-playback-pause-symbolic"
                                                : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->play), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->play), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
}

/* Why nothing can be heard, or NULL. */
static char *
describe_problem (SlTransport *self)
{
  char *problem = sl_player_dup_problem (player_of (self));

  if (problem != NULL || sl_listening_has_sound (self->listening))
    return problem;
  return g_strdup (_ ("Nothing to hear yet: run the steps first"));
}

static void
update (SlTransport *self)
{
  g_autofree char *problem = describe_problem (self);
  gboolean usable
      = sl_player_has_device (player_of (self)) && sl_listening_has_sound (self->listening);

  show_play (self, sl_player_get_state (player_of (self)) == SL_PLAYER_PLAYING);
  set_ticking (self, sl_player_get_state (player_of (self)) == SL_PLAYER_PLAYING);
  gtk_widget_set_sensitive (self->buttons, usable);
  gtk_widget_set_sensitive (GTK_WIDGET (self->position), usable);
  gtk_label_set_label (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
  gtk_widget_set_tooltip_text (self->buttons, problem);
}

static gboolean
has_seam (SlTransport *self)
{
  return self->seam_end > self->seam_start;
}

/* Whoever goes elsewhere means to hear what is there. */
static void
on_seek (SlTransport *self, gint64 frame)
{
  if (frame < self->seam_start || frame >= self->seam_end)
    {
      self->once = FALSE;
      gtk_toggle_button_set_active (self->repeat, FALSE);
    }
  sl_player_seek (player_of (self), frame);
  sl_time_range_set_playhead (self->range, frame);
  show_position (self);
}

static void
on_range_changed (SlTransport *self)
{
  double seconds
      = (double) sl_time_range_get_frames (self->range) / sl_time_range_get_rate_hz (self->range);

  self->updating = TRUE;
  gtk_range_set_range (GTK_RANGE (self->position), 0.0, MAX (seconds, 0.001));
  self->updating = FALSE;
}

/* --- controls --- */

static void
on_play (SlTransport *self)
{
  sl_transport_toggle (self);
}

static void
on_stop (SlTransport *self)
{
  sl_player_stop (player_of (self));
}

static void
on_repeat (SlTransport *self)
{
  if (gtk_toggle_button_get_active (self->repeat) && self->listening != NULL)
    sl_transport_listen_to_seam (self);
}

static void
on_to_start (SlTransport *self)
{
  sl_time_range_seek (self->range, 0);
}

static void
on_position (SlTransport *self)
{
  double seconds = gtk_range_get_value (GTK_RANGE (self->position));

  if (!self->updating)
    sl_time_range_seek (self->range,
                        (gint64) (seconds * sl_time_range_get_rate_hz (self->range) + 0.5));
}

static void
on_stage (SlTransport *self)
{
  if (self->listening != NULL)
    sl_listening_set_stage (self->listening, (SlStage) gtk_drop_down_get_selected (self->stage));
}

static void
on_volume (SlTransport *self)
{
  double volume = gtk_scale_button_get_value (self->volume);

  if (self->listening == NULL)
    return;
  sl_player_set_volume (player_of (self), volume);
  sl_preferences_set_volume (volume);
}

static void
sl_transport_class_init (SlTransportClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SL_TYPE_METER);
  G_OBJECT_CLASS (klass)->dispose = sl_transport_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/seamline/Seamline/transport.ui");
  gtk_widget_class_bind_template_child (widget_class, SlTransport, buttons);
  gtk_widget_class_bind_template_child (widget_class, SlTransport, play);
  gtk_widget_class_bind_template_child (widget_class, SlTransport, repeat);
  gtk_widget_class_bind_template_child (widget_class, SlTransport, time);
  gtk_widget_class_bind_template_child (widget_class, SlTransport, position);
  gtk_widget_class_bind_template_child (widget_class, SlTransport, stage);
  gtk_widget_class_bind_template_child (widget_class, SlTransport, meter);
  gtk_widget_class_bind_template_child (widget_class, SlTransport, volume);
  gtk_widget_class_bind_template_child (widget_class, SlTransport, problem);
  gtk_widget_class_bind_template_callback (widget_class, on_play);
  gtk_widget_class_bind_template_callback (widget_class, on_stop);
  gtk_widget_class_bind_template_callback (widget_class, on_repeat);
  gtk_widget_class_bind_template_callback (widget_class, on_to_start);
  gtk_widget_class_bind_template_callback (widget_class, on_position);
  gtk_widget_class_bind_template_callback (widget_class, on_stage);
  gtk_widget_class_bind_template_callback (widget_class, on_volume);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
sl_transport_init (SlTransport *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drop_down_set_selected (self->stage, SL_STAGE_MASTER);
}

void
sl_transport_set_listening (SlTransport *self, SlListening *listening, SlTimeRange *range)
{
  g_set_object (&self->listening, listening);
  g_set_object (&self->range, range);
  g_signal_connect_swapped (listening, "changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (range, "seek", G_CALLBACK (on_seek), self);
  g_signal_connect_swapped (range, "changed", G_CALLBACK (on_range_changed), self);
  gtk_scale_button_set_value (self->volume, sl_preferences_get_volume ());
  sl_player_set_volume (player_of (self), gtk_scale_button_get_value (self->volume));
  on_range_changed (self);
  show_position (self);
  update (self);
}

void
sl_transport_toggle (SlTransport *self)
{
  if (sl_player_get_state (player_of (self)) == SL_PLAYER_PLAYING)
    sl_player_pause (player_of (self));
  else if (sl_player_has_device (player_of (self)))
    sl_player_play (player_of (self));
}

void
sl_transport_set_seam (SlTransport *self, gint64 start, gint64 end)
{
  gint64 frames = sl_time_range_get_frames (self->range);

  self->seam_start = CLAMP (start, 0, frames);
  /* The very end is not reached while it plays. */
  self->seam_end = MIN (end, frames - sl_time_range_get_rate_hz (self->range) / 10);
  gtk_widget_set_sensitive (GTK_WIDGET (self->repeat), has_seam (self));
  if (!has_seam (self))
    gtk_toggle_button_set_active (self->repeat, FALSE);
}

gboolean
sl_transport_can_listen_to_seam (SlTransport *self)
{
  return self->listening != NULL && has_seam (self) && sl_player_has_device (player_of (self))
         && sl_listening_has_sound (self->listening);
}

void
sl_transport_listen_to_seam (SlTransport *self)
{
  if (!sl_transport_can_listen_to_seam (self))
    return;
  sl_time_range_seek (self->range, self->seam_start);
  self->once = TRUE;
  sl_player_play (player_of (self));
}

void
sl_transport_set_narrow (SlTransport *self, gboolean narrow)
{
  gtk_widget_set_visible (GTK_WIDGET (self->repeat), !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->position), !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->meter), !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->volume), !narrow);
  gtk_label_set_width_chars (self->time, narrow ? 11 : 15);
}
