/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The only place where a file nobody has vouched for is decoded. Tells on standard output how far
 * it is ("progress 0.25"), that only writing is left ("storing"), and then its report, or
 * "error CODE MESSAGE". Whoever runs it kills it when it falls silent.
 */
#include "engine/base/error.h"
#include "probe/confine.h"
#include "probe/examine.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

/* At most 20 lines a second. */
#define LINE_INTERVAL_US 50000

typedef struct
{
  char *flac;
  char *subtype;
  char *pyramid;
  char **files;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->flac);
  g_free (options->subtype);
  g_free (options->pyramid);
  g_strfreev (options->files);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* Nobody to tell means nothing to do. */
static void
print_line (const char *line)
{
  if (fputs (line, stdout) == EOF || fflush (stdout) != 0)
    exit (EXIT_FAILURE);
}

static gboolean
print_progress (double fraction, gpointer data)
{
  gint64 *last_us = data;
  gint64 now_us = g_get_monotonic_time ();
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  char line[G_ASCII_DTOSTR_BUF_SIZE + 16];

  if (now_us - *last_us < LINE_INTERVAL_US)
    return TRUE;
  *last_us = now_us;
  g_ascii_formatd (number, sizeof number, "%.3f", fraction);
  g_snprintf (line, sizeof line, "progress %s\n", number);
  print_line (line);
  return TRUE;
}

static void
print_storing (void)
{
  print_line ("storing\n");
}

static int
print_error (const GError *error)
{
  int code = error->domain == SL_ERROR ? error->code : SL_ERROR_INVALID;
  g_autofree char *message = g_uri_escape_string (error->message, " ", TRUE);
  g_autofree char *line = g_strdup_printf ("error %d %s\n", code, message);

  print_line (line);
  return EXIT_FAILURE;
}

static void
print_report (const SlProbeReport *report)
{
  g_autoptr (GString) text = g_string_new (NULL);

  sl_probe_report_write (report, text);
  print_line (text->str);
}

static gboolean
parse_options (int *argc, char ***argv, Options *options, GError **error)
{
  const GOptionEntry entries[]
      = { { "flac", 0, 0, G_OPTION_ARG_FILENAME, &options->flac,
            N_ ("Write a working copy of a lossy file"), N_ ("PATH") },
          { "subtype", 0, 0, G_OPTION_ARG_STRING, &options->subtype,
            N_ ("Format of the working copy: pcm24 or pcm16"), N_ ("SUBTYPE") },
          { "pyramid", 0, 0, G_OPTION_ARG_FILENAME, &options->pyramid, N_ ("Write the waveform"),
            N_ ("PATH") },
          { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->files, NULL,
            N_ ("FILE") },
          { NULL } };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (options->files != NULL && g_strv_length (options->files) == 1)
    return TRUE;
  g_set_error_literal (error, SL_ERROR, SL_ERROR_INVALID, _ ("Name exactly one file."));
  return FALSE;
}

static gboolean
parse_subtype (const Options *options, SlSubtype *subtype, GError **error)
{
  *subtype = SL_SUBTYPE_PCM_24;
  if (options->subtype == NULL)
    return TRUE;
  if (!sl_subtype_parse (options->subtype, subtype, error))
    return FALSE;
  if (*subtype != SL_SUBTYPE_FLOAT)
    return TRUE;
  g_set_error_literal (error, SL_ERROR, SL_ERROR_INVALID, _ ("A working copy is pcm24 or pcm16."));
  return FALSE;
}

static gboolean
run (int *argc, char ***argv, SlProbeReport *report, GError **error)
{
  g_auto (Options) options = { NULL };
  gint64 last_us = 0;
  SlExamination examination
      = { .progress = { print_progress, &last_us }, .storing = print_storing };
  SlStat stat;

  if (!parse_options (argc, argv, &options, error)
      || !parse_subtype (&options, &examination.subtype, error)
      || !sl_stat_path (options.files[0], &stat, error))
    return FALSE;
  examination.path = options.files[0];
  examination.working_path = options.flac;
  examination.picture_path = options.pyramid;
  sl_confine_to_input (stat.size_bytes, options.flac != NULL, options.pyramid != NULL);
  return sl_examine (&examination, report, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  SlProbeReport report = { 0 };

  sl_confine_process ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");

  if (!run (&argc, &argv, &report, &error))
    return print_error (error);
  print_report (&report);
  return EXIT_SUCCESS;
}
