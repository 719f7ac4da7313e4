/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a stem's source becomes the target length: an edit list. */
#pragma once

#include "engine/io/source.h"

G_BEGIN_DECLS

/** Most segments in a plan. */
#define SL_PLAN_MAX_SEGMENTS 100000

/** A run of source frames, or silence, placed at a destination. */
typedef struct
{
  gint64 dest;        ///< first frame in the target
  gint64 source;      ///< first frame in the source; -1: silence
  gint64 length;      ///< frames, at least 1
  gint64 fade_in;     ///< frames at its start over which it comes in
  gint64 fade_out;    ///< frames at its end over which it goes out
  double correlation; ///< r, 0 to 1, of the overlap with the segment before; 0 without overlap
} SlSegment;

typedef struct
{
  gint64 target;        ///< length of the result, at least 1
  gint64 source_length; ///< length of the source that it was made for
  GArray *segments;     ///< of SlSegment, sorted by dest
} SlPlan;

/** Where two segments meet. */
typedef struct
{
  guint left;      ///< index of the earlier segment; the later is left + 1
  gint64 position; ///< first frame of the overlap; of the later segment without overlap
  gint64 overlap;  ///< frames that both sound; 0 against silence
} SlSeam;

/** An empty plan; append to plan->segments, then sl_plan_validate(). */
SlPlan *
sl_plan_new (gint64 target, gint64 source_length);

SlPlan *
sl_plan_copy (const SlPlan *plan);

void
sl_plan_free (SlPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlPlan, sl_plan_free)

/**
 * Checks every invariant: segments sorted and covering [0, target) with no hole and no excess;
 * source ranges inside the source; at most two segments at once; each fade exactly the overlap
 * with its one neighbour, or against silence or an end of the plan, without overlap; fade-in +
 * fade-out ≤ length; silence has neither; correlation in [0, 1]; at most SL_PLAN_MAX_SEGMENTS.
 * FALSE with SL_ERROR_LIMIT (too many) or SL_ERROR_INVALID naming segment and rule.
 */
gboolean
sl_plan_validate (const SlPlan *plan, GError **error);

/** Whether the plan is its source, bit for bit: one segment from 0, no fades, same length. */
gboolean
sl_plan_is_identity (const SlPlan *plan);

/** All seams in order, including those against silence; an array of SlSeam. */
GArray *
sl_plan_get_seams (const SlPlan *plan);

/** Index of the first segment that ends after @frame (binary search). */
guint
sl_plan_segment_at (const SlPlan *plan, gint64 frame);

G_END_DECLS
