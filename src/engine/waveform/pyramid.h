/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Minimum, maximum and RMS at many zooms, for drawing; built while audio passes, kept in a file. */
#pragma once

#include "engine/io/part.h"
#include "engine/io/source.h"

G_BEGIN_DECLS

/** Frames of one bin at the finest level; each further level is SL_PYRAMID_STEP times coarser. */
#define SL_PYRAMID_BASE_FRAMES 256
#define SL_PYRAMID_STEP 4

/** One bin of one channel, in 1/32767 of full scale, rounded to the nearest, clamped. A sample that
 *  is not finite counts as 0. */
typedef struct
{
  gint16 min;
  gint16 max;
  guint16 rms;
} SlBin;

/** Builds the cache file as a stream passes: the finest level goes straight to the part file, the
 *  coarser ones stay in memory (about 1/4 of a bin per 256 frames) until the end. */
typedef struct _SlPyramidBuilder SlPyramidBuilder;

/** Writes into a part of @final_path. */
SlPyramidBuilder *
sl_pyramid_builder_new (const char *final_path, GError **error);

SlTap
sl_pyramid_builder_tap (SlPyramidBuilder *self);

/**
 * Writes the coarser levels and the header, seals the part and hands it over. @digest_hex names the
 * audio it shows; a file that is decoded once has its digest only at the end.
 */
SlPart *
sl_pyramid_builder_finish (SlPyramidBuilder *self, const char *digest_hex, GError **error);

void
sl_pyramid_builder_free (SlPyramidBuilder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlPyramidBuilder, sl_pyramid_builder_free)

/** A cache file opened for drawing. Reads pieces, never the whole file. Not on main. */
typedef struct _SlPyramid SlPyramid;

/** SL_ERROR_OPEN, or SL_ERROR_DECODE when the file is not whole or of another version. Its header
 * is checked to the bit, its bins by number only. */
SlPyramid *
sl_pyramid_open (const char *path, GError **error);

gint64
sl_pyramid_get_frames (const SlPyramid *self);

int
sl_pyramid_get_channels (const SlPyramid *self);

int
sl_pyramid_get_rate_hz (const SlPyramid *self);

/** Names the audio that it shows. */
const char *
sl_pyramid_get_digest_hex (const SlPyramid *self);

guint
sl_pyramid_get_levels (const SlPyramid *self);

/** Frames of one bin at @level. */
gint64
sl_pyramid_get_bin_frames (const SlPyramid *self, guint level);

/** Reads bins [first, first + n) of @level into @out (n × channels); the number read, fewer only at
 *  the end, or -1 with SL_ERROR_OPEN or SL_ERROR_DECODE. */
gint64
sl_pyramid_read (SlPyramid *self, guint level, gint64 first, gint64 n, SlBin *out, GError **error);

void
sl_pyramid_close (SlPyramid *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlPyramid, sl_pyramid_close)

G_END_DECLS
