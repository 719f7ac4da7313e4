/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run of a step: the same whatever runs at once, all or nothing when it is stopped. */
#include "small_song.h"
#include "snapshot.h"

#include <errno.h>

/* --- the same with one piece of work at a time and with several --- */

typedef enum
{
  BAD_TEXT,
  BAD_RATE,
  BAD_SILENT,
  BAD_NAN,
  BAD_MISSING,
  BAD_PLAN,      /* in the align step */
  BAD_SLOW_FIRST /* two are bad, and the later one fails sooner */
} Bad;

#define GOOD_FRAMES (20 * BEAT)

/* Not a number, in the very last frame. */
static void
write_nan (Fixture *fixture, const char *file, gint64 frames)
{
  Song song = { .frames = frames, .hz = 200 };
  g_autofree float *samples = song_samples (&song);
  g_autofree char *path
      = fixture_write_wav (fixture, file, samples, 2, 48000, frames, SL_SUBTYPE_FLOAT);
  FILE *wav = g_fopen (path, "r+b");
  guint32 nan_bits = GUINT32_TO_LE (0x7fc00000);

  g_assert_nonnull (wav);
  g_assert_cmpint (fseek (wav, -4, SEEK_END), ==, 0);
  g_assert_cmpuint (fwrite (&nan_bits, 4, 1, wav), ==, 1);
  g_assert_cmpint (fclose (wav), ==, 0);
}

static void
write_text (Fixture *fixture, const char *file)
{
  g_autofree char *path = g_build_filename (fixture->root, file, NULL);

  g_assert_true (g_file_set_contents (path, "this is text, not sound\n", -1, NULL));
}

static void
write_bad (Fixture *fixture, const char *file, Bad bad)
{
  static const float silence[BEAT * 2];
  Song song = { .frames = BEAT, .hz = 200, .rate_hz = bad == BAD_RATE ? 44100 : 48000 };
  g_autofree char *path = NULL;

  switch (bad)
    {
    case BAD_TEXT:
      write_text (fixture, file);
      break;
    case BAD_SILENT:
      path = fixture_write_wav (fixture, file, silence, 2, 48000, BEAT, SL_SUBTYPE_FLOAT);
      break;
    case BAD_NAN:
      write_nan (fixture, file, BEAT);
      break;
    case BAD_SLOW_FIRST:
      write_nan (fixture, file, 3 * GOOD_FRAMES);
      break;
    case BAD_MISSING:
      break;
    case BAD_RATE:
    case BAD_PLAN:
    default:
      path = fixture_write_song (fixture, file, song);
    }
}

/* Five stems, of which the third is bad; those before it take longest. */
static void
make_bad_project (Fixture *fixture, Bad bad)
{
  SlSettings *settings = sl_settings_new ("Bad");

  settings->reference_frames = GOOD_FRAMES;
  settings->drums = SL_DRUMS_NONE;
  for (int i = 0; i < 5; i++)
    {
      g_autofree char *name = g_strdup_printf ("stem%d", i);
      g_autofree char *file = g_strdup_printf ("sources/%s.wav", name);
      g_autofree char *stored = g_strdup_printf ("../%s", file);
      g_autofree char *path = NULL;
      SlStem *stem = settings_add_file (settings, name, stored);

      if (i == 2)
        write_bad (fixture, file, bad);
      else if (i == 3 && bad == BAD_SLOW_FIRST)
        write_text (fixture, file);
      else
        path = fixture_write_song (fixture, file,
                                   (Song){ .frames = i < 2 ? GOOD_FRAMES - 8 * BEAT * i : BEAT,
                                           .hz = 100 + 50 * i });
      if (i == 2 && bad == BAD_PLAN)
        stem->strategy = SL_STRATEGY_TRUNCATE;
    }
  fixture_init (fixture, settings);
}

