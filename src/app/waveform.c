/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/waveform.h"

#include "app/drawing.h"
#include "app/seam_ghost.h"
#include "app/seam_selection.h"
#include "app/waveform_audio.h"

#include <glib/gi18n.h>

#define LEAST_HEIGHT 56
#define NATURAL_HEIGHT 60

struct _SlWaveform
{
  SlTimeView parent_instance;

  /* owned */
  SlWaveformAudio audio;
  SlSeamSelection seams;
  GArray *paddings;
  GArray *repeats;

  SlWaveformRole role;
};

G_DEFINE_FINAL_TYPE (SlWaveform, sl_waveform, SL_TYPE_TIME_VIEW)

enum
{
  PROP_0,
  PROP_PEAKS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

enum
{
  SIGNAL_SEAM_ACTIVATED,
  SIGNAL_SEAM_MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
sl_waveform_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SlWaveform *self = SL_WAVEFORM (widget);
  SlTimeRange *range = sl_time_view_get_range (SL_TIME_VIEW (self));
  double middle = gtk_widget_get_height (widget) / 2;

  if (range == NULL)
    return;
  sl_repeat_marks_snapshot (self->repeats, range, widget, snapshot);
  sl_seam_marks_snapshot_extents (self->seams.marks, self->seams.selected, range, widget, snapshot);
  sl_fill (snapshot, 0.0, middle, gtk_widget_get_width (widget), 1.0,
           sl_color_fade (sl_widget_color (widget), 0.3));
  sl_waveform_audio_snapshot (&self->audio, range, widget, snapshot);
  sl_paddings_snapshot (self->paddings, range, widget, snapshot);
  sl_seam_marks_snapshot (self->seams.marks, self->seams.selected, range, widget, snapshot);
  if (self->seams.ghost >= 0)
    sl_seam_ghost_snapshot (self->seams.ghost, range, widget, snapshot);
}

static void
sl_waveform_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_VERTICAL ? LEAST_HEIGHT : 0;
  *natural = orientation == GTK_ORIENTATION_VERTICAL ? NATURAL_HEIGHT : 0;
}

static void
on_peaks_changed (SlPeaks *peaks, const char *digest_hex, SlWaveform *self)
{
  if (g_strcmp0 (digest_hex, self->audio.digest_hex) == 0)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
set_peaks (SlWaveform *self, SlPeaks *peaks)
{
  if (self->audio.peaks != NULL)
    g_signal_handlers_disconnect_by_data (self->audio.peaks, self);
  if (peaks != NULL)
    g_signal_connect (peaks, "changed", G_CALLBACK (on_peaks_changed), self);
  sl_waveform_audio_set_peaks (&self->audio, peaks);
}

void
sl_waveform_set_peaks (SlWaveform *self, SlPeaks *peaks)
{
  g_return_if_fail (SL_IS_WAVEFORM (self));

  if (peaks == self->audio.peaks)
    return;
  set_peaks (self, peaks);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PEAKS]);
}

