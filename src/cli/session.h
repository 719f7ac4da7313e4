/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command's hold on its project, and how a command ends. */
#pragma once

#include "cli/cli.h"
#include "workflow/pipeline.h"

G_BEGIN_DECLS

/** The exit code of what could not be done. The one place that maps errors to codes. */
int
sl_cli_exit_code (const SlCli *cli, const GError *error);

/** The project in the folder that the first word names, locked for this run, to be changed. */
SlProject *
sl_cli_open (SlCli *cli, GError **error);

/** Gives back the lock that sl_cli_open() took: a worker may hold its project beyond our end. */
void
sl_cli_close (SlCli *cli);

/**
 * The same to be looked at: whoever holds it, and nothing is written. What is known of its files
 * is brought up to date, in memory.
 */
SlProject *
sl_cli_look_at (SlCli *cli, GError **error);

/** Brings what @project knows of its files up to date, trusting no fresh time stamp. */
gboolean
sl_cli_refresh (SlCli *cli, SlProject *project, GError **error);

/** Gives @project its new @settings (taken, also on failure) and saves it. @seen may be NULL. */
gboolean
sl_cli_save (SlProject *project, SlSettings *settings, const SlFileTable *seen, GError **error);

/** Tells which steps are to be run now, and with --json that the command did its work. */
void
sl_cli_say_changed (SlCli *cli, SlProject *project);

/** { "project": its folder }, to which commands add. Owned. */
JsonObject *
sl_cli_new_answer (SlProject *project);

/** The stem called @name, in any Unicode form. NULL with SL_ERROR_INVALID. Borrowed. */
SlStem *
sl_cli_find_stem (const SlSettings *settings, const char *name, GError **error);

G_END_DECLS
