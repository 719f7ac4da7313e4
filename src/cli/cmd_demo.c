/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seamline-cli demo */
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/session.h"
#include "workflow/demo.h"

#include <glib/gi18n.h>

static int
run (SlCli *cli, GError **error)
{
  g_autoptr (SlProject) project = NULL;
  g_autofree char *shown = NULL;

  if (!sl_demo_create (sl_cli_word (cli, 0), error)
      || (project = sl_project_open (sl_cli_word (cli, 0), error)) == NULL)
    return SL_CLI_FAILED;
  shown = g_filename_display_name (sl_project_get_folder (project));
  sl_cli_say (cli, _ ("Made a complete example in %s"), shown);
  sl_cli_say_changed (cli, project);
  return SL_CLI_GREEN;
}

const SlCliCommand sl_cli_command_demo = {
  .name = "demo",
  .words = "DIR",
  .summary = N_ ("Make a complete example project"),
  .min_words = 1,
  .max_words = 1,
  .run = run,
};
