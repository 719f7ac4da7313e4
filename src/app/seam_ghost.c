/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/seam_ghost.h"

#include "app/drawing.h"
#include "app/time_text.h"

/* Pixels. */
#define LINE_WIDTH 2.0
#define DASH 5.0
#define PADDING_X 6
#define PADDING_Y 2
#define DISTANCE 6

static void
snapshot_dashes (GtkWidget *widget, GtkSnapshot *snapshot, double x, GdkRGBA color)
{
  double height = gtk_widget_get_height (widget);

  for (double y = 0.0; y < height; y += 2.0 * DASH)
    sl_fill (snapshot, x, y, LINE_WIDTH, MIN (DASH, height - y), color);
}

/* Beside the line, on the side where there is room. */
static double
label_left (double x, int label_width, double width)
{
  double right = x + LINE_WIDTH + DISTANCE;

  return right + label_width <= width ? right : MAX (0.0, x - DISTANCE - label_width);
}

static void
snapshot_label (GtkWidget *widget, GtkSnapshot *snapshot, double x, const char *text)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  GdkRGBA fill = sl_widget_named_color (widget, "view_fg_color");
  GdkRGBA ink = sl_widget_named_color (widget, "view_bg_color");
  GskRoundedRect outline;
  int width, height;
  double left, top;

  pango_layout_get_pixel_size (layout, &width, &height);
  width += 2 * PADDING_X;
  height += 2 * PADDING_Y;
  left = sl_snap (widget, label_left (x, width, gtk_widget_get_width (widget)));
  top = sl_snap (widget, (gtk_widget_get_height (widget) - height) / 2.0);
  gsk_rounded_rect_init_from_rect (&outline,
                                   &GRAPHENE_RECT_INIT ((float) left, (float) top, (float) width,
                                                        (float) height),
                                   4.0f);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  sl_fill (snapshot, left, top, width, height, fill);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT ((float) left + PADDING_X, (float) top + PADDING_Y));
  gtk_snapshot_append_layout (snapshot, layout, &ink);
  gtk_snapshot_restore (snapshot);
}

void
sl_seam_ghost_snapshot (gint64 frame, SlTimeRange *range, GtkWidget *widget, GtkSnapshot *snapshot)
{
  double x = sl_time_range_to_x (range, (double) frame, gtk_widget_get_width (widget));
  double left = sl_snap (widget, x - LINE_WIDTH / 2.0);
  g_autofree char *text = sl_time_text_place (sl_time_range_get_grid (range),
                                              sl_time_range_get_rate_hz (range), frame);

  snapshot_dashes (widget, snapshot, left, sl_widget_named_color (widget, "view_fg_color"));
  snapshot_label (widget, snapshot, left, text);
}
