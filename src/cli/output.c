/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/output.h"

#include "engine/base/error.h"
#include "engine/base/units.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define REDRAW_US (G_USEC_PER_SEC / 10)

#define RED "\033[31m"
#define GREEN "\033[32m"
#define AMBER "\033[33m"
#define PLAIN "\033[0m"
#define CLEAR_LINE "\r\033[K"

/* Icons say it without colour, and words without icons. */
typedef struct
{
  const char *icon;
  const char *ascii; ///< where the terminal knows no other
  const char *colour;
} Look;

static const Look state_looks[] = {
  [SL_STATE_READY] = { "○", "o", "" },   [SL_STATE_STALE] = { "↻", "~", AMBER },
  [SL_STATE_FAILED] = { "✗", "x", RED }, [SL_STATE_PASSED] = { "✓", "+", GREEN },
  [SL_STATE_LOCKED] = { "·", ".", "" },
};

static const struct
{
  Look look;
  const char *word;
} levels[] = {
  [SL_LEVEL_PASS] = { { "✓", "+", GREEN }, N_ ("Pass") },
  [SL_LEVEL_NOTE] = { { "i", "i", "" }, N_ ("Note") },
  [SL_LEVEL_WARN] = { { "▲", "!", AMBER }, N_ ("Warning") },
  [SL_LEVEL_FAIL] = { { "✗", "x", RED }, N_ ("Fail") },
};

static gboolean
knows_colour (int fd)
{
  const char *no_colour = g_getenv ("NO_COLOR");

  return isatty (fd) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0
         && (no_colour == NULL || *no_colour == '\0');
}

void
sl_cli_output_start (SlCli *cli)
{
  cli->colour = knows_colour (cli->json ? STDERR_FILENO : STDOUT_FILENO);
  cli->shows_progress = isatty (STDERR_FILENO) && !cli->quiet;
}

static void
clear_progress (SlCli *cli)
{
  if (cli->line_is_open)
    g_printerr (CLEAR_LINE);
  cli->line_is_open = FALSE;
}

/* The length of the colour at the start of @text, 0 when there is none. */
static gsize
colour_length (const char *text)
{
  static const char *const colours[] = { RED, GREEN, AMBER, PLAIN };

  for (guint i = 0; i < G_N_ELEMENTS (colours); i++)
    if (g_str_has_prefix (text, colours[i]))
      return strlen (colours[i]);
  return 0;
}

/* Characters that a file name can hold to make a terminal show something else; the joiners are
 * part of words and of emoji. */
static gboolean
is_hidden (gunichar c)
{
  return c != '\n' && c != 0x200c && c != 0x200d
         && (g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT
             || g_unichar_type (c) == G_UNICODE_LINE_SEPARATOR
             || g_unichar_type (c) == G_UNICODE_PARAGRAPH_SEPARATOR);
}

/* @text with what a terminal would obey, but for our own colours, written out. Owned. */
static char *
make_visible (const char *text, gboolean has_colours)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *visible = g_string_new (NULL);
  const char *p = valid;

  while (*p != '\0')
    {
      gsize colour = has_colours ? colour_length (p) : 0;
      gunichar c = g_utf8_get_char (p);

      if (colour > 0)
        g_string_append_len (visible, p, (gssize) colour);
      else if (is_hidden (c))
        g_string_append_printf (visible, "<U+%04X>", c);
      else
        g_string_append_unichar (visible, c);
      p = colour > 0 ? p + colour : g_utf8_next_char (p);
    }
  return g_string_free (visible, FALSE);
}

/* Where the terminal knows no UTF-8, a plain quotation mark is better than a question mark. */
static void
put_line (const SlCli *cli, gboolean on_error, const char *text)
{
  g_autofree char *visible = make_visible (text, cli->colour);
  g_autofree char *plain = g_get_charset (NULL) ? NULL : g_str_to_ascii (visible, "C");
  const char *shown = plain != NULL ? plain : visible;

  if (on_error)
    g_printerr ("%s\n", shown);
  else
    g_print ("%s\n", shown);
}

void
sl_cli_say (SlCli *cli, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  if (cli->quiet)
    return;
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  clear_progress (cli);
  put_line (cli, cli->json, text);
}

void
sl_cli_complain (SlCli *cli, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  clear_progress (cli);
  put_line (cli, TRUE, text);
}

/* JSON is UTF-8 under every locale, so it does not go through g_print(). */
void
sl_cli_answer (SlCli *cli, JsonNode *root)
{
  g_autoptr (JsonNode) owned = root;
  g_autofree char *text = NULL;

  if (!cli->json)
    return;
  clear_progress (cli);
  text = json_to_string (owned, TRUE);
  fputs (text, stdout);
  fputc ('\n', stdout);
}

