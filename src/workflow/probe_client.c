/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/probe_client.h"

#include "engine/base/error.h"
#include "engine/io/part.h"
#include "workflow/helper.h"

#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define PROGRAM "seamline-probe"

/* How often the progress callback is asked. */
#define ASK_MS 40

/* Silence after which the decoder is taken to be stuck. */
#define SILENCE_MS 3000

/* The same while it is held up: by a slow disk, as when only writing is left, or a busy machine. */
#define LONG_SILENCE_MS 60000

/* Between the last line and the end of the process. */
#define GRACE_MS 3000

/* Several times the longest report. */
#define MAX_REPORT_BYTES 32768

#define PROGRESS_UNITS 1000000

typedef enum
{
  END_OF_OUTPUT,
  END_BY_FLOOD,
  END_BY_SILENCE,
  END_BY_PROGRESS /* and its error is set */
} Ending;

/* What the helper has told so far. */
typedef struct
{
  char *name; ///< of the file, for messages
  double fraction;
  int silence_limit_ms;
  char *error_line;
  GString *report;
} Answer;

static void
answer_clear (Answer *answer)
{
  g_free (answer->name);
  g_free (answer->error_line);
  g_string_free (answer->report, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static char *
find_beside_us (const char *below)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
  g_autofree char *path = folder != NULL ? g_build_filename (folder, below, NULL) : NULL;

  return path != NULL && g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) ? g_steal_pointer (&path)
                                                                       : NULL;
}

static char *
find_program (void)
{
  char *found = g_strdup (g_getenv ("SEAMLINE_PROBE"));

  if (found == NULL)
    found = find_beside_us (PROGRAM);
  if (found == NULL)
    found = find_beside_us ("../probe/" PROGRAM); /* not installed: in the build tree */
  if (found == NULL)
    found = find_beside_us ("../libexec/seamline/" PROGRAM);
  if (found == NULL)
    found = g_strdup (SL_LIBEXECDIR "/seamline/" PROGRAM);
  return found;
}

static SlHelper *
spawn (const char *path, const char *flac_path, const char *pyramid_path, GError **error)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (argv, find_program ());
  if (flac_path != NULL)
    g_ptr_array_add (argv, g_strconcat ("--flac=", flac_path, NULL));
  if (pyramid_path != NULL)
    g_ptr_array_add (argv, g_strconcat ("--pyramid=", pyramid_path, NULL));
  g_ptr_array_add (argv, g_strdup ("--"));
  g_ptr_array_add (argv, g_strdup (path));
  g_ptr_array_add (argv, NULL);
  return sl_helper_spawn ((const char *const *) argv->pdata, error);
}

/* FALSE when the helper talks too much. */
static gboolean
take_line (Answer *answer, const char *line)
{
  if (g_str_has_prefix (line, "progress "))
    answer->fraction = CLAMP (g_ascii_strtod (line + strlen ("progress "), NULL), 0.0, 1.0);
  else if (strcmp (line, "storing") == 0)
    answer->silence_limit_ms = LONG_SILENCE_MS;
  else if (g_str_has_prefix (line, "error ") && answer->error_line == NULL)
    answer->error_line = g_strdup (line + strlen ("error "));
  else
    g_string_append_printf (answer->report, "%s\n", line);
  return answer->report->len <= MAX_REPORT_BYTES;
}

/* What a wait that brought nothing counts for: little when it was for others. */
static int
silence_of_wait (SlHelper *helper, const Answer *answer)
{
  return MAX (sl_helper_free_ms (helper, ASK_MS),
              ASK_MS * answer->silence_limit_ms / LONG_SILENCE_MS);
}

/* Silence is counted in waits that brought nothing, not by a clock, so that being stopped or
 * starved ourselves does not count. */
static Ending
listen (SlHelper *helper, Answer *answer, const SlProgress *progress, GError **error)
{
  int silence_ms = 0;

  while (silence_ms < answer->silence_limit_ms)
    {
      const char *line = NULL;
      SlHelperEvent event = sl_helper_next (helper, ASK_MS, &line);

      if (event == SL_HELPER_END)
        return END_OF_OUTPUT;
      if (event == SL_HELPER_FLOOD || (event == SL_HELPER_LINE && !take_line (answer, line)))
        return END_BY_FLOOD;
      silence_ms = event == SL_HELPER_LINE ? 0 : silence_ms + silence_of_wait (helper, answer);
      if (!sl_progress_report (progress, (gint64) (answer->fraction * PROGRESS_UNITS),
                               PROGRESS_UNITS, error))
        return END_BY_PROGRESS;
    }
  return END_BY_SILENCE;
}

