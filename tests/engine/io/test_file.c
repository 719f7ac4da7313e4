/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/io/file.h"

#include "engine/base/error.h"
#include "plain_files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static void
assert_open_fails (const char *path, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sl_file_open (path, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_OPEN);
  g_assert_nonnull (strstr (error->message, word));
}

/* Opening a FIFO for reading blocks until somebody writes; a test that hangs is killed. */
static void
test_only_regular_files (Fixture *f, gconstpointer data)
{
  g_autofree char *fifo = g_build_filename (f->folder, "pipe.wav", NULL);
  g_autofree char *link = g_build_filename (f->folder, "link.wav", NULL);
  g_autoptr (SlFile) file = NULL;
  SlStat stat;

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_open_fails (fifo, "pipe.wav");
  assert_open_fails (f->folder, f->folder);
  assert_open_fails ("/dev/zero", "/dev/zero");
  assert_open_fails (f->path, "take.bin");
  g_assert_false (sl_stat_path (fifo, &stat, NULL));
  g_assert_false (sl_stat_path (f->path, &stat, NULL));

  put (f->path, (const guint8 *) "abc", 3);
  g_assert_cmpint (symlink (f->path, link), ==, 0);
  file = sl_file_open (link, NULL);
  g_assert_nonnull (file);
  g_assert_true (sl_stat_path (link, &stat, NULL));
  g_assert_cmpint (stat.size_bytes, ==, 3);
}

static void
test_unreadable (Fixture *f, gconstpointer data)
{
  put (f->path, (const guint8 *) "abc", 3);
  g_assert_cmpint (chmod (f->path, 0), ==, 0);
  if (access (f->path, R_OK) == 0)
    g_test_skip ("permissions do not bind this user");
  else
    assert_open_fails (f->path, "take.bin");
}

static void
test_stat_tells_changes (Fixture *f, gconstpointer data)
{
  const struct timespec past[2] = { { 1000000000, 5 }, { 1000000000, 5 } };
  SlStat before;
  SlStat after;

  put (f->path, (const guint8 *) "abc", 3);
  g_assert_true (sl_stat_path (f->path, &before, NULL));
  g_assert_true (sl_stat_path (f->path, &after, NULL));
  g_assert_true (sl_stat_equal (&before, &after));
  g_assert_cmpint (utimensat (AT_FDCWD, f->path, past, 0), ==, 0);
  g_assert_true (sl_stat_path (f->path, &after, NULL));
  g_assert_cmpint (after.mtime_ns, ==, G_GINT64_CONSTANT (1000000000000000005));
  g_assert_false (sl_stat_equal (&before, &after));
}

/* Each of the four numbers alone tells two states apart; the device does not. */
static void
test_stat_equal (Fixture *f, gconstpointer data)
{
  const SlStat base = { 1, 2, 3, 4, 5 };
  SlStat other = base;

  g_assert_true (sl_stat_equal (&base, &other));
  other.device = 9;
  g_assert_true (sl_stat_equal (&base, &other));
  other = base;
  other.inode = 9;
  g_assert_false (sl_stat_equal (&base, &other));
  other = base;
  other.size_bytes = 9;
  g_assert_false (sl_stat_equal (&base, &other));
  other = base;
  other.mtime_ns = 9;
  g_assert_false (sl_stat_equal (&base, &other));
  other = base;
  other.ctime_ns = 9;
  g_assert_false (sl_stat_equal (&base, &other));
}

