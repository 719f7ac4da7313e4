/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/preferences.h"

#include <string.h>

#define MAX_RECENT 8

/* The settings, or NULL when their schema is not installed. */
static GSettings *
settings (void)
{
  static GSettings *instance;
  static gboolean looked;
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (!looked && source != NULL)
    schema = g_settings_schema_source_lookup (source, SL_APPLICATION_ID, TRUE);
  if (schema != NULL)
    instance = g_settings_new_full (schema, NULL, NULL);
  looked = TRUE;
  return instance;
}

double
sl_preferences_get_volume (void)
{
  return settings () != NULL ? g_settings_get_double (settings (), "volume") : 1.0;
}

void
sl_preferences_set_volume (double volume)
{
  if (settings () != NULL)
    g_settings_set_double (settings (), "volume", volume);
}

void
sl_preferences_restore_window (GtkWindow *window)
{
  if (settings () == NULL)
    return;
  gtk_window_set_default_size (window, g_settings_get_int (settings (), "window-width"),
                               g_settings_get_int (settings (), "window-height"));
  if (g_settings_get_boolean (settings (), "window-maximized"))
    gtk_window_maximize (window);
}

void
sl_preferences_store_window (GtkWindow *window)
{
  int width, height;

  if (settings () == NULL)
    return;
  g_settings_set_boolean (settings (), "window-maximized", gtk_window_is_maximized (window));
  gtk_window_get_default_size (window, &width, &height);
  if (width <= 0 || height <= 0)
    return;
  g_settings_set_int (settings (), "window-width", width);
  g_settings_set_int (settings (), "window-height", height);
}

gboolean
sl_preferences_get_show_inspector (void)
{
  return settings () == NULL || g_settings_get_boolean (settings (), "show-inspector");
}

void
sl_preferences_set_show_inspector (gboolean show)
{
  if (settings () != NULL)
    g_settings_set_boolean (settings (), "show-inspector", show);
}

char **
sl_preferences_get_recent (void)
{
  return settings () != NULL ? g_settings_get_strv (settings (), "recent-projects")
                             : g_new0 (char *, 1);
}

/* @first, or nothing, and then all others but @folder. */
static void
set_recent (const char *first, const char *folder)
{
  g_auto (GStrv) old = sl_preferences_get_recent ();
  g_autoptr (GPtrArray) folders = g_ptr_array_new ();

  if (settings () == NULL)
    return;
  if (first != NULL)
    g_ptr_array_add (folders, (char *) first);
  for (guint i = 0; old[i] != NULL && folders->len < MAX_RECENT; i++)
    if (strcmp (old[i], folder) != 0)
      g_ptr_array_add (folders, old[i]);
  g_ptr_array_add (folders, NULL);
  g_settings_set_strv (settings (), "recent-projects", (const char *const *) folders->pdata);
}

void
sl_preferences_add_recent (const char *folder)
{
  /* Settings hold text; a folder of another encoding cannot be remembered. */
  if (g_utf8_validate (folder, -1, NULL))
    set_recent (folder, folder);
}

void
sl_preferences_remove_recent (const char *folder)
{
  set_recent (NULL, folder);
}

char *
sl_preferences_get_last_folder (void)
{
  g_autofree char *folder
      = settings () != NULL ? g_settings_get_string (settings (), "last-folder") : NULL;

  return folder != NULL && *folder != '\0' ? g_steal_pointer (&folder) : NULL;
}

void
sl_preferences_set_last_folder (const char *folder)
{
  if (settings () != NULL && folder != NULL && g_utf8_validate (folder, -1, NULL))
    g_settings_set_string (settings (), "last-folder", folder);
}
