/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "written_files.h"

#include <math.h>
#include <string.h>

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
      float samples[N + 4] = { [N] = 1.0f, [N + 1] = 1.5f, [N + 2] = -1.0f, [N + 3] = -2.6f };
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
  ADD ("size", test_size);
  ADD ("predicts-rf64", test_predicts_rf64);
  ADD ("writes-rf64", test_writes_rf64);
  ADD ("same-bytes", test_same_bytes);
  ADD ("starts-at-the-start", test_starts_at_the_start);
  ADD ("taps", test_taps);
  return g_test_run ();
}