/* Runs it with @jobs pieces at once; badges, records and files as one text. Owned. */
static char *
run_bad_project (Bad bad, guint jobs)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *badges = NULL;
  g_autofree char *records = NULL;
  g_autofree char *files = NULL;
  g_autoptr (GString) text = NULL;

  make_bad_project (&fixture, bad);
  sl_pipeline_set_jobs (fixture.pipeline, jobs);
  fixture_run (&fixture, SL_STEP_DELIVER);
  badges = snapshot_badges (&fixture);
  records = snapshot_records (&fixture);
  files = snapshot_files (&fixture);
  text = g_string_new (NULL);
  g_string_append_printf (text, "%s\n%s\n%s", badges, records, files);
  /* Each run has a folder of its own, which messages may name. */
  g_string_replace (text, fixture.root, "ROOT", 0);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_fail_fast (gconstpointer data)
{
  Bad bad = (Bad) GPOINTER_TO_INT (data);
  const char *step = bad == BAD_PLAN ? "align" : "stems";
  g_autofree char *expected
      = g_strdup_printf ("%s failed\n  stem0 passed\n  stem1 passed\n  stem2 failed\n  stem3 "
                         "ready\n  stem4 ready\n",
                         step);
  g_autofree char *one = run_bad_project (bad, 1);

  g_assert_nonnull (strstr (one, expected));
  for (int round = 0; round < 3; round++)
    {
      g_autofree char *four = run_bad_project (bad, 4);
      g_assert_cmpstr (four, ==, one);
    }
}

/* A mended stem is run with those behind it; those before it are not run again. */
static void
test_mended (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlRecord *first;

  make_bad_project (&fixture, BAD_TEXT);
  fixture_run (&fixture, SL_STEP_STEMS);
  first = sl_record_ref (sl_project_get_record (fixture.project, SL_STEP_STEMS, "stem0"));
  g_free (fixture_write_song (&fixture, "sources/stem2.wav", (Song){ .frames = BEAT, .hz = 77 }));
  fixture_run (&fixture, SL_STEP_DELIVER);
  fixture_assert_green (&fixture);
  g_assert_true (sl_project_get_record (fixture.project, SL_STEP_STEMS, "stem0") == first);
  sl_record_unref (first);
}

static void
test_equal_bytes (void)
{
  static const guint jobs[] = { 1, 2, 8 };
  g_autofree char *first_files = NULL;
  g_autofree char *first_records = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      g_autofree char *files = NULL;
      g_autofree char *records = NULL;

      small_song_init (&fixture);
      sl_pipeline_set_jobs (fixture.pipeline, jobs[i]);
      fixture_run (&fixture, SL_STEP_DELIVER);
      fixture_assert_green (&fixture);
      files = snapshot_files (&fixture);
      records = snapshot_records (&fixture);
      g_assert_nonnull (strstr (files, "Small.zip"));
      if (i == 0)
        {
          first_files = g_steal_pointer (&files);
          first_records = g_steal_pointer (&records);
          continue;
        }
      g_assert_cmpstr (files, ==, first_files);
      g_assert_cmpstr (records, ==, first_records);
    }
}

/* --- progress --- */

/* What a step tells while it works. */
typedef struct
{
  double last;
  double largest_jump;
} Told;

static gboolean
listen (double fraction, gpointer data)
{
  Told *told = data;

  g_assert_cmpfloat (fraction, >=, 0.0);
  g_assert_cmpfloat (fraction, <=, 1.0);
  told->largest_jump = MAX (told->largest_jump, fraction - told->last);
  told->last = fraction;
  return TRUE;
}

/* The largest part of the work on @subject that passed without a word. */
static double
measure_silence (Fixture *fixture, const SlStep *step, const char *subject)
{
  gpointer input = step->prepare (fixture->project, subject);
  Told told = { 0 };
  SlProgress progress = { listen, &told };
  g_autoptr (SlRecord) record = sl_record_new ("");
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) sl_part_free);
  g_autoptr (SlFileTable) seen = sl_file_table_new ();
  SlOutcome outcome = { .record = record, .parts = parts, .seen = seen };
  g_autoptr (GError) error = NULL;

  step->run (input, &outcome, &progress, &error);
  g_assert_no_error (error);
  step->free_input (input);
  return told.largest_jump;
}

/* Every step that works on audio asks often whether to go on. */
static void
test_progress (void)
{
  g_auto (Fixture) fixture = { .root = test_folder_new () };
  SlSettings *settings = sl_settings_new ("Long");

  settings->reference_frames = 40 * BEAT;
  settings_add_tone (settings, "Short", 5.25);
  settings_add_tone (settings, "Full", 0.0);
  fixture_init (&fixture, settings);
  fixture_run (&fixture, SL_STEP_REFERENCE);
  for (int i = SL_STEP_STEMS; i < SL_N_STEPS; i++)
    {
      const SlStep *step = sl_step_get ((SlStepId) i);
      g_auto (GStrv) subjects = step->list_subjects (sl_project_get_settings (fixture.project));

      for (guint k = 0; subjects[k] != NULL; k++)
        g_assert_cmpfloat (measure_silence (&fixture, step, subjects[k]), <, 0.05);
      fixture_run (&fixture, (SlStepId) i);
    }
}

