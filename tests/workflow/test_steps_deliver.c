/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 8: what is in the archive is what was verified, and all of it. */
#include "small_song.h"
#include "snapshot.h"
#include "workflow/job.h"
#include "workflow/json.h"
#include "zip.h"

static void
run_small (Fixture *fixture, SlSettings *settings)
{
  fixture_init (fixture, settings);
  fixture_run (fixture, SL_STEP_DELIVER);
  fixture_assert_green (fixture);
}

static void
open_archive (Fixture *fixture, Zip *zip)
{
  SlRecord *record = sl_project_get_record (fixture->project, SL_STEP_DELIVER, "");
  g_autofree char *path = fixture_path (fixture, sl_json_get_string (record->values, "archive"));

  zip_open (zip, path);
}

static void
assert_entry_is_file (Fixture *fixture, const Zip *zip, const char *name, const char *stored)
{
  const ZipEntry *entry = zip_find (zip, name);
  g_autofree char *path = fixture_path (fixture, stored);
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_cmpmem (entry->data, entry->size, bytes, length);
}

/* Every stem by its name, the master, and two texts; nothing else. */
static void
test_entries (void)
{
  static const struct
  {
    const char *name;
    const char *stored;
  } files[] = {
    { "Small/Bass.wav", "aligned/Bass.wav" },    { "Small/Lead.wav", "aligned/Lead.wav" },
    { "Small/Pad.wav", "aligned/Pad.wav" },      { "Small/Full.wav", "../sources/Full.wav" },
    { "Small/Hum.wav", "processed/Hum.wav" },    { "Small/drums.wav", "processed/drums.wav" },
    { "Small/Master.wav", "master/Master.wav" },
  };
  g_auto (Fixture) fixture = { 0 };
  g_auto (Zip) zip = { 0 };

  run_small (&fixture, small_song_settings (&fixture));
  open_archive (&fixture, &zip);
  g_assert_cmpuint (zip.entries->len, ==, G_N_ELEMENTS (files) + 2);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    assert_entry_is_file (&fixture, &zip, files[i].name, files[i].stored);
  zip_find (&zip, "Small/README.txt");
  zip_find (&zip, "Small/manifest.json");
}

static JsonObject *
read_manifest (const Zip *zip, JsonNode **root)
{
  g_autofree char *text = zip_text (zip, "Small/manifest.json");
  g_autoptr (GError) error = NULL;

  *root = json_from_string (text, &error);
  g_assert_no_error (error);
  return json_node_get_object (*root);
}

/* Each file's SHA-256, as anybody can compute it. */
static void
test_manifest_files (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_auto (Zip) zip = { 0 };
  g_autoptr (JsonNode) root = NULL;
  JsonObject *manifest;
  JsonArray *files;

  run_small (&fixture, small_song_settings (&fixture));
  open_archive (&fixture, &zip);
  manifest = read_manifest (&zip, &root);
  g_assert_cmpint (sl_json_get_int (manifest, "frames", 0), ==, SMALL_FRAMES);
  g_assert_cmpstr (sl_json_get_string (manifest, "bpm"), ==, "120");
  files = sl_json_get_array (manifest, "files");
  g_assert_cmpuint (json_array_get_length (files), ==, 7);
  for (guint i = 0; i < 7; i++)
    {
      JsonObject *file = json_array_get_object_element (files, i);
      g_autofree char *name = g_strconcat ("Small/", sl_json_get_string (file, "file"), NULL);
      const ZipEntry *entry = zip_find (&zip, name);
      g_autofree char *sha256
          = g_compute_checksum_for_data (G_CHECKSUM_SHA256, entry->data, entry->size);

      g_assert_cmpstr (sl_json_get_string (file, "sha256"), ==, sha256);
      g_assert_cmpint (sl_json_get_int (file, "frames", 0), ==, SMALL_FRAMES);
    }
}

static guint
count_of_step (JsonArray *checks, SlStepId step)
{
  guint n = 0;

  for (guint i = 0; i < json_array_get_length (checks); i++)
    if (strcmp (sl_json_get_string (json_array_get_object_element (checks, i), "step"),
                sl_step_id_name (step))
        == 0)
      n++;
  return n;
}

/* Every check that the badges of the seven steps before show. */
static void
test_manifest_checks (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_auto (Zip) zip = { 0 };
  g_autoptr (JsonNode) root = NULL;
  JsonArray *checks;

  run_small (&fixture, small_song_settings (&fixture));
  open_archive (&fixture, &zip);
  checks = sl_json_get_array (read_manifest (&zip, &root), "checks");
  for (int step = 0; step < SL_N_STEPS; step++)
    {
      g_autoptr (GPtrArray) shown = sl_badge_checks (fixture.project, (SlStepId) step);

      g_assert_cmpuint (count_of_step (checks, (SlStepId) step), ==,
                        step < SL_STEP_DELIVER ? shown->len : 0);
      g_assert_cmpuint (shown->len, >, 0);
    }
}

