/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/waveform/pyramid.h"

#include "engine/waveform/pyramid_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FULL_SCALE 32767.0

/* Results kept side by side, so that no sample has to wait for the one before it. A multiple of
 * every number of channels that divides it: a lane then hears one channel only. */
#define LANES 16

/* What one channel did over some frames. */
typedef struct
{
  float min;
  float max;
  double squares; ///< sum
} Extent;

/* The bin of a level that is not yet full, and those that are. */
typedef struct
{
  gint64 frames; ///< in the open bin
  Extent open[SL_MAX_CHANNELS];
  GArray *bins; ///< SlBin, channels for each; NULL at level 0, whose bins are in the file
} Level;

struct _SlPyramidBuilder
{
  SlPart *part;
  SlPyramidShape shape;
  Level levels[SL_PYRAMID_MAX_LEVELS];
};

static void
clear_extents (Level *level)
{
  level->frames = 0;
  for (int channel = 0; channel < SL_MAX_CHANNELS; channel++)
    level->open[channel] = (Extent){ INFINITY, -INFINITY, 0.0 };
}

SlPyramidBuilder *
sl_pyramid_builder_new (const char *final_path, GError **error)
{
  g_autoptr (SlPyramidBuilder) self = g_new0 (SlPyramidBuilder, 1);

  for (guint i = 0; i < SL_PYRAMID_MAX_LEVELS; i++)
    clear_extents (&self->levels[i]);
  self->part = sl_part_new (final_path, error);
  return self->part != NULL ? g_steal_pointer (&self) : NULL;
}

/* Failures of the file are told by sl_file_check(). */
static void
write_bytes (SlPyramidBuilder *self, gconstpointer data, gsize length)
{
  sl_file_write (sl_part_get_file (self->part), data, (gint64) length);
}

static void
builder_begin (gpointer data, int channels, int rate_hz)
{
  SlPyramidBuilder *self = data;
  guint8 room[SL_PYRAMID_HEADER_BYTES] = { 0 };

  g_assert (self->shape.channels == 0);
  self->shape.channels = channels;
  self->shape.rate_hz = rate_hz;
  write_bytes (self, room, sizeof room);
}

static gint16
to_unit (float sample)
{
  return (gint16) lrint (CLAMP ((double) sample, -1.0, 1.0) * FULL_SCALE);
}

static SlBin
to_bin (const Extent *extent, gint64 frames)
{
  double rms = sqrt (extent->squares / (double) frames);

  return (SlBin){ .min = GINT16_TO_LE (to_unit (extent->min)),
                  .max = GINT16_TO_LE (to_unit (extent->max)),
                  .rms = GUINT16_TO_LE ((guint16) lrint (MIN (rms, 1.0) * FULL_SCALE)) };
}

static void
merge (Extent *into, const Extent *extent)
{
  into->min = MIN (into->min, extent->min);
  into->max = MAX (into->max, extent->max);
  into->squares += extent->squares;
}

/* Ends the open bin of level @which: it becomes part of one of the next level. */
static void
end_bin (SlPyramidBuilder *self, guint which)
{
  Level *level = &self->levels[which];
  Level *next = which + 1 < SL_PYRAMID_MAX_LEVELS ? level + 1 : NULL;
  SlBin bins[SL_MAX_CHANNELS];

  for (int channel = 0; channel < self->shape.channels; channel++)
    {
      bins[channel] = to_bin (&level->open[channel], level->frames);
      if (next != NULL)
        merge (&next->open[channel], &level->open[channel]);
    }
  if (next != NULL)
    next->frames += level->frames;
  clear_extents (level);
  if (which == 0)
    {
      write_bytes (self, bins, (gsize) self->shape.channels * sizeof (SlBin));
      return;
    }
  if (level->bins == NULL)
    level->bins = g_array_new (FALSE, FALSE, sizeof (SlBin));
  g_array_append_vals (level->bins, bins, (guint) self->shape.channels);
}

/* Ends each bin that is full, from the finest up. */
static void
end_full_bins (SlPyramidBuilder *self)
{
  for (guint i = 0; i < SL_PYRAMID_MAX_LEVELS; i++)
    {
      if (self->levels[i].frames < sl_pyramid_level_frames (i))
        return;
      end_bin (self, i);
    }
}

/* A float's bits as a number of the same order, and back: whole numbers have a minimum that vectors
 * are quick at, floats have NaN. */
static inline gint32
to_order (gint32 bits)
{
  return bits ^ ((bits >> 31) & G_MAXINT32);
}

static inline float
from_order (gint32 order)
{
  gint32 bits = to_order (order);
  float sample;

  memcpy (&sample, &bits, sizeof sample);
  return sample;
}

static inline gint32
order_at (const float *sample)
{
  gint32 bits;

  memcpy (&bits, sample, sizeof bits);
  return to_order (bits);
}

static void
find_ends (const float *samples, gint64 n, gint32 min[LANES], gint32 max[LANES])
{
  for (int lane = 0; lane < LANES; lane++)
    {
      min[lane] = G_MAXINT32;
      max[lane] = G_MININT32;
    }
  for (gint64 i = 0; i + LANES <= n; i += LANES)
    for (int lane = 0; lane < LANES; lane++)
      {
        gint32 order = order_at (&samples[i + lane]);

        min[lane] = MIN (min[lane], order);
        max[lane] = MAX (max[lane], order);
      }
  for (gint64 i = n - n % LANES; i < n; i++)
    {
      int lane = (int) (i % LANES);

      min[lane] = MIN (min[lane], order_at (&samples[i]));
      max[lane] = MAX (max[lane], order_at (&samples[i]));
    }
}

