/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/section_drawing.h"

#include "app/drawing.h"

/* Pixels: between a block and its name, the strong edge of a block, the mark of an overrun. */
#define NAME_PADDING 8.0
#define EDGE_WIDTH 3.0
#define OVERRUN_WIDTH 4.0

/* Colours of the theme's palette, in turn; red is left to errors. */
static const char *const palette[]
    = { "blue_3", "green_4", "purple_2", "orange_3", "brown_2", "yellow_5" };

/* The name stays in sight while any of its block is. */
static void
draw_name (const SlSectionPlace *place, PangoLayout *name)
{
  GdkRGBA color = sl_widget_color (place->widget);
  double start = MAX (place->left, 0.0) + NAME_PADDING;
  double end = MIN (place->right, gtk_widget_get_width (place->widget)) - NAME_PADDING / 2.0;
  int height;

  if (end - start < NAME_PADDING)
    return;
  pango_layout_set_width (name, (int) ((end - start) * PANGO_SCALE));
  pango_layout_get_pixel_size (name, NULL, &height);
  gtk_snapshot_save (place->snapshot);
  gtk_snapshot_translate (
      place->snapshot,
      &GRAPHENE_POINT_INIT (start, (gtk_widget_get_height (place->widget) - height) / 2));
  gtk_snapshot_append_layout (place->snapshot, name, &color);
  gtk_snapshot_restore (place->snapshot);
}

void
sl_section_draw (const SlSectionPlace *place, guint index, PangoLayout *name, gboolean selected)
{
  GdkRGBA color = sl_widget_named_color (place->widget, palette[index % G_N_ELEMENTS (palette)]);
  double height = gtk_widget_get_height (place->widget);
  double width = place->right - place->left - 1.0;

  sl_fill (place->snapshot, place->left, 0.0, width, height,
           sl_color_fade (color, selected ? 0.6 : 0.3));
  sl_fill (place->snapshot, place->left, 0.0, MIN (EDGE_WIDTH, width + 1.0), height, color);
  if (selected)
    sl_fill (place->snapshot, place->left, height - EDGE_WIDTH, width, EDGE_WIDTH, color);
  draw_name (place, name);
}

void
sl_section_draw_whole (const SlSectionPlace *place)
{
  sl_fill (place->snapshot, place->left, 0.0, place->right - place->left,
           gtk_widget_get_height (place->widget),
           sl_color_fade (sl_widget_color (place->widget), 0.1));
}

static void
hatch (const SlSectionPlace *place, GdkRGBA color)
{
  double left = MAX (place->left, 0.0);
  double right = MIN (place->right, gtk_widget_get_width (place->widget));

  sl_hatch (place->widget, place->snapshot, left, 0.0, right - left,
            gtk_widget_get_height (place->widget), color);
}

void
sl_section_draw_rest (const SlSectionPlace *place)
{
  hatch (place, sl_color_fade (sl_widget_color (place->widget), 0.35));
}

void
sl_section_draw_overrun (const SlSectionPlace *place)
{
  GdkRGBA color = sl_widget_named_color (place->widget, "error_bg_color");
  double width = gtk_widget_get_width (place->widget);

  if (place->left > width)
    return;
  hatch (place, sl_color_fade (color, 0.7));
  sl_fill (place->snapshot, MIN (place->left, width - OVERRUN_WIDTH), 0.0, OVERRUN_WIDTH,
           gtk_widget_get_height (place->widget), color);
}
