/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/choosing.h"

#include "app/preferences.h"

#include <glib/gi18n.h>

typedef struct
{
  SlChosenFunc func;
  GObject *object;
} Request;

static void
request_free (gpointer data, GClosure *closure)
{
  Request *request = data;

  g_object_unref (request->object);
  g_free (request);
}

static char **
chosen_paths (GtkFileChooser *chooser)
{
  g_autoptr (GListModel) files = gtk_file_chooser_get_files (chooser);
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);
      char *path = g_file_get_path (file);

      if (path != NULL)
        g_ptr_array_add (paths, path);
    }
  g_ptr_array_add (paths, NULL);
  return (char **) g_ptr_array_steal (paths, NULL);
}

static void
on_response (GtkNativeDialog *dialog, int response, gpointer data)
{
  Request *request = data;
  g_auto (GStrv) paths = NULL;
  g_autofree char *folder = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    paths = chosen_paths (GTK_FILE_CHOOSER (dialog));
  gtk_native_dialog_hide (dialog);
  if (paths != NULL && paths[0] != NULL)
    {
      folder = g_path_get_dirname (paths[0]);
      sl_preferences_set_last_folder (folder);
      request->func ((const char *const *) paths, request->object);
    }
  g_object_unref (dialog);
}

static void
add_filters (GtkFileChooser *chooser)
{
  g_autoptr (GtkFileFilter) audio = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  gtk_file_filter_set_name (audio, _ ("Audio Files"));
  gtk_file_filter_add_mime_type (audio, "audio/*");
  gtk_file_filter_add_suffix (audio, "w64");
  gtk_file_filter_add_suffix (audio, "caf");
  gtk_file_filter_set_name (all, _ ("All Files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (chooser, audio);
  gtk_file_chooser_add_filter (chooser, all);
}

static GtkFileChooserAction
action_of (SlChooseKind kind)
{
  if (kind == SL_CHOOSE_SAVE)
    return GTK_FILE_CHOOSER_ACTION_SAVE;
  return kind == SL_CHOOSE_FOLDER ? GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER
                                  : GTK_FILE_CHOOSER_ACTION_OPEN;
}

static void
set_start (GtkFileChooser *chooser, const char *name)
{
  g_autofree char *folder = sl_preferences_get_last_folder ();
  g_autoptr (GFile) file = folder != NULL ? g_file_new_for_path (folder) : NULL;

  if (file != NULL)
    gtk_file_chooser_set_current_folder (chooser, file, NULL);
  if (name != NULL)
    gtk_file_chooser_set_current_name (chooser, name);
}

void
sl_choose (GtkWindow *parent,
           SlChooseKind kind,
           const char *title,
           const char *name,
           SlChosenFunc func,
           GObject *object)
{
  GtkFileChooserNative *dialog
      = gtk_file_chooser_native_new (title, parent, action_of (kind), NULL, NULL);
  Request *request = g_new0 (Request, 1);

  request->func = func;
  request->object = g_object_ref (object);
  if (kind == SL_CHOOSE_AUDIO || kind == SL_CHOOSE_AUDIOS)
    add_filters (GTK_FILE_CHOOSER (dialog));
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), kind == SL_CHOOSE_AUDIOS);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  set_start (GTK_FILE_CHOOSER (dialog), name);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response), request, request_free, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
