/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the lags at which reduced audio repeats what it ends with, as it streams by. */
#pragma once

#include "engine/align/finder.h"

G_BEGIN_DECLS

typedef struct
{
  double lag;         ///< in reduced frames, between two of them where the peak lies there
  double correlation; ///< at the peak
  double overlap;     ///< 0 to 1: how much of the template lay inside the source
  double rank;        ///< correlation less the penalties that depend on the lag alone
} SlPeak;

typedef struct _SlMatcher SlMatcher;

/**
 * Matches @tail, the @n reduced frames before reduced frame @end, with all that comes earlier.
 * @options decides which lags are preferred; both are copied. At most @most peaks are kept.
 */
SlMatcher *
sl_matcher_new (const SlFinderOptions *options,
                int rate_hz,
                const float *tail,
                gsize n,
                gint64 end,
                guint most);

/** Takes the reduced source in order, from frame 0. What comes after @end does not matter. */
void
sl_matcher_feed (SlMatcher *self, const float *reduced, gsize n);

/** The peaks, best rank first: an array of SlPeak. Ends the stream. */
GArray *
sl_matcher_finish (SlMatcher *self);

void
sl_matcher_free (SlMatcher *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlMatcher, sl_matcher_free)

G_END_DECLS
