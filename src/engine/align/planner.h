/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides: lengths, tempo, options and candidates become a plan. Pure; any thread. */
#pragma once

#include "engine/align/finder.h"
#include "engine/align/plan.h"

G_BEGIN_DECLS

typedef enum
{
  SL_STRATEGY_AUTO,
  SL_STRATEGY_NONE,
  SL_STRATEGY_ZERO_PAD,
  SL_STRATEGY_LOOP,
  SL_STRATEGY_CROSSFADE,
  SL_STRATEGY_PLACE,
  SL_STRATEGY_TRUNCATE
} SlStrategy;

typedef enum
{
  SL_ENDING_CUT, ///< the extension is cut where the target ends
  SL_ENDING_KEEP ///< the loop is inserted before the stem's own ending
} SlEnding;

typedef enum
{
  SL_FILL_NONE,
  SL_FILL_LOOP,
  SL_FILL_CROSSFADE
} SlFill;

/** "auto", "none", "zero-pad", "loop", "crossfade", "place", "truncate". */
const char *
sl_strategy_name (SlStrategy strategy);

gboolean
sl_strategy_parse (const char *text, SlStrategy *strategy, GError **error);

typedef struct
{
  SlStrategy strategy;
  gint64 source_length; ///< frames, 0 or more
  gint64 target;        ///< frames, 1 or more
  gint64 offset; ///< frame of the target on which the source starts; negative: its start is cut
  int rate_hz;
  SlGrid grid;          ///< in frames of the target; may be unknown
  gboolean rhythmic;    ///< drums, bass, percussion
  gboolean has_section; ///< assigned to a section
  gint64 section_start; ///< its range, in frames of the target, when has_section
  gint64 section_end;
  SlFill fill; ///< inside a section longer than the source
  SlEnding ending;
  int loop_bars;                 ///< 0: found
  gint64 join;                   ///< source frame, -1: found
  double fade_ms;                ///< negative: by role and gap; see sl_planner_make()
  gboolean ends_silent;          ///< the source's last frames are silent: no fade before padding
  const SlCandidate *candidates; ///< ranked, may be NULL
  guint n_candidates;
  guint candidate; ///< which of them to use; 0 is the best
} SlPlanOptions;

/** Everything unset: auto, melodic, unknown tempo, no section, found joins, default fades. */
SlPlanOptions
sl_plan_options_default (void);

/** A note that belongs in the badge. */
typedef enum
{
  SL_PLAN_NOTE_NONE = 0,
  SL_PLAN_NOTE_SECTION_OVERRUN = 1 << 0, ///< longer than its section, kept
  SL_PLAN_NOTE_CUT_AT_TARGET = 1 << 1,   ///< placed past the target's end, cut
  SL_PLAN_NOTE_START_CUT = 1 << 2,       ///< a negative offset cut its start
  SL_PLAN_NOTE_FALLBACK = 1 << 3         ///< joined on the grid because nothing matched
} SlPlanNotes;

typedef struct
{
  SlPlan *plan;        ///< valid
  SlStrategy strategy; ///< the one used; never auto
  char *reason;        ///< why, one sentence for people
  int candidate;       ///< index of the candidate used, or -1
  guint notes;         ///< SlPlanNotes
} SlPlanned;

void
sl_planned_clear (SlPlanned *planned);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SlPlanned, sl_planned_clear)

/** target - (offset + source length), for a stem that is not placed in a section. */
gint64
sl_planner_gap (const SlPlanOptions *options);

/**
 * What auto becomes for @options, in the documented order: gap 0, section, too long, gap under
 * 0.5 s, a join of whole bars (any lag when the tempo is unknown) with score ≥ 0.9, a single sound
 * that dies away (zero-pad), rhythmic, otherwise crossfade. A source under 30 ms is too short to
 * repeat and is padded. Never auto.
 */
SlStrategy
sl_planner_choose (const SlPlanOptions *options);

/** Whether the plan needs the finder's candidates, known before any listening. */
gboolean
sl_planner_needs_candidates (const SlPlanOptions *options);

/** Whether the plan depends on the grid of bars and beats (not on sections). */
gboolean
sl_planner_uses_grid (const SlPlanOptions *options);

/**
 * Makes the plan. One function per strategy inside; the result satisfies sl_plan_validate().
 *
 * Where nothing is left to fill or to cut, every strategy but place becomes none.
 *
 * Repeats: the source goes on at join - lag. The k-th repeat starts k times the lag after the join;
 * but where the lag lies within a frame of whole beats and all repeats together would stray from
 * them by more than 1 ms, k times the exact length of those beats, rounded once. Crossfade takes
 * the longest lag among the best joins and lets others that are as good take turns. So does a loop
 * that more than three times its length are missing of, with those that keep the rhythm: whole
 * bars, or, without a tempo, lags that are to each other as small numbers. Frames that a
 * negative offset cut off are not repeated. Of a loop set by hand what is not set is found, or
 * taken from the grid.
 *
 * SL_ENDING_KEEP: the join lies at least a bar (2 s without a tempo; at most a quarter of the
 * source) before the source's end. Whole loops are inserted there as long as more than one is
 * missing, then one step back of exactly the rest, and the source plays to its end. Joins whose
 * loop goes into the gap evenly are preferred.
 *
 * Crossfades end on the join and lie in what comes before it: min (50 ms, a quarter of the loop)
 * for rhythmic material, else min (30 % of the gap, 2 s) and at least 5 ms; shorter where the loop
 * begins with the source (there up to 5 ms, or all of it when not rhythmic, lie behind the join),
 * and never above half of the loop; sl_plan_fit_fades() then shortens them to what the audio bears.
 * Fades against silence: 5 ms out before padding unless
 * options->ends_silent; 10 ms out where audio is cut; 1 ms in where a negative offset cuts the
 * start, since nothing here tells whether that is in sound and an attack must survive it.
 * options->fade_ms replaces the length of crossfades, or, without any, of the fade-out (up to 2 s);
 * what does not fit is shortened, never refused.
 *
 * Errors: SL_ERROR_INVALID for what cannot be planned (an empty source; zero-pad, loop or crossfade
 * of a source that is too long; truncate of one that is too short; none of one that is either; a
 * source of which nothing is heard; place without a section; a join or loop length outside the
 * source; a loop shorter than 10 ms), SL_ERROR_LIMIT for more than SL_PLAN_MAX_SEGMENTS segments
 * or 2^50 frames. Each message says what to do instead.
 */
gboolean
sl_planner_make (const SlPlanOptions *options, SlPlanned *planned, GError **error);

G_END_DECLS
