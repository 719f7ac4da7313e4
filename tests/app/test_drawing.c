/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The widgets that draw time, in a window: what they show, what pointers and keys do, and what is
 * drawn again. */
#include "app/playhead.h"
#include "app/ruler.h"
#include "app/section_bar.h"
#include "app/waveform.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wav_file.h"

#include <adwaita.h>
#include <unistd.h>

#define RATE_HZ 48000
#define SONG ((gint64) 10 * RATE_HZ)
#define BEAT (RATE_HZ / 2) /* at 120 BPM */
#define WIDTH 1000
#define WATCHDOG_S 50

typedef struct
{
  TestFolder *folder;
  char *path;
  char hex[SL_DIGEST_HEX_LENGTH + 1];
  SlTimeRange *range;
  SlPeaks *peaks;
  GtkWidget *window;
  GtkWidget *waveform;
  GtkWidget *ruler;
  GtkWidget *section_bar;
  GtkWidget *playhead;
  int index;     /* of the last signal */
  gint64 number; /* of the last signal */
} Fixture;

static void
on_index (gpointer widget, guint index, Fixture *fixture)
{
  fixture->index = (int) index;
}

static void
on_index_and_number (gpointer widget, guint index, gint64 number, Fixture *fixture)
{
  fixture->index = (int) index;
  fixture->number = number;
}

static void
on_seek (SlTimeRange *range, gint64 frame, Fixture *fixture)
{
  sl_time_range_set_playhead (range, frame);
}

static void
write_audio (Fixture *fixture)
{
  g_autofree float *samples = g_new0 (float, SONG);
  SlDigest digest;

  for (gint64 i = 0; i < SONG / 2; i++)
    samples[i] = i % 2 == 0 ? 0.8f : -0.8f;
  fixture->path = wav_write (fixture->folder, "tone.wav", samples, 1, RATE_HZ, SONG);
  g_assert_true (sl_digest_file (fixture->path, &digest, NULL, NULL));
  sl_digest_to_hex (&digest, fixture->hex);
}

static void
open_window (Fixture *fixture)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *overlay = gtk_overlay_new ();

  gtk_box_append (GTK_BOX (box), fixture->ruler);
  gtk_box_append (GTK_BOX (box), fixture->section_bar);
  gtk_box_append (GTK_BOX (box), fixture->waveform);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), box);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), fixture->playhead);
  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), WIDTH, 200);
  gtk_window_set_decorated (GTK_WINDOW (fixture->window), FALSE);
  gtk_window_set_child (GTK_WINDOW (fixture->window), overlay);
  gtk_window_present (GTK_WINDOW (fixture->window));
  while (gtk_widget_get_width (fixture->waveform) == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const SlGrid grid = sl_grid_make ((SlBpm){ 120, 1 }, RATE_HZ, 4, 0);
  g_autofree char *cache_folder = NULL;

  fixture->folder = test_folder_new ();
  cache_folder = g_build_filename (fixture->folder, "cache", NULL);
  write_audio (fixture);
  fixture->range = sl_time_range_new ();
  sl_time_range_set_song (fixture->range, SONG, RATE_HZ, &grid);
  g_signal_connect (fixture->range, "seek", G_CALLBACK (on_seek), fixture);
  fixture->peaks = sl_peaks_new (cache_folder);
  fixture->waveform = sl_waveform_new (fixture->range, fixture->peaks);
  fixture->ruler = sl_ruler_new (fixture->range);
  fixture->section_bar = sl_section_bar_new (fixture->range);
  fixture->playhead = sl_playhead_new (fixture->range);
  fixture->index = -1;
  open_window (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_object_unref (fixture->peaks);
  g_object_unref (fixture->range);
  g_free (fixture->path);
  test_folder_free (fixture->folder);
}

/* Pixels of one column of a widget that are nearer to black than to white. */
static guint
dark_pixels (GtkWidget *widget, int x)
{
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  int height = gtk_widget_get_height (widget);
  cairo_surface_t *surface
      = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, gtk_widget_get_width (widget), height);
  cairo_t *cairo = cairo_create (surface);
  g_autoptr (GskRenderNode) node = NULL;
  const guint8 *pixels;
  guint count = 0;

  cairo_set_source_rgb (cairo, 1.0, 1.0, 1.0);
  cairo_paint (cairo);
  GTK_WIDGET_GET_CLASS (widget)->snapshot (widget, snapshot);
  node = gtk_snapshot_to_node (snapshot);
  if (node != NULL)
    gsk_render_node_draw (node, cairo);
  cairo_surface_flush (surface);
  pixels = cairo_image_surface_get_data (surface);
  for (int y = 0; y < height; y++)
    count += pixels[y * cairo_image_surface_get_stride (surface) + x * 4] < 128;
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
  return count;
}

