/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/io/reader.h"

#include "../../support/noise.h"
#include "../../support/temp_folder.h"
#include "engine/base/error.h"
#include "engine/base/units.h"
#include "engine/io/tail.h"

#include <fcntl.h>
#include <math.h>
#include <sndfile.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RATE 44100

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = test_folder_new ();
  f->path = g_build_filename (f->folder, "take.wav", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_free (f->path);
  test_folder_free (f->folder);
}

/* White noise in steps of 2⁻²³. */
static float *
make_noise (gsize n)
{
  float *samples = g_new (float, n);
  guint32 state = 11;

  for (gsize i = 0; i < n; i++)
    samples[i] = noise_sample (&state);
  return samples;
}

/* Written by libsndfile alone, from 32-bit integers, so that no float is scaled on the way. */
static gboolean
write_file (const char *path, int format, int channels, int rate_hz, gint64 frames)
{
  g_autofree float *noise = make_noise ((gsize) (frames * channels));
  g_autofree int *samples = g_new (int, frames *channels + 1);
  SF_INFO info = { .format = format, .channels = channels, .samplerate = rate_hz };
  SNDFILE *file;

  if (!sf_format_check (&info))
    return FALSE;
  file = sf_open (path, SFM_WRITE, &info);
  g_assert_nonnull (file);
  sf_command (file, SFC_SET_SCALE_INT_FLOAT_WRITE, NULL, SF_TRUE);
  for (gint64 i = 0; i < frames * channels; i++)
    samples[i] = (int) (noise[i] * 8388608.0f) * 256;
  g_assert_cmpint (sf_writef_int (file, samples, frames), ==, frames);
  sf_close (file);
  return TRUE;
}

static guint8 *
slurp (const char *path, gsize *length)
{
  char *bytes;

  g_assert_true (g_file_get_contents (path, &bytes, length, NULL));
  return (guint8 *) bytes;
}

static void
put (const char *path, const guint8 *bytes, gsize length)
{
  g_assert_true (g_file_set_contents (path, (const char *) bytes, (gssize) length, NULL));
}

static void
put_le32 (guint8 *bytes, guint32 value)
{
  for (int i = 0; i < 4; i++)
    bytes[i] = (guint8) (value >> (8 * i));
}

static SlReadback
read_back (const char *path)
{
  g_autoptr (GError) error = NULL;
  SlReadback result;

  sl_readback_run (path, NULL, 0, &result, NULL, &error);
  g_assert_no_error (error);
  return result;
}

typedef struct
{
  int format;
  const char *container;
  const char *encoding;
  gboolean lossy;
  gboolean is_wav;
  int bits;
  int subtype; ///< SlSubtype, or -1
} Format;

static const Format formats[] = {
  { SF_FORMAT_WAV | SF_FORMAT_PCM_U8, "WAV", "PCM_U8", FALSE, TRUE, 8, -1 },
  { SF_FORMAT_WAV | SF_FORMAT_PCM_16, "WAV", "PCM_16", FALSE, TRUE, 16, SL_SUBTYPE_PCM_16 },
  { SF_FORMAT_WAV | SF_FORMAT_PCM_24, "WAV", "PCM_24", FALSE, TRUE, 24, SL_SUBTYPE_PCM_24 },
  { SF_FORMAT_WAV | SF_FORMAT_PCM_32, "WAV", "PCM_32", FALSE, TRUE, 32, -1 },
  { SF_FORMAT_WAV | SF_FORMAT_FLOAT, "WAV", "FLOAT", FALSE, TRUE, 24, SL_SUBTYPE_FLOAT },
  { SF_FORMAT_WAV | SF_FORMAT_DOUBLE, "WAV", "DOUBLE", FALSE, TRUE, 53, -1 },
  { SF_FORMAT_WAV | SF_FORMAT_ULAW, "WAV", "ULAW", TRUE, FALSE, 16, -1 },
  { SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, "WAV", "IMA_ADPCM", TRUE, FALSE, 16, -1 },
  { SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG, "WAV", "PCM_16", FALSE, FALSE, 16,
    SL_SUBTYPE_PCM_16 },
  { SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, "WAV", "PCM_24", FALSE, TRUE, 24, SL_SUBTYPE_PCM_24 },
  { SF_FORMAT_RF64 | SF_FORMAT_FLOAT, "RF64", "FLOAT", FALSE, TRUE, 24, SL_SUBTYPE_FLOAT },
  { SF_FORMAT_W64 | SF_FORMAT_PCM_24, "W64", "PCM_24", FALSE, FALSE, 24, SL_SUBTYPE_PCM_24 },
  { SF_FORMAT_AIFF | SF_FORMAT_PCM_24, "AIFF", "PCM_24", FALSE, FALSE, 24, SL_SUBTYPE_PCM_24 },
  { SF_FORMAT_CAF | SF_FORMAT_FLOAT, "CAF", "FLOAT", FALSE, FALSE, 24, SL_SUBTYPE_FLOAT },
  { SF_FORMAT_AU | SF_FORMAT_PCM_16, "AU", "PCM_16", FALSE, FALSE, 16, SL_SUBTYPE_PCM_16 },
  { SF_FORMAT_FLAC | SF_FORMAT_PCM_S8, "FLAC", "PCM_S8", FALSE, FALSE, 8, -1 },
  { SF_FORMAT_FLAC | SF_FORMAT_PCM_16, "FLAC", "PCM_16", FALSE, FALSE, 16, SL_SUBTYPE_PCM_16 },
  { SF_FORMAT_FLAC | SF_FORMAT_PCM_24, "FLAC", "PCM_24", FALSE, FALSE, 24, SL_SUBTYPE_PCM_24 },
  { SF_FORMAT_VOC | SF_FORMAT_PCM_16, "OTHER", "PCM_16", FALSE, FALSE, 16, SL_SUBTYPE_PCM_16 },
  { SF_FORMAT_OGG | SF_FORMAT_VORBIS, "OGG", "VORBIS", TRUE, FALSE, 24, -1 },
};

