/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding and making projects, and keeping others out. */
#include "full_project.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void
assert_open_error (const char *path, SlError code, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlProject) project = sl_project_open (path, &error);

  g_assert_null (project);
  g_assert_error (error, SL_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, word));
}

static void
test_finding (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *second = NULL;
  g_autofree char *missing = NULL;
  g_autofree char *pipe = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlProject) by_file = NULL;

  fixture_init (&fixture, sl_settings_new (TITLE));
  assert_open_error (fixture.root, SL_ERROR_OPEN, ".seamline");
  missing = g_build_filename (fixture.root, "nowhere", NULL);
  assert_open_error (missing, SL_ERROR_OPEN, "nowhere");
  pipe = g_build_filename (fixture.root, "pipe.seamline", NULL);
  g_assert_cmpint (mkfifo (pipe, 0666), ==, 0);
  assert_open_error (pipe, SL_ERROR_OPEN, "pipe.seamline");

  second = g_build_filename (sl_project_get_folder (fixture.project), "b.seamline", NULL);
  write_file (second, "{}", 2);
  assert_open_error (sl_project_get_folder (fixture.project), SL_ERROR_OPEN, "several");
  by_file = sl_project_open (sl_project_get_file (fixture.project), &error);
  g_assert_no_error (error);
}

static void
assert_not_created (const char *folder, const char *title)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlProject) project = sl_project_create (folder, sl_settings_new (title), &error);

  g_assert_null (project);
  g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
}

static void
test_creating (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *file = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize length, length_after;

  fixture_init (&fixture, make_full_settings ());
  file = g_strdup (sl_project_get_file (fixture.project));
  folder = g_strdup (sl_project_get_folder (fixture.project));
  fixture_detach (&fixture);
  before = read_file (file, &length);
  assert_not_created (folder, TITLE);
  assert_not_created (folder, "Another");
  after = read_file (file, &length_after);
  g_assert_cmpmem (after, length_after, before, length);
  assert_not_created (fixture.root, "../escaped");
  assert_not_created (fixture.root, "");
}

static void
test_sweep (void)
{
  static const char *const parts[]
      = { ".x.wav.0a1b2c.part", "aligned/.x.wav.0a1b2c.part", "cache/.x.0a1b2c.part" };
  static const char *const others[]
      = { "aligned/x.wav", "aligned/.x.part", "aligned/x.0a1b2c.part", ".hidden" };
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture, sl_settings_new (TITLE));
  for (guint i = 0; i < G_N_ELEMENTS (parts) + G_N_ELEMENTS (others); i++)
    {
      g_autofree char *path
          = fixture_path (&fixture,
                          i < G_N_ELEMENTS (parts) ? parts[i] : others[i - G_N_ELEMENTS (parts)]);
      g_autofree char *folder = g_path_get_dirname (path);

      g_mkdir_with_parents (folder, 0777);
      write_file (path, "x", 1);
    }
  sl_project_sweep (fixture.project);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *path = fixture_path (&fixture, parts[i]);
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
    }
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *path = fixture_path (&fixture, others[i]);
      g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
    }
}

/* --- the lock --- */

static void
assert_locked_by (const char *folder, int pid)
{
  g_autofree char *holder = g_strdup_printf ("process %d on %s", pid, g_get_host_name ());
  g_autoptr (GError) error = NULL;
  g_autoptr (SlProject) second = sl_project_open (folder, &error);
  g_autoptr (SlProject) locked = NULL;

  g_assert_no_error (error);
  g_assert_false (sl_project_lock (second, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_LOCKED);
  g_assert_nonnull (strstr (error->message, holder));
  g_clear_error (&error);
  locked = sl_project_open_locked (folder, &error);
  g_assert_null (locked);
  g_assert_error (error, SL_ERROR, SL_ERROR_LOCKED);
}

static void
test_second_opener (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlProject) second = NULL;

  fixture_init (&fixture, sl_settings_new (TITLE));
  folder = g_strdup (sl_project_get_folder (fixture.project));
  assert_locked_by (folder, (int) getpid ());
  fixture_detach (&fixture);
  second = sl_project_open_locked (folder, &error);
  g_assert_no_error (error);
  g_assert_true (sl_project_is_locked (second));
}

/* The lock of a program that was killed is gone with it. */
static void
test_holder_killed (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;
  int ready[2], status;
  char byte;
  pid_t child;

  fixture_init (&fixture, sl_settings_new (TITLE));
  folder = g_strdup (sl_project_get_folder (fixture.project));
  fixture_detach (&fixture);
  g_assert_cmpint (pipe (ready), ==, 0);
  child = fork ();
  if (child == 0)
    {
      SlProject *held = sl_project_open_locked (folder, NULL);
      (void) !write (ready[1], held != NULL ? "y" : "n", 1);
      pause ();
      _exit (0);
    }
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  g_assert_cmpint (byte, ==, 'y');
  assert_locked_by (folder, (int) child);
  kill (child, SIGKILL);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  fixture_attach (&fixture, sl_project_open_locked (folder, &error));
  g_assert_no_error (error);
  close (ready[0]);
  close (ready[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);

  g_test_add_func ("/project-folder/finding", test_finding);
  g_test_add_func ("/project-folder/creating", test_creating);
  g_test_add_func ("/project-folder/sweep", test_sweep);
  g_test_add_func ("/project-folder/second-opener", test_second_opener);
  g_test_add_func ("/project-folder/holder-killed", test_holder_killed);

  return g_test_run ();
}
