/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seamline-cli status */
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/report.h"
#include "cli/session.h"

#include <glib/gi18n.h>

static int
run (SlCli *cli, GError **error)
{
  g_autoptr (SlProject) project = sl_cli_look_at (cli, error);

  if (project == NULL)
    return SL_CLI_FAILED;
  sl_cli_report_say_title (cli, project);
  for (int i = 0; i < SL_N_STEPS; i++)
    {
      sl_cli_report_say_step (cli, project, (SlStepId) i, NULL);
      sl_cli_report_say_checks (cli, project, (SlStepId) i, SL_LEVEL_NOTE);
    }
  sl_cli_report_say_archive (cli, project);
  sl_cli_answer (cli, sl_cli_report_to_json (project));
  return sl_cli_report_state (project) == SL_STATE_FAILED ? SL_CLI_RED : SL_CLI_GREEN;
}

const SlCliCommand sl_cli_command_status = {
  .name = "status",
  .words = "DIR",
  .summary = N_ ("Show badges and checks, without running anything"),
  .min_words = 1,
  .max_words = 1,
  .run = run,
};
