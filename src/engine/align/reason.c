/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/strategies.h"

#include "engine/base/units.h"

#include <glib/gi18n-lib.h>

/* Numbers keep the decimal point in every locale, so that reports do not depend on it. */
static char *
number_text (double number, const char *format)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, format, number));
}

char *
sl_draft_duration_text (gint64 frames, int rate_hz)
{
  g_autofree char *number = NULL;

  if (frames < rate_hz / 1000)
    {
      number = g_strdup_printf ("%" G_GINT64_FORMAT, frames);
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s frame", "%s frames",
                                           (gulong) frames),
                              number);
    }
  if (frames < rate_hz)
    {
      number = number_text (sl_ms_from_frames (frames, rate_hz), "%.1f");
      return g_strdup_printf (_ ("%s ms"), number);
    }
  number = number_text (sl_ms_from_frames (frames, rate_hz) / 1000.0, "%.3f");
  return g_strdup_printf (_ ("%s s"), number);
}

static gboolean
was_auto (const SlDraft *draft)
{
  return draft->extent.options->strategy == SL_STRATEGY_AUTO;
}

static char *
length_text (const SlDraft *draft, gint64 frames)
{
  return sl_draft_duration_text (frames, draft->extent.options->rate_hz);
}

static char *
reason_none (const SlDraft *draft)
{
  g_autofree char *target = g_strdup_printf ("%" G_GINT64_FORMAT, draft->extent.options->target);

  return g_strdup_printf (_ ("The stem ends exactly with the target, at frame %s."), target);
}

static char *
reason_zero_pad (const SlDraft *draft)
{
  gint64 gap = sl_extent_gap (&draft->extent);
  g_autofree char *missing = length_text (draft, gap);

  if (!was_auto (draft))
    return g_strdup_printf (_ ("Chosen by hand: silence fills the last %s."), missing);
  if (gap < draft->extent.options->rate_hz - gap)
    return g_strdup_printf (_ ("Only the last %s are missing, less than 0.5 s, so silence fills "
                               "them."),
                            missing);
  if (sl_join_sounds_once (draft->extent.options))
    return g_strdup_printf (
        _ ("The stem has no more than a single sound, so silence fills the last "
           "%s."),
        missing);
  return g_strdup_printf (_ ("The stem is too short to be repeated, so silence fills the last %s."),
                          missing);
}

static char *
reason_truncate (const SlDraft *draft)
{
  g_autofree char *excess
      = length_text (draft, sl_extent_natural_end (&draft->extent) - draft->extent.end);

  return g_strdup_printf (was_auto (draft)
                              ? _ ("The stem is %s longer than the target, so its end is cut.")
                              : _ ("Chosen by hand: the last %s are cut."),
                          excess);
}

static char *
reason_loop (const SlDraft *draft)
{
  const SlPlanOptions *options = draft->extent.options;
  const SlJoinSet *set = &draft->set;
  g_autofree char *gap = length_text (draft, sl_extent_gap (&draft->extent));
  g_autofree char *loop = length_text (draft, set->joins[0].lag);
  g_autofree char *score = NULL;

  if (!was_auto (draft))
    return g_strdup_printf (_ ("Chosen by hand: a loop of %s fills the missing %s."), loop, gap);
  if (set->candidate < 0
      || !sl_join_qualifies (&draft->extent, &options->candidates[set->candidate]))
    return g_strdup_printf (_ ("The part is rhythmic, so a loop of %s fills the missing %s."), loop,
                            gap);
  score = number_text (options->candidates[set->candidate].score, "%.2f");
  return g_strdup_printf (_ ("A loop of %s scores %s out of 1 (0.90 is enough), so it fills "
                             "the missing %s."),
                          loop, score, gap);
}

static char *
reason_crossfade (const SlDraft *draft)
{
  g_autofree char *gap = length_text (draft, sl_extent_gap (&draft->extent));

  return g_strdup_printf (
      was_auto (draft)
          ? _ ("No loop scores 0.90 out of 1 and the part is not rhythmic, so crossfaded "
               "pieces of it fill the missing %s.")
          : _ ("Chosen by hand: crossfaded pieces of the stem fill the missing %s."),
      gap);
}

static char *
reason_place (const SlDraft *draft)
{
  const SlPlanOptions *options = draft->extent.options;
  g_autofree char *at = g_strdup_printf ("%" G_GINT64_FORMAT, draft->extent.shift);
  g_autofree char *seconds
      = number_text (sl_ms_from_frames (draft->extent.shift, options->rate_hz) / 1000.0, "%.3f");

  if (draft->fill == SL_STRATEGY_LOOP)
    return g_strdup_printf (_ ("The stem belongs to a section, starts at %s s (frame %s) and is "
                               "looped to the section's end."),
                            seconds, at);
  if (draft->fill == SL_STRATEGY_CROSSFADE)
    return g_strdup_printf (_ ("The stem belongs to a section, starts at %s s (frame %s) and is "
                               "extended by crossfades to the section's end."),
                            seconds, at);
  return g_strdup_printf (_ ("The stem belongs to a section and starts at %s s (frame %s)."),
                          seconds, at);
}

char *
sl_draft_reason (const SlDraft *draft)
{
  switch (draft->strategy)
    {
    case SL_STRATEGY_AUTO:
      break;
    case SL_STRATEGY_NONE:
      return reason_none (draft);
    case SL_STRATEGY_ZERO_PAD:
      return reason_zero_pad (draft);
    case SL_STRATEGY_LOOP:
      return reason_loop (draft);
    case SL_STRATEGY_CROSSFADE:
      return reason_crossfade (draft);
    case SL_STRATEGY_PLACE:
      return reason_place (draft);
    case SL_STRATEGY_TRUNCATE:
      return reason_truncate (draft);
    }
  g_assert_not_reached ();
}
