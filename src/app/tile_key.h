/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names one picture of a piece of waveform, and the zooms at which pictures are made. Pure. */
#pragma once

#include "engine/io/digest.h"

#include <glib.h>

G_BEGIN_DECLS

#define SL_TILE_WIDTH 256

/** Two colours of a waveform and that of its clipping, 0xAARRGGBB, not premultiplied. */
typedef struct
{
  guint32 peak;
  guint32 rms;
  guint32 clip;
} SlTileColors;

typedef struct
{
  char digest_hex[SL_DIGEST_HEX_LENGTH + 1];
  gint64 frames;  ///< of the file, that one tile shows: one of the zooms
  gint64 index;   ///< the tile shows [index · frames, (index + 1) · frames)
  int height;     ///< device pixels
  int scale;      ///< device pixels per pixel
  gboolean split; ///< two channels are shown apart
  SlTileColors colors;
} SlTileKey;

guint
sl_tile_key_hash (gconstpointer key);

gboolean
sl_tile_key_equal (gconstpointer a, gconstpointer b);

/** The zooms: 2, 3, 4, 6, 8, 12, … frames in a tile. The greatest that is at most @frames; 2 at
 * least. */
gint64
sl_tile_zoom_at_most (double frames);

/** The zoom that is @steps coarser (or, below 0, finer) than the zoom @frames; 0 when there is
 *  none. */
gint64
sl_tile_zoom_step (gint64 frames, int steps);

G_END_DECLS
