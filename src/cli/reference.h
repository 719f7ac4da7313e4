/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The option --reference: a recording that a project is made around. */
#pragma once

#include "cli/probing.h"
#include "workflow/project.h"

G_BEGIN_DECLS

/** Options that say the same in different ways. */
extern const char *const sl_cli_length_options[];

/**
 * Probes the file of --reference, if that was given, and makes it the reference of @settings as a
 * project in @folder keeps it. @seen gets what was found, @report too; FALSE also when the file
 * cannot be opened or decoded.
 */
gboolean
sl_cli_take_reference (SlCli *cli,
                       const char *folder,
                       SlSettings *settings,
                       SlFileTable *seen,
                       SlProbeReport *report,
                       GError **error);

/** Length, rate and channels of what was found. */
void
sl_cli_say_reference (SlCli *cli, const SlSettings *settings, const SlProbeReport *report);

G_END_DECLS
