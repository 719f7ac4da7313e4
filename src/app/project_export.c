/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exporting the deliverables, in a thread. */
#include "app/project_page_private.h"
#include "engine/base/error.h"
#include "workflow/export.h"
#include "workflow/stopping.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  char *folder;    ///< of the project
  char *path;      ///< where to
  gboolean is_new; ///< the name is not the one that was chosen: nothing may be there
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->folder);
  g_free (request->path);
  g_free (request);
}

/* A project object of its own, from what has been saved: the window's belongs to the main thread.
 */
static void
export_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Request *request = data;
  SlProgress progress = sl_progress_until (cancellable);
  GError *error = NULL;
  g_autoptr (SlProject) project = NULL;

  if (request->is_new && g_file_test (request->path, G_FILE_TEST_EXISTS))
    {
      g_autofree char *name = g_filename_display_basename (request->path);

      g_task_return_new_error (task, SL_ERROR, SL_ERROR_INVALID,
                               _ ("“%s” is there already: choose another name."), name);
      return;
    }
  project = sl_project_open (request->folder, &error);
  if (project != NULL && sl_export (project, request->path, &progress, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
show_folder (AdwToast *toast, SlProjectPage *self)
{
  const char *uri = g_object_get_data (G_OBJECT (toast), "sl-folder");
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_show_uri (root != NULL ? GTK_WINDOW (root) : NULL, uri, GDK_CURRENT_TIME);
}

static void
tell_exported (SlProjectPage *self, const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *text = g_strdup_printf (_ ("Exported “%s”"), name);
  g_autofree char *folder = g_path_get_dirname (path);
  char *uri = g_filename_to_uri (folder, NULL, NULL);
  AdwToast *toast = sl_project_page_toast (self, text);

  if (uri != NULL)
    {
      adw_toast_set_button_label (toast, _ ("Show in Folder"));
      g_object_set_data_full (G_OBJECT (toast), "sl-folder", uri, g_free);
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (show_folder), self, 0);
    }
}

static void
exported (GObject *source, GAsyncResult *result, gpointer data)
{
  SlProjectPage *self = SL_PROJECT_PAGE (source);
  Request *request = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  g_application_release (g_application_get_default ());
  g_clear_object (&self->export_cancellable);
  if (self->document == NULL)
    return;
  if (g_task_propagate_boolean (G_TASK (result), &error))
    tell_exported (self, request->path);
  else if (g_error_matches (error, SL_ERROR, SL_ERROR_CANCELLED))
    sl_project_page_toast (self, _ ("The export was stopped"));
  else
    sl_project_page_show_problem (self, _ ("The Export Failed"), error->message);
  sl_project_page_update_actions (self);
}

/* A name typed over half of the one proposed ends with the other half. */
static char *
with_suffix (const char *path, const char *suffix)
{
  const char *half = strrchr (suffix, '.');
  g_autofree char *stem = g_strdup (path);

  if (*suffix == '\0' || g_str_has_suffix (path, suffix))
    return g_steal_pointer (&stem);
  if (g_str_has_suffix (stem, half))
    stem[strlen (stem) - strlen (half)] = '\0';
  return g_strconcat (stem, suffix, NULL);
}

void
sl_project_page_export (SlProjectPage *self, const char *path, const char *suffix)
{
  g_autoptr (GTask) task = NULL;
  Request *request;

  if (self->export_cancellable != NULL)
    return;
  /* Stopped or not, what it has begun at the place of choice is cleared away before the end. */
  g_application_hold (g_application_get_default ());
  self->export_cancellable = g_cancellable_new ();
  task = g_task_new (self, self->export_cancellable, exported, NULL);
  request = g_new0 (Request, 1);
  request->folder = g_strdup (sl_project_get_folder (sl_document_get_project (self->document)));
  request->path = with_suffix (path, suffix);
  request->is_new = strcmp (request->path, path) != 0;
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, export_thread);
  sl_project_page_update_actions (self);
}
