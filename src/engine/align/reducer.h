/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Audio as the finder compares it: mono, at a low rate, bass and treble held back. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _SlReducer SlReducer;

/** Frames of audio at @rate_hz that become one reduced frame; about 5,500 of those a second. */
int
sl_reducer_factor (int rate_hz);

SlReducer *
sl_reducer_new (int channels, int rate_hz);

/**
 * Takes any number of interleaved @frames and appends to @out the reduced frames that they
 * complete, at most @frames / factor + 1. Returns how many. Reduced frame k looks at source
 * frames up to k · factor, counted from the first one fed: streams that start on multiples of the
 * factor agree from a filter's length on.
 */
gsize
sl_reducer_feed (SlReducer *self, const float *samples, gint64 frames, float *out);

void
sl_reducer_free (SlReducer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlReducer, sl_reducer_free)

/** Interleaved to mono, weighted so that opposite phase does not cancel. */
void
sl_reducer_mix (const float *samples, int channels, gint64 frames, float *mono);

G_END_DECLS