/* Every format: what its header says, what decoding it counts, and no false alarm. */
static void
test_formats (Fixture *f, gconstpointer data)
{
  const gint64 frames = 20000;

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      const Format *format = &formats[i];
      SlReadback found;
      SlDigest digest;

      g_test_message ("%s %s", format->container, format->encoding);
      g_assert_true (write_file (f->path, format->format, 2, RATE, frames));
      found = read_back (f->path);
      g_assert_cmpstr (found.info.container, ==, format->container);
      g_assert_cmpstr (found.info.encoding, ==, format->encoding);
      g_assert_cmpint (found.info.channels, ==, 2);
      g_assert_cmpint (found.info.rate_hz, ==, RATE);
      g_assert_cmpint (found.info.lossy, ==, format->lossy);
      g_assert_cmpint (found.info.is_wav, ==, format->is_wav);
      g_assert_cmpint (found.info.bits, ==, format->bits);
      g_assert_cmpint (found.info.has_subtype, ==, format->subtype >= 0);
      if (format->subtype >= 0)
        g_assert_cmpint (found.info.subtype, ==, format->subtype);
      g_assert_cmpstr (found.info.header_fault, ==, "");
      g_assert_cmpint (found.info.declared_frames, ==, found.frames);
      if (format->lossy)
        g_assert_cmpint (found.frames, >=, frames);
      else
        g_assert_cmpint (found.frames, ==, frames);
      g_assert_cmpint (found.undecoded_bytes, ==, 0);
      g_assert_false (found.checksum_failed);
      g_assert_true (sl_digest_file (f->path, &digest, NULL, NULL));
      g_assert_true (sl_digest_equal (&digest, &found.digest));
    }
}

/* What was written comes back bit for bit, from the start and after jumps. */
static void
test_samples (Fixture *f, gconstpointer data)
{
  const gint64 frames = 100000;
  g_autofree float *noise = make_noise ((gsize) frames * 2);
  g_autofree float *got = g_new (float, frames * 2);

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr (SlSource) source = NULL;
      guint32 state = 2;

      if (formats[i].lossy || formats[i].bits < 24)
        continue;
      g_assert_true (write_file (f->path, formats[i].format, 2, RATE, frames));
      source = sl_reader_open (f->path, NULL, NULL);
      g_assert_cmpint (source->length, ==, frames);
      g_assert_cmpint (sl_source_read (source, got, frames + 1, NULL), ==, frames);
      g_assert_cmpmem (got, 8 * (gsize) frames, noise, 8 * (gsize) frames);
      g_assert_cmpint (sl_source_read (source, got, 1, NULL), ==, 0);
      for (int k = 0; k < 50; k++)
        {
          gint64 at = noise_bits (&state) % frames;
          gint64 n = noise_bits (&state) % MIN (10000, frames - at);

          g_assert_true (sl_source_read_at (source, at, got, n, NULL));
          g_assert_cmpmem (got, 8 * (gsize) n, noise + 2 * at, 8 * (gsize) n);
        }
      g_assert_true (sl_source_seek (source, frames, NULL));
      g_assert_cmpint (sl_source_read (source, got, 1, NULL), ==, 0);
    }
}

