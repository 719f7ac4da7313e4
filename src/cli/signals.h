/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Being asked to stop. */
#pragma once

#include "cli/cli.h"

G_BEGIN_DECLS

/**
 * From now on SIGINT, SIGTERM and SIGHUP cancel cli->cancellable (a second one ends the program at
 * once), and writing to a closed pipe or past a size limit is an error, not a death.
 */
void
sl_cli_signals_start (SlCli *cli);

G_END_DECLS
