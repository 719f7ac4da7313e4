/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tracks.h"

#include "app/playhead.h"
#include "app/ruler.h"
#include "app/seam_changes.h"
#include "app/section_bar.h"
#include "app/track_row.h"
#include "workflow/intake.h"

#include <string.h>

#define ZOOM_STEP 1.6

#define SECONDS_BEFORE_SEAM 2

struct _SlTracks
{
  GtkWidget parent_instance;

  /* template */
  GtkOverlay *overlay;
  GtkBox *ruler_row;
  GtkBox *section_row;
  GtkWidget *ruler_header;
  GtkWidget *section_header;
  GtkListBox *list;
  GtkWidget *no_stems;

  /* owned */
  SlDocument *document;
  SlListening *listening;
  SlTimeRange *range;
  SlPeaks *peaks;

  SlSectionBar *section_bar; /* child of section_row */
  SlPlayhead *playhead;      /* child of overlay */
  gboolean narrow;
  gboolean selecting;
};

G_DEFINE_FINAL_TYPE (SlTracks, sl_tracks, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_STEM_SELECTED,
  SIGNAL_STEP_SELECTED,
  SIGNAL_SEAM_SELECTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
sl_tracks_dispose (GObject *object)
{
  SlTracks *self = SL_TRACKS (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  if (self->listening != NULL)
    g_signal_handlers_disconnect_by_data (self->listening, self);
  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->document);
  g_clear_object (&self->listening);
  g_clear_object (&self->range);
  g_clear_object (&self->peaks);
  G_OBJECT_CLASS (sl_tracks_parent_class)->dispose (object);
}

static SlTrackRow *
row_at (SlTracks *self, guint index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, (int) index);

  return row != NULL ? SL_TRACK_ROW (row) : NULL;
}

/* One seam at a time is selected: none but in @row, which may be NULL. */
static void
keep_seam_of (SlTracks *self, SlTrackRow *row)
{
  SlTrackRow *other;

  for (guint i = 0; (other = row_at (self, i)) != NULL; i++)
    if (other != row)
      sl_track_row_select_seam (other, -1);
}

/* What a row stands for is shown beside it, unless it is a seam of it that was pressed. */
static void
on_row_selected (SlTracks *self, GtkListBoxRow *row)
{
  const SlTrack *track;

  if (row == NULL || self->selecting)
    return;
  keep_seam_of (self, SL_TRACK_ROW (row));
  if (sl_track_row_get_seam (SL_TRACK_ROW (row)) >= 0)
    return;
  track = sl_track_row_get_track (SL_TRACK_ROW (row));
  if (sl_track_stem (track, sl_document_get_settings (self->document)) != NULL)
    g_signal_emit (self, signals[SIGNAL_STEM_SELECTED], 0, track->name);
  else if (track->role == SL_WAVEFORM_REFERENCE)
    g_signal_emit (self, signals[SIGNAL_STEP_SELECTED], 0, SL_STEP_REFERENCE);
  else if (track->role == SL_WAVEFORM_DRUMS)
    g_signal_emit (self, signals[SIGNAL_STEP_SELECTED], 0, SL_STEP_DRUMS);
  else
    g_signal_emit (self, signals[SIGNAL_STEP_SELECTED], 0, SL_STEP_MASTER);
}

static void
on_section_activated (SlTracks *self)
{
  g_signal_emit (self, signals[SIGNAL_STEP_SELECTED], 0, SL_STEP_TIMING);
}

/* The edge of a section was dragged; told once, when it is let go. */
static void
on_section_resized (SlTracks *self, guint index, gint64 beats)
{
  SlSettings *settings = sl_document_edit (self->document);

  if (index < settings->sections->len)
    g_array_index (settings->sections, SlSection, index).beats
        = CLAMP (beats, 1, SL_SECTION_MAX_BEATS);
  sl_document_apply (self->document, settings, NULL);
}

/* --- zoom --- */

static void
zoom (SlTracks *self, double factor)
{
  double middle = (double) sl_time_range_get_playhead (self->range);
  double start = sl_time_range_get_start (self->range);
  double span = sl_time_range_get_span (self->range);

  /* At the playhead when it is in sight, as in every editor of sound. */
  if (middle < start || middle > start + span)
    middle = start + span / 2.0;
  sl_time_range_zoom (self->range, factor, middle);
}

