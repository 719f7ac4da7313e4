/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/waveform.h"

#include "app/drawing.h"
#include "app/waveform_tiles.h"

#include <glib/gi18n.h>
#include <math.h>

/* From this height on, in pixels, two channels are shown apart. */
#define SPLIT_HEIGHT 72

/* Pictures are made in steps of so many pixels of height. */
#define HEIGHT_STEP 4

#define LEAST_HEIGHT 56
#define NATURAL_HEIGHT 60

/* Peaks are lighter than RMS by this. */
#define PEAK_ALPHA 0.45

/* A seam follows the pointer once it has moved so far, in pixels. */
#define DRAG_THRESHOLD 4.0

struct _SlWaveform
{
  SlTimeView parent_instance;

  /* owned */
  SlPeaks *peaks;
  char *path;
  char *digest_hex; /* NULL: no audio */
  GArray *seams;
  GArray *paddings;
  GArray *repeats;
  GArray *tiles; /* asked for last, of SlTileKey */

  gint64 dest_offset;
  gboolean vouched;
  gboolean movable;
  SlWaveformRole role;
  int selected;
  double press_x;
  gint64 press_position; /* of the selected seam */
  gboolean dragging;
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

static SlSeamMark *
get_seam (SlWaveform *self, int index)
{
  return &g_array_index (self->seams, SlSeamMark, index);
}

static void
show_tiles (SlWaveform *self, GArray *tiles)
{
  if (self->peaks != NULL)
    sl_peaks_show_tiles (self->peaks, self, (const SlTileKey *) (gpointer) tiles->data, tiles->len);
  if (tiles != self->tiles)
    {
      g_array_set_size (self->tiles, 0);
      g_array_append_vals (self->tiles, tiles->data, tiles->len);
    }
}

static void
show_no_tiles (SlWaveform *self)
{
  g_array_set_size (self->tiles, 0);
  show_tiles (self, self->tiles);
}

static gboolean
same_tiles (const GArray *a, const GArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!sl_tile_key_equal (&g_array_index (a, SlTileKey, i), &g_array_index (b, SlTileKey, i)))
      return FALSE;
  return TRUE;
}

static SlTileColors
get_colors (GtkWidget *widget)
{
  GdkRGBA color = sl_widget_color (widget);

  return (SlTileColors){ sl_color_pack (sl_color_fade (color, PEAK_ALPHA)), sl_color_pack (color),
                         sl_color_pack (sl_widget_named_color (widget, "error_bg_color")) };
}

/* FALSE when there is nothing to draw (yet). */
static gboolean
get_view (SlWaveform *self, SlWaveformView *view)
{
  GtkWidget *widget = GTK_WIDGET (self);

  *view = (SlWaveformView){ .range = sl_time_view_get_range (SL_TIME_VIEW (self)),
                            .dest_offset = self->dest_offset,
                            .width = gtk_widget_get_width (widget),
                            .height = gtk_widget_get_height (widget) };
  if (self->peaks == NULL || self->digest_hex == NULL
      || sl_peaks_get_state (self->peaks, self->digest_hex, &view->info) != SL_PEAKS_READY)
    return FALSE;
  g_strlcpy (view->key.digest_hex, self->digest_hex, sizeof view->key.digest_hex);
  view->key.scale = gtk_widget_get_scale_factor (widget);
  view->key.height = view->height / HEIGHT_STEP * HEIGHT_STEP * view->key.scale;
  view->key.split = view->height >= SPLIT_HEIGHT;
  view->key.colors = get_colors (widget);
  return view->key.height > 0;
}

static void
snapshot_audio (SlWaveform *self, GtkSnapshot *snapshot)
{
  g_autoptr (GArray) tiles = g_array_new (FALSE, FALSE, sizeof (SlTileKey));
  SlWaveformView view;

  if (!get_view (self, &view))
    return;
  sl_waveform_view_list_tiles (&view, tiles);
  if (!same_tiles (tiles, self->tiles))
    show_tiles (self, tiles);
  sl_waveform_view_snapshot (&view, self->peaks, tiles, snapshot);
}

