/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seamline-cli accept */
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/session.h"
#include "engine/base/error.h"
#include "workflow/acceptance.h"
#include "workflow/steps/step.h"

#include <glib/gi18n.h>
#include <string.h>

static const SlCliOption accept_options[]
    = { { "reason", "T", N_ ("Why; it stands in the manifest and the report") }, { NULL } };

/* A check and the record that it is from. */
typedef struct
{
  const SlCheck *check;
  const SlRecord *record;
  guint failed; ///< how many checks match and have failed
} Found;

static gboolean
matches (const SlCheck *check, const char *id, const char *subject)
{
  return strcmp (check->id, id) == 0
         && (subject == NULL || g_strcmp0 (check->subject, subject) == 0);
}

static void
look_in (SlProject *project,
         SlStepId step,
         SlRecord *record,
         const char *id,
         const char *subject,
         Found *found)
{
  for (guint i = 0; i < record->checks->len; i++)
    {
      const SlCheck *check = record->checks->pdata[i];

      if (!matches (check, id, subject))
        continue;
      if (sl_acceptance_level (sl_project_get_settings (project), step, check, record->key)
          == SL_LEVEL_FAIL)
        found->failed++;
      if (found->check == NULL || found->check->level < check->level)
        {
          found->check = check;
          found->record = record;
        }
    }
}

/* Among records that still speak of the work as it would be done now. */
static Found
find_check (SlProject *project, SlStepId step, const char *id, const char *subject)
{
  g_auto (GStrv) subjects = sl_step_get (step)->list_subjects (sl_project_get_settings (project));
  Found found = { 0 };

  for (guint i = 0; subjects[i] != NULL; i++)
    {
      SlState state = sl_badge_subject (project, step, subjects[i]);

      if (state == SL_STATE_PASSED || state == SL_STATE_FAILED)
        look_in (project, step, sl_project_get_record (project, step, subjects[i]), id, subject,
                 &found);
    }
  return found;
}

static gboolean
check_acceptable (const Found *found, SlStepId step, const char *id, GError **error)
{
  const char *step_name = sl_step_id_name (step);

  if (found->check == NULL)
    g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                 _ ("Step “%s” has no check “%s” for that subject that is up to date: “status” "
                    "shows them, “run” makes them."),
                 step_name, id);
  else if (found->failed == 0)
    g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                 _ ("The check “%s” of step “%s” has not failed: there is nothing to accept."), id,
                 step_name);
  else if (found->check->kind == SL_KIND_INTEGRITY)
    g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                 _ ("“%s” is a check of integrity, which cannot be waived. %s"), id,
                 found->check->fix != NULL ? found->check->fix : "");
  else if (found->failed > 1)
    g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                 _ ("The check “%s” has failed for several subjects: name one."), id);
  else
    return TRUE;
  return FALSE;
}

static gboolean
accept (SlCli *cli, SlProject *project, SlStepId step, const char *id, GError **error)
{
  const char *subject = sl_cli_word (cli, 3);
  g_autofree char *composed
      = subject != NULL ? g_utf8_normalize (subject, -1, G_NORMALIZE_NFC) : NULL;
  Found found = find_check (project, step, id, composed);
  SlSettings *settings;

  if (!check_acceptable (&found, step, id, error))
    return FALSE;
  settings = sl_settings_copy (sl_project_get_settings (project));
  sl_settings_accept (settings, sl_step_id_name (step), id, found.check->subject,
                      sl_cli_get (cli, "reason"), found.record->key);
  return sl_cli_save (project, settings, NULL, error);
}

static int
run (SlCli *cli, GError **error)
{
  g_autoptr (SlProject) project = NULL;
  const char *step_name = sl_cli_text_word (cli, 1, error);
  const char *id = step_name != NULL ? sl_cli_text_word (cli, 2, error) : NULL;
  SlStepId step;

  if (id == NULL || (cli->words->len > 3 && sl_cli_text_word (cli, 3, error) == NULL)
      || !sl_step_id_parse (step_name, &step, error) || (project = sl_cli_open (cli, error)) == NULL
      || !sl_cli_refresh (cli, project, error) || !accept (cli, project, step, id, error))
    return SL_CLI_FAILED;
  sl_cli_say (cli, _ ("Accepted: it counts as a warning until something it depends on changes."));
  sl_cli_say_changed (cli, project);
  return SL_CLI_GREEN;
}

static const SlCliOption *const tables[] = { accept_options, NULL };

const SlCliCommand sl_cli_command_accept = {
  .name = "accept",
  .words = "DIR STEP CHECK [SUBJECT]",
  .summary = N_ ("Take responsibility for a failed judgement"),
  .tables = tables,
  .min_words = 3,
  .max_words = 4,
  .run = run,
};
