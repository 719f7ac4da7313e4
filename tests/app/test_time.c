/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The visible range, and what rulers and section bars make of it. */
#include "app/ruler_ticks.h"
#include "app/section_blocks.h"
#include "app/section_text.h"
#include "app/time_range.h"
#include "app/time_text.h"

#define RATE_HZ 48000
#define SONG ((gint64) 100 * RATE_HZ)

/* In frames; far below a pixel at any zoom. */
#define TOLERANCE 1e-6

static SlGrid
make_grid (void)
{
  return sl_grid_make ((SlBpm){ 120, 1 }, RATE_HZ, 4, 0); /* 24,000 frames a beat */
}

static SlTimeRange *
make_range (void)
{
  SlTimeRange *range = sl_time_range_new ();
  SlGrid grid = make_grid ();

  sl_time_range_set_song (range, SONG, RATE_HZ, &grid);
  return range;
}

static void
test_zoom_keeps_anchor (void)
{
  g_autoptr (SlTimeRange) range = make_range ();
  const double anchor = SONG * 0.3;

  for (int i = 0; i < 30; i++)
    {
      double before = sl_time_range_to_x (range, anchor, 1000.0);

      sl_time_range_zoom (range, 1.3, anchor);
      g_assert_cmpfloat_with_epsilon (sl_time_range_to_x (range, anchor, 1000.0), before, 0.01);
    }
  g_assert_cmpfloat_with_epsilon (
      sl_time_range_to_frame (range, sl_time_range_to_x (range, anchor, 1000.0), 1000.0), anchor,
      TOLERANCE);
}

static void
test_range_clamps (void)
{
  g_autoptr (SlTimeRange) range = make_range ();

  sl_time_range_zoom (range, 1e12, 500.0);
  g_assert_cmpfloat (sl_time_range_get_span (range), ==, 32.0);
  sl_time_range_scroll (range, -1e12);
  g_assert_cmpfloat (sl_time_range_get_start (range), ==, 0.0);
  sl_time_range_scroll (range, 1e12);
  g_assert_cmpfloat (sl_time_range_get_start (range), ==, SONG - 32.0);
  sl_time_range_show (range, 5.0, 1.0);
  g_assert_cmpfloat (sl_time_range_get_span (range), ==, 32.0);
  sl_time_range_zoom (range, 1e-12, 500.0);
  g_assert_cmpfloat (sl_time_range_get_start (range), ==, 0.0);
  g_assert_cmpfloat (sl_time_range_get_span (range), ==, SONG);
}

static void
on_seek (SlTimeRange *range, gint64 frame, gint64 *seen)
{
  *seen = frame;
}

static void
test_seek_clamps (void)
{
  g_autoptr (SlTimeRange) range = make_range ();
  gint64 seen = -1;

  g_signal_connect (range, "seek", G_CALLBACK (on_seek), &seen);
  sl_time_range_seek (range, -5);
  g_assert_cmpint (seen, ==, 0);
  sl_time_range_seek (range, SONG + 5);
  g_assert_cmpint (seen, ==, SONG);
  g_assert_cmpint (sl_time_range_get_playhead (range), ==, 0); /* who plays says where it is */
}

