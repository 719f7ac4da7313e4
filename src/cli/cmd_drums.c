/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seamline-cli drums */
#include "cli/adding.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/session.h"
#include "engine/base/error.h"
#include "workflow/names.h"
#include "workflow/steps/subjects.h"

#include <glib/gi18n.h>
#include <string.h>

static const SlCliOption drums_options[]
    = { { "pattern", NULL, N_ ("Kick on every beat, snare on 2 and 4") },
        { "reference", NULL, N_ ("The reference is the drum track; it goes in unchanged") },
        { "file", "FILE", N_ ("Drum files; more may follow"), TRUE, NULL },
        { "none", NULL, N_ ("No drums") },
        { NULL } };

static const char *const choices[] = { "pattern", "reference", "file", "none", NULL };

static gboolean
read_mode (const SlCli *cli, SlDrumsMode *mode, GError **error)
{
  static const SlDrumsMode modes[]
      = { SL_DRUMS_PATTERN, SL_DRUMS_REFERENCE, SL_DRUMS_FILES, SL_DRUMS_NONE };

  if (!sl_cli_check_exclusive (cli, choices, error))
    return FALSE;
  for (guint i = 0; choices[i] != NULL; i++)
    if (sl_cli_has (cli, choices[i]))
      {
        *mode = modes[i];
        if (*mode == SL_DRUMS_FILES || cli->words->len == 1)
          return TRUE;
        g_set_error (error, SL_ERROR, SL_ERROR_INVALID, _ ("--%s takes no files."), choices[i]);
        return FALSE;
      }
  g_set_error_literal (error, SL_ERROR, SL_ERROR_INVALID,
                       _ ("Say which drums: --pattern, --reference, --file FILE … or --none."));
  return FALSE;
}

/* What the step makes would have the name of a stem. */
static gboolean
check_name_free (const SlSettings *settings, GError **error)
{
  if (settings->drums != SL_DRUMS_PATTERN && settings->drums != SL_DRUMS_REFERENCE)
    return TRUE;
  for (guint i = 0; i < settings->stems->len; i++)
    {
      const SlStem *stem = settings->stems->pdata[i];
      g_autofree char *folded = sl_name_fold (stem->name);

      if (strcmp (folded, SL_SUBJECT_DRUMS) == 0)
        {
          g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                       _ ("A stem is called “%s”, as these drums would be: remove it, and add it "
                          "under another name."),
                       stem->name);
          return FALSE;
        }
    }
  return TRUE;
}

/* The name of a file without its folder and suffix, as a stem may be called. */
static char *
name_of (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  char *dot = strrchr (base, '.');

  if (dot != NULL && dot != base)
    *dot = '\0';
  return sl_name_make (base);
}

static gboolean
add_file (SlCliAdding *adding, const char *path, GError **error)
{
  g_autofree char *name = name_of (path);
  SlStem *stem = sl_cli_adding_new_file (adding, name, path, error);

  if (stem == NULL)
    return FALSE;
  g_free (stem->role);
  stem->role = g_strdup ("drums");
  return sl_cli_adding_take (adding, stem, error);
}

static gboolean
add_files (const SlCli *cli, SlCliAdding *adding, GError **error)
{
  const GPtrArray *files = sl_cli_get_all (cli, "file");

  for (guint i = 0; files != NULL && i < files->len; i++)
    if (!add_file (adding, files->pdata[i], error))
      return FALSE;
  for (guint i = 1; i < cli->words->len; i++)
    if (!add_file (adding, sl_cli_word (cli, i), error))
      return FALSE;
  return TRUE;
}

/* Drum files of before are stems like any other now; they are heard until somebody removes them. */
static void
say_left_over (SlCli *cli, const SlSettings *settings)
{
  for (guint i = 0; i < settings->stems->len; i++)
    {
      const SlStem *stem = settings->stems->pdata[i];
      g_autofree char *word = sl_name_quote (stem->name);

      if (stem->kind == SL_STEM_FILE && strcmp (stem->role, "drums") == 0
          && !sl_settings_is_drum_stem (settings, stem))
        sl_cli_say (cli, _ ("“%s” stays as a stem; to leave it out: remove DIR %s"), stem->name,
                    word);
    }
}

static int
run (SlCli *cli, GError **error)
{
  g_autoptr (SlProject) project = NULL;
  g_auto (SlCliAdding) adding = { 0 };
  SlDrumsMode mode = SL_DRUMS_AUTO;

  if (!read_mode (cli, &mode, error) || (project = sl_cli_open (cli, error)) == NULL)
    return SL_CLI_FAILED;
  sl_cli_adding_init (&adding, project);
  adding.settings->drums = mode;
  if (!check_name_free (adding.settings, error) || !add_files (cli, &adding, error)
      || !sl_cli_adding_probe (cli, &adding, error) || !sl_cli_adding_finish (cli, &adding, error))
    return SL_CLI_FAILED;
  sl_cli_say (cli, _ ("Drums: %s"), sl_drums_mode_name (mode));
  say_left_over (cli, sl_project_get_settings (project));
  return SL_CLI_GREEN;
}

static const SlCliOption *const tables[] = { drums_options, NULL };

const SlCliCommand sl_cli_command_drums = {
  .name = "drums",
  .words = "DIR [FILE …]",
  .summary = N_ ("Say where the drums come from"),
  .tables = tables,
  .min_words = 1,
  .max_words = G_MAXUINT,
  .run = run,
};
