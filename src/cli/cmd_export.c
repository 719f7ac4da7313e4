/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seamline-cli export */
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/session.h"
#include "workflow/export.h"
#include "workflow/json.h"

#include <glib/gi18n.h>

/* The first step that is not green, or SL_N_STEPS. */
static int
first_not_green (SlProject *project, SlState *state)
{
  SlState states[SL_N_STEPS];

  sl_badge_all (project, states);
  for (int i = 0; i < SL_N_STEPS; i++)
    if (states[i] != SL_STATE_PASSED)
      {
        *state = states[i];
        return i;
      }
  return SL_N_STEPS;
}

static void
say_exported (SlCli *cli, SlProject *project, const char *out)
{
  g_autofree char *full = g_canonicalize_filename (out, NULL);
  g_autofree char *shown = g_filename_display_name (full);
  JsonObject *answer = sl_cli_new_answer (project);

  sl_cli_say (cli, _ ("Exported to %s"), shown);
  json_object_set_string_member (answer, "export", shown);
  sl_cli_answer (cli, sl_json_take_object (answer));
}

static int
run (SlCli *cli, GError **error)
{
  const char *out = sl_cli_word (cli, 1);
  g_autoptr (SlProject) project = sl_cli_open (cli, error);
  SlProgress progress = sl_cli_progress (cli, _ ("Exporting"));
  SlState state = SL_STATE_PASSED;
  int step;

  if (project == NULL || !sl_cli_refresh (cli, project, error))
    return SL_CLI_FAILED;
  step = first_not_green (project, &state);
  if (step < SL_N_STEPS)
    {
      sl_cli_complain (cli,
                       _ ("Nothing was exported: step “%s” is not green (%s). Run the steps "
                          "first."),
                       sl_step_id_name ((SlStepId) step), sl_state_name (state));
      return SL_CLI_RED;
    }
  if (!sl_export (project, out, &progress, error))
    return SL_CLI_FAILED;
  say_exported (cli, project, out);
  return SL_CLI_GREEN;
}

const SlCliCommand sl_cli_command_export = {
  .name = "export",
  .words = "DIR OUT",
  .summary = N_ ("Put the deliverables into another archive or a folder"),
  .min_words = 2,
  .max_words = 2,
  .run = run,
};
