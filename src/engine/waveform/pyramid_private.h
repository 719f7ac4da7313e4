/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cache file of a pyramid, as its writer and its reader see it. Private to this folder. */
#pragma once

#include "engine/base/units.h"
#include "engine/io/digest.h"
#include "engine/waveform/pyramid.h"

G_BEGIN_DECLS

/*
 * All numbers little-endian. Behind the header lie the levels, the finest first, each a row of bins
 * of channels × SlBin.
 *
 *   0  magic, 8 bytes        32  digest of the audio, 32 hexadecimal digits
 *   8  version, 4            64  frames of a bin of level 0, 4
 *  12  channels, 4           68  step from level to level, 4
 *  16  rate in Hz, 4         72  for each level its offset in the file, 8, and its bins, 8
 *  20  levels, 4            496  XXH3-128 of the bytes before
 *  24  frames, 8
 */
#define SL_PYRAMID_HEADER_BYTES 512
#define SL_PYRAMID_MAGIC "\211SLPYR\r\n" // text modes and 7-bit channels break it
#define SL_PYRAMID_MAGIC_BYTES 8
#define SL_PYRAMID_VERSION_AT 8
#define SL_PYRAMID_VERSION 1

/** As many as the header has room for; far more than any stream has. */
#define SL_PYRAMID_MAX_LEVELS 26

/** Most frames that a pyramid shows; with 16 channels its size still fits 64 bits. */
#define SL_PYRAMID_MAX_FRAMES ((gint64) 1 << 52)

/** What the header says; all else follows from it. */
typedef struct
{
  int channels;
  int rate_hz;
  gint64 frames;
  char digest_hex[SL_DIGEST_HEX_LENGTH + 1];
} SlPyramidShape;

/** Levels, the coarsest of which has one bin; at least 1. */
guint
sl_pyramid_shape_levels (const SlPyramidShape *shape);

/** Frames of one bin at @level. */
gint64
sl_pyramid_level_frames (guint level);

/** Bins at @level, the last of which may be shorter. */
gint64
sl_pyramid_shape_bins (const SlPyramidShape *shape, guint level);

/** Where @level starts in the file; for the number of levels: where the file ends. */
gint64
sl_pyramid_shape_offset (const SlPyramidShape *shape, guint level);

void
sl_pyramid_shape_encode (const SlPyramidShape *shape, guint8 header[SL_PYRAMID_HEADER_BYTES]);

/** FALSE when @header is damaged. Of another version too. */
gboolean
sl_pyramid_shape_decode (const guint8 header[SL_PYRAMID_HEADER_BYTES], SlPyramidShape *shape);

G_END_DECLS
