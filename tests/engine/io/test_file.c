/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/io/file.h"

#include "../../support/noise.h"
#include "../../support/temp_folder.h"
#include "engine/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
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
  f->path = g_build_filename (f->folder, "take.bin", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  sl_file_set_fault_hook (NULL, NULL);
  g_free (f->path);
  test_folder_free (f->folder);
}

static guint8 *
make_bytes (gsize length)
{
  guint8 *bytes = g_malloc (length);
  guint32 state = 1;

  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) (noise_bits (&state) >> 24);
  return bytes;
}

static void
put (const char *path, const guint8 *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, (const char *) bytes, (gssize) length, &error);
  g_assert_no_error (error);
}

static void
assert_contents (const char *path, const guint8 *bytes, gsize length)
{
  g_autofree char *found = NULL;
  gsize found_length;

  g_assert_true (g_file_get_contents (path, &found, &found_length, NULL));
  g_assert_cmpmem (found, found_length, bytes, length);
}

/* What the file's bytes digest to when they are simply read from disk. */
static SlDigest
digest_on_disk (const char *path)
{
  g_autoptr (GError) error = NULL;
  SlDigest digest;

  sl_digest_file (path, &digest, NULL, &error);
  g_assert_no_error (error);
  return digest;
}

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

/* Reads of every size, jumping about, against the array they must come from. */
static void
test_reads_like_memory (Fixture *f, gconstpointer data)
{
  static const gint64 sizes[] = { 1, 3, 100, 4096, 20000, 40000, 300000 };
  const gint64 length = 1000003;
  g_autofree guint8 *bytes = make_bytes ((gsize) length);
  g_autofree guint8 *got = g_malloc (300000);
  g_autoptr (SlFile) file = NULL;
  guint32 state = 3;

  put (f->path, bytes, (gsize) length);
  file = sl_file_open (f->path, NULL);
  for (int i = 0; i < 3000; i++)
    {
      gint64 size = sizes[noise_bits (&state) % G_N_ELEMENTS (sizes)];
      gint64 at = sl_file_tell (file);

      if (i % 3 == 0)
        {
          at = noise_bits (&state) % (length + 10);
          g_assert_cmpint (sl_file_seek (file, at, SEEK_SET), ==, at);
        }
      g_assert_cmpint (sl_file_read (file, got, size), ==, CLAMP (length - at, 0, size));
      if (at < length)
        g_assert_cmpmem (got, MIN (size, length - at), bytes + at, MIN (size, length - at));
    }
  g_assert_true (sl_file_check (file, NULL));
  g_assert_cmpint (sl_file_size (file), ==, length);
}

static void
test_seek (Fixture *f, gconstpointer data)
{
  g_autoptr (SlFile) file = NULL;

  put (f->path, (const guint8 *) "0123456789", 10);
  file = sl_file_open (f->path, NULL);
  g_assert_cmpint (sl_file_seek (file, 4, SEEK_SET), ==, 4);
  g_assert_cmpint (sl_file_seek (file, 3, SEEK_CUR), ==, 7);
  g_assert_cmpint (sl_file_seek (file, -2, SEEK_END), ==, 8);
  g_assert_cmpint (sl_file_seek (file, -9, SEEK_CUR), ==, -1);
  g_assert_cmpint (sl_file_seek (file, G_MAXINT64, SEEK_CUR), ==, -1);
  g_assert_cmpint (sl_file_tell (file), ==, 8);
}

static void
test_high_water (Fixture *f, gconstpointer data)
{
  g_autofree guint8 *bytes = make_bytes (100000);
  g_autoptr (SlFile) file = NULL;

  put (f->path, bytes, 100000);
  file = sl_file_open (f->path, NULL);
  sl_file_read (file, bytes, 100);
  g_assert_cmpint (sl_file_high_water (file), ==, 100);
  sl_file_seek (file, 50000, SEEK_SET);
  g_assert_cmpint (sl_file_high_water (file), ==, 100);
  sl_file_read (file, bytes, 10);
  sl_file_seek (file, 0, SEEK_SET);
  sl_file_read (file, bytes, 10);
  g_assert_cmpint (sl_file_high_water (file), ==, 50010);
}

