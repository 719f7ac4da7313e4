/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/io/writer.h"

#include "engine/base/error.h"
#include "engine/base/units.h"
#include "engine/io/codec.h"
#include "engine/io/pcm.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

/* Sizes in a WAV have 32 bits. */
#define WAV_MAX_BYTES G_GINT64_CONSTANT (0xffffffff)

/* libsndfile's headers. For FLOAT it writes 8 bytes a channel of padding in place of the chunk of
 * peaks, whose numbers would hold the time of writing. */
#define WAV_PCM_HEADER_BYTES 44
#define WAV_FLOAT_HEADER_BYTES 72
#define RF64_PCM_HEADER_BYTES 104
#define RF64_FLOAT_HEADER_BYTES 120
#define FLOAT_CHANNEL_BYTES 8

/* Writing is this much of the work, reading back the rest. */
#define WRITING_SHARE 0.7

static gint64
saturating_product (gint64 a, gint64 b)
{
  gint64 product;

  /* Leaves room for a header. */
  return __builtin_mul_overflow (a, b, &product) ? G_MAXINT64 / 2 : MIN (product, G_MAXINT64 / 2);
}

static gint64
wav_bytes (gboolean rf64, gint64 frames, int channels, SlSubtype subtype)
{
  gint64 data = saturating_product (frames, channels * sl_subtype_bytes (subtype));
  gint64 header;

  if (subtype == SL_SUBTYPE_FLOAT)
    header = (rf64 ? RF64_FLOAT_HEADER_BYTES : WAV_FLOAT_HEADER_BYTES)
             + FLOAT_CHANNEL_BYTES * channels;
  else
    header = rf64 ? RF64_PCM_HEADER_BYTES : WAV_PCM_HEADER_BYTES;
  return header + data + (data & 1);
}

static gboolean
needs_rf64 (gint64 frames, int channels, SlSubtype subtype)
{
  return wav_bytes (FALSE, frames, channels, subtype) > WAV_MAX_BYTES;
}

gint64
sl_writer_predict_bytes (gint64 frames, int channels, SlSubtype subtype)
{
  return wav_bytes (needs_rf64 (frames, channels, subtype), frames, channels, subtype);
}

static int
codec_format (SlContainer container, SlSubtype subtype, gboolean rf64)
{
  static const int subtypes[] = {
    [SL_SUBTYPE_FLOAT] = SF_FORMAT_FLOAT,
    [SL_SUBTYPE_PCM_24] = SF_FORMAT_PCM_24,
    [SL_SUBTYPE_PCM_16] = SF_FORMAT_PCM_16,
  };

  if (container == SL_CONTAINER_FLAC)
    return SF_FORMAT_FLAC | subtypes[subtype];
  return (rf64 ? SF_FORMAT_RF64 : SF_FORMAT_WAV) | subtypes[subtype];
}

typedef struct
{
  SlSource *source;
  const char *final_path;
  SlContainer container;
  SlSubtype subtype;
} Request;

static gboolean
check_request (const Request *request, GError **error)
{
  g_autofree char *name = NULL;

  if (request->source->length > 0
      && (request->container == SL_CONTAINER_WAV || request->subtype != SL_SUBTYPE_FLOAT))
    return TRUE;
  name = g_filename_display_name (request->final_path);
  if (request->source->length == 0)
    g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                 _ ("“%s” would have no audio: its length is 0 frames."), name);
  else
    g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                 _ ("“%s” cannot be FLAC: that format has no floating-point samples."), name);
  return FALSE;
}

static gboolean
check_space (const Request *request, GError **error)
{
  const SlSource *source = request->source;
  gint64 needed = sl_writer_predict_bytes (source->length, source->channels, request->subtype);
  g_autofree char *folder = g_path_get_dirname (request->final_path);
  g_autofree char *name = NULL;
  g_autofree char *needed_text = NULL;
  g_autofree char *free_text = NULL;
  gint64 free_bytes = sl_free_bytes (folder);

  /* Unknown is not a reason to refuse: the write itself will tell. */
  if (free_bytes < 0 || free_bytes - needed >= needed / 20)
    return TRUE;
  name = g_filename_display_name (request->final_path);
  needed_text = g_format_size ((guint64) needed);
  free_text = g_format_size ((guint64) free_bytes);
  g_set_error (error, SL_ERROR, SL_ERROR_NO_SPACE,
               _ ("“%s” needs %s and a little more, but only %s are free. Free some space, or "
                  "choose another disk."),
               name, needed_text, free_text);
  return FALSE;
}

