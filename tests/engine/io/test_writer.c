/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/io/writer.h"

#include "../../support/failing_source.h"
#include "../../support/memory_source.h"
#include "../../support/noise.h"
#include "../../support/temp_folder.h"
#include "engine/base/units.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sys/mount.h>
#include <unistd.h>

#define RATE 48000

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

static SlSource *
make_noise (int channels, gint64 frames)
{
  g_autofree float *samples = g_new (float, frames *channels);
  guint32 state = 21;

  for (gint64 i = 0; i < frames * channels; i++)
    samples[i] = noise_sample (&state);
  return memory_source_new (samples, channels, RATE, frames);
}

/* Renders @source (taken) and commits it as @path. */
static SlRendered
render (SlSource *source, const char *path, SlContainer container, SlSubtype subtype)
{
  g_autoptr (SlSource) owned = source;
  g_autoptr (GError) error = NULL;
  SlRendered rendered;

  sl_render_file (owned, path, container, subtype, NULL, 0, &rendered, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (sl_part_commit (rendered.part, NULL));
  return rendered;
}

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

/* All samples of the file at @path. */
static float *
read_samples (const char *path, gint64 n_samples)
{
  g_autoptr (SlSource) reader = sl_reader_open (path, NULL, NULL);
  float *samples = g_new (float, n_samples);

  g_assert_cmpint (reader->length * reader->channels, ==, n_samples);
  g_assert_true (sl_source_read_at (reader, 0, samples, reader->length, NULL));
  return samples;
}

typedef struct
{
  SlContainer container;
  SlSubtype subtype;
} Kind;

static const Kind kinds[] = {
  { SL_CONTAINER_WAV, SL_SUBTYPE_FLOAT },   { SL_CONTAINER_WAV, SL_SUBTYPE_PCM_24 },
  { SL_CONTAINER_WAV, SL_SUBTYPE_PCM_16 },  { SL_CONTAINER_FLAC, SL_SUBTYPE_PCM_24 },
  { SL_CONTAINER_FLAC, SL_SUBTYPE_PCM_16 },
};

/* Every code of @bits bits, or for 24 bits a million of them and both ends, must come back. */
static float *
make_codes (int bits, gint64 *n)
{
  float scale = (float) (1 << (bits - 1));
  float *codes;
  guint32 state = 3;

  *n = bits == 16 ? 1 << 16 : 1000000;
  codes = g_new (float, *n);
  for (gint64 i = 0; i < *n; i++)
    if (bits == 16)
      codes[i] = (float) (i - 32768) / scale;
    else
      codes[i] = (float) ((int) noise_bits (&state) >> 8) / scale;
  codes[0] = -1.0f;
  codes[1] = (scale - 1.0f) / scale;
  codes[2] = 1.0f / scale;
  codes[3] = -1.0f / scale;
  return codes;
}

static void
test_codes_round_trip (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gint64 n;
      g_autofree float *codes = make_codes (sl_subtype_bits (kinds[i].subtype), &n);
      g_autofree float *got = NULL;
      g_auto (SlRendered) rendered = { 0 };

      rendered = render (memory_source_new (codes, 1, RATE, n), f->path, kinds[i].container,
                         kinds[i].subtype);
      g_assert_cmpint (rendered.overs, ==, 0);
      got = read_samples (f->path, n);
      g_assert_cmpmem (got, (gsize) n * sizeof (float), codes, (gsize) n * sizeof (float));
    }
}

/* A float that is no code goes to the nearest one, and beyond full scale to the last one. */
static void
test_rounding (Fixture *f, gconstpointer data)
{
  static const double lsb[] = { 0.4, 0.6, -0.4, -0.6, 0.9, 100.2, 100.9, -100.9, 1.5, -1.5 };
  static const double rounded[] = { 0, 1, 0, -1, 1, 100, 101, -101, 2, -2 };
  enum
  {
    N = G_N_ELEMENTS (lsb)
  };

  for (guint i = 1; i < G_N_ELEMENTS (kinds); i++)
    {
      double scale = (double) (1 << (sl_subtype_bits (kinds[i].subtype) - 1));
      double top = (scale - 1.0) / scale;
      float samples[N + 4] = { [N] = 1.0f, [N + 1] = 1.5f, [N + 2] = -1.0f, [N + 3] = -3.0f };
      g_autofree float *got = NULL;
      g_auto (SlRendered) rendered = { 0 };

      for (int k = 0; k < N; k++)
        samples[k] = (float) (lsb[k] / scale);
      rendered = render (memory_source_new (samples, 1, RATE, N + 4), f->path, kinds[i].container,
                         kinds[i].subtype);
      g_assert_cmpint (rendered.overs, ==, 2);
      g_assert_cmpint (rendered.first_over, ==, N + 1);
      got = read_samples (f->path, N + 4);
      for (int k = 0; k < N; k++)
        g_assert_cmpfloat (got[k], ==, rounded[k] / scale);
      g_assert_cmpfloat (got[N], ==, top);
      g_assert_cmpfloat (got[N + 1], ==, top);
      g_assert_cmpfloat (got[N + 2], ==, -1.0);
      g_assert_cmpfloat (got[N + 3], ==, -1.0);
    }
}