static gboolean
set_silent (GError **error, const Answer *answer)
{
  g_set_error (error, SL_ERROR, SL_ERROR_HUNG,
               _ ("Decoding “%s” stopped making progress and was ended. The file is probably "
                  "damaged: open it in an audio editor and save it anew."),
               answer->name);
  return FALSE;
}

static gboolean
set_crashed (GError **error, const Answer *answer)
{
  g_set_error (error, SL_ERROR, SL_ERROR_DECODE,
               _ ("The decoder crashed on “%s”. The file is probably damaged: open it in an audio "
                  "editor and save it anew."),
               answer->name);
  return FALSE;
}

static gboolean
set_nonsense (GError **error, const Answer *answer)
{
  g_set_error (
      error, SL_ERROR, SL_ERROR_DECODE,
      _ ("The decoder gave an answer about “%s” that makes no sense. Save the file anew in "
         "an audio editor; if that does not help, install Seamline again."),
      answer->name);
  return FALSE;
}

/* "CODE MESSAGE", the message escaped. Being cancelled is never the helper's own idea. */
static gboolean
set_told_error (GError **error, const Answer *answer)
{
  const char *space = strchr (answer->error_line, ' ');
  g_autofree char *code_text = NULL;
  g_autofree char *message = NULL;
  guint64 code;

  if (space == NULL)
    return set_nonsense (error, answer);
  code_text = g_strndup (answer->error_line, (gsize) (space - answer->error_line));
  message = g_uri_unescape_string (space + 1, NULL);
  if (!g_ascii_string_to_unsigned (code_text, 10, SL_ERROR_INVALID, SL_ERROR_HUNG, &code, NULL)
      || message == NULL || !g_utf8_validate (message, -1, NULL))
    return set_nonsense (error, answer);
  g_set_error_literal (error, SL_ERROR, (int) code, message);
  return FALSE;
}

/* What the end of the process and its last words amount to. */
static gboolean
conclude (const Answer *answer, int status, SlProbeReport *report, GError **error)
{
  if (WIFSIGNALED (status) && WTERMSIG (status) == SIGXCPU)
    return set_silent (error, answer);
  if (WIFSIGNALED (status))
    return set_crashed (error, answer);
  if (answer->error_line != NULL)
    return set_told_error (error, answer);
  if (WEXITSTATUS (status) != 0 || !sl_probe_report_parse (answer->report->str, report, NULL))
    return set_nonsense (error, answer);
  return TRUE;
}

/* Removes what a killed helper has left of @path. */
static void
sweep_parts (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *base = g_path_get_basename (path);

  sl_part_sweep (folder, base);
}

static gboolean
run_helper (SlHelper *helper,
            const char *path,
            SlProbeReport *report,
            const SlProgress *progress,
            GError **error)
{
  g_auto (Answer) answer = { .name = g_filename_display_name (path),
                             .silence_limit_ms = SILENCE_MS,
                             .report = g_string_new (NULL) };

  switch (listen (helper, &answer, progress, error))
    {
    case END_OF_OUTPUT:
      return conclude (&answer, sl_helper_finish (helper, GRACE_MS), report, error);
    case END_BY_FLOOD:
      return set_nonsense (error, &answer);
    case END_BY_SILENCE:
      return set_silent (error, &answer);
    case END_BY_PROGRESS:
      return FALSE;
    default:
      g_assert_not_reached ();
    }
}

gboolean
sl_probe_run (const char *path,
              const char *flac_path,
              const char *pyramid_path,
              SlProbeReport *report,
              const SlProgress *progress,
              GError **error)
{
  SlHelper *helper = spawn (path, flac_path, pyramid_path, error);
  GError *failure = NULL;
  gboolean ok;

  if (helper == NULL)
    return FALSE;
  ok = run_helper (helper, path, report, progress, &failure);
  sl_helper_free (helper);
  if (ok)
    return TRUE;

  if (flac_path != NULL)
    sweep_parts (flac_path);
  if (pyramid_path != NULL)
    sweep_parts (pyramid_path);
  g_propagate_error (error, failure);
  return FALSE;
}
