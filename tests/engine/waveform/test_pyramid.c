/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/waveform/pyramid.h"

#include "engine/base/error.h"
#include "engine/base/units.h"

#include "../../support/noise.h"
#include "../../support/temp_folder.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define RATE 44100
#define DIGEST "0123456789abcdef0123456789ABCDEF"
#define HEADER_BYTES 512
#define CHECKSUM_AT 496

/* Feeds @samples in pieces of changing length, up to @block frames, and gives the file its name. */
static void
build (const char *path, const float *samples, int channels, gint64 frames, gint64 block)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlPyramidBuilder) builder = sl_pyramid_builder_new (path, &error);
  g_autoptr (SlPart) part = NULL;
  guint32 seed = 77;
  SlTap tap;
  gint64 n;

  g_assert_no_error (error);
  tap = sl_pyramid_builder_tap (builder);
  tap.begin (tap.self, channels, RATE);
  for (gint64 at = 0; at < frames; at += n)
    {
      n = 1 + (noise_bits (&seed) >> 8) % block;
      n = MIN (n, frames - at);
      g_assert_true (tap.feed (tap.self, samples + at * channels, n, &error));
    }
  part = sl_pyramid_builder_finish (builder, DIGEST, &error);
  g_assert_no_error (error);
  g_assert_true (sl_part_commit (part, &error));
  g_assert_no_error (error);
}

static SlPyramid *
open_pyramid (const char *path)
{
  g_autoptr (GError) error = NULL;
  SlPyramid *pyramid = sl_pyramid_open (path, &error);

  g_assert_no_error (error);
  return pyramid;
}

static void
assert_refused (const char *path, SlError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sl_pyramid_open (path, &error));
  g_assert_error (error, SL_ERROR, (int) code);
}

/* Noise whose level changes from 0 to above full scale. */
static float *
make_noise (gint64 frames, int channels)
{
  float *out = g_new (float, frames *channels);
  guint32 seed = (guint32) (frames + channels);

  for (gint64 i = 0; i < frames; i++)
    for (int c = 0; c < channels; c++)
      out[i * channels + c]
          = (float) (0.6 + 0.6 * sin ((double) i / 7000.0 + c)) * noise_sample (&seed);
  return out;
}

static int
unit (double value)
{
  return (int) lrint (CLAMP (value, -1.0, 1.0) * 32767.0);
}

/* Minimum and maximum are exact; the RMS within 1/32767, as the order of adding is free. */
static void
assert_bin (const SlBin *bin, const float *samples, int channels, int channel, gint64 frames)
{
  double min = INFINITY, max = -INFINITY, squares = 0.0;

  for (gint64 i = 0; i < frames; i++)
    {
      double x = samples[i * channels + channel];

      x = isfinite (x) ? x : 0.0;
      min = MIN (min, x);
      max = MAX (max, x);
      squares += x * x;
    }
  g_assert_cmpint (bin->min, ==, unit (min));
  g_assert_cmpint (bin->max, ==, unit (max));
  g_assert_cmpint (ABS (bin->rms - unit (sqrt (squares / (double) frames))), <=, 1);
}

static void
assert_level (SlPyramid *pyramid, guint level, const float *samples)
{
  int channels = sl_pyramid_get_channels (pyramid);
  gint64 frames = sl_pyramid_get_frames (pyramid);
  gint64 bin_frames = sl_pyramid_get_bin_frames (pyramid, level);
  gint64 n = (frames + bin_frames - 1) / bin_frames;
  g_autofree SlBin *bins = g_new (SlBin, (n + 1) * channels);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (sl_pyramid_read (pyramid, level, 0, n + 1, bins, &error), ==, n);
  g_assert_no_error (error);
  for (gint64 i = 0; i < n; i++)
    for (int c = 0; c < channels; c++)
      assert_bin (&bins[i * channels + c], samples + i * bin_frames * channels, channels, c,
                  MIN (bin_frames, frames - i * bin_frames));
}

