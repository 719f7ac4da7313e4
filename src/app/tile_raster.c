/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tile_raster.h"

#include <math.h>

/* Thickness of the line through single samples, in pixels. */
#define LINE_WIDTH 1.5

/* Radius of a dot, and the room between samples from which on dots are drawn, in pixels. */
#define DOT_RADIUS 2.5
#define DOT_PITCH 8.0

/* Length of the mark of clipping, in pixels. */
#define CLIP_LENGTH 3

/* Each byte of @color times @alpha / 255, rounded. */
static guint32
scale_color (guint32 color, guint alpha)
{
  guint32 result = 0;

  for (int shift = 0; shift < 32; shift += 8)
    result |= (((color >> shift & 0xff) * alpha + 127) / 255) << shift;
  return result;
}

static guint32
premultiply (guint32 color)
{
  guint alpha = color >> 24;

  return scale_color (color | 0xff000000u, alpha);
}

/* Lays a premultiplied @color that covers @coverage of the pixel over it. */
static void
blend (guint32 *pixel, guint32 color, double coverage)
{
  guint32 over = coverage < 1.0 ? scale_color (color, (guint) lround (coverage * 255.0)) : color;

  *pixel = over + scale_color (*pixel, 255 - (over >> 24));
}

/* From @top to @bottom in the column @x, the ends in part. */
static void
draw_span (SlTilePicture *picture, int x, double top, double bottom, guint32 color)
{
  int first = MAX (0, (int) floor (top));
  int end = MIN (picture->height, (int) ceil (bottom));

  for (int y = first; y < end; y++)
    {
      double coverage = MIN (bottom, y + 1.0) - MAX (top, (double) y);

      if (coverage > 0.0)
        blend (&picture->pixels[y * picture->width + x], color, coverage);
    }
}

/* The height of @value, full scale being one least line inside the lane. 0 is the middle of such a
 * line, so that silence is crisp. */
static double
value_y (const SlTilePicture *picture, SlTileLane lane, double value)
{
  double reach = lane.height / 2.0 - picture->scale;
  double middle = lane.top + lane.height / 2 + picture->scale / 2.0;

  return middle - CLAMP (value, -1.0, 1.0) * reach;
}

/* Makes the span at least @least long, about its middle. */
static void
widen (double *top, double *bottom, double least)
{
  double lacking = least - (*bottom - *top);

  if (lacking <= 0.0)
    return;
  *top -= lacking / 2.0;
  *bottom += lacking / 2.0;
}

/* Two columns wide, or one would hardly be seen. */
static void
draw_clipping (SlTilePicture *picture, SlTileLane lane, int x, const SlColumn *column)
{
  guint32 color = premultiply (picture->colors.clip);
  double length = CLIP_LENGTH * picture->scale;
  double bottom = lane.top + lane.height;

  for (int wide = x; wide < MIN (x + 2, picture->width); wide++)
    {
      if (column->max >= 1.0f)
        draw_span (picture, wide, lane.top, lane.top + length, color);
      if (column->min <= -1.0f)
        draw_span (picture, wide, bottom - length, bottom, color);
    }
}

static void
draw_column (SlTilePicture *picture, SlTileLane lane, int x, const SlColumn *column)
{
  double top = value_y (picture, lane, column->max);
  double bottom = value_y (picture, lane, column->min);
  double rms_top = MAX (top, value_y (picture, lane, column->rms));
  double rms_bottom = MIN (bottom, value_y (picture, lane, -column->rms));

  widen (&top, &bottom, picture->scale);
  draw_span (picture, x, top, bottom, premultiply (picture->colors.peak));
  if (rms_bottom > rms_top)
    draw_span (picture, x, rms_top, rms_bottom, premultiply (picture->colors.rms));
}

void
sl_tile_draw_columns (SlTilePicture *picture, SlTileLane lane, const SlColumn *columns)
{
  for (int x = 0; x < picture->width; x++)
    if (columns[x].max >= columns[x].min)
      draw_column (picture, lane, x, &columns[x]);
  for (int x = 0; x < picture->width; x++)
    if (columns[x].max >= columns[x].min)
      draw_clipping (picture, lane, x, &columns[x]);
}

/* The line at @at samples from the first, which must lie between the first and the last. */
static double
line_value (const float *samples, guint n, double at)
{
  guint before = (guint) at;

  if (before + 1 >= n)
    return samples[n - 1];
  return samples[before] + (samples[before + 1] - samples[before]) * (at - before);
}

/* All that the line reaches between two places; FALSE where it has none. */
static gboolean
line_range (const float *samples, guint n, double from, double to, double *least, double *greatest)
{
  double first, last;

  from = MAX (from, 0.0);
  to = MIN (to, n - 1.0);
  if (from > to)
    return FALSE;
  first = line_value (samples, n, from);
  last = line_value (samples, n, to);
  *least = MIN (first, last);
  *greatest = MAX (first, last);
  for (guint i = (guint) ceil (from); i <= (guint) to; i++)
    {
      *least = MIN (*least, samples[i]);
      *greatest = MAX (*greatest, samples[i]);
    }
  return TRUE;
}

static void
draw_dot (SlTilePicture *picture, double x, double y)
{
  double radius = DOT_RADIUS * picture->scale;
  guint32 color = premultiply (picture->colors.rms);

  for (int column = MAX (0, (int) floor (x - radius));
       column < MIN (picture->width, (int) ceil (x + radius)); column++)
    {
      double across = column + 0.5 - x;
      double half = radius * radius - across * across;

      if (half > 0.0)
        draw_span (picture, column, y - sqrt (half), y + sqrt (half), color);
    }
}

static void
draw_line (SlTilePicture *picture,
           SlTileLane lane,
           const float *samples,
           guint n,
           double first_x,
           double pitch)
{
  guint32 color = premultiply (picture->colors.rms);

  for (int x = 0; x < picture->width; x++)
    {
      double least, greatest, top, bottom;

      if (!line_range (samples, n, (x - first_x) / pitch, (x + 1.0 - first_x) / pitch, &least,
                       &greatest))
        continue;
      top = value_y (picture, lane, greatest) - LINE_WIDTH * picture->scale / 2.0;
      bottom = value_y (picture, lane, least) + LINE_WIDTH * picture->scale / 2.0;
      draw_span (picture, x, top, bottom, color);
    }
}

void
sl_tile_draw_samples (SlTilePicture *picture,
                      SlTileLane lane,
                      const float *samples,
                      guint n,
                      double first_x,
                      double pitch)
{
  draw_line (picture, lane, samples, n, first_x, pitch);
  if (pitch < DOT_PITCH * picture->scale)
    return;
  for (guint i = 0; i < n; i++)
    draw_dot (picture, first_x + i * pitch, value_y (picture, lane, samples[i]));
}
