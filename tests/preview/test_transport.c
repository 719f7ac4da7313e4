/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Play, pause, stop, seek, end. */
#include "listener.h"

#define LENGTH 60000

/* Noise as it was written, frame by frame of a stereo file. */
static float *
make_noise (guint32 seed, gint64 samples)
{
  float *noise = g_new (float, samples);

  for (gint64 i = 0; i < samples; i++)
    noise[i] = noise_sample (&seed);
  return noise;
}

static void
play_noise (Listener *self)
{
  g_autofree char *path = listener_write_noise (self, "a.wav", 1, 2, LENGTH);

  listener_set_file (self, path, 2, RATE, LENGTH);
  sl_player_play (self->player);
}

/* What was heard from frame @heard on equals the file from @frame on, bit for bit. */
static void
assert_heard (Listener *self, gint64 heard, gint64 frame, gint64 frames)
{
  g_autofree float *noise = make_noise (1, LENGTH * 2);

  g_assert_cmpmem (&g_array_index (self->heard, float, heard * 2), sizeof (float) * 2 * frames,
                   noise + frame * 2, sizeof (float) * 2 * frames);
}

static void
test_exact (Listener *self, gconstpointer data)
{
  play_noise (self);
  listener_hear (self, LENGTH);
  assert_heard (self, 0, 0, LENGTH);
  g_assert_cmpint (sl_player_get_position (self->player), ==, LENGTH);
  g_assert_cmpuint (sl_player_get_underruns (self->player), ==, 0);
  g_assert_null (sl_player_dup_problem (self->player));
}

static void
test_end (Listener *self, gconstpointer data)
{
  float rest[64];

  play_noise (self);
  listener_hear (self, LENGTH);
  g_assert_cmpint (sl_player_get_state (self->player), ==, SL_PLAYER_PLAYING);
  g_assert_true (manual_ask (rest, 32));
  for (guint i = 0; i < 64; i++)
    g_assert_cmpfloat (rest[i], ==, 0.0f);
  WAIT_FOR (sl_player_get_state (self->player) == SL_PLAYER_ENDED);
  g_assert_cmpuint (sl_player_get_underruns (self->player), ==, 0);
  g_array_set_size (self->heard, 0);
  sl_player_play (self->player);
  listener_hear_request (self, manual.rt->request, SL_RT_OPEN);
  g_array_set_size (self->heard, 0);
  listener_hear (self, 5000);
  assert_heard (self, 0, 0, 5000);
}

static void
pause_player (Listener *self)
{
  guint request = manual.rt->request;

  sl_player_pause (self->player);
  listener_hear_request (self, request, 0);
  WAIT_FOR (manual_ask ((float[1024]){ 0 }, 512) && manual.rt->answer == manual.rt->request);
}

/* What was heard in full is what the position tells; the frames that faded away behind it are heard
 * again. */
static void
test_pause (Listener *self, gconstpointer data)
{
  gint64 position;

  play_noise (self);
  listener_hear (self, 10000);
  pause_player (self);
  position = sl_player_get_position (self->player);
  g_assert_cmpint (position, >=, 10000);
  assert_heard (self, 0, 0, position);
  g_assert_cmpint (sl_player_get_state (self->player), ==, SL_PLAYER_PAUSED);
  sl_player_play (self->player);
  g_array_set_size (self->heard, 0);
  listener_hear (self, 5000);
  assert_heard (self, FADE, position + FADE, 5000 - FADE);
  g_assert_cmpint (sl_player_get_position (self->player), ==, position + 5000);
}

static void
seek_player (Listener *self, gint64 frame)
{
  guint request = manual.rt->request;

  sl_player_seek (self->player, frame);
  g_assert_cmpint (sl_player_get_position (self->player), ==, frame);
  listener_hear_request (self, request, SL_RT_OPEN);
}

static void
test_seek (Listener *self, gconstpointer data)
{
  play_noise (self);
  listener_hear (self, 10000);
  seek_player (self, 40000);
  g_array_set_size (self->heard, 0);
  listener_hear (self, 5000);
  assert_heard (self, FADE, sl_player_get_position (self->player) - 5000 + FADE, 5000 - FADE);
  seek_player (self, 123);
  listener_hear (self, 1000);
  g_assert_cmpint (sl_player_get_position (self->player), >=, 1123);
  g_assert_cmpint (sl_player_get_position (self->player), <, 1123 + 200);
}

