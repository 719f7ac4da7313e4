/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a graph sounds like, and how it changes while it is heard. */
#include "listener.h"

#define LENGTH 40000

/* Plays two levels of mono, 0.5 and 0.25. */
static void
play_two_levels (Listener *self)
{
  g_autofree char *first = listener_write_level (self, "a.wav", 0.5f, RATE, LENGTH);
  g_autofree char *second = listener_write_level (self, "b.wav", 0.25f, RATE, LENGTH);
  SlGraph *graph = sl_graph_new (RATE, 1, LENGTH);

  sl_graph_add (graph, first, 1.0);
  g_assert_cmpuint (sl_graph_add (graph, second, 2.0), ==, 1);
  sl_graph_set_audible (graph, 1, FALSE);
  sl_player_set_graph (self->player, graph);
  sl_player_play (self->player);
}

static float
last_sample (Listener *self)
{
  return listener_sample (self, listener_count (self) - 1, 0);
}

/* Parts at their places: frame 0 to 99 nothing, then the sum of what has begun and not ended. */
static void
test_places (Listener *self, gconstpointer data)
{
  g_autofree char *mono = listener_write_level (self, "a.wav", 0.5f, RATE, 1000);
  g_autofree char *late = listener_write_level (self, "b.wav", 0.125f, RATE, 5000);
  g_autofree char *early = listener_write_level (self, "c.wav", 0.03125f, RATE, 700);
  SlGraph *graph = sl_graph_new (RATE, 2, 3000);

  sl_graph_set_offset (graph, sl_graph_add (graph, mono, 1.0), 100);
  sl_graph_set_offset (graph, sl_graph_add (graph, late, -2.0), 600);
  sl_graph_set_offset (graph, sl_graph_add (graph, early, 1.0), -650);
  sl_player_set_graph (self->player, graph);
  sl_player_play (self->player);
  listener_hear (self, 3000);
  for (gint64 i = 0; i < 3000; i++)
    {
      float expected = (i >= 100 && i < 1100 ? 0.5f : 0.0f) - (i >= 600 ? 0.25f : 0.0f)
                       + (i < 50 ? 0.03125f : 0.0f);

      g_assert_cmpfloat (listener_sample (self, i, 0), ==, expected);
      g_assert_cmpfloat (listener_sample (self, i, 1), ==, expected);
    }
  g_assert_cmpint (sl_player_get_position (self->player), ==, 3000);
}

/* A fader moves within 480 frames at most. */
static void
test_faders (Listener *self, gconstpointer data)
{
  play_two_levels (self);
  listener_hear (self, 1000);
  g_assert_cmpfloat (last_sample (self), ==, 0.5f);
  sl_player_set_audible (self->player, 1, TRUE);
  listener_hear (self, 12000);
  g_assert_cmpfloat (last_sample (self), ==, 1.0f);
  sl_player_set_gain (self->player, 0, 0.5);
  sl_player_set_gain (self->player, 7, 0.5);
  listener_hear (self, 12000);
  g_assert_cmpfloat (last_sample (self), ==, 0.75f);
  sl_player_set_audible (self->player, 0, FALSE);
  listener_hear (self, 12000);
  g_assert_cmpfloat (last_sample (self), ==, 0.5f);
  g_assert_cmpfloat (listener_find_step (self), <=, 0.05f);
}

/* A fader of a graph that was replaced is one of the new graph. */
static void
test_fader_before_playing (Listener *self, gconstpointer data)
{
  g_autofree char *path = listener_write_level (self, "a.wav", 0.5f, RATE, LENGTH);

  listener_set_file (self, path, 1, RATE, LENGTH);
  sl_player_set_gain (self->player, 0, 0.5);
  sl_player_play (self->player);
  listener_hear (self, 1000);
  g_assert_cmpfloat (listener_sample (self, 0, 0), ==, 0.25f);
}

