/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/application.h"

#include "app/window.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

struct _SlApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (SlApplication, sl_application, ADW_TYPE_APPLICATION)

static void
present_window (SlApplication *self, const char *path)
{
  GtkWindow *active = gtk_application_get_active_window (GTK_APPLICATION (self));
  SlWindow *window;

  /* A window that waits for something to do is what a project is opened in. */
  if (SL_IS_WINDOW (active) && sl_window_is_empty (SL_WINDOW (active)))
    window = SL_WINDOW (active);
  else
    window = sl_window_new (self);
  gtk_window_present (GTK_WINDOW (window));
  if (path != NULL)
    sl_window_open_path (window, path);
}

static void
sl_application_activate (GApplication *application)
{
  GtkWindow *active = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (active != NULL)
    gtk_window_present (active);
  else
    present_window (SL_APPLICATION (application), NULL);
}

/* A project is opened by its folder, or by its file. */
static void
sl_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *path = g_file_get_path (files[i]);

      if (path != NULL)
        present_window (SL_APPLICATION (application), path);
    }
  if (gtk_application_get_active_window (GTK_APPLICATION (application)) == NULL)
    present_window (SL_APPLICATION (application), NULL);
}

static void
show_about (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *parent = gtk_application_get_active_window (GTK_APPLICATION (data));

  adw_show_about_window (parent, "application-name", "Seamline", "application-icon",
                         SL_APPLICATION_ID, "version", SL_VERSION, "developer-name",
                         _ ("The Seamline developers"), "license-type", GTK_LICENSE_GPL_3_0,
                         "website", "https://seamline.org", "comments",
                         _ ("Stems that fit together, to the frame, and are proven to."),
                         "translator-credits", _ ("translator-credits"), NULL);
}

static void
quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autoptr (GPtrArray) windows = g_ptr_array_new_with_free_func (g_object_unref);

  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (data)); l != NULL; l = l->next)
    g_ptr_array_add (windows, g_object_ref (l->data));
  /* Each saves what it has before it goes. */
  for (guint i = 0; i < windows->len; i++)
    gtk_window_close (windows->pdata[i]);
}

/* Whoever ends the session wants nothing lost: the same as quitting. */
static gboolean
on_signal (gpointer data)
{
  quit (NULL, NULL, data);
  return G_SOURCE_CONTINUE;
}

static void
set_accels (SlApplication *self)
{
  static const struct
  {
    const char *action;
    const char *accels[3];
  } accels[] = {
    { "win.new", { "<Control>n", NULL } },
    { "win.open", { "<Control>o", NULL } },
    { "win.show-help-overlay", { "<Control>question", "F1", NULL } },
    { "window.close", { "<Control>w", NULL } },
    { "app.quit", { "<Control>q", NULL } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i].action,
                                           accels[i].accels);
}

static void
sl_application_startup (GApplication *application)
{
  static const GActionEntry actions[] = { { "about", show_about }, { "quit", quit } };

  G_APPLICATION_CLASS (sl_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions),
                                   application);
  set_accels (SL_APPLICATION (application));
  g_unix_signal_add (SIGTERM, on_signal, application);
  g_unix_signal_add (SIGHUP, on_signal, application);
  g_unix_signal_add (SIGINT, on_signal, application);
  gtk_window_set_default_icon_name (SL_APPLICATION_ID);
}

/* Before anything is opened: no display is needed for it. */
static int
sl_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  if (!g_variant_dict_contains (options, "version"))
    return -1;
  g_print ("seamline " SL_VERSION "\n");
  return 0;
}

static void
sl_application_class_init (SlApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = sl_application_startup;
  application_class->activate = sl_application_activate;
  application_class->open = sl_application_open;
  application_class->handle_local_options = sl_application_handle_local_options;
}

static void
sl_application_init (SlApplication *self)
{
  static const GOptionEntry options[]
      = { { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version"), NULL }, { NULL } };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

SlApplication *
sl_application_new (void)
{
  return g_object_new (SL_TYPE_APPLICATION, "application-id", SL_APPLICATION_ID,
                       "resource-base-path", "/org/seamline/Seamline", "flags",
                       G_APPLICATION_HANDLES_OPEN, NULL);
}
