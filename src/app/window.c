/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window.h"

#include "app/choosing.h"
#include "app/new_dialog.h"
#include "app/places.h"
#include "app/preferences.h"
#include "app/project_page.h"
#include "app/start_page.h"
#include "workflow/lending.h"

#include <glib/gi18n.h>
#include <string.h>

/* What the example song is called in the folder of projects. */
#define DEMO_FOLDER "Seamline Demo"

struct _SlWindow
{
  AdwApplicationWindow parent_instance;

  /* template */
  GtkStack *stack;
  AdwBin *project;
  SlStartPage *start;

  /* owned */
  char *opening; /* path that is being opened, or NULL */

  SlProjectPage *page; /* child of project */
  gboolean closing;
  gboolean may_close;
  gboolean disposed;
};

G_DEFINE_FINAL_TYPE (SlWindow, sl_window, ADW_TYPE_APPLICATION_WINDOW)

static void
sl_window_dispose (GObject *object)
{
  SL_WINDOW (object)->disposed = TRUE;
  G_OBJECT_CLASS (sl_window_parent_class)->dispose (object);
}

static void
sl_window_finalize (GObject *object)
{
  g_free (SL_WINDOW (object)->opening);
  G_OBJECT_CLASS (sl_window_parent_class)->finalize (object);
}

gboolean
sl_window_is_empty (SlWindow *self)
{
  return self->page == NULL && self->opening == NULL;
}

static void
show_problem (SlWindow *self, const char *heading, const char *text)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, text);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- a project --- */

static void
update_title (SlWindow *self, SlDocument *document)
{
  g_autofree char *title
      = g_strdup_printf (_ ("%s — Seamline"), sl_document_get_settings (document)->title);

  gtk_window_set_title (GTK_WINDOW (self), title);
}

static void
on_document_changed (SlWindow *self, SlDocument *document)
{
  update_title (self, document);
}

static void
show_document (SlWindow *self, SlDocument *document)
{
  GtkWidget *page = sl_project_page_new (document);

  self->page = SL_PROJECT_PAGE (page);
  adw_bin_set_child (self->project, page);
  gtk_stack_set_visible_child_name (self->stack, "project");
  sl_project_page_focus (self->page);
  g_signal_connect_object (document, "changed", G_CALLBACK (on_document_changed), self,
                           G_CONNECT_SWAPPED);
  update_title (self, document);
  sl_preferences_add_recent (sl_project_get_folder (sl_document_get_project (document)));
}

/* The same window when it is free, else another. */
static SlWindow *
window_for_project (SlWindow *self)
{
  SlWindow *window;

  if (sl_window_is_empty (self))
    return self;
  window = sl_window_new (SL_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))));
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SlWindow) self = data;
  g_autofree char *path = g_steal_pointer (&self->opening);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlDocument) document = sl_opening_finish (result, &error);

  if (self->disposed)
    return;
  if (document != NULL)
    {
      show_document (self, document);
      return;
    }
  sl_preferences_remove_recent (path);
  sl_start_page_update (self->start);
  gtk_stack_set_visible_child_name (self->stack, self->page != NULL ? "project" : "empty");
  show_problem (self, _ ("The Project Could Not Be Opened"), error->message);
}

static void
begin_opening (SlWindow *self, const char *path)
{
  g_free (self->opening);
  self->opening = g_strdup (path);
  gtk_stack_set_visible_child_name (self->stack, "opening");
}

/* Whether @path is the folder, or the file, of the project in the window. */
static gboolean
has_project (SlWindow *self, const char *path)
{
  SlProject *project;

  if (self->page == NULL)
    return g_strcmp0 (self->opening, path) == 0;
  project = sl_document_get_project (sl_project_page_get_document (self->page));
  return g_strcmp0 (path, sl_project_get_folder (project)) == 0
         || g_strcmp0 (path, sl_project_get_file (project)) == 0;
}