static void
test_create_is_exclusive (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  put (f->path, (const guint8 *) "keep", 4);
  g_assert_null (sl_file_create (f->path, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_WRITE);
  assert_contents (f->path, (const guint8 *) "keep", 4);
}

static void
test_shown_name (Fixture *f, gconstpointer data)
{
  g_autofree char *missing = g_build_filename (f->folder, "none", "x.part", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (sl_file_create_as (missing, "Master.wav", &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_WRITE);
  g_assert_nonnull (strstr (error->message, "Master.wav"));
  g_assert_null (strstr (error->message, "x.part"));
}

typedef struct
{
  const char *call;
  int countdown; ///< calls that succeed before
  int error;
} Fault;

static int
fail_later (const char *call, const char *path, gpointer data)
{
  Fault *fault = data;

  return g_str_equal (call, fault->call) && fault->countdown-- <= 0 ? fault->error : 0;
}

/* The first error stays and is told by check and close, also when a later call would succeed. */
static void
test_first_error_sticks (Fixture *f, gconstpointer data)
{
  g_autofree guint8 *bytes = make_bytes (100000);
  Fault fault = { "write", 1, ENOSPC };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) at_close = NULL;
  SlFile *file = sl_file_create (f->path, NULL);
  SlDigest digest;

  sl_file_set_fault_hook (fail_later, &fault);
  g_assert_cmpint (sl_file_write (file, bytes, 100000), ==, 100000);
  g_assert_cmpint (sl_file_write (file, bytes, 100000), ==, 0);
  sl_file_set_fault_hook (NULL, NULL);
  g_assert_cmpint (sl_file_write (file, bytes, 100000), ==, 0);
  g_assert_false (sl_file_check (file, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (error->message, "take.bin"));
  g_assert_false (sl_file_digest (file, &digest, NULL));
  g_assert_false (sl_file_sync (file, NULL));
  g_assert_false (sl_file_close (file, &at_close));
  g_assert_error (at_close, SL_ERROR, SL_ERROR_NO_SPACE);
}

static void
test_later_error_is_not_told (Fixture *f, gconstpointer data)
{
  Fault fault = { "write", 0, EIO };
  g_autoptr (GError) error = NULL;
  g_autoptr (SlFile) file = sl_file_create (f->path, NULL);

  sl_file_set_fault_hook (fail_later, &fault);
  g_assert_cmpint (sl_file_write (file, "abc", 3), ==, 3);
  g_assert_false (sl_file_sync (file, NULL));
  g_assert_false (sl_file_reserve (file, G_MAXINT64 / 2, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_WRITE);
}

/* Room is set aside without the file growing; too much of it is refused at once. */
static void
test_reserve (Fixture *f, gconstpointer data)
{
  g_autoptr (SlFile) file = sl_file_create (f->path, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (sl_file_reserve (file, 100000, NULL));
  g_assert_cmpint (sl_file_size (file), ==, 0);
  g_assert_false (sl_file_reserve (file, G_MAXINT64 / 2, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NO_SPACE);
  g_assert_cmpint (sl_file_write (file, "abc", 3), ==, 0);
}

static void
test_buffered_error_is_told_at_close (Fixture *f, gconstpointer data)
{
  Fault fault = { "write", 0, EIO };
  g_autoptr (GError) error = NULL;
  SlFile *file = sl_file_create (f->path, NULL);

  sl_file_set_fault_hook (fail_later, &fault);
  g_assert_cmpint (sl_file_write (file, "abc", 3), ==, 3);
  g_assert_false (sl_file_close (file, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_WRITE);
}

static void
test_sync_error (Fixture *f, gconstpointer data)
{
  Fault fault = { "fsync", 0, EIO };
  g_autoptr (GError) error = NULL;
  g_autoptr (SlFile) file = sl_file_create (f->path, NULL);

  sl_file_set_fault_hook (fail_later, &fault);
  g_assert_false (sl_file_sync (file, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_WRITE);
}

/* A real full disk: the kernel takes a part of a write, then none. */
static void
test_disk_full (Fixture *f, gconstpointer data)
{
  g_autofree char *disk = g_build_filename (f->folder, "disk", NULL);
  g_autofree char *path = g_build_filename (disk, "a.bin", NULL);
  g_autofree guint8 *bytes = make_bytes (300000);
  g_autoptr (GError) error = NULL;
  SlFile *file;

  g_assert_cmpint (g_mkdir (disk, 0700), ==, 0);
  if (mount ("none", disk, "tmpfs", 0, "size=128k") != 0)
    {
      g_test_skip ("no right to mount a small disk");
      return;
    }
  file = sl_file_create (path, NULL);
  g_assert_cmpint (sl_file_write (file, bytes, 300000), <=, 128 * 1024);
  g_assert_cmpint (sl_file_write (file, bytes, 1), ==, 0);
  g_assert_false (sl_file_close (file, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NO_SPACE);
  g_assert_cmpint (umount (disk), ==, 0);
}

static void
test_check_unchanged (Fixture *f, gconstpointer data)
{
  g_autoptr (SlFile) file = NULL;
  g_autoptr (GError) error = NULL;
  SlStat before;

  put (f->path, (const guint8 *) "abc", 3);
  file = sl_file_open (f->path, NULL);
  g_assert_true (sl_file_stat (file, &before, NULL));
  g_assert_true (sl_file_check_unchanged (file, &before, NULL));
  g_assert_cmpint (truncate (f->path, 1), ==, 0);
  g_assert_false (sl_file_check_unchanged (file, &before, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_CHANGED);
}

#define ADD(name, func) g_test_add ("/engine/io/file/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("only-regular-files", test_only_regular_files);
  ADD ("unreadable", test_unreadable);
  ADD ("stat-tells-changes", test_stat_tells_changes);
  ADD ("stat-equal", test_stat_equal);
  ADD ("create-is-exclusive", test_create_is_exclusive);
  ADD ("shown-name", test_shown_name);
  ADD ("first-error-sticks", test_first_error_sticks);
  ADD ("later-error-is-not-told", test_later_error_is_not_told);
  ADD ("reserve", test_reserve);
  ADD ("buffered-error-is-told-at-close", test_buffered_error_is_told_at_close);
  ADD ("sync-error", test_sync_error);
  ADD ("disk-full", test_disk_full);
  ADD ("check-unchanged", test_check_unchanged);
  return g_test_run ();
}
