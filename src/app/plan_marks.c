/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plan_marks.h"

#include "engine/align/seam.h"
#include "workflow/json.h"
#include "workflow/steps/seam_levels.h"

#include <glib/gi18n.h>
#include <math.h>

/* --- seams --- */

/* Of one seam; the limits are those of the checks, which judge the worst of all seams. */
static SlLevel
judge_seam (const SlSeamQuality *quality, const SlSettings *settings)
{
  double step = sl_settings_limit (settings, "seam-step", SL_SEAM_STEP_PASS);
  double level = sl_settings_limit (settings, "seam-level", SL_SEAM_LEVEL_PASS_DB);
  double grid = sl_settings_limit (settings, "seam-grid", SL_SEAM_GRID_PASS_MS);
  double match = sl_settings_limit (settings, "seam-match", SL_SEAM_MATCH_PASS);
  SlLevel verdict = sl_seam_step_level (quality->step, step);

  verdict = MAX (verdict, sl_seam_db_level (quality->level_db, level));
  verdict = MAX (verdict, sl_seam_grid_level (quality->grid_ms, grid));
  return MAX (verdict, sl_seam_match_level (quality->match, match));
}

static void
append_measure (GString *text, const char *line, double value)
{
  if (!isnan (value))
    g_string_append_printf (text, "\n%s", line);
}

static char *
describe_seam (gint64 frame, gint64 overlap, const SlSeamQuality *quality, int rate_hz)
{
  g_autofree char *time = sl_format_time (frame, rate_hz);
  g_autofree char *ms = g_strdup_printf ("%.1f", (double) overlap * 1000.0 / rate_hz);
  g_autofree char *step = g_strdup_printf (_ ("Step: %.2f times that of the music"), quality->step);
  /* No minus before what is shown as nothing. */
  double level_db = fabs (quality->level_db) < 0.005 ? 0.0 : quality->level_db;
  g_autofree char *level = g_strdup_printf (_ ("Level change: %+.2f dB"), level_db);
  g_autofree char *grid = g_strdup_printf (_ ("Off the beat by %.2f ms"), fabs (quality->grid_ms));
  g_autofree char *match = g_strdup_printf (_ ("Match: %.3f"), quality->match);
  GString *text = g_string_new (NULL);

  if (overlap > 0)
    g_string_append_printf (text, _ ("Seam at %s, %s ms overlap"), time, ms);
  else
    g_string_append_printf (text, _ ("Seam at %s"), time);
  append_measure (text, step, quality->step);
  append_measure (text, level, quality->level_db);
  append_measure (text, grid, quality->grid_ms);
  append_measure (text, match, quality->match);
  return g_string_free (text, FALSE);
}

static void
read_seam (JsonObject *object, const SlSettings *settings, GArray *seams)
{
  gint64 position = sl_json_get_int (object, "position", 0);
  gint64 overlap = sl_json_get_int (object, "overlap", 0);
  SlSeamQuality quality = {
    .step = sl_json_get_number (object, "step", NAN),
    .level_db = sl_json_get_number (object, "level_db", NAN),
    .grid_ms = sl_json_get_number (object, "grid_ms", NAN),
    .match = sl_json_get_number (object, "match", NAN),
  };
  g_autofree char *text = describe_seam (position, overlap, &quality, settings->rate_hz);

  sl_seam_marks_append (seams, position + overlap / 2, overlap, judge_seam (&quality, settings),
                        text);
}

/* --- segments --- */

static void
read_segment (JsonObject *object, GHashTable *groups, GArray *paddings, GArray *repeats)
{
  gint64 start = sl_json_get_int (object, "dest", 0);
  gint64 source = sl_json_get_int (object, "source", -1);
  SlRepeatMark mark = { { start, start + sl_json_get_int (object, "length", 0) }, 0 };

  if (source < 0)
    {
      g_array_append_val (paddings, mark.range);
      return;
    }
  if (!g_hash_table_contains (groups, &source))
    g_hash_table_insert (groups, g_memdup2 (&source, sizeof source),
                         GUINT_TO_POINTER (g_hash_table_size (groups)));
  mark.group = GPOINTER_TO_UINT (g_hash_table_lookup (groups, &source));
  g_array_append_val (repeats, mark);
}

/* What is there only once repeats nothing. */
static void
drop_single (GArray *repeats)
{
  for (guint i = repeats->len; i-- > 0;)
    {
      guint group = g_array_index (repeats, SlRepeatMark, i).group;
      guint n = 0;

      for (guint k = 0; k < repeats->len && n < 2; k++)
        n += g_array_index (repeats, SlRepeatMark, k).group == group;
      if (n < 2)
        g_array_remove_index (repeats, i);
    }
}

void
sl_plan_marks_read (SlRecord *record,
                    const SlSettings *settings,
                    GArray *seams,
                    GArray *paddings,
                    GArray *repeats)
{
  JsonArray *seam_array = sl_json_get_array (record->values, "seams");
  JsonArray *segments = sl_json_get_array (record->values, "segments");
  g_autoptr (GHashTable) groups = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (guint i = 0; seam_array != NULL && i < json_array_get_length (seam_array); i++)
    read_seam (json_array_get_object_element (seam_array, i), settings, seams);
  for (guint i = 0; segments != NULL && i < json_array_get_length (segments); i++)
    read_segment (json_array_get_object_element (segments, i), groups, paddings, repeats);
  drop_single (repeats);
}
