/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/io/reader.h"

#include "engine/base/error.h"
#include "engine/io/codec.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  SlSource base;
  SlFile *file;
  SlCodec codec;
  SlStat opened; ///< the file as it was found
  gboolean lossy;
} SlReader;

static gint64
reader_read (SlSource *source, float *out, gint64 frames, GError **error)
{
  SlReader *self = (SlReader *) source;
  gint64 done = 0;
  gint64 got = 1;

  while (done < frames && got > 0)
    {
      got = sf_readf_float (self->codec.sndfile, out + done * source->channels, frames - done);
      done += MAX (got, 0);
      if (!sl_codec_check (&self->codec, source->position + done, error))
        return -1;
    }
  /* An end before the end that the header told: the header is wrong, or the file is no more what
   * it was. */
  if (done < frames && !sl_file_check_unchanged (self->file, &self->opened, error))
    return -1;
  return done;
}

static gboolean
set_seek_failed (const SlReader *self, gint64 frame, GError **error)
{
  g_autofree char *name = g_filename_display_name (sl_file_get_path (self->file));
  g_autofree char *where = g_strdup_printf ("%" G_GINT64_FORMAT, frame);

  g_set_error (error, SL_ERROR, SL_ERROR_DECODE,
               _ ("“%s” cannot be read from frame %s on. The file is damaged: export it again."),
               name, where);
  return FALSE;
}

/* Seeking in a lossy stream may land on the wrong samples; beginning again cannot. */
static gboolean
start_again (SlReader *self, gint64 frame, GError **error)
{
  g_autofree char *name = NULL;

  if (frame == 0)
    {
      sl_codec_close (&self->codec);
      return sl_codec_open_reading (&self->codec, self->file, NULL, error);
    }
  name = g_filename_display_name (sl_file_get_path (self->file));
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               _ ("“%s” is compressed with loss and can only be read from its start. "
                  "Work on an uncompressed copy."),
               name);
  return FALSE;
}

static gboolean
reader_seek (SlSource *source, gint64 frame, GError **error)
{
  SlReader *self = (SlReader *) source;

  if (self->lossy)
    return start_again (self, frame, error);
  /* A read after a seek that failed would return samples of the old position. */
  if (sf_seek (self->codec.sndfile, frame, SEEK_SET) != frame)
    return set_seek_failed (self, frame, error);
  return TRUE;
}

static void
reader_free (SlSource *source)
{
  SlReader *self = (SlReader *) source;

  sl_codec_close (&self->codec);
  sl_file_free (self->file);
  g_free (self);
}

static const SlSourceClass reader_class = { reader_read, reader_seek, reader_free };

SlSource *
sl_reader_open (const char *path, SlFileInfo *info, GError **error)
{
  g_autoptr (SlFile) file = sl_file_open (path, error);
  SlReader *self;
  SlFileInfo own_info;

  if (file == NULL)
    return NULL;
  self = g_new0 (SlReader, 1);
  self->file = g_steal_pointer (&file);
  if (!sl_file_stat (self->file, &self->opened, error)
      || !sl_codec_open_reading (&self->codec, self->file, &own_info, error))
    {
      reader_free (&self->base);
      return NULL;
    }
  sl_source_init (&self->base, &reader_class, own_info.channels, own_info.rate_hz,
                  own_info.declared_frames);
  self->lossy = own_info.lossy;
  if (info != NULL)
    *info = own_info;
  return &self->base;
}

gboolean
sl_reader_rest (SlSource *reader, GError **error)
{
  g_return_val_if_fail (reader->klass == &reader_class, FALSE);
  return sl_file_rest (((SlReader *) reader)->file, error);
}

gboolean
sl_reader_stat (SlSource *reader, SlStat *stat, GError **error)
{
  g_return_val_if_fail (reader->klass == &reader_class, FALSE);
  return sl_file_stat (((SlReader *) reader)->file, stat, error);
}
