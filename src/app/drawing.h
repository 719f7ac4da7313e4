/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small things that several widgets draw: named colours, fills, hatching. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** The colour that @widget's style has for text and lines. */
GdkRGBA
sl_widget_color (GtkWidget *widget);

/** The colour of the theme called @name, or that of text where there is none. */
GdkRGBA
sl_widget_named_color (GtkWidget *widget, const char *name);

/** @color with its alpha times @alpha. */
GdkRGBA
sl_color_fade (GdkRGBA color, double alpha);

/** 0xAARRGGBB, not premultiplied. */
guint32
sl_color_pack (GdkRGBA color);

/** @x moved to the next edge of a pixel of the screen. */
double
sl_snap (GtkWidget *widget, double x);

/** Fills a rectangle; nothing when it is empty. */
void
sl_fill (GtkSnapshot *snapshot, double x, double y, double width, double height, GdkRGBA color);

/** Fills a rectangle with diagonal lines. */
void
sl_hatch (GtkWidget *widget,
          GtkSnapshot *snapshot,
          double x,
          double y,
          double width,
          double height,
          GdkRGBA color);

G_END_DECLS
