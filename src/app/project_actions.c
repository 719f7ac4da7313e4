/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done with an open project: the actions "doc.*" and the fixes of checks. */
#include "app/choosing.h"
#include "app/gathering.h"
#include "app/generate_dialog.h"
#include "app/project_page_private.h"
#include "workflow/acceptance.h"
#include "workflow/intake.h"

#include <glib/gi18n.h>

static GtkWindow *
window_of (SlProjectPage *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

/* --- running and undoing --- */

static void
run_next (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlDocument *document = SL_PROJECT_PAGE (widget)->document;
  int next = sl_document_get_next_step (document);

  if (next < SL_N_STEPS)
    sl_document_run_step (document, (SlStepId) next);
}

static void
run_all (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sl_document_run_all (SL_PROJECT_PAGE (widget)->document);
}

static void
stop (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlProjectPage *self = SL_PROJECT_PAGE (widget);

  g_cancellable_cancel (self->export_cancellable);
  sl_document_stop (self->document);
}

static void
undo (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sl_document_undo (SL_PROJECT_PAGE (widget)->document);
}

static void
redo (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sl_document_redo (SL_PROJECT_PAGE (widget)->document);
}

static void
toggle_play (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sl_transport_toggle (SL_PROJECT_PAGE (widget)->transport);
}

static void
toggle_inspector (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AdwFlap *flap = SL_PROJECT_PAGE (widget)->inspector_flap;

  adw_flap_set_reveal_flap (flap, !adw_flap_get_reveal_flap (flap));
}

/* Saved it is anyway; who presses the keys out of habit is told so. */
static void
save (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sl_project_page_toast (SL_PROJECT_PAGE (widget), _ ("Seamline saves by itself"));
}

/* --- stems --- */

static void
stems_chosen (const char *const *paths, gpointer data)
{
  sl_project_page_add_paths (data, paths);
}

static void
add_stems (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sl_choose (window_of (SL_PROJECT_PAGE (widget)), SL_CHOOSE_AUDIOS, _ ("Add Stems"), NULL,
             stems_chosen, G_OBJECT (widget));
}

static void
add_folder (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sl_choose (window_of (SL_PROJECT_PAGE (widget)), SL_CHOOSE_FOLDER, _ ("Add a Folder of Stems"),
             NULL, stems_chosen, G_OBJECT (widget));
}

static void
generate (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlProjectPage *self = SL_PROJECT_PAGE (widget);

  sl_generate_dialog_show (window_of (self), self->document);
}

static void
on_undo_toast (SlProjectPage *self)
{
  sl_document_undo (self->document);
}

static void
remove_stem_called (SlProjectPage *self, const char *stem_name)
{
  SlSettings *settings = sl_document_edit (self->document);
  SlStem *stem = sl_settings_find_stem (settings, stem_name);
  g_autofree char *text = g_strdup_printf (_ ("“%s” was removed"), stem_name);
  AdwToast *toast;

  if (stem == NULL)
    {
      sl_settings_free (settings);
      return;
    }
  toast = adw_toast_new (text);
  g_ptr_array_remove (settings->stems, stem);
  sl_document_apply (self->document, settings, NULL);
  adw_toast_set_button_label (toast, _ ("Undo"));
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (on_undo_toast), self,
                           G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
remove_stem (GtkWidget *widget, const char *name, GVariant *parameter)
{
  remove_stem_called (SL_PROJECT_PAGE (widget), g_variant_get_string (parameter, NULL));
}

/* --- files in place of others --- */

static void
set_reference (SlProjectPage *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  char *stored = sl_intake_store_path (sl_document_get_project (self->document), path, &error);
  SlSettings *settings;

  if (stored == NULL)
    {
      sl_project_page_show_problem (self, _ ("This File Cannot Be Used"), error->message);
      return;
    }
  settings = sl_document_edit (self->document);
  g_free (settings->reference);
  settings->reference = stored;
  settings->reference_frames = 0;
  sl_document_apply (self->document, settings, NULL);
  sl_importer_retry (sl_document_get_importer (self->document), stored);
}

/* What was chosen, as the project can keep it. */
static void
keep_chosen (SlProjectPage *self, const char *const *paths, GAsyncReadyCallback callback)
{
  sl_gather_async (sl_project_get_folder (sl_document_get_project (self->document)), paths,
                   callback, g_object_ref (self));
}

static char *
kept_finish (SlProjectPage *self, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) files = sl_gather_finish (result, &error);

  if (error != NULL)
    sl_project_page_show_problem (self, _ ("This File Cannot Be Used"), error->message);
  return files != NULL && self->document != NULL ? g_strdup (files[0]) : NULL;
}

static void
reference_kept (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SlProjectPage) self = data;
  g_autofree char *path = kept_finish (self, result);

  if (path != NULL)
    set_reference (self, path);
}

