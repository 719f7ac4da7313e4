/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/strategies.h"

#include "engine/base/error.h"
#include "engine/base/units.h"

#include <glib/gi18n-lib.h>

static gint64
target_of (const SlDraft *draft)
{
  return draft->extent.options->target;
}

/* Some of the source must be heard. */
static gboolean
check_heard (const SlDraft *draft, GError **error)
{
  const char *message = NULL;

  if (draft->extent.shift >= target_of (draft))
    message = _ ("The stem starts after the target's end: choose a smaller offset, or an earlier "
                 "section.");
  else if (sl_extent_natural_end (&draft->extent) <= 0)
    message = _ ("The offset cuts off the whole stem: choose a larger one.");
  if (message == NULL)
    return TRUE;
  g_set_error_literal (error, SL_ERROR, SL_ERROR_INVALID, message);
  return FALSE;
}

static char *
gap_text (const SlDraft *draft)
{
  return sl_draft_duration_text (ABS (sl_extent_natural_end (&draft->extent) - target_of (draft)),
                                 draft->extent.options->rate_hz);
}

static gboolean
check_not_longer (const SlDraft *draft, GError **error)
{
  g_autofree char *gap = gap_text (draft);

  if (sl_extent_natural_end (&draft->extent) <= target_of (draft))
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               _ ("The stem is %s longer than the target, so there is nothing to fill: choose "
                  "truncate or auto."),
               gap);
  return FALSE;
}

static gboolean
prepare_none (SlDraft *draft, GError **error)
{
  g_autofree char *gap = gap_text (draft);

  if (sl_extent_natural_end (&draft->extent) == target_of (draft))
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               _ ("The stem's length differs from the target's by %s: choose auto, or a strategy "
                  "that makes it fit."),
               gap);
  return FALSE;
}

static gboolean
prepare_zero_pad (SlDraft *draft, GError **error)
{
  return check_not_longer (draft, error);
}

/* Fills with @fill what is missing up to the extent's end, if anything is. */
static gboolean
prepare_fill (SlDraft *draft, SlStrategy fill, GError **error)
{
  if (sl_extent_gap (&draft->extent) <= 0)
    return TRUE;
  draft->fill = fill;
  if (!sl_joins_pick (&draft->extent, fill, &draft->set, error))
    return FALSE;
  if (draft->set.fallback)
    draft->notes |= SL_PLAN_NOTE_FALLBACK;
  return TRUE;
}

static gboolean
prepare_loop (SlDraft *draft, GError **error)
{
  return check_not_longer (draft, error) && prepare_fill (draft, SL_STRATEGY_LOOP, error);
}

static gboolean
prepare_crossfade (SlDraft *draft, GError **error)
{
  return check_not_longer (draft, error) && prepare_fill (draft, SL_STRATEGY_CROSSFADE, error);
}

gint64
sl_draft_section_end (const SlPlanOptions *options)
{
  return MIN (options->section_end, options->target);
}

static gboolean
check_section (const SlPlanOptions *options, GError **error)
{
  const char *message = NULL;

  if (!options->has_section)
    message = _ ("The stem belongs to no section: assign it to one, or choose another strategy.");
  else if (options->section_end <= options->section_start)
    message = _ ("The stem's section is empty: give it a length, or choose another strategy.");
  if (message == NULL)
    return TRUE;
  g_set_error_literal (error, SL_ERROR, SL_ERROR_INVALID, message);
  return FALSE;
}

static gboolean
prepare_place (SlDraft *draft, GError **error)
{
  const SlPlanOptions *options = draft->extent.options;

  if (!check_section (options, error))
    return FALSE;
  draft->extent = sl_extent_make (options, options->section_start + options->offset,
                                  sl_draft_section_end (options));
  if (!check_heard (draft, error))
    return FALSE;
  if (sl_extent_natural_end (&draft->extent) > options->section_end)
    draft->notes |= SL_PLAN_NOTE_SECTION_OVERRUN;
  if (sl_extent_natural_end (&draft->extent) > options->target)
    draft->notes |= SL_PLAN_NOTE_CUT_AT_TARGET;
  if (options->fill == SL_FILL_NONE)
    return TRUE;
  return prepare_fill (draft,
                       options->fill == SL_FILL_LOOP ? SL_STRATEGY_LOOP : SL_STRATEGY_CROSSFADE,
                       error);
}

