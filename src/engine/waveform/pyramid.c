/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/waveform/pyramid.h"

#include "engine/base/error.h"
#include "engine/waveform/pyramid_private.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

struct _SlPyramid
{
  SlFile *file;
  SlPyramidShape shape;
  guint levels;
};

static gboolean
set_damaged (const SlFile *file, GError **error)
{
  g_autofree char *name = g_filename_display_name (sl_file_get_path (file));

  g_set_error (error, SL_ERROR, SL_ERROR_DECODE,
               _ ("The waveform “%s” is damaged. It may be deleted: it is made again."), name);
  return FALSE;
}

static gboolean
set_other_version (const SlFile *file, GError **error)
{
  g_autofree char *name = g_filename_display_name (sl_file_get_path (file));

  g_set_error (error, SL_ERROR, SL_ERROR_DECODE,
               _ ("The waveform “%s” is of another version of the program. It may be deleted: it "
                  "is made again."),
               name);
  return FALSE;
}

static gboolean
read_exactly (SlFile *file, gint64 offset, gpointer data, gint64 length, GError **error)
{
  if (sl_file_seek (file, offset, SEEK_SET) == offset
      && sl_file_read (file, data, length) == length)
    return TRUE;
  return sl_file_check (file, error) && set_damaged (file, error);
}

static gboolean
is_this_version (const guint8 *header)
{
  guint32 version;

  memcpy (&version, header + SL_PYRAMID_VERSION_AT, sizeof version);
  return GUINT32_FROM_LE (version) == SL_PYRAMID_VERSION;
}

static gboolean
read_shape (SlPyramid *self, GError **error)
{
  guint8 header[SL_PYRAMID_HEADER_BYTES];

  if (!read_exactly (self->file, 0, header, sizeof header, error))
    return FALSE;
  if (memcmp (header, SL_PYRAMID_MAGIC, SL_PYRAMID_MAGIC_BYTES) == 0 && !is_this_version (header))
    return set_other_version (self->file, error);
  if (!sl_pyramid_shape_decode (header, &self->shape))
    return set_damaged (self->file, error);
  self->levels = sl_pyramid_shape_levels (&self->shape);
  if (sl_file_size (self->file) == sl_pyramid_shape_offset (&self->shape, self->levels))
    return TRUE;
  return sl_file_check (self->file, error) && set_damaged (self->file, error);
}

SlPyramid *
sl_pyramid_open (const char *path, GError **error)
{
  g_autoptr (SlPyramid) self = g_new0 (SlPyramid, 1);

  self->file = sl_file_open (path, error);
  if (self->file == NULL || !read_shape (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

gint64
sl_pyramid_get_frames (const SlPyramid *self)
{
  return self->shape.frames;
}

int
sl_pyramid_get_channels (const SlPyramid *self)
{
  return self->shape.channels;
}

int
sl_pyramid_get_rate_hz (const SlPyramid *self)
{
  return self->shape.rate_hz;
}

const char *
sl_pyramid_get_digest_hex (const SlPyramid *self)
{
  return self->shape.digest_hex;
}

guint
sl_pyramid_get_levels (const SlPyramid *self)
{
  return self->levels;
}

gint64
sl_pyramid_get_bin_frames (const SlPyramid *self, guint level)
{
  g_return_val_if_fail (level < self->levels, 0);
  return sl_pyramid_level_frames (level);
}

gint64
sl_pyramid_read (SlPyramid *self, guint level, gint64 first, gint64 n, SlBin *out, GError **error)
{
  gint64 row_bytes = self->shape.channels * (gint64) sizeof (SlBin);
  gint64 offset, count;

  g_return_val_if_fail (level < self->levels && first >= 0 && n >= 0, -1);

  count = MIN (n, sl_pyramid_shape_bins (&self->shape, level) - first);
  if (count <= 0)
    return 0;
  offset = sl_pyramid_shape_offset (&self->shape, level) + first * row_bytes;
  if (!read_exactly (self->file, offset, out, count * row_bytes, error))
    return -1;
  for (gint64 i = 0; i < count * self->shape.channels; i++)
    {
      out[i].min = GINT16_FROM_LE (out[i].min);
      out[i].max = GINT16_FROM_LE (out[i].max);
      out[i].rms = GUINT16_FROM_LE (out[i].rms);
    }
  return count;
}

void
sl_pyramid_close (SlPyramid *self)
{
  if (self == NULL)
    return;
  sl_file_free (self->file);
  g_free (self);
}
