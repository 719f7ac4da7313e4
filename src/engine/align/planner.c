/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/planner.h"

#include "engine/align/strategies.h"
#include "engine/base/error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* A source shorter than this many of the shortest loop bodies is not extended by auto: with three
 * there is always a loop, a kept ending included. */
#define FEWEST_BODIES 3

static const char *const strategy_names[] = {
  [SL_STRATEGY_AUTO] = "auto",           [SL_STRATEGY_NONE] = "none",
  [SL_STRATEGY_ZERO_PAD] = "zero-pad",   [SL_STRATEGY_LOOP] = "loop",
  [SL_STRATEGY_CROSSFADE] = "crossfade", [SL_STRATEGY_PLACE] = "place",
  [SL_STRATEGY_TRUNCATE] = "truncate",
};

const char *
sl_strategy_name (SlStrategy strategy)
{
  return strategy_names[strategy];
}

gboolean
sl_strategy_parse (const char *text, SlStrategy *strategy, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (strategy_names); i++)
    if (g_ascii_strcasecmp (text, strategy_names[i]) == 0)
      {
        *strategy = (SlStrategy) i;
        return TRUE;
      }
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               _ ("“%s” is not a strategy: use auto, none, zero-pad, loop, crossfade, place or "
                  "truncate."),
               text);
  return FALSE;
}

SlPlanOptions
sl_plan_options_default (void)
{
  return (SlPlanOptions){
    .strategy = SL_STRATEGY_AUTO,
    .target = 1,
    .rate_hz = 48000,
    .grid = { .beat_num = 0, .beat_den = 1, .beats_per_bar = 4, .origin = 0 },
    .fill = SL_FILL_NONE,
    .ending = SL_ENDING_CUT,
    .join = -1,
    .fade_ms = -1.0,
  };
}

void
sl_planned_clear (SlPlanned *planned)
{
  g_clear_pointer (&planned->plan, sl_plan_free);
  g_clear_pointer (&planned->reason, g_free);
}

gint64
sl_planner_gap (const SlPlanOptions *options)
{
  __int128 gap = (__int128) options->target - options->offset - options->source_length;

  return (gint64) CLAMP (gap, G_MININT64, G_MAXINT64);
}

static gboolean
in_range (gint64 frames)
{
  return frames >= -SL_PLANNER_MAX_FRAMES && frames <= SL_PLANNER_MAX_FRAMES;
}

/* Inside these bounds no sum of a few of them overflows. */
static gboolean
all_in_range (const SlPlanOptions *options)
{
  return in_range (options->source_length) && in_range (options->target)
         && in_range (options->offset)
         && (!options->has_section
             || (in_range (options->section_start) && in_range (options->section_end)));
}

static gboolean
has_qualified_join (const SlExtent *extent)
{
  const SlPlanOptions *options = extent->options;

  for (guint i = 0; i < options->n_candidates; i++)
    if (sl_join_qualifies (extent, &options->candidates[i]))
      return TRUE;
  return FALSE;
}

SlStrategy
sl_planner_choose (const SlPlanOptions *options)
{
  SlExtent extent;
  gint64 gap = sl_planner_gap (options);

  /* What is out of range cannot be planned at all. */
  if (gap == 0 || !all_in_range (options))
    return SL_STRATEGY_NONE;
  extent = sl_extent_make (options, options->offset, options->target);
  if (options->has_section)
    return SL_STRATEGY_PLACE;
  if (gap < 0)
    return SL_STRATEGY_TRUNCATE;
  if (gap < options->rate_hz - gap
      || sl_extent_room (&extent) < FEWEST_BODIES * sl_extent_min_body (&extent))
    return SL_STRATEGY_ZERO_PAD;
  if (has_qualified_join (&extent))
    return SL_STRATEGY_LOOP;
  if (sl_join_sounds_once (options))
    return SL_STRATEGY_ZERO_PAD;
  if (options->rhythmic)
    return SL_STRATEGY_LOOP;
  return SL_STRATEGY_CROSSFADE;
}

