/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seamline-cli set and remove */
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/reference.h"
#include "cli/session.h"
#include "engine/base/error.h"

#include <glib/gi18n.h>

/* Options that mean one thing with a stem and another without. */
static const SlCliOption shared_options[]
    = { { "seconds", "S", N_ ("Length without a reference; with NAME: of that tone"), FALSE, NULL },
        { "convert", NULL,
          N_ ("Resample a copy when the rate is not the song's: of the reference, or of NAME"),
          FALSE, NULL },
        { NULL } };

static gboolean
is_shared (const char *name)
{
  for (const SlCliOption *option = shared_options; option->name != NULL; option++)
    if (g_str_equal (option->name, name))
      return TRUE;
  return FALSE;
}

/* Whether no option of @table was given that means nothing here. */
static gboolean
check_none (const SlCli *cli, const SlCliOption *table, const char *why, GError **error)
{
  for (const SlCliOption *option = table; option->name != NULL; option++)
    if (sl_cli_has (cli, option->name) && !is_shared (option->name))
      {
        g_set_error (error, SL_ERROR, SL_ERROR_INVALID, "--%s: %s", option->name, why);
        return FALSE;
      }
  return TRUE;
}

static gboolean
set_stem (SlCli *cli, SlSettings *settings, const char *name, GError **error)
{
  SlStem *stem = sl_cli_find_stem (settings, name, error);
  SlCliEdit edit = { settings, stem };
  const char *why = _ ("This is an option of the song: leave the stem's name out.");

  return stem != NULL && check_none (cli, sl_cli_song_options, why, error)
         && check_none (cli, sl_cli_project_options, why, error)
         && sl_cli_apply (cli, sl_cli_alignment_options, &edit, error)
         && sl_cli_apply (cli, sl_cli_stem_options, &edit, error);
}

static gboolean
convert_reference (SlSettings *settings, GError **error)
{
  settings->reference_convert = TRUE;
  if (settings->reference != NULL)
    return TRUE;
  g_set_error_literal (error, SL_ERROR, SL_ERROR_INVALID,
                       _ ("--convert: the song has no reference to convert; for a stem, name it."));
  return FALSE;
}

static gboolean
set_song (SlCli *cli, SlProject *project, SlSettings *settings, SlFileTable *seen, GError **error)
{
  SlCliEdit edit = { settings, NULL };
  SlProbeReport report = { 0 };
  const char *why = _ ("This is an option of a stem: name the stem after the folder.");

  if (!check_none (cli, sl_cli_alignment_options, why, error)
      || !check_none (cli, sl_cli_stem_options, why, error)
      || !sl_cli_check_exclusive (cli, sl_cli_length_options, error)
      || !sl_cli_apply (cli, sl_cli_song_options, &edit, error)
      || !sl_cli_apply (cli, sl_cli_project_options, &edit, error)
      || !sl_cli_take_reference (cli, sl_project_get_folder (project), settings, seen, &report,
                                 error))
    return FALSE;
  if (sl_cli_has (cli, "convert") && !convert_reference (settings, error))
    return FALSE;
  if (sl_cli_has (cli, "reference"))
    sl_cli_say_reference (cli, settings, &report);
  return TRUE;
}

static gboolean
check_anything (const SlCli *cli, GError **error)
{
  for (guint i = 0; cli->command->tables[i] != NULL; i++)
    if (sl_cli_first_given (cli, cli->command->tables[i]) != NULL)
      return TRUE;
  g_set_error_literal (error, SL_ERROR, SL_ERROR_INVALID,
                       _ ("There is nothing to set: give at least one option."));
  return FALSE;
}

static int
run_set (SlCli *cli, GError **error)
{
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlSettings) settings = NULL;
  g_autoptr (SlFileTable) seen = sl_file_table_new ();
  const char *name = NULL;

  if (!check_anything (cli, error)
      || (cli->words->len > 1 && (name = sl_cli_text_word (cli, 1, error)) == NULL)
      || (project = sl_cli_open (cli, error)) == NULL)
    return SL_CLI_FAILED;
  settings = sl_settings_copy (sl_project_get_settings (project));
  if (!(name != NULL ? set_stem (cli, settings, name, error)
                     : set_song (cli, project, settings, seen, error))
      || !sl_cli_save (project, g_steal_pointer (&settings), seen, error))
    return SL_CLI_FAILED;
  sl_cli_say_changed (cli, project);
  return SL_CLI_GREEN;
}

static int
run_remove (SlCli *cli, GError **error)
{
  const char *name = sl_cli_text_word (cli, 1, error);
  g_autoptr (SlProject) project = name != NULL ? sl_cli_open (cli, error) : NULL;
  g_autoptr (SlSettings) settings = NULL;
  SlStem *stem;

  if (project == NULL)
    return SL_CLI_FAILED;
  settings = sl_settings_copy (sl_project_get_settings (project));
  stem = sl_cli_find_stem (settings, name, error);
  if (stem == NULL)
    return SL_CLI_FAILED;
  g_ptr_array_remove (settings->stems, stem);
  if (!sl_cli_save (project, g_steal_pointer (&settings), NULL, error))
    return SL_CLI_FAILED;
  sl_cli_say_changed (cli, project);
  return SL_CLI_GREEN;
}

static const SlCliOption *const tables[]
    = { shared_options,           sl_cli_song_options, sl_cli_project_options,
        sl_cli_alignment_options, sl_cli_stem_options, NULL };

const SlCliCommand sl_cli_command_set = {
  .name = "set",
  .words = "DIR [NAME]",
  .summary = N_ ("Change the settings of a song, or of one of its stems"),
  .tables = tables,
  .min_words = 1,
  .max_words = 2,
  .run = run_set,
};

const SlCliCommand sl_cli_command_remove = {
  .name = "remove",
  .words = "DIR NAME",
  .summary = N_ ("Take a stem out of a project; its file stays"),
  .min_words = 2,
  .max_words = 2,
  .run = run_remove,
};
