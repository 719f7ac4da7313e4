/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well a seam was made, measured on the rendered audio against its two segments, unfaded. */
#pragma once

#include "engine/align/plan.h"
#include "engine/base/grid.h"

G_BEGIN_DECLS

/** NAN: does not apply (level and match against silence, grid without a tempo or a loop). */
typedef struct
{
  double step;        ///< ratio; pass ≤ 1.5, warn ≤ 3, fail above
  gint64 step_frame;  ///< target frame of the largest step
  double level_db;    ///< the 10 ms window farthest from 0 dB, signed; pass within 1, warn within 3
  gint64 level_frame; ///< target frame of that window
  double grid_ms;     ///< distance of the loop length from whole beats; pass ≤ 1, warn ≤ 10
  double match;       ///< normalised correlation at the join; pass ≥ 0.9, else warn
} SlSeamQuality;

#define SL_SEAM_STEP_PASS 1.5
#define SL_SEAM_STEP_WARN 3.0
#define SL_SEAM_LEVEL_PASS_DB 1.0
#define SL_SEAM_LEVEL_WARN_DB 3.0
#define SL_SEAM_GRID_PASS_MS 1.0
#define SL_SEAM_GRID_WARN_MS 10.0
#define SL_SEAM_MATCH_PASS 0.9

/**
 * Measures @seam of @plan: the worst over all channels.
 * step: the largest sample-to-sample step of @rendered in the overlap and 2 ms either side, over
 * the larger of (the largest step that the two segments have there, unfaded) and (the 99.9th
 * percentile of steps within 1 s).
 * level: 10 ms RMS of @rendered against the unfaded segments at the same frames,
 * 10·log10 (P / ((1 - t)·P_A + t·P_B)); windows more than 30 dB below the louder segment's mean, or
 * below -60 dBFS, do not count.
 * grid: distance of the jump in the source from whole beats of @grid (may be NULL or unknown).
 * match: correlation of the two segments over the overlap; without an overlap, over up to 50 ms
 * before the seam.
 * @source and @rendered are borrowed and sought at will; equal channel counts. Memory does not
 * depend on the overlap's length beyond a few seconds.
 */
gboolean
sl_seam_measure (const SlPlan *plan,
                 const SlSeam *seam,
                 const SlGrid *grid,
                 SlSource *source,
                 SlSource *rendered,
                 SlSeamQuality *quality,
                 GError **error);

G_END_DECLS
