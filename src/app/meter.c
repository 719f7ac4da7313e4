/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/meter.h"

#include "engine/base/units.h"

#include <math.h>

#define FLOOR_DB (-60.0)

/* Above this the colour warns. */
#define HOT_DB (-3.0)

/* What a peak loses from one frame of the display to the next. */
#define FALL_DB 1.0

struct _SlMeter
{
  GtkWidget parent_instance;

  double db[2];
};

G_DEFINE_FINAL_TYPE (SlMeter, sl_meter, GTK_TYPE_WIDGET)

static void
fill (GtkSnapshot *snapshot, const GdkRGBA *colour, double x, double y, double width, double height)
{
  graphene_rect_t area = GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height);

  gtk_snapshot_append_color (snapshot, colour, &area);
}

static double
fraction (double db)
{
  return CLAMP ((db - FLOOR_DB) / -FLOOR_DB, 0.0, 1.0);
}

static void
draw_channel (GtkSnapshot *snapshot, const GdkRGBA *ink, double db, double y, double width)
{
  const GdkRGBA calm = { 0.18f, 0.76f, 0.49f, 1.0f };
  const GdkRGBA hot = { 0.90f, 0.65f, 0.04f, 1.0f };
  const GdkRGBA over = { 0.88f, 0.11f, 0.14f, 1.0f };
  GdkRGBA trough = *ink;

  trough.alpha *= 0.15f;
  fill (snapshot, &trough, 0, y, width, 5);
  fill (snapshot, db >= 0.0 ? &over : (db > HOT_DB ? &hot : &calm), 0, y, width * fraction (db), 5);
}

static void
sl_meter_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SlMeter *self = SL_METER (widget);
  double width = gtk_widget_get_width (widget);
  double middle = gtk_widget_get_height (widget) / 2.0;
  GdkRGBA ink;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &ink);
  draw_channel (snapshot, &ink, self->db[0], floor (middle) - 6, width);
  draw_channel (snapshot, &ink, self->db[1], floor (middle) + 1, width);
}

static void
sl_meter_measure (GtkWidget *widget,
                  GtkOrientation orientation,
                  int for_size,
                  int *minimum,
                  int *natural,
                  int *minimum_baseline,
                  int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 72 : 14;
}

static void
sl_meter_class_init (SlMeterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = sl_meter_snapshot;
  widget_class->measure = sl_meter_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_METER);
}

static void
sl_meter_init (SlMeter *self)
{
  self->db[0] = self->db[1] = FLOOR_DB;
}

void
sl_meter_feed (SlMeter *self, const float peaks[2])
{
  gboolean moved = FALSE;

  for (int i = 0; i < 2; i++)
    {
      double fallen = MAX (self->db[i] - FALL_DB, FLOOR_DB);
      double db = MAX (sl_db_from_gain (peaks[i]), fallen);

      moved = moved || db != self->db[i];
      self->db[i] = db;
    }
  if (moved)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
sl_meter_reset (SlMeter *self)
{
  self->db[0] = self->db[1] = FLOOR_DB;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
