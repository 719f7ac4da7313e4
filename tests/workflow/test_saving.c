/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was saved is on the disk, in the folder that was opened, whole; or it is told. */
#include "full_project.h"
#include "workflow/saving.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

typedef struct
{
  const char *call;
  int countdown;
} Fault;

static int
fail_at (const char *call, const char *path, gpointer data)
{
  Fault *fault = data;

  return strcmp (call, fault->call) == 0 && fault->countdown-- == 0 ? ENOSPC : 0;
}

static gboolean
holds (const char *file, const char *text, gsize length)
{
  gsize found_length;
  g_autofree char *found = read_file (file, &found_length);

  return found_length == length && memcmp (found, text, length) == 0;
}

/* Saves with one call after the other failing, until none does. The number of calls. */
static int
save_with_faults (SlProject *project, const char *call, const char *before, gsize length)
{
  g_autoptr (GBytes) snapshot = sl_project_snapshot (project);
  const char *file = sl_project_get_file (project);

  for (int n = 0;; n++)
    {
      Fault fault = { call, n };
      g_autoptr (GError) error = NULL;
      gboolean saved;

      sl_file_set_fault_hook (fail_at, &fault);
      saved = sl_project_save (project, &error);
      sl_file_set_fault_hook (NULL, NULL);
      if (saved)
        return n;
      g_assert_error (error, SL_ERROR, SL_ERROR_NO_SPACE);
      /* Flushing the folder comes after the rename. */
      g_assert_true (
          holds (file, before, length)
          || (strcmp (call, "fsync") == 0
              && holds (file, g_bytes_get_data (snapshot, NULL), g_bytes_get_size (snapshot))));
    }
}

/* A failing disk leaves a whole file: the one that was there, or the new one. */
static void
test_failing_disk (void)
{
  static const char *const calls[] = { "write", "fsync", "rename" };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      gsize length;
      g_autofree char *before = make_rich_file (&fixture, &length);
      SlSettings *settings = fixture_settings (&fixture);

      settings->fit_gains = FALSE;
      sl_project_take_settings (fixture.project, settings);
      g_assert_cmpint (save_with_faults (fixture.project, calls[i], before, length), >, 0);
      fixture_reopen (&fixture);
      g_assert_false (sl_project_get_settings (fixture.project)->fit_gains);
    }
}

static void
on_saved (GObject *project, GAsyncResult *result, gpointer data)
{
  GAsyncResult **kept = data;

  *kept = g_object_ref (result);
}

/* Saves as the window does. */
static gboolean
save_in_worker (SlProject *project, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sl_project_save_async (project, on_saved, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return sl_project_save_finish (project, result, error);
}

static void
set_fit_gains (Fixture *fixture, gboolean fit_gains)
{
  SlSettings *settings = fixture_settings (fixture);

  settings->fit_gains = fit_gains;
  sl_project_take_settings (fixture->project, settings);
}

/* An edit whose save fails somewhere, and which is then taken back: the file is as it was. */
static void
test_edit_taken_back (void)
{
  g_auto (Fixture) fixture = { 0 };
  gboolean failed = TRUE;

  fixture_init (&fixture, sl_settings_new ("Edit"));
  for (int n = 0; failed; n++)
    {
      Fault fault = { "fsync", n };

      set_fit_gains (&fixture, TRUE);
      g_assert_true (save_in_worker (fixture.project, NULL));
      set_fit_gains (&fixture, FALSE);
      sl_file_set_fault_hook (fail_at, &fault);
      failed = !save_in_worker (fixture.project, NULL);
      sl_file_set_fault_hook (NULL, NULL);
      set_fit_gains (&fixture, TRUE);
      g_assert_true (save_in_worker (fixture.project, NULL));
      fixture_reopen (&fixture);
      g_assert_true (sl_project_get_settings (fixture.project)->fit_gains);
      g_assert_cmpint (n, <, 10);
    }
}

/* A folder that was moved while it is open, or that another has taken the place of, gets nothing.
 */
static void
test_moved_folder (void)
{
  for (int replaced = 0; replaced < 2; replaced++)
    {
      g_auto (Fixture) fixture = { 0 };
      g_autoptr (GError) error = NULL;
      g_autofree char *moved = NULL;
      const char *folder;

      fixture_init (&fixture, sl_settings_new ("Moved"));
      folder = sl_project_get_folder (fixture.project);
      moved = g_strconcat (folder, "-moved", NULL);
      g_assert_cmpint (g_rename (folder, moved), ==, 0);
      if (replaced)
        g_assert_cmpint (g_mkdir (folder, 0777), ==, 0);
      set_fit_gains (&fixture, TRUE);
      g_assert_false (save_in_worker (fixture.project, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_WRITE);
      g_assert_nonnull (strstr (error->message, "was moved"));
      g_assert_false (sl_project_save (fixture.project, NULL));
      g_assert_cmpint (g_rmdir (folder), ==, replaced ? 0 : -1);
      g_assert_cmpint (g_rename (moved, folder), ==, 0);
      g_assert_true (save_in_worker (fixture.project, NULL));
    }
}

/* Who tidies up hidden files keeps nobody from saving. */
static void
test_deleted_lock (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *lock = NULL;

  fixture_init (&fixture, sl_settings_new ("Tidy"));
  lock = fixture_path (&fixture, ".seamline.lock");
  g_assert_cmpint (g_unlink (lock), ==, 0);
  set_fit_gains (&fixture, TRUE);
  g_assert_true (save_in_worker (fixture.project, NULL));
}

static gboolean
is_same_place (const char *a, const char *b)
{
  g_autofree char *canonical = g_canonicalize_filename (a, NULL);

  return strcmp (canonical, b) == 0;
}

/* “..” of a folder that is reached by a link is that of the folder, whoever asks. */
static void
test_linked_folder (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *home = NULL;
  g_autofree char *link_path = NULL;
  g_autofree char *beside = NULL;
  g_autofree char *near = NULL;
  g_autofree char *stored = NULL;
  g_autofree char *resolved = NULL;

  fixture_init (&fixture, sl_settings_new ("Linked"));
  home = g_build_filename (fixture.root, "home", NULL);
  link_path = g_build_filename (home, "song", NULL);
  near = g_build_filename (home, "near.wav", NULL);
  beside = fixture_path (&fixture, "../beside.wav");
  g_assert_cmpint (g_mkdir (home, 0777), ==, 0);
  g_assert_cmpint (symlink (sl_project_get_folder (fixture.project), link_path), ==, 0);
  fixture_detach (&fixture);
  fixture_open (&fixture, link_path);
  stored = sl_project_store_path (fixture.project, near);
  resolved = sl_project_resolve (fixture.project, stored);
  g_assert_true (is_same_place (resolved, near));
  g_free (resolved);
  resolved = fixture_path (&fixture, "../beside.wav");
  g_assert_cmpstr (resolved, ==, beside);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);

  g_test_add_func ("/saving/edit-taken-back", test_edit_taken_back);
  g_test_add_func ("/saving/moved-folder", test_moved_folder);
  g_test_add_func ("/saving/deleted-lock", test_deleted_lock);
  g_test_add_func ("/saving/linked-folder", test_linked_folder);
  g_test_add_func ("/saving/failing-disk", test_failing_disk);

  return g_test_run ();
}
