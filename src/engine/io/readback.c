/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/base/error.h"
#include "engine/base/units.h"
#include "engine/io/codec.h"
#include "engine/io/flac_md5.h"
#include "engine/io/tail.h"

#include <glib/gi18n-lib.h>

/* 2⁻³¹: an int's full scale as 1.0. */
#define INT_TO_FLOAT (1.0f / 2147483648.0f)

typedef struct
{
  SlFile *file;
  SlCodec codec;
  SlFlacMd5 *md5; ///< NULL: decode to float at once
  float *samples; ///< SL_BLOCK_FRAMES frames
  int *integers;  ///< the same as integers, for md5
  const SlTap *taps;
  guint n_taps;
} Decoding;

static void
decoding_clear (Decoding *self)
{
  sl_codec_close (&self->codec);
  sl_file_free (self->file);
  sl_flac_md5_free (self->md5);
  g_free (self->samples);
  g_free (self->integers);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Decoding, decoding_clear)

/* Integers of up to 24 bits, shifted up, are exact as floats: the same as decoding to float. */
static gint64
decode_integers (Decoding *self)
{
  gint64 got = sf_readf_int (self->codec.sndfile, self->integers, SL_BLOCK_FRAMES);
  gsize n = (gsize) (MAX (got, 0) * self->codec.sf.channels);

  sl_flac_md5_feed (self->md5, self->integers, n);
  for (gsize i = 0; i < n; i++)
    self->samples[i] = (float) self->integers[i] * INT_TO_FLOAT;
  return got;
}

/* The next block, 0 frames at the end. */
static gboolean
decode_block (Decoding *self, gint64 frame, gint64 *got, GError **error)
{
  if (self->md5 != NULL)
    *got = decode_integers (self);
  else
    *got = sf_readf_float (self->codec.sndfile, self->samples, SL_BLOCK_FRAMES);
  return sl_codec_check (&self->codec, frame + MAX (*got, 0), error);
}

static gboolean
feed_taps (const Decoding *self, gint64 frames, GError **error)
{
  for (guint i = 0; i < self->n_taps; i++)
    if (!self->taps[i].feed (self->taps[i].self, self->samples, frames, error))
      return FALSE;
  return TRUE;
}

static void
begin_taps (const Decoding *self)
{
  for (guint i = 0; i < self->n_taps; i++)
    if (self->taps[i].begin != NULL)
      self->taps[i].begin (self->taps[i].self, self->codec.sf.channels, self->codec.sf.samplerate);
}

static gboolean
check_ended (Decoding *self, gint64 frame, GError **error)
{
  g_autofree char *name = NULL;
  gint64 got;

  if (!decode_block (self, frame, &got, error))
    return FALSE;
  if (got <= 0)
    return TRUE;
  name = g_filename_display_name (sl_file_get_path (self->file));
  g_set_error (error, SL_ERROR, SL_ERROR_DECODE,
               _ ("“%s” goes on after its end. Export it again, best as WAV or FLAC."), name);
  return FALSE;
}

/* Ends where the decoder gives nothing, whatever the header says, and asks it once more. */
static gboolean
decode_all (Decoding *self, gint64 size, gint64 *frames, const SlProgress *progress, GError **error)
{
  gint64 got;

  *frames = 0;
  if (!decode_block (self, 0, &got, error))
    return FALSE;
  while (got > 0)
    {
      *frames += got;
      if (!feed_taps (self, got, error)
          || !sl_progress_report (progress, sl_file_tell (self->file), size, error)
          || !decode_block (self, *frames, &got, error))
        return FALSE;
    }
  return check_ended (self, *frames, error);
}

static void
make_blocks (Decoding *self)
{
  gsize n = (gsize) SL_BLOCK_FRAMES * (gsize) self->codec.sf.channels;

  self->samples = g_new (float, n);
  self->integers = self->md5 != NULL ? g_new (int, n) : NULL;
}

static gboolean
start (Decoding *self, const char *path, SlReadback *result, GError **error)
{
  self->file = sl_file_open (path, error);
  if (self->file == NULL || !sl_file_stat (self->file, &result->stat, error))
    return FALSE;
  self->md5 = sl_flac_md5_new (self->file);
  sl_file_tee_digest (self->file);
  if (!sl_codec_open_reading (&self->codec, self->file, &result->info, error))
    return FALSE;
  make_blocks (self);
  begin_taps (self);
  return TRUE;
}

/* What can only be told when all is decoded. */
static gboolean
conclude (Decoding *self, SlReadback *result, GError **error)
{
  result->checksum_failed = self->md5 != NULL && !sl_flac_md5_matches (self->md5);
  result->undecoded_bytes = sl_tail_undecoded (self->file, &result->info, self->codec.reached);
  return sl_file_digest (self->file, &result->digest, error)
         && sl_file_check_unchanged (self->file, &result->stat, error);
}

gboolean
sl_readback_run (const char *path,
                 const SlTap *taps,
                 guint n_taps,
                 SlReadback *result,
                 const SlProgress *progress,
                 GError **error)
{
  g_auto (Decoding) self = { .taps = taps, .n_taps = n_taps };
  SlReadback found = { 0 };

  if (!start (&self, path, &found, error)
      || !decode_all (&self, found.stat.size_bytes, &found.frames, progress, error)
      || !conclude (&self, &found, error))
    return FALSE;
  *result = found;
  return TRUE;
}
