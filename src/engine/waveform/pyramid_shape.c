/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/waveform/pyramid_private.h"

#include <string.h>

#define DIGEST_AT 32
#define TABLE_AT 72
#define CHECKSUM_AT (SL_PYRAMID_HEADER_BYTES - (int) sizeof (SlDigest))

G_STATIC_ASSERT (TABLE_AT + 16 * SL_PYRAMID_MAX_LEVELS <= CHECKSUM_AT);
G_STATIC_ASSERT (sizeof (SlBin) == 6);

gint64
sl_pyramid_level_frames (guint level)
{
  gint64 frames = SL_PYRAMID_BASE_FRAMES;

  while (level-- > 0)
    frames *= SL_PYRAMID_STEP;
  return frames;
}

gint64
sl_pyramid_shape_bins (const SlPyramidShape *shape, guint level)
{
  gint64 frames = sl_pyramid_level_frames (level);

  return shape->frames / frames + (shape->frames % frames > 0);
}

guint
sl_pyramid_shape_levels (const SlPyramidShape *shape)
{
  guint levels = 1;

  while (sl_pyramid_shape_bins (shape, levels - 1) > 1)
    levels++;
  return levels;
}

gint64
sl_pyramid_shape_offset (const SlPyramidShape *shape, guint level)
{
  gint64 bins = 0;

  for (guint i = 0; i < level; i++)
    bins += sl_pyramid_shape_bins (shape, i);
  return SL_PYRAMID_HEADER_BYTES + bins * shape->channels * (gint64) sizeof (SlBin);
}

static void
put_32 (guint8 *header, gsize at, guint32 value)
{
  value = GUINT32_TO_LE (value);
  memcpy (header + at, &value, sizeof value);
}

static void
put_64 (guint8 *header, gsize at, gint64 value)
{
  value = GINT64_TO_LE (value);
  memcpy (header + at, &value, sizeof value);
}

void
sl_pyramid_shape_encode (const SlPyramidShape *shape, guint8 header[SL_PYRAMID_HEADER_BYTES])
{
  guint levels = sl_pyramid_shape_levels (shape);
  SlDigest checksum;

  memset (header, 0, SL_PYRAMID_HEADER_BYTES);
  memcpy (header, SL_PYRAMID_MAGIC, SL_PYRAMID_MAGIC_BYTES);
  put_32 (header, SL_PYRAMID_VERSION_AT, SL_PYRAMID_VERSION);
  put_32 (header, 12, (guint32) shape->channels);
  put_32 (header, 16, (guint32) shape->rate_hz);
  put_32 (header, 20, levels);
  put_64 (header, 24, shape->frames);
  memcpy (header + DIGEST_AT, shape->digest_hex, SL_DIGEST_HEX_LENGTH);
  put_32 (header, 64, SL_PYRAMID_BASE_FRAMES);
  put_32 (header, 68, SL_PYRAMID_STEP);
  for (guint i = 0; i < levels; i++)
    {
      put_64 (header, TABLE_AT + 16 * i, sl_pyramid_shape_offset (shape, i));
      put_64 (header, TABLE_AT + 16 * i + 8, sl_pyramid_shape_bins (shape, i));
    }
  checksum = sl_digest_bytes (header, CHECKSUM_AT);
  memcpy (header + CHECKSUM_AT, checksum.bytes, sizeof checksum.bytes);
}

static guint32
get_32 (const guint8 *header, gsize at)
{
  guint32 value;

  memcpy (&value, header + at, sizeof value);
  return GUINT32_FROM_LE (value);
}

static gint64
get_64 (const guint8 *header, gsize at)
{
  gint64 value;

  memcpy (&value, header + at, sizeof value);
  return GINT64_FROM_LE (value);
}

gboolean
sl_pyramid_shape_decode (const guint8 header[SL_PYRAMID_HEADER_BYTES], SlPyramidShape *shape)
{
  guint8 again[SL_PYRAMID_HEADER_BYTES];
  guint32 channels = get_32 (header, 12);
  guint32 rate_hz = get_32 (header, 16);
  gint64 frames = get_64 (header, 24);
  SlDigest digest;

  if (channels < 1 || channels > SL_MAX_CHANNELS || rate_hz < 1 || rate_hz > G_MAXINT || frames < 0
      || frames > SL_PYRAMID_MAX_FRAMES)
    return FALSE;
  *shape
      = (SlPyramidShape){ .channels = (int) channels, .rate_hz = (int) rate_hz, .frames = frames };
  memcpy (shape->digest_hex, header + DIGEST_AT, SL_DIGEST_HEX_LENGTH);
  if (!sl_digest_from_hex (shape->digest_hex, &digest))
    return FALSE;
  /* Everything else follows from these: what differs, the checksum included, is damage. */
  sl_pyramid_shape_encode (shape, again);
  return memcmp (header, again, sizeof again) == 0;
}