static void
assert_shows (const char *path, const float *samples, int channels, gint64 frames)
{
  g_autoptr (SlPyramid) pyramid = open_pyramid (path);
  guint levels = sl_pyramid_get_levels (pyramid);
  gint64 bin_frames = SL_PYRAMID_BASE_FRAMES;

  g_assert_cmpint (sl_pyramid_get_channels (pyramid), ==, channels);
  g_assert_cmpint (sl_pyramid_get_frames (pyramid), ==, frames);
  g_assert_cmpint (sl_pyramid_get_rate_hz (pyramid), ==, RATE);
  g_assert_cmpstr (sl_pyramid_get_digest_hex (pyramid), ==, DIGEST);
  for (guint level = 0; level < levels; level++)
    {
      g_assert_cmpint (sl_pyramid_get_bin_frames (pyramid, level), ==, bin_frames);
      g_assert_cmpint (level + 1 < levels, ==, bin_frames < frames);
      assert_level (pyramid, level, samples);
      bin_frames *= SL_PYRAMID_STEP;
    }
}

/* --- what it shows --- */

static void
test_brute_force (void)
{
  const gint64 lengths[] = { 1, 255, 256, 257, 1024, 1025, 65536, 65537, 1000000 };
  const int channels[] = { 1, 2, 3, 4, 16 };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "wave", NULL);

  for (guint c = 0; c < G_N_ELEMENTS (channels); c++)
    for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
      {
        g_autofree float *samples = NULL;

        if (channels[c] > 3 && lengths[i] > 70000)
          continue;
        samples = make_noise (lengths[i], channels[c]);
        build (path, samples, channels[c], lengths[i], 3000);
        assert_shows (path, samples, channels[c], lengths[i]);
      }
  g_assert_cmpuint (test_folder_count (folder), ==, 1);
}

/* However the stream comes in pieces. */
static void
test_blocks (void)
{
  const gint64 blocks[] = { 1, 2, 100, 256, 8192, 20000 };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "wave", NULL);
  g_autofree float *samples = make_noise (20000, 2);

  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
    {
      build (path, samples, 2, 20000, blocks[i]);
      assert_shows (path, samples, 2, 20000);
    }
}

/* Beyond full scale, far beyond, and not a number: once in every place of a bin. */
static void
test_odd_samples (void)
{
  const float odd[] = { 1.5f, -3.0f, 3e38f, -3e38f, NAN, INFINITY, -INFINITY };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "wave", NULL);

  for (int channels = 1; channels <= 3; channels++)
    for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
      {
        gint64 frames = 257 * 256;
        g_autofree float *samples = make_noise (frames, channels);

        for (gint64 bin = 0; bin < 256; bin++)
          samples[(bin * 256 + bin) * channels + bin % channels] = odd[i];
        build (path, samples, channels, frames, 3000);
        assert_shows (path, samples, channels, frames);
      }
}

static void
test_nothing_but_nan (void)
{
  const SlBin zero = { 0, 0, 0 };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "wave", NULL);
  g_autofree float *samples = g_new (float, 600);
  g_autoptr (SlPyramid) pyramid = NULL;
  SlBin bins[3];

  for (int i = 0; i < 600; i++)
    samples[i] = NAN;
  build (path, samples, 1, 600, 600);
  pyramid = open_pyramid (path);
  g_assert_cmpint (sl_pyramid_read (pyramid, 0, 0, 3, bins, NULL), ==, 3);
  for (int i = 0; i < 3; i++)
    g_assert_cmpmem (&bins[i], sizeof zero, &zero, sizeof zero);
}

/* --- reading pieces --- */

static void
test_pieces (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "wave", NULL);
  g_autofree float *samples = make_noise (300000, 2);
  g_autoptr (SlPyramid) pyramid = NULL;
  SlBin all[2 * 1200], piece[2 * 1200];
  guint32 seed = 8;

  build (path, samples, 2, 300000, 9000);
  pyramid = open_pyramid (path);
  for (guint level = 0; level < sl_pyramid_get_levels (pyramid); level++)
    {
      gint64 bins = sl_pyramid_read (pyramid, level, 0, 1200, all, NULL);

      for (int round = 0; round < 100; round++)
        {
          gint64 first = (noise_bits (&seed) >> 8) % (guint32) (bins + 3);
          gint64 n = (noise_bits (&seed) >> 8) % 50;
          gint64 expected = CLAMP (bins - first, 0, n);

          g_assert_cmpint (sl_pyramid_read (pyramid, level, first, n, piece, NULL), ==, expected);
          if (expected > 0)
            g_assert_cmpmem (piece, (gsize) expected * 2 * sizeof (SlBin), all + 2 * first,
                             (gsize) expected * 2 * sizeof (SlBin));
        }
    }
}

