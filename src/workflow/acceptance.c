/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/acceptance.h"

#include <string.h>

const SlAcceptance *
sl_acceptance_find (const SlSettings *settings,
                    SlStepId step,
                    const SlCheck *check,
                    const char *key)
{
  if (check->level != SL_LEVEL_FAIL || check->kind != SL_KIND_JUDGEMENT)
    return NULL;
  for (guint i = 0; i < settings->accepted->len; i++)
    {
      const SlAcceptance *acceptance = settings->accepted->pdata[i];

      if (strcmp (acceptance->step, sl_step_id_name (step)) == 0
          && strcmp (acceptance->check, check->id) == 0
          && g_strcmp0 (acceptance->subject, check->subject) == 0
          && strcmp (acceptance->key, key) == 0)
        return acceptance;
    }
  return NULL;
}

SlLevel
sl_acceptance_level (const SlSettings *settings,
                     SlStepId step,
                     const SlCheck *check,
                     const char *key)
{
  return sl_acceptance_find (settings, step, check, key) != NULL ? SL_LEVEL_WARN : check->level;
}

gboolean
sl_acceptance_is_red (const SlSettings *settings, SlStepId step, const SlRecord *record)
{
  for (guint i = 0; i < record->checks->len; i++)
    if (sl_acceptance_level (settings, step, record->checks->pdata[i], record->key)
        == SL_LEVEL_FAIL)
      return TRUE;
  return FALSE;
}
