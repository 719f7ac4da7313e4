/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/drawing.h"

#include <math.h>

/* One period of the hatching, in pixels. */
#define HATCH_SIZE 8

/* Lines as thick as this part of the period. */
#define HATCH_PART 0.3

GdkRGBA
sl_widget_color (GtkWidget *widget)
{
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  return color;
}

GdkRGBA
sl_widget_named_color (GtkWidget *widget, const char *name)
{
  GdkRGBA color;

  if (gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, &color))
    return color;
  return sl_widget_color (widget);
}

GdkRGBA
sl_color_fade (GdkRGBA color, double alpha)
{
  color.alpha *= (float) alpha;
  return color;
}

static guint32
to_byte (float part)
{
  return (guint32) lroundf (CLAMP (part, 0.0f, 1.0f) * 255.0f);
}

guint32
sl_color_pack (GdkRGBA color)
{
  return to_byte (color.alpha) << 24 | to_byte (color.red) << 16 | to_byte (color.green) << 8
         | to_byte (color.blue);
}

double
sl_snap (GtkWidget *widget, double x)
{
  int scale = gtk_widget_get_scale_factor (widget);

  return round (x * scale) / scale;
}

void
sl_fill (GtkSnapshot *snapshot, double x, double y, double width, double height, GdkRGBA color)
{
  if (width > 0.0 && height > 0.0)
    gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (x, y, width, height));
}

/* How much of the pixel at @x, @y a diagonal line covers; all lengths in device pixels. */
static double
hatch_coverage (int x, int y, int size)
{
  double thickness = HATCH_PART * size;
  double along = (x + y + 1) % size;
  double distance = MIN (along, size - along);

  return CLAMP (thickness / 2.0 - distance + 0.5, 0.0, 1.0);
}

static GdkTexture *
hatch_texture (GdkRGBA color, int size)
{
  guint32 *pixels = g_new (guint32, size * size);
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, sizeof *pixels * size * size);

  for (int y = 0; y < size; y++)
    for (int x = 0; x < size; x++)
      {
        float alpha = color.alpha * (float) hatch_coverage (x, y, size);

        pixels[y * size + x] = sl_color_pack (
            (GdkRGBA){ color.red * alpha, color.green * alpha, color.blue * alpha, alpha });
      }
  return gdk_memory_texture_new (size, size, GDK_MEMORY_DEFAULT, bytes, sizeof *pixels * size);
}

/* The texture stays with the widget, so that it is not uploaded for each frame. */
static GdkTexture *
get_hatch_texture (GtkWidget *widget, GdkRGBA color)
{
  int size = HATCH_SIZE * gtk_widget_get_scale_factor (widget);
  g_autofree char *name = g_strdup_printf ("sl-hatch-%d-%08x", size, sl_color_pack (color));
  GdkTexture *texture = g_object_get_data (G_OBJECT (widget), name);

  if (texture == NULL)
    {
      texture = hatch_texture (color, size);
      g_object_set_data_full (G_OBJECT (widget), name, texture, g_object_unref);
    }
  return texture;
}

void
sl_hatch (GtkWidget *widget,
          GtkSnapshot *snapshot,
          double x,
          double y,
          double width,
          double height,
          GdkRGBA color)
{
  graphene_rect_t period = GRAPHENE_RECT_INIT (0, 0, HATCH_SIZE, HATCH_SIZE);

  if (width <= 0.0 || height <= 0.0)
    return;
  gtk_snapshot_push_repeat (snapshot, &GRAPHENE_RECT_INIT (x, y, width, height), &period);
  gtk_snapshot_append_texture (snapshot, get_hatch_texture (widget, color), &period);
  gtk_snapshot_pop (snapshot);
}