static void
test_empty (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "wave", NULL);
  g_autoptr (SlPyramid) pyramid = NULL;
  SlBin bin;

  build (path, NULL, 2, 0, 1);
  pyramid = open_pyramid (path);
  g_assert_cmpint (sl_pyramid_get_frames (pyramid), ==, 0);
  g_assert_cmpuint (sl_pyramid_get_levels (pyramid), ==, 1);
  g_assert_cmpint (sl_pyramid_read (pyramid, 0, 0, 1, &bin, NULL), ==, 0);
}

/* --- what is refused --- */

typedef struct
{
  TestFolder *folder;
  char *path;
  guint8 *bytes; // of a whole file
  gsize length;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree float *samples = make_noise (5000, 2);

  fixture->folder = test_folder_new ();
  fixture->path = g_build_filename (fixture->folder, "wave", NULL);
  build (fixture->path, samples, 2, 5000, 5000);
  g_assert_true (
      g_file_get_contents (fixture->path, (char **) &fixture->bytes, &fixture->length, NULL));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  test_folder_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->bytes);
}

static void
store (const Fixture *fixture, gsize length)
{
  g_unlink (fixture->path);
  g_assert_true (g_file_set_contents_full (fixture->path, (const char *) fixture->bytes,
                                           (gssize) length, G_FILE_SET_CONTENTS_NONE, 0666, NULL));
}

static void
test_damaged_header (Fixture *fixture, gconstpointer data)
{
  for (gsize at = 0; at < HEADER_BYTES; at++)
    {
      guint8 bit = (guint8) (1 << (at % 8));

      fixture->bytes[at] ^= bit;
      store (fixture, fixture->length);
      assert_refused (fixture->path, SL_ERROR_DECODE);
      fixture->bytes[at] ^= bit;
    }
  store (fixture, fixture->length);
  sl_pyramid_close (open_pyramid (fixture->path));
}

static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  for (gsize length = 0; length < fixture->length; length += length < HEADER_BYTES ? 73 : 1)
    {
      store (fixture, length);
      assert_refused (fixture->path, SL_ERROR_DECODE);
    }
  store (fixture, fixture->length);
  g_assert_cmpint (truncate (fixture->path, (off_t) fixture->length + 1), ==, 0);
  assert_refused (fixture->path, SL_ERROR_DECODE);
}

static void
seal_header (guint8 *header)
{
  SlDigest checksum = sl_digest_bytes (header, CHECKSUM_AT);

  memcpy (header + CHECKSUM_AT, checksum.bytes, sizeof checksum.bytes);
}

/* Numbers that nobody has written, under a checksum that fits. */
static void
test_forged (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    gsize at;
    guint8 bytes[8];
    gsize n;
  } rows[] = { { 8, { 2 }, 1 },
               { 12, { 0 }, 1 },
               { 12, { 17 }, 1 },
               { 12, { 255, 255, 255, 255 }, 4 },
               { 16, { 0, 0, 0, 0 }, 4 },
               { 16, { 0, 0, 0, 128 }, 4 },
               { 20, { 255, 255, 255, 255 }, 4 },
               { 24, { 255, 255, 255, 255, 255, 255, 255, 255 }, 8 },
               { 24, { 255, 255, 255, 255, 255, 255, 255, 127 }, 8 },
               { 24, { 0, 0, 0, 0, 0, 0, 16, 0 }, 8 },
               { 24, { 0 }, 8 },
               { 32, { 'x' }, 1 },
               { 64, { 0 }, 2 },
               { 72, { 0 }, 2 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint8 kept[HEADER_BYTES];

      memcpy (kept, fixture->bytes, sizeof kept);
      memcpy (fixture->bytes + rows[i].at, rows[i].bytes, rows[i].n);
      seal_header (fixture->bytes);
      store (fixture, fixture->length);
      assert_refused (fixture->path, SL_ERROR_DECODE);
      memcpy (fixture->bytes, kept, sizeof kept);
    }
}