static void
reference_chosen (const char *const *paths, gpointer data)
{
  keep_chosen (data, paths, reference_kept);
}

static void
choose_reference (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sl_choose (window_of (SL_PROJECT_PAGE (widget)), SL_CHOOSE_AUDIO, _ ("Choose Reference"), NULL,
             reference_chosen, G_OBJECT (widget));
}

static void
set_stem_file (SlProjectPage *self, const char *name, const char *path)
{
  g_autoptr (GError) error = NULL;
  char *stored = sl_intake_store_path (sl_document_get_project (self->document), path, &error);
  SlSettings *settings = sl_document_edit (self->document);
  SlStem *stem = sl_settings_find_stem (settings, name);

  if (stored == NULL || stem == NULL)
    {
      sl_settings_free (settings);
      if (error != NULL)
        sl_project_page_show_problem (self, _ ("This File Cannot Be Used"), error->message);
      return;
    }
  g_free (stem->file);
  stem->file = stored;
  sl_document_apply (self->document, settings, NULL);
  sl_importer_retry (sl_document_get_importer (self->document), stored);
}

static void
stem_file_kept (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SlProjectPage) self = data;
  g_autofree char *path = kept_finish (self, result);

  if (path != NULL)
    set_stem_file (self, g_object_get_data (G_OBJECT (self), "sl-locating"), path);
}

static void
stem_file_chosen (const char *const *paths, gpointer data)
{
  keep_chosen (data, paths, stem_file_kept);
}

static void
locate (SlProjectPage *self, const char *subject)
{
  g_autofree char *title = NULL;

  if (subject == NULL || *subject == '\0')
    {
      choose_reference (GTK_WIDGET (self), NULL, NULL);
      return;
    }
  title = g_strdup_printf (_ ("Locate “%s”"), subject);
  g_object_set_data_full (G_OBJECT (self), "sl-locating", g_strdup (subject), g_free);
  sl_choose (window_of (self), SL_CHOOSE_AUDIO, title, NULL, stem_file_chosen, G_OBJECT (self));
}

/* --- accepting --- */

/* What is to be accepted, while its reason is asked for. */
typedef struct
{
  SlProjectPage *page;
  SlStepId step;
  SlCheck *check;
  GtkEditable *reason;
} Accepting;

static void
accepting_free (gpointer data, GClosure *closure)
{
  Accepting *accepting = data;

  g_object_unref (accepting->page);
  sl_check_free (accepting->check);
  g_free (accepting);
}

static void
accept (const Accepting *accepting)
{
  SlDocument *document = accepting->page->document;
  const char *subject = accepting->check->subject;
  SlRecord *record = sl_project_get_record (sl_document_get_project (document), accepting->step,
                                            subject != NULL ? subject : "");
  SlSettings *settings;

  if (record == NULL)
    record = sl_project_get_record (sl_document_get_project (document), accepting->step, "");
  if (record == NULL)
    return;
  settings = sl_document_edit (document);
  sl_settings_accept (settings, sl_step_id_name (accepting->step), accepting->check->id, subject,
                      gtk_editable_get_text (accepting->reason), record->key);
  sl_document_apply (document, settings, NULL);
}

static void
on_accept_response (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  if (g_strcmp0 (response, "accept") == 0)
    accept (data);
}

static void
on_reason_changed (GtkEditable *reason, AdwMessageDialog *dialog)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (reason)));

  adw_message_dialog_set_response_enabled (dialog, "accept", *text != '\0');
}

static void
ask_to_accept (SlProjectPage *self, SlStepId step, const SlCheck *check)
{
  GtkWidget *dialog = adw_message_dialog_new (window_of (self), _ ("Accept This?"), check->message);
  GtkWidget *reason = gtk_entry_new ();
  Accepting *accepting = g_new0 (Accepting, 1);

  accepting->page = g_object_ref (self);
  accepting->step = step;
  accepting->check = sl_check_copy (check);
  accepting->reason = GTK_EDITABLE (reason);
  gtk_entry_set_placeholder_text (GTK_ENTRY (reason), _ ("Why is it all right?"));
  gtk_entry_set_activates_default (GTK_ENTRY (reason), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (reason), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Reason"), -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), reason);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Cancel"), "accept",
                                    _ ("Accept"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "accept",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), "accept", FALSE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "accept");
  g_signal_connect (reason, "changed", G_CALLBACK (on_reason_changed), dialog);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_accept_response), accepting,
                         accepting_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- fixes --- */

