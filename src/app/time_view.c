/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/time_view.h"

#include "app/time_text.h"

#include <math.h>

/* Clicks of a wheel for twice the zoom; and pixels of a touchpad that are worth one click. */
#define CLICKS_PER_DOUBLING 3.0
#define PIXELS_PER_CLICK 40.0

/* A click of the wheel scrolls by this part of what is visible; a key by the other one. */
#define CLICK_PART 0.1
#define KEY_PART 0.01

/* What is told to assistive technologies comes no faster than this, of what has the focus and of
 * the rest: a window has many tracks. */
#define TELL_MS 250
#define TELL_UNFOCUSED_MS 1000

typedef struct
{
  SlTimeRange *range;
  double pointer_x;
  double zoom_done;  /* by the pinch under way */
  double zoom_frame; /* where it began */
  gboolean taken;    /* the press, by the derived widget */
  double press_x;
  GdkModifierType drag_state;
  guint tell_id;
} SlTimeViewPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (SlTimeView, sl_time_view, GTK_TYPE_WIDGET)

#define PRIVATE(self) ((SlTimeViewPrivate *) sl_time_view_get_instance_private (self))

enum
{
  PROP_0,
  PROP_RANGE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static double
seconds (SlTimeRange *range, gint64 frame)
{
  return (double) frame / sl_time_range_get_rate_hz (range);
}

/* GTK 4.8 tells the values of its own widgets only; that of others has to be in a description. */
static void
tell_description (SlTimeView *self, const char *value_text)
{
  SlTimeViewClass *klass = SL_TIME_VIEW_GET_CLASS (self);
  g_autofree char *more = klass->describe != NULL ? klass->describe (self) : NULL;
  g_autofree char *both = more != NULL ? g_strconcat (value_text, "\n", more, NULL) : NULL;

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  both != NULL ? both : value_text, -1);
}

static gboolean
tell (gpointer data)
{
  SlTimeViewPrivate *priv = PRIVATE (data);
  gint64 playhead = sl_time_range_get_playhead (priv->range);
  g_autofree char *text = sl_time_text_position (priv->range, playhead);

  priv->tell_id = 0;
  gtk_accessible_update_property (GTK_ACCESSIBLE (data), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX,
                                  seconds (priv->range, sl_time_range_get_frames (priv->range)),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW,
                                  seconds (priv->range, playhead),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
  tell_description (data, text);
  return G_SOURCE_REMOVE;
}

void
sl_time_view_tell (SlTimeView *self)
{
  SlTimeViewPrivate *priv = PRIVATE (self);
  guint wait_ms = gtk_widget_has_focus (GTK_WIDGET (self)) ? TELL_MS : TELL_UNFOCUSED_MS;

  if (priv->range != NULL && priv->tell_id == 0
      && gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (self)) == GTK_ACCESSIBLE_ROLE_SLIDER)
    priv->tell_id = g_timeout_add (wait_ms, tell, self);
}

