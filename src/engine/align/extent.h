/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a source lies on the target and how far it must reach. Private to this room. */
#pragma once

#include "engine/align/planner.h"

G_BEGIN_DECLS

/** Longest source, target or offset that is planned: centuries, and no sum below overflows. */
#define SL_PLANNER_MAX_FRAMES ((gint64) 1 << 50)

/* Fades, in milliseconds. */
#define SL_FADE_PAD_MS 5.0        ///< out, before silence that follows a source
#define SL_FADE_CUT_MS 10.0       ///< out, where audio is cut off
#define SL_FADE_START_MS 1.0      ///< in, where a source's start is cut: keeps an attack audible
#define SL_FADE_RHYTHMIC_MS 50.0  ///< longest crossfade of rhythmic material
#define SL_FADE_MELODIC_MS 2000.0 ///< longest crossfade of other material, and longest fade out
#define SL_FADE_SHORTEST_MS 5.0   ///< a crossfade that still hides a step
#define SL_MIN_BODY_MS 10.0       ///< shortest loop body

typedef struct
{
  const SlPlanOptions *options;
  gint64 shift; ///< target frame minus source frame, of the source as it comes in
  gint64 first; ///< first source frame that is used; above 0 when the start is cut
  gint64 end;   ///< target frame up to which a fill must reach: the target's or the section's end
} SlExtent;

/** Of @options as placed by @shift and filled up to @end. */
SlExtent
sl_extent_make (const SlPlanOptions *options, gint64 shift, gint64 end);

/** Target frame on which the source ends, if it is not cut. */
gint64
sl_extent_natural_end (const SlExtent *extent);

/** Frames from the source's end to extent->end; negative when it is too long. */
gint64
sl_extent_gap (const SlExtent *extent);

/** Source frames from extent->first on. */
gint64
sl_extent_room (const SlExtent *extent);

/** Whether the source's own ending stays its ending. */
gboolean
sl_extent_keeps_ending (const SlExtent *extent);

/** SL_MIN_BODY_MS in frames, at least 1. */
gint64
sl_extent_min_body (const SlExtent *extent);

/** The fade of options->fade_ms where it was set, else of @default_ms; at most @limit frames. */
gint64
sl_extent_fade (const SlExtent *extent, double default_ms, gint64 limit);

G_END_DECLS
