/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Devices that are missing, that want something else, that stop, and that nobody hears. */
#include "listener.h"

#include <math.h>

#define LENGTH 40000

static void
play_level (Listener *self, int rate_hz, int channels)
{
  g_autofree char *path = listener_write_level (self, "a.wav", 0.5f, rate_hz, LENGTH);

  listener_set_file (self, path, channels, rate_hz, LENGTH);
  sl_player_play (self->player);
}

static void
test_none (Listener *self, gconstpointer data)
{
  g_autofree char *problem = NULL;

  manual.absent = TRUE;
  g_assert_true (sl_player_has_device (self->player));
  sl_player_probe_device (self->player);
  WAIT_FOR (!sl_player_has_device (self->player));
  play_level (self, RATE, 1);
  WAIT_FOR (sl_player_get_state (self->player) == SL_PLAYER_STOPPED);
  problem = sl_player_dup_problem (self->player);
  g_assert_cmpstr (problem, ==, "No device.");
  manual.absent = FALSE;
  sl_player_probe_device (self->player);
  WAIT_FOR (sl_player_has_device (self->player));
  g_assert_null (sl_player_dup_problem (self->player));
  sl_player_play (self->player);
  listener_hear (self, 100);
}

/* 44.1 kHz at a device that has only 48 kHz: positions stay those of the graph, to a frame. */
static void
test_other_rate (Listener *self, gconstpointer data)
{
  manual.only_rate_hz = 48000;
  sl_player_seek (self->player, 0);
  play_level (self, 44100, 1);
  listener_hear (self, 24000);
  g_assert_cmpint (sl_player_get_position (self->player), ==, 22050);
  g_assert_cmpfloat_with_epsilon (listener_sample (self, 20000, 0), 0.5f, 1e-4f);
  sl_player_seek (self->player, 10000);
  listener_hear_request (self, manual.rt->request, SL_RT_OPEN);
  listener_hear (self, 4800);
  g_assert_cmpint (sl_player_get_position (self->player), >=, 14410);
  g_assert_cmpint (sl_player_get_position (self->player), <, 14410 + 200);
}

/* A device with one channel hears the mean of two. */
static void
test_mono_device (Listener *self, gconstpointer data)
{
  g_autofree char *path
      = wav_write (self->folder, "a.wav", (float[]){ 0.25f, 0.75f, 0.5f, -0.5f }, 2, RATE, 2);

  manual.max_channels = 1;
  listener_set_file (self, path, 2, RATE, LENGTH);
  sl_player_play (self->player);
  listener_hear (self, 2);
  g_assert_cmpfloat (listener_sample (self, 0, 0), ==, 0.5f);
  g_assert_cmpfloat (listener_sample (self, 1, 0), ==, 0.0f);
}

/* Of four channels a stereo device hears the first two. */
static void
test_many_channels (Listener *self, gconstpointer data)
{
  g_autofree char *path
      = wav_write (self->folder, "a.wav", (float[]){ 0.1f, 0.2f, 0.3f, 0.4f }, 4, RATE, 1);

  manual.max_channels = 2;
  listener_set_file (self, path, 4, RATE, LENGTH);
  sl_player_play (self->player);
  listener_hear (self, 1);
  g_assert_cmpfloat (listener_sample (self, 0, 0), ==, 0.1f);
  g_assert_cmpfloat (listener_sample (self, 0, 1), ==, 0.2f);
}

/* A graph of another rate opens the device anew, at the same time of the song. */
static void
test_new_rate (Listener *self, gconstpointer data)
{
  g_autofree char *path = listener_write_level (self, "b.wav", 0.25f, 96000, 2 * LENGTH);
  guint request;

  play_level (self, RATE, 1);
  listener_hear (self, 10000);
  request = manual.rt->request;
  listener_set_file (self, path, 1, 96000, 2 * LENGTH);
  g_assert_cmpint (sl_player_get_position (self->player), ==, 20000);
  WAIT_FOR ((manual_ask ((float[64]){ 0 }, 32), manual.base.rate_hz == 96000));
  listener_hear_request (self, request, SL_RT_OPEN);
  g_array_set_size (self->heard, 0);
  listener_hear (self, 2000);
  g_assert_cmpfloat (listener_sample (self, 1999, 0), ==, 0.25f);
  g_assert_cmpint (sl_player_get_position (self->player), >=, 22000);
  g_assert_cmpint (sl_player_get_position (self->player), <, 22500);
  g_assert_cmpuint (manual.opened, ==, 2);
}

/* It waits 5 s after the start, since sound servers have been seen to take 2 s. */
static void
test_stalled (Listener *self, gconstpointer data)
{
  g_autofree char *problem = NULL;
  gint64 position;

  play_level (self, RATE, 1);
  listener_hear (self, 1000);
  WAIT_FOR (sl_player_get_state (self->player) == SL_PLAYER_PAUSED);
  g_assert_false (sl_player_has_device (self->player));
  problem = sl_player_dup_problem (self->player);
  g_assert_nonnull (strstr (problem, "stopped answering"));
  WAIT_FOR (!manual.is_open);
  position = sl_player_get_position (self->player);
  g_assert_cmpint (position, ==, 1000);
  sl_player_play (self->player);
  WAIT_FOR (manual.started);
  listener_hear (self, 500);
  g_assert_cmpint (sl_player_get_position (self->player), ==, position + 500);
  g_assert_null (sl_player_dup_problem (self->player));
}

