/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plan_marks.h"

#include "app/level_icon.h"
#include "app/seam_edit.h"
#include "app/track_text.h"
#include "workflow/json.h"

#include <glib/gi18n.h>
#include <math.h>

/* --- seams --- */

static void
append_measure (GString *text, const char *line, double value)
{
  if (!isnan (value))
    g_string_append_printf (text, "\n%s", line);
}

static void
append_measures (GString *text, const SlSeamInfo *info)
{
  const double *measured = info->measured;
  /* No minus before what is shown as nothing. */
  double level_db = fabs (measured[SL_SEAM_LEVEL]) < 0.005 ? 0.0 : measured[SL_SEAM_LEVEL];
  g_autofree char *step
      = g_strdup_printf (_ ("Step: %.2f times that of the music"), measured[SL_SEAM_STEP]);
  g_autofree char *level = g_strdup_printf (_ ("Level change: %+.2f dB"), level_db);
  g_autofree char *grid
      = g_strdup_printf (_ ("Off the beat by %.2f ms"), fabs (measured[SL_SEAM_GRID]));
  g_autofree char *match = g_strdup_printf (_ ("Match: %.3f"), measured[SL_SEAM_MATCH]);

  append_measure (text, step, measured[SL_SEAM_STEP]);
  append_measure (text, level, measured[SL_SEAM_LEVEL]);
  append_measure (text, grid, measured[SL_SEAM_GRID]);
  append_measure (text, match, measured[SL_SEAM_MATCH]);
}

static char *
describe_seam (const SlSeamInfo *info, int rate_hz)
{
  const char *strategy = sl_track_text_strategy_title (info->strategy);
  g_autofree char *time = sl_format_time (sl_seam_info_middle (info), rate_hz);
  g_autofree char *ms = g_strdup_printf ("%.1f", (double) info->overlap * 1000.0 / rate_hz);
  GString *text = g_string_new (NULL);

  /* Translators: a strategy, the number of the seam, how many there are, the verdict: “Loop, seam 1
   * of 3: Passed”. */
  g_string_printf (text, _ ("%s, seam %u of %u: %s"), strategy != NULL ? strategy : "",
                   info->index + 1, info->n, sl_level_title (info->level));
  g_string_append_c (text, '\n');
  if (info->overlap > 0)
    g_string_append_printf (text, _ ("Seam at %s, %s ms overlap"), time, ms);
  else
    g_string_append_printf (text, _ ("Seam at %s"), time);
  append_measures (text, info);
  return g_string_free (text, FALSE);
}

/* How far the join can be moved in the song. */
static void
set_reach (SlSeamMark *mark, const SlPlanMarksInput *input, const SlSeamInfo *info)
{
  gint64 first, last;

  if (input->stem == NULL || sl_seam_info_lag (info) <= 0)
    return;
  sl_seam_edit_limits (input->stem, info, input->settings->rate_hz, input->source_frames, &first,
                       &last);
  if (first > last)
    return;
  mark->join = info->join_dest;
  mark->first_join = info->join_dest + first - info->join;
  mark->last_join = info->join_dest + last - info->join;
}

static void
read_seam (const SlPlanMarksInput *input, guint index, GArray *seams)
{
  g_autofree char *text = NULL;
  SlSeamInfo info;

  if (!sl_seam_info_read (input->record, input->settings, input->stem, index, &info))
    return;
  text = describe_seam (&info, input->settings->rate_hz);
  sl_seam_marks_append (seams, sl_seam_info_middle (&info), info.overlap, info.level, text);
  set_reach (&g_array_index (seams, SlSeamMark, seams->len - 1), input, &info);
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
sl_plan_marks_read (const SlPlanMarksInput *input, GArray *seams, GArray *paddings, GArray *repeats)
{
  JsonArray *segments = sl_json_get_array (input->record->values, "segments");
  g_autoptr (GHashTable) groups = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  guint n = sl_seam_info_count (input->record);

  for (guint i = 0; i < n; i++)
    read_seam (input, i, seams);
  for (guint i = 0; segments != NULL && i < json_array_get_length (segments); i++)
    read_segment (json_array_get_object_element (segments, i), groups, paddings, repeats);
  drop_single (repeats);
}