static void
sl_waveform_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SlWaveform *self = SL_WAVEFORM (widget);
  SlTimeRange *range = sl_time_view_get_range (SL_TIME_VIEW (self));
  double middle = gtk_widget_get_height (widget) / 2;

  if (range == NULL)
    return;
  sl_repeat_marks_snapshot (self->repeats, range, widget, snapshot);
  sl_seam_marks_snapshot_extents (self->seams, self->selected, range, widget, snapshot);
  sl_fill (snapshot, 0.0, middle, gtk_widget_get_width (widget), 1.0,
           sl_color_fade (sl_widget_color (widget), 0.3));
  snapshot_audio (self, snapshot);
  sl_paddings_snapshot (self->paddings, range, widget, snapshot);
  sl_seam_marks_snapshot (self->seams, self->selected, range, widget, snapshot);
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
  if (g_strcmp0 (digest_hex, self->digest_hex) == 0)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
prepare (SlWaveform *self)
{
  if (self->peaks != NULL && self->digest_hex != NULL)
    sl_peaks_prepare (self->peaks, self->path, self->digest_hex, self->vouched);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drop_peaks (SlWaveform *self)
{
  if (self->peaks == NULL)
    return;
  show_no_tiles (self);
  g_signal_handlers_disconnect_by_data (self->peaks, self);
  g_clear_object (&self->peaks);
}

void
sl_waveform_set_peaks (SlWaveform *self, SlPeaks *peaks)
{
  g_return_if_fail (SL_IS_WAVEFORM (self));

  if (peaks == self->peaks)
    return;
  drop_peaks (self);
  if (peaks != NULL)
    {
      self->peaks = g_object_ref (peaks);
      g_signal_connect (peaks, "changed", G_CALLBACK (on_peaks_changed), self);
    }
  prepare (self);
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

  show_no_tiles (self);
  g_free (self->path);
  self->path = g_strdup (path);
  g_free (self->digest_hex);
  self->digest_hex = g_strdup (digest_hex);
  self->dest_offset = dest_offset;
  self->vouched = vouched;
  prepare (self);
}

void
sl_waveform_set_marks (SlWaveform *self, const GArray *seams, const GArray *paddings)
{
  g_array_unref (self->seams);
  self->seams = sl_seam_marks_copy (seams);
  g_array_set_size (self->paddings, 0);
  if (paddings != NULL)
    g_array_append_vals (self->paddings, paddings->data, paddings->len);
  self->dragging = FALSE;
  if (self->selected >= (int) self->seams->len)
    self->selected = -1;
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

static void
tell_seam (SlWaveform *self)
{
  const char *text = self->selected >= 0 ? get_seam (self, self->selected)->text : NULL;

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text != NULL ? text : "", -1);
}

void
sl_waveform_set_selected_seam (SlWaveform *self, int index)
{
  g_return_if_fail (index >= -1 && index < (int) self->seams->len);

  if (index == self->selected)
    return;
  self->selected = index;
  tell_seam (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

int
sl_waveform_get_selected_seam (SlWaveform *self)
{
  return self->selected;
}

void
sl_waveform_set_movable_seams (SlWaveform *self, gboolean movable)
{
  self->movable = movable;
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
  return sl_seam_marks_at (self->seams, range, gtk_widget_get_width (GTK_WIDGET (self)), x, y);
}

static void
activate_seam (SlWaveform *self, int index)
{
  sl_waveform_set_selected_seam (self, index);
  g_signal_emit (self, signals[SIGNAL_SEAM_ACTIVATED], 0, (guint) index);
}

static gboolean
sl_waveform_press (SlTimeView *view, int n_press, double x, double y)
{
  SlWaveform *self = SL_WAVEFORM (view);
  int index = seam_at (self, x, y);

  if (index < 0)
    {
      sl_waveform_set_selected_seam (self, -1);
      return FALSE;
    }
  self->press_x = x;
  self->press_position = get_seam (self, index)->position;
  self->dragging = FALSE;
  activate_seam (self, index);
  return TRUE;
}

/* The seam is shown where it would go; who owns it moves it. */
static void
sl_waveform_drag (SlTimeView *view, double x, gboolean end)
{
  SlWaveform *self = SL_WAVEFORM (view);
  gint64 moved = sl_time_view_to_frame (view, x) - sl_time_view_to_frame (view, self->press_x);

  if (!self->movable || self->selected < 0)
    return;
  self->dragging = self->dragging || (!end && fabs (x - self->press_x) >= DRAG_THRESHOLD);
  if (!self->dragging)
    return;
  get_seam (self, self->selected)->position = self->press_position + moved;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (!end)
    return;
  self->dragging = FALSE;
  g_signal_emit (self, signals[SIGNAL_SEAM_MOVED], 0, (guint) self->selected,
                 self->press_position + moved);
}

/* The seam nearest to @frame before or behind it, or -1. */
static int
neighbour_seam (SlWaveform *self, gint64 frame, gboolean forward)
{
  gint64 nearest = G_MAXINT64;
  int index = -1;

  for (guint i = 0; i < self->seams->len; i++)
    {
      gint64 distance = get_seam (self, (int) i)->position - frame;

      if (!forward)
        distance = -distance;
      if (distance > 0 && distance < nearest)
        {
          nearest = distance;
          index = (int) i;
        }
    }
  return index;
}

static gboolean
sl_waveform_key (SlTimeView *view, guint keyval, GdkModifierType state)
{
  SlWaveform *self = SL_WAVEFORM (view);
  SlTimeRange *range = sl_time_view_get_range (view);
  gboolean forward = keyval == GDK_KEY_Right || keyval == GDK_KEY_KP_Right;
  gboolean back = keyval == GDK_KEY_Left || keyval == GDK_KEY_KP_Left;
  gint64 from = self->selected >= 0 ? get_seam (self, self->selected)->position
                                    : sl_time_range_get_playhead (range);
  int index;

  if ((state & GDK_CONTROL_MASK) == 0 || !(forward || back))
    return FALSE;
  index = neighbour_seam (self, from, forward);
  if (index < 0)
    return TRUE;
  sl_time_range_reveal (range, get_seam (self, index)->position);
  activate_seam (self, index);
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
  int index = keyboard_mode ? self->selected : seam_at (self, x, y);

  if (index < 0 || get_seam (self, index)->text == NULL)
    return FALSE;
  gtk_tooltip_set_text (tooltip, get_seam (self, index)->text);
  return TRUE;
}

static void
on_motion (GtkEventControllerMotion *motion, double x, double y, SlWaveform *self)
{
  const char *over_seam = self->movable ? "ew-resize" : "pointer";

  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), seam_at (self, x, y) >= 0 ? over_seam : NULL);
}

static void
sl_waveform_unmap (GtkWidget *widget)
{
  show_no_tiles (SL_WAVEFORM (widget));
  GTK_WIDGET_CLASS (sl_waveform_parent_class)->unmap (widget);
}

static void
sl_waveform_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_PEAKS)
    g_value_set_object (value, SL_WAVEFORM (object)->peaks);
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
  drop_peaks (SL_WAVEFORM (object));
  G_OBJECT_CLASS (sl_waveform_parent_class)->dispose (object);
}

static void
sl_waveform_finalize (GObject *object)
{
  SlWaveform *self = SL_WAVEFORM (object);

  g_free (self->path);
  g_free (self->digest_hex);
  g_array_unref (self->seams);
  g_array_unref (self->paddings);
  g_array_unref (self->repeats);
  g_array_unref (self->tiles);
  G_OBJECT_CLASS (sl_waveform_parent_class)->finalize (object);
}

static void
add_signals (void)
{
  signals[SIGNAL_SEAM_ACTIVATED]
      = g_signal_new ("seam-activated", SL_TYPE_WAVEFORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, G_TYPE_UINT);
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

  self->selected = -1;
  self->seams = sl_seam_marks_new ();
  self->paddings = g_array_new (FALSE, FALSE, sizeof (SlRange));
  self->repeats = g_array_new (FALSE, FALSE, sizeof (SlRepeatMark));
  self->tiles = g_array_new (FALSE, FALSE, sizeof (SlTileKey));
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
