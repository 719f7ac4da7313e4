/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The example project: complete, the same every time, and green. */
#include "workflow/demo.h"

#include "fixture.h"
#include "workflow/demo_song.h"
#include "workflow/json.h"

#include <errno.h>

/* 20 bars of 4 beats at 120 beats per minute and 48,000 Hz. */
#define SONG_FRAMES 1920000

/* The stems, and what becomes of each when nobody decides. */
static const struct
{
  const char *name;
  const char *strategy;
  int channels;
  gint64 frames;
} stems[] = {
  { "Bass", "loop", 1, 1025760 },        { "Guitars", "loop", 2, 1303200 },
  { "Keys", "none", 2, SONG_FRAMES },    { "Synths", "truncate", 2, 2040000 },
  { "Vocals", "crossfade", 2, 1737600 }, { "Pluck", "zero-pad", 2, SONG_FRAMES - 14400 },
  { "Bridge", "place", 2, 355200 },
};

static char *
song_folder (Fixture *fixture)
{
  if (fixture->root == NULL)
    fixture->root = test_folder_new ();
  return g_build_filename (fixture->root, "song", NULL);
}

static void
create (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *song = song_folder (fixture);

  sl_demo_create (song, &error);
  g_assert_no_error (error);
  fixture_open (fixture, song);
}

static const char *
strategy_of (Fixture *fixture, const char *stem)
{
  SlRecord *record = sl_project_get_record (fixture->project, SL_STEP_ALIGN, stem);

  return sl_json_get_string (record->values, "strategy");
}

/* Green at once, through every strategy, and without a single warning. */
static void
test_runs_green (void)
{
  g_auto (Fixture) fixture = { 0 };

  create (&fixture);
  fixture_run (&fixture, SL_STEP_DELIVER);
  fixture_assert_green (&fixture);
  fixture_print_checks (&fixture, SL_LEVEL_WARN);
  for (int step = 0; step < SL_N_STEPS; step++)
    g_assert_cmpuint (sl_badge_warnings (fixture.project, (SlStepId) step), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (stems); i++)
    g_assert_cmpstr (strategy_of (&fixture, stems[i].name), ==, stems[i].strategy);
  g_assert_cmpfloat (fixture_check (&fixture, SL_STEP_MASTER, "", "frames")->measured, ==,
                     SONG_FRAMES);
}

static void
test_files (void)
{
  g_auto (Fixture) fixture = { 0 };
  const SlSettings *settings;

  create (&fixture);
  settings = sl_project_get_settings (fixture.project);
  g_assert_cmpuint (settings->stems->len, ==, G_N_ELEMENTS (stems));
  for (guint i = 0; i < G_N_ELEMENTS (stems); i++)
    {
      const SlStem *stem = settings->stems->pdata[i];
      g_autofree char *path = fixture_path (&fixture, stem->file);
      g_autoptr (GError) error = NULL;
      SlReadback found;

      g_assert_cmpstr (stem->name, ==, stems[i].name);
      g_assert_false (g_path_is_absolute (stem->file));
      sl_readback_run (path, NULL, 0, &found, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (found.frames, ==, stems[i].frames);
      g_assert_cmpint (found.info.channels, ==, stems[i].channels);
      g_assert_cmpint (found.info.rate_hz, ==, 48000);
      g_assert_cmpstr (found.info.encoding, ==, "PCM_24");
    }
}

/* No file depends on time, on threads, or on what ran before. */
static void
test_same_bytes (void)
{
  g_auto (Fixture) first = { 0 };
  g_auto (Fixture) second = { 0 };
  const SlSettings *settings;

  create (&first);
  create (&second);
  settings = sl_project_get_settings (first.project);
  for (guint i = 0; i <= settings->stems->len; i++)
    {
      const char *stored = i < settings->stems->len
                               ? ((const SlStem *) settings->stems->pdata[i])->file
                               : settings->reference;
      g_autofree char *path = fixture_path (&first, stored);
      g_autofree char *other_path = fixture_path (&second, stored);
      SlDigest digest, other;

      g_assert_true (sl_digest_file (path, &digest, NULL, NULL));
      g_assert_true (sl_digest_file (other_path, &other, NULL, NULL));
      g_assert_true (sl_digest_equal (&digest, &other));
    }
}

/* Odd blocks and seeks give the bits of an unbroken read. */
static void
test_seek (void)
{
  enum
  {
    FRAMES = 20000
  };
  static float whole[FRAMES * 2], piece[FRAMES * 2];
  static const gint64 starts[] = { 0, 1, 4095, 4096, 4097, 12289, 777 };

  for (int part = 0; part < SL_DEMO_N_PARTS; part++)
    {
      /* Twelve bars in, where every part plays. */
      g_autoptr (SlSource) source
          = sl_demo_part_new ((SlDemoPart) part, sl_demo_bridge_start (), FRAMES);
      gsize channels = (gsize) source->channels;
      float peak = 0.0f;

      g_assert_true (sl_source_read_at (source, 0, whole, FRAMES, NULL));
      for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
        {
          g_assert_true (sl_source_read_at (source, starts[i], piece, 4999, NULL));
          g_assert_cmpmem (piece, 4999 * channels * sizeof (float), whole + starts[i] * channels,
                           4999 * channels * sizeof (float));
        }
      for (gsize i = 0; i < FRAMES * channels; i++)
        peak = MAX (peak, fabsf (whole[i]));
      g_assert_cmpfloat (peak, >, 0.01);
      g_assert_cmpfloat (peak, <, 1.0);
    }
}

static void
assert_refused (const char *folder, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (sl_demo_create (folder, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, word));
}

static void
test_refuses (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *song = song_folder (&fixture);
  g_autofree char *note = g_build_filename (song, "notes.txt", NULL);
  g_autofree char *hidden = g_build_filename (song, ".hidden", NULL);

  g_assert_cmpint (g_mkdir (song, 0777), ==, 0);
  g_assert_true (g_file_set_contents (note, "x", 1, NULL));
  assert_refused (song, "not empty");
  g_assert_cmpuint (test_folder_count (song), ==, 1);

  g_assert_cmpint (g_unlink (note), ==, 0);
  g_assert_true (g_file_set_contents (hidden, "x", 1, NULL));
  create (&fixture);
  assert_refused (song, "project already");
}

/* The third file that is given its name is not. */
static int
fail_third_rename (const char *call, const char *path, gpointer data)
{
  int *renames = data;

  return strcmp (call, "rename") == 0 && g_atomic_int_add (renames, 1) == 2 ? EIO : 0;
}

static void
test_leaves_nothing (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *song = song_folder (&fixture);
  g_autoptr (GError) error = NULL;
  int renames = 0;

  sl_file_set_fault_hook (fail_third_rename, &renames);
  g_assert_false (sl_demo_create (song, &error));
  sl_file_set_fault_hook (NULL, NULL);
  g_assert_error (error, SL_ERROR, SL_ERROR_WRITE);
  g_assert_cmpuint (test_folder_count (song), ==, 0);
  create (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);

  g_test_add_func ("/demo/runs-green", test_runs_green);
  g_test_add_func ("/demo/files", test_files);
  g_test_add_func ("/demo/same-bytes", test_same_bytes);
  g_test_add_func ("/demo/seek", test_seek);
  g_test_add_func ("/demo/refuses", test_refuses);
  g_test_add_func ("/demo/leaves-nothing", test_leaves_nothing);

  return g_test_run ();
}
