/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes through SlFile, in any order, against an array in memory. */
#include "plain_files.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

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

/* With a tee it is the bytes that the reader saw that count, not those there are by then. */
static void
test_tee (Fixture *f, gconstpointer data)
{
  g_autofree guint8 *bytes = make_bytes (200000);
  g_autoptr (SlFile) file = NULL;
  SlDigest before;
  SlDigest digest;
  int fd;

  put (f->path, bytes, 200000);
  before = digest_on_disk (f->path);
  file = sl_file_open (f->path, NULL);
  sl_file_tee_digest (file);
  for (int i = 0; i < 200; i++)
    g_assert_cmpint (sl_file_read (file, bytes, 1000), ==, 1000);
  fd = open (f->path, O_WRONLY | O_CLOEXEC);
  g_assert_cmpint (pwrite (fd, "seam", 4, 100000), ==, 4);
  close (fd);
  g_assert_true (sl_file_digest (file, &digest, NULL));
  g_assert_true (sl_digest_equal (&digest, &before));
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

/* Reads and writes in any order against an array. */
static void
test_reads_see_writes (Fixture *f, gconstpointer data)
{
  static const gint64 sizes[] = { 1, 50, 3000, 33000, 70000 };
  g_autofree guint8 *bytes = g_malloc0 (600000);
  g_autofree guint8 *fresh = make_bytes (600000);
  g_autofree guint8 *got = g_malloc (70000);
  g_autoptr (SlFile) file = sl_file_create (f->path, NULL);
  gint64 length = 0;
  guint32 state = 8;

  for (int i = 0; i < 2000; i++)
    {
      gint64 size = sizes[noise_bits (&state) % G_N_ELEMENTS (sizes)];
      gint64 at = noise_bits (&state) % 500000;
      gint64 there = CLAMP (length - at, 0, size);

      g_assert_cmpint (sl_file_seek (file, at, SEEK_SET), ==, at);
      if (i % 2 == 0)
        {
          g_assert_cmpint (sl_file_write (file, fresh + i, size), ==, size);
          memcpy (bytes + at, fresh + i, (gsize) size);
          length = MAX (length, at + size);
        }
      else
        {
          g_assert_cmpint (sl_file_read (file, got, size), ==, there);
          g_assert_cmpmem (got, there, bytes + at, there);
        }
      g_assert_cmpint (sl_file_size (file), ==, length);
    }
}

#define ADD(name, func)                                                                            \
  g_test_add ("/engine/io/file-transfer/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("reads-like-memory", test_reads_like_memory);
  ADD ("seek", test_seek);
  ADD ("high-water", test_high_water);
  ADD ("digest-of-reads", test_digest_of_reads);
  ADD ("tee", test_tee);
  ADD ("writes", test_writes);
  ADD ("writes-out-of-order", test_writes_out_of_order);
  ADD ("reads-see-writes", test_reads_see_writes);
  return g_test_run ();
}
