/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps 1 and 2: the grid of the song and its length. */
#include "fixture.h"
#include "workflow/json.h"

/* 48 + 16 + 16 bars at 140 beats per minute and 48,000 Hz: 137.143 s. */
#define WORKED_FRAMES 6582857

static SlSettings *
worked_settings (void)
{
  SlSettings *settings = sl_settings_new ("Worked example");

  settings->bpm = (SlBpm){ 140, 1 };
  settings_set_sections (settings, "Verse:48bars,Bridge:16bars,Outro:16bars");
  settings->reference_frames = WORKED_FRAMES;
  settings->drums = SL_DRUMS_NONE;
  return settings;
}

static gint64
target (Fixture *fixture)
{
  SlRecord *record = sl_project_get_record (fixture->project, SL_STEP_REFERENCE, "");

  return sl_json_get_int (record->values, "target", -1);
}

/* The section @name, which says where it is. */
static const SlCheck *
section (Fixture *fixture, const char *name)
{
  SlRecord *record = sl_project_get_record (fixture->project, SL_STEP_TIMING, "");

  for (guint i = 0; i < record->checks->len; i++)
    {
      const SlCheck *check = record->checks->pdata[i];
      if (g_strcmp0 (check->subject, name) == 0)
        return check;
    }
  g_assert_not_reached ();
}

/* One beat is 20,571.43 frames: each boundary is rounded once, from the start. */
static void
test_worked_example (void)
{
  static const struct
  {
    const char *section;
    gint64 start, end;
    const char *words[3];
  } rows[] = {
    { "Verse", 0, 3949714, { "1.1 to 49.1", "0:00.000 to 1:22.286", "frames 0 to 3,949,714" } },
    { "Bridge",
      3949714,
      5266286,
      { "49.1 to 65.1", "1:22.286 to 1:49.714", "frames 3,949,714 to 5,266,286" } },
    { "Outro",
      5266286,
      WORKED_FRAMES,
      { "65.1 to 81.1", "1:49.714 to 2:17.143", "frames 5,266,286 to 6,582,857" } },
  };
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = worked_settings ();

  settings_add_tone (settings, "bass", 0.0);
  fixture_init (&fixture, settings);
  fixture_run (&fixture, SL_STEP_ALIGN);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const SlCheck *check = section (&fixture, rows[i].section);

      g_assert_cmpint (check->where, ==, rows[i].start);
      g_assert_cmpfloat (check->measured, ==, (double) (rows[i].end - rows[i].start));
      for (guint k = 0; k < G_N_ELEMENTS (rows[i].words); k++)
        g_assert_nonnull (strstr (check->message, rows[i].words[k]));
    }
  g_assert_cmpint (target (&fixture), ==, WORKED_FRAMES);
  g_assert_cmpint (fixture_check (&fixture, SL_STEP_REFERENCE, "", "sections")->level, ==,
                   SL_LEVEL_PASS);
  g_assert_cmpfloat (fixture_check (&fixture, SL_STEP_ALIGN, "bass", "frames")->measured, ==,
                     WORKED_FRAMES);
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_ALIGN), ==, SL_STATE_PASSED);
}

static void
test_unknown_tempo (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = worked_settings ();

  settings->bpm = (SlBpm){ 0, 1 };
  settings->planned_seconds = 10.0;
  fixture_init (&fixture, settings);
  fixture_run (&fixture, SL_STEP_REFERENCE);
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_REFERENCE), ==, SL_STATE_PASSED);
  g_assert_cmpint (fixture_check (&fixture, SL_STEP_TIMING, "", "tempo")->level, ==, SL_LEVEL_NOTE);
  g_assert_cmpint (section (&fixture, "Bridge")->where, ==, -1);
  g_assert_nonnull (strstr (section (&fixture, "Bridge")->message, "49.1 to 65.1"));
  g_assert_null (fixture_find_check (&fixture, SL_STEP_TIMING, "", "planned"));
  g_assert_null (fixture_find_check (&fixture, SL_STEP_REFERENCE, "", "sections"));
}

static void
test_no_sections (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = worked_settings ();

  g_array_set_size (settings->sections, 0);
  fixture_init (&fixture, settings);
  fixture_run (&fixture, SL_STEP_REFERENCE);
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_TIMING), ==, SL_STATE_FAILED);
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_REFERENCE), ==, SL_STATE_LOCKED);
  g_assert_nonnull (fixture_check (&fixture, SL_STEP_TIMING, "", "sections")->fix);
}