typedef struct
{
  SlSource *source;
  SlCodec codec;
  int bits;       ///< of an integer coding, or 0
  float *samples; ///< SL_BLOCK_FRAMES frames
  int *integers;  ///< the same as integers
  gint64 overs;
  gint64 first_over;
} Encoding;

static void
encoding_clear (Encoding *self)
{
  sl_codec_close (&self->codec);
  g_free (self->samples);
  g_free (self->integers);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Encoding, encoding_clear)

/* Looks at the block before any codec can change it. @frame is that of its first sample. */
static gboolean
inspect (Encoding *self, gint64 frame, gint64 frames, GError **error)
{
  int channels = self->source->channels;
  SlPcmScan scan = sl_pcm_scan (self->samples, (gsize) (frames * channels));
  g_autofree char *where = NULL;

  if (scan.overs > 0 && self->overs == 0)
    self->first_over = frame + scan.first_over / channels;
  self->overs += scan.overs;
  if (scan.first_nonfinite < 0)
    return TRUE;
  where = g_strdup_printf ("%" G_GINT64_FORMAT, frame + scan.first_nonfinite / channels);
  g_set_error (error, SL_ERROR, SL_ERROR_DECODE,
               _ ("The audio is not a number at frame %s (NaN or infinity). Replace the source."),
               where);
  return FALSE;
}

/* Integers are rounded here: libsndfile would cut them off when it clips. */
static gint64
encode_block (Encoding *self, gint64 frames)
{
  if (self->bits == 0)
    return sf_writef_float (self->codec.sndfile, self->samples, frames);
  sl_pcm_quantise (self->samples, (gsize) (frames * self->source->channels), self->bits,
                   self->integers);
  return sf_writef_int (self->codec.sndfile, self->integers, frames);
}

static gboolean
set_source_short (gint64 frame, GError **error)
{
  g_autofree char *where = g_strdup_printf ("%" G_GINT64_FORMAT, frame);

  g_set_error (error, SL_ERROR, SL_ERROR_DECODE, _ ("The audio ends early, at frame %s."), where);
  return FALSE;
}

static gboolean
encode_next (Encoding *self, gint64 *frame, GError **error)
{
  gint64 got = sl_source_read (self->source, self->samples, SL_BLOCK_FRAMES, error);
  gint64 taken;

  if (got < 0)
    return FALSE;
  if (got == 0)
    return set_source_short (*frame, error);
  if (!inspect (self, *frame, got, error))
    return FALSE;
  taken = encode_block (self, got);
  if (!sl_codec_check (&self->codec, *frame, error))
    return FALSE;
  if (taken != got)
    return sl_error_set_errno (error, SL_ERROR_WRITE, EIO, sl_file_get_path (self->codec.file),
                               _ ("could not be written"));
  *frame += got;
  return TRUE;
}

static gboolean
encode_all (Encoding *self, const SlProgress *progress, GError **error)
{
  gint64 frame = 0;

  while (frame < self->source->length)
    if (!encode_next (self, &frame, error)
        || !sl_progress_report (progress, frame, self->source->length, error))
      return FALSE;
  return TRUE;
}

/* How small FLAC gets is not known before. */
static gboolean
reserve (const Request *request, SlFile *file, GError **error)
{
  const SlSource *source = request->source;

  return request->container == SL_CONTAINER_FLAC
         || sl_file_reserve (file,
                             sl_writer_predict_bytes (source->length, source->channels,
                                                      request->subtype),
                             error);
}

/* The codec is closed before the file is sealed: closing writes the header. */
static gboolean
encode (const Request *request,
        SlFile *file,
        SlRendered *made,
        const SlProgress *progress,
        GError **error)
{
  SlSource *source = request->source;
  gsize n = (gsize) SL_BLOCK_FRAMES * (gsize) source->channels;
  gboolean rf64 = needs_rf64 (source->length, source->channels, request->subtype);
  g_auto (Encoding) self = { .source = source, .first_over = -1 };

  if (!reserve (request, file, error) || !sl_source_seek (source, 0, error)
      || !sl_codec_open_writing (&self.codec, file,
                                 codec_format (request->container, request->subtype, rf64),
                                 source->channels, source->rate_hz, error))
    return FALSE;
  self.samples = g_new (float, n);
  if (request->subtype != SL_SUBTYPE_FLOAT)
    {
      self.bits = sl_subtype_bits (request->subtype);
      self.integers = g_new (int, n);
    }
  if (!encode_all (&self, progress, error))
    return FALSE;
  made->overs = self.overs;
  made->first_over = self.first_over;
  return TRUE;
}

