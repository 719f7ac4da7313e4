/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/steps/alignment_json.h"

#include "workflow/json.h"

static const char *const lag_kinds[] = { "bars", "beats", "free", "fallback", "once" };

static JsonArray *
segments_to_json (const SlPlan *plan)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < plan->segments->len; i++)
    {
      const SlSegment *segment = &g_array_index (plan->segments, SlSegment, i);
      JsonObject *object = json_object_new ();

      json_object_set_int_member (object, "dest", segment->dest);
      if (segment->source >= 0)
        json_object_set_int_member (object, "source", segment->source);
      else
        json_object_set_null_member (object, "source");
      json_object_set_int_member (object, "length", segment->length);
      json_object_set_int_member (object, "fade_in", segment->fade_in);
      json_object_set_int_member (object, "fade_out", segment->fade_out);
      sl_json_set_number (object, "correlation", segment->correlation);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonArray *
candidates_to_json (const GArray *candidates)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; candidates != NULL && i < candidates->len; i++)
    {
      const SlCandidate *candidate = &g_array_index (candidates, SlCandidate, i);
      JsonObject *object = json_object_new ();

      json_object_set_int_member (object, "join", candidate->join);
      json_object_set_int_member (object, "lag", candidate->lag);
      json_object_set_string_member (object, "kind", lag_kinds[candidate->kind]);
      sl_json_set_number (object, "score", candidate->score);
      sl_json_set_number (object, "correlation", candidate->correlation);
      sl_json_set_number (object, "level_db", candidate->level_db);
      json_array_add_object_element (array, object);
    }
  return array;
}

void
sl_alignment_write_values (JsonObject *values,
                           const SlPlanOptions *options,
                           const SlPlanned *planned,
                           const GArray *candidates)
{
  json_object_set_string_member (values, "strategy", sl_strategy_name (planned->strategy));
  json_object_set_string_member (values, "reason", planned->reason);
  json_object_set_int_member (values, "offset", options->offset);
  json_object_set_int_member (values, "frames", planned->plan->target);
  json_object_set_array_member (values, "segments", segments_to_json (planned->plan));
  json_object_set_array_member (values, "candidates", candidates_to_json (candidates));
  json_object_set_int_member (values, "candidate", planned->candidate);
}

JsonNode *
sl_seam_to_json (const SlSeam *seam, const SlSeamQuality *quality)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "position", seam->position);
  json_object_set_int_member (object, "overlap", seam->overlap);
  sl_json_set_number (object, "step", quality->step);
  sl_json_set_number (object, "level_db", quality->level_db);
  sl_json_set_number (object, "grid_ms", quality->grid_ms);
  sl_json_set_number (object, "match", quality->match);
  return sl_json_take_object (object);
}