static void
test_lossy_never_seeks (Fixture *f, gconstpointer data)
{
  g_autoptr (SlSource) source = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree float *first = g_new (float, 30000);
  g_autofree float *again = g_new (float, 30000);

  g_assert_true (write_file (f->path, SF_FORMAT_OGG | SF_FORMAT_VORBIS, 1, RATE, 100000));
  source = sl_reader_open (f->path, NULL, NULL);
  g_assert_cmpint (sl_source_read (source, first, 30000, NULL), ==, 30000);
  g_assert_true (sl_source_seek (source, 0, NULL));
  g_assert_cmpint (sl_source_read (source, again, 30000, NULL), ==, 30000);
  g_assert_cmpmem (first, 120000, again, 120000);
  g_assert_false (sl_source_seek (source, 40000, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "take.wav"));
}

static void
assert_not_opened (const char *path, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) of_readback = NULL;
  SlReadback result;

  g_assert_null (sl_reader_open (path, NULL, &error));
  g_assert_error (error, SL_ERROR, code);
  g_assert_false (sl_readback_run (path, NULL, 0, &result, NULL, &of_readback));
  g_assert_error (of_readback, SL_ERROR, code);
}

static void
test_not_audio (Fixture *f, gconstpointer data)
{
  g_autofree char *fifo = g_build_filename (f->folder, "pipe", NULL);

  assert_not_opened (f->path, SL_ERROR_OPEN);
  assert_not_opened (f->folder, SL_ERROR_OPEN);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_not_opened (fifo, SL_ERROR_OPEN);
  put (f->path, (const guint8 *) "", 0);
  assert_not_opened (f->path, SL_ERROR_DECODE);
  put (f->path, (const guint8 *) "Dear client, here are the stems.", 32);
  assert_not_opened (f->path, SL_ERROR_DECODE);
}

static void
test_bounds (Fixture *f, gconstpointer data)
{
  SlReadback found;

  write_file (f->path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16, 768000, 100);
  found = read_back (f->path);
  g_assert_cmpint (found.frames, ==, 100);
  write_file (f->path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 17, RATE, 100);
  assert_not_opened (f->path, SL_ERROR_DECODE);
  write_file (f->path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, 768001, 100);
  assert_not_opened (f->path, SL_ERROR_DECODE);
}

static void
test_no_frames (Fixture *f, gconstpointer data)
{
  SlReadback found;

  write_file (f->path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 2, RATE, 0);
  found = read_back (f->path);
  g_assert_cmpint (found.frames, ==, 0);
  g_assert_cmpint (found.undecoded_bytes, ==, 0);
}

/* A WAV of 1000 frames, mono, 16 bit (44 bytes of header, 2000 of audio) whose sizes lie. */
typedef struct
{
  guint32 riff;
  guint32 data;
  gsize length; ///< bytes of the file that are left
  gint64 frames;
  gint64 undecoded;
  gboolean faulty;
} Lie;

static const Lie lies[] = {
  { 2036, 2000, 2044, 1000, 0, FALSE },  { 2036, 90000, 2044, 1000, 0, TRUE },
  { 90036, 90000, 2044, 1000, 0, TRUE }, { 0xffffffff, 0xffffffff, 2044, 1000, 0, TRUE },
  { 2036, 2000, 1044, 500, 0, TRUE },    { 2036, 2000, 1045, 500, 0, TRUE },
  { 2036, 400, 2044, 200, 1600, TRUE },  { 0, 0, 2044, 0, 2000, TRUE },
};

static void
test_lying_wav (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree guint8 *bytes = NULL;
      SlReadback found;
      gsize length;

      write_file (f->path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, RATE, 1000);
      bytes = slurp (f->path, &length);
      g_assert_cmpuint (length, ==, 2044);
      put_le32 (bytes + 4, lies[i].riff);
      put_le32 (bytes + 40, lies[i].data);
      put (f->path, bytes, lies[i].length);
      g_test_message ("riff %u, data %u", lies[i].riff, lies[i].data);
      found = read_back (f->path);
      g_assert_cmpint (found.frames, ==, lies[i].frames);
      g_assert_cmpint (found.undecoded_bytes, ==, lies[i].undecoded);
      g_assert_cmpint (found.info.header_fault[0] != '\0', ==, lies[i].faulty);
    }
}