static void
test_beat_steps (void)
{
  const SlGrid grid = make_grid ();
  const struct
  {
    double least;
    gint64 step;
  } cases[] = { { 1, 1 }, { 24000, 1 }, { 24001, 4 }, { 96001, 8 }, { 24000 * 31, 32 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (sl_ruler_beat_step (&grid, cases[i].least), ==, cases[i].step);
}

static void
test_ms_steps (void)
{
  const struct
  {
    double least;
    gint64 step;
    double least_part;
    gint64 part;
  } cases[] = { { 0.1, 1, 0.1, 1 },
                { 3, 5, 0.5, 1 },
                { 3, 5, 1.5, 5 },
                { 900, 1000, 60, 100 },
                { 8000, 10000, 900, 1000 },
                { 1e4, 10000, 4000, 5000 },
                { 1e9, 360000000, 5e8, 360000000 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (sl_ruler_ms_step (cases[i].least), ==, cases[i].step);
      g_assert_cmpint (sl_ruler_ms_substep (cases[i].step, cases[i].least_part), ==, cases[i].part);
    }
}

static void
check_text (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_labels (void)
{
  const SlGrid grid = make_grid ();
  g_autoptr (SlTimeRange) range = make_range ();

  check_text (sl_ruler_beat_label (&grid, 0), "1");
  check_text (sl_ruler_beat_label (&grid, 44), "12");
  check_text (sl_ruler_beat_label (&grid, 46), "12.3");
  check_text (sl_ruler_beat_label (&grid, -1), NULL);
  check_text (sl_ruler_ms_label (82286, 1000), "1:22");
  check_text (sl_ruler_ms_label (82200, 100), "1:22.2");
  check_text (sl_ruler_ms_label (82280, 20), "1:22.28");
  check_text (sl_ruler_ms_label (82286, 1), "1:22.286");
  check_text (sl_time_text_position (range, 46 * 24000), "0:23.000, bar 12 beat 3");
  check_text (sl_time_text_position (range, 46 * 24000 - 1), "0:23.000, bar 12 beat 2");
  check_text (sl_time_text_bars (range, -1), "0.4");
}

static void
check_block (const GArray *blocks, guint at, SlBlockKind kind, gint64 start, gint64 end)
{
  const SlBlock *block = &g_array_index (blocks, SlBlock, at);

  g_assert_cmpuint (at, <, blocks->len);
  g_assert_cmpint (block->kind, ==, kind);
  g_assert_cmpint (block->range.start, ==, start);
  g_assert_cmpint (block->range.end, ==, end);
}

static void
test_blocks (void)
{
  SlGrid grid = make_grid ();
  g_autoptr (GArray) sections = sl_sections_parse ("Verse:2bars,Bridge:6", 4, NULL);
  g_autoptr (GArray) short_of = NULL;
  g_autoptr (GArray) beyond = NULL;

  grid.origin = 1000;
  short_of = sl_section_blocks (sections, &grid, 400000);
  g_assert_cmpuint (short_of->len, ==, 4);
  check_block (short_of, 0, SL_BLOCK_REST, 0, 1000);
  check_block (short_of, 1, SL_BLOCK_SECTION, 1000, 193000);
  check_block (short_of, 2, SL_BLOCK_SECTION, 193000, 337000);
  check_block (short_of, 3, SL_BLOCK_REST, 337000, 400000);
  g_assert_cmpint (sl_section_overrun (sections, &grid, 400000), ==, -63000);

  beyond = sl_section_blocks (sections, &grid, 300000);
  g_assert_cmpuint (beyond->len, ==, 3);
  check_block (beyond, 2, SL_BLOCK_SECTION, 193000, 337000);
  g_assert_cmpint (sl_section_overrun (sections, &grid, 300000), ==, 37000);
  g_assert_cmpint (sl_section_overrun (sections, &grid, 337000), ==, 0);
}

static void
test_blocks_unknown (void)
{
  const SlGrid grid = sl_grid_make ((SlBpm){ 0, 1 }, RATE_HZ, 4, 0);
  g_autoptr (GArray) sections = sl_sections_parse ("Verse:2bars", 4, NULL);
  g_autoptr (GArray) blocks = sl_section_blocks (sections, &grid, SONG);
  g_autoptr (GArray) none = sl_section_blocks (NULL, &grid, SONG);

  g_assert_cmpuint (blocks->len, ==, 1);
  check_block (blocks, 0, SL_BLOCK_WHOLE, 0, SONG);
  check_block (none, 0, SL_BLOCK_WHOLE, 0, SONG);
  g_assert_cmpint (sl_section_overrun (sections, &grid, SONG), ==, 0);
}

static void
test_edge (void)
{
  const SlGrid grid = make_grid ();
  g_autoptr (GArray) sections = sl_sections_parse ("Verse:2bars,Bridge:6", 4, NULL);

  g_assert_cmpint (sl_section_beats_to (sections, &grid, 1, 192000 + 35999), ==, 1);
  g_assert_cmpint (sl_section_beats_to (sections, &grid, 1, 192000 + 36000), ==, 2);
  g_assert_cmpint (sl_section_beats_to (sections, &grid, 1, 0), ==, 1);
}

static void
test_section_text (void)
{
  g_autoptr (SlTimeRange) range = make_range ();
  g_autoptr (GArray) sections = sl_sections_parse ("Verse:1bars,Bridge:6", 4, NULL);

  check_text (sl_section_text (sections, range, 0),
              "Verse\n1 bar (0:02.000)\nfrom 0:00.000, bar 1 beat 1\nto 0:02.000, bar 2 beat 1");
  check_text (sl_section_text (sections, range, 1),
              "Bridge\n6 beats (0:03.000)\nfrom 0:02.000, bar 2 beat 1\nto 0:05.000, bar 3 beat 3");
  check_text (sl_section_names (sections), "Sections: Verse, Bridge");
  check_text (sl_section_overrun_text (range, -48000),
              "The sections end 0:01.000 (48,000 frames) before the song does.");
  check_text (sl_section_overrun_text (range, 0), NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/time/zoom-keeps-anchor", test_zoom_keeps_anchor);
  g_test_add_func ("/time/range-clamps", test_range_clamps);
  g_test_add_func ("/time/seek-clamps", test_seek_clamps);
  g_test_add_func ("/time/beat-steps", test_beat_steps);
  g_test_add_func ("/time/ms-steps", test_ms_steps);
  g_test_add_func ("/time/labels", test_labels);
  g_test_add_func ("/time/blocks", test_blocks);
  g_test_add_func ("/time/blocks-unknown", test_blocks_unknown);
  g_test_add_func ("/time/edge", test_edge);
  g_test_add_func ("/time/section-text", test_section_text);
  return g_test_run ();
}
