/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/io/codec.h"

#include "engine/base/error.h"
#include "engine/base/units.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_RATE_HZ 768000

static sf_count_t
on_get_length (void *data)
{
  return sl_file_size (((SlCodec *) data)->file);
}

static sf_count_t
on_seek (sf_count_t offset, int whence, void *data)
{
  return sl_file_seek (((SlCodec *) data)->file, offset, whence);
}

static sf_count_t
on_read (void *out, sf_count_t length, void *data)
{
  SlCodec *self = data;
  gint64 got = sl_file_read (self->file, out, length);

  self->reached = MAX (self->reached, sl_file_tell (self->file));
  return got;
}

static sf_count_t
on_write (const void *bytes, sf_count_t length, void *data)
{
  return sl_file_write (((SlCodec *) data)->file, bytes, length);
}

static sf_count_t
on_tell (void *data)
{
  return sl_file_tell (((SlCodec *) data)->file);
}

static SNDFILE *
open_virtual (SlCodec *self, int mode)
{
  SF_VIRTUAL_IO io = { on_get_length, on_seek, on_read, on_write, on_tell };

  return sf_open_virtual (&io, mode, &self->sf, self);
}

/* libsndfile's text without the word that some of them begin with, and the stop that most of them
 * end with. Owned. */
static char *
plain (const char *text)
{
  char *kept = g_strdup (g_str_has_prefix (text, "Error : ") ? text + strlen ("Error : ") : text);

  if (g_str_has_suffix (kept, "."))
    kept[strlen (kept) - 1] = '\0';
  return kept;
}

static gboolean
set_not_audio (const SlCodec *self, GError **error)
{
  g_autofree char *name = g_filename_display_name (sl_file_get_path (self->file));
  g_autofree char *why = NULL;

  if (!sl_file_check (self->file, error))
    return FALSE;
  if (sl_file_size (self->file) == 0)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DECODE, _ ("“%s” is empty: 0 bytes. Export it again."),
                   name);
      return FALSE;
    }
  why = plain (sf_strerror (NULL));
  g_set_error (
      error, SL_ERROR, SL_ERROR_DECODE,
      _ ("“%s” is not audio that can be read: %s. Choose an audio file, or export it again, "
         "best as WAV or FLAC."),
      name, why);
  return FALSE;
}

static gboolean
check_bounds (const SlCodec *self, GError **error)
{
  g_autofree char *name = NULL;

  if (self->sf.channels >= 1 && self->sf.channels <= SL_MAX_CHANNELS && self->sf.samplerate >= 1
      && self->sf.samplerate <= MAX_RATE_HZ)
    return TRUE;
  name = g_filename_display_name (sl_file_get_path (self->file));
  g_set_error (error, SL_ERROR, SL_ERROR_DECODE,
               _ ("“%s” has %d channels at %d Hz; 1 to %d channels and 1 to %d Hz can be used. "
                  "Export it again within these."),
               name, self->sf.channels, self->sf.samplerate, SL_MAX_CHANNELS, MAX_RATE_HZ);
  return FALSE;
}

gboolean
sl_codec_open_reading (SlCodec *self, SlFile *file, SlFileInfo *info, GError **error)
{
  self->file = file;
  self->sf = (SF_INFO){ 0 };
  if (sl_file_seek (file, 0, SEEK_SET) == 0)
    self->sndfile = open_virtual (self, SFM_READ);
  if (self->sndfile == NULL)
    return set_not_audio (self, error);
  /* Opening may have looked at the end of the file for tags: what counts is where decoding goes on
   * from, which in a small file may well be its end. */
  self->reached = sl_file_tell (file);
  if (!check_bounds (self, error))
    return FALSE;
  if (info != NULL)
    sl_codec_describe (self, info);
  return TRUE;
}

static gboolean
set_cannot_encode (const SlCodec *self, GError **error)
{
  g_autofree char *name = g_filename_display_name (sl_file_get_path (self->file));
  g_autofree char *why = NULL;

  if (!sl_file_check (self->file, error))
    return FALSE;
  why = plain (sf_strerror (NULL));
  g_set_error (error, SL_ERROR, SL_ERROR_WRITE, _ ("“%s” could not be written: %s."), name, why);
  return FALSE;
}

gboolean
sl_codec_open_writing (SlCodec *self,
                       SlFile *file,
                       int format,
                       int channels,
                       int rate_hz,
                       GError **error)
{
  self->file = file;
  self->writing = TRUE;
  self->sf = (SF_INFO){ .format = format, .channels = channels, .samplerate = rate_hz };
  if (!sf_format_check (&self->sf))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                   _ ("%d channels at %d Hz cannot be stored in this kind of file."), channels,
                   rate_hz);
      return FALSE;
    }
  self->sndfile = open_virtual (self, SFM_WRITE);
  if (self->sndfile == NULL)
    return set_cannot_encode (self, error);
  /* The chunk holds the time of writing: equal audio must give equal bytes. */
  sf_command (self->sndfile, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
  /* Without it a float handed over is scaled by 2ⁿ-1 and wraps beyond full scale. */
  sf_command (self->sndfile, SFC_SET_CLIPPING, NULL, SF_TRUE);
  return TRUE;
}

static gboolean
set_fails_at (const SlCodec *self, gint64 frame, GError **error)
{
  g_autofree char *name = g_filename_display_name (sl_file_get_path (self->file));
  g_autofree char *where = g_strdup_printf ("%" G_GINT64_FORMAT, frame);
  g_autofree char *why = plain (sf_strerror (self->sndfile));

  if (self->writing)
    g_set_error (error, SL_ERROR, SL_ERROR_WRITE, _ ("“%s” fails at frame %s: %s."), name, where,
                 why);
  else
    g_set_error (
        error, SL_ERROR, SL_ERROR_DECODE,
        _ ("“%s” fails at frame %s: %s. The file is cut short or damaged: export it again."), name,
        where, why);
  return FALSE;
}

gboolean
sl_codec_check (const SlCodec *self, gint64 frame, GError **error)
{
  if (!sl_file_check (self->file, error))
    return FALSE;
  /* What is wrong behind the last frame, a tag perhaps, is not wrong with the audio. */
  if (sf_error (self->sndfile) == SF_ERR_NO_ERROR || (!self->writing && frame >= self->sf.frames))
    return TRUE;
  return set_fails_at (self, frame, error);
}

void
sl_codec_close (SlCodec *self)
{
  /* Its return value is 0 on a full disk; the file knows better. */
  g_clear_pointer (&self->sndfile, sf_close);
}