/* Chunks behind the audio are no audio. */
static void
test_trailing_chunk (Fixture *f, gconstpointer data)
{
  static const guint8 chunk[] = "LIST\x0a\0\0\0INFOabcdef";
  g_autofree guint8 *bytes = NULL;
  g_autofree guint8 *longer = g_malloc (2044 + 18);
  SlReadback found;
  gsize length;

  write_file (f->path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, RATE, 1000);
  bytes = slurp (f->path, &length);
  memcpy (longer, bytes, 2044);
  memcpy (longer + 2044, chunk, 18);
  put_le32 (longer + 4, 2036 + 18);
  put (f->path, longer, 2044 + 18);
  found = read_back (f->path);
  g_assert_cmpint (found.frames, ==, 1000);
  g_assert_cmpint (found.undecoded_bytes, ==, 0);
}

/* A file of more than 4 GiB, all of it a hole but for its header and its last frame. */
static gint64
make_huge (const char *path, int format, gint64 frames, gint16 last)
{
  g_autofree guint8 *bytes = NULL;
  gsize header;
  int fd;

  write_file (path, format, 2, RATE, 0);
  bytes = slurp (path, &header);
  fd = open (path, O_RDWR | O_CLOEXEC);
  g_assert_cmpint (ftruncate (fd, (off_t) header + frames * 4), ==, 0);
  g_assert_cmpint (pwrite (fd, &last, 2, (off_t) header + frames * 4 - 2), ==, 2);
  close (fd);
  return (gint64) header;
}

static void
patch_le64 (const char *path, gint64 offset, gint64 value)
{
  int fd = open (path, O_RDWR | O_CLOEXEC);
  guint64 le = GUINT64_TO_LE ((guint64) value);

  g_assert_cmpint (pwrite (fd, &le, 8, offset), ==, 8);
  close (fd);
}

static void
test_rf64_beyond_4_gib (Fixture *f, gconstpointer data)
{
  const gint64 frames = G_GINT64_CONSTANT (1100000000);
  gint64 header = make_huge (f->path, SF_FORMAT_RF64 | SF_FORMAT_PCM_16, frames, 0x1234);
  g_autoptr (SlSource) source = NULL;
  SlFileInfo info;
  float got[4] = { 1.0f, 1.0f, 1.0f, 1.0f };

  /* The ds64 chunk: sizes of the file and the audio, frames. */
  patch_le64 (f->path, 20, header + frames * 4 - 8);
  patch_le64 (f->path, 28, frames * 4);
  patch_le64 (f->path, 36, frames);
  source = sl_reader_open (f->path, &info, NULL);
  g_assert_nonnull (source);
  g_assert_cmpstr (info.header_fault, ==, "");
  g_assert_cmpint (source->length, ==, frames);
  g_assert_true (sl_source_read_at (source, frames - 2, got, 2, NULL));
  g_assert_cmpfloat (got[0], ==, 0.0f);
  g_assert_cmpfloat (got[3], ==, 0x1234 / 32768.0f);
}

/* The size of a WAV beyond 4 GiB has lost its upper bits: nearly all of the audio is not seen. */
static void
test_wav_beyond_4_gib (Fixture *f, gconstpointer data)
{
  const gint64 frames = (G_GINT64_CONSTANT (1) << 30) + 1000;
  gint64 header = make_huge (f->path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, frames, 1);
  guint8 sizes[8];
  int fd = open (f->path, O_RDWR | O_CLOEXEC);
  g_autoptr (SlSource) source = NULL;
  g_autoptr (SlFile) file = NULL;
  SlFileInfo info;

  put_le32 (sizes, (guint32) (header + frames * 4 - 8));
  put_le32 (sizes + 4, (guint32) (frames * 4));
  g_assert_cmpint (pwrite (fd, sizes, 4, 4), ==, 4);
  g_assert_cmpint (pwrite (fd, sizes + 4, 4, 40), ==, 4);
  close (fd);
  source = sl_reader_open (f->path, &info, NULL);
  g_assert_cmpint (source->length, ==, 1000);
  /* A whole read-back would hash 4 GiB. */
  file = sl_file_open (f->path, NULL);
  g_assert_cmpint (sl_tail_undecoded (file, &info, 0), ==, G_GINT64_CONSTANT (1) << 32);
}

