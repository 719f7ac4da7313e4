/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/accept_dialog.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* What is to be accepted, while its reason is asked for. */
typedef struct
{
  SlDocument *document;
  SlStepId step;
  SlCheck *check;
  GtkEditable *reason; ///< child of the dialog
} Accepting;

static void
accepting_free (gpointer data, GClosure *closure)
{
  Accepting *accepting = data;

  g_object_unref (accepting->document);
  sl_check_free (accepting->check);
  g_free (accepting);
}

static void
accept (const Accepting *accepting)
{
  SlRecord *record = sl_badge_find_record (sl_document_get_project (accepting->document),
                                           accepting->step, accepting->check);
  SlSettings *settings;

  if (record == NULL)
    return;
  settings = sl_document_edit (accepting->document);
  sl_settings_accept (settings, sl_step_id_name (accepting->step), accepting->check->id,
                      accepting->check->subject, gtk_editable_get_text (accepting->reason),
                      record->key);
  sl_document_apply (accepting->document, settings, NULL);
}

static void
on_response (AdwMessageDialog *dialog, const char *response, gpointer data)
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

static GtkWidget *
new_reason (void)
{
  GtkWidget *reason = gtk_entry_new ();

  gtk_entry_set_placeholder_text (GTK_ENTRY (reason), _ ("Why is it all right?"));
  gtk_entry_set_activates_default (GTK_ENTRY (reason), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (reason), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Reason"), -1);
  return reason;
}

static AdwMessageDialog *
new_dialog (GtkWindow *parent, const SlCheck *check)
{
  AdwMessageDialog *dialog
      = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, _ ("Accept This?"), check->message));

  adw_message_dialog_add_responses (dialog, "cancel", _ ("Cancel"), "accept", _ ("Accept"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "accept", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_enabled (dialog, "accept", FALSE);
  adw_message_dialog_set_default_response (dialog, "accept");
  return dialog;
}

void
sl_accept_dialog_show (GtkWindow *parent, SlDocument *document, SlStepId step, const SlCheck *check)
{
  AdwMessageDialog *dialog = new_dialog (parent, check);
  GtkWidget *reason = new_reason ();
  Accepting *accepting = g_new0 (Accepting, 1);

  accepting->document = g_object_ref (document);
  accepting->step = step;
  accepting->check = sl_check_copy (check);
  accepting->reason = GTK_EDITABLE (reason);
  adw_message_dialog_set_extra_child (dialog, reason);
  g_signal_connect (reason, "changed", G_CALLBACK (on_reason_changed), dialog);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response), accepting, accepting_free,
                         0);
  gtk_window_present (GTK_WINDOW (dialog));
}
