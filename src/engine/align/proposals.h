/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which lags are worth measuring at full rate. Private to align. */
#pragma once

#include "engine/align/ending.h"

G_BEGIN_DECLS

/** Of the finder's progress, what proposing takes. */
#define SL_PROPOSALS_PART 0.8

/** Lags nearer than this are the same to a listener. */
#define SL_SAME_LAG_MS 10.0

typedef struct
{
  gint64 lag;
  gint64 radius;  ///< frames within which the exact lag is to be looked for
  double context; ///< how well the seconds before match, at the reduced rate; 0 when unknown
  double overlap; ///< 0 to 1: how much of those seconds lies inside the source
} SlProposal;

/**
 * Streams @source and proposes the lags at which it was heard before, and those of whole bars; or
 * only the loop length set by hand. An array of SlProposal, maybe empty, or NULL with the source's
 * error or SL_ERROR_CANCELLED.
 */
GArray *
sl_proposals_find (SlSource *source,
                   const SlEnding *ending,
                   const SlFinderOptions *options,
                   const SlProgress *progress,
                   GError **error);

G_END_DECLS