/* Offsets in a FLAC file: STREAMINFO's 36 bits of length are the end of these 8 bytes. */
#define FLAC_LENGTH_OFFSET 18
#define FLAC_MD5_OFFSET 26

static void
set_flac_length (guint8 *bytes, guint64 frames)
{
  bytes[FLAC_LENGTH_OFFSET + 3] &= 0xf0;
  bytes[FLAC_LENGTH_OFFSET + 3] |= (guint8) (frames >> 32);
  for (int i = 0; i < 4; i++)
    bytes[FLAC_LENGTH_OFFSET + 4 + i] = (guint8) (frames >> (24 - 8 * i));
}

static guint8 *
make_flac (Fixture *f, int subtype, gint64 frames, gsize *length)
{
  write_file (f->path, SF_FORMAT_FLAC | subtype, 2, RATE, frames);
  return slurp (f->path, length);
}

static void
test_flac_length_lies (Fixture *f, gconstpointer data)
{
  const gint64 frames = 100000;
  gsize length;
  g_autofree guint8 *bytes = make_flac (f, SF_FORMAT_PCM_16, frames, &length);
  SlReadback found;

  set_flac_length (bytes, 30000);
  put (f->path, bytes, length);
  found = read_back (f->path);
  g_assert_cmpint (found.frames, ==, 30000);
  g_assert_cmpint (found.undecoded_bytes, >, 0);
  g_assert_true (found.checksum_failed);

  set_flac_length (bytes, G_GUINT64_CONSTANT (1) << 35);
  put (f->path, bytes, length);
  found = read_back (f->path);
  g_assert_cmpint (found.info.declared_frames, ==, G_GINT64_CONSTANT (1) << 35);
  g_assert_cmpint (found.frames, ==, frames);
  g_assert_cmpint (found.undecoded_bytes, ==, 0);
  g_assert_false (found.checksum_failed);

  set_flac_length (bytes, 0);
  put (f->path, bytes, length);
  found = read_back (f->path);
  g_assert_cmpint (found.info.declared_frames, ==, G_MAXINT64);
  g_assert_cmpint (found.frames, ==, frames);
}

/* libsndfile tells of a damaged FLAC, or it just ends early. */
static void
assert_not_whole (const char *path, gint64 frames)
{
  g_autoptr (GError) error = NULL;
  SlReadback found;

  if (!sl_readback_run (path, NULL, 0, &found, NULL, &error))
    {
      g_assert_error (error, SL_ERROR, SL_ERROR_DECODE);
      return;
    }
  g_assert_true (found.checksum_failed);
  g_assert_cmpint (found.info.declared_frames, ==, frames);
}

