/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/arguments.h"

#include "engine/base/error.h"

#include <glib/gi18n.h>
#include <string.h>

const SlCliOption sl_cli_common_options[]
    = { { "json", NULL, N_ ("Answer with one JSON document on standard output") },
        { "quiet", NULL, N_ ("Say nothing but what went wrong") },
        { "version", NULL, N_ ("Print the version") },
        { NULL } };

/* Options come with their dashes; words come without a name. */
static gboolean
keep (const char *name, const char *value, gpointer data, GError **error)
{
  SlCli *cli = data;
  GPtrArray *values;

  if (*name == '\0')
    {
      g_ptr_array_add (cli->words, g_strdup (value));
      return TRUE;
    }
  name += strspn (name, "-");
  values = g_hash_table_lookup (cli->options, name);
  if (values == NULL)
    {
      values = g_ptr_array_new_with_free_func (g_free);
      g_hash_table_insert (cli->options, g_strdup (name), values);
    }
  g_ptr_array_add (values, g_strdup (value != NULL ? value : ""));
  return TRUE;
}

/* Values are taken as they are, under every locale, and judged by us. */
static void
add_entry (GArray *entries, const SlCliOption *option, GOptionFlags flags)
{
  GOptionEntry entry = { .long_name = option->name,
                         .flags = (int) (G_OPTION_FLAG_FILENAME | flags),
                         .arg = G_OPTION_ARG_CALLBACK,
                         .arg_data = (gpointer) keep,
                         .description = option->help,
                         .arg_description = option->value };

  if (option->value == NULL)
    entry.flags |= G_OPTION_FLAG_NO_ARG;
  g_array_append_val (entries, entry);
}

static gboolean
has_entry (const GArray *entries, const char *name)
{
  for (guint i = 0; i < entries->len; i++)
    if (strcmp (g_array_index (entries, GOptionEntry, i).long_name, name) == 0)
      return TRUE;
  return FALSE;
}

/* Of options that two tables share, the first table has the say. */
static void
add_table (GArray *entries, const SlCliOption *table, GOptionFlags flags)
{
  for (const SlCliOption *option = table; option->name != NULL; option++)
    if (!has_entry (entries, option->name))
      add_entry (entries, option, flags);
}

static GOptionContext *
make_context (SlCli *cli, const char *words, const char *summary, GArray *entries)
{
  GOptionContext *context = g_option_context_new (words);
  GOptionGroup *group = g_option_group_new ("main", NULL, NULL, cli, NULL);

  add_table (entries, sl_cli_common_options, G_OPTION_FLAG_NONE);
  g_option_group_add_entries (group, (const GOptionEntry *) (gpointer) entries->data);
  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  g_option_context_set_main_group (context, group);
  g_option_context_set_summary (context, summary);
  return context;
}

static void
read_common (SlCli *cli)
{
  cli->json = sl_cli_has (cli, "json");
  cli->quiet = sl_cli_has (cli, "quiet");
}

gboolean
sl_cli_parse_start (SlCli *cli, const char *commands, char ***argv, GError **error)
{
  g_autoptr (GArray) entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));
  g_autoptr (GOptionContext) context
      = make_context (cli, _ ("COMMAND …"),
                      _ ("Stems that fit together: the workflow of Seamline without a display."),
                      entries);

  g_option_context_set_description (context, commands);
  g_option_context_set_strict_posix (context, TRUE);
  if (!g_option_context_parse_strv (context, argv, error))
    return FALSE;
  read_common (cli);
  return TRUE;
}

static gboolean
check_count (const SlCli *cli, GError **error)
{
  const SlCliCommand *command = cli->command;

  if (sl_cli_has (cli, "version")
      || (cli->words->len >= command->min_words && cli->words->len <= command->max_words))
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               cli->words->len < command->min_words ? _ ("Something is missing: seamline-cli %s %s")
                                                    : _ ("That is too much: seamline-cli %s %s"),
               command->name, command->words);
  return FALSE;
}

/* An empty path would mean the folder that we are in, which nobody has named. */
static gboolean
check_words (const SlCli *cli, GError **error)
{
  for (guint i = 0; i < cli->words->len; i++)
    if (*sl_cli_word (cli, i) == '\0')
      {
        g_set_error_literal (error, SL_ERROR, SL_ERROR_INVALID, _ ("An argument is empty."));
        return FALSE;
      }
  return TRUE;
}

/* What is no file name is text. */
static gboolean
check_text (const SlCli *cli, const SlCliOption *option, GError **error)
{
  const GPtrArray *values = sl_cli_get_all (cli, option->name);

  for (guint i = 0; values != NULL && !option->is_file && i < values->len; i++)
    if (!g_utf8_validate (values->pdata[i], -1, NULL))
      {
        g_set_error (error, SL_ERROR, SL_ERROR_INVALID, _ ("The value of --%s is not UTF-8."),
                     option->name);
        return FALSE;
      }
  return TRUE;
}

static gboolean
check_values (const SlCli *cli, GError **error)
{
  for (guint i = 0; cli->command->tables != NULL && cli->command->tables[i] != NULL; i++)
    for (const SlCliOption *option = cli->command->tables[i]; option->name != NULL; option++)
      if (!check_text (cli, option, error))
        return FALSE;
  return TRUE;
}

gboolean
sl_cli_parse_command (SlCli *cli, char ***argv, GError **error)
{
  const SlCliCommand *command = cli->command;
  g_autoptr (GArray) entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));
  g_autoptr (GOptionContext) context = NULL;

  for (guint i = 0; command->tables != NULL && command->tables[i] != NULL; i++)
    add_table (entries, command->tables[i], G_OPTION_FLAG_NONE);
  if (command->refused != NULL)
    add_table (entries, command->refused, G_OPTION_FLAG_HIDDEN);
  add_entry (entries, &(SlCliOption){ .name = G_OPTION_REMAINING, .value = command->words },
             G_OPTION_FLAG_NONE);
  context = make_context (cli, NULL, _ (command->summary), entries);
  if (!g_option_context_parse_strv (context, argv, error))
    return FALSE;
  /* The first of the words is the command itself. */
  g_ptr_array_remove_index (cli->words, 0);
  read_common (cli);
  return check_count (cli, error) && check_words (cli, error) && check_values (cli, error);
}

gboolean
sl_cli_has (const SlCli *cli, const char *name)
{
  return g_hash_table_contains (cli->options, name);
}

const GPtrArray *
sl_cli_get_all (const SlCli *cli, const char *name)
{
  return g_hash_table_lookup (cli->options, name);
}

const char *
sl_cli_get (const SlCli *cli, const char *name)
{
  const GPtrArray *values = sl_cli_get_all (cli, name);

  return values != NULL ? values->pdata[values->len - 1] : NULL;
}

const char *
sl_cli_word (const SlCli *cli, guint index)
{
  return index < cli->words->len ? cli->words->pdata[index] : NULL;
}

const char *
sl_cli_text_word (const SlCli *cli, guint index, GError **error)
{
  const char *word = sl_cli_word (cli, index);
  g_autofree char *shown = NULL;

  if (g_utf8_validate (word, -1, NULL))
    return word;
  shown = g_filename_display_name (word);
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID, _ ("“%s” is not UTF-8."), shown);
  return NULL;
}
