/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/lending.h"

#include "workflow/copying.h"
#include "workflow/project.h"

#include <string.h>

/* What follows the place where document portals show what they lend: "ID/name…"; NULL when @path is
 * somewhere else. Borrowed. */
static const char *
below_portal (const char *path)
{
  g_autofree char *ours = g_build_filename (g_get_user_runtime_dir (), "doc", NULL);
  const char *places[] = { ours, "/run/flatpak/doc" };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      size_t length = strlen (places[i]);

      if (strncmp (path, places[i], length) == 0 && path[length] == G_DIR_SEPARATOR)
        return path + length + 1;
    }
  return NULL;
}

static gboolean
is_inside (const char *folder, const char *path)
{
  size_t length = strlen (folder);

  return strncmp (path, folder, length) == 0 && path[length] == G_DIR_SEPARATOR;
}

const char *
sl_lending_get_name (const char *path)
{
  const char *below = below_portal (path);
  const char *slash = below != NULL ? strchr (below, G_DIR_SEPARATOR) : NULL;

  return slash != NULL ? slash + 1 : NULL;
}

gboolean
sl_lending_is_alone (const char *path)
{
  g_autofree char *full = g_canonicalize_filename (path, NULL);
  const char *name = sl_lending_get_name (full);

  return name != NULL && strchr (name, G_DIR_SEPARATOR) == NULL
         && g_str_has_suffix (name, SL_PROJECT_SUFFIX);
}

/* A name among the stems that is not taken yet. */
static char *
free_path (const char *project_folder, const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  char *result = g_build_filename (project_folder, SL_FOLDER_STEMS, base, NULL);

  for (guint i = 2; g_file_test (result, G_FILE_TEST_EXISTS); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u-%s", i, base);

      g_free (result);
      result = g_build_filename (project_folder, SL_FOLDER_STEMS, name, NULL);
    }
  return result;
}

static char *
copy_in (const char *project_folder, const char *path, GError **error)
{
  g_autofree char *to = free_path (project_folder, path);
  g_autoptr (SlPart) part = sl_copy_file (path, NULL, to, NULL, error);

  return part != NULL && sl_part_commit (part, error) ? g_steal_pointer (&to) : NULL;
}

char *
sl_lending_keep (const char *project_folder, const char *path, GError **error)
{
  g_autofree char *full = g_canonicalize_filename (path, NULL);
  g_autofree char *folder = g_canonicalize_filename (project_folder, NULL);

  if (sl_lending_get_name (full) == NULL || is_inside (folder, full))
    return g_strdup (path);
  return copy_in (folder, full, error);
}