/* The strategy used: auto decided, and none where there is nothing left to do. */
static SlStrategy
decide (const SlPlanOptions *options)
{
  if (options->strategy == SL_STRATEGY_AUTO)
    return sl_planner_choose (options);
  if (options->strategy != SL_STRATEGY_PLACE && sl_planner_gap (options) == 0)
    return SL_STRATEGY_NONE;
  return options->strategy;
}

static gboolean
fills_section (const SlPlanOptions *options)
{
  gint64 end;

  if (!options->has_section || options->fill == SL_FILL_NONE || !all_in_range (options))
    return FALSE;
  end = options->section_start + options->offset + options->source_length;
  return end < sl_draft_section_end (options);
}

gboolean
sl_planner_needs_candidates (const SlPlanOptions *options)
{
  switch (decide (options))
    {
    case SL_STRATEGY_LOOP:
    case SL_STRATEGY_CROSSFADE:
      return sl_planner_gap (options) > 0;
    case SL_STRATEGY_PLACE:
      return fills_section (options);
    default:
      return FALSE;
    }
}

/* Bars and beats matter to joins alone: which of them are preferred, and how repeats are placed. */
gboolean
sl_planner_uses_grid (const SlPlanOptions *options)
{
  return sl_planner_needs_candidates (options);
}

static gboolean
check_range (const SlPlanOptions *options, GError **error)
{
  if (all_in_range (options))
    return TRUE;
  g_set_error_literal (error, SL_ERROR, SL_ERROR_LIMIT,
                       _ ("A length or position is beyond a quadrillion frames. Choose a smaller "
                          "one."));
  return FALSE;
}

static gboolean
check_options (const SlPlanOptions *options, GError **error)
{
  const char *message = NULL;

  if (options->source_length < 1)
    message = _ ("The stem is empty: choose another file.");
  else if (options->target < 1)
    message = _ ("The target must be at least one frame long.");
  else if (options->rate_hz < 1)
    message = _ ("The sample rate must be at least 1 Hz.");
  else if (isnan (options->fade_ms))
    message = _ ("The fade's length is not a number: choose one in milliseconds.");
  if (message == NULL)
    return check_range (options, error);
  g_set_error_literal (error, SL_ERROR, SL_ERROR_INVALID, message);
  return FALSE;
}

/* Counts the segments before any memory is taken for them. */
static gboolean
count_segments (const SlDraft *draft, gint64 *count, GError **error)
{
  SlLayout layout;

  sl_layout_init (&layout, NULL);
  if (!sl_draft_lay (draft, &layout, error))
    return FALSE;
  *count = layout.count;
  if (layout.count <= SL_PLAN_MAX_SEGMENTS)
    return TRUE;
  sl_layout_refuse_count (error);
  return FALSE;
}

static SlPlan *
make_plan (const SlDraft *draft, GError **error)
{
  const SlPlanOptions *options = draft->extent.options;
  g_autoptr (SlPlan) plan = sl_plan_new (options->target, options->source_length);
  SlLayout layout;
  gint64 count;

  if (!count_segments (draft, &count, error))
    return NULL;
  g_array_set_size (plan->segments, (guint) count);
  g_array_set_size (plan->segments, 0);
  sl_layout_init (&layout, plan->segments);
  if (!sl_draft_lay (draft, &layout, error))
    return NULL;
  g_assert (sl_plan_validate (plan, NULL));
  return g_steal_pointer (&plan);
}

gboolean
sl_planner_make (const SlPlanOptions *options, SlPlanned *planned, GError **error)
{
  SlDraft draft;

  *planned = (SlPlanned){ .candidate = -1 };
  if (!check_options (options, error)
      || !sl_draft_prepare (&draft, decide (options), options, error))
    return FALSE;
  planned->plan = make_plan (&draft, error);
  if (planned->plan == NULL)
    return FALSE;
  planned->strategy = draft.strategy;
  planned->reason = sl_draft_reason (&draft);
  planned->candidate = draft.set.candidate;
  planned->notes = draft.notes;
  return TRUE;
}