/* FLOAT keeps what is beyond full scale, and counts it. */
static void
test_float_is_untouched (Fixture *f, gconstpointer data)
{
  const gint64 frames = 30000;
  g_autofree float *samples = g_new0 (float, frames * 2);
  g_autofree float *got = NULL;
  g_auto (SlRendered) rendered = { 0 };

  samples[2 * 20000 + 1] = 1.0000001f;
  samples[2 * 25000] = -3.5f;
  samples[2 * 25001] = 1.0f;
  samples[2 * 25002] = 1e-40f;
  samples[2 * 25003] = -0.0f;
  rendered = render (memory_source_new (samples, 2, RATE, frames), f->path, SL_CONTAINER_WAV,
                     SL_SUBTYPE_FLOAT);
  g_assert_cmpint (rendered.overs, ==, 2);
  g_assert_cmpint (rendered.first_over, ==, 20000);
  got = read_samples (f->path, frames * 2);
  g_assert_cmpmem (got, (gsize) frames * 8, samples, (gsize) frames * 8);
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

/* The prediction is exact, and the file says what it is. */
static void
test_size (Fixture *f, gconstpointer data)
{
  static const int channels[] = { 1, 2, 3, 16 };

  for (guint i = 0; i < 3; i++)
    for (guint c = 0; c < G_N_ELEMENTS (channels); c++)
      for (gint64 frames = 1; frames < 20000; frames = frames * 7 + 2)
        {
          g_auto (SlRendered) rendered = { 0 };
          const SlReadback *found = &rendered.readback;

          rendered = render (make_noise (channels[c], frames), f->path, SL_CONTAINER_WAV,
                             kinds[i].subtype);
          g_assert_cmpint (found->stat.size_bytes, ==,
                           sl_writer_predict_bytes (frames, channels[c], kinds[i].subtype));
          g_assert_cmpint (found->frames, ==, frames);
          g_assert_cmpint (found->info.channels, ==, channels[c]);
          g_assert_cmpint (found->info.rate_hz, ==, RATE);
          g_assert_cmpstr (found->info.container, ==, "WAV");
          g_assert_cmpint (found->info.subtype, ==, kinds[i].subtype);
          g_assert_cmpstr (found->info.header_fault, ==, "");
        }
}

/* The largest WAV has 2³²-1 bytes; one frame more and the header is that of an RF64. */
static void
test_predicts_rf64 (Fixture *f, gconstpointer data)
{
  const gint64 limit = G_MAXUINT32;

  g_assert_cmpint (sl_writer_predict_bytes ((limit - 44) / 2, 1, SL_SUBTYPE_PCM_16), ==, limit - 1);
  g_assert_cmpint (sl_writer_predict_bytes ((limit - 44) / 2 + 1, 1, SL_SUBTYPE_PCM_16), ==,
                   limit + 1 + 60);
  g_assert_cmpint (sl_writer_predict_bytes ((limit - 88) / 8, 2, SL_SUBTYPE_FLOAT), <=, limit);
  g_assert_cmpint (sl_writer_predict_bytes ((limit - 88) / 8 + 1, 2, SL_SUBTYPE_FLOAT), ==,
                   136 + ((limit - 88) / 8 + 1) * 8);
  g_assert_cmpint (sl_writer_predict_bytes (G_MAXINT64, 16, SL_SUBTYPE_FLOAT), >, G_MAXINT64 / 4);
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

/* All of it, for real: takes 9 GB of reading and writing. */
static void
test_writes_rf64 (Fixture *f, gconstpointer data)
{
  const gint64 frames = (G_GINT64_CONSTANT (1) << 26) + 5;
  g_auto (SlRendered) rendered = { 0 };

  if (!g_test_slow ())
    {
      g_test_skip ("slow: run with -m slow");
      return;
    }
  rendered = render (failing_source_new (16, RATE, frames, frames, FALSE), f->path,
                     SL_CONTAINER_WAV, SL_SUBTYPE_FLOAT);
  g_assert_cmpstr (rendered.readback.info.container, ==, "RF64");
  g_assert_cmpint (rendered.readback.frames, ==, frames);
  g_assert_cmpint (rendered.readback.stat.size_bytes, ==,
                   sl_writer_predict_bytes (frames, 16, SL_SUBTYPE_FLOAT));
}

/* Equal audio gives equal bytes: no chunk that holds the time. */
static void
test_same_bytes (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *bytes = NULL;
      gsize length;
      g_auto (SlRendered) a = { 0 };
      g_auto (SlRendered) b = { 0 };

      a = render (make_noise (2, 10000), f->path, kinds[i].container, kinds[i].subtype);
      g_assert_true (g_file_get_contents (f->path, &bytes, &length, NULL));
      g_assert_null (memmem (bytes, MIN (length, 200), "PEAK", 4));
      b = render (make_noise (2, 10000), f->path, kinds[i].container, kinds[i].subtype);
      g_assert_true (sl_digest_equal (&a.readback.digest, &b.readback.digest));
    }
}

static void
test_starts_at_the_start (Fixture *f, gconstpointer data)
{
  g_autoptr (SlSource) source = make_noise (1, 20000);
  g_auto (SlRendered) rendered = { 0 };
  g_autofree float *got = NULL;
  g_autofree float *expected = g_new (float, 20000);

  g_assert_true (sl_source_read_at (source, 0, expected, 20000, NULL));
  g_assert_true (sl_source_seek (source, 7000, NULL));
  g_assert_true (sl_render_file (source, f->path, SL_CONTAINER_WAV, SL_SUBTYPE_FLOAT, NULL, 0,
                                 &rendered, NULL, NULL));
  got = read_samples (sl_part_get_path (rendered.part), 20000);
  g_assert_cmpmem (got, 80000, expected, 80000);
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

typedef struct
{
  gint64 frames;
  double sum;
} Listener;

static gboolean
listen (gpointer self, const float *samples, gint64 frames, GError **error)
{
  Listener *listener = self;

  listener->frames += frames;
  for (gint64 i = 0; i < frames; i++)
    listener->sum += samples[i];
  return TRUE;
}

/* Taps hear what the file holds, not what was handed over: 0.6 LSB have become 1 LSB. */
static void
test_taps (Fixture *f, gconstpointer data)
{
  g_autofree float *samples = g_new (float, 32768);
  g_autoptr (SlSource) source = NULL;
  g_auto (SlRendered) rendered = { 0 };
  Listener listener = { 0 };
  SlTap tap = { NULL, listen, &listener };

  for (int i = 0; i < 32768; i++)
    samples[i] = 0.6f / 32768.0f;
  source = memory_source_new (samples, 1, RATE, 32768);
  g_assert_true (sl_render_file (source, f->path, SL_CONTAINER_WAV, SL_SUBTYPE_PCM_16, &tap, 1,
                                 &rendered, NULL, NULL));
  g_assert_cmpint (listener.frames, ==, 32768);
  g_assert_cmpfloat (listener.sum, ==, 1.0);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/engine/io/writer/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("codes-round-trip", test_codes_round_trip);
  ADD ("rounding", test_rounding);
  ADD ("float-is-untouched", test_float_is_untouched);
  ADD ("not-a-number", test_not_a_number);
  ADD ("refused", test_refused);
  ADD ("size", test_size);
  ADD ("predicts-rf64", test_predicts_rf64);
  ADD ("chooses-rf64", test_chooses_rf64);
  ADD ("writes-rf64", test_writes_rf64);
  ADD ("same-bytes", test_same_bytes);
  ADD ("starts-at-the-start", test_starts_at_the_start);
  ADD ("final-name-only-by-commit", test_final_name_only_by_commit);
  ADD ("every-write-fails", test_every_write_fails);
  ADD ("no-space-at-all", test_no_space_at_all);
  ADD ("full-disk", test_full_disk);
  ADD ("reading-back-finds-it", test_reading_back_finds_it);
  ADD ("progress", test_progress);
  ADD ("taps", test_taps);
  return g_test_run ();
}
