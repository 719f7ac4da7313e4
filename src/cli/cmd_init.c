/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seamline-cli init */
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/reference.h"
#include "cli/session.h"
#include "workflow/intake.h"
#include "workflow/json.h"
#include "workflow/names.h"

#include <glib/gi18n.h>

/* Everything but the reference, which comes first because it may give the rate. */
static gboolean
apply_options (SlCli *cli, SlSettings *settings, const SlProbeReport *report, GError **error)
{
  SlCliEdit edit = { settings, NULL };

  if (!sl_cli_apply (cli, sl_cli_song_options, &edit, error))
    return FALSE;
  if (settings->reference != NULL && !sl_cli_has (cli, "sections"))
    sl_intake_set_one_section (settings, report);
  return TRUE;
}

/* Options with values that cannot be are told before any file is read. */
static gboolean
check_options (SlCli *cli, const char *title, GError **error)
{
  g_autoptr (SlSettings) settings = sl_settings_new (title);
  SlCliEdit edit = { settings, NULL };

  return sl_cli_check_exclusive (cli, sl_cli_length_options, error)
         && sl_cli_apply (cli, sl_cli_song_options, &edit, error);
}

static void
say_made (SlCli *cli, SlProject *project, const SlProbeReport *report)
{
  const SlSettings *settings = sl_project_get_settings (project);
  g_autofree char *file = g_filename_display_name (sl_project_get_file (project));

  sl_cli_say (cli, _ ("Made %s"), file);
  if (settings->reference != NULL)
    sl_cli_say_reference (cli, settings, report);
  if (settings->reference != NULL && !sl_cli_has (cli, "bpm"))
    sl_cli_say (cli, _ ("The tempo is taken to be 120 BPM: “set DIR --bpm B” tells another, or "
                        "“unknown”."));
  if (settings->reference == NULL && settings->reference_frames == 0)
    sl_cli_say (cli, _ ("Its length is still to be set: “set DIR --reference FILE”, or --seconds "
                        "S."));
  sl_cli_answer (cli, sl_json_take_object (sl_cli_new_answer (project)));
}

static int
run (SlCli *cli, GError **error)
{
  g_autofree char *folder = g_canonicalize_filename (sl_cli_word (cli, 0), NULL);
  g_autofree char *base = g_path_get_basename (folder);
  g_autofree char *title = sl_name_make (base);
  g_autoptr (SlSettings) settings = sl_settings_new (title);
  g_autoptr (SlFileTable) seen = sl_file_table_new ();
  g_autoptr (SlProject) project = NULL;
  SlProbeReport report = { 0 };

  if (!check_options (cli, title, error)
      || !sl_cli_take_reference (cli, folder, settings, seen, &report, error))
    return SL_CLI_FAILED;
  if (settings->reference != NULL)
    settings->rate_hz = report.readback.info.rate_hz;
  if (!apply_options (cli, settings, &report, error))
    return SL_CLI_FAILED;
  project = sl_project_create (folder, g_steal_pointer (&settings), error);
  if (project == NULL)
    return SL_CLI_FAILED;
  sl_project_merge_files (project, seen);
  if (!sl_project_save (project, error))
    return SL_CLI_FAILED;
  say_made (cli, project, &report);
  return SL_CLI_GREEN;
}

static const SlCliOption *const tables[] = { sl_cli_song_options, NULL };

const SlCliCommand sl_cli_command_init = {
  .name = "init",
  .words = "DIR",
  .summary = N_ ("Make a project in a folder"),
  .tables = tables,
  .min_words = 1,
  .max_words = 1,
  .run = run,
};
