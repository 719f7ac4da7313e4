/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conversions between frames, milliseconds and decibels. Pure; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Frames handled at once by everything that streams: small enough to stay in the L2 cache. */
#define SL_BLOCK_FRAMES 8192

/** Most channels that a source may have. */
#define SL_MAX_CHANNELS 16

/** Below this peak, in dBFS, audio is silent. */
#define SL_SILENCE_DB (-120.0)

/** 20·log10 (@gain); -inf for 0 and below. */
double
sl_db_from_gain (double gain);

/** 10^(@db / 20). */
double
sl_gain_from_db (double db);

/** Milliseconds that @frames last at @rate_hz; for people to read, never for positions. */
double
sl_ms_from_frames (gint64 frames, int rate_hz);

/** The nearest whole number of frames in @ms at @rate_hz. */
gint64
sl_frames_from_ms (double ms, int rate_hz);

/** The whole number nearest to @a · @b / @den, halves away from zero; exact (128 bits
 *  inside). @den must be above 0. */
gint64
sl_round_fraction (gint64 a, gint64 b, gint64 den);

G_END_DECLS