/* A beat apart is still fine; more is worth a warning, in bars, beats and frames. */
static void
test_planned (void)
{
  static const struct
  {
    double seconds;
    SlLevel level;
    const char *words;
  } rows[] = {
    { 10.0, SL_LEVEL_PASS, "0 frames" },
    { 10.5, SL_LEVEL_PASS, "-24,000 frames" },
    { 9.5, SL_LEVEL_PASS, "+24,000 frames" },
    { 10.6, SL_LEVEL_WARN, "-28,800 frames: -0.30 bars, or -1.20 beats" },
    { 6.0, SL_LEVEL_WARN, "+192,000 frames: 2.00 bars, or 8.00 beats" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      SlSettings *settings = sl_settings_new ("Planned");
      const SlCheck *check;

      settings_set_sections (settings, "A:5bars");
      settings->planned_seconds = rows[i].seconds;
      fixture_init (&fixture, settings);
      fixture_run (&fixture, SL_STEP_TIMING);
      check = fixture_check (&fixture, SL_STEP_TIMING, "", "planned");
      g_assert_cmpint (check->level, ==, rows[i].level);
      g_assert_nonnull (strstr (check->message, rows[i].words));
      g_assert_cmpint (fixture_state (&fixture, SL_STEP_TIMING), ==, SL_STATE_PASSED);
    }
}

static void
test_no_length (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = worked_settings ();

  settings->reference_frames = 0;
  fixture_init (&fixture, settings);
  fixture_run (&fixture, SL_STEP_STEMS);
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_REFERENCE), ==, SL_STATE_FAILED);
  g_assert_nonnull (
      strstr (fixture_check (&fixture, SL_STEP_REFERENCE, "", "length")->fix, "--seconds"));
}

/* Sections that do not end with the reference: a warning, and what would mend it. */
static void
test_sections_against_reference (void)
{
  static const struct
  {
    const char *sections;
    SlLevel level;
    const char *message;
    const char *fix;
  } rows[] = {
    { "A:4bars,B:1bars", SL_LEVEL_PASS, "end 0 frames", NULL },
    { "A:4bars,B:5", SL_LEVEL_PASS, "1.00 beats", NULL },
    { "A:4bars,B:3bars", SL_LEVEL_WARN, "+192,000 frames (4000.0 ms, 8.00 beats)",
      "Shorten “B” by 8 beats." },
    { "A:5bars,B:2bars", SL_LEVEL_WARN, "+192,000 frames", "Remove 8 beats" },
    { "A:2bars,B:1bars", SL_LEVEL_WARN, "-192,000 frames",
      "Lengthen “B” by 8 beats, or add a section of that length." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      SlSettings *settings = sl_settings_new ("Sections");
      const SlCheck *check;

      settings->reference_frames = 480000; /* five bars at 120 */
      settings_set_sections (settings, rows[i].sections);
      fixture_init (&fixture, settings);
      fixture_run (&fixture, SL_STEP_REFERENCE);
      check = fixture_check (&fixture, SL_STEP_REFERENCE, "", "sections");
      g_assert_cmpint (check->level, ==, rows[i].level);
      g_assert_nonnull (strstr (check->message, rows[i].message));
      g_assert_cmpint (rows[i].fix == NULL, ==, check->fix == NULL);
      if (rows[i].fix != NULL)
        g_assert_nonnull (strstr (check->fix, rows[i].fix));
      g_assert_cmpint (fixture_state (&fixture, SL_STEP_REFERENCE), ==, SL_STATE_PASSED);
      g_assert_cmpuint (sl_badge_warnings (fixture.project, SL_STEP_REFERENCE), ==,
                        rows[i].level == SL_LEVEL_WARN);
    }
}

/* A song whose first downbeat comes late has sections that end as much later. */
static void
test_downbeat (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = sl_settings_new ("Late");

  settings->reference_frames = 480000 + 7200;
  settings->downbeat = 7200;
  settings_set_sections (settings, "A:5bars");
  fixture_init (&fixture, settings);
  fixture_run (&fixture, SL_STEP_REFERENCE);
  g_assert_cmpint (section (&fixture, "A")->where, ==, 7200);
  g_assert_nonnull (strstr (fixture_check (&fixture, SL_STEP_REFERENCE, "", "sections")->message,
                            "end 0 frames"));
}

/* --- a reference file --- */

static const SlCheck *
run_reference (Fixture *fixture, SlSettings *settings, Song song, const char *check)
{
  g_autofree char *path = fixture_write_song (fixture, "reference.wav", song);

  settings->reference = g_strdup ("../reference.wav");
  fixture_init (fixture, settings);
  fixture_run (fixture, SL_STEP_REFERENCE);
  return fixture_check (fixture, SL_STEP_REFERENCE, "", check);
}

static void
test_file (void)
{
  g_auto (Fixture) fixture = { 0 };
  Song song = { .frames = 100003, .hz = 100, .level = 0.5, .subtype = SL_SUBTYPE_PCM_16 };
  const SlCheck *check = run_reference (&fixture, sl_settings_new ("Song"), song, "decode");

  g_assert_cmpint (fixture_state (&fixture, SL_STEP_REFERENCE), ==, SL_STATE_PASSED);
  g_assert_cmpfloat (check->measured, ==, 100003);
  g_assert_cmpfloat (check->limit, ==, 100003);
  g_assert_cmpint (target (&fixture), ==, 100003);
  /* 0.5 is -6.02 dBFS; PCM_16 rounds by at most 0.0003 dB there. */
  g_assert_cmpfloat_with_epsilon (fixture_check (&fixture, SL_STEP_REFERENCE, "", "peak")->measured,
                                  -6.0206, 0.001);
  g_assert_nonnull (
      strstr (fixture_check (&fixture, SL_STEP_REFERENCE, "", "open")->message, "PCM_16"));
}

/* Cut off at an odd byte, as by a download that broke. */
static void
test_file_cut_short (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *path
      = fixture_write_song (&fixture, "reference.wav", (Song){ .frames = 50000, .hz = 100 });
  SlSettings *settings = sl_settings_new ("Song");
  guint failed = 0;
  SlRecord *record;

  g_assert_cmpint (truncate (path, 200001), ==, 0);
  settings->reference = g_strdup ("../reference.wav");
  fixture_init (&fixture, settings);
  fixture_run (&fixture, SL_STEP_STEMS);
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_REFERENCE), ==, SL_STATE_FAILED);
  record = sl_project_get_record (fixture.project, SL_STEP_REFERENCE, "");
  for (guint i = 0; i < record->checks->len; i++)
    {
      const SlCheck *check = record->checks->pdata[i];

      if (check->level != SL_LEVEL_FAIL)
        continue;
      failed++;
      g_assert_cmpint (check->kind, ==, SL_KIND_INTEGRITY);
      g_assert_nonnull (check->fix);
      g_assert_nonnull (strstr (check->message, "reference.wav"));
    }
  g_assert_cmpuint (failed, >, 0);
  g_assert_cmpint (target (&fixture), ==, 0);
}

