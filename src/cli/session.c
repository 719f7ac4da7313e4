/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/session.h"

#include "cli/arguments.h"
#include "cli/output.h"
#include "engine/base/error.h"
#include "workflow/json.h"

#include <glib/gi18n.h>
#include <signal.h>

int
sl_cli_exit_code (const SlCli *cli, const GError *error)
{
  if (cli->signal != 0)
    return 128 + cli->signal;
  if (g_error_matches (error, SL_ERROR, SL_ERROR_CANCELLED))
    return 128 + SIGINT;
  if (error->domain == G_OPTION_ERROR || g_error_matches (error, SL_ERROR, SL_ERROR_INVALID)
      || g_error_matches (error, SL_ERROR, SL_ERROR_LIMIT))
    return SL_CLI_USAGE;
  return SL_CLI_FAILED;
}

SlProject *
sl_cli_open (SlCli *cli, GError **error)
{
  g_assert (cli->locked == NULL);
  cli->locked = sl_project_open_locked (sl_cli_word (cli, 0), error);
  return cli->locked != NULL ? g_object_ref (cli->locked) : NULL;
}

void
sl_cli_close (SlCli *cli)
{
  if (cli->locked != NULL)
    sl_project_unlock (cli->locked);
  g_clear_object (&cli->locked);
}

SlProject *
sl_cli_look_at (SlCli *cli, GError **error)
{
  g_autoptr (SlProject) project = sl_project_open (sl_cli_word (cli, 0), error);

  return project != NULL && sl_cli_refresh (cli, project, error) ? g_steal_pointer (&project)
                                                                 : NULL;
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **kept = data;

  *kept = g_object_ref (result);
}

gboolean
sl_cli_refresh (SlCli *cli, SlProject *project, GError **error)
{
  g_autoptr (SlPipeline) pipeline = sl_pipeline_new (project);
  g_autoptr (GAsyncResult) result = NULL;

  sl_pipeline_refresh_async (pipeline, TRUE, cli->cancellable, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return sl_pipeline_finish (pipeline, result, error);
}

gboolean
sl_cli_save (SlProject *project, SlSettings *settings, const SlFileTable *seen, GError **error)
{
  sl_project_take_settings (project, settings);
  if (seen != NULL)
    sl_project_merge_files (project, seen);
  return sl_project_save (project, error);
}

void
sl_cli_say_changed (SlCli *cli, SlProject *project)
{
  SlState states[SL_N_STEPS];
  GString *steps = g_string_new (NULL);

  sl_badge_all (project, states);
  for (int i = 0; i < SL_N_STEPS; i++)
    if (states[i] != SL_STATE_PASSED)
      g_string_append_printf (steps, "%s%s", steps->len > 0 ? ", " : "",
                              sl_step_id_name ((SlStepId) i));
  if (steps->len > 0)
    sl_cli_say (cli, _ ("To be run: %s"), steps->str);
  g_string_free (steps, TRUE);
  sl_cli_answer (cli, sl_json_take_object (sl_cli_new_answer (project)));
}

JsonObject *
sl_cli_new_answer (SlProject *project)
{
  JsonObject *object = json_object_new ();
  g_autofree char *folder = g_filename_display_name (sl_project_get_folder (project));

  json_object_set_string_member (object, "project", folder);
  return object;
}

SlStem *
sl_cli_find_stem (const SlSettings *settings, const char *name, GError **error)
{
  g_autofree char *composed = g_utf8_normalize (name, -1, G_NORMALIZE_NFC);
  SlStem *stem = sl_settings_find_stem (settings, composed);
  g_autoptr (GString) names = g_string_new (NULL);

  if (stem != NULL)
    return stem;
  for (guint i = 0; i < settings->stems->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "",
                            ((const SlStem *) settings->stems->pdata[i])->name);
  if (names->len > 0)
    g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                 _ ("There is no stem called “%s”; there are: %s."), name, names->str);
  else
    g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                 _ ("There is no stem called “%s”, nor any other: add one first."), name);
  return NULL;
}
