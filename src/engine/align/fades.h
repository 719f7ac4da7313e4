/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Crossfades shortened to what the audio under them bears. */
#pragma once

#include "engine/align/plan.h"
#include "engine/base/progress.h"

G_BEGIN_DECLS

/**
 * Shortens the overlaps of @plan, whose joins and lags stay as they are:
 * - No overlap crosses an onset, in either segment: it lies in the last stretch of 50 ms without
 *   any, or in the longest where none is that long; where none is even 1 ms long, 1 ms is left.
 *   5 ms from an onset on belong to its attack.
 * - It then is the longest, ending there, over which the level of both segments is kept to within
 *   0.9 dB in every 10 ms: long crossfades are for audio that matches. Down to 10 ms; where none
 *   keeps it, one that ends up to 100 ms earlier and does, or the best of all.
 * - An overlap that holds the source frame @join, which was set by hand, keeps touching it; -1:
 *   there is none.
 * Overlaps alike are listened to once. To be followed by sl_plan_measure_correlations(). @source is
 * borrowed and must have the length the plan was made for. FALSE with the source's error or
 * SL_ERROR_CANCELLED, the plan then being valid, but of no use.
 */
gboolean
sl_plan_fit_fades (SlPlan *plan,
                   SlSource *source,
                   gint64 join,
                   const SlProgress *progress,
                   GError **error);

G_END_DECLS
