/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seamline-cli add */
#include "cli/adding.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/session.h"
#include "cli/values.h"
#include "engine/base/error.h"

#include <glib/gi18n.h>
#include <string.h>

/* The frequency of a tone below half the rate, and an amplitude that is heard. */
static gboolean
read_tone (SlStem *stem, const char *text, int rate_hz, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", -1);
  guint n = g_strv_length (parts);

  if (n > 3)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_INVALID, _ ("“%s” is not tone:HZ:AMPLITUDE."), text);
      return FALSE;
    }
  if (n > 1 && !sl_cli_parse_number (parts[1], 1.0, rate_hz * 0.4999, &stem->tone_hz, error))
    return FALSE;
  return n < 3 || sl_cli_parse_number (parts[2], 0.0, 1.0, &stem->amplitude, error);
}

static SlStem *
new_tone (const SlCliAdding *adding, const char *name, const char *text, GError **error)
{
  SlStem *stem = sl_stem_new (name, SL_STEM_TONE);

  if (read_tone (stem, text, adding->settings->rate_hz, error))
    return stem;
  sl_stem_free (stem);
  return NULL;
}

/* A file of that name can be meant as "./tone". */
static gboolean
is_tone_text (const char *text)
{
  return strcmp (text, "tone") == 0 || g_str_has_prefix (text, "tone:");
}

/* The stem that NAME=FILE or NAME=tone… means. */
static SlStem *
read_stem (SlCliAdding *adding, const char *word, GError **error)
{
  const char *equals = strchr (word, '=');
  gboolean is_tone = equals != NULL && is_tone_text (equals + 1);
  g_autofree char *name = NULL;
  g_autofree char *shown = g_filename_display_name (word);

  if (equals == NULL || equals[1] == '\0' || (is_tone && !g_utf8_validate (equals, -1, NULL)))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                   _ ("“%s” is neither NAME=FILE nor NAME=tone:HZ:AMPLITUDE."), shown);
      return NULL;
    }
  name = g_strndup (word, (gsize) (equals - word));
  if (!g_utf8_validate (name, -1, NULL))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_INVALID, _ ("The name in “%s” is not UTF-8."), shown);
      return NULL;
    }
  if (is_tone)
    return new_tone (adding, name, equals + 1, error);
  return sl_cli_adding_new_file (adding, name, equals + 1, error);
}

static gboolean
add_word (SlCli *cli, SlCliAdding *adding, const char *word, GError **error)
{
  SlStem *stem = read_stem (adding, word, error);
  SlCliEdit edit = { adding->settings, stem };

  if (stem == NULL)
    return FALSE;
  if (!sl_cli_apply (cli, sl_cli_alignment_options, &edit, error)
      || !sl_cli_apply (cli, sl_cli_stem_options, &edit, error))
    {
      sl_stem_free (stem);
      return FALSE;
    }
  return sl_cli_adding_take (adding, stem, error);
}

static int
run (SlCli *cli, GError **error)
{
  g_autoptr (SlProject) project = sl_cli_open (cli, error);
  g_auto (SlCliAdding) adding = { 0 };

  if (project == NULL)
    return SL_CLI_FAILED;
  sl_cli_adding_init (&adding, project);
  for (guint i = 1; i < cli->words->len; i++)
    if (!add_word (cli, &adding, sl_cli_word (cli, i), error))
      return SL_CLI_FAILED;
  if (!sl_cli_adding_probe (cli, &adding, error) || !sl_cli_adding_finish (cli, &adding, error))
    return SL_CLI_FAILED;
  return SL_CLI_GREEN;
}

static const SlCliOption *const tables[] = { sl_cli_alignment_options, sl_cli_stem_options, NULL };

const SlCliCommand sl_cli_command_add = {
  .name = "add",
  .words = "DIR NAME=FILE|NAME=tone[:HZ[:AMPLITUDE]] …",
  .summary = N_ ("Add stems, from files or generated"),
  .tables = tables,
  .min_words = 2,
  .max_words = G_MAXUINT,
  .run = run,
};
