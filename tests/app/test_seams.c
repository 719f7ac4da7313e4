/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a record says of seams, what becomes of a stem whose joins are changed, and the words. */
#include "app/seam_edit.h"
#include "app/seam_selection.h"
#include "app/seam_text.h"
#include "workflow/json.h"

#include <math.h>

#define RATE_HZ 48000

/* Two pieces that overlap by 480 frames, and silence. Of the two candidates the second is used, and
 * its join lies 96 frames before the end of the crossfade. */
static const char plan[]
    = "{ 'strategy': 'loop', 'candidate': 1,"
      "  'candidates': [ { 'join': 100, 'lag': 50 }, { 'join': 47904, 'lag': 24000 } ],"
      "  'segments': [ { 'dest': 1000, 'source': 0, 'length': 48000 },"
      "                { 'dest': 48520, 'source': 23424, 'length': 10000 },"
      "                { 'dest': 58520, 'source': null, 'length': 1000 } ],"
      "  'seams': [ { 'position': 48520, 'overlap': 480, 'step': 2.0, 'level_db': -0.5,"
      "               'grid_ms': 0.0, 'match': 0.95 },"
      "             { 'position': 58520, 'overlap': 0, 'step': 0.5, 'level_db': null,"
      "               'grid_ms': null, 'match': null } ] }";

