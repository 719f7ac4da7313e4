/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"
#include "cli/values.h"
#include "engine/base/error.h"
#include "workflow/names.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_RATE_HZ 768000
#define MAX_LIMIT 1e9

static gboolean
apply_title (SlCliEdit *edit, const char *text, GError **error)
{
  if (!sl_name_check (text, error))
    return FALSE;
  g_free (edit->settings->title);
  edit->settings->title = g_strdup (text);
  return TRUE;
}

static gboolean
apply_bpm (SlCliEdit *edit, const char *text, GError **error)
{
  return sl_bpm_parse (text, &edit->settings->bpm, error);
}

static gboolean
apply_beats_per_bar (SlCliEdit *edit, const char *text, GError **error)
{
  gint64 beats;

  if (!sl_cli_parse_int (text, 1, SL_CLI_MAX_BEATS_PER_BAR, &beats, error))
    return FALSE;
  edit->settings->beats_per_bar = (int) beats;
  return TRUE;
}

static gboolean
apply_downbeat (SlCliEdit *edit, const char *text, GError **error)
{
  return sl_cli_parse_int (text, -SL_CLI_MAX_FRAMES, SL_CLI_MAX_FRAMES, &edit->settings->downbeat,
                           error);
}

static gboolean
apply_sections (SlCliEdit *edit, const char *text, GError **error)
{
  GArray *sections = sl_sections_parse (text, edit->settings->beats_per_bar, error);

  if (sections == NULL)
    return FALSE;
  g_array_unref (edit->settings->sections);
  edit->settings->sections = sections;
  return TRUE;
}

static gboolean
apply_rate (SlCliEdit *edit, const char *text, GError **error)
{
  gint64 rate_hz;

  if (!sl_cli_parse_int (text, 1, MAX_RATE_HZ, &rate_hz, error))
    return FALSE;
  edit->settings->rate_hz = (int) rate_hz;
  return TRUE;
}

static gboolean
apply_subtype (SlCliEdit *edit, const char *text, GError **error)
{
  return sl_subtype_parse (text, &edit->settings->subtype, error);
}

static void
take_plain_length (SlSettings *settings, gint64 frames)
{
  settings->reference_frames = frames;
  g_clear_pointer (&settings->reference, g_free);
  settings->reference_convert = FALSE;
}

static gboolean
apply_seconds (SlCliEdit *edit, const char *text, GError **error)
{
  gint64 frames;

  if (!sl_cli_parse_length (text, edit->settings->rate_hz, &frames, error))
    return FALSE;
  take_plain_length (edit->settings, frames);
  return TRUE;
}

static gboolean
apply_frames (SlCliEdit *edit, const char *text, GError **error)
{
  gint64 frames;

  if (!sl_cli_parse_int (text, 1, SL_CLI_MAX_FRAMES, &frames, error))
    return FALSE;
  take_plain_length (edit->settings, frames);
  return TRUE;
}

static gboolean
apply_planned (SlCliEdit *edit, const char *text, GError **error)
{
  return sl_cli_parse_number (text, 0.0, SL_CLI_MAX_SECONDS, &edit->settings->planned_seconds,
                              error);
}

static gboolean
apply_min (SlCliEdit *edit, const char *text, GError **error)
{
  return sl_cli_parse_number (text, 0.0, SL_CLI_MAX_SECONDS, &edit->settings->min_seconds, error);
}

/* Rate and meter come before what is counted in them. */
const SlCliOption sl_cli_song_options[]
    = { { "title", "T", N_ ("Title, which also names the archive"), FALSE, apply_title },
        { "bpm", "B", N_ ("Beats per minute, 20 to 400, or “unknown”"), FALSE, apply_bpm },
        { "beats-per-bar", "N", N_ ("Meter (4)"), FALSE, apply_beats_per_bar },
        { "downbeat", "FRAMES", N_ ("Where the first bar starts (0)"), FALSE, apply_downbeat },
        { "sections", "LIST", N_ ("Sections, such as \"Verse:48bars,Bridge:16bars,Outro:32\""),
          FALSE, apply_sections },
        { "rate", "HZ", N_ ("Sample rate (the reference's, else 48000)"), FALSE, apply_rate },
        { "subtype", "FORMAT", N_ ("Sample format: float, pcm24 or pcm16"), FALSE, apply_subtype },
        { "reference", "FILE", N_ ("The recording that gives the length"), TRUE, NULL },
        { "seconds", "S", N_ ("Length without a reference"), FALSE, apply_seconds },
        { "frames", "N", N_ ("Length without a reference, in frames"), FALSE, apply_frames },
        { "planned-seconds", "S", N_ ("Duration that the sections should have; 0: none"), FALSE,
          apply_planned },
        { "min-seconds", "S", N_ ("Least duration of the reference; 0: none"), FALSE, apply_min },
        { NULL } };

static gboolean
apply_fit_gains (SlCliEdit *edit, const char *text, GError **error)
{
  edit->settings->fit_gains = TRUE;
  return TRUE;
}

static gboolean
apply_no_fit_gains (SlCliEdit *edit, const char *text, GError **error)
{
  edit->settings->fit_gains = FALSE;
  return TRUE;
}

/* The checks whose limits the steps look up. */
static const char *const limits[]
    = { "clipping", "crest-change", "duration",   "loudness-change", "null",      "quiet",
        "rms",      "seam-grid",    "seam-level", "seam-match",      "seam-step", NULL };

static gboolean
apply_limit (SlCliEdit *edit, const char *text, GError **error)
{
  const char *equals = strchr (text, '=');
  g_autofree char *check = NULL;
  g_autofree char *known = NULL;
  double value;

  if (equals == NULL)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_INVALID, _ ("“%s” is not CHECK=VALUE."), text);
      return FALSE;
    }
  check = g_strndup (text, (gsize) (equals - text));
  if (!g_strv_contains (limits, check))
    {
      known = g_strjoinv (", ", (char **) limits);
      g_set_error (error, SL_ERROR, SL_ERROR_INVALID, _ ("“%s” has no limit; these have: %s."),
                   check, known);
      return FALSE;
    }
  if (strcmp (equals + 1, "default") == 0)
    {
      g_hash_table_remove (edit->settings->limits, check);
      return TRUE;
    }
  if (!sl_cli_parse_number (equals + 1, -MAX_LIMIT, MAX_LIMIT, &value, error))
    return FALSE;
  sl_settings_set_limit (edit->settings, check, value);
  return TRUE;
}

const SlCliOption sl_cli_project_options[]
    = { { "fit-gains", NULL, N_ ("Lower all gains together until the true peak is -1 dBTP"), FALSE,
          apply_fit_gains },
        { "no-fit-gains", NULL, N_ ("Leave the gains as they are"), FALSE, apply_no_fit_gains },
        { "limit", "CHECK=VALUE", N_ ("Limit of a check, in its unit, or “default”; repeatable"),
          FALSE, apply_limit },
        { NULL } };
