/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "engine/base/error.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM "seamline-cli"

static const SlCliCommand *const commands[] = {
  &sl_cli_command_init,   &sl_cli_command_add,   &sl_cli_command_set,     &sl_cli_command_remove,
  &sl_cli_command_drums,  &sl_cli_command_demo,  &sl_cli_command_run,     &sl_cli_command_status,
  &sl_cli_command_accept, &sl_cli_command_align, &sl_cli_command_measure, &sl_cli_command_export,
};

/* A file opened in the place of a closed standard output would get what is said there. */
static void
open_standard_files (void)
{
  int fd;

  do
    fd = open ("/dev/null", O_RDWR);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0)
    close (fd);
}

static void
start_locale (void)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, SL_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

static void
free_values (gpointer values)
{
  g_ptr_array_unref (values);
}

static void
cli_init (SlCli *cli)
{
  cli->options = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_values);
  cli->words = g_ptr_array_new_with_free_func (g_free);
  cli->cancellable = g_cancellable_new ();
}

static void
cli_clear (SlCli *cli)
{
  sl_cli_close (cli);
  g_hash_table_unref (cli->options);
  g_ptr_array_unref (cli->words);
  g_object_unref (cli->cancellable);
  g_free (cli->doing);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SlCli, cli_clear)

static char *
list_commands (void)
{
  GString *text = g_string_new (_ ("Commands:"));

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (text, "\n  %-8s %s", commands[i]->name, _ (commands[i]->summary));
  g_string_append_printf (text, "\n\n%s",
                          _ ("Exit codes: 0 green, 1 a check failed, 2 wrong usage, 3 could not be "
                             "carried out, 130 interrupted.\n"
                             "“seamline-cli COMMAND --help” shows the options of a command."));
  return g_string_free (text, FALSE);
}

static const SlCliCommand *
find_command (const char *name, GError **error)
{
  g_autofree char *shown = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_strcmp0 (name, commands[i]->name) == 0)
      return commands[i];
  if (name == NULL)
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_INVALID, _ ("No command was given."));
      return NULL;
    }
  shown = g_filename_display_name (name);
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID, _ ("There is no command “%s”."), shown);
  return NULL;
}

/* From argv to the command with its words and options; leaves cli->command NULL when only the
 * version is wanted. */
static gboolean
read_arguments (SlCli *cli, char ***argv, GError **error)
{
  g_autofree char *list = list_commands ();
  g_autofree char *program = NULL;
  const SlCliCommand *command;

  if (!sl_cli_parse_start (cli, list, argv, error))
    return FALSE;
  if (sl_cli_has (cli, "version"))
    return TRUE;
  command = find_command ((*argv)[1], error);
  if (command == NULL)
    return FALSE;
  cli->command = command;
  program = g_strdup_printf (PROGRAM " %s", command->name);
  g_set_prgname (program);
  return sl_cli_parse_command (cli, argv, error);
}

static int
run_command (SlCli *cli, char ***argv, GError **error)
{
  int code;

  if (!read_arguments (cli, argv, error))
    return SL_CLI_USAGE;
  sl_cli_output_start (cli);
  if (sl_cli_has (cli, "version"))
    {
      g_print (PROGRAM " " SL_VERSION "\n");
      return SL_CLI_GREEN;
    }
  sl_cli_signals_start (cli);
  code = cli->command->run (cli, error);
  return *error == NULL && !sl_cli_output_finish (cli, error) ? SL_CLI_FAILED : code;
}

static void
complain (SlCli *cli, const GError *error, int code)
{
  g_autofree char *message = sl_cli_one_line (error->message);

  sl_cli_complain (cli, PROGRAM ": %s", message);
  if (code == SL_CLI_USAGE)
    sl_cli_complain (cli, _ ("“%s --help” shows what can be asked for."), g_get_prgname ());
}

int
main (int argc, char **argv)
{
  g_auto (SlCli) cli = { 0 };
  g_auto (GStrv) arguments = g_strdupv (argv);
  g_autoptr (GError) error = NULL;
  int code;

  open_standard_files ();
  start_locale ();
  g_set_prgname (PROGRAM);
  cli_init (&cli);
  code = run_command (&cli, &arguments, &error);
  if (error == NULL)
    return code;
  /* What failed may have failed because we were asked to stop. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  code = sl_cli_exit_code (&cli, error);
  complain (&cli, error, code);
  return code;
}