/* --- stopped in the middle --- */

/* What happens at the call number `at` of the name `call` that is not about the project file, nor
 * about the folder in which only that lies. */
typedef struct
{
  const char *folder;
  const char *call;
  int at;
  int fault;                 ///< errno; 0: none
  GCancellable *cancellable; ///< or NULL
  int seen;                  ///< atomic
} Trigger;

static int
trigger_call (const char *call, const char *path, gpointer data)
{
  Trigger *trigger = data;

  if (strcmp (call, trigger->call) != 0 || strstr (path, SL_PROJECT_SUFFIX) != NULL
      || strcmp (path, trigger->folder) == 0 || g_atomic_int_add (&trigger->seen, 1) != trigger->at)
    return 0;
  if (trigger->cancellable != NULL)
    g_cancellable_cancel (trigger->cancellable);
  return trigger->fault;
}

static GError *
run_with_trigger (Fixture *fixture, SlStepId step, Trigger *trigger)
{
  g_autoptr (GError) error = NULL;

  trigger->folder = sl_project_get_folder (fixture->project);
  sl_file_set_fault_hook (trigger_call, trigger);
  error = fixture_try_step (fixture, step, trigger->cancellable);
  sl_file_set_fault_hook (NULL, NULL);
  return g_steal_pointer (&error);
}

/* Stops @step at one write after the other until it is not stopped any more: what was there before
 * is there, and nothing else. How often it was stopped. */
static int
stop_everywhere (Fixture *fixture, SlStepId step)
{
  g_autofree char *files = snapshot_files (fixture);
  g_autofree char *records = snapshot_records (fixture);

  for (int at = 0;; at++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      Trigger trigger = { .call = "write", .at = at, .cancellable = cancellable };
      g_autoptr (GError) error = run_with_trigger (fixture, step, &trigger);
      g_autofree char *files_after = NULL;
      g_autofree char *records_after = NULL;

      if (error == NULL)
        return at;
      g_assert_error (error, SL_ERROR, SL_ERROR_CANCELLED);
      files_after = snapshot_files (fixture);
      records_after = snapshot_records (fixture);
      g_assert_cmpstr (files_after, ==, files);
      g_assert_cmpstr (records_after, ==, records);
    }
}

static void
test_cancelled (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_auto (Fixture) unbroken = { 0 };
  g_autofree char *files = NULL;
  g_autofree char *unbroken_files = NULL;

  small_song_init (&fixture);
  for (int step = 0; step < SL_N_STEPS; step++)
    {
      int stopped = stop_everywhere (&fixture, (SlStepId) step);

      g_test_message ("%s: stopped %d times", sl_step_id_name ((SlStepId) step), stopped);
      /* The first two write nothing. */
      if (step < SL_STEP_STEMS)
        g_assert_cmpint (stopped, ==, 0);
      else
        g_assert_cmpint (stopped, >, 0);
      g_assert_cmpint (fixture_state (&fixture, (SlStepId) step), ==, SL_STATE_PASSED);
    }
  small_song_init (&unbroken);
  fixture_run (&unbroken, SL_STEP_DELIVER);
  files = snapshot_files (&fixture);
  unbroken_files = snapshot_files (&unbroken);
  g_assert_cmpstr (files, ==, unbroken_files);
}

/* Even before it has begun. */
static void
test_cancelled_before (void)
{
  g_auto (Fixture) fixture = { 0 };

  small_song_init (&fixture);
  for (int step = 0; step < SL_N_STEPS; step++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autofree char *records = snapshot_records (&fixture);
      g_autofree char *records_after = NULL;
      g_autoptr (GError) error = NULL;

      g_cancellable_cancel (cancellable);
      error = fixture_try_step (&fixture, (SlStepId) step, cancellable);
      g_assert_error (error, SL_ERROR, SL_ERROR_CANCELLED);
      records_after = snapshot_records (&fixture);
      g_assert_cmpstr (records_after, ==, records);
      fixture_run (&fixture, (SlStepId) step);
    }
  fixture_assert_green (&fixture);
}