static void
zoom_in (GtkWidget *widget, const char *name, GVariant *parameter)
{
  zoom (SL_TRACKS (widget), ZOOM_STEP);
}

static void
zoom_out (GtkWidget *widget, const char *name, GVariant *parameter)
{
  zoom (SL_TRACKS (widget), 1.0 / ZOOM_STEP);
}

static void
zoom_fit (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sl_time_range_fit (SL_TRACKS (widget)->range);
}

static gboolean
sl_tracks_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (SL_TRACKS (widget)->list));
}

static void
remove_selected (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlTracks *self = SL_TRACKS (widget);
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  const SlTrack *track = row != NULL ? sl_track_row_get_track (SL_TRACK_ROW (row)) : NULL;

  if (track != NULL && sl_track_stem (track, sl_document_get_settings (self->document)) != NULL)
    gtk_widget_activate_action (widget, "doc.remove-stem", "s", track->name);
}

/* Of the selected row; without one, of the first that has any. */
static void
step_seam (SlTracks *self, gboolean forward)
{
  GtkListBoxRow *selected = gtk_list_box_get_selected_row (self->list);
  SlTrackRow *row;

  if (selected != NULL && sl_track_row_step_seam (SL_TRACK_ROW (selected), forward))
    return;
  for (guint i = 0; selected == NULL && (row = row_at (self, i)) != NULL; i++)
    if (sl_track_row_step_seam (row, forward))
      return;
}

static void
previous_seam (GtkWidget *widget, const char *name, GVariant *parameter)
{
  step_seam (SL_TRACKS (widget), FALSE);
}

static void
next_seam (GtkWidget *widget, const char *name, GVariant *parameter)
{
  step_seam (SL_TRACKS (widget), TRUE);
}

