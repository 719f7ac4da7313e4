/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of waveforms: their zooms, columns, pixels, the cache and the queue. */
#include "app/tile_queue.h"
#include "app/tile_raster.h"

#include <math.h>
#include <string.h>

#define HEIGHT 32

#define PEAK 0x80ff0000u /* half opaque: 0x80800000 when premultiplied */
#define RMS 0xff0000ffu
#define CLIP 0xff00ff00u

static void
test_zooms (void)
{
  const struct
  {
    double frames;
    gint64 zoom;
  } cases[] = {
    { 0.5, 2 }, { 2.9, 2 }, { 3, 3 }, { 5, 4 }, { 255, 192 }, { 256, 256 }, { 65536 * 1.6, 98304 }
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (sl_tile_zoom_at_most (cases[i].frames), ==, cases[i].zoom);
  g_assert_cmpint (sl_tile_zoom_step (256, 1), ==, 384);
  g_assert_cmpint (sl_tile_zoom_step (384, 1), ==, 512);
  g_assert_cmpint (sl_tile_zoom_step (256, -2), ==, 128);
  g_assert_cmpint (sl_tile_zoom_step (2, -1), ==, 0);
}

static void
test_columns_from_bins (void)
{
  /* Two channels; bins 3 to 6 of 256 frames. */
  const SlBin bins[] = { { -3000, 1000, 500 }, { -100, 32767, 700 }, { 0, 10, 5 },  { -20, 0, 5 },
                         { -1, 1, 1 },         { -2, 2, 1 },         { -5, 50, 7 }, { -7, 5, 7 } };
  const SlColumnData both = { 3, 4, 2, 0, 2 };
  const SlColumnData second = { 3, 4, 2, 1, 1 };
  SlColumn columns[6];

  /* Columns of 256 frames from bin 3 on: one bin each, then none. */
  sl_columns_from_bins (&both, bins, 256, 768, 1536, columns, 6);
  g_assert_cmpfloat_with_epsilon (columns[0].min, -3000 / 32767.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (columns[0].max, 1.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (columns[0].rms, sqrt ((500 * 500 + 700 * 700) / 2.0) / 32767.0,
                                  1e-6);
  g_assert_cmpfloat_with_epsilon (columns[3].max, 50 / 32767.0, 1e-6);
  g_assert_cmpfloat (columns[4].max, <, columns[4].min);

  /* Two bins in a column, of the second channel only. */
  sl_columns_from_bins (&second, bins, 256, 768, 1024, columns, 2);
  g_assert_cmpfloat_with_epsilon (columns[0].min, -100 / 32767.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (columns[1].min, -7 / 32767.0, 1e-6);

  /* Two columns in a bin. */
  sl_columns_from_bins (&both, bins, 256, 768, 512, columns, 4);
  g_assert_cmpfloat (columns[0].max, ==, columns[1].max);
  g_assert_cmpfloat (columns[1].max, !=, columns[2].max);
}

static void
test_columns_from_samples (void)
{
  const float samples[] = { 0.0f, 0.5f, -0.25f, 1.0f, 0.125f };
  const SlColumnData data = { 10, 5, 1, 0, 1 };
  SlColumn columns[4];

  /* Two frames each, and the first of the next. */
  sl_columns_from_samples (&data, samples, 10, 8, columns, 4);
  g_assert_cmpfloat (columns[0].min, ==, -0.25f);
  g_assert_cmpfloat (columns[0].max, ==, 0.5f);
  g_assert_cmpfloat_with_epsilon (columns[0].rms, sqrt (0.125), 1e-6);
  g_assert_cmpfloat (columns[1].max, ==, 1.0f);
  g_assert_cmpfloat (columns[2].max, ==, 0.125f);
  g_assert_cmpfloat (columns[3].max, <, columns[3].min);
}

static guint32
pixel (const SlTilePicture *picture, int x, int y)
{
  return picture->pixels[y * picture->width + x];
}

static void
test_draw_columns (void)
{
  guint32 pixels[4 * HEIGHT] = { 0 };
  SlTilePicture picture = { pixels, 4, HEIGHT, 1, { PEAK, RMS, CLIP } };
  const SlColumn columns[] = {
    { -0.5f, 0.5f, 0.2f }, { 0.0f, 0.0f, 0.0f }, { 1.0f, -1.0f, 0.0f }, { -1.5f, 1.0f, 0.9f }
  };
  const struct
  {
    int x;
    int y;
    guint32 color;
  } cases[] = {
    { 0, 8, 0 },           /* ½ of 15 pixels above 16.5 */
    { 0, 9, 0x80800000u }, /* peak only */
    { 0, 14, RMS },        /* RMS reaches 3 pixels from the middle */
    { 0, 24, 0 },
    { 1, 15, 0 },
    { 1, 16, 0x80800000u }, /* silence: a line of one pixel */
    { 1, 17, 0 },
    { 2, 16, 0 }, /* nothing is known: nothing is shown */
    { 3, 0, CLIP },
    { 3, 2, CLIP },
    { 3, 3, RMS },
    { 3, HEIGHT - 1, CLIP },
    { 3, HEIGHT - 4, RMS },
  };

  sl_tile_draw_columns (&picture, (SlTileLane){ 0, HEIGHT }, columns);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmphex (pixel (&picture, cases[i].x, cases[i].y), ==, cases[i].color);
}

static void
test_draw_lane (void)
{
  guint32 pixels[2 * HEIGHT] = { 0 };
  SlTilePicture picture = { pixels, 2, HEIGHT, 1, { PEAK, RMS, CLIP } };
  const SlColumn loud[] = { { -1.0f, 1.0f, 0.5f }, { -0.5f, 0.5f, 0.5f } };

  sl_tile_draw_columns (&picture, (SlTileLane){ 18, 14 }, loud);
  for (int x = 0; x < 2; x++) /* the mark is two pixels wide */
    {
      for (int y = 0; y < 18; y++)
        g_assert_cmphex (pixel (&picture, x, y), ==, 0);
      g_assert_cmphex (pixel (&picture, x, 18), ==, CLIP);
      g_assert_cmphex (pixel (&picture, x, HEIGHT - 1), ==, CLIP);
    }
}

static void
test_draw_samples (void)
{
  guint32 pixels[64 * HEIGHT] = { 0 };
  SlTilePicture picture = { pixels, 64, HEIGHT, 1, { PEAK, RMS, CLIP } };
  const float samples[] = { 0.0f, 0.0f, 1.0f };

  /* From −16 over 16 to 48: flat, then up to the top, a dot on each. */
  sl_tile_draw_samples (&picture, (SlTileLane){ 0, HEIGHT }, samples, 3, -16.0, 32.0);
  g_assert_cmphex (pixel (&picture, 4, 15), !=, 0);
  g_assert_cmphex (pixel (&picture, 4, 15), !=, RMS);
  g_assert_cmphex (pixel (&picture, 4, 14), ==, 0);
  g_assert_cmphex (pixel (&picture, 16, 15), ==, RMS); /* the dot is thicker than the line */
  g_assert_cmphex (pixel (&picture, 32, 8), !=, 0);    /* half way up: 16.5 − 7.5 */
  g_assert_cmphex (pixel (&picture, 32, 16), ==, 0);
  g_assert_cmphex (pixel (&picture, 48, 1), ==, RMS);
  g_assert_cmphex (pixel (&picture, 60, 8), ==, 0); /* nothing behind the last */
}

static SlTileKey
make_key (gint64 index)
{
  SlTileKey key = { .frames = 1024, .index = index, .height = HEIGHT, .scale = 1 };

  return key;
}

static GdkTexture *
make_texture (void)
{
  g_autoptr (GBytes) bytes
      = g_bytes_new_take (g_malloc0 (SL_TILE_WIDTH * HEIGHT * 4), SL_TILE_WIDTH * HEIGHT * 4);

  return gdk_memory_texture_new (SL_TILE_WIDTH, HEIGHT, GDK_MEMORY_DEFAULT, bytes,
                                 SL_TILE_WIDTH * 4);
}

#define TEXTURE_BYTES ((gsize) SL_TILE_WIDTH * HEIGHT * 4)

static void
test_cache_bound (void)
{
  g_autoptr (SlTileCache) cache = sl_tile_cache_new (3 * TEXTURE_BYTES);

  for (gint64 i = 0; i < 10; i++)
    {
      g_autoptr (GdkTexture) texture = make_texture ();
      SlTileKey key = make_key (i);
      SlTileKey first = make_key (0);

      sl_tile_cache_add (cache, &key, texture);
      g_assert_cmpuint (sl_tile_cache_get_bytes (cache), <=, 3 * TEXTURE_BYTES);
      g_assert_nonnull (sl_tile_cache_lookup (cache, &first)); /* always in use */
    }
  for (gint64 i = 1; i < 10; i++)
    {
      SlTileKey key = make_key (i);

      if (i < 8)
        g_assert_null (sl_tile_cache_lookup (cache, &key));
      else
        g_assert_nonnull (sl_tile_cache_lookup (cache, &key));
    }
  sl_tile_cache_set_limit (cache, TEXTURE_BYTES);
  g_assert_cmpuint (sl_tile_cache_get_bytes (cache), ==, TEXTURE_BYTES);
}

static void
test_cache_replaces (void)
{
  g_autoptr (SlTileCache) cache = sl_tile_cache_new (3 * TEXTURE_BYTES);
  g_autoptr (GdkTexture) one = make_texture ();
  g_autoptr (GdkTexture) other = make_texture ();
  SlTileKey key = make_key (0);

  sl_tile_cache_add (cache, &key, one);
  sl_tile_cache_add (cache, &key, other);
  g_assert_true (sl_tile_cache_lookup (cache, &key) == other);
  g_assert_cmpuint (sl_tile_cache_get_bytes (cache), ==, TEXTURE_BYTES);
}

static gboolean
is_even (gpointer data, const SlTileKey *key)
{
  return key->index % 2 == 0;
}

static gint64
next (SlTileQueue *queue, SlTileCache *cache)
{
  SlTileKey key;

  return sl_tile_queue_next (queue, cache, is_even, NULL, &key) ? key.index : -1;
}

static void
test_queue_turns (void)
{
  g_autoptr (SlTileCache) cache = sl_tile_cache_new (100 * TEXTURE_BYTES);
  g_autoptr (SlTileQueue) queue = sl_tile_queue_new ();
  g_autoptr (GdkTexture) texture = make_texture ();
  const SlTileKey one[] = { make_key (0), make_key (1), make_key (2), make_key (4) };
  const SlTileKey other[] = { make_key (10), make_key (2) };
  SlTileKey done = make_key (4);

  sl_tile_cache_add (cache, &done, texture);
  sl_tile_queue_show (queue, "one", one, 4);
  sl_tile_queue_show (queue, "other", other, 2);
  g_assert_cmpuint (sl_tile_queue_get_shown_bytes (queue), ==, 6 * TEXTURE_BYTES);
  /* In turns, not what is not ready, not what is being drawn, not what is there. */
  g_assert_cmpint (next (queue, cache), ==, 0);
  g_assert_cmpint (next (queue, cache), ==, 10);
  g_assert_cmpint (next (queue, cache), ==, 2);
  g_assert_cmpint (next (queue, cache), ==, -1);
  g_assert_cmpuint (sl_tile_queue_get_busy (queue), ==, 3);
  /* Done without a result: to be drawn again. */
  sl_tile_queue_done (queue, &one[0]);
  g_assert_cmpint (next (queue, cache), ==, 0);
}

static void
test_queue_forgets (void)
{
  g_autoptr (SlTileCache) cache = sl_tile_cache_new (100 * TEXTURE_BYTES);
  g_autoptr (SlTileQueue) queue = sl_tile_queue_new ();
  const SlTileKey before[] = { make_key (0), make_key (2) };
  const SlTileKey after[] = { make_key (6) };

  sl_tile_queue_show (queue, "one", before, 2);
  sl_tile_queue_show (queue, "one", after, 1);
  g_assert_cmpint (next (queue, cache), ==, 6);
  g_assert_cmpint (next (queue, cache), ==, -1);
  sl_tile_queue_show (queue, "one", before, 2);
  sl_tile_queue_show (queue, "one", NULL, 0);
  g_assert_cmpint (next (queue, cache), ==, -1);
  g_assert_cmpuint (sl_tile_queue_get_shown_bytes (queue), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tiles/zooms", test_zooms);
  g_test_add_func ("/tiles/columns-from-bins", test_columns_from_bins);
  g_test_add_func ("/tiles/columns-from-samples", test_columns_from_samples);
  g_test_add_func ("/tiles/draw-columns", test_draw_columns);
  g_test_add_func ("/tiles/draw-lane", test_draw_lane);
  g_test_add_func ("/tiles/draw-samples", test_draw_samples);
  g_test_add_func ("/tiles/cache-bound", test_cache_bound);
  g_test_add_func ("/tiles/cache-replaces", test_cache_replaces);
  g_test_add_func ("/tiles/queue-turns", test_queue_turns);
  g_test_add_func ("/tiles/queue-forgets", test_queue_forgets);
  return g_test_run ();
}
