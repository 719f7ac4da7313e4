/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window with everything that draws time, over recorded loops. */
#pragma once

#include "app/playhead.h"
#include "app/ruler.h"
#include "app/section_bar.h"
#include "app/waveform.h"
#include "tests/support/samples.h"

#include <adwaita.h>

#define SONG_RATE_HZ 44100
#define SONG_ROWS 16

typedef struct
{
  SlTimeRange *range;
  SlPeaks *peaks;
  GtkWidget *window;
  GtkWidget *ruler;
  GtkWidget *section_bar;
  GtkWidget *playhead;
  GtkWidget *waveforms[SONG_ROWS];
} SongView;

static inline void
song_view_load_style (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "../ui/style.css", NULL);
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_path (provider, path);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static inline GtkWidget *
song_view_row (SongView *view, int row, gint64 song_frames)
{
  const char *name = sample_loops[row % G_N_ELEMENTS (sample_loops)];
  g_autofree char *path = g_strdup_printf ("%s/%s.flac", SAMPLES_FOLDER, name);
  g_autoptr (GArray) seams = sl_seam_marks_new ();
  g_autoptr (GArray) paddings = g_array_new (FALSE, FALSE, sizeof (SlRange));
  SlRange padding = { song_frames * 7 / 8, song_frames };
  char hex[SL_DIGEST_HEX_LENGTH + 1];
  SlReadback readback;
  GtkWidget *waveform = sl_waveform_new (view->range, view->peaks);

  g_assert_true (sl_readback_run (path, NULL, 0, &readback, NULL, NULL));
  sl_digest_to_hex (&readback.digest, hex);
  sl_waveform_set_role (SL_WAVEFORM (waveform), row == 0   ? SL_WAVEFORM_REFERENCE
                                                : row == 2 ? SL_WAVEFORM_DRUMS
                                                : row == 3 ? SL_WAVEFORM_MASTER
                                                           : SL_WAVEFORM_STEM);
  sl_waveform_set_track_name (SL_WAVEFORM (waveform), name);
  sl_waveform_set_muted (SL_WAVEFORM (waveform), row == 4);
  sl_waveform_set_audio (SL_WAVEFORM (waveform), path, hex, 0, TRUE);
  if (row % 2 == 1)
    {
      sl_seam_marks_append (seams, song_frames / 4, 8000, SL_LEVEL_PASS, "Seam 1");
      sl_seam_marks_append (seams, song_frames / 3, 400, SL_LEVEL_NOTE, "Seam 2");
      sl_seam_marks_append (seams, song_frames / 2, 12000, SL_LEVEL_WARN, "Seam 3");
      sl_seam_marks_append (seams, song_frames * 2 / 3, 3000, SL_LEVEL_FAIL, "Seam 4");
      g_array_append_val (paddings, padding);
    }
  sl_waveform_set_marks (SL_WAVEFORM (waveform), seams, paddings);
  return waveform;
}

/** Rows of loops of different lengths in a song of @song_frames; files go to @cache_folder. */
static inline void
song_view_open (SongView *view, const char *cache_folder, gint64 song_frames)
{
  SlGrid grid = sl_grid_make ((SlBpm){ 137, 1 }, SONG_RATE_HZ, 4, 0);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget *overlay = gtk_overlay_new ();
  g_autoptr (GArray) sections = sl_sections_parse ("Verse:8,Bridge:4,Outro:4", 4, NULL);

  view->range = sl_time_range_new ();
  view->peaks = sl_peaks_new (cache_folder);
  sl_time_range_set_song (view->range, song_frames, SONG_RATE_HZ, &grid);
  view->ruler = sl_ruler_new (view->range);
  view->section_bar = sl_section_bar_new (view->range);
  view->playhead = sl_playhead_new (view->range);
  sl_section_bar_set_sections (SL_SECTION_BAR (view->section_bar), sections);
  gtk_box_append (GTK_BOX (box), view->ruler);
  gtk_box_append (GTK_BOX (box), view->section_bar);
  for (int row = 0; row < SONG_ROWS; row++)
    {
      view->waveforms[row] = song_view_row (view, row, song_frames);
      gtk_widget_set_vexpand (view->waveforms[row], TRUE);
      gtk_box_append (GTK_BOX (rows), view->waveforms[row]);
    }
  gtk_box_append (GTK_BOX (box), rows);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), box);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), view->playhead);
  view->window = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (view->window), 1200, 1100);
  adw_window_set_content (ADW_WINDOW (view->window), overlay);
  gtk_window_present (GTK_WINDOW (view->window));
}
