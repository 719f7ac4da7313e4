/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing when things go wrong: never a success, never a file, never a part left. */
#include "engine/base/error.h"
#include "written_files.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

/* Renders @source (taken) and expects @code; nothing may be left in the folder. */
static void
assert_refused (Fixture *f, SlSource *source, SlContainer container, SlSubtype subtype, int code)
{
  g_autoptr (SlSource) owned = source;
  g_autoptr (GError) error = NULL;
  SlRendered rendered = { 0 };

  g_assert_false (
      sl_render_file (owned, f->path, container, subtype, NULL, 0, &rendered, NULL, &error));
  g_assert_error (error, SL_ERROR, code);
  g_assert_null (rendered.part);
  g_assert_cmpuint (test_folder_count (f->folder), ==, 0);
}

static void
test_not_a_number (Fixture *f, gconstpointer data)
{
  static const gint64 frames[] = { 0, 8191, 8192, 29999 };
  static const float values[] = { NAN, INFINITY, -INFINITY, -NAN };

  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
      {
        g_autofree float *samples = g_new0 (float, 60000);
        g_autofree char *where = g_strdup_printf (" %" G_GINT64_FORMAT " ", frames[i]);
        g_autoptr (SlSource) source = NULL;
        g_autoptr (GError) error = NULL;
        SlRendered rendered;

        samples[2 * frames[i] + 1] = values[i];
        source = memory_source_new (samples, 2, RATE, 30000);
        g_assert_false (sl_render_file (source, f->path, kinds[k].container, kinds[k].subtype, NULL,
                                        0, &rendered, NULL, &error));
        g_assert_error (error, SL_ERROR, SL_ERROR_DECODE);
        g_assert_nonnull (strstr (error->message, where));
        g_assert_cmpuint (test_folder_count (f->folder), ==, 0);
      }
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  assert_refused (f, make_noise (1, 0), SL_CONTAINER_WAV, SL_SUBTYPE_FLOAT, SL_ERROR_INVALID);
  assert_refused (f, make_noise (1, 0), SL_CONTAINER_FLAC, SL_SUBTYPE_PCM_16, SL_ERROR_INVALID);
  assert_refused (f, make_noise (1, 9), SL_CONTAINER_FLAC, SL_SUBTYPE_FLOAT, SL_ERROR_INVALID);
  assert_refused (f, make_noise (9, 9), SL_CONTAINER_FLAC, SL_SUBTYPE_PCM_16, SL_ERROR_INVALID);
  assert_refused (f, failing_source_new (1, RATE, 50000, 20000, FALSE), SL_CONTAINER_WAV,
                  SL_SUBTYPE_FLOAT, SL_ERROR_DECODE);
  assert_refused (f, failing_source_new (1, RATE, 50000, 20000, TRUE), SL_CONTAINER_WAV,
                  SL_SUBTYPE_FLOAT, SL_ERROR_DECODE);
}

typedef struct
{
  int writes;
  char magic[5];
} Peek;

/* Looks at what has been written when the second write comes, and stops there. */
static int
peek_at_header (const char *call, const char *path, gpointer data)
{
  Peek *peek = data;
  int fd;

  if (!g_str_equal (call, "write") || ++peek->writes != 2)
    return 0;
  fd = open (path, O_RDONLY | O_CLOEXEC);
  g_assert_cmpint (pread (fd, peek->magic, 4, 0), ==, 4);
  close (fd);
  return EIO;
}

static void
test_chooses_rf64 (Fixture *f, gconstpointer data)
{
  const gint64 limit = (G_MAXUINT32 - G_GINT64_CONSTANT (88)) / 8;

  if (sl_free_bytes (f->folder) < G_GINT64_CONSTANT (6) << 30)
    {
      g_test_skip ("the disk has less than 6 GiB free");
      return;
    }
  for (gint64 frames = limit; frames <= limit + 1; frames++)
    {
      Peek peek = { 0 };

      sl_file_set_fault_hook (peek_at_header, &peek);
      assert_refused (f, failing_source_new (2, RATE, frames, 1000000, FALSE), SL_CONTAINER_WAV,
                      SL_SUBTYPE_FLOAT, SL_ERROR_WRITE);
      g_assert_cmpstr (peek.magic, ==, frames == limit ? "RIFF" : "RF64");
    }
}