static gboolean
prepare_truncate (SlDraft *draft, GError **error)
{
  g_autofree char *gap = gap_text (draft);

  if (sl_extent_natural_end (&draft->extent) >= target_of (draft))
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               _ ("The stem is %s shorter than the target, so there is nothing to cut: choose "
                  "zero-pad, loop, crossfade or auto."),
               gap);
  return FALSE;
}

typedef gboolean (*Prepare) (SlDraft *draft, GError **error);

gboolean
sl_draft_prepare (SlDraft *draft, SlStrategy strategy, const SlPlanOptions *options, GError **error)
{
  static const Prepare prepare[] = {
    [SL_STRATEGY_NONE] = prepare_none,   [SL_STRATEGY_ZERO_PAD] = prepare_zero_pad,
    [SL_STRATEGY_LOOP] = prepare_loop,   [SL_STRATEGY_CROSSFADE] = prepare_crossfade,
    [SL_STRATEGY_PLACE] = prepare_place, [SL_STRATEGY_TRUNCATE] = prepare_truncate,
  };

  *draft = (SlDraft){ .strategy = strategy, .fill = SL_STRATEGY_NONE };
  draft->set.candidate = -1;
  draft->extent = sl_extent_make (options, options->offset, options->target);
  if (strategy != SL_STRATEGY_PLACE && !check_heard (draft, error))
    return FALSE;
  if (!prepare[strategy](draft, error))
    return FALSE;
  if (draft->extent.first > 0)
    draft->notes |= SL_PLAN_NOTE_START_CUT;
  return TRUE;
}

static gint64
frames_of (const SlDraft *draft, double ms)
{
  return sl_frames_from_ms (ms, draft->extent.options->rate_hz);
}

/* Silence up to the source, then the source, opened. A start that was cut fades in, since nothing
 * here tells whether the cut fell into sound. */
static void
lay_start (const SlDraft *draft, SlLayout *layout)
{
  const SlExtent *extent = &draft->extent;
  gint64 start = extent->shift + extent->first;
  gint64 end = MIN (sl_extent_natural_end (extent), target_of (draft));
  gint64 fade = 0;

  /* It then starts on the target's first frame. */
  if (extent->first > 0)
    fade = MIN (frames_of (draft, SL_FADE_START_MS), end / 2);
  sl_layout_silence (layout, start);
  sl_layout_open (layout, extent->first, fade);
}

/* The fade-out of a source that is followed by silence, or cut, or neither. */
static gint64
end_fade (const SlDraft *draft)
{
  const SlExtent *extent = &draft->extent;
  gint64 longest = frames_of (draft, SL_FADE_MELODIC_MS);

  if (sl_extent_natural_end (&draft->extent) > target_of (draft))
    return sl_extent_fade (extent, SL_FADE_CUT_MS, longest);
  if (sl_extent_natural_end (&draft->extent) == target_of (draft) || extent->options->ends_silent)
    return 0;
  return sl_extent_fade (extent, SL_FADE_PAD_MS, longest);
}

/* The fade-out of an extension; options->fade_ms is about its crossfades, not about this. */
static gint64
extension_fade (const SlDraft *draft)
{
  const SlExtent *extent = &draft->extent;

  if (!sl_extent_keeps_ending (extent))
    return frames_of (draft, SL_FADE_CUT_MS);
  if (extent->end == target_of (draft) || extent->options->ends_silent)
    return 0;
  return frames_of (draft, SL_FADE_PAD_MS);
}

gboolean
sl_draft_lay (const SlDraft *draft, SlLayout *layout, GError **error)
{
  lay_start (draft, layout);
  if (draft->fill == SL_STRATEGY_NONE)
    sl_layout_close (layout, MIN (sl_extent_natural_end (&draft->extent), target_of (draft)),
                     end_fade (draft));
  else if (!sl_layout_extend (layout, &draft->extent, &draft->set, extension_fade (draft), error))
    return FALSE;
  sl_layout_silence (layout, target_of (draft));
  return TRUE;
}