static void
on_changed (SlTimeRange *range, SlTimeView *self)
{
  SlTimeViewClass *klass = SL_TIME_VIEW_GET_CLASS (self);

  if (klass->range_changed != NULL)
    klass->range_changed (self);
  sl_time_view_tell (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drop_range (SlTimeView *self)
{
  SlTimeViewPrivate *priv = PRIVATE (self);

  g_clear_handle_id (&priv->tell_id, g_source_remove);
  if (priv->range != NULL)
    g_signal_handlers_disconnect_by_data (priv->range, self);
  g_clear_object (&priv->range);
}

void
sl_time_view_set_range (SlTimeView *self, SlTimeRange *range)
{
  SlTimeViewPrivate *priv = PRIVATE (self);

  g_return_if_fail (SL_IS_TIME_VIEW (self));

  if (range == priv->range)
    return;
  drop_range (self);
  if (range != NULL)
    {
      priv->range = g_object_ref (range);
      g_signal_connect (range, "changed", G_CALLBACK (on_changed), self);
      g_signal_connect_swapped (range, "moved", G_CALLBACK (sl_time_view_tell), self);
      on_changed (range, self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RANGE]);
}

SlTimeRange *
sl_time_view_get_range (SlTimeView *self)
{
  return PRIVATE (self)->range;
}

double
sl_time_view_to_x (SlTimeView *self, gint64 frame)
{
  SlTimeViewPrivate *priv = PRIVATE (self);

  if (priv->range == NULL)
    return 0.0;
  return sl_time_range_to_x (priv->range, (double) frame, gtk_widget_get_width (GTK_WIDGET (self)));
}

static double
frame_at (SlTimeView *self, double x)
{
  SlTimeViewPrivate *priv = PRIVATE (self);

  return sl_time_range_to_frame (priv->range, x, gtk_widget_get_width (GTK_WIDGET (self)));
}

gint64
sl_time_view_to_frame (SlTimeView *self, double x)
{
  return PRIVATE (self)->range != NULL ? llround (frame_at (self, x)) : 0;
}

static void
on_motion (GtkEventControllerMotion *motion, double x, double y, SlTimeView *self)
{
  PRIVATE (self)->pointer_x = x;
}

static double
in_clicks (GtkEventControllerScroll *scroll, double delta)
{
  return gtk_event_controller_scroll_get_unit (scroll) == GDK_SCROLL_UNIT_SURFACE
             ? delta / PIXELS_PER_CLICK
             : delta;
}

/* Fingers carry the picture with them; a wheel takes steps. */
static double
in_frames (SlTimeView *self, GtkEventControllerScroll *scroll, double delta)
{
  double span = sl_time_range_get_span (PRIVATE (self)->range);

  if (gtk_event_controller_scroll_get_unit (scroll) == GDK_SCROLL_UNIT_SURFACE)
    return delta * span / MAX (1, gtk_widget_get_width (GTK_WIDGET (self)));
  return delta * span * CLICK_PART;
}

static gboolean
on_scroll (GtkEventControllerScroll *scroll, double dx, double dy, SlTimeView *self)
{
  SlTimeViewPrivate *priv = PRIVATE (self);
  GdkModifierType state
      = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (scroll));

  if (priv->range == NULL)
    return GDK_EVENT_PROPAGATE;
  if ((state & GDK_CONTROL_MASK) != 0)
    sl_time_range_zoom (priv->range, exp2 (-in_clicks (scroll, dy) / CLICKS_PER_DOUBLING),
                        frame_at (self, priv->pointer_x));
  else if ((state & GDK_SHIFT_MASK) != 0)
    sl_time_range_scroll (priv->range, in_frames (self, scroll, dx + dy));
  else if (fabs (dx) > fabs (dy))
    sl_time_range_scroll (priv->range, in_frames (self, scroll, dx));
  else
    return GDK_EVENT_PROPAGATE; /* the list of tracks scrolls */
  return GDK_EVENT_STOP;
}

static void
on_pinch_begin (GtkGesture *gesture, GdkEventSequence *sequence, SlTimeView *self)
{
  SlTimeViewPrivate *priv = PRIVATE (self);
  double x = priv->pointer_x;
  double y;

  if (priv->range == NULL)
    return;
  gtk_gesture_get_bounding_box_center (gesture, &x, &y);
  priv->zoom_done = 1.0;
  priv->zoom_frame = frame_at (self, x);
}

static void
on_pinch (GtkGestureZoom *gesture, double scale, SlTimeView *self)
{
  SlTimeViewPrivate *priv = PRIVATE (self);

  if (priv->range == NULL || scale <= 0.0)
    return;
  sl_time_range_zoom (priv->range, scale / priv->zoom_done, priv->zoom_frame);
  priv->zoom_done = scale;
}

static void
on_pressed (GtkGestureClick *click, int n_press, double x, double y, SlTimeView *self)
{
  SlTimeViewPrivate *priv = PRIVATE (self);
  SlTimeViewClass *klass = SL_TIME_VIEW_GET_CLASS (self);

  if (priv->range == NULL)
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  priv->press_x = x;
  priv->taken = klass->press != NULL && klass->press (self, n_press, x, y);
  if (!priv->taken)
    sl_time_range_seek (priv->range, llround (frame_at (self, x)));
}

static void
go_on_dragging (SlTimeView *self, double offset, gboolean end)
{
  SlTimeViewPrivate *priv = PRIVATE (self);
  SlTimeViewClass *klass = SL_TIME_VIEW_GET_CLASS (self);

  if (priv->range == NULL)
    return;
  if (priv->taken && klass->drag != NULL)
    klass->drag (self, priv->press_x + offset, end);
  else if (!priv->taken && !end)
    sl_time_range_seek (priv->range, llround (frame_at (self, priv->press_x + offset)));
}

GdkModifierType
sl_time_view_get_drag_state (SlTimeView *self)
{
  return PRIVATE (self)->drag_state;
}

static void
on_drag_update (GtkGestureDrag *drag, double dx, double dy, SlTimeView *self)
{
  PRIVATE (self)->drag_state
      = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (drag));
  go_on_dragging (self, dx, FALSE);
}

