/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A join for when nothing matches. Private to align. */
#pragma once

#include "engine/align/ending.h"

G_BEGIN_DECLS

/**
 * With a tempo: the last bar line, back by whole bars (by beats, where not a bar fits), as many as
 * the audible part holds. Without: the whole source, where its end leads smoothly to its beginning,
 * else from a quiet place near the end to one near the beginning. A join or length set by hand
 * stands as long as it fits. FALSE with the source's error.
 */
gboolean
sl_fallback_find (SlSource *source,
                  const SlEnding *ending,
                  const SlFinderOptions *options,
                  gint64 *join,
                  gint64 *lag,
                  GError **error);

/**
 * How a single sound is repeated with the silence after it: from its first frame, after the most
 * whole bars that the source has, or after all of it. TRUE when it has the length of a loop.
 */
gboolean
sl_fallback_once (const SlEnding *ending, const SlGrid *grid, gint64 *lag);

/**
 * Whether the source is a loop by its length: 1, 2, 4, 8 or 16 bars that sound all through and go
 * on from their end to their beginning without a step; there is nothing to crossfade them with.
 * FALSE with the source's error.
 */
gboolean
sl_fallback_is_loop (SlSource *source,
                     const SlEnding *ending,
                     const SlGrid *grid,
                     gboolean *is_loop,
                     GError **error);

/** Frames of the loop length set by hand; 0 when it is not set or the tempo is unknown. */
gint64
sl_fallback_set_lag (const SlFinderOptions *options);

G_END_DECLS
