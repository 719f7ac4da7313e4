/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a master is the sum of its stems. */
#pragma once

#include "engine/base/progress.h"
#include "engine/io/source.h"

G_BEGIN_DECLS

typedef struct
{
  double peak;                ///< largest |master - clamped sum|, linear
  gint64 worst_frame;         ///< where, or 0
  double rms;                 ///< of the residual, linear
  int suspect;                ///< index of the stem that explains the residual best, or -1
  double suspect_correlation; ///< |r| of the residual with that stem in the worst second
} SlNullResult;

/**
 * Reads @master and all @stems (borrowed; sought to 0 first) and compares, sample by sample, master
 * with the sum of stems × gains, clamped to ±1 when @clamp. Channel rules as in sl_mixer_new().
 * Different lengths are SL_ERROR_INVALID. The suspect is sought only when the peak passes
 * @limit: the stem with the largest |correlation| with the residual in the second around the worst
 * frame. A residual that is not a finite number is an infinite peak.
 */
gboolean
sl_null_test (SlSource *master,
              SlSource *const *stems,
              const double *gains,
              guint n_stems,
              gboolean clamp,
              double limit,
              SlNullResult *result,
              const SlProgress *progress,
              GError **error);

G_END_DECLS
