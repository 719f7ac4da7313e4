/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/io/part.h"

#include "../../support/temp_folder.h"
#include "engine/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = test_folder_new ();
  f->path = g_build_filename (f->folder, "Master.wav", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  sl_file_set_fault_hook (NULL, NULL);
  g_free (f->path);
  test_folder_free (f->folder);
}

static void
assert_contents (const char *path, const char *text)
{
  g_autofree char *found = NULL;

  g_assert_true (g_file_get_contents (path, &found, NULL, NULL));
  g_assert_cmpstr (found, ==, text);
}

static int
fail_call (const char *call, const char *path, gpointer data)
{
  return g_str_equal (call, data) ? EIO : 0;
}

static int
disk_is_full (const char *call, const char *path, gpointer data)
{
  return g_str_equal (call, "write") ? ENOSPC : 0;
}

/* Only the flush of the folder fails: the file's own has another path. */
static int
fail_folder_sync (const char *call, const char *path, gpointer data)
{
  return g_str_equal (call, "fsync") && g_str_equal (path, data) ? EIO : 0;
}

static SlPart *
make_sealed (const char *path, const char *text)
{
  g_autoptr (GError) error = NULL;
  SlPart *part = sl_part_new (path, &error);

  g_assert_no_error (error);
  sl_file_write (sl_part_get_file (part), text, (gint64) strlen (text));
  sl_part_seal (part, NULL, &error);
  g_assert_no_error (error);
  return part;
}

static void
test_whole_way (Fixture *f, gconstpointer data)
{
  g_autoptr (SlPart) part = sl_part_new (f->path, NULL);
  SlDigest written;
  SlDigest on_disk;

  g_assert_cmpint (sl_file_write (sl_part_get_file (part), "seam", 4), ==, 4);
  g_assert_cmpstr (sl_part_get_final_path (part), ==, f->path);
  g_assert_true (sl_part_seal (part, &written, NULL));
  g_assert_null (sl_part_get_file (part));
  g_assert_false (g_file_test (f->path, G_FILE_TEST_EXISTS));
  assert_contents (sl_part_get_path (part), "seam");
  g_assert_true (sl_digest_file (sl_part_get_path (part), &on_disk, NULL, NULL));
  g_assert_true (sl_digest_equal (&written, &on_disk));
  g_assert_true (sl_part_sync (part, NULL));
  g_assert_true (sl_part_commit (part, NULL));
  assert_contents (f->path, "seam");
  g_assert_cmpuint (test_folder_count (f->folder), ==, 1);
}

static void
test_free_leaves_nothing (Fixture *f, gconstpointer data)
{
  SlPart *part = make_sealed (f->path, "half");

  g_assert_cmpuint (test_folder_count (f->folder), ==, 1);
  sl_part_free (part);
  g_assert_cmpuint (test_folder_count (f->folder), ==, 0);
  sl_part_free (sl_part_new (f->path, NULL));
  g_assert_cmpuint (test_folder_count (f->folder), ==, 0);
}

static void
test_committed_file_stays (Fixture *f, gconstpointer data)
{
  SlPart *part = make_sealed (f->path, "whole");

  g_assert_true (sl_part_commit (part, NULL));
  sl_part_free (part);
  assert_contents (f->path, "whole");
}

static void
test_replaces_atomically (Fixture *f, gconstpointer data)
{
  g_autofree char *real = g_build_filename (f->folder, "elsewhere.wav", NULL);
  g_autoptr (SlPart) part = NULL;

  g_assert_true (g_file_set_contents (real, "source", -1, NULL));
  g_assert_cmpint (symlink (real, f->path), ==, 0);
  part = make_sealed (f->path, "new");
  assert_contents (f->path, "source");
  g_assert_true (sl_part_commit (part, NULL));
  assert_contents (f->path, "new");
  /* A link in the way is replaced, not written through. */
  assert_contents (real, "source");
}

