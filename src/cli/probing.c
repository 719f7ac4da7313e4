/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/probing.h"

#include "cli/output.h"
#include "engine/base/error.h"
#include "workflow/probe_client.h"

#include <glib/gi18n.h>
#include <string.h>

gboolean
sl_cli_probe (SlCli *cli,
              const char *path,
              const char *flac_path,
              SlProbeReport *report,
              GError **error)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = g_filename_display_name (base);
  g_autofree char *doing = g_strdup_printf (_ ("Reading “%s”"), name);
  SlProgress progress = sl_cli_progress (cli, doing);

  return sl_probe_run (path, flac_path, NULL, report, &progress, error);
}

/* Folders whose files come and go with every run. */
static gboolean
is_written_by_us (const char *stored)
{
  static const char *const folders[] = { SL_FOLDER_ALIGNED, SL_FOLDER_PROCESSED, SL_FOLDER_MASTER,
                                         SL_FOLDER_DELIVERABLES, SL_FOLDER_CACHE };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    if (g_str_has_prefix (stored, folders[i]) && stored[strlen (folders[i])] == G_DIR_SEPARATOR)
      return TRUE;
  return FALSE;
}

char *
sl_cli_store_path (SlProject *project, const char *path, GError **error)
{
  g_autofree char *stored = sl_project_store_path (project, path);
  g_autofree char *name = g_filename_display_name (path);

  if (!g_utf8_validate (stored, -1, NULL))
    g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                 _ ("The name of “%s” is not UTF-8, which a project cannot keep: rename it first."),
                 name);
  else if (is_written_by_us (stored))
    g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                 _ ("“%s” lies where the project writes its own files: copy it to another folder "
                    "first."),
                 name);
  else
    return g_steal_pointer (&stored);
  return NULL;
}

void
sl_cli_remember (SlFileTable *seen, const char *stored, const SlProbeReport *report)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char hex[SL_DIGEST_HEX_LENGTH + 1];

  sl_probe_report_write (report, text);
  sl_digest_to_hex (&report->readback.digest, hex);
  sl_file_table_set (seen, stored, &report->readback.stat, hex, text->str);
}
