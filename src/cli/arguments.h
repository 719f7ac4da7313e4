/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From argv to options and words. */
#pragma once

#include "cli/cli.h"

G_BEGIN_DECLS

/** What every command understands. */
extern const SlCliOption sl_cli_common_options[];

/**
 * Reads the options before the name of a command, and leaves that name and what follows in @argv.
 * @commands is shown by --help, which ends the program.
 */
gboolean
sl_cli_parse_start (SlCli *cli, const char *commands, char ***argv, GError **error);

/** Reads options and words of cli->command. G_OPTION_ERROR or SL_ERROR_INVALID. */
gboolean
sl_cli_parse_command (SlCli *cli, char ***argv, GError **error);

/** Whether the option was given. */
gboolean
sl_cli_has (const SlCli *cli, const char *name);

/** Its value, the last one when it was repeated, or NULL. Borrowed. */
const char *
sl_cli_get (const SlCli *cli, const char *name);

/** All its values, or NULL. Borrowed. */
const GPtrArray *
sl_cli_get_all (const SlCli *cli, const char *name);

/** The argument at @index, or NULL. Borrowed. */
const char *
sl_cli_word (const SlCli *cli, guint index);

/** The same where it must be text. NULL with SL_ERROR_INVALID when it is not UTF-8. */
const char *
sl_cli_text_word (const SlCli *cli, guint index, GError **error);

G_END_DECLS
