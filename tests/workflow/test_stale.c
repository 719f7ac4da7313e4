/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes stale by which change, and that nothing else does. */
#include "small_song.h"

#include <fcntl.h>
#include <sys/stat.h>

/* Every piece of work that is not green, such as "timing align:Bass master". Owned. */
static char *
list_not_green (Fixture *fixture)
{
  const SlSettings *settings = sl_project_get_settings (fixture->project);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);

  for (int i = 0; i < SL_N_STEPS; i++)
    {
      SlStepId step = (SlStepId) i;
      g_auto (GStrv) subjects = sl_step_get (step)->list_subjects (settings);

      for (guint k = 0; subjects[k] != NULL; k++)
        if (sl_badge_subject (fixture->project, step, subjects[k]) != SL_STATE_PASSED)
          g_ptr_array_add (found, g_strconcat (sl_step_id_name (step),
                                               *subjects[k] != '\0' ? ":" : "", subjects[k], NULL));
    }
  g_ptr_array_add (found, NULL);
  return g_strjoinv (" ", (char **) found->pdata);
}

static void
assert_not_green (Fixture *fixture, const char *expected)
{
  g_autofree char *found = NULL;

  fixture_refresh (fixture);
  found = list_not_green (fixture);
  g_assert_cmpstr (found, ==, expected);
}

/* A small song, all green. */
static void
set_up (Fixture *fixture)
{
  small_song_init (fixture);
  fixture_run (fixture, SL_STEP_DELIVER);
  fixture_assert_green (fixture);
  assert_not_green (fixture, "");
}

static void
rerun (Fixture *fixture)
{
  fixture_run (fixture, SL_STEP_DELIVER);
  fixture_assert_green (fixture);
  assert_not_green (fixture, "");
}

/* --- settings --- */

#define EVERY_ALIGN "align:Bass align:Lead align:Pad align:Full align:Hum"
#define EVERY_EFFECT "effects:Bass effects:Lead effects:Pad effects:Full effects:Hum effects:drums"

static SlStem *
find (SlSettings *settings, const char *name)
{
  SlStem *stem = sl_settings_find_stem (settings, name);

  g_assert_nonnull (stem);
  return stem;
}

static void
edit_bpm (SlSettings *settings)
{
  settings->bpm = (SlBpm){ 240, 1 };
}

static void
edit_meter (SlSettings *settings)
{
  settings->beats_per_bar = 2;
}

static void
edit_downbeat (SlSettings *settings)
{
  settings->downbeat = 480;
}

static void
edit_section_length (SlSettings *settings)
{
  settings_set_sections (settings, "A:1,B:3,C:1");
}

static void
edit_later_section (SlSettings *settings)
{
  settings_set_sections (settings, "A:2,B:2,C:2");
}

static void
edit_section_name (SlSettings *settings)
{
  settings_set_sections (settings, "Intro:2,B:2,C:1");
}

static void
edit_planned (SlSettings *settings)
{
  settings->planned_seconds = 2.5;
}

static void
edit_min_length (SlSettings *settings)
{
  settings->min_seconds = 2.0;
}

static void
edit_title (SlSettings *settings)
{
  g_free (settings->title);
  settings->title = g_strdup ("Other");
}

static void
edit_subtype (SlSettings *settings)
{
  settings->subtype = SL_SUBTYPE_PCM_24;
}

static void
edit_gain (SlSettings *settings)
{
  find (settings, "Bass")->gain = 0.5;
}

static void
edit_mute (SlSettings *settings)
{
  find (settings, "Pad")->mute = TRUE;
}

static void
edit_fit_gains (SlSettings *settings)
{
  settings->fit_gains = TRUE;
}

static void
edit_strategy (SlSettings *settings)
{
  find (settings, "Pad")->strategy = SL_STRATEGY_ZERO_PAD;
}

static void
edit_role (SlSettings *settings)
{
  SlStem *stem = find (settings, "Pad");

  g_free (stem->role);
  stem->role = g_strdup ("bass");
}