static void
on_drag_end (GtkGestureDrag *drag, double dx, double dy, SlTimeView *self)
{
  go_on_dragging (self, dx, TRUE);
}

/* The frame @steps beats on, or as many hundredths of what is visible. */
static gint64
step_from (SlTimeRange *range, gint64 frame, int steps)
{
  const SlGrid *grid = sl_time_range_get_grid (range);
  gint64 beat;

  if (!sl_grid_known (grid))
    return frame + llround (steps * KEY_PART * sl_time_range_get_span (range));
  beat = sl_grid_beat_at (grid, frame);
  if (steps < 0 && sl_grid_beat_frame (grid, beat) < frame)
    steps++;
  return sl_grid_beat_frame (grid, beat + steps);
}

static void
go_to (SlTimeRange *range, gint64 frame)
{
  frame = CLAMP (frame, 0, sl_time_range_get_frames (range));
  sl_time_range_seek (range, frame);
  sl_time_range_reveal (range, frame);
}

static gboolean
on_key (GtkEventControllerKey *controller,
        guint keyval,
        guint keycode,
        GdkModifierType state,
        SlTimeView *self)
{
  SlTimeViewClass *klass = SL_TIME_VIEW_GET_CLASS (self);
  SlTimeRange *range = PRIVATE (self)->range;

  if (range == NULL)
    return GDK_EVENT_PROPAGATE;
  if (klass->key != NULL && klass->key (self, keyval, state))
    return GDK_EVENT_STOP;
  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  if (keyval == GDK_KEY_Left || keyval == GDK_KEY_KP_Left)
    go_to (range, step_from (range, sl_time_range_get_playhead (range), -1));
  else if (keyval == GDK_KEY_Right || keyval == GDK_KEY_KP_Right)
    go_to (range, step_from (range, sl_time_range_get_playhead (range), 1));
  else if (keyval == GDK_KEY_Home || keyval == GDK_KEY_KP_Home)
    go_to (range, 0);
  else if (keyval == GDK_KEY_End || keyval == GDK_KEY_KP_End)
    go_to (range, sl_time_range_get_frames (range));
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static void
sl_time_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_RANGE)
    g_value_set_object (value, PRIVATE (SL_TIME_VIEW (object))->range);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
sl_time_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_RANGE)
    sl_time_view_set_range (SL_TIME_VIEW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
sl_time_view_dispose (GObject *object)
{
  drop_range (SL_TIME_VIEW (object));
  G_OBJECT_CLASS (sl_time_view_parent_class)->dispose (object);
}

static void
sl_time_view_class_init (SlTimeViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sl_time_view_get_property;
  object_class->set_property = sl_time_view_set_property;
  object_class->dispose = sl_time_view_dispose;
  props[PROP_RANGE]
      = g_param_spec_object ("range", NULL, NULL, SL_TYPE_TIME_RANGE,
                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_SLIDER);
}

static void
add_pointer_controllers (GtkWidget *widget)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_PRIMARY);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), widget);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), GDK_BUTTON_PRIMARY);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), widget);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), widget);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_gesture_group (click, drag);
}

static void
add_zoom_controllers (GtkWidget *widget)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll
      = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkGesture *pinch = gtk_gesture_zoom_new ();

  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), widget);
  gtk_widget_add_controller (widget, motion);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), widget);
  gtk_widget_add_controller (widget, scroll);
  g_signal_connect (pinch, "begin", G_CALLBACK (on_pinch_begin), widget);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (on_pinch), widget);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pinch));
}

static void
sl_time_view_init (SlTimeView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *key = gtk_event_controller_key_new ();

  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  /* Time runs from left to right in every language. */
  gtk_widget_set_direction (widget, GTK_TEXT_DIR_LTR);
  add_pointer_controllers (widget);
  add_zoom_controllers (widget);
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key), widget);
  gtk_widget_add_controller (widget, key);
}
