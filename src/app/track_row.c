/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/track_row.h"

#include "app/faults.h"
#include "app/track_text.h"

#include <glib/gi18n.h>

struct _SlTrackRow
{
  GtkListBoxRow parent_instance;

  /* template */
  GtkWidget *header;
  GtkLabel *title;
  GtkLabel *text;
  GtkSpinner *spinner;
  GtkOrientable *buttons;
  GtkToggleButton *mute;
  GtkToggleButton *solo;
  GtkBox *box;

  /* owned */
  SlTrack track;
  GArray *seams; /* of gint64: middles of the seams shown */

  SlWaveform *waveform; /* child of box */
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (SlTrackRow, sl_track_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  SIGNAL_MUTE_TOGGLED,
  SIGNAL_SOLO_TOGGLED,
  SIGNAL_SEAM_ACTIVATED,
  SIGNAL_SEAM_MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
on_mute (SlTrackRow *self)
{
  if (!self->updating)
    g_signal_emit (self, signals[SIGNAL_MUTE_TOGGLED], 0,
                   gtk_toggle_button_get_active (self->mute));
}

static void
on_solo (SlTrackRow *self)
{
  if (!self->updating)
    g_signal_emit (self, signals[SIGNAL_SOLO_TOGGLED], 0,
                   gtk_toggle_button_get_active (self->solo));
}

static void
sl_track_row_finalize (GObject *object)
{
  SlTrackRow *self = SL_TRACK_ROW (object);

  g_free (self->track.name);
  g_array_unref (self->seams);
  G_OBJECT_CLASS (sl_track_row_parent_class)->finalize (object);
}

static void
sl_track_row_class_init (SlTrackRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = sl_track_row_finalize;
  signals[SIGNAL_MUTE_TOGGLED] = g_signal_new ("mute-toggled", SL_TYPE_TRACK_ROW, G_SIGNAL_RUN_LAST,
                                               0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[SIGNAL_SOLO_TOGGLED] = g_signal_new ("solo-toggled", SL_TYPE_TRACK_ROW, G_SIGNAL_RUN_LAST,
                                               0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[SIGNAL_SEAM_ACTIVATED]
      = g_signal_new ("seam-activated", SL_TYPE_TRACK_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, G_TYPE_INT);
  signals[SIGNAL_SEAM_MOVED]
      = g_signal_new ("seam-moved", SL_TYPE_TRACK_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_INT64);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/seamline/Seamline/track_row.ui");
  gtk_widget_class_bind_template_child (widget_class, SlTrackRow, header);
  gtk_widget_class_bind_template_child (widget_class, SlTrackRow, title);
  gtk_widget_class_bind_template_child (widget_class, SlTrackRow, text);
  gtk_widget_class_bind_template_child (widget_class, SlTrackRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, SlTrackRow, buttons);
  gtk_widget_class_bind_template_child (widget_class, SlTrackRow, mute);
  gtk_widget_class_bind_template_child (widget_class, SlTrackRow, solo);
  gtk_widget_class_bind_template_child (widget_class, SlTrackRow, box);
  gtk_widget_class_bind_template_callback (widget_class, on_mute);
  gtk_widget_class_bind_template_callback (widget_class, on_solo);
}

static void
on_seam (SlTrackRow *self, int index)
{
  g_signal_emit (self, signals[SIGNAL_SEAM_ACTIVATED], 0, index);
}

static void
on_seam_moved (SlTrackRow *self, guint index, gint64 frame)
{
  g_signal_emit (self, signals[SIGNAL_SEAM_MOVED], 0, index, frame);
}

/* Whoever presses the head of a row means all of the stem. */
static void
on_header_pressed (SlTrackRow *self)
{
  if (sl_waveform_get_selected_seam (self->waveform) < 0)
    return;
  sl_waveform_set_selected_seam (self->waveform, -1);
  on_seam (self, -1);
}

static void
add_header_press (SlTrackRow *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_header_pressed), self);
  gtk_widget_add_controller (self->header, GTK_EVENT_CONTROLLER (click));
}

static void
sl_track_row_init (SlTrackRow *self)
{
  self->seams = g_array_new (FALSE, FALSE, sizeof (gint64));
  gtk_widget_init_template (GTK_WIDGET (self));
  add_header_press (self);
}

static void
set_names (SlTrackRow *self)
{
  const char *title = sl_track_title (&self->track);
  g_autofree char *mute = g_strdup_printf (_ ("Mute %s"), title);
  g_autofree char *solo = g_strdup_printf (_ ("Solo %s"), title);
  g_autofree char *leave_out = g_strdup_printf (_ ("Leave %s out of the master"), title);
  g_autofree char *hear_only = g_strdup_printf (_ ("Hear only %s"), title);

  gtk_label_set_label (self->title, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->mute), leave_out);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->solo), hear_only);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->mute), GTK_ACCESSIBLE_PROPERTY_LABEL, mute,
                                  -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->solo), GTK_ACCESSIBLE_PROPERTY_LABEL, solo,
                                  -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  sl_waveform_set_track_name (self->waveform, title);
}

