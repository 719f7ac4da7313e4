/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/spans.h"

#include "engine/base/error.h"

#include <glib/gi18n-lib.h>

static const SlSegment *
segment_of (const SlPlan *plan, guint index)
{
  return &g_array_index (plan->segments, SlSegment, index);
}

static gint64
end_of (const SlSegment *segment)
{
  return segment->dest + segment->length;
}

static gboolean
overlaps_next (const SlPlan *plan, guint index)
{
  return index + 1 < plan->segments->len
         && segment_of (plan, index + 1)->dest < end_of (segment_of (plan, index));
}

SlSpan
sl_span_at (const SlPlan *plan, guint *segment, gint64 frame)
{
  const SlSegment *current;
  gint64 fade_in_end;
  gint64 fade_out_start;
  gint64 end;

  while (end_of (segment_of (plan, *segment)) <= frame)
    (*segment)++;
  current = segment_of (plan, *segment);
  end = end_of (current);
  fade_in_end = current->dest + current->fade_in;
  fade_out_start = end - current->fade_out;

  if (current->source < 0)
    return (SlSpan){ SL_SPAN_SILENCE, current->dest, end, *segment };
  if (frame >= fade_out_start)
    return (SlSpan){ overlaps_next (plan, *segment) ? SL_SPAN_CROSS : SL_SPAN_FADE_OUT,
                     fade_out_start, end, *segment };
  /* An overlap with the segment before ends with it, so that this fade-in has none. */
  if (frame < fade_in_end)
    return (SlSpan){ SL_SPAN_FADE_IN, current->dest, fade_in_end, *segment };
  return (SlSpan){ SL_SPAN_COPY, fade_in_end, fade_out_start, *segment };
}

gint64
sl_span_source_frame (const SlPlan *plan, guint index, gint64 frame)
{
  const SlSegment *segment = segment_of (plan, index);

  return segment->source + (frame - segment->dest);
}

gboolean
sl_plan_check_source (const SlPlan *plan, const SlSource *source, GError **error)
{
  g_autofree char *has = g_strdup_printf ("%" G_GINT64_FORMAT, source->length);
  g_autofree char *wants = g_strdup_printf ("%" G_GINT64_FORMAT, plan->source_length);

  if (source->length == plan->source_length)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               _ ("The source has %s frames, but the plan was made for %s. Plan the stem again."),
               has, wants);
  return FALSE;
}