static void
edit_role_alike (SlSettings *settings)
{
  SlStem *stem = find (settings, "Pad");

  g_free (stem->role);
  stem->role = g_strdup ("vocals");
}

static void
edit_offset (SlSettings *settings)
{
  find (settings, "Hum")->offset = 4800;
}

static void
edit_fade (SlSettings *settings)
{
  find (settings, "Bass")->fade_ms = 8.0;
}

static void
edit_ending (SlSettings *settings)
{
  find (settings, "Bass")->ending = SL_ENDING_KEEP;
}

static void
edit_join (SlSettings *settings)
{
  find (settings, "Bass")->join = 2 * BEAT;
}

static void
edit_section_of_stem (SlSettings *settings)
{
  SlStem *stem = find (settings, "Lead");

  g_free (stem->section);
  stem->section = g_strdup ("A");
}

static void
edit_cutoff (SlSettings *settings)
{
  find (settings, "Bass")->lowpass_hz = 4000.0;
}

static void
edit_tone (SlSettings *settings)
{
  find (settings, "Hum")->tone_hz = 200.0;
}

static void
edit_tone_length (SlSettings *settings)
{
  find (settings, "Hum")->seconds = 2.0;
}

static void
edit_convert (SlSettings *settings)
{
  find (settings, "Lead")->convert = TRUE;
}

static void
edit_seam_limit (SlSettings *settings)
{
  sl_settings_set_limit (settings, "seam-step", 1.6);
}

static void
edit_other_limit (SlSettings *settings)
{
  sl_settings_set_limit (settings, "rms", 0.005);
}

static void
edit_no_drums (SlSettings *settings)
{
  settings->drums = SL_DRUMS_NONE;
}

static void
edit_remove_stem (SlSettings *settings)
{
  g_ptr_array_remove (settings->stems, find (settings, "Pad"));
}

static void
edit_add_stem (SlSettings *settings)
{
  settings_add_tone (settings, "New", 0.0);
}

static void
edit_path (SlSettings *settings)
{
  SlStem *stem = find (settings, "Bass");

  g_free (stem->file);
  stem->file = g_strdup ("../song/../sources/Bass.wav");
}

static const struct
{
  const char *name;
  void (*edit) (SlSettings *settings);
  const char *not_green;
} rows[] = {
  { "bpm", edit_bpm, "timing reference align:Bass align:Lead align:Pad drums:drums deliver" },
  { "meter", edit_meter, "timing reference align:Bass align:Pad drums:drums deliver" },
  { "downbeat", edit_downbeat,
    "timing reference align:Bass align:Lead align:Pad drums:drums deliver" },
  { "section-length", edit_section_length, "timing reference align:Lead deliver" },
  { "later-section", edit_later_section, "timing reference deliver" },
  { "section-name", edit_section_name, "timing reference deliver" },
  { "planned", edit_planned, "timing" },
  { "min-length", edit_min_length, "reference" },
  { "title", edit_title, "deliver" },
  { "subtype", edit_subtype,
    "stems:Hum " EVERY_ALIGN " drums:drums " EVERY_EFFECT " master deliver" },
  { "gain", edit_gain, "master deliver" },
  { "mute", edit_mute, "master deliver" },
  { "fit-gains", edit_fit_gains, "master" },
  { "strategy", edit_strategy, "align:Pad" },
  { "role", edit_role, "align:Pad" },
  { "role-alike", edit_role_alike, "" },
  { "offset", edit_offset, "align:Hum" },
  { "fade", edit_fade, "align:Bass" },
  { "ending", edit_ending, "align:Bass" },
  { "join", edit_join, "align:Bass" },
  { "section-of-stem", edit_section_of_stem, "align:Lead" },
  { "cutoff", edit_cutoff, "effects:Bass" },
  { "tone", edit_tone, "stems:Hum" },
  { "tone-length", edit_tone_length, "stems:Hum" },
  { "convert", edit_convert, "stems:Lead" },
  { "seam-limit", edit_seam_limit, EVERY_ALIGN },
  { "other-limit", edit_other_limit, "deliver" },
  { "no-drums", edit_no_drums, "drums master deliver" },
  { "remove-stem", edit_remove_stem, "master deliver" },
  { "add-stem", edit_add_stem, "stems:New align:New effects:New master deliver" },
  { "path", edit_path, "" },
};

