/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/places.h"

#include "workflow/lending.h"

#include <string.h>

char *
sl_places_dup_projects (void)
{
  const char *music;

  if (g_getenv ("FLATPAK_ID") != NULL)
    return g_strdup (g_get_user_data_dir ());
  music = g_get_user_special_dir (G_USER_DIRECTORY_MUSIC);
  return g_strdup (music != NULL ? music : g_get_home_dir ());
}

char *
sl_places_dup_shown (const char *folder)
{
  const char *home = g_get_home_dir ();
  size_t length = strlen (home);
  g_autofree char *shown = NULL;

  if (sl_lending_get_name (folder) != NULL)
    return g_filename_display_name (sl_lending_get_name (folder));
  if (strncmp (folder, home, length) != 0 || folder[length] != G_DIR_SEPARATOR)
    return g_filename_display_name (folder);
  shown = g_filename_display_name (folder + length);
  return g_strconcat ("~", shown, NULL);
}
