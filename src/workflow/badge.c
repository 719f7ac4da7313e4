/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/badge.h"

#include "workflow/acceptance.h"
#include "workflow/steps/step.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct
{
  const char *name;
  const char *title;
} states[] = {
  [SL_STATE_READY] = { "ready", N_ ("Ready") },    [SL_STATE_STALE] = { "stale", N_ ("Stale") },
  [SL_STATE_FAILED] = { "failed", N_ ("Failed") }, [SL_STATE_PASSED] = { "passed", N_ ("Passed") },
  [SL_STATE_LOCKED] = { "locked", N_ ("Locked") },
};

const char *
sl_state_name (SlState state)
{
  return states[state].name;
}

const char *
sl_state_title (SlState state)
{
  return _ (states[state].title);
}

/* Whether the record still speaks of the work as it would be done now. */
static gboolean
is_key_current (SlProject *project, SlStepId id, const char *subject, const SlRecord *record)
{
  const SlStep *step = sl_step_get (id);
  gpointer input = step->prepare (project, subject);
  g_autofree char *key = NULL;

  if (input == NULL)
    return FALSE;
  key = sl_step_key (step, input);
  step->free_input (input);
  return strcmp (key, record->key) == 0;
}

static gboolean
are_outputs_there (SlProject *project, const SlRecord *record)
{
  for (guint i = 0; i < record->outputs->len; i++)
    {
      const SlOutputFile *output = record->outputs->pdata[i];
      const char *digest = sl_file_table_digest (sl_project_get_files (project), output->path);

      if (digest == NULL || strcmp (digest, output->digest) != 0)
        return FALSE;
    }
  return TRUE;
}

SlState
sl_badge_subject (SlProject *project, SlStepId step, const char *subject)
{
  SlRecord *record = sl_project_get_record (project, step, subject);

  if (record == NULL)
    return SL_STATE_READY;
  if (!is_key_current (project, step, subject, record) || !are_outputs_there (project, record))
    return SL_STATE_STALE;
  return sl_acceptance_is_red (sl_project_get_settings (project), step, record) ? SL_STATE_FAILED
                                                                                : SL_STATE_PASSED;
}

SlState
sl_badge_step (SlProject *project, SlStepId step)
{
  g_auto (GStrv) subjects = sl_step_get (step)->list_subjects (sl_project_get_settings (project));
  guint counts[SL_STATE_LOCKED + 1] = { 0 };

  for (guint i = 0; subjects[i] != NULL; i++)
    counts[sl_badge_subject (project, step, subjects[i])]++;
  if (counts[SL_STATE_FAILED] > 0)
    return SL_STATE_FAILED;
  if (counts[SL_STATE_STALE] > 0 || (counts[SL_STATE_READY] > 0 && counts[SL_STATE_PASSED] > 0))
    return SL_STATE_STALE;
  return counts[SL_STATE_READY] > 0 ? SL_STATE_READY : SL_STATE_PASSED;
}

void
sl_badge_all (SlProject *project, SlState result[SL_N_STEPS])
{
  gboolean locked = FALSE;

  for (int i = 0; i < SL_N_STEPS; i++)
    {
      result[i] = locked ? SL_STATE_LOCKED : sl_badge_step (project, (SlStepId) i);
      locked = locked || result[i] != SL_STATE_PASSED;
    }
}

SlRecord *
sl_badge_find_record (SlProject *project, SlStepId step, const SlCheck *check)
{
  SlRecord *record
      = check->subject != NULL ? sl_project_get_record (project, step, check->subject) : NULL;

  return record != NULL ? record : sl_project_get_record (project, step, "");
}

GPtrArray *
sl_badge_checks (SlProject *project, SlStepId step)
{
  const SlSettings *settings = sl_project_get_settings (project);
  g_auto (GStrv) subjects = sl_step_get (step)->list_subjects (settings);
  GPtrArray *checks = g_ptr_array_new_with_free_func ((GDestroyNotify) sl_check_free);

  for (guint i = 0; subjects[i] != NULL; i++)
    {
      SlRecord *record = sl_project_get_record (project, step, subjects[i]);

      for (guint k = 0; record != NULL && k < record->checks->len; k++)
        {
          SlCheck *check = sl_check_copy (record->checks->pdata[k]);
          check->level = sl_acceptance_level (settings, step, check, record->key);
          g_ptr_array_add (checks, check);
        }
    }
  return checks;
}

guint
sl_badge_warnings (SlProject *project, SlStepId step)
{
  g_autoptr (GPtrArray) checks = sl_badge_checks (project, step);
  guint n = 0;

  for (guint i = 0; i < checks->len; i++)
    if (((const SlCheck *) checks->pdata[i])->level == SL_LEVEL_WARN)
      n++;
  return n;
}
