/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ruler.h"

#include "app/drawing.h"
#include "app/ruler_ticks.h"
#include "engine/base/units.h"

#include <glib/gi18n.h>
#include <math.h>

/* Pixels: between a label and what stands next to it, between ticks, length of a short tick. */
#define LABEL_GAP 4.0
#define LEAST_BETWEEN_LABELS 18.0
#define LEAST_BETWEEN_TICKS 7.0
#define SHORT_TICK 4.0
#define ROW_PADDING 2

/* Labels kept; a screen has some dozens. */
#define MAX_LABELS 512

struct _SlRuler
{
  SlTimeView parent_instance;

  /* owned */
  GHashTable *labels; /* text → PangoLayout */
  gboolean tempo_known;
};

G_DEFINE_FINAL_TYPE (SlRuler, sl_ruler, SL_TYPE_TIME_VIEW)

/* One of the two rows while it is drawn. */
typedef struct
{
  SlRuler *self;
  SlTimeRange *range;
  GtkSnapshot *snapshot;
  double top;
  double height;
  double frames_per_pixel;
  GdkRGBA color;
} Row;

static PangoLayout *
get_label (SlRuler *self, const char *text)
{
  PangoLayout *layout = g_hash_table_lookup (self->labels, text);

  if (layout != NULL)
    return layout;
  if (g_hash_table_size (self->labels) >= MAX_LABELS)
    g_hash_table_remove_all (self->labels);
  layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  g_hash_table_insert (self->labels, g_strdup (text), layout);
  return layout;
}

static int
label_width (SlRuler *self, const char *text)
{
  int width;

  pango_layout_get_pixel_size (get_label (self, text), &width, NULL);
  return width;
}

static int
line_height (SlRuler *self)
{
  int height;

  pango_layout_get_pixel_size (get_label (self, "0"), NULL, &height);
  return height;
}

/* A long tick with @label, or a short one without. */
static void
draw_tick (const Row *row, gint64 frame, const char *label)
{
  double x = sl_snap (GTK_WIDGET (row->self), sl_time_view_to_x (SL_TIME_VIEW (row->self), frame));
  double length = label != NULL ? row->height : SHORT_TICK;
  graphene_point_t place = GRAPHENE_POINT_INIT (x + LABEL_GAP, row->top + ROW_PADDING);

  sl_fill (row->snapshot, x, row->top + row->height - length, 1.0, length,
           sl_color_fade (row->color, label != NULL ? 0.35 : 0.25));
  if (label == NULL)
    return;
  gtk_snapshot_save (row->snapshot);
  gtk_snapshot_translate (row->snapshot, &place);
  gtk_snapshot_append_layout (row->snapshot, get_label (row->self, label), &row->color);
  gtk_snapshot_restore (row->snapshot);
}

static gint64
visible_end (const Row *row)
{
  return (gint64) ceil (sl_time_range_get_start (row->range) + sl_time_range_get_span (row->range));
}

/* A label to the left of the view may reach into it. */
static gint64
visible_start (const Row *row, double label_pixels)
{
  return (gint64) floor (sl_time_range_get_start (row->range)
                         - label_pixels * row->frames_per_pixel);
}

static gint64
floor_to (gint64 value, gint64 step)
{
  gint64 rest = value % step;

  return value - (rest < 0 ? rest + step : rest);
}

static void
draw_beats (const Row *row)
{
  const SlGrid *grid = sl_time_range_get_grid (row->range);
  gint64 end = visible_end (row);
  g_autofree char *last = sl_ruler_beat_label (grid, MAX (0, sl_grid_beat_at (grid, end)));
  double reach = label_width (row->self, last) + LEAST_BETWEEN_LABELS;
  gint64 labels = sl_ruler_beat_step (grid, reach * row->frames_per_pixel);
  gint64 ticks = sl_ruler_beat_step (grid, LEAST_BETWEEN_TICKS * row->frames_per_pixel);
  gint64 beat = floor_to (sl_grid_beat_at (grid, visible_start (row, reach)), labels);

  for (; sl_grid_beat_frame (grid, beat) <= end; beat += ticks)
    {
      g_autofree char *label = beat % labels == 0 ? sl_ruler_beat_label (grid, beat) : NULL;

      draw_tick (row, sl_grid_beat_frame (grid, beat), label);
    }
}

