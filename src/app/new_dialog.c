/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/new_dialog.h"

#include "app/choosing.h"
#include "app/fields.h"
#include "app/places.h"
#include "app/tap_tempo.h"
#include "workflow/names.h"

#include <glib/gi18n.h>
#include <string.h>

struct _SlNewDialog
{
  AdwWindow parent_instance;

  /* template */
  AdwActionRow *reference;
  GtkWidget *length_row;
  GtkSpinButton *length;
  AdwEntryRow *tempo;
  GtkSpinButton *meter;
  AdwEntryRow *name;
  AdwActionRow *folder;
  GtkWidget *create;
  GtkSpinner *spinner;
  GtkLabel *problem;

  /* owned */
  SlTapTempo *tap;
  char *reference_path; /* or NULL */
  char *parent_folder;  /* where the project's folder will be */

  gboolean disposed;
  gboolean name_was_typed;
  gboolean naming;
};

G_DEFINE_FINAL_TYPE (SlNewDialog, sl_new_dialog, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_CREATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
sl_new_dialog_dispose (GObject *object)
{
  SL_NEW_DIALOG (object)->disposed = TRUE;
  G_OBJECT_CLASS (sl_new_dialog_parent_class)->dispose (object);
}

static void
sl_new_dialog_finalize (GObject *object)
{
  SlNewDialog *self = SL_NEW_DIALOG (object);

  sl_tap_tempo_free (self->tap);
  g_free (self->reference_path);
  g_free (self->parent_folder);
  G_OBJECT_CLASS (sl_new_dialog_parent_class)->finalize (object);
}

static char *
project_folder (SlNewDialog *self)
{
  g_autofree char *name = sl_name_make (gtk_editable_get_text (GTK_EDITABLE (self->name)));

  return g_build_filename (self->parent_folder, name, NULL);
}

static void
show_folder (SlNewDialog *self)
{
  g_autofree char *folder = project_folder (self);
  g_autofree char *shown = sl_places_dup_shown (folder);

  adw_action_row_set_subtitle (self->folder, shown);
}

static void
on_name_changed (SlNewDialog *self)
{
  self->name_was_typed = self->name_was_typed || !self->naming;
  sl_field_set_problem (self->name, NULL);
  show_folder (self);
}

static void
set_name (SlNewDialog *self, const char *name)
{
  self->naming = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->name), name);
  self->naming = FALSE;
}

void
sl_new_dialog_set_reference (SlNewDialog *self, const char *path)
{
  g_autofree char *shown = g_filename_display_basename (path);
  g_autofree char *name = sl_name_from_path (path);

  g_free (self->reference_path);
  self->reference_path = g_strdup (path);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->reference), shown);
  gtk_widget_set_visible (self->length_row, FALSE);
  if (!self->name_was_typed)
    set_name (self, name);
}

static void
reference_chosen (const char *const *paths, gpointer data)
{
  sl_new_dialog_set_reference (data, paths[0]);
}

static void
on_choose_reference (SlNewDialog *self)
{
  sl_choose (GTK_WINDOW (self), SL_CHOOSE_AUDIO, _ ("Choose Reference"), NULL, reference_chosen,
             G_OBJECT (self));
}

static void
folder_chosen (const char *const *paths, gpointer data)
{
  SlNewDialog *self = data;

  g_free (self->parent_folder);
  self->parent_folder = g_strdup (paths[0]);
  show_folder (self);
}

static void
on_choose_folder (SlNewDialog *self)
{
  sl_choose (GTK_WINDOW (self), SL_CHOOSE_FOLDER, _ ("Choose Where the Project’s Folder Is Made"),
             NULL, folder_chosen, G_OBJECT (self));
}

static void
on_tap (SlNewDialog *self)
{
  SlBpm bpm;
  g_autofree char *text = NULL;

  if (!sl_tap_tempo_tap (self->tap, g_get_monotonic_time (), &bpm))
    return;
  text = sl_bpm_format (bpm);
  gtk_editable_set_text (GTK_EDITABLE (self->tempo), text);
}

/* --- making it --- */

