/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/sources.h"

#include "engine/base/error.h"
#include "engine/io/file.h"
#include "workflow/file_table.h"

#include <glib/gi18n-lib.h>

gboolean
sl_sources_is_same_file (const char *a, const char *b)
{
  SlStat first, second;

  return sl_stat_path (a, &first, NULL) && sl_stat_path (b, &second, NULL)
         && first.device == second.device && first.inode == second.inode;
}

static gboolean
check_one (const char *folder, const char *stored, const char *path, GError **error)
{
  g_autofree char *source = sl_path_resolve (folder, stored);
  g_autofree char *name = NULL;

  if (!sl_sources_is_same_file (source, path))
    return TRUE;
  name = g_filename_display_name (source);
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               _ ("“%s” is a source of the project and would be overwritten: move it to another "
                  "folder, or write to another place."),
               name);
  return FALSE;
}

char **
sl_sources_list (const SlSettings *settings)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (settings->reference != NULL)
    g_strv_builder_add (builder, settings->reference);
  for (guint i = 0; i < settings->stems->len; i++)
    {
      const SlStem *stem = settings->stems->pdata[i];

      if (stem->kind == SL_STEM_FILE)
        g_strv_builder_add (builder, stem->file);
    }
  return g_strv_builder_end (builder);
}

gboolean
sl_sources_check_output (const SlSettings *settings,
                         const char *folder,
                         const char *path,
                         GError **error)
{
  g_auto (GStrv) sources = sl_sources_list (settings);

  for (char **source = sources; *source != NULL; source++)
    if (!check_one (folder, *source, path, error))
      return FALSE;
  return TRUE;
}
