/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 5: drums from a pattern, from the reference, from files, or none. */
#include "fixture.h"
#include "snapshot.h"
#include "workflow/json.h"

#define BEAT 24000
#define FRAMES (8 * BEAT)

static SlSettings *
make_settings (void)
{
  SlSettings *settings = sl_settings_new ("Drums");

  settings->reference_frames = FRAMES;
  settings_set_sections (settings, "A:8");
  return settings;
}

static SlState
run (Fixture *fixture, SlSettings *settings)
{
  if (fixture->root == NULL)
    fixture->root = test_folder_new ();
  fixture_init (fixture, settings);
  fixture_run (fixture, SL_STEP_DRUMS);
  return fixture_state (fixture, SL_STEP_DRUMS);
}

static const SlAudio *
drums_audio (Fixture *fixture, const char *subject)
{
  SlRecord *record = sl_project_get_record (fixture->project, SL_STEP_DRUMS, subject);

  g_assert_nonnull (record);
  return record->audio;
}

/* What happens when nobody decides. */
static void
test_mode (void)
{
  static const struct
  {
    const char *tones;
    const char *files;
    SlDrumsMode mode;
  } rows[] = {
    { "", "", SL_DRUMS_PATTERN },
    { "Bass", "", SL_DRUMS_PATTERN },
    { "", "Bass", SL_DRUMS_NONE },
    { "Lead", "Bass", SL_DRUMS_PATTERN },
    { "", "Drums", SL_DRUMS_FILES },
    { "Bass", "Snare", SL_DRUMS_FILES },
    { "Bass", "Percussion", SL_DRUMS_PATTERN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (SlSettings) settings = sl_settings_new ("Mode");

      if (*rows[i].tones != '\0')
        settings_add_tone (settings, rows[i].tones, 0.0);
      if (*rows[i].files != '\0')
        settings_add_file (settings, rows[i].files, "x.wav");
      g_assert_cmpint (sl_settings_drums_mode (settings), ==, rows[i].mode);
      settings->drums = SL_DRUMS_REFERENCE;
      g_assert_cmpint (sl_settings_drums_mode (settings), ==, SL_DRUMS_REFERENCE);
    }
}

static void
test_pattern (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();
  const SlCheck *hits;

  settings_add_tone (settings, "Bass", 0.0);
  g_assert_cmpint (run (&fixture, settings), ==, SL_STATE_PASSED);
  hits = fixture_check (&fixture, SL_STEP_DRUMS, "drums", "hits");
  /* Eight kicks and four snares. */
  g_assert_nonnull (strstr (hits->message, "12 hits"));
  g_assert_cmpfloat (hits->measured, ==, 0);
  g_assert_cmpint (drums_audio (&fixture, "drums")->frames, ==, FRAMES);
}

static void
test_pattern_without_tempo (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();

  settings->bpm = (SlBpm){ 0, 1 };
  settings_add_tone (settings, "Bass", 0.0);
  g_assert_cmpint (run (&fixture, settings), ==, SL_STATE_FAILED);
  g_assert_nonnull (
      strstr (fixture_check (&fixture, SL_STEP_DRUMS, "drums", "tempo")->fix, "--bpm"));
}

static void
test_none (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();

  settings->drums = SL_DRUMS_NONE;
  settings_add_tone (settings, "Bass", 0.0);
  g_assert_cmpint (run (&fixture, settings), ==, SL_STATE_PASSED);
  g_assert_cmpint (fixture_check (&fixture, SL_STEP_DRUMS, "", "drums")->level, ==, SL_LEVEL_NOTE);
  fixture_run (&fixture, SL_STEP_DELIVER);
  fixture_assert_green (&fixture);
}

/* A supplied drum track goes in unchanged: not even a copy of it is made. */
static void
test_reference (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *files = NULL;
  g_autofree char *path = NULL;
  SlSettings *settings = make_settings ();
  SlDigest digest;
  char hex[SL_DIGEST_HEX_LENGTH + 1];
  SlRecord *processed;

  path = fixture_write_song (&fixture, "drums.wav",
                             (Song){ .frames = FRAMES, .hz = 60, .period = BEAT, .noise = 0.1 });
  settings->reference = g_strdup ("../drums.wav");
  settings->drums = SL_DRUMS_REFERENCE;
  settings_add_tone (settings, "Bass", 0.0);
  g_assert_cmpint (run (&fixture, settings), ==, SL_STATE_PASSED);
  fixture_run (&fixture, SL_STEP_DELIVER);
  fixture_assert_green (&fixture);

  g_assert_true (sl_digest_file (path, &digest, NULL, NULL));
  sl_digest_to_hex (&digest, hex);
  g_assert_cmpstr (drums_audio (&fixture, "drums")->path, ==, "../drums.wav");
  g_assert_cmpstr (drums_audio (&fixture, "drums")->digest, ==, hex);
  processed = sl_project_get_record (fixture.project, SL_STEP_EFFECTS, "drums");
  g_assert_cmpstr (processed->audio->digest, ==, hex);
  files = snapshot_files (&fixture);
  g_assert_null (strstr (files, "drums"));
}

static void
test_reference_missing (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();

  settings->drums = SL_DRUMS_REFERENCE;
  settings_add_tone (settings, "Bass", 0.0);
  g_assert_cmpint (run (&fixture, settings), ==, SL_STATE_FAILED);
  g_assert_nonnull (
      strstr (fixture_check (&fixture, SL_STEP_DRUMS, "drums", "reference")->fix, "--reference"));
}

/* --- files --- */

static SlStem *
add_drum_file (Fixture *fixture, SlSettings *settings, Song song)
{
  g_free (fixture_write_song (fixture, "drums.wav", song));
  return settings_add_file (settings, "Drums", "../drums.wav");
}

/* Verified as stems are, and aligned here. */
static void
test_files (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();

  add_drum_file (&fixture, settings,
                 (Song){ .frames = 5 * BEAT + 777, .hz = 60, .period = BEAT, .level = 0.5 });
  settings_add_tone (settings, "Bass", 0.0);
  g_assert_cmpint (run (&fixture, settings), ==, SL_STATE_PASSED);
  g_assert_null (sl_project_get_record (fixture.project, SL_STEP_STEMS, "Drums"));
  g_assert_cmpint (fixture_check (&fixture, SL_STEP_DRUMS, "Drums", "decode")->level, ==,
                   SL_LEVEL_PASS);
  g_assert_cmpstr (fixture_check (&fixture, SL_STEP_DRUMS, "Drums", "strategy")->measured_text, ==,
                   "loop");
  g_assert_cmpfloat (fixture_check (&fixture, SL_STEP_DRUMS, "Drums", "frames")->measured, ==,
                     FRAMES);
  fixture_run (&fixture, SL_STEP_DELIVER);
  fixture_assert_green (&fixture);
}

static void
test_bad_file (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();

  add_drum_file (&fixture, settings, (Song){ .frames = BEAT, .rate_hz = 44100, .hz = 60 });
  g_assert_cmpint (run (&fixture, settings), ==, SL_STATE_FAILED);
  g_assert_cmpint (fixture_check (&fixture, SL_STEP_DRUMS, "Drums", "rate")->level, ==,
                   SL_LEVEL_FAIL);
  g_assert_null (drums_audio (&fixture, "Drums"));
}

static void
test_converted_file (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();
  SlRecord *record;

  add_drum_file (&fixture, settings, (Song){ .frames = 44100, .rate_hz = 44100, .hz = 60 })->convert
      = TRUE;
  g_assert_cmpint (run (&fixture, settings), ==, SL_STATE_PASSED);
  record = sl_project_get_record (fixture.project, SL_STEP_DRUMS, "Drums");
  g_assert_cmpuint (record->outputs->len, ==, 2);
  g_assert_cmpint (record->audio->frames, ==, FRAMES);
  fixture_run (&fixture, SL_STEP_DELIVER);
  fixture_assert_green (&fixture);
}

/* A looped drum file stands on the grid, so another tempo makes it stale. */
static void
test_file_and_tempo (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();

  add_drum_file (&fixture, settings, (Song){ .frames = 3 * BEAT, .hz = 60, .period = BEAT });
  g_assert_cmpint (run (&fixture, settings), ==, SL_STATE_PASSED);
  settings = fixture_settings (&fixture);
  settings->bpm = (SlBpm){ 240, 1 };
  sl_project_take_settings (fixture.project, settings);
  g_assert_cmpint (sl_badge_subject (fixture.project, SL_STEP_DRUMS, "Drums"), ==, SL_STATE_STALE);
}

/* A stem of that name beside a pattern: no file system could keep their files apart. */
static void
test_name_taken (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();

  add_drum_file (&fixture, settings, (Song){ .frames = FRAMES, .hz = 60 });
  settings->drums = SL_DRUMS_PATTERN;
  g_assert_cmpint (run (&fixture, settings), ==, SL_STATE_FAILED);
  g_assert_nonnull (fixture_check (&fixture, SL_STEP_DRUMS, "drums", "name")->fix);
  settings = fixture_settings (&fixture);
  settings->drums = SL_DRUMS_NONE;
  sl_project_take_settings (fixture.project, settings);
  fixture_run (&fixture, SL_STEP_DELIVER);
  fixture_assert_green (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);

  g_test_add_func ("/steps/drums/mode", test_mode);
  g_test_add_func ("/steps/drums/pattern", test_pattern);
  g_test_add_func ("/steps/drums/pattern-without-tempo", test_pattern_without_tempo);
  g_test_add_func ("/steps/drums/none", test_none);
  g_test_add_func ("/steps/drums/reference", test_reference);
  g_test_add_func ("/steps/drums/reference-missing", test_reference_missing);
  g_test_add_func ("/steps/drums/files", test_files);
  g_test_add_func ("/steps/drums/bad-file", test_bad_file);
  g_test_add_func ("/steps/drums/converted-file", test_converted_file);
  g_test_add_func ("/steps/drums/file-and-tempo", test_file_and_tempo);
  g_test_add_func ("/steps/drums/name-taken", test_name_taken);

  return g_test_run ();
}
