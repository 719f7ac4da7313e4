/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/plan.h"

#include "engine/base/error.h"

#include <glib/gi18n-lib.h>

SlPlan *
sl_plan_new (gint64 target, gint64 source_length)
{
  SlPlan *plan = g_new0 (SlPlan, 1);

  plan->target = target;
  plan->source_length = source_length;
  plan->segments = g_array_new (FALSE, FALSE, sizeof (SlSegment));
  return plan;
}

SlPlan *
sl_plan_copy (const SlPlan *plan)
{
  SlPlan *copy = g_new0 (SlPlan, 1);

  copy->target = plan->target;
  copy->source_length = plan->source_length;
  copy->segments = g_array_copy (plan->segments);
  return copy;
}

void
sl_plan_free (SlPlan *plan)
{
  if (plan == NULL)
    return;
  g_array_unref (plan->segments);
  g_free (plan);
}

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

/* The rule that @segment breaks by itself, or NULL. Comparisons are arranged so that no sum can
 * overflow, whatever numbers a project file held. */
static const char *
broken_alone (const SlPlan *plan, const SlSegment *segment)
{
  if (segment->length < 1)
    return _ ("its length must be at least one frame");
  if (segment->dest < 0 || segment->length > plan->target
      || segment->dest > plan->target - segment->length)
    return _ ("it lies outside the target");
  if (segment->source < -1)
    return _ ("its source must be a frame, or -1 for silence");
  if (segment->source >= 0
      && (segment->length > plan->source_length
          || segment->source > plan->source_length - segment->length))
    return _ ("it needs frames that the source does not have");
  if (segment->fade_in < 0 || segment->fade_out < 0 || segment->fade_in > segment->length
      || segment->fade_out > segment->length - segment->fade_in)
    return _ ("its fades are longer than itself");
  if (segment->source < 0 && (segment->fade_in > 0 || segment->fade_out > 0))
    return _ ("silence cannot fade");
  if (!(segment->correlation >= 0.0 && segment->correlation <= 1.0))
    return _ ("its correlation must lie between 0 and 1");
  return NULL;
}

/* The rule that @segment breaks together with the one before it (NULL: it is the first). That at
 * most two sound at once follows: fades are the overlaps and do not meet inside a segment. */
static const char *
broken_with (const SlSegment *before, const SlSegment *segment)
{
  gint64 overlap = before != NULL ? end_of (before) - segment->dest : -segment->dest;

  if (overlap < 0)
    return _ ("there is a hole before it");
  if (overlap == 0 && segment->correlation != 0.0)
    return _ ("it has a correlation without an overlap");
  if (before == NULL)
    return NULL;
  if (segment->dest <= before->dest || end_of (segment) <= end_of (before))
    return _ ("it does not lie after the one before it");
  if (overlap > 0 && (segment->source < 0 || before->source < 0))
    return _ ("silence cannot overlap");
  if (segment->source >= 0 && before->source >= 0
      && (before->fade_out != overlap || segment->fade_in != overlap))
    return _ ("its fade is not the overlap with the one before it");
  return NULL;
}

/* Always FALSE. Segments are counted from 1 for people. */
static gboolean
refuse (GError **error, guint index, const char *rule)
{
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               _ ("Segment %u of the plan is not valid: %s. Plan the stem again."), index + 1,
               rule);
  return FALSE;
}

static gboolean
validate_count (const SlPlan *plan, GError **error)
{
  if (plan->target < 1 || plan->source_length < 0 || plan->segments->len == 0)
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_INVALID,
                           _ ("The plan is empty. Plan the stem again."));
      return FALSE;
    }
  if (plan->segments->len > SL_PLAN_MAX_SEGMENTS)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_LIMIT,
                   _ ("The plan has %u segments; at most %d are possible. Choose a longer loop."),
                   plan->segments->len, SL_PLAN_MAX_SEGMENTS);
      return FALSE;
    }
  return TRUE;
}

gboolean
sl_plan_validate (const SlPlan *plan, GError **error)
{
  const SlSegment *before = NULL;

  if (!validate_count (plan, error))
    return FALSE;
  for (guint i = 0; i < plan->segments->len; i++)
    {
      const SlSegment *segment = segment_of (plan, i);
      const char *rule = broken_alone (plan, segment);

      if (rule == NULL)
        rule = broken_with (before, segment);
      if (rule != NULL)
        return refuse (error, i, rule);
      before = segment;
    }
  if (end_of (before) != plan->target)
    return refuse (error, plan->segments->len - 1, _ ("the plan ends before the target does"));
  return TRUE;
}

gboolean
sl_plan_is_identity (const SlPlan *plan)
{
  const SlSegment *only;

  if (plan->segments->len != 1 || plan->target != plan->source_length)
    return FALSE;
  only = segment_of (plan, 0);
  return only->dest == 0 && only->source == 0 && only->length == plan->target && only->fade_in == 0
         && only->fade_out == 0;
}

GArray *
sl_plan_get_seams (const SlPlan *plan)
{
  guint n = plan->segments->len;
  GArray *seams = g_array_sized_new (FALSE, FALSE, sizeof (SlSeam), n);

  for (guint i = 1; i < n; i++)
    {
      const SlSegment *right = segment_of (plan, i);
      SlSeam seam = { i - 1, right->dest, end_of (segment_of (plan, i - 1)) - right->dest };

      g_array_append_val (seams, seam);
    }
  return seams;
}

guint
sl_plan_segment_at (const SlPlan *plan, gint64 frame)
{
  guint low = 0;
  guint high = plan->segments->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (end_of (segment_of (plan, middle)) > frame)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}