static void
show_in_song (SlProjectPage *self, gint64 frame)
{
  SlTimeRange *range = sl_tracks_get_range (self->tracks);
  double span = sl_time_range_get_rate_hz (range) * 4.0;

  sl_time_range_seek (range, frame);
  sl_time_range_show (range, (double) frame - span / 2.0, span);
}

void
sl_project_page_fix (SlProjectPage *self, SlStepId step, const SlCheck *check, SlFix fix)
{
  int next;

  if (fix == SL_FIX_SHOW)
    show_in_song (self, check->where);
  else if (fix == SL_FIX_LOCATE)
    locate (self, check->subject);
  else if (fix == SL_FIX_ADD_STEMS)
    add_stems (GTK_WIDGET (self), NULL, NULL);
  else if (fix == SL_FIX_ACCEPT)
    ask_to_accept (self, step, check);
  else if (fix == SL_FIX_REMOVE)
    remove_stem_called (self, check->subject);
  else if (sl_fix_apply (self->document, step, check, fix))
    {
      /* Whoever mends something wants to know whether it helped. */
      next = sl_document_get_next_step (self->document);
      if (next <= (int) step)
        sl_document_run_step (self->document, (SlStepId) next);
    }
}

/* --- export --- */

static void
export_chosen (const char *const *paths, gpointer data)
{
  sl_project_page_export (data, paths[0]);
}

static void export(GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlProjectPage *self = SL_PROJECT_PAGE (widget);
  const char *suffix = g_variant_get_string (parameter, NULL);
  g_autofree char *proposed
      = g_strconcat (sl_document_get_settings (self->document)->title, suffix, NULL);

  sl_choose (window_of (self), SL_CHOOSE_SAVE, _ ("Export"), proposed, export_chosen,
             G_OBJECT (self));
}

/* --- all of them --- */

void
sl_project_page_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "doc.run-next", NULL, run_next);
  gtk_widget_class_install_action (widget_class, "doc.run-all", NULL, run_all);
  gtk_widget_class_install_action (widget_class, "doc.stop", NULL, stop);
  gtk_widget_class_install_action (widget_class, "doc.undo", NULL, undo);
  gtk_widget_class_install_action (widget_class, "doc.redo", NULL, redo);
  gtk_widget_class_install_action (widget_class, "doc.play", NULL, toggle_play);
  gtk_widget_class_install_action (widget_class, "doc.inspector", NULL, toggle_inspector);
  gtk_widget_class_install_action (widget_class, "doc.save", NULL, save);
  gtk_widget_class_install_action (widget_class, "doc.add-stems", NULL, add_stems);
  gtk_widget_class_install_action (widget_class, "doc.add-folder", NULL, add_folder);
  gtk_widget_class_install_action (widget_class, "doc.generate", NULL, generate);
  gtk_widget_class_install_action (widget_class, "doc.remove-stem", "s", remove_stem);
  gtk_widget_class_install_action (widget_class, "doc.choose-reference", NULL, choose_reference);
  gtk_widget_class_install_action (widget_class, "doc.export", "s", export);
}

static void
enable (SlProjectPage *self, const char *action, gboolean enabled)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), action, enabled);
}

void
sl_project_page_update_actions (SlProjectPage *self)
{
  SlDocument *document = self->document;
  gboolean writable = sl_document_get_read_only (document) == NULL;
  gboolean busy = sl_document_is_busy (document);
  gboolean green = sl_document_get_next_step (document) == SL_N_STEPS;
  gboolean exporting = self->export_cancellable != NULL;

  enable (self, "doc.run-next", writable && !busy && !green);
  enable (self, "doc.run-all", writable && !busy && !green);
  enable (self, "doc.stop", busy || exporting);
  enable (self, "doc.undo", writable && sl_document_can_undo (document));
  enable (self, "doc.redo", writable && sl_document_can_redo (document));
  enable (self, "doc.add-stems", writable);
  enable (self, "doc.add-folder", writable);
  enable (self, "doc.generate", writable);
  enable (self, "doc.remove-stem", writable);
  enable (self, "doc.choose-reference", writable);
  enable (self, "doc.export", green && !busy && !exporting);
  gtk_widget_set_visible (self->exporting, exporting);
}
