/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/steps/seam_checks.h"

#include "workflow/steps/alignment_json.h"
#include "workflow/steps/seam_levels.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* The worst seam of each measure. */
typedef struct
{
  double value; ///< NAN: no seam has this measure
  gint64 where;
} Worst;

typedef struct
{
  Worst step, level, grid, match;
} WorstSeams;

/* Two seams with equal names sound the same: same ends of source, same overlap, same fade. */
static char *
name_seam (const SlPlan *plan, const SlSeam *seam)
{
  const SlSegment *left = &g_array_index (plan->segments, SlSegment, seam->left);
  const SlSegment *right = left + 1;

  return g_strdup_printf ("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT
                          "/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
                          left->source < 0 ? -1 : left->source + left->length, right->source,
                          seam->overlap, left->fade_out, right->fade_in);
}

static gboolean
measure (const SlPlan *plan,
         const SlSeam *seam,
         const SlGrid *grid,
         SlSource *source,
         SlSource *rendered,
         GHashTable *known,
         SlSeamQuality *quality,
         GError **error)
{
  g_autofree char *name = name_seam (plan, seam);
  const SlSeamQuality *before = g_hash_table_lookup (known, name);

  if (before != NULL)
    {
      *quality = *before;
      return TRUE;
    }
  if (!sl_seam_measure (plan, seam, grid, source, rendered, quality, error))
    return FALSE;
  g_hash_table_insert (known, g_steal_pointer (&name), g_memdup2 (quality, sizeof *quality));
  return TRUE;
}

static void
keep_largest (Worst *worst, double value, gint64 where)
{
  if (!isnan (value) && (isnan (worst->value) || fabs (value) > fabs (worst->value)))
    *worst = (Worst){ value, where };
}

static void
keep_worst (WorstSeams *worst, const SlSeam *seam, const SlSeamQuality *quality)
{
  keep_largest (&worst->step, quality->step, quality->step_frame);
  keep_largest (&worst->level, quality->level_db, quality->level_frame);
  keep_largest (&worst->grid, quality->grid_ms, seam->position);
  if (!isnan (quality->match)
      && (isnan (worst->match.value) || quality->match < worst->match.value))
    worst->match = (Worst){ quality->match, seam->position };
}

static SlCheck *
add (const SlAlignment *alignment,
     SlRecord *record,
     const char *id,
     SlLevel level,
     const Worst *worst,
     double limit,
     const char *unit)
{
  SlCheck *check = sl_record_take_check (record, sl_check_new (id, alignment->subject, level,
                                                               SL_KIND_JUDGEMENT));

  sl_check_set_numbers (check, worst->value, limit, unit);
  check->where = worst->where;
  return check;
}

static void
check_step (const SlAlignment *alignment, const Worst *worst, const char *time, SlRecord *record)
{
  double pass = alignment->step_limit;
  SlLevel level = sl_seam_step_level (worst->value, pass);
  SlCheck *check = add (alignment, record, "seam-step", level, worst, pass, "ratio");

  sl_check_set_message (check, _ ("Largest step at a seam: %.2f times that of the music, at %s."),
                        worst->value, time);
  if (level >= SL_LEVEL_WARN)
    sl_check_set_fix (check,
                      _ ("A click may be heard: lengthen the fade (--fade MS), move the join "
                         "(--join FRAME), or try another strategy."));
}

static void
check_level (const SlAlignment *alignment, const Worst *worst, const char *time, SlRecord *record)
{
  double pass = alignment->level_limit_db;
  SlLevel level = sl_seam_db_level (worst->value, pass);
  SlCheck *check = add (alignment, record, "seam-level", level, worst, pass, "dB");

  sl_check_set_message (check, _ ("Largest level change at a seam: %+.2f dB, at %s."), worst->value,
                        time);
  if (level >= SL_LEVEL_WARN)
    sl_check_set_fix (check, _ ("A dip or a bump may be heard: try a shorter fade (--fade MS) or "
                                "another join (--join FRAME)."));
}

static void
check_grid (const SlAlignment *alignment, const Worst *worst, const char *time, SlRecord *record)
{
  double pass = alignment->grid_limit_ms;
  SlLevel level = sl_seam_grid_level (worst->value, pass);
  SlCheck *check = add (alignment, record, "seam-grid", level, worst, pass, "ms");

  sl_check_set_message (check, _ ("A loop misses whole beats of the tempo by %.2f ms, at %s."),
                        fabs (worst->value), time);
  if (level >= SL_LEVEL_WARN)
    sl_check_set_fix (check, _ ("Check the tempo, or set the loop length: --loop-bars N."));
}

static void
check_match (const SlAlignment *alignment, const Worst *worst, const char *time, SlRecord *record)
{
  double pass = alignment->match_limit;
  SlLevel level = sl_seam_match_level (worst->value, pass);
  SlCheck *check = add (alignment, record, "seam-match", level, worst, pass, "correlation");

  sl_check_set_message (check, _ ("The two sides of a seam match with %.3f, at %s."), worst->value,
                        time);
  if (level >= SL_LEVEL_WARN)
    sl_check_set_fix (check, _ ("Listen to the seam; try another join (--join FRAME)."));
}

static void
judge_all (const SlAlignment *alignment, const WorstSeams *worst, SlRecord *record)
{
  const struct
  {
    const Worst *worst;
    void (*check) (const SlAlignment *, const Worst *, const char *, SlRecord *);
  } rows[] = {
    { &worst->step, check_step },
    { &worst->level, check_level },
    { &worst->grid, check_grid },
    { &worst->match, check_match },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (!isnan (rows[i].worst->value))
      {
        g_autofree char *time = sl_format_time (rows[i].worst->where, alignment->options.rate_hz);
        rows[i].check (alignment, rows[i].worst, time, record);
      }
}

gboolean
sl_check_seams (const SlAlignment *alignment,
                const SlPlan *plan,
                const SlGrid *grid,
                SlSource *source,
                SlSource *rendered,
                SlRecord *record,
                const SlProgress *progress,
                GError **error)
{
  g_autoptr (GArray) seams = sl_plan_get_seams (plan);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  WorstSeams worst = { { NAN, -1 }, { NAN, -1 }, { NAN, -1 }, { NAN, -1 } };
  g_autoptr (JsonArray) list = json_array_new ();

  for (guint i = 0; i < seams->len; i++)
    {
      const SlSeam *seam = &g_array_index (seams, SlSeam, i);
      SlSeamQuality quality;

      if (!sl_progress_report (progress, 1, 1, error)
          || !measure (plan, seam, grid, source, rendered, known, &quality, error))
        return FALSE;
      keep_worst (&worst, seam, &quality);
      json_array_add_element (list, sl_seam_to_json (seam, &quality));
    }
  judge_all (alignment, &worst, record);
  json_object_set_array_member (record->values, "seams", g_steal_pointer (&list));
  return TRUE;
}
