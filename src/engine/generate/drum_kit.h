/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sound of a pattern at one rate, computed for any stretch of it. Private to this folder. */
#pragma once

#include "engine/generate/drums.h"

G_BEGIN_DECLS

typedef struct _SlDrumKit SlDrumKit;

SlDrumKit *
sl_drum_kit_new (int rate_hz);

/** Frames that a hit sounds; 0 at rates below a few Hz. */
gint64
sl_drum_kit_hit_length (const SlDrumKit *self, SlHitKind kind);

/** Frames of the longest hit. */
gint64
sl_drum_kit_longest (const SlDrumKit *self);

/** Adds frames [@from, @from + @n) of @hit, all inside it, to @out (mono). */
void
sl_drum_kit_add (const SlDrumKit *self, const SlHit *hit, gint64 from, gint64 n, float *out);

/**
 * Frames [@start, @start + @n) of the pattern @hits (sorted by frame) into @out (mono): hits add in
 * their order, the sum is clipped to ±1. The same bits for a frame, whatever stretch it is in.
 */
void
sl_drum_kit_render (const SlDrumKit *self, const GArray *hits, gint64 start, gint64 n, float *out);

/** Copy of @hits, sorted by frame. */
GArray *
sl_hits_dup_sorted (const GArray *hits);

void
sl_drum_kit_free (SlDrumKit *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlDrumKit, sl_drum_kit_free)

G_END_DECLS