/* A second run that is stopped leaves the first one's files: undo, and all is green as it was. */
static void
test_cancelled_again (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (SlSettings) before = NULL;
  SlSettings *edited;
  g_autofree char *files = NULL;
  g_autofree char *files_after = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Trigger trigger = { .call = "write", .at = 6, .cancellable = cancellable };

  small_song_init (&fixture);
  fixture_run (&fixture, SL_STEP_DELIVER);
  files = snapshot_files (&fixture);
  before = fixture_settings (&fixture);
  edited = fixture_settings (&fixture);
  edited->bpm = (SlBpm){ 240, 1 };
  sl_project_take_settings (fixture.project, edited);
  fixture_run (&fixture, SL_STEP_STEMS);
  error = run_with_trigger (&fixture, SL_STEP_ALIGN, &trigger);
  g_assert_error (error, SL_ERROR, SL_ERROR_CANCELLED);

  files_after = snapshot_files (&fixture);
  g_assert_cmpstr (files_after, ==, files);
  sl_project_take_settings (fixture.project, g_steal_pointer (&before));
  fixture_run (&fixture, SL_STEP_REFERENCE);
  fixture_refresh (&fixture);
  fixture_assert_green (&fixture);
}

/* --- a disk that fails --- */

static gboolean
has_parts (Fixture *fixture)
{
  g_autofree char *files = snapshot_files (fixture);

  return strstr (files, ".part") != NULL;
}

/* Lets one @call after the other fail in @step; the error is told, nothing half-made has a name,
 * and the step is not green before it has done everything. How often it failed. */
static int
fail_everywhere (Fixture *fixture, SlStepId step, const char *call)
{
  for (int at = 0;; at++)
    {
      Trigger trigger = { .call = call, .at = at, .fault = ENOSPC };
      g_autoptr (GError) error = run_with_trigger (fixture, step, &trigger);

      if (error == NULL)
        return at;
      g_assert_error (error, SL_ERROR, SL_ERROR_NO_SPACE);
      g_assert_false (has_parts (fixture));
      fixture_refresh (fixture);
      g_assert_cmpint (fixture_state (fixture, step), !=, SL_STATE_PASSED);
    }
}

static void
test_full_disk (gconstpointer data)
{
  const char *call = data;
  g_auto (Fixture) fixture = { 0 };
  g_auto (Fixture) unbroken = { 0 };
  g_autofree char *files = NULL;
  g_autofree char *unbroken_files = NULL;

  small_song_init (&fixture);
  for (int step = 0; step < SL_N_STEPS; step++)
    {
      int failed = fail_everywhere (&fixture, (SlStepId) step, call);

      if (step < SL_STEP_STEMS)
        g_assert_cmpint (failed, ==, 0);
      else
        g_assert_cmpint (failed, >, 0);
      g_assert_cmpint (fixture_state (&fixture, (SlStepId) step), ==, SL_STATE_PASSED);
    }
  small_song_init (&unbroken);
  fixture_run (&unbroken, SL_STEP_DELIVER);
  files = snapshot_files (&fixture);
  unbroken_files = snapshot_files (&unbroken);
  g_assert_cmpstr (files, ==, unbroken_files);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);

#define ADD_BAD(name, bad)                                                                         \
  g_test_add_data_func ("/job/fail-fast/" name, GINT_TO_POINTER (bad), test_fail_fast)
  ADD_BAD ("text", BAD_TEXT);
  ADD_BAD ("rate", BAD_RATE);
  ADD_BAD ("silent", BAD_SILENT);
  ADD_BAD ("nan", BAD_NAN);
  ADD_BAD ("missing", BAD_MISSING);
  ADD_BAD ("plan", BAD_PLAN);
  ADD_BAD ("slow-first", BAD_SLOW_FIRST);
  g_test_add_func ("/job/mended", test_mended);
  g_test_add_func ("/job/equal-bytes", test_equal_bytes);
  g_test_add_func ("/job/progress", test_progress);
  g_test_add_func ("/job/cancelled", test_cancelled);
  g_test_add_func ("/job/cancelled-before", test_cancelled_before);
  g_test_add_func ("/job/cancelled-again", test_cancelled_again);
  g_test_add_data_func ("/job/full-disk/write", "write", test_full_disk);
  g_test_add_data_func ("/job/full-disk/fsync", "fsync", test_full_disk);
  g_test_add_data_func ("/job/full-disk/rename", "rename", test_full_disk);

  return g_test_run ();
}