/* While it is stopped nothing has been asked for: the very first frame is the one. */
static void
test_seek_while_stopped (Listener *self, gconstpointer data)
{
  g_autofree char *path = listener_write_noise (self, "a.wav", 1, 2, LENGTH);

  listener_set_file (self, path, 2, RATE, LENGTH);
  sl_player_seek (self->player, 20000);
  g_assert_cmpint (sl_player_get_position (self->player), ==, 20000);
  sl_player_play (self->player);
  listener_hear (self, 1000);
  assert_heard (self, FADE, 20000 + FADE, 1000 - FADE);
  sl_player_seek (self->player, LENGTH + 1);
  g_assert_cmpint (sl_player_get_position (self->player), ==, LENGTH);
}

static void
test_stop (Listener *self, gconstpointer data)
{
  play_noise (self);
  listener_hear (self, 1000);
  seek_player (self, 3000);
  listener_hear (self, 5000);
  sl_player_stop (self->player);
  g_assert_cmpint (sl_player_get_state (self->player), ==, SL_PLAYER_STOPPED);
  g_assert_cmpint (sl_player_get_position (self->player), ==, 3000);
  WAIT_FOR (!manual.is_open);
  g_assert_cmpint (sl_player_get_position (self->player), ==, 3000);
}

/* A level of 0.5 that fades in 5 ms moves by 0.5 / 240 a frame. */
static void
test_no_clicks (Listener *self, gconstpointer data)
{
  g_autofree char *path = listener_write_level (self, "a.wav", 0.5f, RATE, LENGTH);
  guint request;

  listener_set_file (self, path, 1, RATE, LENGTH);
  sl_player_play (self->player);
  listener_hear (self, 3000);
  seek_player (self, 30000);
  listener_hear (self, 3000);
  request = manual.rt->request;
  sl_player_pause (self->player);
  listener_hear_request (self, request, 0);
  for (guint i = 0; i < 20; i++)
    listener_hear_request (self, request, 0);
  g_assert_cmpfloat (listener_sample (self, listener_count (self) - 1, 0), ==, 0.0f);
  sl_player_play (self->player);
  listener_hear (self, 3000);
  g_assert_cmpfloat (listener_sample (self, listener_count (self) - 1, 0), ==, 0.5f);
  g_assert_cmpfloat (listener_find_step (self), <=, 0.5f / FADE * 1.01f);
}

static void
test_latency (Listener *self, gconstpointer data)
{
  manual.latency = 2000;
  play_noise (self);
  WAIT_FOR (manual_ask ((float[4000]){ 0 }, 2000));
  listener_hear (self, 1500);
  g_assert_cmpint (sl_player_get_position (self->player), ==, 0);
  listener_hear (self, 1500);
  g_assert_cmpint (sl_player_get_position (self->player), ==, 1000);
  listener_hear (self, LENGTH - 3000);
  g_assert_cmpint (sl_player_get_position (self->player), ==, LENGTH - 2000);
  g_assert_true (manual_ask ((float[2048]){ 0 }, 1024));
  g_assert_cmpint (sl_player_get_position (self->player), ==, LENGTH - 976);
  g_assert_cmpint (sl_player_get_state (self->player), ==, SL_PLAYER_PLAYING);
  g_assert_true (manual_ask ((float[2048]){ 0 }, 1024));
  WAIT_FOR (sl_player_get_state (self->player) == SL_PLAYER_ENDED);
}

/* More at once than was read ahead: one gap, the rest of it silent, then it goes on. */
static void
test_underrun (Listener *self, gconstpointer data)
{
  const gint64 asked = RATE / 4;
  g_autofree float *out = g_new (float, asked * 2);
  gint64 ahead;

  play_noise (self);
  WAIT_FOR (manual_is_ready ());
  ahead = manual.rt->ring->size;
  g_assert_cmpint (ahead, <, asked);
  g_assert_true (manual_ask (out, asked));
  for (gint64 i = ahead * 2; i < asked * 2; i++)
    g_assert_cmpfloat (out[i], ==, 0.0f);
  g_assert_cmpuint (sl_player_get_underruns (self->player), ==, 1);
  listener_hear (self, 5000);
  assert_heard (self, FADE, ahead + FADE, 5000 - FADE);
  g_assert_cmpuint (sl_player_get_underruns (self->player), ==, 1);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/preview/transport/" path, Listener, NULL, listener_set_up, function,               \
              listener_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("exact", test_exact);
  ADD ("end", test_end);
  ADD ("pause", test_pause);
  ADD ("seek", test_seek);
  ADD ("seek-while-stopped", test_seek_while_stopped);
  ADD ("stop", test_stop);
  ADD ("no-clicks", test_no_clicks);
  ADD ("latency", test_latency);
  ADD ("underrun", test_underrun);
  return g_test_run ();
}