/* Who reads has read enough, as "head" does: nothing is left to be told. */
static gboolean
has_no_reader (void)
{
  struct pollfd output = { .fd = STDOUT_FILENO, .events = POLLOUT };

  return poll (&output, 1, 0) > 0 && (output.revents & POLLERR) != 0;
}

gboolean
sl_cli_output_finish (SlCli *cli, GError **error)
{
  clear_progress (cli);
  errno = 0;
  if ((fflush (stdout) == 0 && !ferror (stdout)) || has_no_reader ())
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_WRITE, _ ("Standard output could not be written: %s."),
               g_strerror (errno != 0 ? errno : EIO));
  return FALSE;
}

static const char *
icon_of (const Look *look)
{
  return g_get_charset (NULL) ? look->icon : look->ascii;
}

static char *
paint (const SlCli *cli, const Look *look, const char *word)
{
  if (!cli->colour || *look->colour == '\0')
    return g_strdup_printf ("%s %s", icon_of (look), word);
  return g_strdup_printf ("%s%s %s" PLAIN, look->colour, icon_of (look), word);
}

static glong
widest_state (void)
{
  glong widest = 0;

  for (guint i = 0; i < G_N_ELEMENTS (state_looks); i++)
    widest = MAX (widest, g_utf8_strlen (sl_state_title ((SlState) i), -1));
  return widest;
}

char *
sl_cli_badge (const SlCli *cli, SlState state)
{
  const char *word = sl_state_title (state);
  g_autofree char *painted = paint (cli, &state_looks[state], word);
  glong missing = widest_state () - g_utf8_strlen (word, -1);

  return g_strdup_printf ("%s%*s", painted, (int) missing, "");
}

char *
sl_cli_one_line (const char *text)
{
  return g_strdelimit (g_strdup (text), "\n", ' ');
}

char *
sl_cli_level (const SlCli *cli, SlLevel level)
{
  return paint (cli, &levels[level].look, _ (levels[level].word));
}

static void
append_details (GString *text, const SlCheck *check, int rate_hz)
{
  g_autofree char *frame = sl_format_frames (check->where);
  g_autofree char *time = sl_format_time (MAX (0, check->where), rate_hz);

  if (check->where >= 0)
    g_string_append_printf (text, _ ("\n        at %s (frame %s)"), time, frame);
  if (check->fix != NULL)
    g_string_append_printf (text, _ ("\n        Fix: %s"), check->fix);
}

void
sl_cli_say_check (SlCli *cli, const SlCheck *check, int rate_hz)
{
  g_autofree char *level = sl_cli_level (cli, check->level);
  g_autofree char *message = sl_cli_one_line (check->message != NULL ? check->message : check->id);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "    %s  ", level);
  if (check->subject != NULL && *check->subject != '\0')
    g_string_append_printf (text, "%s: ", check->subject);
  g_string_append (text, message);
  /* The name to accept it by, or to set a limit for. */
  if (check->level >= SL_LEVEL_WARN)
    g_string_append_printf (text, " [%s]", check->id);
  append_details (text, check, rate_hz);
  if (cli->quiet && check->level == SL_LEVEL_FAIL)
    sl_cli_complain (cli, "%s", text->str);
  else
    sl_cli_say (cli, "%s", text->str);
  g_string_free (text, TRUE);
}

void
sl_cli_draw_progress (SlCli *cli, const char *doing, double fraction)
{
  gint64 now_us = g_get_monotonic_time ();

  if (!cli->shows_progress || now_us - cli->progress_us < REDRAW_US)
    return;
  cli->progress_us = now_us;
  cli->line_is_open = TRUE;
  g_printerr (CLEAR_LINE "%s %3d %%", doing, (int) (fraction * 100.0));
}

/* Signals arrive through the main context of this thread. */
static gboolean
report (double fraction, gpointer data)
{
  SlCli *cli = data;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  sl_cli_draw_progress (cli, cli->doing, fraction);
  return !g_cancellable_is_cancelled (cli->cancellable);
}

SlProgress
sl_cli_progress (SlCli *cli, const char *doing)
{
  g_free (cli->doing);
  cli->doing = g_strdup (doing);
  return (SlProgress){ report, cli };
}

char *
sl_cli_format_number (const char *format, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (number, sizeof number, format, value));
}

char *
sl_cli_format_channels (int channels)
{
  if (channels == 1)
    return g_strdup (_ ("mono"));
  if (channels == 2)
    return g_strdup (_ ("stereo"));
  return g_strdup_printf (_ ("%d channels"), channels);
}

char *
sl_cli_format_db (double gain)
{
  double db = sl_db_from_gain (gain);

  return isfinite (db) ? sl_cli_format_number ("%+.2f", db) : g_strdup ("-∞");
}
