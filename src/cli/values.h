/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as people type them: the whole text, in range, the same under every locale. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Most frames of a song: more than a year at any rate, and far from where sums overflow. */
#define SL_CLI_MAX_FRAMES (G_GINT64_CONSTANT (10000000000000))

/** Longest song in seconds. */
#define SL_CLI_MAX_SECONDS 10000000.0

/** Most beats in a bar. */
#define SL_CLI_MAX_BEATS_PER_BAR 64

/** A whole number from @min to @max; SL_ERROR_INVALID names the range. */
gboolean
sl_cli_parse_int (const char *text, gint64 min, gint64 max, gint64 *value, GError **error);

/** A decimal number from @min to @max, never infinite nor NaN. */
gboolean
sl_cli_parse_number (const char *text, double min, double max, double *value, GError **error);

/** Seconds above 0 as the nearest whole number of frames at @rate_hz, at least 1. */
gboolean
sl_cli_parse_length (const char *text, int rate_hz, gint64 *frames, GError **error);

G_END_DECLS
