/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan played over its source, and the proof that it was. */
#pragma once

#include "engine/align/plan.h"
#include "engine/base/progress.h"

G_BEGIN_DECLS

/**
 * The plan (copied) as a source of plan->target frames over @source (taken; its length must be
 * plan->source_length, else SL_ERROR_INVALID). Outside fades samples are those of the source, bit
 * for bit. Crossfades follow sl_crossfade_gains() with the segment's correlation; fades against
 * silence or an end follow it with r = 1 (linear).
 */
SlSource *
sl_plan_source_new (const SlPlan *plan, SlSource *source, GError **error);

/**
 * Fills in the correlation of every overlap of @plan from the audio: normalised correlation of the
 * two segments over the overlap, one number over all channels, clamped to [0, 1]; 0 where either is
 * silent. Equal pairs of source ranges are read once.
 */
gboolean
sl_plan_measure_correlations (SlPlan *plan,
                              SlSource *source,
                              const SlProgress *progress,
                              GError **error);

/**
 * A check as a tap on the rendered audio read back: outside fades it must be the source, or
 * silence, within @tolerance (0: bit for bit, but for the sign of zero). Frames past the plan's end
 * are wrong. Reads @source (borrowed) along; another length or channel count is SL_ERROR_INVALID.
 */
typedef struct _SlIdentityCheck SlIdentityCheck;

SlIdentityCheck *
sl_identity_check_new (const SlPlan *plan, SlSource *source, double tolerance);

SlTap
sl_identity_check_tap (SlIdentityCheck *self);

typedef struct
{
  gint64 compared;    ///< samples compared
  gint64 wrong;       ///< samples that differ by more than the tolerance
  gint64 first_wrong; ///< target frame of the first, or -1
  double worst;       ///< largest difference, linear
} SlIdentityResult;

SlIdentityResult
sl_identity_check_result (const SlIdentityCheck *self);

void
sl_identity_check_free (SlIdentityCheck *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlIdentityCheck, sl_identity_check_free)

G_END_DECLS
