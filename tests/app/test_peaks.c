/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service of waveforms: files are made by the helper, pictures by threads, and neither is tried
 * for ever. */
#include "app/peaks.h"

#include "tests/support/temp_folder.h"
#include "tests/support/wav_file.h"

#include <unistd.h>

#define RATE_HZ 48000
#define FRAMES ((gint64) RATE_HZ)
#define WATCHDOG_S 50

typedef struct
{
  TestFolder *folder;
  char *cache_folder;
  char *cache_path;
  char *path;
  char hex[SL_DIGEST_HEX_LENGTH + 1];
  SlPeaks *peaks;
  guint changes;
  int losses; /* how often the cache file is cut as soon as it is ready */
} Fixture;

static void
on_changed (SlPeaks *peaks, const char *digest_hex, Fixture *fixture)
{
  fixture->changes++;
  if (fixture->losses > 0 && sl_peaks_get_state (peaks, digest_hex, NULL) == SL_PEAKS_READY)
    {
      g_assert_cmpint (truncate (fixture->cache_path, 600), ==, 0);
      fixture->losses--;
    }
}

static void
open_peaks (Fixture *fixture)
{
  fixture->peaks = sl_peaks_new (fixture->cache_folder);
  g_signal_connect (fixture->peaks, "changed", G_CALLBACK (on_changed), fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree float *samples = g_new0 (float, FRAMES * 2);
  SlDigest digest;

  for (gint64 i = 0; i < FRAMES / 2; i++) /* left: loud, then silent; right: silent */
    samples[2 * i] = i % 2 == 0 ? 0.5f : -0.5f;
  fixture->folder = test_folder_new ();
  fixture->cache_folder = g_build_filename (fixture->folder, "below", "cache", NULL);
  fixture->path = wav_write (fixture->folder, "tone.wav", samples, 2, RATE_HZ, FRAMES);
  g_assert_true (sl_digest_file (fixture->path, &digest, NULL, NULL));
  sl_digest_to_hex (&digest, fixture->hex);
  fixture->cache_path = g_strdup_printf ("%s/%s.peaks", fixture->cache_folder, fixture->hex);
  open_peaks (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->peaks);
  g_free (fixture->cache_path);
  g_free (fixture->cache_folder);
  g_free (fixture->path);
  test_folder_free (fixture->folder);
}

static SlPeaksState
get_state (Fixture *fixture)
{
  return sl_peaks_get_state (fixture->peaks, fixture->hex, NULL);
}

static void
wait_while (Fixture *fixture, SlPeaksState state)
{
  while (get_state (fixture) == state)
    g_main_context_iteration (NULL, TRUE);
}

static void
make_ready (Fixture *fixture, gboolean vouched)
{
  sl_peaks_prepare (fixture->peaks, fixture->path, fixture->hex, vouched);
  wait_while (fixture, SL_PEAKS_MAKING);
  g_assert_cmpint (get_state (fixture), ==, SL_PEAKS_READY);
}

static SlTileKey
make_key (Fixture *fixture, gint64 frames, gint64 index)
{
  SlTileKey key = { .frames = frames,
                    .index = index,
                    .height = 32,
                    .scale = 1,
                    .colors = { 0xff0000ff, 0xff0000ff, 0xffff0000 } };

  g_strlcpy (key.digest_hex, fixture->hex, sizeof key.digest_hex);
  return key;
}

static GdkTexture *
get_tile (Fixture *fixture, const SlTileKey *key)
{
  GdkTexture *texture;

  sl_peaks_show_tiles (fixture->peaks, fixture, key, 1);
  while ((texture = sl_peaks_peek_tile (fixture->peaks, key)) == NULL
         && get_state (fixture) != SL_PEAKS_FAILED)
    g_main_context_iteration (NULL, TRUE);
  return texture;
}

/* How many pixels of the column @x have colour. */
static guint
column_height (GdkTexture *texture, int x)
{
  int width = gdk_texture_get_width (texture);
  int height = gdk_texture_get_height (texture);
  g_autofree guint32 *pixels = g_new (guint32, width * height);
  guint count = 0;

  gdk_texture_download (texture, (guchar *) pixels, sizeof *pixels * (gsize) width);
  for (int y = 0; y < height; y++)
    count += pixels[y * width + x] != 0;
  return count;
}

static void
test_made (Fixture *fixture, gconstpointer data)
{
  SlPeaksInfo info;

  g_assert_cmpint (get_state (fixture), ==, SL_PEAKS_UNKNOWN);
  sl_peaks_prepare (fixture->peaks, fixture->path, fixture->hex, FALSE);
  g_assert_cmpint (get_state (fixture), ==, SL_PEAKS_MAKING);
  wait_while (fixture, SL_PEAKS_MAKING);
  g_assert_cmpint (sl_peaks_get_state (fixture->peaks, fixture->hex, &info), ==, SL_PEAKS_READY);
  g_assert_cmpint (info.frames, ==, FRAMES);
  g_assert_cmpint (info.channels, ==, 2);
  g_assert_cmpint (info.rate_hz, ==, RATE_HZ);
  g_assert_true (g_file_test (fixture->cache_path, G_FILE_TEST_IS_REGULAR));
  g_assert_cmpuint (fixture->changes, ==, 2);
}

static void
test_tiles (Fixture *fixture, gconstpointer data)
{
  SlTileKey key = make_key (fixture, 65536, 0);
  GdkTexture *texture;

  make_ready (fixture, FALSE);
  texture = get_tile (fixture, &key);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, SL_TILE_WIDTH);
  /* Half of full scale: 15 of 32 rows; then silence: one; then nothing. */
  g_assert_cmpuint (column_height (texture, 20), >=, 15);
  g_assert_cmpuint (column_height (texture, 20), <=, 17);
  g_assert_cmpuint (column_height (texture, 120), ==, 1);
  g_assert_cmpuint (column_height (texture, 200), ==, 0);
}