typedef struct
{
  SlRecord *record;
  SlSettings *settings;
  SlStem *stem;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = g_strdelimit (g_strdup (plan), "'", '"');
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  g_assert_nonnull (node);
  fixture->record = sl_record_new ("key");
  g_clear_pointer (&fixture->record->values, json_object_unref);
  fixture->record->values = json_node_dup_object (node);
  fixture->settings = sl_settings_new ("Song");
  fixture->stem = sl_stem_new ("Bass", SL_STEM_FILE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  sl_record_unref (fixture->record);
  sl_settings_free (fixture->settings);
  sl_stem_free (fixture->stem);
}

static SlSeamInfo
read_seam (Fixture *fixture, guint index)
{
  SlSeamInfo info;

  g_assert_true (
      sl_seam_info_read (fixture->record, fixture->settings, fixture->stem, index, &info));
  return info;
}

static void
test_join (Fixture *fixture, gconstpointer data)
{
  SlSeamInfo info = read_seam (fixture, 0);

  g_assert_cmpuint (info.n, ==, 2);
  g_assert_cmpint (sl_seam_info_middle (&info), ==, 48760);
  g_assert_cmpint (info.join, ==, 47904);
  g_assert_cmpint (info.join_dest, ==, 48904);
  g_assert_cmpint (info.entry, ==, 23808);
  g_assert_cmpint (sl_seam_info_lag (&info), ==, 24096);
  fixture->stem->join = 47950; /* set by hand: that is it */
  info = read_seam (fixture, 0);
  g_assert_cmpint (info.join, ==, 47950);
  g_assert_cmpint (sl_seam_info_lag (&info), ==, 24096);
  fixture->stem->join = 5; /* of a plan to come: the crossfade ends on the one of this */
  g_assert_cmpint (read_seam (fixture, 0).join, ==, 48000);
}

static void
test_verdicts (Fixture *fixture, gconstpointer data)
{
  SlSeamInfo info = read_seam (fixture, 0);

  g_assert_cmpint (info.levels[SL_SEAM_STEP], ==, SL_LEVEL_WARN);
  g_assert_cmpint (info.levels[SL_SEAM_LEVEL], ==, SL_LEVEL_PASS);
  g_assert_cmpint (info.level, ==, SL_LEVEL_WARN);
  sl_settings_set_limit (fixture->settings, "seam-step", 2.0);
  g_assert_cmpint (read_seam (fixture, 0).level, ==, SL_LEVEL_PASS);
  sl_settings_set_limit (fixture->settings, "seam-step", 0.9);
  g_assert_cmpint (read_seam (fixture, 0).level, ==, SL_LEVEL_FAIL);
}

static void
test_silence_is_no_join (Fixture *fixture, gconstpointer data)
{
  SlSeamInfo info = read_seam (fixture, 1);

  g_assert_cmpint (info.join, ==, -1);
  g_assert_cmpint (sl_seam_info_lag (&info), ==, 0);
  g_assert_true (isnan (info.measured[SL_SEAM_MATCH]));
  g_assert_cmpint (info.level, ==, SL_LEVEL_PASS);
  g_assert_false (sl_seam_info_read (fixture->record, fixture->settings, NULL, 2, &info));
  g_assert_cmpuint (sl_seam_info_count (NULL), ==, 0);
}

/* @used of @n candidates; which of them comes after @candidate, or -1. */
static void
check_next (Fixture *fixture, int used, guint n, guint candidate, int next)
{
  JsonArray *candidates = json_array_new ();

  for (guint i = 0; i < n; i++)
    json_array_add_int_element (candidates, i);
  json_object_set_array_member (fixture->record->values, "candidates", candidates);
  json_object_set_int_member (fixture->record->values, "candidate", used);
  fixture->stem->candidate = candidate;
  g_assert_cmpint (sl_seam_edit_has_next (fixture->stem, fixture->record), ==, next >= 0);
  if (next < 0)
    return;
  sl_seam_edit_next (fixture->stem, fixture->record);
  g_assert_cmpint ((int) fixture->stem->candidate, ==, next);
}

static void
test_next_best (Fixture *fixture, gconstpointer data)
{
  check_next (fixture, 0, 3, 0, 1);
  check_next (fixture, 1, 3, 0, 2);  /* the second was preferred: it is not shown again */
  check_next (fixture, 1, 2, 0, -1); /* nor when it is the last */
  check_next (fixture, 2, 4, 0, 1);
  check_next (fixture, 1, 3, 1, 2);
  check_next (fixture, 3, 5, 2, 4); /* the third could not be used */
  check_next (fixture, 2, 3, 2, -1);
  check_next (fixture, -1, 0, 0, -1);
}

static void
test_edits (Fixture *fixture, gconstpointer data)
{
  SlStem *stem = fixture->stem;

  g_assert_false (sl_seam_edit_is_set (stem));
  g_assert_false (sl_seam_edit_has_previous (stem));
  stem->candidate = 2;
  sl_seam_edit_previous (stem);
  g_assert_cmpuint (stem->candidate, ==, 1);
  sl_seam_edit_set_join (stem, 1234); /* ranks are those of other joins */
  g_assert_cmpint (stem->join, ==, 1234);
  g_assert_cmpuint (stem->candidate, ==, 0);
  stem->candidate = 1;
  sl_seam_edit_set_loop_bars (stem, 4);
  g_assert_cmpuint (stem->candidate, ==, 0);
  g_assert_true (sl_seam_edit_is_set (stem));
  sl_seam_edit_find_again (stem);
  g_assert_false (sl_seam_edit_is_set (stem));
}

static void
test_limits (Fixture *fixture, gconstpointer data)
{
  SlSeamInfo info = { .cut = 0 };
  gint64 first, last;

  sl_seam_edit_limits (fixture->stem, &info, RATE_HZ, 90000, &first, &last);
  g_assert_cmpint (first, ==, 480); /* 10 ms can be repeated */
  g_assert_cmpint (last, ==, 90000);
  info.cut = 1000; /* by an offset, set or found, with or without a section */
  fixture->stem->ending = SL_ENDING_KEEP;
  sl_seam_edit_limits (fixture->stem, &info, RATE_HZ, 90000, &first, &last);
  g_assert_cmpint (first, ==, 1480);
  g_assert_cmpint (last, ==, 89999);
}

static void
check_length (const SlSettings *settings, gint64 frames, const char *expected)
{
  g_autofree char *text = sl_seam_text_length (frames, settings);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_words (Fixture *fixture, gconstpointer data)
{
  SlSeamInfo info = read_seam (fixture, 0);
  g_autofree char *step = sl_seam_text_measure (&info, SL_SEAM_STEP);
  g_autofree char *repeated = sl_seam_text_repeated (&info, RATE_HZ);

  g_assert_cmpstr (step, ==, "2.00 times · limit 1.50");
  g_assert_cmpstr (repeated, ==, "0:00.496 to 0:00.998");
  check_length (fixture->settings, 4 * 96000, "4 bars"); /* 120 BPM: 24,000 frames a beat */
  check_length (fixture->settings, 96001, "1 bar");
  check_length (fixture->settings, 3 * 24000, "3 beats");
  check_length (fixture->settings, 24002, "500.0 ms");
  fixture->settings->bpm = (SlBpm){ 0, 1 };
  check_length (fixture->settings, 96000, "2000.0 ms");
}

static GArray *
marks_at (const gint64 *frames, guint n)
{
  GArray *marks = sl_seam_marks_new ();

  for (guint i = 0; i < n; i++)
    sl_seam_marks_append (marks, frames[i], 0, SL_LEVEL_PASS, "");
  return marks;
}

/* With other seams the one in the same place stays selected, and the first one with the first. */
static void
test_selection_stays_in_its_place (void)
{
  static const gint64 few[] = { 1000, 2000, 3000 };
  static const gint64 many[] = { 500, 1000, 1400, 2100, 2600, 3000 };
  g_autoptr (GArray) before = marks_at (few, G_N_ELEMENTS (few));
  g_autoptr (GArray) after = marks_at (many, G_N_ELEMENTS (many));
  SlSeamSelection selection;

  sl_seam_selection_init (&selection);
  sl_seam_selection_set_marks (&selection, before);
  g_assert_cmpint (selection.selected, ==, -1);
  sl_seam_selection_select (&selection, 1);
  sl_seam_selection_set_marks (&selection, NULL);
  g_assert_cmpint (selection.selected, ==, -1);
  sl_seam_selection_set_marks (&selection, after);
  g_assert_cmpint (selection.selected, ==, 3);
  sl_seam_selection_set_marks (&selection, before);
  g_assert_cmpint (selection.selected, ==, 1);
  sl_seam_selection_select (&selection, -1);
  sl_seam_selection_set_marks (&selection, after);
  g_assert_cmpint (selection.selected, ==, -1);
  sl_seam_selection_clear (&selection);
}

int
main (int argc, char **argv)
{
  const struct
  {
    const char *name;
    void (*run) (Fixture *, gconstpointer);
  } tests[] = { { "/seams/join", test_join },
                { "/seams/verdicts", test_verdicts },
                { "/seams/silence-is-no-join", test_silence_is_no_join },
                { "/seams/next-best", test_next_best },
                { "/seams/edits", test_edits },
                { "/seams/limits", test_limits },
                { "/seams/words", test_words } };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].run, tear_down);
  g_test_add_func ("/seams/selection", test_selection_stays_in_its_place);
  return g_test_run ();
}