void
sl_waveform_set_audio (SlWaveform *self,
                       const char *path,
                       const char *digest_hex,
                       gint64 dest_offset,
                       gboolean vouched)
{
  g_return_if_fail (SL_IS_WAVEFORM (self));
  g_return_if_fail (digest_hex == NULL || path != NULL);

  sl_waveform_audio_set_file (&self->audio, path, digest_hex, dest_offset, vouched);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
sl_waveform_set_marks (SlWaveform *self, const GArray *seams, const GArray *paddings)
{
  sl_seam_selection_set_marks (&self->seams, seams);
  sl_time_view_tell (SL_TIME_VIEW (self));
  g_array_set_size (self->paddings, 0);
  if (paddings != NULL)
    g_array_append_vals (self->paddings, paddings->data, paddings->len);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
sl_waveform_set_repeats (SlWaveform *self, const GArray *repeats)
{
  g_array_set_size (self->repeats, 0);
  if (repeats != NULL)
    g_array_append_vals (self->repeats, repeats->data, repeats->len);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static char *
sl_waveform_describe (SlTimeView *view)
{
  const SlSeamMark *mark = sl_seam_selection_get (&SL_WAVEFORM (view)->seams);

  return mark != NULL ? g_strdup (mark->text) : NULL;
}

void
sl_waveform_set_selected_seam (SlWaveform *self, int index)
{
  g_return_if_fail (index >= -1 && index < (int) self->seams.marks->len);

  if (index == self->seams.selected && (index >= 0 || self->seams.wanted < 0))
    return;
  sl_seam_selection_select (&self->seams, index);
  sl_time_view_tell (SL_TIME_VIEW (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

int
sl_waveform_get_selected_seam (SlWaveform *self)
{
  return self->seams.selected;
}

void
sl_waveform_set_movable_seams (SlWaveform *self, gboolean movable)
{
  self->seams.movable = movable;
}

static void
set_class (SlWaveform *self, const char *name, gboolean set)
{
  if (set)
    gtk_widget_add_css_class (GTK_WIDGET (self), name);
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), name);
}

void
sl_waveform_set_role (SlWaveform *self, SlWaveformRole role)
{
  static const char *const names[] = { "stem", "reference", "drums", "master" };

  set_class (self, names[self->role], FALSE);
  self->role = role;
  set_class (self, names[role], TRUE);
}

void
sl_waveform_set_muted (SlWaveform *self, gboolean muted)
{
  set_class (self, "muted", muted);
}

void
sl_waveform_set_busy (SlWaveform *self, gboolean busy)
{
  set_class (self, "busy", busy);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_BUSY, busy, -1);
}

void
sl_waveform_set_track_name (SlWaveform *self, const char *name)
{
  g_autofree char *label = g_strdup_printf (_ ("Waveform of %s"), name);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static int
seam_at (SlWaveform *self, double x, double y)
{
  SlTimeRange *range = sl_time_view_get_range (SL_TIME_VIEW (self));

  if (range == NULL)
    return -1;
  return sl_seam_marks_at (self->seams.marks, range, gtk_widget_get_width (GTK_WIDGET (self)), x,
                           y);
}

static void
activate_seam (SlWaveform *self, int index)
{
  sl_waveform_set_selected_seam (self, index);
  g_signal_emit (self, signals[SIGNAL_SEAM_ACTIVATED], 0, index);
}

static gboolean
sl_waveform_press (SlTimeView *view, int n_press, double x, double y)
{
  SlWaveform *self = SL_WAVEFORM (view);
  int index = seam_at (self, x, y);

  if (index >= 0)
    sl_seam_selection_press (&self->seams, index, x);
  if (index >= 0 || self->seams.wanted >= 0)
    activate_seam (self, index);
  return index >= 0;
}

/* Beats draw a join to them; whoever holds a key goes free. */
static const SlGrid *
grid_to_snap_to (SlTimeView *view)
{
  gboolean is_free = (sl_time_view_get_drag_state (view) & (GDK_SHIFT_MASK | GDK_ALT_MASK)) != 0;

  return is_free ? NULL : sl_time_range_get_grid (sl_time_view_get_range (view));
}

/* It is shown where the seam would go; who owns it moves it. */
static void
sl_waveform_drag (SlTimeView *view, double x, gboolean end)
{
  SlWaveform *self = SL_WAVEFORM (view);
  gint64 moved
      = sl_time_view_to_frame (view, x) - sl_time_view_to_frame (view, self->seams.press_x);

  if (!end)
    sl_seam_selection_drag (&self->seams, x, moved, grid_to_snap_to (view));
  else if (sl_seam_selection_drop (&self->seams))
    g_signal_emit (self, signals[SIGNAL_SEAM_MOVED], 0, (guint) self->seams.selected,
                   self->seams.ghost);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
sl_waveform_cancel_drag (SlWaveform *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return sl_seam_selection_cancel (&self->seams);
}

gboolean
sl_waveform_step_seam (SlWaveform *self, gboolean forward)
{
  SlTimeRange *range = sl_time_view_get_range (SL_TIME_VIEW (self));
  int index
      = sl_seam_selection_neighbour (&self->seams, sl_time_range_get_playhead (range), forward);

  if (index < 0)
    return FALSE;
  sl_time_range_reveal (range, g_array_index (self->seams.marks, SlSeamMark, index).position);
  activate_seam (self, index);
  return TRUE;
}

static gboolean
sl_waveform_key (SlTimeView *view, guint keyval, GdkModifierType state)
{
  gboolean forward = keyval == GDK_KEY_Right || keyval == GDK_KEY_KP_Right;
  gboolean back = keyval == GDK_KEY_Left || keyval == GDK_KEY_KP_Left;

  if ((state & GDK_CONTROL_MASK) == 0 || !(forward || back))
    return FALSE;
  sl_waveform_step_seam (SL_WAVEFORM (view), forward);
  return TRUE;
}

static gboolean
sl_waveform_query_tooltip (GtkWidget *widget,
                           int x,
                           int y,
                           gboolean keyboard_mode,
                           GtkTooltip *tooltip)
{
  SlWaveform *self = SL_WAVEFORM (widget);
  int index = keyboard_mode ? self->seams.selected : seam_at (self, x, y);
  const char *text = NULL;

  if (index >= 0)
    text = g_array_index (self->seams.marks, SlSeamMark, index).text;
  gtk_tooltip_set_text (tooltip, text);
  return text != NULL;
}

static void
on_motion (GtkEventControllerMotion *motion, double x, double y, SlWaveform *self)
{
  const char *over_seam = self->seams.movable ? "ew-resize" : "pointer";

  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), seam_at (self, x, y) >= 0 ? over_seam : NULL);
}

static void
sl_waveform_unmap (GtkWidget *widget)
{
  sl_waveform_audio_hide (&SL_WAVEFORM (widget)->audio);
  GTK_WIDGET_CLASS (sl_waveform_parent_class)->unmap (widget);
}

static void
sl_waveform_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_PEAKS)
    g_value_set_object (value, SL_WAVEFORM (object)->audio.peaks);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
sl_waveform_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_PEAKS)
    sl_waveform_set_peaks (SL_WAVEFORM (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
sl_waveform_dispose (GObject *object)
{
  set_peaks (SL_WAVEFORM (object), NULL);
  G_OBJECT_CLASS (sl_waveform_parent_class)->dispose (object);
}

static void
sl_waveform_finalize (GObject *object)
{
  SlWaveform *self = SL_WAVEFORM (object);

  sl_waveform_audio_clear (&self->audio);
  sl_seam_selection_clear (&self->seams);
  g_array_unref (self->paddings);
  g_array_unref (self->repeats);
  G_OBJECT_CLASS (sl_waveform_parent_class)->finalize (object);
}

static void
add_signals (void)
{
  signals[SIGNAL_SEAM_ACTIVATED]
      = g_signal_new ("seam-activated", SL_TYPE_WAVEFORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, G_TYPE_INT);
  signals[SIGNAL_SEAM_MOVED]
      = g_signal_new ("seam-moved", SL_TYPE_WAVEFORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_INT64);
}

static void
sl_waveform_class_init (SlWaveformClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  SlTimeViewClass *view_class = SL_TIME_VIEW_CLASS (klass);

  object_class->get_property = sl_waveform_get_property;
  object_class->set_property = sl_waveform_set_property;
  object_class->dispose = sl_waveform_dispose;
  object_class->finalize = sl_waveform_finalize;
  widget_class->snapshot = sl_waveform_snapshot;
  widget_class->measure = sl_waveform_measure;
  widget_class->unmap = sl_waveform_unmap;
  widget_class->query_tooltip = sl_waveform_query_tooltip;
  view_class->press = sl_waveform_press;
  view_class->drag = sl_waveform_drag;
  view_class->key = sl_waveform_key;
  view_class->describe = sl_waveform_describe;
  props[PROP_PEAKS]
      = g_param_spec_object ("peaks", NULL, NULL, SL_TYPE_PEAKS,
                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  add_signals ();
  gtk_widget_class_set_css_name (widget_class, "waveform");
}

static void
sl_waveform_init (SlWaveform *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  sl_seam_selection_init (&self->seams);
  self->paddings = g_array_new (FALSE, FALSE, sizeof (SlRange));
  self->repeats = g_array_new (FALSE, FALSE, sizeof (SlRepeatMark));
  gtk_widget_add_css_class (GTK_WIDGET (self), "stem");
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
}

GtkWidget *
sl_waveform_new (SlTimeRange *range, SlPeaks *peaks)
{
  return g_object_new (SL_TYPE_WAVEFORM, "range", range, "peaks", peaks, NULL);
}