/* Samples are read only from a file that is vouched for: else bins are stretched. */
static void
test_vouched (Fixture *fixture, gconstpointer data)
{
  SlTileKey key = make_key (fixture, 16, 10);
  SlTileKey other = make_key (fixture, 16, 11);

  make_ready (fixture, FALSE);
  g_assert_cmpuint (column_height (get_tile (fixture, &key), 8), >=, 15); /* a bar, of a bin */
  sl_peaks_prepare (fixture->peaks, fixture->path, fixture->hex, TRUE);
  g_assert_cmpuint (column_height (get_tile (fixture, &other), 8), <, 15); /* a line */
}

static void
test_remade (Fixture *fixture, gconstpointer data)
{
  SlTileKey key = make_key (fixture, 65536, 0);

  fixture->losses = 1;
  make_ready (fixture, FALSE);
  g_assert_nonnull (get_tile (fixture, &key));
  g_assert_cmpint (get_state (fixture), ==, SL_PEAKS_READY);
  g_assert_cmpuint (fixture->changes, ==, 5); /* twice making and ready, and the picture */
}

static void
test_folder_vanishes (Fixture *fixture, gconstpointer data)
{
  make_ready (fixture, FALSE);
  g_clear_object (&fixture->peaks);
  test_folder_free (g_build_filename (fixture->folder, "below", NULL));
  open_peaks (fixture);
  make_ready (fixture, FALSE);
  g_assert_true (g_file_test (fixture->cache_path, G_FILE_TEST_IS_REGULAR));
}

static void
test_failure_is_kept (Fixture *fixture, gconstpointer data)
{
  g_autofree char *noise = g_build_filename (fixture->folder, "noise.wav", NULL);
  guint changes;

  g_assert_true (g_file_set_contents (noise, "this is not audio", -1, NULL));
  sl_peaks_prepare (fixture->peaks, noise, fixture->hex, FALSE);
  wait_while (fixture, SL_PEAKS_MAKING);
  g_assert_cmpint (get_state (fixture), ==, SL_PEAKS_FAILED);
  changes = fixture->changes;
  sl_peaks_prepare (fixture->peaks, noise, fixture->hex, FALSE);
  g_assert_cmpint (get_state (fixture), ==, SL_PEAKS_FAILED);
  g_assert_cmpuint (fixture->changes, ==, changes);
  make_ready (fixture, FALSE); /* at another place it may be whole */
  sl_peaks_prepare (fixture->peaks, noise, fixture->hex, FALSE);
  g_assert_cmpint (get_state (fixture), ==, SL_PEAKS_READY); /* the same audio is known */
}

static void
test_other_bytes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *cache_path = NULL;

  fixture->hex[0] = fixture->hex[0] == '0' ? '1' : '0';
  cache_path = g_strdup_printf ("%s/%s.peaks", fixture->cache_folder, fixture->hex);
  sl_peaks_prepare (fixture->peaks, fixture->path, fixture->hex, FALSE);
  wait_while (fixture, SL_PEAKS_MAKING);
  g_assert_cmpint (get_state (fixture), ==, SL_PEAKS_FAILED);
  g_assert_false (g_file_test (cache_path, G_FILE_TEST_EXISTS));
}

/* A cache file that cannot be kept is not made for ever. */
static void
test_no_loop (Fixture *fixture, gconstpointer data)
{
  SlTileKey key = make_key (fixture, 65536, 0);

  fixture->losses = 100;
  make_ready (fixture, FALSE);
  g_assert_null (get_tile (fixture, &key));
  g_assert_cmpint (get_state (fixture), ==, SL_PEAKS_FAILED);
  g_assert_cmpint (fixture->losses, >, 90);
}

static void
test_dropped_while_making (Fixture *fixture, gconstpointer data)
{
  gint64 until = g_get_monotonic_time () + 300 * G_TIME_SPAN_MILLISECOND;

  sl_peaks_prepare (fixture->peaks, fixture->path, fixture->hex, FALSE);
  g_object_unref (fixture->peaks);
  while (g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (fixture->changes, ==, 1);
  open_peaks (fixture);
}

int
main (int argc, char **argv)
{
  const struct
  {
    const char *name;
    void (*run) (Fixture *, gconstpointer);
  } tests[] = { { "/peaks/made", test_made },
                { "/peaks/tiles", test_tiles },
                { "/peaks/vouched", test_vouched },
                { "/peaks/remade", test_remade },
                { "/peaks/folder-vanishes", test_folder_vanishes },
                { "/peaks/failure-is-kept", test_failure_is_kept },
                { "/peaks/other-bytes", test_other_bytes },
                { "/peaks/no-loop", test_no_loop },
                { "/peaks/dropped-while-making", test_dropped_while_making } };

  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