GtkWidget *
sl_track_row_new (const SlTrack *track, SlTimeRange *range, SlPeaks *peaks)
{
  SlTrackRow *self = g_object_new (SL_TYPE_TRACK_ROW, NULL);
  GtkWidget *waveform = sl_waveform_new (range, peaks);

  self->track.role = track->role;
  self->track.name = g_strdup (track->name);
  self->waveform = SL_WAVEFORM (waveform);
  sl_waveform_set_role (self->waveform, track->role);
  g_signal_connect_swapped (waveform, "seam-activated", G_CALLBACK (on_seam), self);
  g_signal_connect_swapped (waveform, "seam-moved", G_CALLBACK (on_seam_moved), self);
  gtk_widget_set_hexpand (waveform, TRUE);
  gtk_box_append (self->box, waveform);
  sl_track_row_set_narrow (self, FALSE);
  set_names (self);
  return GTK_WIDGET (self);
}

const SlTrack *
sl_track_row_get_track (SlTrackRow *self)
{
  return &self->track;
}

static gboolean
is_being_read (SlTrackRow *self, SlDocument *document)
{
  const SlSettings *settings = sl_document_get_settings (document);
  const SlStem *stem = sl_track_stem (&self->track, settings);
  const char *stored = self->track.role == SL_WAVEFORM_REFERENCE ? settings->reference : NULL;

  if (stem != NULL && stem->kind == SL_STEM_FILE)
    stored = stem->file;
  return stored != NULL && sl_importer_is_busy (sl_document_get_importer (document), stored);
}

/* What is wrong with the file of the row, or NULL. Owned. */
static SlCheck *
find_fault (SlTrackRow *self, SlDocument *document)
{
  const SlStem *stem = sl_track_stem (&self->track, sl_document_get_settings (document));

  if (stem == NULL && self->track.role != SL_WAVEFORM_REFERENCE)
    return NULL;
  return sl_fault_find (document, stem);
}

/* A fault in few words, and as a sentence when the pointer asks for it. */
static void
show_text (SlTrackRow *self, SlDocument *document)
{
  g_autoptr (SlCheck) fault = find_fault (self, document);
  gboolean is_bad = fault != NULL;
  g_autofree char *text = NULL;

  if (sl_track_stem (&self->track, sl_document_get_settings (document)) != NULL)
    text = sl_track_text_short (document, self->track.name, &is_bad);
  else
    text = fault != NULL ? sl_fault_title (fault) : g_strdup ("");
  gtk_label_set_label (self->text, text);
  gtk_widget_set_visible (GTK_WIDGET (self->text), *text != '\0');
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->text), fault != NULL   ? fault->message
                                                        : *text != '\0' ? text
                                                                        : NULL);
  if (is_bad)
    gtk_widget_add_css_class (GTK_WIDGET (self->text), "failed");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->text), "failed");
}

static void
show_buttons (SlTrackRow *self, SlDocument *document, gboolean solo)
{
  const SlStem *stem = sl_track_stem (&self->track, sl_document_get_settings (document));

  self->updating = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self->mute), stem != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->mute), sl_document_get_read_only (document) == NULL);
  gtk_toggle_button_set_active (self->mute, stem != NULL && stem->mute);
  gtk_toggle_button_set_active (self->solo, solo);
  self->updating = FALSE;
  sl_waveform_set_muted (self->waveform, stem != NULL && stem->mute);
}

static void
keep_seams (SlTrackRow *self, const GArray *seams)
{
  g_array_set_size (self->seams, 0);
  for (guint i = 0; i < seams->len; i++)
    g_array_append_val (self->seams, g_array_index (seams, SlSeamMark, i).position);
}

static void
show_picture (SlTrackRow *self, SlDocument *document)
{
  SlTrackPicture picture;

  sl_track_picture (document, &self->track, &picture);
  sl_waveform_set_audio (self->waveform, picture.path, picture.digest, picture.offset,
                         picture.vouched);
  sl_waveform_set_marks (self->waveform, picture.seams, picture.paddings);
  keep_seams (self, picture.seams);
  sl_waveform_set_movable_seams (self->waveform, sl_document_get_read_only (document) == NULL);
  sl_waveform_set_repeats (self->waveform, picture.repeats);
  sl_track_picture_clear (&picture);
}

void
sl_track_row_show (SlTrackRow *self, SlDocument *document, gboolean solo)
{
  gboolean replanning = sl_document_is_replanning (document, self->track.name);
  gboolean busy = replanning || is_being_read (self, document);

  show_buttons (self, document, solo);
  /* While a stem is planned again it looks as before, with the seam where it was put. */
  if (!replanning)
    {
      show_text (self, document);
      show_picture (self, document);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  sl_waveform_set_busy (self->waveform, busy);
}

void
sl_track_row_select_seam (SlTrackRow *self, int index)
{
  sl_waveform_set_selected_seam (self->waveform, MIN (index, (int) self->seams->len - 1));
}

int
sl_track_row_get_seam (SlTrackRow *self)
{
  return sl_waveform_get_selected_seam (self->waveform);
}

gboolean
sl_track_row_step_seam (SlTrackRow *self, gboolean forward)
{
  return sl_waveform_step_seam (self->waveform, forward);
}

gboolean
sl_track_row_cancel_drag (SlTrackRow *self)
{
  return sl_waveform_cancel_drag (self->waveform);
}

gint64
sl_track_row_get_seam_frame (SlTrackRow *self, int index)
{
  return g_array_index (self->seams, gint64, index);
}

void
sl_track_row_set_narrow (SlTrackRow *self, gboolean narrow)
{
  gtk_widget_set_size_request (self->header,
                               narrow ? SL_TRACK_HEADER_WIDTH_NARROW : SL_TRACK_HEADER_WIDTH, -1);
  gtk_orientable_set_orientation (self->buttons,
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}
