/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder that a test may fill and that goes away with everything in it. */
#pragma once

#include <glib.h>
#include <glib/gstdio.h>

typedef char TestFolder;

/** A new, empty folder; its path. */
static inline TestFolder *
test_folder_new (void)
{
  char *path = g_dir_make_tmp ("seamline-test-XXXXXX", NULL);

  g_assert_nonnull (path);
  return path;
}

static inline void
test_folder_free (TestFolder *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        test_folder_free (path); /* frees path */
      else
        {
          g_assert_cmpint (g_unlink (path), ==, 0);
          g_free (path);
        }
    }
  g_clear_pointer (&dir, g_dir_close);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (folder);
}

/** Entries of @folder. */
static inline guint
test_folder_count (const TestFolder *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  guint count = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    count++;
  g_dir_close (dir);
  return count;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestFolder, test_folder_free)
