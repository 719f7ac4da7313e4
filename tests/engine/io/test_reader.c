/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/io/reader.h"

#include "audio_files.h"
#include "engine/base/error.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

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
  g_assert_cmpint (sl_source_read (source, got, 300000, &error), ==, -1);
  g_assert_error (error, SL_ERROR, SL_ERROR_CHANGED);
  g_assert_nonnull (strstr (error->message, "take.wav"));
  g_assert_true (sl_reader_stat (source, &after, NULL));
  g_assert_false (sl_stat_equal (&before, &after));
}

#define ADD(name, func)                                                                            \
  g_test_add ("/engine/io/reader/" name, Fixture, NULL, set_up, func, tear_down)

static guint
count_open_files (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* In order and after jumps, with calls that are buffered and such that are not. */
static void
test_reader_at_rest (Fixture *f, gconstpointer data)
{
  static const gint64 starts[] = { 0, 1000, 150000, 20, 299000 };
  g_autofree float *expected = g_new (float, 300000);
  g_autofree float *got = g_new (float, 300000);
  g_autoptr (SlSource) awake = NULL;
  g_autoptr (SlSource) resting = NULL;
  guint n_open;

  write_file (f->path, SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1, RATE, 300000);
  awake = sl_reader_open (f->path, NULL, NULL);
  n_open = count_open_files ();
  resting = sl_reader_open (f->path, NULL, NULL);
  g_assert_true (sl_reader_rest (resting, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    for (gint64 frames = 1; frames <= 300000 - starts[i]; frames = frames * 5 + 3)
      {
        g_assert_cmpuint (count_open_files (), ==, n_open);
        g_assert_true (sl_source_read_at (awake, starts[i], expected, frames, NULL));
        g_assert_true (sl_source_read_at (resting, starts[i], got, frames, NULL));
        g_assert_cmpmem (got, (gsize) frames * 4, expected, (gsize) frames * 4);
      }
}

/* Whoever reads must not go on with another file's samples. */
static void
test_reader_at_rest_of_another_file (Fixture *f, gconstpointer data)
{
  static const SlError codes[] = { SL_ERROR_OPEN, SL_ERROR_CHANGED, SL_ERROR_CHANGED };
  g_autofree char *other = g_build_filename (f->folder, "other.wav", NULL);
  g_autofree float *got = g_new (float, 300000);

  for (int what = 0; what < 3; what++)
    {
      g_autoptr (SlSource) source = NULL;
      g_autoptr (GError) error = NULL;

      write_file (f->path, SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1, RATE, 300000);
      write_file (other, SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1, RATE, 300000);
      source = sl_reader_open (f->path, NULL, NULL);
      g_assert_true (sl_reader_rest (source, NULL));
      if (what == 0)
        g_assert_cmpint (unlink (f->path), ==, 0);
      else if (what == 1)
        g_assert_cmpint (rename (other, f->path), ==, 0);
      else
        g_assert_cmpint (truncate (f->path, 800000), ==, 0);
      g_assert_false (sl_source_read_at (source, 0, got, 300000, &error));
      g_assert_error (error, SL_ERROR, (int) codes[what]);
    }
}

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
  ADD ("not-a-number-passes", test_not_a_number_passes);
  ADD ("reader-of-cut-file", test_reader_of_cut_file);
  ADD ("reader-at-rest", test_reader_at_rest);
  ADD ("reader-at-rest-of-another-file", test_reader_at_rest_of_another_file);
  return g_test_run ();
}