/* An empty file is as long with any number of channels. */
static void
test_forged_channels (Fixture *fixture, gconstpointer data)
{
  const guint8 channels[] = { 0, 17, 255 };

  build (fixture->path, NULL, 16, 0, 1);
  g_free (fixture->bytes);
  g_assert_true (
      g_file_get_contents (fixture->path, (char **) &fixture->bytes, &fixture->length, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      fixture->bytes[12] = channels[i];
      seal_header (fixture->bytes);
      store (fixture, fixture->length);
      assert_refused (fixture->path, SL_ERROR_DECODE);
    }
}

static void
test_not_there (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  assert_refused (fixture->path, SL_ERROR_OPEN);
  assert_refused (fixture->folder, SL_ERROR_OPEN);
}

/* A file that is cut while it is open: what a reader may have in its buffer is at its start. */
static void
test_cut_while_open (void)
{
  gint64 frames = 100 * SL_BLOCK_FRAMES;
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "wave", NULL);
  g_autofree float *samples = g_new0 (float, frames * 16);
  g_autoptr (SlPyramid) pyramid = NULL;
  g_autoptr (GError) error = NULL;
  SlBin bins[16];

  build (path, samples, 16, frames, frames);
  pyramid = open_pyramid (path);
  g_assert_cmpint (sl_pyramid_read (pyramid, 0, 0, 1, bins, &error), ==, 1);
  g_assert_cmpint (truncate (path, HEADER_BYTES + 3199 * 96 + 95), ==, 0);
  g_assert_cmpint (sl_pyramid_read (pyramid, 0, 3199, 1, bins, &error), ==, -1);
  g_assert_error (error, SL_ERROR, SL_ERROR_DECODE);
}

/* --- writing that fails --- */

static int
refuse_writes (const char *call, const char *path, gpointer data)
{
  return g_str_equal (call, "write") ? ENOSPC : 0;
}

/* The error is told at the latest by the end, and nothing is left. */
static void
test_disk_full (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "wave", NULL);
  const gint64 lengths[] = { 100, 20000000 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree float *samples = g_new0 (float, SL_BLOCK_FRAMES);
      g_autoptr (GError) error = NULL;
      g_autoptr (SlPyramidBuilder) builder = sl_pyramid_builder_new (path, &error);
      SlTap tap = sl_pyramid_builder_tap (builder);
      gboolean ok = TRUE;

      sl_file_set_fault_hook (refuse_writes, NULL);
      tap.begin (tap.self, 1, RATE);
      for (gint64 at = 0; at < lengths[i] && ok; at += SL_BLOCK_FRAMES)
        ok = tap.feed (tap.self, samples, MIN (SL_BLOCK_FRAMES, lengths[i] - at), &error);
      if (ok)
        g_assert_null (sl_pyramid_builder_finish (builder, DIGEST, &error));
      sl_file_set_fault_hook (NULL, NULL);
      g_assert_cmpint (ok, ==, lengths[i] < 1000000);
      g_assert_error (error, SL_ERROR, SL_ERROR_NO_SPACE);
      g_clear_pointer (&builder, sl_pyramid_builder_free);
      g_assert_cmpuint (test_folder_count (folder), ==, 0);
    }
}

static void
add_refused (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/waveform/pyramid/brute-force", test_brute_force);
  g_test_add_func ("/waveform/pyramid/blocks", test_blocks);
  g_test_add_func ("/waveform/pyramid/odd-samples", test_odd_samples);
  g_test_add_func ("/waveform/pyramid/nothing-but-nan", test_nothing_but_nan);
  g_test_add_func ("/waveform/pyramid/pieces", test_pieces);
  g_test_add_func ("/waveform/pyramid/empty", test_empty);
  add_refused ("/waveform/pyramid/damaged-header", test_damaged_header);
  add_refused ("/waveform/pyramid/truncated", test_truncated);
  add_refused ("/waveform/pyramid/forged", test_forged);
  add_refused ("/waveform/pyramid/forged-channels", test_forged_channels);
  add_refused ("/waveform/pyramid/not-there", test_not_there);
  g_test_add_func ("/waveform/pyramid/cut-while-open", test_cut_while_open);
  g_test_add_func ("/waveform/pyramid/disk-full", test_disk_full);
  return g_test_run ();
}
