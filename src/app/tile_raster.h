/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns or samples in, pixels out. Pure; any thread. */
#pragma once

#include "app/tile_columns.h"
#include "app/tile_key.h"

G_BEGIN_DECLS

/** Premultiplied 0xAARRGGBB, row by row; to be cleared to 0 before drawing. */
typedef struct
{
  guint32 *pixels;
  int width;
  int height;
  int scale; ///< device pixels per pixel: the least thickness of a line
  SlTileColors colors;
} SlTilePicture;

/** A part of the height, in which full scale reaches from edge to edge. */
typedef struct
{
  int top;
  int height;
} SlTileLane;

/** Peaks in the lighter tone, RMS over them in the stronger one, and a mark at the edge where the
 *  peak is at or above full scale. */
void
sl_tile_draw_columns (SlTilePicture *picture, SlTileLane lane, const SlColumn *columns);

/**
 * A line through @n samples, @pitch pixels from one to the next (1 at least), the first at
 * @first_x, which may lie outside; with a dot on each when there is room for it.
 */
void
sl_tile_draw_samples (SlTilePicture *picture,
                      SlTileLane lane,
                      const float *samples,
                      guint n,
                      double first_x,
                      double pitch);

G_END_DECLS
