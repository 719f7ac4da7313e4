/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gains of a crossfade that keeps power constant for a given correlation. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Gains at t (0 to 1): the ending segment a = (1 - t) / D, the starting one b = t / D, with
 * D = sqrt ((1 - t)² + t² + 2 r t (1 - t)), so that a² + b² + 2 r a b = 1. r = 1 is linear, r = 0
 * has equal power. @r is clamped to [0, 1].
 */
void
sl_crossfade_gains (double t, double r, double *a, double *b);

/** t of frame @i in an overlap of @n frames: (i + 1) / (n + 1), never quite 0 or 1. */
double
sl_crossfade_position (gint64 i, gint64 n);

/** Gains of @count frames from frame @first on, of an overlap of @n frames. */
void
sl_crossfade_fill (gint64 first, gint64 count, gint64 n, double r, double *a, double *b);

G_END_DECLS
