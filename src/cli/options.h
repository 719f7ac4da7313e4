/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options that change a project's settings or a stem's, shared by several commands. */
#pragma once

#include "cli/cli.h"

G_BEGIN_DECLS

/** Tempo, sections, rate and the other settings of a song. --reference is left to the command. */
extern const SlCliOption sl_cli_song_options[];

/** Settings of a song that only an existing project has. */
extern const SlCliOption sl_cli_project_options[];

/** How a stem becomes as long as the song. */
extern const SlCliOption sl_cli_alignment_options[];

/** The other settings of a stem. */
extern const SlCliOption sl_cli_stem_options[];

/** Applies what was given of @table to @edit. FALSE with SL_ERROR_INVALID naming the option. */
gboolean
sl_cli_apply (const SlCli *cli, const SlCliOption *table, SlCliEdit *edit, GError **error);

/** The first option of @table that was given, or NULL. */
const char *
sl_cli_first_given (const SlCli *cli, const SlCliOption *table);

/** Whether at most one of the options in the NULL-terminated @names was given. */
gboolean
sl_cli_check_exclusive (const SlCli *cli, const char *const *names, GError **error);

G_END_DECLS