/* Each edit: what it makes stale; nothing any more when it is undone; green again when it is run,
 * and when the project is as before. */
static void
test_edits (void)
{
  g_auto (Fixture) fixture = { 0 };

  set_up (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (SlSettings) before = fixture_settings (&fixture);
      SlSettings *edited = fixture_settings (&fixture);

      g_test_message ("%s", rows[i].name);
      rows[i].edit (edited);
      sl_project_take_settings (fixture.project, sl_settings_copy (edited));
      assert_not_green (&fixture, rows[i].not_green);
      if (strcmp (rows[i].name, "remove-stem") != 0)
        {
          sl_project_take_settings (fixture.project, sl_settings_copy (before));
          assert_not_green (&fixture, "");
          sl_project_take_settings (fixture.project, sl_settings_copy (edited));
        }
      rerun (&fixture);
      sl_settings_free (edited);
      sl_project_take_settings (fixture.project, sl_settings_copy (before));
      rerun (&fixture);
    }
}

/* A section that goes leaves the stem that belonged to it without a place. */
static void
test_section_gone (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings;

  set_up (&fixture);
  settings = fixture_settings (&fixture);
  settings_set_sections (settings, "A:2,X:2,C:1");
  sl_project_take_settings (fixture.project, settings);
  assert_not_green (&fixture, "timing reference align:Lead deliver");
  fixture_run (&fixture, SL_STEP_DELIVER);
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_ALIGN), ==, SL_STATE_FAILED);
  g_assert_cmpint (fixture_check (&fixture, SL_STEP_ALIGN, "Lead", "section")->level, ==,
                   SL_LEVEL_FAIL);
}

/* --- files --- */

static void
restore_times (const char *path, const struct stat *before)
{
  struct timespec times[2] = { before->st_atim, before->st_mtim };

  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
}

/* Turns one bit of the file's last byte, and its times back. */
static void
alter (const char *path)
{
  int fd = open (path, O_RDWR | O_CLOEXEC);
  struct stat before;
  guint8 byte;

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (fstat (fd, &before), ==, 0);
  g_assert_cmpint (pread (fd, &byte, 1, before.st_size - 1), ==, 1);
  byte ^= 1;
  g_assert_cmpint (pwrite (fd, &byte, 1, before.st_size - 1), ==, 1);
  close (fd);
  restore_times (path, &before);
}

static const struct
{
  const char *file;
  const char *not_green;
} sources[] = {
  { "../sources/Bass.wav", "stems:Bass align:Bass" },
  { "../sources/Lead.wav", "stems:Lead align:Lead" },
  { "../sources/Pad.wav", "stems:Pad align:Pad" },
  { "../sources/reference.wav", "reference" },
  /* It goes through every step under its own name. */
  { "../sources/Full.wav", "stems:Full align:Full effects:Full master deliver" },
};

static void
test_source_altered (void)
{
  g_auto (Fixture) fixture = { 0 };

  set_up (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      g_autofree char *path = fixture_path (&fixture, sources[i].file);

      alter (path);
      assert_not_green (&fixture, sources[i].not_green);
      alter (path);
      assert_not_green (&fixture, "");
      alter (path);
      rerun (&fixture);
    }
}

/* A missing source is the business of the step that reads it. */
static void
test_source_missing (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *path = NULL;
  g_autofree char *away = NULL;

  set_up (&fixture);
  path = fixture_path (&fixture, "../sources/Bass.wav");
  away = g_strconcat (path, ".away", NULL);
  g_assert_cmpint (g_rename (path, away), ==, 0);
  assert_not_green (&fixture, "stems:Bass");
  fixture_run (&fixture, SL_STEP_DELIVER);
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_STEMS), ==, SL_STATE_FAILED);
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_ALIGN), ==, SL_STATE_LOCKED);
  g_assert_cmpint (g_rename (away, path), ==, 0);
  rerun (&fixture);
}

