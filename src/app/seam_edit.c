/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/seam_edit.h"

#include "engine/base/units.h"
#include "workflow/json.h"

/* The shortest piece that can be repeated. */
#define MIN_BODY_MS 10.0

guint
sl_seam_edit_count (SlRecord *record)
{
  JsonArray *candidates = record != NULL ? sl_json_get_array (record->values, "candidates") : NULL;

  return candidates != NULL ? json_array_get_length (candidates) : 0;
}

int
sl_seam_edit_get_used (SlRecord *record)
{
  return record != NULL ? (int) sl_json_get_int (record->values, "candidate", -1) : -1;
}

/* Left alone, the planner need not take the best ranked: then that comes next, and the one it took
 * is passed over. */
static guint
next_of (const SlStem *stem, SlRecord *record)
{
  int used = sl_seam_edit_get_used (record);

  if (stem->candidate == 0)
    return used == 1 ? 2 : 1;
  return (guint) MAX ((int) stem->candidate, used) + 1;
}

gboolean
sl_seam_edit_has_next (const SlStem *stem, SlRecord *record)
{
  return next_of (stem, record) < sl_seam_edit_count (record);
}

gboolean
sl_seam_edit_has_previous (const SlStem *stem)
{
  return stem->candidate > 0;
}

void
sl_seam_edit_next (SlStem *stem, SlRecord *record)
{
  stem->candidate = next_of (stem, record);
}

void
sl_seam_edit_previous (SlStem *stem)
{
  if (stem->candidate > 0)
    stem->candidate--;
}

gboolean
sl_seam_edit_is_set (const SlStem *stem)
{
  return stem->candidate > 0 || stem->join >= 0 || stem->loop_bars > 0;
}

void
sl_seam_edit_find_again (SlStem *stem)
{
  stem->join = -1;
  stem->candidate = 0;
  stem->loop_bars = 0;
}

void
sl_seam_edit_limits (const SlStem *stem,
                     const SlSeamInfo *info,
                     int rate_hz,
                     gint64 source_frames,
                     gint64 *first,
                     gint64 *last)
{
  *first = info->cut + MAX (1, sl_frames_from_ms (MIN_BODY_MS, rate_hz));
  *last = source_frames - (stem->ending == SL_ENDING_KEEP ? 1 : 0);
}

/* The ranks were those of other joins. */
void
sl_seam_edit_set_join (SlStem *stem, gint64 join)
{
  stem->join = join;
  stem->candidate = 0;
}

void
sl_seam_edit_set_loop_bars (SlStem *stem, int bars)
{
  stem->loop_bars = bars;
  stem->candidate = 0;
}