static void
test_flac_cut (Fixture *f, gconstpointer data)
{
  gsize length;
  g_autofree guint8 *bytes = make_flac (f, SF_FORMAT_PCM_24, 100000, &length);
  g_autoptr (SlSource) source = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree float *got = g_new (float, 2 * 100000);

  put (f->path, bytes, length / 2);
  assert_not_whole (f->path, 100000);

  source = sl_reader_open (f->path, NULL, NULL);
  g_assert_cmpint (sl_source_read (source, got, 20000, NULL), ==, 20000);
  g_assert_false (sl_source_read_at (source, 80000, got, 10, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_DECODE);
  /* Nothing is read from an old position after a jump that failed. */
  g_assert_cmpint (sl_source_read (source, got, 10, NULL), ==, -1);
}

/* One bit anywhere in the audio. */
static void
test_flac_bit_rot (Fixture *f, gconstpointer data)
{
  gsize length;
  g_autofree guint8 *bytes = make_flac (f, SF_FORMAT_PCM_16, 50000, &length);

  for (gsize at = length / 10; at < length; at += length / 10)
    {
      bytes[at] ^= 4;
      put (f->path, bytes, length);
      assert_not_whole (f->path, 50000);
      bytes[at] ^= 4;
    }
}

/* The MD5 itself: wrong, and not given. */
static void
test_flac_md5 (Fixture *f, gconstpointer data)
{
  static const int subtypes[] = { SF_FORMAT_PCM_S8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24 };

  for (guint i = 0; i < G_N_ELEMENTS (subtypes); i++)
    {
      gsize length;
      g_autofree guint8 *bytes = make_flac (f, subtypes[i], 20000, &length);
      SlReadback found = read_back (f->path);

      g_assert_false (found.checksum_failed);
      bytes[FLAC_MD5_OFFSET] ^= 1;
      put (f->path, bytes, length);
      found = read_back (f->path);
      g_assert_true (found.checksum_failed);
      g_assert_cmpint (found.frames, ==, 20000);
      memset (bytes + FLAC_MD5_OFFSET, 0, 16);
      put (f->path, bytes, length);
      found = read_back (f->path);
      g_assert_false (found.checksum_failed);
    }
}

static void
test_flac_behind_tag (Fixture *f, gconstpointer data)
{
  static const guint8 tag[] = { 'I', 'D', '3', 4, 0, 0, 0, 0, 1, 2 };
  const gsize tag_length = 10 + 130;
  gsize length;
  g_autofree guint8 *bytes = make_flac (f, SF_FORMAT_PCM_16, 20000, &length);
  g_autofree guint8 *tagged = g_malloc0 (length + tag_length);
  SlReadback found;

  memcpy (tagged, tag, sizeof tag);
  memcpy (tagged + tag_length, bytes, length);
  put (f->path, tagged, length + tag_length);
  found = read_back (f->path);
  g_assert_cmpint (found.frames, ==, 20000);
  g_assert_false (found.checksum_failed);
  tagged[tag_length + FLAC_MD5_OFFSET] ^= 1;
  put (f->path, tagged, length + tag_length);
  found = read_back (f->path);
  g_assert_true (found.checksum_failed);
}

/* Real loops, made by other encoders. */
static void
test_real_flac (Fixture *f, gconstpointer data)
{
  static const char *names[] = { "loop_amen.flac", "ambi_choir.flac", "bd_haus.flac" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename ("/usr/share/sonic-pi/samples", names[i], NULL);
      SlReadback found;

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        {
          g_test_skip ("sonic-pi-samples is not installed");
          return;
        }
      found = read_back (path);
      g_assert_cmpint (found.frames, ==, found.info.declared_frames);
      g_assert_cmpint (found.undecoded_bytes, ==, 0);
      g_assert_false (found.checksum_failed);
    }
}

/* An MP3 that is loud only at first: its bit rate varies, and is not what its first frames
 * promise. Or NULL. */
static guint8 *
make_mp3 (Fixture *f, gsize *length)
{
  const int frames = 10 * RATE;
  int mode = SF_BITRATE_MODE_VARIABLE;
  g_autofree float *samples = make_noise ((gsize) frames);
  SF_INFO info
      = { .format = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, .channels = 1, .samplerate = RATE };
  SNDFILE *file;

  if (!sf_format_check (&info))
    return NULL;
  for (int i = frames / 4; i < frames; i++)
    samples[i] = 0.0f;
  file = sf_open (f->path, SFM_WRITE, &info);
  sf_command (file, SFC_SET_BITRATE_MODE, &mode, sizeof mode);
  g_assert_cmpint (sf_writef_float (file, samples, frames), ==, frames);
  sf_close (file);
  return slurp (f->path, length);
}

/* Bytes of the first MPEG frame, which holds the Xing header: the next one has the same sync. */
static gsize
first_frame_length (const guint8 *bytes)
{
  gsize at = 100;

  while (bytes[at] != 0xff || bytes[at + 1] != bytes[1])
    at++;
  return at;
}

static void
test_mp3 (Fixture *f, gconstpointer data)
{
  gsize length;
  g_autofree guint8 *bytes = make_mp3 (f, &length);
  SlReadback found;
  gsize skip;

  if (bytes == NULL)
    {
      g_test_skip ("this libsndfile writes no MP3");
      return;
    }
  found = read_back (f->path);
  g_assert_cmpstr (found.info.container, ==, "MP3");
  g_assert_true (found.info.lossy);
  g_assert_cmpint (found.frames, ==, 10 * RATE);
  g_assert_cmpint (found.undecoded_bytes, ==, 0);

  skip = first_frame_length (bytes);
  put (f->path, bytes + skip, length - skip);
  found = read_back (f->path);
  g_assert_cmpint (found.frames, <, 9 * RATE);
  g_assert_cmpint (found.undecoded_bytes, >, 1000);
}

static void
test_mp3_tags (Fixture *f, gconstpointer data)
{
  static const guint8 ape_header[32] = "APETAGEX\xd0\x07\0\0\x2a\0\0\0\0\0\0\0\0\0\0\xa0";
  static const guint8 ape_footer[32] = "APETAGEX\xd0\x07\0\0\x2a\0\0\0\0\0\0\0\0\0\0\x80";
  gsize length;
  g_autofree guint8 *bytes = make_mp3 (f, &length);
  g_autofree guint8 *tagged = NULL;
  SlReadback found;

  if (bytes == NULL)
    {
      g_test_skip ("this libsndfile writes no MP3");
      return;
    }
  tagged = g_malloc0 (length + 32 + 42 + 128);
  memcpy (tagged, bytes, length);
  memcpy (tagged + length, ape_header, 32);
  memcpy (tagged + length + 42, ape_footer, 32);
  memcpy (tagged + length + 74, "TAG", 3);
  put (f->path, tagged, length + 74 + 128);
  found = read_back (f->path);
  g_assert_cmpint (found.frames, ==, 10 * RATE);
  g_assert_cmpint (found.undecoded_bytes, ==, 0);
}

typedef struct
{
  int begun;
  int channels;
  int rate_hz;
  gint64 frames;
  gint64 fail_at; ///< frames after which it fails
  float *samples; ///< what is expected
} Listener;

static void
listener_begin (gpointer self, int channels, int rate_hz)
{
  Listener *listener = self;

  g_assert_cmpint (listener->frames, ==, 0);
  listener->begun++;
  listener->channels = channels;
  listener->rate_hz = rate_hz;
}

static gboolean
listener_feed (gpointer self, const float *samples, gint64 frames, GError **error)
{
  Listener *listener = self;
  gsize bytes = sizeof (float) * (gsize) (frames * listener->channels);

  if (listener->frames >= listener->fail_at)
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_LIMIT, "enough");
      return FALSE;
    }
  g_assert_cmpint (frames, <=, SL_BLOCK_FRAMES);
  g_assert_cmpmem (samples, bytes, listener->samples + listener->frames * listener->channels,
                   bytes);
  listener->frames += frames;
  return TRUE;
}

