/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plays one float WAV from start to end on the default device: play FILE RATE CHANNELS FRAMES. */
#include "preview/player.h"

#include <glib/gi18n-lib.h>

static void
on_change (SlPlayer *player, gpointer data)
{
  GMainLoop *loop = data;
  g_autofree char *problem = sl_player_dup_problem (player);

  if (problem != NULL)
    g_printerr ("%s\n", problem);
  if (sl_player_get_state (player) != SL_PLAYER_PLAYING)
    g_main_loop_quit (loop);
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (SlPlayer) player = sl_player_new (sl_output_portaudio ());
  SlGraph *graph;
  gboolean ended;

  g_assert_cmpint (argc, ==, 5);
  graph = sl_graph_new (atoi (argv[2]), atoi (argv[3]), g_ascii_strtoll (argv[4], NULL, 10));
  sl_graph_add (graph, argv[1], 1.0);
  sl_player_set_graph (player, graph);
  sl_player_set_notify (player, on_change, loop);
  sl_player_play (player);
  g_main_loop_run (loop);
  ended = sl_player_get_state (player) == SL_PLAYER_ENDED;
  g_print ("underruns %u\n", sl_player_get_underruns (player));
  return ended ? 0 : 1;
}
