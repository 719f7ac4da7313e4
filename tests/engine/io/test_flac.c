/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FLAC: what its header claims, what its MD5 proves, what damage does. */
#include "audio_files.h"
#include "engine/base/error.h"

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

/* Neither decoding nor reading of what is left of a FLAC may end well. */
static void
assert_damaged (const char *path, gint64 frames)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) of_reader = NULL;
  g_autoptr (SlSource) reader = sl_reader_open (path, NULL, NULL);
  g_autofree float *samples = g_new (float, frames * 2);
  SlReadback found;

  g_assert_false (sl_readback_run (path, NULL, 0, &found, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_DECODE);
  g_assert_nonnull (strstr (error->message, " frame "));
  g_assert_cmpint (sl_source_read (reader, samples, frames, &of_reader), ==, -1);
  g_assert_error (of_reader, SL_ERROR, SL_ERROR_DECODE);
}

static void
test_flac_cut (Fixture *f, gconstpointer data)
{
  gsize length;
  g_autofree guint8 *bytes = make_flac (f, SF_FORMAT_PCM_24, 100000, &length);

  for (gsize at = length / 20; at < length; at += length / 20)
    {
      put (f->path, bytes, at);
      assert_damaged (f->path, 100000);
    }
}

static void
test_flac_seek_beyond_cut (Fixture *f, gconstpointer data)
{
  gsize length;
  g_autofree guint8 *bytes = make_flac (f, SF_FORMAT_PCM_24, 100000, &length);
  g_autofree float *got = g_new (float, 2 * 20000);
  g_autoptr (SlSource) source = NULL;
  g_autoptr (GError) error = NULL;

  put (f->path, bytes, length / 2);
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
      assert_damaged (f->path, 50000);
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

/* A tag behind the audio is in order; anything else there is reported, but the audio is whole. */
static void
test_flac_tail (Fixture *f, gconstpointer data)
{
  gsize length;
  g_autofree guint8 *bytes = make_flac (f, SF_FORMAT_PCM_16, 20000, &length);
  g_autofree guint8 *longer = g_malloc0 (length + 30000);
  SlReadback found;

  memcpy (longer, bytes, length);
  memcpy (longer + length, "TAG", 3);
  put (f->path, longer, length + 128);
  found = read_back (f->path);
  g_assert_cmpint (found.frames, ==, 20000);
  g_assert_cmpint (found.undecoded_bytes, ==, 0);
  put (f->path, longer, length + 30000);
  found = read_back (f->path);
  g_assert_cmpint (found.frames, ==, 20000);
  g_assert_false (found.checksum_failed);
  g_assert_cmpint (found.undecoded_bytes, >, 0);
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

#define ADD(name, func) g_test_add ("/engine/io/flac/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("length-lies", test_flac_length_lies);
  ADD ("cut", test_flac_cut);
  ADD ("seek-beyond-cut", test_flac_seek_beyond_cut);
  ADD ("bit-rot", test_flac_bit_rot);
  ADD ("md5", test_flac_md5);
  ADD ("behind-tag", test_flac_behind_tag);
  ADD ("tail", test_flac_tail);
  ADD ("real", test_real_flac);
  return g_test_run ();
}