/* Both ways of decoding, as floats and through the MD5 of FLAC, give every sample once. */
static void
test_taps (Fixture *f, gconstpointer data)
{
  static const int kinds[] = { SF_FORMAT_WAV | SF_FORMAT_FLOAT, SF_FORMAT_FLAC | SF_FORMAT_PCM_24 };
  g_autofree float *noise = make_noise (2 * 50001);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      Listener a = { .fail_at = G_MAXINT64, .samples = noise };
      Listener b = a;
      SlTap taps[]
          = { { listener_begin, listener_feed, &a }, { listener_begin, listener_feed, &b } };
      SlReadback found;

      write_file (f->path, kinds[i], 2, RATE, 50001);
      g_assert_true (sl_readback_run (f->path, taps, 2, &found, NULL, NULL));
      g_assert_cmpint (a.begun, ==, 1);
      g_assert_cmpint (a.rate_hz, ==, RATE);
      g_assert_cmpint (a.frames, ==, 50001);
      g_assert_cmpint (b.frames, ==, 50001);
    }
}

static void
test_tap_fails (Fixture *f, gconstpointer data)
{
  g_autofree float *noise = make_noise (50000);
  Listener listener = { .fail_at = 20000, .samples = noise };
  SlTap tap = { listener_begin, listener_feed, &listener };
  g_autoptr (GError) error = NULL;
  SlReadback found;

  write_file (f->path, SF_FORMAT_WAV | SF_FORMAT_PCM_24, 1, RATE, 50000);
  g_assert_false (sl_readback_run (f->path, &tap, 1, &found, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_LIMIT);
}

/* NaN and infinity pass as they are: meters must see them. */
static void
test_not_a_number_passes (Fixture *f, gconstpointer data)
{
  const float samples[] = { 0.5f, NAN, -INFINITY, 2.0f };
  SF_INFO info = { .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT, .channels = 1, .samplerate = RATE };
  SNDFILE *file = sf_open (f->path, SFM_WRITE, &info);
  g_autoptr (SlSource) source = NULL;
  float got[4];

  sf_writef_float (file, samples, 4);
  sf_close (file);
  source = sl_reader_open (f->path, NULL, NULL);
  g_assert_true (sl_source_read_at (source, 0, got, 4, NULL));
  g_assert_true (isnan (got[1]));
  g_assert_cmpfloat (got[2], ==, -INFINITY);
  g_assert_cmpfloat (got[3], ==, 2.0f);
}

typedef struct
{
  double last;
  double stop_at;
  const char *cut; ///< file to make shorter on the way, or NULL
} Watcher;

static gboolean
watch (double fraction, gpointer data)
{
  Watcher *watcher = data;

  g_assert_cmpfloat (fraction, >=, watcher->last);
  g_assert_cmpfloat (fraction, <=, 1.0);
  watcher->last = fraction;
  if (watcher->cut != NULL && fraction > 0.5)
    g_assert_cmpint (truncate (watcher->cut, 100000), ==, 0);
  return fraction < watcher->stop_at;
}

static void
test_progress (Fixture *f, gconstpointer data)
{
  Watcher watcher = { .stop_at = 2.0 };
  SlProgress progress = { watch, &watcher };
  g_autoptr (GError) error = NULL;
  SlReadback found;

  write_file (f->path, SF_FORMAT_WAV | SF_FORMAT_PCM_24, 2, RATE, 100000);
  g_assert_true (sl_readback_run (f->path, NULL, 0, &found, &progress, NULL));
  g_assert_cmpfloat (watcher.last, ==, 1.0);
  watcher = (Watcher){ .stop_at = 0.5 };
  g_assert_false (sl_readback_run (f->path, NULL, 0, &found, &progress, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_CANCELLED);
  g_assert_cmpfloat (watcher.last, <, 0.9);
}

static void
test_changes_while_read (Fixture *f, gconstpointer data)
{
  Watcher watcher = { .stop_at = 2.0, .cut = f->path };
  SlProgress progress = { watch, &watcher };
  g_autoptr (GError) error = NULL;
  SlReadback found;

  write_file (f->path, SF_FORMAT_WAV | SF_FORMAT_FLOAT, 2, RATE, 300000);
  g_assert_false (sl_readback_run (f->path, NULL, 0, &found, &progress, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_CHANGED);
}

static void
test_reader_of_cut_file (Fixture *f, gconstpointer data)
{
  g_autoptr (SlSource) source = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree float *got = g_new (float, 300000);
  SlStat before;
  SlStat after;

  write_file (f->path, SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1, RATE, 300000);
  source = sl_reader_open (f->path, NULL, NULL);
  g_assert_true (sl_reader_stat (source, &before, NULL));
  g_assert_cmpint (truncate (f->path, 800000), ==, 0);
  g_assert_cmpint (sl_source_read (source, got, 300000, NULL), <=, 200000);
  g_assert_true (sl_reader_stat (source, &after, NULL));
  g_assert_false (sl_stat_equal (&before, &after));
  g_assert_false (sl_source_read_at (source, 250000, got, 10, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_DECODE);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/engine/io/reader/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("formats", test_formats);
  ADD ("samples", test_samples);
  ADD ("lossy-never-seeks", test_lossy_never_seeks);
  ADD ("not-audio", test_not_audio);
  ADD ("bounds", test_bounds);
  ADD ("no-frames", test_no_frames);
  ADD ("lying-wav", test_lying_wav);
  ADD ("trailing-chunk", test_trailing_chunk);
  ADD ("rf64-beyond-4-gib", test_rf64_beyond_4_gib);
  ADD ("wav-beyond-4-gib", test_wav_beyond_4_gib);
  ADD ("flac-length-lies", test_flac_length_lies);
  ADD ("flac-cut", test_flac_cut);
  ADD ("flac-bit-rot", test_flac_bit_rot);
  ADD ("flac-md5", test_flac_md5);
  ADD ("flac-behind-tag", test_flac_behind_tag);
  ADD ("real-flac", test_real_flac);
  ADD ("mp3", test_mp3);
  ADD ("mp3-tags", test_mp3_tags);
  ADD ("taps", test_taps);
  ADD ("tap-fails", test_tap_fails);
  ADD ("not-a-number-passes", test_not_a_number_passes);
  ADD ("progress", test_progress);
  ADD ("changes-while-read", test_changes_while_read);
  ADD ("reader-of-cut-file", test_reader_of_cut_file);
  return g_test_run ();
}