/* The digest of what was read equals that of the whole file, however it was read. */
static void
test_digest_of_reads (Fixture *f, gconstpointer data)
{
  static const gint64 starts[] = { 0, 10, 5000, 700000 };
  g_autofree guint8 *bytes = make_bytes (1000000);
  g_autofree guint8 *got = g_malloc (1000000);
  SlDigest expected;

  put (f->path, bytes, 1000000);
  expected = digest_on_disk (f->path);
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    for (gint64 size = 50; size <= 1000000; size *= 20)
      for (int tee = 0; tee < 2; tee++)
        {
          g_autoptr (SlFile) file = sl_file_open (f->path, NULL);
          SlDigest digest;

          if (tee)
            sl_file_tee_digest (file);
          sl_file_read (file, got, 30);
          sl_file_seek (file, starts[i], SEEK_SET);
          sl_file_read (file, got, size);
          g_assert_true (sl_file_digest (file, &digest, NULL));
          g_assert_true (sl_digest_equal (&digest, &expected));
        }
}

static void
test_writes (Fixture *f, gconstpointer data)
{
  static const gsize pieces[] = { 1, 1000, 40000, 1000000 };
  const gsize length = 1234567;
  g_autofree guint8 *bytes = make_bytes (length);

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (SlFile) file = sl_file_create (f->path, NULL);
      SlDigest written;
      SlDigest on_disk;

      for (gsize at = 0; at < length; at += pieces[i])
        {
          gint64 n = (gint64) MIN (pieces[i], length - at);

          g_assert_cmpint (sl_file_write (file, bytes + at, n), ==, n);
        }
      g_assert_cmpint (sl_file_size (file), ==, length);
      g_assert_true (sl_file_digest (file, &written, NULL));
      g_assert_true (sl_file_sync (file, NULL));
      g_assert_true (sl_file_close (g_steal_pointer (&file), NULL));
      assert_contents (f->path, bytes, length);
      on_disk = digest_on_disk (f->path);
      g_assert_true (sl_digest_equal (&written, &on_disk));
      g_unlink (f->path);
    }
}

/* A header written again, a read in between, a jump over a hole: as a codec does. */
static void
test_writes_out_of_order (Fixture *f, gconstpointer data)
{
  g_autofree guint8 *bytes = make_bytes (100000);
  g_autofree guint8 *got = g_malloc (100000);
  g_autoptr (SlFile) file = sl_file_create (f->path, NULL);
  SlDigest written;
  SlDigest on_disk;

  sl_file_write (file, bytes + 50000, 44);
  sl_file_write (file, bytes + 44, 8000);
  sl_file_seek (file, 0, SEEK_SET);
  sl_file_write (file, bytes, 44);
  g_assert_cmpint (sl_file_size (file), ==, 8044);
  g_assert_cmpint (sl_file_read (file, got, 100), ==, 100);
  g_assert_cmpmem (got, 100, bytes + 44, 100);
  sl_file_seek (file, 9000, SEEK_SET);
  sl_file_write (file, bytes + 9000, 91000);
  memset (bytes + 8044, 0, 9000 - 8044);
  g_assert_true (sl_file_digest (file, &written, NULL));
  g_assert_true (sl_file_close (g_steal_pointer (&file), NULL));
  assert_contents (f->path, bytes, 100000);
  on_disk = digest_on_disk (f->path);
  g_assert_true (sl_digest_equal (&written, &on_disk));
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
  ADD ("reads-like-memory", test_reads_like_memory);
  ADD ("seek", test_seek);
  ADD ("high-water", test_high_water);
  ADD ("digest-of-reads", test_digest_of_reads);
  ADD ("writes", test_writes);
  ADD ("writes-out-of-order", test_writes_out_of_order);
  ADD ("create-is-exclusive", test_create_is_exclusive);
  ADD ("shown-name", test_shown_name);
  ADD ("first-error-sticks", test_first_error_sticks);
  ADD ("buffered-error-is-told-at-close", test_buffered_error_is_told_at_close);
  ADD ("sync-error", test_sync_error);
  ADD ("disk-full", test_disk_full);
  ADD ("check-unchanged", test_check_unchanged);
  return g_test_run ();
}
