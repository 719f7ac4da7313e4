/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/base/error.h"
#include "engine/base/grid.h"
#include "engine/base/sections.h"
#include "engine/base/units.h"

static void
test_bpm_parse (void)
{
  static const struct
  {
    const char *text;
    gint64 num;
    gint64 den;
    const char *back;
  } rows[] = {
    { "140", 140, 1, "140" },     { "92.5", 185, 2, "92.5" },     { "128.125", 1025, 8, "128.125" },
    { "185/2", 185, 2, "92.5" },  { "400/3", 400, 3, "400/3" },   { "20", 20, 1, "20" },
    { "400.000", 400, 1, "400" }, { "unknown", 0, 1, "unknown" }, { "120.10", 1201, 10, "120.1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      SlBpm bpm;
      g_autofree char *back = NULL;

      g_assert_true (sl_bpm_parse (rows[i].text, &bpm, NULL));
      g_assert_cmpint (bpm.num, ==, rows[i].num);
      g_assert_cmpint (bpm.den, ==, rows[i].den);
      back = sl_bpm_format (bpm);
      g_assert_cmpstr (back, ==, rows[i].back);
    }
}

static void
test_bpm_refused (void)
{
  static const char *const rows[]
      = { "",         "19.999", "400.001", "12a",   "-140", "1e2",      "140,5",
          "120.1234", "120.",   "/2",      "140/0", "nan",  "99999999", "1\xff" };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      SlBpm bpm;
      g_autoptr (GError) error = NULL;

      g_assert_false (sl_bpm_parse (rows[i], &bpm, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

/* The worked example: 48 + 16 + 16 bars of 4/4 at 140 BPM and 48 kHz. */
static void
test_worked_example (void)
{
  SlGrid grid = sl_grid_make ((SlBpm){ 140, 1 }, 48000, 4, 0);
  g_autoptr (GArray) sections = sl_sections_parse ("Verse:48bars,Bridge:16bars,Outro:64", 4, NULL);
  SlRange range;

  g_assert_cmpint (sl_grid_beat_frame (&grid, 1), ==, 20571); /* 20,571.4286 */
  g_assert_cmpint (sl_grid_beat_frame (&grid, 2), ==, 41143); /* 41,142.857 */
  g_assert_cmpint (sl_sections_total_beats (sections), ==, 320);
  g_assert_true (sl_sections_range (sections, &grid, 1, &range));
  g_assert_cmpint (range.start, ==, 3949714);
  g_assert_cmpint (range.end, ==, 5266286);
  g_assert_true (sl_sections_range (sections, &grid, 2, &range));
  g_assert_cmpint (range.end, ==, 6582857);
}

static void
test_grid_is_exact_far_out (void)
{
  SlGrid grid = sl_grid_make ((SlBpm){ 140, 1 }, 48000, 4, 1000);
  gint64 beat = G_GINT64_CONSTANT (7000000000);

  /* 7 beats are exactly 144,000 frames, so there is nothing to round. */
  g_assert_cmpint (sl_grid_beat_frame (&grid, beat), ==, 1000 + beat / 7 * 144000);
  g_assert_cmpint (sl_grid_beat_frame (&grid, -7), ==, 1000 - 144000);
}

static void
test_beat_at_inverts_beat_frame (void)
{
  SlGrid grid = sl_grid_make ((SlBpm){ 1025, 8 }, 44100, 3, 777);

  for (gint64 beat = -50; beat < 50; beat++)
    {
      gint64 frame = sl_grid_beat_frame (&grid, beat);

      g_assert_cmpint (sl_grid_beat_at (&grid, frame), ==, beat);
      g_assert_cmpint (sl_grid_beat_at (&grid, frame - 1), ==, beat - 1);
      g_assert_cmpint (sl_grid_nearest_beats (&grid, sl_grid_beats_length (&grid, beat)), ==, beat);
    }
}

static void
test_unknown_tempo (void)
{
  SlGrid grid = sl_grid_make ((SlBpm){ 0, 1 }, 48000, 4, 0);
  g_autoptr (GArray) sections = sl_sections_parse ("Song:1", 4, NULL);
  SlRange range;

  g_assert_false (sl_grid_known (&grid));
  g_assert_false (sl_sections_range (sections, &grid, 0, &range));
}

static void
test_sections_refused (void)
{
  static const char *const rows[] = { "",
                                      "Verse",
                                      ":4",
                                      "Verse:0",
                                      "Verse:-1",
                                      "Verse:4x",
                                      "A:4,A:4",
                                      "A:4,",
                                      "A:1000001",
                                      "A:250001bars",
                                      "A:99999999999999999999",
                                      "\xff",
                                      "\xff:4" };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (sl_sections_parse (rows[i], 4, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static void
test_sections_names_may_hold_colons (void)
{
  g_autoptr (GArray) sections = sl_sections_parse (" Part: one :3bars , 副歌:16beats", 4, NULL);

  g_assert_nonnull (sections);
  g_assert_cmpint (sections->len, ==, 2);
  g_assert_cmpstr (g_array_index (sections, SlSection, 0).name, ==, "Part: one");
  g_assert_cmpint (g_array_index (sections, SlSection, 0).beats, ==, 12);
  g_assert_cmpint (sl_sections_find (sections, "副歌"), ==, 1);
}

static void
test_round_fraction (void)
{
  g_assert_cmpint (sl_round_fraction (1, 1, 2), ==, 1);
  g_assert_cmpint (sl_round_fraction (-1, 1, 2), ==, -1);
  g_assert_cmpint (sl_round_fraction (1, 1, 3), ==, 0);
  g_assert_cmpint (sl_round_fraction (5, 1, 3), ==, 2);
  g_assert_cmpint (sl_round_fraction (-5, 1, 3), ==, -2);
  g_assert_cmpint (sl_round_fraction (G_MAXINT64, 3, 3), ==, G_MAXINT64);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/grid/bpm-parse", test_bpm_parse);
  g_test_add_func ("/grid/bpm-refused", test_bpm_refused);
  g_test_add_func ("/grid/worked-example", test_worked_example);
  g_test_add_func ("/grid/exact-far-out", test_grid_is_exact_far_out);
  g_test_add_func ("/grid/beat-at-inverts-beat-frame", test_beat_at_inverts_beat_frame);
  g_test_add_func ("/grid/unknown-tempo", test_unknown_tempo);
  g_test_add_func ("/grid/round-fraction", test_round_fraction);
  g_test_add_func ("/sections/refused", test_sections_refused);
  g_test_add_func ("/sections/colons-in-names", test_sections_names_may_hold_colons);
  return g_test_run ();
}