static void
test_sources_swapped (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *bass = NULL;
  g_autofree char *pad = NULL;
  g_autofree char *away = NULL;

  set_up (&fixture);
  bass = fixture_path (&fixture, "../sources/Bass.wav");
  pad = fixture_path (&fixture, "../sources/Pad.wav");
  away = g_strconcat (bass, ".away", NULL);
  for (int round = 0; round < 2; round++)
    {
      g_assert_cmpint (g_rename (bass, away), ==, 0);
      g_assert_cmpint (g_rename (pad, bass), ==, 0);
      g_assert_cmpint (g_rename (away, pad), ==, 0);
      assert_not_green (&fixture, round == 0 ? "stems:Bass stems:Pad align:Bass align:Pad" : "");
    }
}

static void
test_touched (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_auto (GStrv) paths = NULL;

  set_up (&fixture);
  paths = sl_project_list_paths (fixture.project);
  g_assert_cmpuint (g_strv_length (paths), >, 10);
  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_autofree char *path = fixture_path (&fixture, paths[i]);

      g_assert_cmpint (utimensat (AT_FDCWD, path, NULL, 0), ==, 0);
    }
  assert_not_green (&fixture, "");
  fixture_reopen (&fixture);
  assert_not_green (&fixture, "");
}

/* One file that a step wrote. */
typedef struct
{
  char *path;
  char *writer; ///< such as "align:Bass"
} Output;

static void
output_free (gpointer data)
{
  Output *output = data;

  g_free (output->path);
  g_free (output->writer);
  g_free (output);
}

static void
add_outputs (SlStepId step, const char *subject, SlRecord *record, gpointer data)
{
  for (guint i = 0; i < record->outputs->len; i++)
    {
      Output *output = g_new0 (Output, 1);

      output->path = g_strdup (((const SlOutputFile *) record->outputs->pdata[i])->path);
      output->writer
          = g_strconcat (sl_step_id_name (step), *subject != '\0' ? ":" : "", subject, NULL);
      g_ptr_array_add (data, output);
    }
}

/* The file of every step, in turn altered, altered back, moved away, and made again by a run. */
static void
test_outputs (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GPtrArray) outputs = g_ptr_array_new_with_free_func (output_free);

  set_up (&fixture);
  sl_project_foreach_record (fixture.project, add_outputs, outputs);
  /* Hum's tone; four aligned and the pattern; two low-passed; the master; the archive. */
  g_assert_cmpuint (outputs->len, ==, 1 + 4 + 1 + 2 + 1 + 1);
  for (guint i = 0; i < outputs->len; i++)
    {
      const Output *output = outputs->pdata[i];
      g_autofree char *path = fixture_path (&fixture, output->path);
      g_autofree char *away = g_strconcat (path, ".away", NULL);
      SlDigest before, after;

      g_assert_true (sl_digest_file (path, &before, NULL, NULL));
      alter (path);
      assert_not_green (&fixture, output->writer);
      alter (path);
      assert_not_green (&fixture, "");
      g_assert_cmpint (g_rename (path, away), ==, 0);
      assert_not_green (&fixture, output->writer);
      rerun (&fixture);
      g_assert_true (sl_digest_file (path, &after, NULL, NULL));
      g_assert_true (sl_digest_equal (&before, &after));
      g_assert_cmpint (g_unlink (away), ==, 0);
    }
}

static void
move (const char *from, const char *to, const char *name)
{
  g_autofree char *old = g_build_filename (from, name, NULL);
  g_autofree char *new = g_build_filename (to, name, NULL);

  g_assert_cmpint (g_rename (old, new), ==, 0);
}

