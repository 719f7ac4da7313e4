/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What makes one join better than another. Pure. Private to align. */
#pragma once

#include "engine/align/finder.h"

G_BEGIN_DECLS

/** What the finder knows of a join besides its place. */
typedef struct
{
  double correlation; ///< right before the join, -1 to 1
  double compared_s;  ///< seconds over which that was measured
  double context;     ///< of the seconds before it, at the reduced rate, -1 to 1; 0 when unknown
  double evidence;    ///< 0 to 1: how much of the context lies inside the source
  double following;   ///< correlation of what follows; 1 when nothing follows
  double gain_db;     ///< level before the join against that of the same place a lag earlier
  double dropped_s;   ///< audible seconds of the source after the join
} SlEvidence;

/** Whole bars, whole beats or neither; SL_LAG_FREE without a tempo. */
SlLagKind
sl_scoring_kind (const SlGrid *grid, int rate_hz, gint64 lag);

/** What a lag loses for its kind and its length, given how well it matches. */
double
sl_scoring_lag_penalty (const SlFinderOptions *options,
                        int rate_hz,
                        gint64 lag,
                        double correlation);

/** The score of a match, 0 to 1; 0 for a negative correlation. */
double
sl_scoring_match (const SlFinderOptions *options,
                  int rate_hz,
                  gint64 lag,
                  const SlEvidence *evidence);

/** The score of repeating a source that is a loop by its length, from its first frame. */
double
sl_scoring_whole (void);

/** The score of a fallback: below any clear match, above what matches by chance. */
double
sl_scoring_fallback (double correlation);

G_END_DECLS