/* Until it is committed the old file is there, and when it never is, the part goes. */
static void
test_final_name_only_by_commit (Fixture *f, gconstpointer data)
{
  g_autoptr (SlSource) source = make_noise (1, 20000);
  g_autofree char *contents = NULL;
  SlRendered rendered = { 0 };

  g_assert_true (g_file_set_contents (f->path, "old", -1, NULL));
  g_assert_true (sl_render_file (source, f->path, SL_CONTAINER_WAV, SL_SUBTYPE_FLOAT, NULL, 0,
                                 &rendered, NULL, NULL));
  g_assert_cmpuint (test_folder_count (f->folder), ==, 2);
  sl_rendered_clear (&rendered);
  sl_rendered_clear (&rendered);
  g_assert_cmpuint (test_folder_count (f->folder), ==, 1);
  g_assert_true (g_file_get_contents (f->path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "old");
}

typedef struct
{
  int countdown;
  int error;
} Fault;

static int
fail_later (const char *call, const char *path, gpointer data)
{
  Fault *fault = data;

  return g_str_equal (call, "write") && fault->countdown-- == 0 ? fault->error : 0;
}

/* The disk is full at the first write, the second, … up to the header that closing writes: never
 * a success, never a file. Once only: what libsndfile writes after that succeeds again. */
static void
test_every_write_fails (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (SlSource) source = make_noise (2, 60000);
      int writes = 0;

      for (;; writes++)
        {
          Fault fault = { writes, ENOSPC };
          g_auto (SlRendered) rendered = { 0 };
          g_autoptr (GError) error = NULL;

          sl_file_set_fault_hook (fail_later, &fault);
          if (sl_render_file (source, f->path, kinds[i].container, kinds[i].subtype, NULL, 0,
                              &rendered, NULL, &error))
            {
              g_assert_cmpint (fault.countdown, >=, 0);
              break;
            }
          g_assert_error (error, SL_ERROR, SL_ERROR_NO_SPACE);
          g_assert_nonnull (strstr (error->message, "Master.wav”"));
          g_assert_cmpuint (test_folder_count (f->folder), ==, 0);
        }
      g_assert_cmpint (writes, >=, 3);
    }
}

static void
test_no_space_at_all (Fixture *f, gconstpointer data)
{
  /* 2⁵⁵ frames: no disk has that. */
  assert_refused (f, failing_source_new (1, RATE, G_GINT64_CONSTANT (1) << 55, 0, FALSE),
                  SL_CONTAINER_WAV, SL_SUBTYPE_PCM_16, SL_ERROR_NO_SPACE);
  assert_refused (f, failing_source_new (16, RATE, G_MAXINT64, 0, FALSE), SL_CONTAINER_WAV,
                  SL_SUBTYPE_FLOAT, SL_ERROR_NO_SPACE);
}

/* A disk of 2 MiB and a file that it would just hold, but not with 5 % to spare. */
static void
test_nearly_no_space (Fixture *f, gconstpointer data)
{
  g_autofree char *disk = g_build_filename (f->folder, "disk", NULL);
  g_autofree char *path = g_build_filename (disk, "take.wav", NULL);

  g_assert_cmpint (g_mkdir (disk, 0700), ==, 0);
  if (mount ("none", disk, "tmpfs", 0, "size=2m") != 0)
    {
      g_test_skip ("no right to mount a small disk");
      return;
    }
  for (int k = 0; k < 2; k++)
    {
      g_autoptr (SlSource) source = make_noise (1, k == 0 ? 510000 : 490000);
      g_autoptr (GError) error = NULL;
      g_auto (SlRendered) rendered = { 0 };
      gboolean ok = sl_render_file (source, path, SL_CONTAINER_WAV, SL_SUBTYPE_FLOAT, NULL, 0,
                                    &rendered, NULL, &error);

      g_assert_cmpint (ok, ==, k == 1);
      if (!ok)
        g_assert_error (error, SL_ERROR, SL_ERROR_NO_SPACE);
    }
  g_assert_cmpint (umount (disk), ==, 0);
}

/* Eats the disk when the first byte is written: the check before has passed. */
static int
fill_the_disk (const char *call, const char *path, gpointer data)
{
  const char *other = data;
  static const char zeros[4096];
  int fd;

  if (!g_str_equal (call, "write"))
    return 0;
  fd = open (other, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  while (write (fd, zeros, sizeof zeros) > 0)
    ;
  close (fd);
  return 0;
}

/* A real disk of 2 MiB, and a file of 1.4 MB. WAV has its room set aside; FLAC of noise has not. */
static void
test_full_disk (Fixture *f, gconstpointer data)
{
  g_autofree char *disk = g_build_filename (f->folder, "disk", NULL);
  g_autofree char *path = g_build_filename (disk, "take.wav", NULL);
  g_autofree char *other = g_build_filename (disk, "other", NULL);

  g_assert_cmpint (g_mkdir (disk, 0700), ==, 0);
  if (mount ("none", disk, "tmpfs", 0, "size=2m") != 0)
    {
      g_test_skip ("no right to mount a small disk");
      return;
    }
  sl_file_set_fault_hook (fill_the_disk, other);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (SlSource) source = make_noise (1, 1400000 / sl_subtype_bytes (kinds[i].subtype));
      g_auto (SlRendered) rendered = { 0 };
      g_autoptr (GError) error = NULL;
      gboolean ok = sl_render_file (source, path, kinds[i].container, kinds[i].subtype, NULL, 0,
                                    &rendered, NULL, &error);

      g_assert_cmpint (ok, ==, kinds[i].container == SL_CONTAINER_WAV);
      if (!ok)
        g_assert_error (error, SL_ERROR, SL_ERROR_NO_SPACE);
      sl_rendered_clear (&rendered);
      g_assert_cmpint (g_unlink (other), ==, 0);
      g_assert_cmpuint (test_folder_count (disk), ==, 0);
    }
  g_assert_cmpint (umount (disk), ==, 0);
}