static void
count_notes (SlPlayer *player, gpointer data)
{
  (*(guint *) data)++;
}

/* Told from the main context, never from within a call; nothing after the player is freed. */
static void
test_notify (Listener *self, gconstpointer data)
{
  guint notes = 0;

  sl_player_set_notify (self->player, count_notes, &notes);
  play_level (self, RATE, 1);
  g_assert_cmpuint (notes, ==, 0);
  while (notes == 0)
    g_main_context_iteration (NULL, TRUE);
  listener_hear (self, LENGTH);
  g_assert_true (manual_ask ((float[64]){ 0 }, 32));
  while (sl_player_get_state (self->player) != SL_PLAYER_ENDED)
    g_main_context_iteration (NULL, TRUE);
  sl_player_stop (self->player);
  notes = 0;
  g_clear_pointer (&self->player, sl_player_free);
  g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (notes, ==, 0);
}

/* The null device plays in real time; freed in the middle, again and again. */
static void
test_free_while_playing (Listener *self, gconstpointer data)
{
  g_autofree char *path = listener_write_noise (self, "a.wav", 1, 2, LENGTH);

  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (SlPlayer) player = sl_player_new (sl_output_null ());
      SlGraph *graph = sl_graph_new (RATE, 2, LENGTH);

      sl_graph_add (graph, path, 1.0);
      sl_player_set_graph (player, graph);
      sl_player_play (player);
      if (i % 2 == 0)
        WAIT_FOR (sl_player_get_position (player) > 0);
    }
}

static void
test_null_to_the_end (Listener *self, gconstpointer data)
{
  g_autofree char *path = listener_write_noise (self, "a.wav", 1, 2, 4800);
  g_autoptr (SlPlayer) player = sl_player_new (sl_output_null ());
  SlGraph *graph = sl_graph_new (RATE, 2, 4800);

  sl_graph_add (graph, path, 1.0);
  sl_player_set_graph (player, graph);
  sl_player_play (player);
  WAIT_FOR (sl_player_get_state (player) == SL_PLAYER_ENDED);
  g_assert_cmpint (sl_player_get_position (player), ==, 4800);
}

/* A longer graph goes on where the shorter one has ended; one as long has ended, too. */
static void
test_after_the_end (Listener *self, gconstpointer data)
{
  g_autofree char *path = listener_write_level (self, "b.wav", 0.25f, RATE, 2 * LENGTH);

  play_level (self, RATE, 1);
  listener_hear (self, LENGTH);
  g_assert_true (manual_ask ((float[64]){ 0 }, 32));
  WAIT_FOR (sl_player_get_state (self->player) == SL_PLAYER_ENDED);
  listener_set_file (self, path, 1, RATE, LENGTH);
  g_assert_cmpint (sl_player_get_state (self->player), ==, SL_PLAYER_ENDED);
  listener_set_file (self, path, 1, RATE, 2 * LENGTH);
  g_assert_cmpint (sl_player_get_state (self->player), ==, SL_PLAYER_STOPPED);
  g_assert_cmpint (sl_player_get_position (self->player), ==, LENGTH);
  WAIT_FOR (!manual.is_open);
  g_assert_cmpint (sl_player_get_position (self->player), ==, LENGTH);
  sl_player_play (self->player);
  WAIT_FOR (manual.started);
  listener_hear (self, 100);
  g_assert_cmpint (sl_player_get_position (self->player), ==, LENGTH + 100);
}

static void
test_nothing_to_play (Listener *self, gconstpointer data)
{
  sl_player_play (self->player);
  sl_player_stop (self->player);
  sl_player_seek (self->player, 100);
  sl_player_set_gain (self->player, 0, 1.0);
  g_assert_cmpint (sl_player_get_position (self->player), ==, 0);
  g_assert_cmpint (sl_player_get_state (self->player), ==, SL_PLAYER_STOPPED);
  play_level (self, RATE, 1);
  listener_hear (self, 1000);
  sl_player_set_graph (self->player, NULL);
  g_assert_cmpint (sl_player_get_state (self->player), ==, SL_PLAYER_STOPPED);
  g_assert_cmpint (sl_player_get_position (self->player), ==, 0);
  WAIT_FOR ((manual_ask ((float[64]){ 0 }, 32), !manual.is_open));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/preview/device/" path, Listener, NULL, listener_set_up, function,                  \
              listener_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("none", test_none);
  ADD ("other-rate", test_other_rate);
  ADD ("mono-device", test_mono_device);
  ADD ("many-channels", test_many_channels);
  ADD ("new-rate", test_new_rate);
  ADD ("stalled", test_stalled);
  ADD ("notify", test_notify);
  ADD ("free-while-playing", test_free_while_playing);
  ADD ("null-to-the-end", test_null_to_the_end);
  ADD ("after-the-end", test_after_the_end);
  ADD ("nothing-to-play", test_nothing_to_play);
  return g_test_run ();
}
