/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a project stands: what "run" and "status" show, in words and as JSON. */
#pragma once

#include "cli/cli.h"
#include "workflow/badge.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** SL_STATE_PASSED when all steps are green, SL_STATE_FAILED when one is red, else SL_STATE_READY:
 *  incomplete. */
SlState
sl_cli_report_state (SlProject *project);

/** The document of "run --json" and "status --json". Owned. */
JsonNode *
sl_cli_report_to_json (SlProject *project);

/** Title, target and the like, as a heading. */
void
sl_cli_report_say_title (SlCli *cli, SlProject *project);

/** The line of @step; @remark (may be NULL) is put in brackets behind it. */
void
sl_cli_report_say_step (SlCli *cli, SlProject *project, SlStepId step, const char *remark);

/** The checks of @step at @least or worse, one by one, unless they are out of date. */
void
sl_cli_report_say_checks (SlCli *cli, SlProject *project, SlStepId step, SlLevel least);

/** Where the archive is; only when all is green. */
void
sl_cli_report_say_archive (SlCli *cli, SlProject *project);

G_END_DECLS