/* Once a write has put byte 20,000 on the disk, changes it. */
static int
spoil (const char *call, const char *path, gpointer data)
{
  gboolean *spoilt = data;
  int fd = open (path, O_RDWR | O_CLOEXEC);
  guint8 byte;

  if (!*spoilt && g_str_equal (call, "write") && pread (fd, &byte, 1, 20000) == 1)
    {
      byte ^= 1;
      g_assert_cmpint (pwrite (fd, &byte, 1, 20000), ==, 1);
      *spoilt = TRUE;
    }
  close (fd);
  return 0;
}

static void
test_reading_back_finds_it (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (SlSource) source = make_noise (2, 300000);
      g_autoptr (GError) error = NULL;
      SlRendered rendered;
      gboolean spoilt = FALSE;

      sl_file_set_fault_hook (spoil, &spoilt);
      g_assert_false (sl_render_file (source, f->path, kinds[i].container, kinds[i].subtype, NULL,
                                      0, &rendered, NULL, &error));
      g_assert_true (spoilt);
      if (kinds[i].container == SL_CONTAINER_WAV)
        g_assert_error (error, SL_ERROR, SL_ERROR_VERIFY);
      else
        g_assert_true (g_error_matches (error, SL_ERROR, SL_ERROR_VERIFY)
                       || g_error_matches (error, SL_ERROR, SL_ERROR_DECODE));
      g_assert_nonnull (strstr (error->message, "Master.wav”"));
      g_assert_cmpuint (test_folder_count (f->folder), ==, 0);
    }
}

typedef struct
{
  double last;
  double stop_at;
} Watcher;

static gboolean
watch (double fraction, gpointer data)
{
  Watcher *watcher = data;

  g_assert_cmpfloat (fraction, >=, watcher->last);
  watcher->last = fraction;
  return fraction < watcher->stop_at;
}

static void
test_progress (Fixture *f, gconstpointer data)
{
  static const double stops[] = { 0.3, 0.8 };
  g_autoptr (SlSource) source = make_noise (2, 200000);
  Watcher watcher = { .stop_at = 2.0 };
  SlProgress progress = { watch, &watcher };
  g_auto (SlRendered) rendered = { 0 };

  g_assert_true (sl_render_file (source, f->path, SL_CONTAINER_WAV, SL_SUBTYPE_FLOAT, NULL, 0,
                                 &rendered, &progress, NULL));
  g_assert_cmpfloat_with_epsilon (watcher.last, 1.0, 1e-9);
  sl_rendered_clear (&rendered);
  for (guint i = 0; i < G_N_ELEMENTS (stops); i++)
    {
      g_autoptr (GError) error = NULL;

      watcher = (Watcher){ .stop_at = stops[i] };
      g_assert_false (sl_render_file (source, f->path, SL_CONTAINER_WAV, SL_SUBTYPE_FLOAT, NULL, 0,
                                      &rendered, &progress, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_CANCELLED);
      g_assert_cmpfloat (watcher.last, <, stops[i] + 0.1);
      g_assert_cmpuint (test_folder_count (f->folder), ==, 0);
    }
}

#define ADD(name, func)                                                                            \
  g_test_add ("/engine/io/writer-faults/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("not-a-number", test_not_a_number);
  ADD ("refused", test_refused);
  ADD ("chooses-rf64", test_chooses_rf64);
  ADD ("final-name-only-by-commit", test_final_name_only_by_commit);
  ADD ("every-write-fails", test_every_write_fails);
  ADD ("no-space-at-all", test_no_space_at_all);
  ADD ("nearly-no-space", test_nearly_no_space);
  ADD ("full-disk", test_full_disk);
  ADD ("reading-back-finds-it", test_reading_back_finds_it);
  ADD ("progress", test_progress);
  return g_test_run ();
}