/* Shows the window that has the project already, if one has. */
static gboolean
present_other (SlWindow *self, const char *path)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  GList *windows = application != NULL ? gtk_application_get_windows (application) : NULL;

  for (GList *l = windows; l != NULL; l = l->next)
    if (SL_IS_WINDOW (l->data) && has_project (l->data, path))
      {
        gtk_window_present (l->data);
        return TRUE;
      }
  return FALSE;
}

/* Opens @path here or, when this window has something already, in another. */
static void
open_path (SlWindow *self, const char *path)
{
  if (!present_other (self, path))
    sl_window_open_path (window_for_project (self), path);
}

static void
folder_chosen (const char *const *paths, gpointer data)
{
  open_path (data, paths[0]);
}

static void
choose_folder (SlWindow *self)
{
  sl_choose (GTK_WINDOW (self), SL_CHOOSE_FOLDER, _ ("Open a Project’s Folder"), NULL,
             folder_chosen, G_OBJECT (self));
}

static void
on_alone_response (SlWindow *self, const char *response)
{
  if (g_strcmp0 (response, "choose") == 0)
    choose_folder (self);
}

/* The grant of the folder, once given, is remembered by the desktop, and the folder is among the
 * recent projects. */
static void
ask_for_folder (SlWindow *self, const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);
  GtkWidget *dialog
      = adw_message_dialog_new (GTK_WINDOW (self), _ ("Choose the Project’s Folder"), NULL);

  adw_message_dialog_format_body (
      ADW_MESSAGE_DIALOG (dialog),
      _ ("Seamline was shown “%s” alone. A project needs the folder that it lies in."), name);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Cancel"), "choose",
                                    _ ("Choose Folder…"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "choose",
                                              ADW_RESPONSE_SUGGESTED);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_alone_response), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
sl_window_open_path (SlWindow *self, const char *path)
{
  if (sl_lending_is_alone (path))
    {
      ask_for_folder (self, path);
      return;
    }
  begin_opening (self, path);
  sl_open_async (path, opened, g_object_ref (self));
}

static void
on_created (SlWindow *self, SlDocument *document)
{
  show_document (window_for_project (self), document);
}

static void
new_with_reference (SlWindow *self, const char *path)
{
  SlNewDialog *dialog = sl_new_dialog_new (GTK_WINDOW (self));

  if (path != NULL)
    sl_new_dialog_set_reference (dialog, path);
  g_signal_connect_object (dialog, "created", G_CALLBACK (on_created), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
new_project (GtkWidget *widget, const char *name, GVariant *parameter)
{
  new_with_reference (SL_WINDOW (widget), NULL);
}

static void
open_project (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose_folder (SL_WINDOW (widget));
}

/* What could only be looked at, perhaps to be changed now. */
static void
reopen (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlWindow *self = SL_WINDOW (widget);
  SlDocument *document = self->page != NULL ? sl_project_page_get_document (self->page) : NULL;

  if (document != NULL && sl_document_get_read_only (document) != NULL && self->opening == NULL)
    sl_window_open_path (self, sl_project_get_file (sl_document_get_project (document)));
}

static void
open_demo (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *parent = sl_places_dup_projects ();
  g_autofree char *folder = g_build_filename (parent, DEMO_FOLDER, NULL);
  SlWindow *self;

  if (present_other (SL_WINDOW (widget), folder))
    return;
  self = window_for_project (SL_WINDOW (widget));
  begin_opening (self, folder);
  sl_create_demo_async (folder, opened, g_object_ref (self));
}

static void
on_recent_chosen (SlWindow *self, const char *folder)
{
  open_path (self, folder);
}

/* --- dropping files --- */

static char **
dropped_paths (const GValue *value)
{
  GSList *files = g_value_get_boxed (value);
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();

  for (GSList *l = files; l != NULL; l = l->next)
    {
      char *path = g_file_get_path (l->data);

      if (path != NULL)
        g_ptr_array_add (paths, path);
    }
  g_ptr_array_add (paths, NULL);
  return (char **) g_ptr_array_steal (paths, NULL);
}

/* By the name alone, since no file is looked at here: a project's file, or what has no suffix and
 * so will be a folder. */
static gboolean
is_project_name (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);

  return g_str_has_suffix (base, SL_PROJECT_SUFFIX) || strchr (base, '.') == NULL;
}

/* Into an open project: stems. Otherwise a project, or the reference of a new one. */
static gboolean
on_drop (SlWindow *self, const GValue *value)
{
  g_auto (GStrv) paths = dropped_paths (value);

  if (paths[0] == NULL || self->opening != NULL)
    return FALSE;
  if (self->page != NULL)
    sl_project_page_add_paths (self->page, (const char *const *) paths);
  else if (is_project_name (paths[0]))
    open_path (self, paths[0]);
  else
    new_with_reference (self, paths[0]);
  return TRUE;
}

static void
add_drop_target (SlWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_swapped (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* --- closing --- */

static void
close_for_good (SlWindow *self)
{
  self->may_close = TRUE;
  gtk_window_close (GTK_WINDOW (self));
}

static gboolean
close_later (gpointer data)
{
  close_for_good (data);
  return G_SOURCE_REMOVE;
}

/* Not from inside the dialog, which would go with the window while it is still answering. */
static void
on_unsaved_response (SlWindow *self, const char *response)
{
  if (g_strcmp0 (response, "discard") == 0)
    g_idle_add_full (G_PRIORITY_DEFAULT, close_later, g_object_ref (self), g_object_unref);
}

static void
ask_to_discard (SlWindow *self, const char *problem)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("Close Without Saving?"), NULL);

  adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog),
                                  _ ("The last changes would be lost. %s"),
                                  problem != NULL ? problem : "");
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Keep Open"),
                                    "discard", _ ("Close"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard",
                                              ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_unsaved_response), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