static void
test_min_length (void)
{
  static const struct
  {
    gint64 frames;
    int rate_hz;
    double min_seconds;
    SlLevel level;
  } rows[] = {
    { 48000, 48000, 1.0, SL_LEVEL_PASS },  { 47999, 48000, 1.0, SL_LEVEL_FAIL },
    { 44100, 44100, 1.0, SL_LEVEL_PASS },  { 44098, 44100, 1.0, SL_LEVEL_FAIL },
    { 96000, 96000, 1.01, SL_LEVEL_FAIL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      SlSettings *settings = sl_settings_new ("Song");
      Song song = { .frames = rows[i].frames, .rate_hz = rows[i].rate_hz, .hz = 100 };
      const SlCheck *check;

      settings->min_seconds = rows[i].min_seconds;
      settings->reference_convert = TRUE;
      check = run_reference (&fixture, settings, song, "min-length");
      g_assert_cmpint (check->level, ==, rows[i].level);
      g_assert_cmpint (fixture_state (&fixture, SL_STEP_REFERENCE), ==,
                       rows[i].level == SL_LEVEL_FAIL ? SL_STATE_FAILED : SL_STATE_PASSED);
    }
}

/* Another rate is red; with conversion it becomes a copy whose length is the target. */
static void
test_rate (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *copy = NULL;
  Song song = { .frames = 44100, .rate_hz = 44100, .hz = 100 };
  const SlCheck *check = run_reference (&fixture, sl_settings_new ("Song"), song, "rate");
  SlSettings *settings;

  g_assert_cmpint (check->level, ==, SL_LEVEL_FAIL);
  g_assert_cmpfloat (check->measured, ==, 44100);
  g_assert_cmpfloat (check->limit, ==, 48000);
  g_assert_nonnull (strstr (check->fix, "--convert"));

  settings = fixture_settings (&fixture);
  settings->reference_convert = TRUE;
  sl_project_take_settings (fixture.project, settings);
  fixture_run (&fixture, SL_STEP_REFERENCE);
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_REFERENCE), ==, SL_STATE_PASSED);
  g_assert_cmpint (target (&fixture), ==, 48000);
  copy = fixture_path (&fixture, "stems/reference.wav");
  g_assert_true (g_file_test (copy, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);

  g_test_add_func ("/steps/timing/worked-example", test_worked_example);
  g_test_add_func ("/steps/timing/unknown-tempo", test_unknown_tempo);
  g_test_add_func ("/steps/timing/no-sections", test_no_sections);
  g_test_add_func ("/steps/timing/planned", test_planned);
  g_test_add_func ("/steps/reference/no-length", test_no_length);
  g_test_add_func ("/steps/reference/sections", test_sections_against_reference);
  g_test_add_func ("/steps/reference/downbeat", test_downbeat);
  g_test_add_func ("/steps/reference/file", test_file);
  g_test_add_func ("/steps/reference/cut-short", test_file_cut_short);
  g_test_add_func ("/steps/reference/min-length", test_min_length);
  g_test_add_func ("/steps/reference/rate", test_rate);

  return g_test_run ();
}