static void
sl_tracks_class_init (SlTracksClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sl_tracks_dispose;
  widget_class->grab_focus = sl_tracks_grab_focus;
  signals[SIGNAL_STEM_SELECTED] = g_signal_new ("stem-selected", SL_TYPE_TRACKS, G_SIGNAL_RUN_LAST,
                                                0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_STEP_SELECTED] = g_signal_new ("step-selected", SL_TYPE_TRACKS, G_SIGNAL_RUN_LAST,
                                                0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[SIGNAL_SEAM_SELECTED]
      = g_signal_new ("seam-selected", SL_TYPE_TRACKS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_INT);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/seamline/Seamline/tracks.ui");
  gtk_widget_class_bind_template_child (widget_class, SlTracks, overlay);
  gtk_widget_class_bind_template_child (widget_class, SlTracks, ruler_row);
  gtk_widget_class_bind_template_child (widget_class, SlTracks, section_row);
  gtk_widget_class_bind_template_child (widget_class, SlTracks, ruler_header);
  gtk_widget_class_bind_template_child (widget_class, SlTracks, section_header);
  gtk_widget_class_bind_template_child (widget_class, SlTracks, list);
  gtk_widget_class_bind_template_child (widget_class, SlTracks, no_stems);
  gtk_widget_class_bind_template_callback (widget_class, on_row_selected);
  gtk_widget_class_install_action (widget_class, "tracks.zoom-in", NULL, zoom_in);
  gtk_widget_class_install_action (widget_class, "tracks.zoom-out", NULL, zoom_out);
  gtk_widget_class_install_action (widget_class, "tracks.zoom-fit", NULL, zoom_fit);
  gtk_widget_class_install_action (widget_class, "tracks.previous-seam", NULL, previous_seam);
  gtk_widget_class_install_action (widget_class, "tracks.next-seam", NULL, next_seam);
  gtk_widget_class_install_action (widget_class, "tracks.remove", NULL, remove_selected);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
add_time_views (SlTracks *self)
{
  GtkWidget *ruler = sl_ruler_new (self->range);
  GtkWidget *bar = sl_section_bar_new (self->range);
  GtkWidget *playhead = sl_playhead_new (self->range);

  gtk_widget_set_hexpand (ruler, TRUE);
  gtk_widget_set_hexpand (bar, TRUE);
  gtk_box_append (self->ruler_row, ruler);
  gtk_box_append (self->section_row, bar);
  gtk_overlay_add_overlay (self->overlay, playhead);
  self->section_bar = SL_SECTION_BAR (bar);
  self->playhead = SL_PLAYHEAD (playhead);
  g_signal_connect_swapped (bar, "section-activated", G_CALLBACK (on_section_activated), self);
  g_signal_connect_swapped (bar, "section-rename", G_CALLBACK (on_section_activated), self);
  g_signal_connect_swapped (bar, "section-resized", G_CALLBACK (on_section_resized), self);
}

static void
sl_tracks_init (SlTracks *self)
{
  self->range = sl_time_range_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  add_time_views (self);
  sl_tracks_set_narrow (self, FALSE);
}

/* --- rows --- */

static void
on_mute (SlTrackRow *row, gboolean mute, SlTracks *self)
{
  SlSettings *settings = sl_document_edit (self->document);
  SlStem *stem = sl_track_stem (sl_track_row_get_track (row), settings);

  if (stem != NULL)
    stem->mute = mute;
  sl_document_apply (self->document, settings, NULL);
}

static void
on_solo (SlTrackRow *row, gboolean solo, SlTracks *self)
{
  sl_listening_set_solo (self->listening, sl_track_row_get_track (row), solo);
}

/* Before a seam that was chosen playing goes on, so that it is heard, and seen beside the playhead.
 */
static void
on_seam (SlTrackRow *row, int index, SlTracks *self)
{
  if (index >= 0)
    {
      keep_seam_of (self, row);
      self->selecting = TRUE;
      gtk_list_box_select_row (self->list, GTK_LIST_BOX_ROW (row));
      self->selecting = FALSE;
      sl_time_range_seek (self->range, sl_track_row_get_seam_frame (row, index)
                                           - (gint64) SECONDS_BEFORE_SEAM
                                                 * sl_time_range_get_rate_hz (self->range));
    }
  g_signal_emit (self, signals[SIGNAL_SEAM_SELECTED], 0, sl_track_row_get_track (row)->name, index);
}

static void
on_seam_moved (SlTrackRow *row, guint index, gint64 frame, SlTracks *self)
{
  sl_seam_move (self->document, sl_track_row_get_track (row)->name, index, frame, NULL);
}

static void
insert_row (SlTracks *self, const SlTrack *track, guint index)
{
  GtkWidget *row = sl_track_row_new (track, self->range, self->peaks);

  sl_track_row_set_narrow (SL_TRACK_ROW (row), self->narrow);
  g_signal_connect (row, "mute-toggled", G_CALLBACK (on_mute), self);
  g_signal_connect (row, "solo-toggled", G_CALLBACK (on_solo), self);
  g_signal_connect (row, "seam-activated", G_CALLBACK (on_seam), self);
  g_signal_connect (row, "seam-moved", G_CALLBACK (on_seam_moved), self);
  gtk_list_box_insert (self->list, row, (int) index);
}

/* Rows that stay are kept, so that nothing flickers and the selection holds. */
static void
sync_rows (SlTracks *self, const GPtrArray *tracks)
{
  for (guint i = 0; i < tracks->len; i++)
    {
      const SlTrack *track = tracks->pdata[i];
      SlTrackRow *row = row_at (self, i);

      while (row != NULL && !sl_track_equal (sl_track_row_get_track (row), track)
             && gtk_list_box_get_row_at_index (self->list, (int) tracks->len) != NULL)
        {
          gtk_list_box_remove (self->list, GTK_WIDGET (row));
          row = row_at (self, i);
        }
      if (row == NULL || !sl_track_equal (sl_track_row_get_track (row), track))
        insert_row (self, track, i);
    }
  while (row_at (self, tracks->len) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row_at (self, tracks->len)));
}

/* As long as whatever is longest: what is too long is to be seen. */
static gint64
visible_frames (SlTracks *self, const GPtrArray *tracks)
{
  const SlSettings *settings = sl_document_get_settings (self->document);
  SlGrid grid = sl_settings_grid (settings);
  gint64 frames = sl_intake_known_target (sl_document_get_project (self->document));
  SlRange range;

  if (settings->sections->len > 0
      && sl_sections_range (settings->sections, &grid, settings->sections->len - 1, &range))
    frames = MAX (frames, range.end);
  for (guint i = 0; i < tracks->len; i++)
    frames = MAX (frames, sl_track_frames (self->document, tracks->pdata[i]));
  return frames;
}

static void
show_song (SlTracks *self, const GPtrArray *tracks)
{
  const SlSettings *settings = sl_document_get_settings (self->document);
  SlGrid grid = sl_settings_grid (settings);
  gint64 target = sl_intake_known_target (sl_document_get_project (self->document));
  gint64 frames = visible_frames (self, tracks);

  if (frames != sl_time_range_get_frames (self->range)
      || settings->rate_hz != sl_time_range_get_rate_hz (self->range)
      || memcmp (&grid, sl_time_range_get_grid (self->range), sizeof grid) != 0)
    sl_time_range_set_song (self->range, frames, settings->rate_hz, &grid);
  sl_section_bar_set_sections (self->section_bar, settings->sections);
  sl_section_bar_set_song_end (self->section_bar, target > 0 ? target : -1);
}

static void
update (SlTracks *self)
{
  const SlSettings *settings = sl_document_get_settings (self->document);
  g_autoptr (GPtrArray) tracks = sl_tracks_list (settings);

  show_song (self, tracks);
  /* A list selects another row when the selected one goes: nobody has asked for that. */
  self->selecting = TRUE;
  sync_rows (self, tracks);
  self->selecting = FALSE;
  for (guint i = 0; i < tracks->len; i++)
    sl_track_row_show (row_at (self, i), self->document,
                       sl_listening_is_solo (self->listening, tracks->pdata[i]));
  gtk_widget_set_visible (self->no_stems, settings->stems->len == 0);
}

void
sl_tracks_set_document (SlTracks *self, SlDocument *document, SlListening *listening)
{
  g_autofree char *cache
      = g_build_filename (sl_project_get_folder (sl_document_get_project (document)),
                          SL_FOLDER_CACHE, NULL);

  g_set_object (&self->document, document);
  g_set_object (&self->listening, listening);
  self->peaks = sl_peaks_new (cache);
  sl_section_bar_set_editable (self->section_bar, sl_document_get_read_only (document) == NULL);
  g_signal_connect_swapped (document, "changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (listening, "solo-changed", G_CALLBACK (update), self);
  update (self);
}

SlTimeRange *
sl_tracks_get_range (SlTracks *self)
{
  return self->range;
}

int
sl_tracks_get_seam (SlTracks *self, const char *stem)
{
  SlTrackRow *row;

  for (guint i = 0; (row = row_at (self, i)) != NULL; i++)
    if (g_strcmp0 (sl_track_row_get_track (row)->name, stem) == 0)
      return sl_track_row_get_seam (row);
  return -1;
}

void
sl_tracks_unselect_seam (SlTracks *self)
{
  keep_seam_of (self, NULL);
}

gboolean
sl_tracks_cancel_drag (SlTracks *self)
{
  SlTrackRow *row;

  for (guint i = 0; (row = row_at (self, i)) != NULL; i++)
    if (sl_track_row_cancel_drag (row))
      return TRUE;
  return FALSE;
}

void
sl_tracks_select (SlTracks *self, const char *stem)
{
  SlTrackRow *row;

  if (stem == NULL)
    sl_tracks_unselect_seam (self);
  self->selecting = TRUE;
  gtk_list_box_unselect_all (self->list);
  for (guint i = 0; stem != NULL && (row = row_at (self, i)) != NULL; i++)
    if (g_strcmp0 (sl_track_row_get_track (row)->name, stem) == 0)
      gtk_list_box_select_row (self->list, GTK_LIST_BOX_ROW (row));
  self->selecting = FALSE;
}

void
sl_tracks_set_narrow (SlTracks *self, gboolean narrow)
{
  int width = narrow ? SL_TRACK_HEADER_WIDTH_NARROW : SL_TRACK_HEADER_WIDTH;
  SlTrackRow *row;

  self->narrow = narrow;
  gtk_widget_set_size_request (self->ruler_header, width, -1);
  gtk_widget_set_size_request (self->section_header, width, -1);
  sl_playhead_set_insets (self->playhead, width, 0);
  for (guint i = 0; (row = row_at (self, i)) != NULL; i++)
    sl_track_row_set_narrow (row, narrow);
}