/* The reader is told at which gains the stems make the master. */
static void
test_readme (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_auto (Zip) zip = { 0 };
  g_autofree char *readme = NULL;
  SlSettings *settings = small_song_settings (&fixture);

  sl_settings_find_stem (settings, "Bass")->gain = 0.5;
  run_small (&fixture, settings);
  open_archive (&fixture, &zip);
  readme = zip_text (&zip, "Small/README.txt");
  g_assert_nonnull (strstr (readme, "exactly 120000 frames at 48000 Hz, FLOAT"));
  g_assert_nonnull (strstr (readme, "at these gains"));
  g_assert_nonnull (strstr (readme, "Bass.wav  0.5  (-6.02 dB)"));
  g_assert_nonnull (strstr (readme, "drums.wav  0.4  (-7.96 dB)"));
  g_assert_nonnull (strstr (readme, "Tempo: 120 BPM"));
}

static void
test_readme_unity (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_auto (Zip) zip = { 0 };
  g_autofree char *readme = NULL;
  SlSettings *settings = sl_settings_new ("Small");

  settings->reference_frames = SMALL_FRAMES;
  small_song_add (&fixture, settings, "Full", (Song){ .frames = SMALL_FRAMES, .hz = 550 });
  run_small (&fixture, settings);
  open_archive (&fixture, &zip);
  readme = zip_text (&zip, "Small/README.txt");
  g_assert_nonnull (strstr (readme, "sum to the master at unity"));
}

/* What a person took responsibility for stands in both texts, with the reason. */
static void
test_accepted_is_told (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_auto (Zip) zip = { 0 };
  g_autofree char *readme = NULL;
  g_autofree char *manifest = NULL;
  SlSettings *settings = small_song_settings (&fixture);
  SlRecord *record;

  /* The filter may not change the level at all, and it does. */
  sl_settings_set_limit (settings, "loudness-change", 0.0);
  fixture_init (&fixture, settings);
  fixture_run (&fixture, SL_STEP_EFFECTS);
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_EFFECTS), ==, SL_STATE_FAILED);
  for (guint i = 0; i < 2; i++)
    {
      const char *subject = i == 0 ? "Hum" : "drums";

      record = sl_project_get_record (fixture.project, SL_STEP_EFFECTS, subject);
      settings = fixture_settings (&fixture);
      sl_settings_accept (settings, "effects", "loudness-change", subject, "quite inaudible",
                          record->key);
      sl_project_take_settings (fixture.project, settings);
      fixture_run (&fixture, SL_STEP_DELIVER);
    }
  fixture_assert_green (&fixture);
  g_assert_cmpuint (sl_badge_warnings (fixture.project, SL_STEP_EFFECTS), ==, 2);
  open_archive (&fixture, &zip);
  readme = zip_text (&zip, "Small/README.txt");
  manifest = zip_text (&zip, "Small/manifest.json");
  g_assert_nonnull (strstr (readme, "accepted: quite inaudible"));
  g_assert_nonnull (strstr (manifest, "\"quite inaudible\""));
}

/* --- what changes between the look and the work --- */

/* Runs the deliver step's work with @stored altered after it was prepared. */
static GError *
deliver_altered (Fixture *fixture, const char *stored)
{
  const SlSettings *settings = sl_project_get_settings (fixture->project);
  g_autoptr (SlJob) job
      = sl_job_new (SL_STEP_DELIVER, sl_project_get_folder (fixture->project), settings);
  g_autofree char *path = fixture_path (fixture, stored);
  FILE *file = g_fopen (path, "r+b");
  g_autoptr (GError) error = NULL;

  sl_job_take_work (job, "", sl_step_get (SL_STEP_DELIVER)->prepare (fixture->project, ""));
  g_assert_nonnull (file);
  g_assert_cmpint (fseek (file, -40000, SEEK_END), ==, 0);
  g_assert_cmpint (fputc (0x3d, file), ==, 0x3d);
  g_assert_cmpint (fclose (file), ==, 0);
  sl_job_run (job, 1, NULL, &error);
  sl_job_apply (job, fixture->project);
  return g_steal_pointer (&error);
}

/* The files are read again from disk, whatever is believed of them: red, and no archive. */
static void
test_altered_meanwhile (void)
{
  static const struct
  {
    const char *stored;
    const char *subject;
  } rows[] = { { "aligned/Bass.wav", "Bass" },
               { "../sources/Full.wav", "Full" },
               { "processed/drums.wav", "drums" },
               { "master/Master.wav", "Master" } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      g_autoptr (GError) error = NULL;
      g_autofree char *files = NULL;
      guint failed = 0;
      SlRecord *record;

      fixture_init (&fixture, small_song_settings (&fixture));
      fixture_run (&fixture, SL_STEP_MASTER);
      error = deliver_altered (&fixture, rows[i].stored);
      g_assert_no_error (error);
      record = sl_project_get_record (fixture.project, SL_STEP_DELIVER, "");
      for (guint k = 0; k < record->checks->len; k++)
        {
          const SlCheck *check = record->checks->pdata[k];

          if (check->level != SL_LEVEL_FAIL)
            continue;
          failed++;
          g_assert_cmpstr (check->id, ==, "file");
          g_assert_cmpstr (check->subject, ==, rows[i].subject);
          g_assert_cmpint (check->kind, ==, SL_KIND_INTEGRITY);
        }
      g_assert_cmpuint (failed, ==, 1);
      files = snapshot_files (&fixture);
      g_assert_null (strstr (files, "zip"));
      /* The pipeline sees it, too, and makes it good where it can. */
      fixture_run (&fixture, SL_STEP_DELIVER);
      fixture_assert_green (&fixture);
    }
}

