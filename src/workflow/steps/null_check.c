/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/steps/null_check.h"

#include "engine/base/units.h"
#include "engine/measure/null_test.h"

#include <glib/gi18n-lib.h>

double
sl_null_limit_db (SlSubtype subtype)
{
  switch (subtype)
    {
    case SL_SUBTYPE_PCM_24:
      return -120.0;
    case SL_SUBTYPE_PCM_16:
      return -85.0;
    case SL_SUBTYPE_FLOAT:
    default:
      return -130.0;
    }
}

static void
explain (SlCheck *check, const SlMix *mix, const SlNullResult *result, const char *time)
{
  const SlMixPart *suspect = result->suspect >= 0 ? mix->parts->pdata[result->suspect] : NULL;

  sl_check_set_message (
      check,
      _ ("The master is not the sum of its stems: they differ by %.1f dBFS at %s; "
         "“%s” explains it best."),
      sl_db_from_gain (result->peak), time, suspect != NULL ? suspect->name : _ ("no stem"));
  sl_check_set_fix (check, _ ("Run the master step again; then see what has changed that stem."));
}

gboolean
sl_check_null (const SlMix *mix,
               SlSource *master,
               double factor,
               SlSubtype subtype,
               double limit_db,
               SlRecord *record,
               const SlProgress *progress,
               GError **error)
{
  g_autoptr (GPtrArray) stems = sl_mix_open (mix, error);
  g_autofree double *gains = sl_mix_gains (mix, factor);
  g_autofree char *time = NULL;
  SlNullResult result;
  SlCheck *check;
  double db;

  if (stems == NULL
      || !sl_null_test (master, (SlSource *const *) stems->pdata, gains, stems->len,
                        subtype != SL_SUBTYPE_FLOAT, sl_gain_from_db (limit_db), &result, progress,
                        error))
    return FALSE;
  db = sl_db_from_gain (result.peak);
  check = sl_check_new ("null", NULL, db <= limit_db ? SL_LEVEL_PASS : SL_LEVEL_FAIL,
                        SL_KIND_INTEGRITY);
  sl_record_take_check (record, check);
  sl_check_set_numbers (check, db, limit_db, "dBFS");
  check->where = result.worst_frame;
  time = sl_format_time (result.worst_frame, master->rate_hz);
  if (db > limit_db)
    explain (check, mix, &result, time);
  else if (result.peak > 0.0)
    sl_check_set_message (
        check, _ ("The master is the sum of its stems: the difference peaks at %.1f dBFS."), db);
  else
    sl_check_set_message (check, _ ("The master is the sum of its stems, without any difference."));
  return TRUE;
}
