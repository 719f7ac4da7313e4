/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/places.h"

char *
sl_places_dup_projects (void)
{
  const char *music;

  if (g_getenv ("FLATPAK_ID") != NULL)
    return g_strdup (g_get_user_data_dir ());
  music = g_get_user_special_dir (G_USER_DIRECTORY_MUSIC);
  return g_strdup (music != NULL ? music : g_get_home_dir ());
}
