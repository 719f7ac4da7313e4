/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/seam_info.h"

#include "engine/align/seam.h"
#include "workflow/json.h"
#include "workflow/steps/seam_levels.h"

#include <math.h>

/* How each measure is called in a record and as a check, and how it is judged. */
static const struct
{
  const char *member;
  const char *check;
  double pass;
  SlLevel (*judge) (double value, double pass);
} measures[SL_N_SEAM_MEASURES] = {
  [SL_SEAM_STEP] = { "step", "seam-step", SL_SEAM_STEP_PASS, sl_seam_step_level },
  [SL_SEAM_LEVEL] = { "level_db", "seam-level", SL_SEAM_LEVEL_PASS_DB, sl_seam_db_level },
  [SL_SEAM_GRID] = { "grid_ms", "seam-grid", SL_SEAM_GRID_PASS_MS, sl_seam_grid_level },
  [SL_SEAM_MATCH] = { "match", "seam-match", SL_SEAM_MATCH_PASS, sl_seam_match_level },
};

static JsonObject *
element (SlRecord *record, const char *array_name, guint index)
{
  JsonArray *array = record != NULL ? sl_json_get_array (record->values, array_name) : NULL;

  if (array == NULL || index >= json_array_get_length (array))
    return NULL;
  return sl_json_object (json_array_get_element (array, index));
}

guint
sl_seam_info_count (SlRecord *record)
{
  JsonArray *seams = record != NULL ? sl_json_get_array (record->values, "seams") : NULL;

  return seams != NULL ? json_array_get_length (seams) : 0;
}

/* --- the verdicts --- */

static void
read_measures (JsonObject *seam, const SlSettings *settings, SlSeamInfo *info)
{
  for (guint i = 0; i < SL_N_SEAM_MEASURES; i++)
    {
      info->limits[i] = sl_settings_limit (settings, measures[i].check, measures[i].pass);
      info->measured[i] = sl_json_get_number (seam, measures[i].member, NAN);
      info->levels[i] = measures[i].judge (info->measured[i], info->limits[i]);
      info->level = MAX (info->level, info->levels[i]);
    }
}

/* --- the join --- */

/* A crossfade ends on its join, except where the source has nothing before the loop: then the join
 * is that which was set or found, if the overlap holds it. */
static gint64
find_join (SlRecord *record, const SlStem *stem, gint64 left_end, gint64 overlap)
{
  gint64 used = sl_json_get_int (record->values, "candidate", -1);
  JsonObject *candidate = used >= 0 ? element (record, "candidates", (guint) used) : NULL;
  gint64 join = sl_json_get_int (candidate, "join", -1);

  if (stem != NULL && stem->join >= 0)
    join = stem->join;
  return join >= left_end - overlap && join <= left_end ? join : left_end;
}

static gint64
first_heard (SlRecord *record)
{
  gint64 source = -1;
  JsonObject *segment;

  for (guint i = 0; source < 0 && (segment = element (record, "segments", i)) != NULL; i++)
    source = sl_json_get_int (segment, "source", -1);
  return MAX (0, source);
}

/* Seam i lies between the segments i and i + 1. */
static void
read_join (SlRecord *record, const SlStem *stem, SlSeamInfo *info)
{
  JsonObject *left = element (record, "segments", info->index);
  JsonObject *right = element (record, "segments", info->index + 1);
  gint64 from = sl_json_get_int (left, "source", -1);
  gint64 to = sl_json_get_int (right, "source", -1);
  gint64 shift = sl_json_get_int (left, "dest", 0) - from;

  info->join = -1;
  if (from < 0 || to < 0)
    return;
  info->join = find_join (record, stem, from + sl_json_get_int (left, "length", 0), info->overlap);
  info->join_dest = info->join + shift;
  info->cut = first_heard (record);
  info->entry = info->join_dest - sl_json_get_int (right, "dest", 0) + to;
}

gboolean
sl_seam_info_read (SlRecord *record,
                   const SlSettings *settings,
                   const SlStem *stem,
                   guint index,
                   SlSeamInfo *info)
{
  JsonObject *seam = element (record, "seams", index);

  *info = (SlSeamInfo){ .index = index, .n = sl_seam_info_count (record), .join = -1 };
  if (seam == NULL)
    return FALSE;
  info->position = sl_json_get_int (seam, "position", 0);
  info->overlap = sl_json_get_int (seam, "overlap", 0);
  info->strategy = sl_json_get_string (record->values, "strategy");
  read_measures (seam, settings, info);
  read_join (record, stem, info);
  return TRUE;
}

gint64
sl_seam_info_middle (const SlSeamInfo *info)
{
  return info->position + info->overlap / 2;
}

gint64
sl_seam_info_lag (const SlSeamInfo *info)
{
  return info->join >= 0 ? info->join - info->entry : 0;
}

SlStepId
sl_seam_step_of (const SlSettings *settings, const SlStem *stem)
{
  return sl_settings_is_drum_stem (settings, stem) ? SL_STEP_DRUMS : SL_STEP_ALIGN;
}
