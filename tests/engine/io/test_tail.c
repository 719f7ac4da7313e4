/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Headers that lie about sizes, and what lies behind the audio. */
#include "engine/io/tail.h"

#include "audio_files.h"

#include <fcntl.h>
#include <unistd.h>

/* A WAV of 1000 frames, mono, 16 bit (44 bytes of header, 2000 of audio) whose sizes lie. */
typedef struct
{
  guint32 riff;
  guint32 data;
  gsize length; ///< bytes of the file that are left
  gint64 frames;
  gint64 undecoded;
  const char *fault; ///< how the reported fault begins, or NULL
} Lie;

static const Lie lies[] = {
  { 2036, 2000, 2044, 1000, 0, NULL },
  { 90036, 2000, 2044, 1000, 0, "RIFF" },
  { 2036, 90000, 2044, 1000, 0, "data" },
  { 90036, 90000, 2044, 1000, 0, "data" },
  { 0xffffffff, 0xffffffff, 2044, 1000, 0, "data" },
  { 2036, 2000, 1044, 500, 0, "data" },
  { 2036, 2000, 1045, 500, 0, "data" },
  { 2036, 400, 2044, 200, 1600, "***" },
  { 0, 0, 2044, 0, 2000, "***" },
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
      if (lies[i].fault == NULL)
        g_assert_cmpstr (found.info.header_fault, ==, "");
      else
        g_assert_true (g_str_has_prefix (found.info.header_fault, lies[i].fault));
    }
}

/* Float and extensible WAV of other writers have no "fact" chunk but some of their own, and nothing
 * is missing. */
static void
test_no_fact_chunk (Fixture *f, gconstpointer data)
{
  static const int kinds[] = { SF_FORMAT_WAV | SF_FORMAT_FLOAT, SF_FORMAT_WAVEX | SF_FORMAT_FLOAT };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree guint8 *bytes = NULL;
      guint8 *fact;
      SlReadback found;
      gsize length;

      write_file (f->path, kinds[i], 1, RATE, 1000);
      bytes = slurp (f->path, &length);
      fact = memmem (bytes, 100, "fact", 4);
      g_assert_nonnull (fact);
      memcpy (fact, "junk", 4);
      put (f->path, bytes, length);
      found = read_back (f->path);
      g_assert_cmpint (found.frames, ==, 1000);
      g_assert_cmpstr (found.info.header_fault, ==, "");
    }
}

/* Zeros where a chunk should be: told, whether or not they lie inside the RIFF chunk. */
static void
test_zeros_behind_audio (Fixture *f, gconstpointer data)
{
  g_autofree guint8 *bytes = NULL;
  SlReadback found;
  gsize length;

  write_file (f->path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, RATE, 1000);
  bytes = slurp (f->path, &length);
  memset (bytes + 44 + 400, 0, length - 444);
  put_le32 (bytes + 40, 400);
  put (f->path, bytes, length);
  found = read_back (f->path);
  g_assert_cmpint (found.undecoded_bytes, ==, 1600);
  g_assert_cmpstr (found.info.header_fault, !=, "");
  put_le32 (bytes + 4, 36 + 400);
  put (f->path, bytes, length);
  found = read_back (f->path);
  g_assert_cmpint (found.undecoded_bytes, ==, 0);
  g_assert_cmpstr (found.info.header_fault, !=, "");
}

/* Chunks behind the audio are no audio. */
static void
test_trailing_chunk (Fixture *f, gconstpointer data)
{
  /* The first has an odd length, and a byte of padding. */
  static const guint8 chunk[] = "LIST\x09\0\0\0INFOabcde\0zzzz\x02\0\0\0..";
  const gsize chunk_length = sizeof chunk - 1;
  g_autofree guint8 *bytes = NULL;
  g_autofree guint8 *longer = g_malloc (2044 + chunk_length);
  SlReadback found;
  gsize length;

  write_file (f->path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, RATE, 1000);
  bytes = slurp (f->path, &length);
  memcpy (longer, bytes, 2044);
  memcpy (longer + 2044, chunk, chunk_length);
  put_le32 (longer + 4, 2036 + (guint32) chunk_length);
  put (f->path, longer, 2044 + chunk_length);
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

#define ADD(name, func) g_test_add ("/engine/io/tail/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("lying-wav", test_lying_wav);
  ADD ("no-fact-chunk", test_no_fact_chunk);
  ADD ("zeros-behind-audio", test_zeros_behind_audio);
  ADD ("trailing-chunk", test_trailing_chunk);
  ADD ("rf64-beyond-4-gib", test_rf64_beyond_4_gib);
  ADD ("wav-beyond-4-gib", test_wav_beyond_4_gib);
  ADD ("mp3", test_mp3);
  ADD ("mp3-tags", test_mp3_tags);
  return g_test_run ();
}