/* A master that is too quiet is red, and can be accepted. */
static void
test_too_quiet (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = sl_settings_new ("Small");
  const SlCheck *rms;

  settings->reference_frames = SMALL_FRAMES;
  small_song_add (&fixture, settings, "Full",
                  (Song){ .frames = SMALL_FRAMES, .hz = 550, .level = 0.005 });
  fixture_init (&fixture, settings);
  fixture_run (&fixture, SL_STEP_DELIVER);
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_DELIVER), ==, SL_STATE_FAILED);
  rms = fixture_check (&fixture, SL_STEP_DELIVER, "", "rms");
  g_assert_cmpint (rms->level, ==, SL_LEVEL_FAIL);
  g_assert_cmpint (rms->kind, ==, SL_KIND_JUDGEMENT);
  /* 0.005 and 0.0045 on its two channels: their RMS is 0.003363. */
  g_assert_cmpfloat_with_epsilon (rms->measured, 0.003363, 1e-5);
}

/* --- equal songs give equal archives --- */

typedef void (*Edit) (SlSettings *settings);

static char *
archive_digest (Fixture *fixture)
{
  SlRecord *record = sl_project_get_record (fixture->project, SL_STEP_DELIVER, "");

  return g_strdup (((const SlOutputFile *) record->outputs->pdata[0])->digest);
}

/* Of an early step: its verdict and its audio stay, but the report lists it. */
static void
set_limit (SlSettings *settings)
{
  sl_settings_set_limit (settings, "seam-step", 1.6);
}

static void
set_no_drums (SlSettings *settings)
{
  settings->drums = SL_DRUMS_NONE;
}

static void
remove_pad (SlSettings *settings)
{
  g_ptr_array_remove (settings->stems, sl_settings_find_stem (settings, "Pad"));
}

static void
set_tempo (SlSettings *settings)
{
  settings->bpm = (SlBpm){ 240, 1 };
}

/* By whatever way a song came to be what it is. */
static void
test_history (void)
{
  static const Edit edits[] = { set_limit, set_no_drums, remove_pad, set_tempo };

  for (guint i = 0; i < G_N_ELEMENTS (edits); i++)
    {
      g_auto (Fixture) late = { 0 };
      g_auto (Fixture) early = { 0 };
      g_autofree char *late_digest = NULL;
      g_autofree char *early_digest = NULL;
      SlSettings *settings;

      run_small (&late, small_song_settings (&late));
      settings = fixture_settings (&late);
      edits[i](settings);
      sl_project_take_settings (late.project, settings);
      fixture_run (&late, SL_STEP_DELIVER);
      fixture_assert_green (&late);
      late_digest = archive_digest (&late);

      settings = small_song_settings (&early);
      edits[i](settings);
      run_small (&early, settings);
      early_digest = archive_digest (&early);
      g_assert_cmpstr (late_digest, ==, early_digest);
    }
}

/* Any UTF-8 title and names. */
static void
test_title (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_auto (Zip) zip = { 0 };
  SlSettings *settings = sl_settings_new ("Grüße 日本 (v1.2)");

  settings->reference_frames = SMALL_FRAMES;
  small_song_add (&fixture, settings, "Бас", (Song){ .frames = SMALL_FRAMES, .hz = 550 });
  run_small (&fixture, settings);
  open_archive (&fixture, &zip);
  zip_find (&zip, "Grüße 日本 (v1.2)/Бас.wav");
  zip_find (&zip, "Grüße 日本 (v1.2)/Master.wav");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);

  g_test_add_func ("/steps/deliver/entries", test_entries);
  g_test_add_func ("/steps/deliver/manifest-files", test_manifest_files);
  g_test_add_func ("/steps/deliver/manifest-checks", test_manifest_checks);
  g_test_add_func ("/steps/deliver/readme", test_readme);
  g_test_add_func ("/steps/deliver/readme-unity", test_readme_unity);
  g_test_add_func ("/steps/deliver/accepted-is-told", test_accepted_is_told);
  g_test_add_func ("/steps/deliver/altered-meanwhile", test_altered_meanwhile);
  g_test_add_func ("/steps/deliver/too-quiet", test_too_quiet);
  g_test_add_func ("/steps/deliver/history", test_history);
  g_test_add_func ("/steps/deliver/title", test_title);

  return g_test_run ();
}