/* Nothing that a project says of itself depends on where it lies or when it was opened. */
static void
test_moved (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *home = NULL;
  g_autofree char *song = NULL;

  set_up (&fixture);
  home = g_build_filename (fixture.root, "elsewhere", NULL);
  song = g_build_filename (home, "song", NULL);
  g_assert_cmpint (g_mkdir (home, 0777), ==, 0);
  move (fixture.root, home, "song");
  move (fixture.root, home, "sources");
  fixture_detach (&fixture);
  fixture_open (&fixture, song);
  assert_not_green (&fixture, "");
}

/* --- what is stale is not delivered --- */

static void
assert_step_refused (Fixture *fixture, SlStepId step)
{
  g_autoptr (GError) error = fixture_try_step (fixture, step, NULL);

  g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "locked"));
}

static void
assert_locked_behind (Fixture *fixture, SlStepId stale, const SlDigest *archive)
{
  g_autofree char *path = fixture_path (fixture, "deliverables/Small.zip");
  SlDigest now;

  for (int step = 0; step < SL_N_STEPS; step++)
    {
      SlState state = fixture_state (fixture, (SlStepId) step);

      if (step < (int) stale)
        g_assert_cmpint (state, ==, SL_STATE_PASSED);
      else if (step == (int) stale)
        g_assert_cmpint (state, ==, SL_STATE_STALE);
      else
        {
          g_assert_cmpint (state, ==, SL_STATE_LOCKED);
          assert_step_refused (fixture, (SlStepId) step);
        }
    }
  g_assert_true (sl_digest_file (path, &now, NULL, NULL));
  g_assert_true (sl_digest_equal (&now, archive));
}

static void
test_nothing_stale_delivered (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *archive = NULL;
  g_autofree char *source = NULL;
  g_autofree char *processed = NULL;
  SlDigest digest;
  SlSettings *settings;

  set_up (&fixture);
  archive = fixture_path (&fixture, "deliverables/Small.zip");
  source = fixture_path (&fixture, "../sources/Bass.wav");
  processed = fixture_path (&fixture, "processed/Hum.wav");
  g_assert_true (sl_digest_file (archive, &digest, NULL, NULL));

  /* The step looks for itself: nobody has refreshed. */
  alter (source);
  assert_step_refused (&fixture, SL_STEP_DELIVER);
  assert_locked_behind (&fixture, SL_STEP_STEMS, &digest);
  alter (source);
  alter (processed);
  assert_step_refused (&fixture, SL_STEP_DELIVER);
  assert_locked_behind (&fixture, SL_STEP_EFFECTS, &digest);
  alter (processed);
  fixture_refresh (&fixture);
  settings = fixture_settings (&fixture);
  edit_bpm (settings);
  sl_project_take_settings (fixture.project, settings);
  assert_locked_behind (&fixture, SL_STEP_TIMING, &digest);
}

/* A new project's steps open one after the other. */
static void
test_gates (void)
{
  g_auto (Fixture) fixture = { 0 };

  small_song_init (&fixture);
  for (int step = 0; step < SL_N_STEPS; step++)
    {
      for (int later = 0; later < SL_N_STEPS; later++)
        g_assert_cmpint (fixture_state (&fixture, (SlStepId) later), ==,
                         later < step    ? SL_STATE_PASSED
                         : later == step ? SL_STATE_READY
                                         : SL_STATE_LOCKED);
      if (step + 1 < SL_N_STEPS)
        assert_step_refused (&fixture, (SlStepId) (step + 1));
      fixture_run (&fixture, (SlStepId) step);
    }
  fixture_assert_green (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);

  g_test_add_func ("/stale/edits", test_edits);
  g_test_add_func ("/stale/section-gone", test_section_gone);
  g_test_add_func ("/stale/source-altered", test_source_altered);
  g_test_add_func ("/stale/source-missing", test_source_missing);
  g_test_add_func ("/stale/sources-swapped", test_sources_swapped);
  g_test_add_func ("/stale/touched", test_touched);
  g_test_add_func ("/stale/outputs", test_outputs);
  g_test_add_func ("/stale/moved", test_moved);
  g_test_add_func ("/stale/nothing-stale-delivered", test_nothing_stale_delivered);
  g_test_add_func ("/stale/gates", test_gates);

  return g_test_run ();
}
