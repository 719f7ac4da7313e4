/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A drum pattern: kick and snare on a step grid, computed. */
#pragma once

#include "engine/base/grid.h"
#include "engine/io/source.h"

G_BEGIN_DECLS

typedef enum
{
  SL_HIT_KICK, ///< 60 Hz sine, 100 ms, exp (-5 t / s), 0.9
  SL_HIT_SNARE ///< seeded white noise, 50 ms, exp (-10 t / s), 0.35
} SlHitKind;

typedef struct
{
  gint64 frame; ///< where it starts: the rounded frame of its beat
  SlHitKind kind;
  guint64 seed; ///< of its noise; the index of its beat
} SlHit;

/**
 * The default pattern over @length frames: kick on every beat, snare on every second beat of a pair
 * (2 and 4 in 4/4). Beats before the origin of the grid play too. With an unknown tempo:
 * SL_ERROR_INVALID. An array of SlHit, sorted.
 */
GArray *
sl_drums_default_hits (const SlGrid *grid, gint64 length, GError **error);

/** The shape of one hit: appends its samples (mono) to @out. Tests and checks match against it. */
void
sl_drums_hit_samples (const SlHit *hit, int rate_hz, GArray *out);

/**
 * A source that plays @hits (copied): overlapping hits add, the sum is clipped to ±1. The same hits
 * give the same bits, wherever a read starts.
 */
SlSource *
sl_drums_new (const GArray *hits, int channels, int rate_hz, gint64 length);

/**
 * A check as a tap: whether each hit stands at its place. The cross-correlation of the stream with
 * the pattern, as long as the hit sounds, is largest at lag 0 within ±@max_lag frames, and the
 * level is that of the hit. Hits on one frame are judged together, as one sound. A hit that is cut
 * off before it sounds is not counted.
 */
typedef struct _SlHitCheck SlHitCheck;

SlHitCheck *
sl_hit_check_new (const GArray *hits, int max_lag);

SlTap
sl_hit_check_tap (SlHitCheck *self);

typedef struct
{
  gint64 checked;     ///< hits compared
  gint64 wrong;       ///< hits whose best lag is not 0, or that are absent
  gint64 first_wrong; ///< frame of the first of them, or -1
  gint64 worst_lag;   ///< the largest lag found, signed
} SlHitResult;

SlHitResult
sl_hit_check_result (const SlHitCheck *self);

void
sl_hit_check_free (SlHitCheck *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlHitCheck, sl_hit_check_free)

G_END_DECLS