static void
wait_for_picture (Fixture *fixture, int x)
{
  while (dark_pixels (fixture->waveform, x) == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_shows_audio (Fixture *fixture, gconstpointer data)
{
  int width = gtk_widget_get_width (fixture->waveform);
  guint full;

  g_assert_cmpuint (dark_pixels (fixture->waveform, width / 4), ==, 0);
  sl_waveform_set_audio (SL_WAVEFORM (fixture->waveform), fixture->path, fixture->hex, 0, TRUE);
  wait_for_picture (fixture, width / 4);
  full = dark_pixels (fixture->waveform, width / 4);
  g_assert_cmpuint (full, >, 30); /* 0.8 of some 56 pixels */
  g_assert_cmpuint (dark_pixels (fixture->waveform, width * 3 / 4), <=, 1);

  /* Another zoom: what is there stands in until the picture comes. */
  sl_time_range_zoom (fixture->range, 8.0, SONG / 4.0);
  g_assert_cmpuint (dark_pixels (fixture->waveform, width / 4), >, 20);

  /* Later in the song. */
  sl_time_range_fit (fixture->range);
  sl_waveform_set_audio (SL_WAVEFORM (fixture->waveform), fixture->path, fixture->hex, SONG / 2,
                         TRUE);
  wait_for_picture (fixture, width * 3 / 4);
  g_assert_cmpuint (dark_pixels (fixture->waveform, width / 4), <=, 1);

  sl_waveform_set_audio (SL_WAVEFORM (fixture->waveform), NULL, NULL, 0, FALSE);
  g_assert_cmpuint (dark_pixels (fixture->waveform, width * 3 / 4), ==, 0);
}

static gboolean
press (GtkWidget *widget, double x)
{
  return SL_TIME_VIEW_GET_CLASS (widget)->press (SL_TIME_VIEW (widget), 1, x, 2.0);
}

static void
drag (GtkWidget *widget, double x, gboolean end)
{
  SL_TIME_VIEW_GET_CLASS (widget)->drag (SL_TIME_VIEW (widget), x, end);
}

static gboolean
key (GtkWidget *widget, guint keyval, GdkModifierType state)
{
  return SL_TIME_VIEW_GET_CLASS (widget)->key (SL_TIME_VIEW (widget), keyval, state);
}

static void
set_seams (Fixture *fixture)
{
  g_autoptr (GArray) seams = sl_seam_marks_new ();
  SlSeamMark *two;

  sl_seam_marks_append (seams, SONG / 4, 480, SL_LEVEL_PASS, "One");
  sl_seam_marks_append (seams, SONG / 2, 480, SL_LEVEL_FAIL, "Two");
  two = &g_array_index (seams, SlSeamMark, 1);
  two->join = SONG / 2 + 240; /* the crossfade ends on it */
  two->first_join = SONG / 8;
  two->last_join = SONG * 3 / 4;
  sl_waveform_set_marks (SL_WAVEFORM (fixture->waveform), seams, NULL);
  g_signal_connect (fixture->waveform, "seam-activated", G_CALLBACK (on_index), fixture);
  g_signal_connect (fixture->waveform, "seam-moved", G_CALLBACK (on_index_and_number), fixture);
}

static void
test_seams (Fixture *fixture, gconstpointer data)
{
  SlWaveform *waveform = SL_WAVEFORM (fixture->waveform);
  int width = gtk_widget_get_width (fixture->waveform);

  set_seams (fixture);
  g_assert_false (press (fixture->waveform, width / 3));
  g_assert_cmpint (fixture->index, ==, -1);
  g_assert_true (press (fixture->waveform, width / 2 + 3));
  g_assert_cmpint (fixture->index, ==, 1);
  g_assert_cmpint (sl_waveform_get_selected_seam (waveform), ==, 1);
  g_assert_true (key (fixture->waveform, GDK_KEY_Left, GDK_CONTROL_MASK));
  g_assert_cmpint (fixture->index, ==, 0);
  g_assert_true (key (fixture->waveform, GDK_KEY_Left, GDK_CONTROL_MASK));
  g_assert_cmpint (sl_waveform_get_selected_seam (waveform), ==, 0); /* there is none before */
  g_assert_false (press (fixture->waveform, width / 3));
  g_assert_cmpint (sl_waveform_get_selected_seam (waveform), ==, -1);
}

static void
test_seam_is_dragged (Fixture *fixture, gconstpointer data)
{
  int width = gtk_widget_get_width (fixture->waveform);

  set_seams (fixture);
  fixture->number = -1;
  press (fixture->waveform, width / 2);
  drag (fixture->waveform, width / 2 + 50, FALSE);
  drag (fixture->waveform, width / 2 + 50, TRUE);
  g_assert_cmpint (fixture->number, ==, -1); /* not movable */
  sl_waveform_set_movable_seams (SL_WAVEFORM (fixture->waveform), TRUE);
  press (fixture->waveform, width / 2);
  drag (fixture->waveform, width / 2 + 50, FALSE);
  g_assert_cmpint (fixture->number, ==, -1);
  drag (fixture->waveform, width / 2 + 50, TRUE);
  g_assert_cmpint (fixture->index, ==, 1);
  /* The beat nearest to where it was let go. */
  g_assert_cmpint (fixture->number % BEAT, ==, 0);
  g_assert_cmpint (ABS (fixture->number - SONG / 2 - 240 - SONG * 50 / width), <=, BEAT / 2 + 1);
}

/* Drags the second seam by @pixels; where it goes, or -1: it stays. */
static gint64
drag_by (Fixture *fixture, int pixels)
{
  int middle = gtk_widget_get_width (fixture->waveform) / 2;

  fixture->number = -1;
  press (fixture->waveform, middle);
  drag (fixture->waveform, middle + pixels, FALSE);
  drag (fixture->waveform, middle + pixels, TRUE);
  return fixture->number;
}

static void
test_seam_is_dragged_freely (Fixture *fixture, gconstpointer data)
{
  const SlGrid unknown = sl_grid_make ((SlBpm){ 0, 1 }, RATE_HZ, 4, 0);
  int width = gtk_widget_get_width (fixture->waveform);

  sl_time_range_set_song (fixture->range, SONG, RATE_HZ, &unknown);
  set_seams (fixture);
  sl_waveform_set_movable_seams (SL_WAVEFORM (fixture->waveform), TRUE);
  /* One frame: the two places are rounded apart. */
  g_assert_cmpint (ABS (drag_by (fixture, 50) - SONG / 2 - 240 - SONG * 50 / width), <=, 1);
  /* No further than it can go. */
  g_assert_cmpint (drag_by (fixture, width / 2 - 1), ==, SONG * 3 / 4);
  g_assert_cmpint (drag_by (fixture, 1 - width / 2), ==, SONG / 8);
  g_assert_cmpint (drag_by (fixture, 2), ==, -1);
}

static void
test_drag_is_cancelled (Fixture *fixture, gconstpointer data)
{
  SlWaveform *waveform = SL_WAVEFORM (fixture->waveform);
  int middle = gtk_widget_get_width (fixture->waveform) / 2;

  set_seams (fixture);
  sl_waveform_set_movable_seams (waveform, TRUE);
  fixture->number = -1;
  g_assert_false (sl_waveform_cancel_drag (waveform));
  press (fixture->waveform, middle);
  drag (fixture->waveform, middle + 80, FALSE);
  g_assert_true (sl_waveform_cancel_drag (waveform));
  drag (fixture->waveform, middle + 90, FALSE);
  drag (fixture->waveform, middle + 90, TRUE);
  g_assert_cmpint (fixture->number, ==, -1);
}

/* A plan that is made again has no seams for a moment, or fewer. */
static void
test_selected_seam_comes_back (Fixture *fixture, gconstpointer data)
{
  SlWaveform *waveform = SL_WAVEFORM (fixture->waveform);
  g_autoptr (GArray) one = sl_seam_marks_new ();

  set_seams (fixture);
  press (fixture->waveform, gtk_widget_get_width (fixture->waveform) / 2);
  sl_waveform_set_marks (waveform, NULL, NULL);
  g_assert_cmpint (sl_waveform_get_selected_seam (waveform), ==, -1);
  sl_seam_marks_append (one, SONG / 4, 480, SL_LEVEL_PASS, "One");
  sl_waveform_set_marks (waveform, one, NULL);
  g_assert_cmpint (sl_waveform_get_selected_seam (waveform), ==, 0);
  set_seams (fixture);
  g_assert_cmpint (sl_waveform_get_selected_seam (waveform), ==, 1);
}

static void
test_sections (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) sections = sl_sections_parse ("Verse:8,Bridge:8", 4, NULL);
  SlSectionBar *bar = SL_SECTION_BAR (fixture->section_bar);
  int width = gtk_widget_get_width (fixture->section_bar); /* 20 beats */

  g_signal_connect (bar, "section-activated", G_CALLBACK (on_index), fixture);
  g_signal_connect (bar, "section-resized", G_CALLBACK (on_index_and_number), fixture);
  sl_section_bar_set_sections (bar, sections);
  g_assert_true (press (fixture->section_bar, width * 0.5));
  g_assert_cmpint (fixture->index, ==, 1);
  g_assert_cmpint (sl_section_bar_get_selected (bar), ==, 1);
  g_assert_false (press (fixture->section_bar, width * 0.9)); /* behind the last */
  g_assert_true (key (fixture->section_bar, GDK_KEY_Left, 0));
  g_assert_cmpint (sl_section_bar_get_selected (bar), ==, 0);

  sl_section_bar_set_editable (bar, TRUE);
  fixture->index = -1;
  g_assert_true (press (fixture->section_bar, width * 0.4));
  g_assert_cmpint (fixture->index, ==, -1); /* an edge is no section */
  drag (fixture->section_bar, width * 0.251, FALSE);
  drag (fixture->section_bar, width * 0.251, TRUE);
  g_assert_cmpint (fixture->index, ==, 0);
  g_assert_cmpint (fixture->number, ==, 5);
}

static guint snapshots;
static void (*real_snapshot) (GtkWidget *, GtkSnapshot *);

static void
counted_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  snapshots++;
  real_snapshot (widget, snapshot);
}