/* NULL when what was read back is what was asked for, else what differs. */
static char *
find_difference (const Request *request, const SlReadback *readback, const SlDigest *written)
{
  const SlSource *source = request->source;
  const SlFileInfo *info = &readback->info;
  gboolean flac = request->container == SL_CONTAINER_FLAC;

  if (readback->frames != source->length)
    return g_strdup_printf ("%" G_GINT64_FORMAT " / %" G_GINT64_FORMAT, readback->frames,
                            source->length);
  if (info->channels != source->channels || info->rate_hz != source->rate_hz)
    return g_strdup_printf ("%d × %d Hz", info->channels, info->rate_hz);
  if (!info->has_subtype || info->subtype != request->subtype
      || (flac ? !g_str_equal (info->container, "FLAC") : !info->is_wav))
    return g_strdup_printf ("%s %s", info->container, info->encoding);
  if (readback->checksum_failed)
    return g_strdup ("MD5");
  if (readback->undecoded_bytes != 0)
    return g_strdup_printf ("+%" G_GINT64_FORMAT " B", readback->undecoded_bytes);
  return sl_digest_equal (&readback->digest, written) ? NULL : g_strdup ("XXH3");
}

static gboolean
verify (const Request *request, const SlReadback *readback, const SlDigest *written, GError **error)
{
  g_autofree char *difference = find_difference (request, readback, written);
  g_autofree char *name = NULL;

  if (difference == NULL)
    return TRUE;
  name = g_filename_display_name (request->final_path);
  g_set_error (error, SL_ERROR, SL_ERROR_VERIFY,
               _ ("“%s” does not read back as it was written (%s). Check the disk."), name,
               difference);
  return FALSE;
}

/* A share of a larger piece of work. */
typedef struct
{
  const SlProgress *whole;
  double start;
  double share;
} Stage;

static gboolean
report_stage (double fraction, gpointer data)
{
  const Stage *stage = data;

  return stage->whole->func (stage->start + fraction * stage->share, stage->whole->data);
}

static SlProgress
stage_progress (Stage *stage)
{
  gboolean heard = stage->whole != NULL && stage->whole->func != NULL;

  return (SlProgress){ heard ? report_stage : NULL, stage };
}

static gboolean
read_back (const SlPart *part,
           const SlTap *taps,
           guint n_taps,
           SlReadback *readback,
           const SlProgress *progress,
           GError **error)
{
  g_autofree char *name = g_filename_display_name (sl_part_get_final_path (part));

  if (sl_readback_run (sl_part_get_path (part), taps, n_taps, readback, progress, error))
    return TRUE;
  g_prefix_error (error, _ ("Reading back “%s”: "), name);
  return FALSE;
}

gboolean
sl_render_file (SlSource *source,
                const char *final_path,
                SlContainer container,
                SlSubtype subtype,
                const SlTap *taps,
                guint n_taps,
                SlRendered *rendered,
                const SlProgress *progress,
                GError **error)
{
  const Request request = { source, final_path, container, subtype };
  Stage writing_stage = { progress, 0.0, WRITING_SHARE };
  Stage reading_stage = { progress, WRITING_SHARE, 1.0 - WRITING_SHARE };
  const SlProgress writing = stage_progress (&writing_stage);
  const SlProgress reading = stage_progress (&reading_stage);
  g_auto (SlRendered) made = { 0 };
  SlDigest written;

  if (!check_request (&request, error) || !check_space (&request, error))
    return FALSE;
  made.part = sl_part_new (final_path, error);
  if (made.part == NULL || !encode (&request, sl_part_get_file (made.part), &made, &writing, error)
      || !sl_part_seal (made.part, &written, error)
      || !read_back (made.part, taps, n_taps, &made.readback, &reading, error)
      || !verify (&request, &made.readback, &written, error))
    return FALSE;
  *rendered = made;
  made.part = NULL;
  return TRUE;
}

void
sl_rendered_clear (SlRendered *rendered)
{
  g_clear_pointer (&rendered->part, sl_part_free);
  *rendered = (SlRendered){ .first_over = -1 };
}