static void
draw_times (const Row *row)
{
  int rate_hz = sl_time_range_get_rate_hz (row->range);
  gint64 end = visible_end (row);
  double ms_per_pixel = row->frames_per_pixel * 1000.0 / rate_hz;
  g_autofree char *last = sl_ruler_ms_label (sl_round_fraction (end, 1000, rate_hz), 1);
  double reach = label_width (row->self, last) + LEAST_BETWEEN_LABELS;
  gint64 labels = sl_ruler_ms_step (reach * ms_per_pixel);
  gint64 ticks = sl_ruler_ms_substep (labels, LEAST_BETWEEN_TICKS * ms_per_pixel);
  gint64 start = sl_round_fraction (MAX (0, visible_start (row, reach)), 1000, rate_hz);

  for (gint64 ms = floor_to (start, labels); sl_round_fraction (ms, rate_hz, 1000) <= end;
       ms += ticks)
    {
      g_autofree char *label = ms % labels == 0 ? sl_ruler_ms_label (ms, labels) : NULL;

      draw_tick (row, sl_round_fraction (ms, rate_hz, 1000), label);
    }
}

static gboolean
has_beats (SlTimeRange *range)
{
  return range != NULL && sl_grid_known (sl_time_range_get_grid (range));
}

static void
sl_ruler_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SlRuler *self = SL_RULER (widget);
  SlTimeRange *range = sl_time_view_get_range (SL_TIME_VIEW (self));
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  Row row = { self, range, snapshot, 0.0, height, 0.0, sl_widget_color (widget) };

  if (range == NULL || width <= 0 || sl_time_range_get_span (range) <= 0.0)
    return;
  row.frames_per_pixel = sl_time_range_get_span (range) / width;
  if (has_beats (range))
    {
      row.height = height / 2;
      draw_beats (&row);
      row.top = row.height;
      row.height = height - row.top;
    }
  row.color = sl_color_fade (row.color, 0.65);
  draw_times (&row);
}

static void
sl_ruler_measure (GtkWidget *widget,
                  GtkOrientation orientation,
                  int for_size,
                  int *minimum,
                  int *natural,
                  int *minimum_baseline,
                  int *natural_baseline)
{
  SlRuler *self = SL_RULER (widget);
  int rows = self->tempo_known ? 2 : 1;

  *minimum = 0;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = rows * (line_height (self) + 2 * ROW_PADDING);
  *natural = *minimum;
}

static void
sl_ruler_range_changed (SlTimeView *view)
{
  SlRuler *self = SL_RULER (view);
  gboolean known = has_beats (sl_time_view_get_range (view));

  if (known == self->tempo_known)
    return;
  self->tempo_known = known;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
sl_ruler_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  g_hash_table_remove_all (SL_RULER (widget)->labels);
  GTK_WIDGET_CLASS (sl_ruler_parent_class)->css_changed (widget, change);
}

static void
sl_ruler_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  g_hash_table_remove_all (SL_RULER (widget)->labels);
  GTK_WIDGET_CLASS (sl_ruler_parent_class)->system_setting_changed (widget, setting);
}

static void
sl_ruler_finalize (GObject *object)
{
  g_hash_table_unref (SL_RULER (object)->labels);
  G_OBJECT_CLASS (sl_ruler_parent_class)->finalize (object);
}

static void
sl_ruler_class_init (SlRulerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = sl_ruler_finalize;
  widget_class->snapshot = sl_ruler_snapshot;
  widget_class->measure = sl_ruler_measure;
  widget_class->css_changed = sl_ruler_css_changed;
  widget_class->system_setting_changed = sl_ruler_system_setting_changed;
  SL_TIME_VIEW_CLASS (klass)->range_changed = sl_ruler_range_changed;
  gtk_widget_class_set_css_name (widget_class, "timeruler");
}

static void
sl_ruler_init (SlRuler *self)
{
  self->labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Playhead"), -1);
}

GtkWidget *
sl_ruler_new (SlTimeRange *range)
{
  return g_object_new (SL_TYPE_RULER, "range", range, NULL);
}