static void
test_makes_folders (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->folder, "a", "b", "c.wav", NULL);
  g_autoptr (SlPart) part = make_sealed (path, "deep");

  g_assert_true (sl_part_commit (part, NULL));
  assert_contents (path, "deep");
}

static void
test_folder_cannot_be_made (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->path, "c.wav", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (f->path, "file", -1, NULL));
  g_assert_null (sl_part_new (path, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_WRITE);
}

static void
test_failed_write (Fixture *f, gconstpointer data)
{
  g_autoptr (SlPart) part = sl_part_new (f->path, NULL);
  g_autoptr (GError) error = NULL;

  sl_file_set_fault_hook (disk_is_full, NULL);
  sl_file_write (sl_part_get_file (part), "seam", 4);
  g_assert_false (sl_part_seal (part, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (error->message, "Master.wav”"));
}

/* Somebody else cuts or grows the part while it is written. */
static void
test_size_is_checked (Fixture *f, gconstpointer data)
{
  static const int sizes[] = { 2, 9 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (SlPart) part = sl_part_new (f->path, NULL);
      g_autoptr (GError) error = NULL;
      SlFile *file = sl_part_get_file (part);

      sl_file_write (file, "seam", 4);
      g_assert_true (sl_file_sync (file, NULL));
      g_assert_cmpint (truncate (sl_part_get_path (part), sizes[i]), ==, 0);
      g_assert_false (sl_part_seal (part, NULL, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_VERIFY);
    }
}

static void
test_failed_commit_keeps_both (Fixture *f, gconstpointer data)
{
  static const char *calls[] = { "fsync", "rename" };

  g_assert_true (g_file_set_contents (f->path, "old", -1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autoptr (SlPart) part = make_sealed (f->path, "new");
      g_autoptr (GError) error = NULL;

      sl_file_set_fault_hook (fail_call, (gpointer) calls[i]);
      g_assert_false (sl_part_commit (part, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_WRITE);
      sl_file_set_fault_hook (NULL, NULL);
      assert_contents (f->path, "old");
      assert_contents (sl_part_get_path (part), "new");
    }
}

static void
test_failed_folder_sync (Fixture *f, gconstpointer data)
{
  g_autoptr (SlPart) part = make_sealed (f->path, "new");
  g_autoptr (GError) error = NULL;

  sl_file_set_fault_hook (fail_folder_sync, f->folder);
  g_assert_false (sl_part_commit (part, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_WRITE);
  g_clear_pointer (&part, sl_part_free);
  assert_contents (f->path, "new");
}

/* New folders are entries of others, which must not be lost either. */
static void
test_new_folders_are_flushed (Fixture *f, gconstpointer data)
{
  g_autofree char *outer = g_build_filename (f->folder, "outer", NULL);
  g_autofree char *inner = g_build_filename (outer, "inner", NULL);
  const char *const parents[] = { f->folder, outer };

  for (guint i = 0; i < G_N_ELEMENTS (parents); i++)
    {
      g_autoptr (GError) error = NULL;

      sl_file_set_fault_hook (fail_folder_sync, (gpointer) parents[i]);
      g_assert_false (sl_folder_make (inner, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_WRITE);
      g_assert_nonnull (strstr (error->message, inner));
      sl_file_set_fault_hook (NULL, NULL);
      g_rmdir (inner);
      g_rmdir (outer);
    }
}

static void
test_rename_onto_folder (Fixture *f, gconstpointer data)
{
  g_autoptr (SlPart) part = make_sealed (f->path, "new");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (f->path, 0700), ==, 0);
  g_assert_false (sl_part_commit (part, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_WRITE);
}

static void
test_long_names (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) name = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *too_long = NULL;
  g_autofree char *part_name = NULL;
  g_autoptr (SlPart) part = NULL;

  /* Whole characters of 3 bytes: none of the usual places to cut falls between two. */
  while (name->len < 252)
    g_string_append (name, "鼓");
  g_string_append (name, ".wa");
  g_assert_cmpuint (name->len, ==, 255);
  path = g_build_filename (f->folder, name->str, NULL);
  part = make_sealed (path, "long");
  part_name = g_path_get_basename (sl_part_get_path (part));
  g_assert_cmpuint (strlen (part_name), <=, 255);
  g_assert_true (g_utf8_validate (part_name, -1, NULL));
  g_assert_true (sl_part_is_part_name (part_name));
  g_assert_true (sl_part_commit (part, NULL));

  g_string_append_c (name, 'v');
  too_long = g_build_filename (f->folder, name->str, NULL);
  g_assert_null (sl_part_new (too_long, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_WRITE);
}

static void
test_part_names (Fixture *f, gconstpointer data)
{
  g_autoptr (SlPart) a = sl_part_new (f->path, NULL);
  g_autoptr (SlPart) b = sl_part_new (f->path, NULL);
  g_autofree char *name = g_path_get_basename (sl_part_get_path (a));

  g_assert_cmpstr (sl_part_get_path (a), !=, sl_part_get_path (b));
  g_assert_true (sl_part_is_part_name (name));
  g_assert_true (sl_part_is_part_name (".Bass Drum.wav.0a1b2c.part"));
  g_assert_false (sl_part_is_part_name ("Bass.wav.0a1b2c.part"));
  g_assert_false (sl_part_is_part_name (".Bass.wav.0a1b2x.part"));
  g_assert_false (sl_part_is_part_name (".Bass.wav.0a1b2c.wav"));
  g_assert_false (sl_part_is_part_name (".Bass.wav0a1b2c.part"));
  g_assert_false (sl_part_is_part_name (".0a1b2c.part"));
  g_assert_false (sl_part_is_part_name (".part"));
  g_assert_false (sl_part_is_part_name (""));
}

static void
make_file (Fixture *f, const char *name)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
}

static gboolean
has_file (Fixture *f, const char *name)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_sweep (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->folder, "a.wav", NULL);
  g_autofree char *scratch = sl_part_scratch_path (path);
  g_autofree char *scratch_name = g_path_get_basename (scratch);
  g_autofree char *long_name = g_strnfill (120, 'n');
  g_autofree char *start_of_it = g_strnfill (100, 'n');
  g_autofree char *long_path = g_build_filename (f->folder, long_name, NULL);
  g_autoptr (SlPart) cut = sl_part_new (long_path, NULL);
  static const char *const others[]
      = { "a.wav", ".b.wav.0a1b2c.part", ".a.wav.wav.0a1b2c.part", ".a.wav.0a1b2c.wav" };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    make_file (f, others[i]);
  make_file (f, scratch_name);
  make_file (f, "..a.wav.0a1b2c.part.d3e4f5.part");
  sl_part_sweep (f->folder, "a.wav");
  g_assert_false (has_file (f, scratch_name));
  g_assert_false (has_file (f, "..a.wav.0a1b2c.part.d3e4f5.part"));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_true (has_file (f, others[i]));

  /* Another name may have been cut to the same start. */
  sl_part_sweep (f->folder, long_name);
  sl_part_sweep (f->folder, start_of_it);
  g_assert_cmpint (g_access (sl_part_get_path (cut), F_OK), ==, 0);

  sl_part_sweep (f->folder, NULL);
  g_assert_false (has_file (f, ".b.wav.0a1b2c.part"));
  g_assert_cmpint (g_access (sl_part_get_path (cut), F_OK), !=, 0);
  g_assert_true (has_file (f, "a.wav"));
  g_assert_true (has_file (f, ".a.wav.0a1b2c.wav"));
}

static void
test_mode_follows_umask (Fixture *f, gconstpointer data)
{
  mode_t before = umask (027);
  g_autoptr (SlPart) part = make_sealed (f->path, "x");
  struct stat st;

  umask (before);
  g_assert_cmpint (stat (sl_part_get_path (part), &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0640);
}

static void
test_write_bytes (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sl_part_write_bytes (f->path, "one", 3, NULL));
  assert_contents (f->path, "one");
  sl_file_set_fault_hook (disk_is_full, NULL);
  g_assert_false (sl_part_write_bytes (f->path, "two", 3, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NO_SPACE);
  sl_file_set_fault_hook (NULL, NULL);
  assert_contents (f->path, "one");
  g_assert_true (sl_part_write_bytes (f->path, "", 0, NULL));
  assert_contents (f->path, "");
  g_assert_cmpuint (test_folder_count (f->folder), ==, 1);
}

/* Before its second write, changes a byte of what the first one put on the disk. */
static int
spoil_first_write (const char *call, const char *path, gpointer data)
{
  int *writes = data;

  if (g_str_equal (call, "write") && ++*writes == 2)
    {
      int fd = open (path, O_WRONLY | O_CLOEXEC);

      g_assert_cmpint (pwrite (fd, "!", 1, 10000), ==, 1);
      close (fd);
    }
  return 0;
}

static void
test_write_bytes_verifies (Fixture *f, gconstpointer data)
{
  g_autofree char *zeros = g_malloc0 (600000);
  g_autoptr (GError) error = NULL;
  int writes = 0;

  sl_file_set_fault_hook (spoil_first_write, &writes);
  g_assert_false (sl_part_write_bytes (f->path, zeros, 600000, &error));
  g_assert_cmpint (writes, >=, 2);
  g_assert_error (error, SL_ERROR, SL_ERROR_VERIFY);
  g_assert_cmpuint (test_folder_count (f->folder), ==, 0);
}

static void
test_adopt (Fixture *f, gconstpointer data)
{
  g_autofree char *made = g_build_filename (f->folder, "made", NULL);
  g_autoptr (SlPart) part = NULL;

  g_assert_null (sl_part_adopt (made, f->path, NULL));
  g_assert_cmpuint (test_folder_count (f->folder), ==, 0);
  g_assert_true (g_file_set_contents (made, "by a helper", -1, NULL));
  part = sl_part_adopt (made, f->path, NULL);
  g_assert_nonnull (part);
  g_assert_null (sl_part_get_file (part));
  g_assert_false (g_file_test (made, G_FILE_TEST_EXISTS));
  g_assert_true (sl_part_commit (part, NULL));
  assert_contents (f->path, "by a helper");
  g_assert_cmpuint (test_folder_count (f->folder), ==, 1);
}

static void
test_free_bytes (Fixture *f, gconstpointer data)
{
  g_autofree char *missing = g_build_filename (f->folder, "not", "yet", NULL);

  g_assert_cmpint (sl_free_bytes (f->folder), >, 0);
  g_assert_cmpint (sl_free_bytes (missing), >, 0);
  g_assert_cmpint (sl_free_bytes ("/proc"), ==, 0);
}

#define ADD(name, func) g_test_add ("/engine/io/part/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("whole-way", test_whole_way);
  ADD ("free-leaves-nothing", test_free_leaves_nothing);
  ADD ("committed-file-stays", test_committed_file_stays);
  ADD ("replaces-atomically", test_replaces_atomically);
  ADD ("makes-folders", test_makes_folders);
  ADD ("folder-cannot-be-made", test_folder_cannot_be_made);
  ADD ("failed-write", test_failed_write);
  ADD ("size-is-checked", test_size_is_checked);
  ADD ("failed-commit-keeps-both", test_failed_commit_keeps_both);
  ADD ("failed-folder-sync", test_failed_folder_sync);
  ADD ("new-folders-are-flushed", test_new_folders_are_flushed);
  ADD ("rename-onto-folder", test_rename_onto_folder);
  ADD ("long-names", test_long_names);
  ADD ("part-names", test_part_names);
  ADD ("sweep", test_sweep);
  ADD ("mode-follows-umask", test_mode_follows_umask);
  ADD ("write-bytes", test_write_bytes);
  ADD ("write-bytes-verifies", test_write_bytes_verifies);
  ADD ("adopt", test_adopt);
  ADD ("free-bytes", test_free_bytes);
  return g_test_run ();
}
