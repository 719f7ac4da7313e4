/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the program says: to people in words, to programs as one JSON document. */
#pragma once

#include "cli/cli.h"
#include "engine/base/progress.h"
#include "workflow/badge.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** Finds out whether terminals are there. Once, before anything is said. */
void
sl_cli_output_start (SlCli *cli);

/** A line for people: on standard output, or beside JSON on standard error. Not when quiet. */
void
sl_cli_say (SlCli *cli, const char *format, ...) G_GNUC_PRINTF (2, 3);

/** A line for people on standard error, even when quiet. */
void
sl_cli_complain (SlCli *cli, const char *format, ...) G_GNUC_PRINTF (2, 3);

/** The document of --json (taken). Does nothing without --json. */
void
sl_cli_answer (SlCli *cli, JsonNode *root);

/** What the program has said reached whom it was for. FALSE with SL_ERROR_WRITE. */
gboolean
sl_cli_output_finish (SlCli *cli, GError **error);

/** Icon and word of a badge, coloured on a terminal and padded to one width. Owned. */
char *
sl_cli_badge (const SlCli *cli, SlState state);

/** @text, which may quote the name of a file, without line breaks. Owned. */
char *
sl_cli_one_line (const char *text);

/** Icon and word of a level. Owned. */
char *
sl_cli_level (const SlCli *cli, SlLevel level);

/** The check for people: a line, then where it is and what to do. Even when quiet if it failed. */
void
sl_cli_say_check (SlCli *cli, const SlCheck *check, int rate_hz);

/** Draws "@doing 43 %" over the last line on a terminal, a few times a second. */
void
sl_cli_draw_progress (SlCli *cli, const char *doing, double fraction);

/**
 * A progress for work on this thread: draws it as @doing (copied) and looks at signals, which stop
 * the work. Belongs to @cli; the next call takes its place.
 */
SlProgress
sl_cli_progress (SlCli *cli, const char *doing);

/** "-12.34" under every locale. Owned. */
char *
sl_cli_format_number (const char *format, double value);

/** "mono", "stereo" or "6 channels". Owned. */
char *
sl_cli_format_channels (int channels);

/** Decibels of a linear value: "-12.34", "-∞" for 0. Owned. */
char *
sl_cli_format_db (double gain);

G_END_DECLS