document_closed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SlWindow) self = data;

  self->closing = FALSE;
  if (sl_document_close_finish (SL_DOCUMENT (source), result, NULL))
    close_for_good (self);
  else
    ask_to_discard (self, sl_document_get_save_problem (SL_DOCUMENT (source)));
}

/* Closes when everything is saved and nothing runs any more. */
static gboolean
sl_window_close_request (GtkWindow *window)
{
  SlWindow *self = SL_WINDOW (window);

  if (self->page == NULL || self->may_close)
    {
      sl_preferences_store_window (window);
      return GTK_WINDOW_CLASS (sl_window_parent_class)->close_request (window);
    }
  if (!self->closing)
    {
      self->closing = TRUE;
      sl_document_close_async (sl_project_page_get_document (self->page), document_closed,
                               g_object_ref (self));
    }
  return TRUE;
}

/* Whoever comes back from another program may have changed files there. */
static void
on_active (SlWindow *self)
{
  if (self->page != NULL && gtk_window_is_active (GTK_WINDOW (self)))
    sl_document_refresh (sl_project_page_get_document (self->page));
}

/* --- class --- */

static void
sl_window_class_init (SlWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SL_TYPE_START_PAGE);
  G_OBJECT_CLASS (klass)->dispose = sl_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = sl_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = sl_window_close_request;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/seamline/Seamline/window.ui");
  gtk_widget_class_bind_template_child (widget_class, SlWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, SlWindow, project);
  gtk_widget_class_bind_template_child (widget_class, SlWindow, start);
  gtk_widget_class_bind_template_callback (widget_class, on_recent_chosen);
  gtk_widget_class_install_action (widget_class, "win.new", NULL, new_project);
  gtk_widget_class_install_action (widget_class, "win.open", NULL, open_project);
  gtk_widget_class_install_action (widget_class, "win.demo", NULL, open_demo);
  gtk_widget_class_install_action (widget_class, "win.reopen", NULL, reopen);
}

static void
sl_window_init (SlWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  sl_preferences_restore_window (GTK_WINDOW (self));
  add_drop_target (self);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (on_active), NULL);
}

SlWindow *
sl_window_new (SlApplication *application)
{
  return g_object_new (SL_TYPE_WINDOW, "application", application, NULL);
}