/* In single precision, which is enough for the samples of one bin. */
static void
add_squares (const float *samples, gint64 n, float squares[LANES])
{
  for (int lane = 0; lane < LANES; lane++)
    squares[lane] = 0.0f;
  for (gint64 i = 0; i + LANES <= n; i += LANES)
    for (int lane = 0; lane < LANES; lane++)
      squares[lane] += samples[i + lane] * samples[i + lane];
  for (gint64 i = n - n % LANES; i < n; i++)
    squares[i % LANES] += samples[i] * samples[i];
}

/* Lets what is not a number pass: squares are then not finite either. @n is a multiple of
 * @channels. */
static void
scan_lanes (const float *samples, gint64 n, int channels, Extent *extents)
{
  gint32 min[LANES], max[LANES];
  float squares[LANES];

  find_ends (samples, n, min, max);
  add_squares (samples, n, squares);
  for (int lane = 0; lane < MIN (n, LANES); lane++)
    merge (&extents[lane % channels],
           &(Extent){ from_order (min[lane]), from_order (max[lane]), squares[lane] });
}

/* For any number of channels, and for samples that are not finite: those count as 0. */
static void
scan_plainly (const float *samples, gint64 n, int channels, Extent *extents)
{
  for (gint64 i = 0; i < n; i += channels)
    for (int channel = 0; channel < channels; channel++)
      {
        float x = samples[i + channel];

        x = isfinite (x) ? x : 0.0f;
        merge (&extents[channel], &(Extent){ x, x, (double) x * x });
      }
}

static gboolean
are_finite (const Extent *extents, int channels)
{
  for (int channel = 0; channel < channels; channel++)
    if (!isfinite (extents[channel].squares))
      return FALSE;
  return TRUE;
}

/* @frames frames, all of the open bin of level 0. */
static void
hear (SlPyramidBuilder *self, const float *samples, gint64 frames)
{
  Level *finest = &self->levels[0];
  int channels = self->shape.channels;
  gint64 n = frames * channels;
  Extent extents[SL_MAX_CHANNELS];

  memcpy (extents, finest->open, sizeof extents);
  if (LANES % channels == 0)
    scan_lanes (samples, n, channels, extents);
  if (LANES % channels != 0 || !are_finite (extents, channels))
    {
      memcpy (extents, finest->open, sizeof extents);
      scan_plainly (samples, n, channels, extents);
    }
  memcpy (finest->open, extents, sizeof extents);
  finest->frames += frames;
  self->shape.frames += frames;
}

static gboolean
builder_feed (gpointer data, const float *samples, gint64 frames, GError **error)
{
  SlPyramidBuilder *self = data;

  g_assert (self->shape.channels > 0);
  while (frames > 0)
    {
      gint64 n = MIN (frames, SL_PYRAMID_BASE_FRAMES - self->levels[0].frames);

      hear (self, samples, n);
      end_full_bins (self);
      samples += n * self->shape.channels;
      frames -= n;
    }
  return sl_file_check (sl_part_get_file (self->part), error);
}

SlTap
sl_pyramid_builder_tap (SlPyramidBuilder *self)
{
  return (SlTap){ builder_begin, builder_feed, self };
}

/* Ends the bins that the stream's end has cut short, from the finest up. */
static void
end_open_bins (SlPyramidBuilder *self, guint levels)
{
  for (guint i = 0; i < levels; i++)
    if (self->levels[i].frames > 0)
      end_bin (self, i);
}

static void
write_coarser_levels (SlPyramidBuilder *self, guint levels)
{
  for (guint i = 1; i < levels; i++)
    write_bytes (self, self->levels[i].bins->data,
                 (gsize) self->levels[i].bins->len * sizeof (SlBin));
}

static void
write_header (SlPyramidBuilder *self)
{
  guint8 header[SL_PYRAMID_HEADER_BYTES];

  sl_pyramid_shape_encode (&self->shape, header);
  sl_file_seek (sl_part_get_file (self->part), 0, SEEK_SET);
  write_bytes (self, header, sizeof header);
}

SlPart *
sl_pyramid_builder_finish (SlPyramidBuilder *self, const char *digest_hex, GError **error)
{
  guint levels = sl_pyramid_shape_levels (&self->shape);

  g_assert (self->shape.channels > 0);
  g_assert (strlen (digest_hex) == SL_DIGEST_HEX_LENGTH);
  memcpy (self->shape.digest_hex, digest_hex, SL_DIGEST_HEX_LENGTH);
  end_open_bins (self, levels);
  write_coarser_levels (self, levels);
  write_header (self);
  if (!sl_part_seal (self->part, NULL, error))
    return NULL;
  return g_steal_pointer (&self->part);
}

void
sl_pyramid_builder_free (SlPyramidBuilder *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < SL_PYRAMID_MAX_LEVELS; i++)
    g_clear_pointer (&self->levels[i].bins, g_array_unref);
  sl_part_free (self->part);
  g_free (self);
}
