/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/playhead.h"

#include "app/drawing.h"

#include <math.h>

/* Pixels. */
#define LINE_WIDTH 2.0
#define HANDLE_WIDTH 13
#define HANDLE_HEIGHT 8

struct _SlPlayhead
{
  GtkWidget parent_instance;

  /* owned */
  SlTimeRange *range;
  GdkTexture *handle; /* of handle_color and handle_scale */

  guint32 handle_color;
  int handle_scale;
  int left_inset;
  int right_inset;
  double drawn_x;
};

G_DEFINE_FINAL_TYPE (SlPlayhead, sl_playhead, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_RANGE,
  PROP_LEFT_INSET,
  PROP_RIGHT_INSET,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

/* Where the line goes, or -1. */
static double
line_x (SlPlayhead *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  double width = gtk_widget_get_width (widget) - self->left_inset - self->right_inset;
  double x;

  if (self->range == NULL || sl_time_range_get_frames (self->range) == 0 || width <= 0.0)
    return -1.0;
  x = sl_time_range_to_x (self->range, (double) sl_time_range_get_playhead (self->range), width);
  return x < 0.0 || x > width ? -1.0 : sl_snap (widget, self->left_inset + x);
}

/* How much of a pixel a triangle that points down covers; all lengths in device pixels. */
static double
triangle_coverage (int x, int y, int width, int height)
{
  double half = width / 2.0 * (1.0 - (y + 0.5) / height);

  return CLAMP (half + 0.5 - fabs (x + 0.5 - width / 2.0), 0.0, 1.0);
}

static GdkTexture *
make_handle (GdkRGBA color, int scale)
{
  int width = HANDLE_WIDTH * scale;
  int height = HANDLE_HEIGHT * scale;
  gsize row = sizeof (guint32) * (gsize) width;
  guint32 *pixels = g_malloc (row * (gsize) height);
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, row * (gsize) height);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        float alpha = color.alpha * (float) triangle_coverage (x, y, width, height);

        pixels[y * width + x] = sl_color_pack (
            (GdkRGBA){ color.red * alpha, color.green * alpha, color.blue * alpha, alpha });
      }
  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, row);
}

static GdkTexture *
get_handle (SlPlayhead *self, GdkRGBA color)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  guint32 packed = sl_color_pack (color);

  if (self->handle != NULL && self->handle_color == packed && self->handle_scale == scale)
    return self->handle;
  g_clear_object (&self->handle);
  self->handle = make_handle (color, scale);
  self->handle_color = packed;
  self->handle_scale = scale;
  return self->handle;
}

static void
sl_playhead_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SlPlayhead *self = SL_PLAYHEAD (widget);
  GdkRGBA color = sl_widget_color (widget);
  double x = line_x (self);

  self->drawn_x = x;
  if (x < 0.0)
    return;
  sl_fill (snapshot, x - LINE_WIDTH / 2.0, 0.0, LINE_WIDTH, gtk_widget_get_height (widget), color);
  gtk_snapshot_append_texture (snapshot, get_handle (self, color),
                               &GRAPHENE_RECT_INIT (x - HANDLE_WIDTH / 2.0, 0.0f, HANDLE_WIDTH,
                                                    HANDLE_HEIGHT));
}

static void
on_moved (SlPlayhead *self)
{
  if (line_x (self) != self->drawn_x)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drop_range (SlPlayhead *self)
{
  if (self->range != NULL)
    g_signal_handlers_disconnect_by_data (self->range, self);
  g_clear_object (&self->range);
}

void
sl_playhead_set_range (SlPlayhead *self, SlTimeRange *range)
{
  g_return_if_fail (SL_IS_PLAYHEAD (self));

  if (range == self->range)
    return;
  drop_range (self);
  if (range != NULL)
    {
      self->range = g_object_ref (range);
      g_signal_connect_swapped (range, "moved", G_CALLBACK (on_moved), self);
      g_signal_connect_swapped (range, "changed", G_CALLBACK (on_moved), self);
    }
  on_moved (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RANGE]);
}

void
sl_playhead_set_insets (SlPlayhead *self, int left, int right)
{
  g_return_if_fail (SL_IS_PLAYHEAD (self));

  if (self->left_inset != left)
    {
      self->left_inset = left;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LEFT_INSET]);
    }
  if (self->right_inset != right)
    {
      self->right_inset = right;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RIGHT_INSET]);
    }
  on_moved (self);
}

static void
sl_playhead_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SlPlayhead *self = SL_PLAYHEAD (object);

  switch (id)
    {
    case PROP_RANGE:
      g_value_set_object (value, self->range);
      break;
    case PROP_LEFT_INSET:
      g_value_set_int (value, self->left_inset);
      break;
    case PROP_RIGHT_INSET:
      g_value_set_int (value, self->right_inset);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
sl_playhead_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  SlPlayhead *self = SL_PLAYHEAD (object);

  switch (id)
    {
    case PROP_RANGE:
      sl_playhead_set_range (self, g_value_get_object (value));
      break;
    case PROP_LEFT_INSET:
      sl_playhead_set_insets (self, g_value_get_int (value), self->right_inset);
      break;
    case PROP_RIGHT_INSET:
      sl_playhead_set_insets (self, self->left_inset, g_value_get_int (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
sl_playhead_dispose (GObject *object)
{
  drop_range (SL_PLAYHEAD (object));
  g_clear_object (&SL_PLAYHEAD (object)->handle);
  G_OBJECT_CLASS (sl_playhead_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  props[PROP_RANGE] = g_param_spec_object ("range", NULL, NULL, SL_TYPE_TIME_RANGE, flags);
  props[PROP_LEFT_INSET] = g_param_spec_int ("left-inset", NULL, NULL, 0, G_MAXINT, 0, flags);
  props[PROP_RIGHT_INSET] = g_param_spec_int ("right-inset", NULL, NULL, 0, G_MAXINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
sl_playhead_class_init (SlPlayheadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = sl_playhead_get_property;
  object_class->set_property = sl_playhead_set_property;
  object_class->dispose = sl_playhead_dispose;
  widget_class->snapshot = sl_playhead_snapshot;
  install_properties (object_class);
  gtk_widget_class_set_css_name (widget_class, "playhead");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
sl_playhead_init (SlPlayhead *self)
{
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_widget_set_direction (GTK_WIDGET (self), GTK_TEXT_DIR_LTR);
}

GtkWidget *
sl_playhead_new (SlTimeRange *range)
{
  return g_object_new (SL_TYPE_PLAYHEAD, "range", range, NULL);
}
