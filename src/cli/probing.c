/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/probing.h"

#include "cli/output.h"
#include "workflow/probe_client.h"

#include <glib/gi18n.h>

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