static void
test_volume (Listener *self, gconstpointer data)
{
  play_two_levels (self);
  listener_hear (self, 1000);
  sl_player_set_volume (self->player, 0.5);
  listener_hear (self, 1000);
  g_assert_cmpfloat (last_sample (self), ==, 0.25f);
  g_assert_cmpfloat (listener_sample (self, listener_count (self) - 1, 1), ==, 0.25f);
  sl_player_set_volume (self->player, 1.0);
  listener_hear (self, 1000);
  g_assert_cmpfloat (last_sample (self), ==, 0.5f);
  g_assert_cmpfloat (listener_find_step (self), <=, 0.5f / FADE * 1.01f);
}

/* Peaks are those of the sound, whatever the volume; asking starts anew. */
static void
test_peaks (Listener *self, gconstpointer data)
{
  g_autofree char *path
      = wav_write (self->folder, "a.wav", (float[]){ 0.1f, -0.9f, 0.3f, 0.2f }, 2, RATE, 2);
  float peaks[3];

  sl_player_set_volume (self->player, 0.1);
  listener_set_file (self, path, 2, RATE, LENGTH);
  sl_player_play (self->player);
  listener_hear (self, 100);
  sl_player_get_peaks (self->player, peaks, 3);
  g_assert_cmpfloat (peaks[0], ==, 0.3f);
  g_assert_cmpfloat (peaks[1], ==, 0.9f);
  g_assert_cmpfloat (peaks[2], ==, 0.0f);
  listener_hear (self, 100);
  sl_player_get_peaks (self->player, peaks, 3);
  g_assert_cmpfloat (peaks[1], ==, 0.0f);
}

/* From 0.5 to -0.5 in 480 frames: 1 / 481 a frame; no frame is skipped or heard twice. */
static void
test_swap (Listener *self, gconstpointer data)
{
  g_autofree char *first = listener_write_level (self, "a.wav", 0.5f, RATE, LENGTH);
  g_autofree char *second = listener_write_level (self, "b.wav", -0.5f, RATE, LENGTH);

  listener_set_file (self, first, 1, RATE, LENGTH);
  sl_player_play (self->player);
  listener_hear (self, 5000);
  listener_set_file (self, second, 1, RATE, LENGTH);
  g_assert_cmpint (sl_player_get_position (self->player), ==, 5000);
  listener_hear (self, 15000);
  g_assert_cmpfloat (last_sample (self), ==, -0.5f);
  g_assert_cmpfloat (listener_find_step (self), <=, 1.0f / 480);
  g_assert_cmpint (sl_player_get_position (self->player), ==, 20000);
  listener_hear (self, 20000);
  g_assert_cmpint (sl_player_get_position (self->player), ==, LENGTH);
}

/* Ten graphs with the same sound, one upon the other: nobody hears a thing. */
static void
test_swap_same (Listener *self, gconstpointer data)
{
  g_autofree char *path = listener_write_noise (self, "a.wav", 5, 2, LENGTH);
  guint32 state = 5;

  listener_set_file (self, path, 2, RATE, LENGTH);
  sl_player_play (self->player);
  for (guint i = 0; i < 10; i++)
    {
      listener_hear (self, 100);
      listener_set_file (self, path, 2, RATE, LENGTH);
    }
  listener_hear (self, LENGTH - 1000);
  for (guint i = 0; i < LENGTH * 2; i++)
    g_assert_cmpfloat (g_array_index (self->heard, float, i), ==, noise_sample (&state));
}

/* The new graph has ended where the old one is: down to silence, and the end. */
static void
test_swap_shorter (Listener *self, gconstpointer data)
{
  g_autofree char *path = listener_write_level (self, "a.wav", 0.5f, RATE, LENGTH);
  guint request;

  listener_set_file (self, path, 1, RATE, LENGTH);
  sl_player_play (self->player);
  listener_hear (self, 12000);
  request = manual.rt->request;
  listener_set_file (self, path, 1, RATE, 6000);
  g_assert_cmpint (sl_player_get_position (self->player), ==, 6000);
  listener_hear_request (self, request, SL_RT_OPEN);
  listener_hear (self, 100);
  g_assert_cmpfloat (last_sample (self), ==, 0.0f);
  g_assert_cmpfloat (listener_find_step (self), <=, 0.5f / FADE * 1.01f);
  WAIT_FOR (sl_player_get_state (self->player) == SL_PLAYER_ENDED);
  g_assert_cmpint (sl_player_get_position (self->player), ==, 6000);
}

