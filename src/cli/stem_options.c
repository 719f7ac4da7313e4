/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"
#include "cli/values.h"
#include "engine/base/error.h"
#include "engine/process/lowpass.h"
#include "workflow/names.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_BARS 100000
#define MAX_FADE_MS 600000.0
#define MAX_GAIN 1000.0

/* Goes back to what is found or guessed; for every option that has such a default. */
#define AUTO "auto"

/* Strategy, join and loop length change which joins are found: the rank of one of those before,
 * which the window sets, is forgotten with each. */

static gboolean
apply_role (SlCliEdit *edit, const char *text, GError **error)
{
  if (!sl_name_check (text, error))
    return FALSE;
  g_free (edit->stem->role);
  edit->stem->role = g_utf8_strdown (text, -1);
  return TRUE;
}

static gboolean
apply_strategy (SlCliEdit *edit, const char *text, GError **error)
{
  edit->stem->candidate = 0;
  return sl_strategy_parse (text, &edit->stem->strategy, error);
}

static gboolean
apply_offset (SlCliEdit *edit, const char *text, GError **error)
{
  edit->stem->offset_auto = strcmp (text, AUTO) == 0;
  if (!edit->stem->offset_auto)
    return sl_cli_parse_int (text, -SL_CLI_MAX_FRAMES, SL_CLI_MAX_FRAMES, &edit->stem->offset,
                             error);
  edit->stem->offset = 0;
  return TRUE;
}

static gboolean
apply_ending (SlCliEdit *edit, const char *text, GError **error)
{
  return sl_ending_parse (text, &edit->stem->ending, error);
}

static gboolean
apply_loop_bars (SlCliEdit *edit, const char *text, GError **error)
{
  gint64 bars = 0;

  if (strcmp (text, AUTO) != 0 && !sl_cli_parse_int (text, 1, MAX_BARS, &bars, error))
    return FALSE;
  edit->stem->loop_bars = (int) bars;
  edit->stem->candidate = 0;
  return TRUE;
}

static gboolean
apply_join (SlCliEdit *edit, const char *text, GError **error)
{
  gint64 join = -1;

  if (strcmp (text, AUTO) != 0 && !sl_cli_parse_int (text, 0, SL_CLI_MAX_FRAMES, &join, error))
    return FALSE;
  edit->stem->join = join;
  edit->stem->candidate = 0;
  return TRUE;
}

static gboolean
apply_fade (SlCliEdit *edit, const char *text, GError **error)
{
  double fade_ms = -1.0;

  if (strcmp (text, AUTO) != 0 && !sl_cli_parse_number (text, 0.0, MAX_FADE_MS, &fade_ms, error))
    return FALSE;
  edit->stem->fade_ms = fade_ms;
  return TRUE;
}

const SlCliOption sl_cli_alignment_options[] = {
  { "role", "R", N_ ("drums, percussion, bass, guitars, synths, vocals, …"), FALSE, apply_role },
  { "strategy", "STRATEGY", N_ ("auto, none, zero-pad, loop, crossfade, place or truncate"), FALSE,
    apply_strategy },
  { "offset", "FRAMES", N_ ("Where it starts in the song, or “auto”: as the reference has it"),
    FALSE, apply_offset },
  { "ending", "ENDING", N_ ("cut, or keep: its own ending closes the song"), FALSE, apply_ending },
  { "loop-bars", "N", N_ ("Bars of a loop (found)"), FALSE, apply_loop_bars },
  { "join", "FRAME", N_ ("Where the stem is joined (found)"), FALSE, apply_join },
  { "fade", "MS", N_ ("Length of a crossfade (by role)"), FALSE, apply_fade },
  { NULL }
};

static gboolean
apply_section (SlCliEdit *edit, const char *text, GError **error)
{
  if (*text != '\0' && sl_sections_find (edit->settings->sections, text) < 0)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                   _ ("The song has no section “%s”: name one of its sections, or add this one "
                      "with “set DIR --sections …”."),
                   text);
      return FALSE;
    }
  g_free (edit->stem->section);
  edit->stem->section = *text != '\0' ? g_strdup (text) : NULL;
  return TRUE;
}

static gboolean
apply_lowpass (SlCliEdit *edit, const char *text, GError **error)
{
  double cutoff_hz = strcmp (text, AUTO) == 0 ? -1.0 : 0.0;

  if (strcmp (text, AUTO) != 0 && strcmp (text, "off") != 0
      && !sl_cli_parse_number (text, SL_LOWPASS_MIN_HZ, sl_lowpass_max_hz (edit->settings->rate_hz),
                               &cutoff_hz, error))
    return FALSE;
  edit->stem->lowpass_hz = cutoff_hz;
  return TRUE;
}

static gboolean
apply_gain (SlCliEdit *edit, const char *text, GError **error)
{
  double gain = -1.0;

  if (strcmp (text, AUTO) != 0 && !sl_cli_parse_number (text, 0.0, MAX_GAIN, &gain, error))
    return FALSE;
  edit->stem->gain = gain;
  return TRUE;
}

static gboolean
apply_mute (SlCliEdit *edit, const char *text, GError **error)
{
  edit->stem->mute = strcmp (text, "on") == 0;
  if (edit->stem->mute || strcmp (text, "off") == 0)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID, _ ("“%s” is neither “on” nor “off”."), text);
  return FALSE;
}

static gboolean
check_kind (const SlStem *stem, SlStemKind kind, const char *why, GError **error)
{
  if (stem->kind != kind)
    g_set_error (error, SL_ERROR, SL_ERROR_INVALID, "“%s” %s", stem->name, why);
  return stem->kind == kind;
}

static gboolean
apply_stem_seconds (SlCliEdit *edit, const char *text, GError **error)
{
  gint64 frames;

  /* Shorter than a frame would be nothing to hear. */
  return check_kind (edit->stem, SL_STEM_TONE, _ ("is a file, which has its own length."), error)
         && sl_cli_parse_length (text, edit->settings->rate_hz, &frames, error)
         && sl_cli_parse_number (text, 0.0, SL_CLI_MAX_SECONDS, &edit->stem->seconds, error);
}

static gboolean
apply_convert (SlCliEdit *edit, const char *text, GError **error)
{
  edit->stem->convert = TRUE;
  return check_kind (edit->stem, SL_STEM_FILE, _ ("is a tone, which always has the song's rate."),
                     error);
}

const SlCliOption sl_cli_stem_options[]
    = { { "section", "S", N_ ("The section that it belongs to; \"\": none"), FALSE, apply_section },
        { "lowpass", "HZ", N_ ("Cutoff of a zero-phase low-pass, or “off”"), FALSE, apply_lowpass },
        { "gain", "G", N_ ("Linear gain in the master"), FALSE, apply_gain },
        { "mute", "on|off", N_ ("Leave it out of the master"), FALSE, apply_mute },
        { "seconds", "S", N_ ("Own length of a tone"), FALSE, apply_stem_seconds },
        { "convert", NULL, N_ ("Resample a copy when the file's rate is not the song's"), FALSE,
          apply_convert },
        { NULL } };
