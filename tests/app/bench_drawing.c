/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a frame costs the main thread while sixteen rows are zoomed, scrolled or played:
 * bench_drawing [zoom|scroll|play|still] [SECONDS of song]. "still" shows the song until closed. */
#include "tests/app/song_view.h"
#include "tests/support/temp_folder.h"

#include <math.h>
#include <string.h>
#include <time.h>

#define FRAMES 240
#define WARM_UP_FRAMES 60

typedef struct
{
  SongView view;
  const char *what;
  int frame;
  double begin_ms;
  double costs_ms[FRAMES];
  double build_ms; /* of all frames: the rows' own part, without rendering */
} Bench;

static double
main_thread_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static void
before_paint (GdkFrameClock *clock, Bench *bench)
{
  bench->begin_ms = main_thread_ms ();
}

static void
build_again (Bench *bench)
{
  double begin_ms = main_thread_ms ();

  for (int row = 0; row < SONG_ROWS; row++)
    {
      GtkWidget *waveform = bench->view.waveforms[row];
      g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();

      GTK_WIDGET_GET_CLASS (waveform)->snapshot (waveform, snapshot);
    }
  bench->build_ms += main_thread_ms () - begin_ms;
}

static void
after_paint (GdkFrameClock *clock, Bench *bench)
{
  int index = bench->frame - WARM_UP_FRAMES;

  if (index >= 0 && index < FRAMES)
    {
      bench->costs_ms[index] = main_thread_ms () - bench->begin_ms;
      build_again (bench);
    }
  bench->frame++;
}

static gboolean
tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Bench *bench = data;
  SlTimeRange *range = bench->view.range;
  double frames = (double) sl_time_range_get_frames (range);
  double phase = sin (bench->frame * 0.03);

  if (strcmp (bench->what, "zoom") == 0)
    sl_time_range_show (range, frames * 0.2, frames * exp2 (-5.0 + 4.0 * phase));
  else if (strcmp (bench->what, "scroll") == 0)
    sl_time_range_show (range, frames * (0.3 + 0.3 * phase), frames / 8.0);
  else if (strcmp (bench->what, "play") == 0)
    sl_time_range_set_playhead (range, (gint64) (frames * bench->frame / 1000));
  return G_SOURCE_CONTINUE;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return *(const double *) a < *(const double *) b ? -1 : 1;
}

static void
report (Bench *bench)
{
  qsort (bench->costs_ms, FRAMES, sizeof *bench->costs_ms, compare);
  g_print ("%s, %d rows: median %.2f ms, 95 %% %.2f ms, most %.2f ms of main a frame; rows "
           "alone %.2f ms\n",
           bench->what, SONG_ROWS, bench->costs_ms[FRAMES / 2], bench->costs_ms[FRAMES * 95 / 100],
           bench->costs_ms[FRAMES - 1], bench->build_ms / FRAMES);
}

int
main (int argc, char **argv)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  Bench bench = { .what = argc > 1 ? argv[1] : "zoom" };
  double seconds = argc > 2 ? g_ascii_strtod (argv[2], NULL) : 8.0;
  GdkFrameClock *clock;

  adw_init ();
  song_view_load_style ();
  if (g_getenv ("DARK") != NULL)
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                        ADW_COLOR_SCHEME_FORCE_DARK);
  song_view_open (&bench.view, folder, (gint64) (seconds * SONG_RATE_HZ));
  clock = gtk_widget_get_frame_clock (bench.view.window);
  if (strcmp (bench.what, "still") != 0)
    {
      g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint), &bench);
      g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint), &bench);
      gtk_widget_add_tick_callback (bench.view.window, tick, &bench, NULL);
    }
  while (bench.frame < FRAMES + WARM_UP_FRAMES && gtk_widget_get_visible (bench.view.window))
    g_main_context_iteration (NULL, TRUE);
  report (&bench);
  gtk_window_destroy (GTK_WINDOW (bench.view.window));
  g_object_unref (bench.view.peaks);
  g_object_unref (bench.view.range);
  return 0;
}