static gboolean
on_time (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
run_for (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, on_time, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static guint
count_snapshots (Fixture *fixture, GtkWidget *widget)
{
  GtkWidgetClass *klass = GTK_WIDGET_GET_CLASS (widget);

  run_for (200);
  real_snapshot = klass->snapshot;
  klass->snapshot = counted_snapshot;
  snapshots = 0;
  for (gint64 i = 1; i <= 5; i++)
    {
      sl_time_range_set_playhead (fixture->range, SONG * i / 10);
      run_for (50);
    }
  sl_time_range_set_playhead (fixture->range, 0);
  klass->snapshot = real_snapshot;
  return snapshots;
}

static void
test_only_playhead_is_drawn (Fixture *fixture, gconstpointer data)
{
  set_seams (fixture);
  g_assert_cmpuint (count_snapshots (fixture, fixture->playhead), >=, 2);
  g_assert_cmpuint (count_snapshots (fixture, fixture->waveform), ==, 0);
  g_assert_cmpuint (count_snapshots (fixture, fixture->ruler), ==, 0);
  g_assert_cmpuint (count_snapshots (fixture, fixture->section_bar), ==, 0);
}

static void
test_ruler_rows (Fixture *fixture, gconstpointer data)
{
  const SlGrid unknown = sl_grid_make ((SlBpm){ 0, 1 }, RATE_HZ, 4, 0);
  int both, one;

  gtk_widget_measure (fixture->ruler, GTK_ORIENTATION_VERTICAL, -1, &both, NULL, NULL, NULL);
  sl_time_range_set_song (fixture->range, SONG, RATE_HZ, &unknown);
  gtk_widget_measure (fixture->ruler, GTK_ORIENTATION_VERTICAL, -1, &one, NULL, NULL, NULL);
  g_assert_cmpint (both, ==, 2 * one);
  run_for (100);
}

int
main (int argc, char **argv)
{
  const struct
  {
    const char *name;
    void (*run) (Fixture *, gconstpointer);
  } tests[] = { { "/drawing/shows-audio", test_shows_audio },
                { "/drawing/seams", test_seams },
                { "/drawing/seam-is-dragged", test_seam_is_dragged },
                { "/drawing/seam-is-dragged-freely", test_seam_is_dragged_freely },
                { "/drawing/drag-is-cancelled", test_drag_is_cancelled },
                { "/drawing/selected-seam-comes-back", test_selected_seam_comes_back },
                { "/drawing/sections", test_sections },
                { "/drawing/only-playhead-is-drawn", test_only_playhead_is_drawn },
                { "/drawing/ruler-rows", test_ruler_rows } };

  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);
  adw_init ();
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      ADW_COLOR_SCHEME_FORCE_LIGHT);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
