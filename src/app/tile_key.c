/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tile_key.h"

#include <string.h>

/* 3 << 50 frames are more than any file has. */
#define MAX_ZOOM 101

static gint64
zoom_frames (int zoom)
{
  return (zoom % 2 == 0 ? (gint64) 2 : (gint64) 3) << (zoom / 2);
}

static int
zoom_at_most (double frames)
{
  int zoom = 0;

  while (zoom < MAX_ZOOM && (double) zoom_frames (zoom + 1) <= frames)
    zoom++;
  return zoom;
}

gint64
sl_tile_zoom_at_most (double frames)
{
  return zoom_frames (zoom_at_most (frames));
}

gint64
sl_tile_zoom_step (gint64 frames, int steps)
{
  int zoom = zoom_at_most ((double) frames) + steps;

  return zoom >= 0 && zoom <= MAX_ZOOM ? zoom_frames (zoom) : 0;
}

guint
sl_tile_key_hash (gconstpointer key)
{
  const SlTileKey *tile = key;
  guint hash = g_str_hash (tile->digest_hex);

  hash = hash * 31 + (guint) g_int64_hash (&tile->frames);
  hash = hash * 31 + (guint) g_int64_hash (&tile->index);
  hash = hash * 31 + (guint) tile->height;
  return hash * 31 + tile->colors.peak;
}

gboolean
sl_tile_key_equal (gconstpointer a, gconstpointer b)
{
  const SlTileKey *one = a;
  const SlTileKey *other = b;

  return one->index == other->index && one->frames == other->frames && one->height == other->height
         && one->scale == other->scale && one->split == other->split
         && one->colors.peak == other->colors.peak && one->colors.rms == other->colors.rms
         && one->colors.clip == other->colors.clip
         && strcmp (one->digest_hex, other->digest_hex) == 0;
}
