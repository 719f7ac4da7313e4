/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which joins an extension uses: found, set by hand, or on the grid. Private to this room. */
#pragma once

#include "engine/align/extent.h"

G_BEGIN_DECLS

/** Most joins that take turns in one extension. */
#define SL_MAX_JOINS 4

typedef struct
{
  gint64 join;  ///< source frame at which the source stops
  gint64 lag;   ///< frames that it goes back
  gint64 beats; ///< above 0: lag is exactly this many beats of the grid, rounded
  gint64 pre;   ///< frames of the crossfade before the join
  gint64 post;  ///< and after it, where there is nothing before the loop body
} SlJoin;

typedef struct
{
  SlJoin joins[SL_MAX_JOINS]; ///< they take turns, from the first on
  guint n;                    ///< at least 1
  int candidate;              ///< index of the candidate that became the first, or -1
  gboolean fallback;          ///< nothing matched
} SlJoinSet;

/** Whether @candidate lies in what @extent uses of its source and is long enough to repeat. */
gboolean
sl_join_usable (const SlExtent *extent, const SlCandidate *candidate);

/** Whether nothing matched for @candidate. */
gboolean
sl_join_is_fallback (const SlCandidate *candidate);

/** Whether the source is known to have at most a single sound, which dies away. */
gboolean
sl_join_sounds_once (const SlPlanOptions *options);

/** A score that can be compared: NaN is below all others. */
double
sl_join_score (const SlCandidate *candidate);

/**
 * Whether @candidate is good enough for auto to loop: usable, score ≥ 0.9, whole bars (any lag when
 * the tempo is unknown).
 */
gboolean
sl_join_qualifies (const SlExtent *extent, const SlCandidate *candidate);

/** The crossfade for going back @lag frames at @join, within what the source has around both. */
SlJoin
sl_join_make (const SlExtent *extent, gint64 join, gint64 lag, gint64 beats);

/** Whether a repeat of @beats beats has its frames before @join and is long enough, however it is
 *  rounded. */
gboolean
sl_join_has_beats (const SlExtent *extent, gint64 join, gint64 beats);

/** Last source frame on which a join may lie: before an ending that is kept. */
gint64
sl_join_latest (const SlExtent *extent);

/** Whether any rest that whole loops leave before a kept ending can be made up at @join. */
gboolean
sl_join_can_make_up (const SlExtent *extent, gint64 join);

/** Beats of a loop length set by hand; more than any source has when the number is absurd. */
gint64
sl_join_loop_beats (const SlPlanOptions *options);

/** Whether what was set by hand can be carried out at all; FALSE with SL_ERROR_INVALID. */
gboolean
sl_join_check_settings (const SlExtent *extent, GError **error);

/**
 * A join where none was found: as set by hand, else the last whole bars, else the last whole beats,
 * else the source's end. FALSE with SL_ERROR_INVALID when the source is too short for it.
 */
gboolean
sl_join_invent (const SlExtent *extent, SlStrategy strategy, SlJoin *join, GError **error);

/**
 * Picks the joins for @strategy: up to SL_MAX_JOINS for a crossfade, and for a loop that would come
 * again more than three times; one for other loops and what is set by hand. With SL_ENDING_KEEP
 * they lie before the source's ending. FALSE with SL_ERROR_INVALID for settings by hand that cannot
 * be carried out and sources too short to repeat.
 */
gboolean
sl_joins_pick (const SlExtent *extent, SlStrategy strategy, SlJoinSet *set, GError **error);

G_END_DECLS