static void
set_busy (SlNewDialog *self, gboolean busy)
{
  gtk_widget_set_sensitive (self->create, !busy);
  gtk_spinner_set_spinning (self->spinner, busy);
}

static void
show_problem (SlNewDialog *self, const char *text)
{
  gtk_label_set_label (self->problem, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), text != NULL);
}

static void
created (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SlNewDialog) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlDocument) document = sl_opening_finish (result, &error);

  /* Cancelled meanwhile: the project is there, and among what can be opened. */
  if (self->disposed)
    return;
  set_busy (self, FALSE);
  if (document == NULL)
    {
      show_problem (self, error->message);
      return;
    }
  g_signal_emit (self, signals[SIGNAL_CREATED], 0, document);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* Whether what was typed can be; what cannot is marked where it stands. */
static gboolean
read_fields (SlNewDialog *self, SlNewSong *song)
{
  g_autoptr (GError) tempo = NULL;
  g_autoptr (GError) title = NULL;

  sl_bpm_parse (gtk_editable_get_text (GTK_EDITABLE (self->tempo)), &song->bpm, &tempo);
  sl_name_check (gtk_editable_get_text (GTK_EDITABLE (self->name)), &title);
  sl_field_set_problem (self->tempo, tempo != NULL ? tempo->message : NULL);
  sl_field_set_problem (self->name, title != NULL ? title->message : NULL);
  if (tempo != NULL || title != NULL)
    show_problem (self, tempo != NULL ? tempo->message : title->message);
  return tempo == NULL && title == NULL;
}

static void
on_create (SlNewDialog *self)
{
  SlNewSong *song = sl_new_song_new ();

  show_problem (self, NULL);
  if (!read_fields (self, song))
    {
      sl_new_song_free (song);
      return;
    }
  song->folder = project_folder (self);
  song->reference = g_strdup (self->reference_path);
  song->seconds = gtk_spin_button_get_value (self->length);
  song->beats_per_bar = gtk_spin_button_get_value_as_int (self->meter);
  set_busy (self, TRUE);
  sl_create_async (song, created, g_object_ref (self));
}

/* What is being mended is not wrong any more. */
static void
on_tempo_changed (SlNewDialog *self)
{
  sl_field_set_problem (self->tempo, NULL);
  show_problem (self, NULL);
}

static void
bind_callbacks (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, on_choose_reference);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_folder);
  gtk_widget_class_bind_template_callback (widget_class, on_name_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_tempo_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_tap);
  gtk_widget_class_bind_template_callback (widget_class, on_create);
}

static void
sl_new_dialog_class_init (SlNewDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sl_new_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = sl_new_dialog_finalize;
  signals[SIGNAL_CREATED] = g_signal_new ("created", SL_TYPE_NEW_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, SL_TYPE_DOCUMENT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/seamline/Seamline/new_dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, SlNewDialog, reference);
  gtk_widget_class_bind_template_child (widget_class, SlNewDialog, length_row);
  gtk_widget_class_bind_template_child (widget_class, SlNewDialog, length);
  gtk_widget_class_bind_template_child (widget_class, SlNewDialog, tempo);
  gtk_widget_class_bind_template_child (widget_class, SlNewDialog, meter);
  gtk_widget_class_bind_template_child (widget_class, SlNewDialog, name);
  gtk_widget_class_bind_template_child (widget_class, SlNewDialog, folder);
  gtk_widget_class_bind_template_child (widget_class, SlNewDialog, create);
  gtk_widget_class_bind_template_child (widget_class, SlNewDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, SlNewDialog, problem);
  bind_callbacks (widget_class);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
sl_new_dialog_init (SlNewDialog *self)
{
  self->tap = sl_tap_tempo_new ();
  self->parent_folder = sl_places_dup_projects ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_editable_set_text (GTK_EDITABLE (self->tempo), "120");
  set_name (self, _ ("New Song"));
}

SlNewDialog *
sl_new_dialog_new (GtkWindow *parent)
{
  return g_object_new (SL_TYPE_NEW_DIALOG, "transient-for", parent, NULL);
}