/* While it is paused nothing is to be heard of the old graph any more. */
static void
test_swap_paused (Listener *self, gconstpointer data)
{
  g_autofree char *first = listener_write_level (self, "a.wav", 0.5f, RATE, LENGTH);
  g_autofree char *second = listener_write_level (self, "b.wav", -0.5f, RATE, LENGTH);
  guint request;
  gint64 position;

  listener_set_file (self, first, 1, RATE, LENGTH);
  sl_player_play (self->player);
  listener_hear (self, 5000);
  request = manual.rt->request;
  sl_player_pause (self->player);
  listener_hear_request (self, request, 0);
  WAIT_FOR (manual_ask ((float[1024]){ 0 }, 512) && manual.rt->answer == manual.rt->request);
  listener_set_file (self, second, 1, RATE, LENGTH);
  position = sl_player_get_position (self->player);
  sl_player_play (self->player);
  g_array_set_size (self->heard, 0);
  listener_hear (self, 1000);
  for (gint64 i = 0; i < 1000; i++)
    g_assert_cmpfloat (listener_sample (self, i, 0), <=, 0.0f);
  g_assert_cmpfloat (last_sample (self), ==, -0.5f);
  g_assert_cmpint (sl_player_get_position (self->player), ==, position + 1000);
}

/* One part is missing: the rest is heard, and why it is not all is told. */
static void
test_missing_part (Listener *self, gconstpointer data)
{
  g_autofree char *path = listener_write_level (self, "a.wav", 0.5f, RATE, LENGTH);
  g_autofree char *absent = g_build_filename (self->folder, "absent.wav", NULL);
  g_autofree char *problem = NULL;
  SlGraph *graph = sl_graph_new (RATE, 1, LENGTH);

  sl_graph_add (graph, absent, 1.0);
  sl_graph_add (graph, path, 1.0);
  sl_player_set_graph (self->player, graph);
  sl_player_play (self->player);
  listener_hear (self, 1000);
  g_assert_cmpfloat (last_sample (self), ==, 0.5f);
  problem = sl_player_dup_problem (self->player);
  g_assert_nonnull (strstr (problem, "absent.wav"));
}

/* The only file is missing: it does not play; once the file is there it does. */
static void
test_missing_file (Listener *self, gconstpointer data)
{
  g_autofree char *absent = g_build_filename (self->folder, "a.wav", NULL);
  g_autofree char *path = NULL;
  g_autofree char *problem = NULL;

  listener_set_file (self, absent, 1, RATE, LENGTH);
  sl_player_play (self->player);
  WAIT_FOR (sl_player_get_state (self->player) == SL_PLAYER_STOPPED);
  problem = sl_player_dup_problem (self->player);
  g_assert_nonnull (strstr (problem, "a.wav"));
  path = listener_write_level (self, "a.wav", 0.5f, RATE, LENGTH);
  sl_player_play (self->player);
  listener_hear (self, 1000);
  g_assert_cmpfloat (last_sample (self), ==, 0.5f);
  g_assert_null (sl_player_dup_problem (self->player));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/preview/mix/" path, Listener, NULL, listener_set_up, function, listener_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("places", test_places);
  ADD ("faders", test_faders);
  ADD ("fader-before-playing", test_fader_before_playing);
  ADD ("volume", test_volume);
  ADD ("peaks", test_peaks);
  ADD ("swap", test_swap);
  ADD ("swap-same", test_swap_same);
  ADD ("swap-shorter", test_swap_shorter);
  ADD ("swap-paused", test_swap_paused);
  ADD ("missing-part", test_missing_part);
  ADD ("missing-file", test_missing_file);
  return g_test_run ();
}
