/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a stem starts late or early against the reference, and how far it drifts. */
#pragma once

#include "engine/base/progress.h"
#include "engine/io/source.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 offset;      ///< frames to add to the stem's start so that it fits; positive: it was early
  double confidence;  ///< 0 to 1; below 0.5 the offset means nothing
  gint64 drift;       ///< offset measured in the last active 20 s minus that in the first
  gint64 other;       ///< the next best offset, when it fits nearly as well: of a loop
  gboolean has_other; ///< FALSE when only one fits
  gboolean has_drift; ///< FALSE when the stem is too short for two windows, or one is not sure
} SlOffset;

/** From this confidence on an offset is believed. */
#define SL_OFFSET_SURE 0.5

/**
 * GCC-PHAT (Knapp and Carter 1976) of @stem with @reference, mono sums, over the first and the last
 * 20 s in which the stem is active, lags up to @max_lag frames either way of where its first frame
 * is expected, on frame @start of the reference. When a loop fits in more than one place, the
 * smallest lag, and the next best is told. The last window speaks when the first is not sure. Rates
 * that differ are SL_ERROR_INVALID. Constant memory. Silence gives confidence 0.
 */
gboolean
sl_offset_find (SlSource *stem,
                SlSource *reference,
                gint64 start,
                gint64 max_lag,
                SlOffset *offset,
                const SlProgress *progress,
                GError **error);

G_END_DECLS
