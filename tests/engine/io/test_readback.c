/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decoding a whole file: who listens, who stops it, who changes it. */
#include "audio_files.h"
#include "engine/base/error.h"
#include "engine/base/units.h"

#include <unistd.h>

typedef struct
{
  int begun;
  int channels;
  int rate_hz;
  gint64 frames;
  gint64 fail_at; ///< frames after which it fails
  float *samples; ///< what is expected
} Listener;

static void
listener_begin (gpointer self, int channels, int rate_hz)
{
  Listener *listener = self;

  g_assert_cmpint (listener->frames, ==, 0);
  listener->begun++;
  listener->channels = channels;
  listener->rate_hz = rate_hz;
}

static gboolean
listener_feed (gpointer self, const float *samples, gint64 frames, GError **error)
{
  Listener *listener = self;
  gsize bytes = sizeof (float) * (gsize) (frames * listener->channels);

  if (listener->frames >= listener->fail_at)
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_LIMIT, "enough");
      return FALSE;
    }
  g_assert_cmpint (frames, <=, SL_BLOCK_FRAMES);
  g_assert_cmpmem (samples, bytes, listener->samples + listener->frames * listener->channels,
                   bytes);
  listener->frames += frames;
  return TRUE;
}

/* Both ways of decoding, as floats and through the MD5 of FLAC, give every sample once. */
static void
test_taps (Fixture *f, gconstpointer data)
{
  static const int kinds[] = { SF_FORMAT_WAV | SF_FORMAT_FLOAT, SF_FORMAT_FLAC | SF_FORMAT_PCM_24 };
  g_autofree float *noise = make_noise (2 * 50001);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      Listener a = { .fail_at = G_MAXINT64, .samples = noise };
      Listener b = a;
      SlTap taps[]
          = { { listener_begin, listener_feed, &a }, { listener_begin, listener_feed, &b } };
      SlReadback found;

      write_file (f->path, kinds[i], 2, RATE, 50001);
      g_assert_true (sl_readback_run (f->path, taps, 2, &found, NULL, NULL));
      g_assert_cmpint (a.begun, ==, 1);
      g_assert_cmpint (a.rate_hz, ==, RATE);
      g_assert_cmpint (a.frames, ==, 50001);
      g_assert_cmpint (b.frames, ==, 50001);
    }
}

static void
test_tap_fails (Fixture *f, gconstpointer data)
{
  g_autofree float *noise = make_noise (50000);
  Listener listener = { .fail_at = 20000, .samples = noise };
  SlTap tap = { listener_begin, listener_feed, &listener };
  g_autoptr (GError) error = NULL;
  SlReadback found;

  write_file (f->path, SF_FORMAT_WAV | SF_FORMAT_PCM_24, 1, RATE, 50000);
  g_assert_false (sl_readback_run (f->path, &tap, 1, &found, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_LIMIT);
}

typedef struct
{
  double last;
  double stop_at;
  const char *cut; ///< file to make shorter on the way, or NULL
} Watcher;

static gboolean
watch (double fraction, gpointer data)
{
  Watcher *watcher = data;

  g_assert_cmpfloat (fraction, >=, watcher->last);
  g_assert_cmpfloat (fraction, <=, 1.0);
  watcher->last = fraction;
  if (watcher->cut != NULL && fraction > 0.5)
    g_assert_cmpint (truncate (watcher->cut, 100000), ==, 0);
  return fraction < watcher->stop_at;
}

static void
test_progress (Fixture *f, gconstpointer data)
{
  Watcher watcher = { .stop_at = 2.0 };
  SlProgress progress = { watch, &watcher };
  g_autoptr (GError) error = NULL;
  SlReadback found;

  write_file (f->path, SF_FORMAT_WAV | SF_FORMAT_PCM_24, 2, RATE, 100000);
  g_assert_true (sl_readback_run (f->path, NULL, 0, &found, &progress, NULL));
  g_assert_cmpfloat (watcher.last, ==, 1.0);
  watcher = (Watcher){ .stop_at = 0.5 };
  g_assert_false (sl_readback_run (f->path, NULL, 0, &found, &progress, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_CANCELLED);
  g_assert_cmpfloat (watcher.last, <, 0.9);
}

static void
test_changes_while_read (Fixture *f, gconstpointer data)
{
  Watcher watcher = { .stop_at = 2.0, .cut = f->path };
  SlProgress progress = { watch, &watcher };
  g_autoptr (GError) error = NULL;
  SlReadback found;

  write_file (f->path, SF_FORMAT_WAV | SF_FORMAT_FLOAT, 2, RATE, 300000);
  g_assert_false (sl_readback_run (f->path, NULL, 0, &found, &progress, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_CHANGED);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/engine/io/readback/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("taps", test_taps);
  ADD ("tap-fails", test_tap_fails);
  ADD ("progress", test_progress);
  ADD ("changes-while-read", test_changes_while_read);
  return g_test_run ();
}
