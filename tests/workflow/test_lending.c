/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of files that a document portal lends; here the portal is a folder. */
#include "engine/base/error.h"
#include "support/temp_folder.h"
#include "workflow/lending.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define WATCHDOG_S 60

static TestFolder *runtime;

/* A file of some bytes below the portal's folder; its path. */
static char *
lend (const char *id, const char *name, const char *text)
{
  g_autofree char *folder = g_build_filename (runtime, "doc", id, NULL);
  char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static void
assert_kept_as (const char *song, const char *path, const char *name, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *wanted = g_build_filename (song, "stems", name, NULL);
  g_autofree char *found = NULL;
  g_autofree char *kept = sl_lending_keep (song, path, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (kept, ==, wanted);
  g_assert_true (g_file_get_contents (kept, &found, NULL, NULL));
  g_assert_cmpstr (found, ==, text);
}

/* Each loan has a folder of its own, so that two files may well have one name. */
static void
test_copied (void)
{
  g_autoptr (TestFolder) song = test_folder_new ();
  g_autofree char *first = lend ("1a", "bass.wav", "one");
  g_autofree char *second = lend ("2b", "bass.wav", "two");

  assert_kept_as (song, first, "bass.wav", "one");
  assert_kept_as (song, second, "2-bass.wav", "two");
}

static void
assert_untouched (const char *song, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *kept = sl_lending_keep (song, path, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (kept, ==, path);
}

/* Files of the person, and those that lie in the project whose folder was lent. */
static void
test_left_alone (void)
{
  g_autoptr (TestFolder) song = test_folder_new ();
  g_autofree char *own = g_build_filename (song, "bass.wav", NULL);
  g_autofree char *near = g_strconcat (runtime, "/document/1a/bass.wav", NULL);
  g_autofree char *inside = lend ("3c/song", "bass.wav", "");
  g_autofree char *lent_song = g_path_get_dirname (inside);

  assert_untouched (song, own);
  assert_untouched (song, near);
  assert_untouched (lent_song, inside);
  g_assert_cmpuint (test_folder_count (song), ==, 0);
}

static void
test_gone (void)
{
  g_autoptr (TestFolder) song = test_folder_new ();
  g_autofree char *path = lend ("4d", "bass.wav", "");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_null (sl_lending_keep (song, path, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_OPEN);
  g_assert_cmpuint (test_folder_count (song), ==, 0);
}

static void
test_names (void)
{
  static const struct
  {
    const char *path;
    gboolean alone;
    const char *name;
  } cases[] = {
    { "doc/1a/Song.seamline", TRUE, "Song.seamline" },
    { "doc/1a/song", FALSE, "song" },
    { "doc/1a/song/Song.seamline", FALSE, "song/Song.seamline" },
    { "doc/Song.seamline", FALSE, NULL },
    { "documents/1a/Song.seamline", FALSE, NULL },
    { "home/1a/Song.seamline", FALSE, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_build_filename (runtime, cases[i].path, NULL);

      g_test_message ("%s", cases[i].path);
      g_assert_cmpint (sl_lending_is_alone (path), ==, cases[i].alone);
      g_assert_cmpstr (sl_lending_get_name (path), ==, cases[i].name);
    }
  g_assert_true (sl_lending_is_alone ("/run/flatpak/doc/1a/Song.seamline"));
}

int
main (int argc, char **argv)
{
  int status;

  /* Before GLib looks, which it does once. */
  runtime = test_folder_new ();
  g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);
  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);

  g_test_add_func ("/lending/copied", test_copied);
  g_test_add_func ("/lending/left-alone", test_left_alone);
  g_test_add_func ("/lending/gone", test_gone);
  g_test_add_func ("/lending/names", test_names);

  status = g_test_run ();
  test_folder_free (runtime);
  return status;
}
