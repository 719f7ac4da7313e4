/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/base/grid.h"

#include "engine/base/error.h"
#include "engine/base/units.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MIN_BPM 20
#define MAX_BPM 400
#define MAX_DECIMALS 3

/* Bounds of a fraction, so that beat numbers times it stay far inside 128 bits. */
#define MAX_FRACTION_TERM 1000000

static gint64
greatest_common_divisor (gint64 a, gint64 b)
{
  while (b != 0)
    {
      gint64 rest = a % b;
      a = b;
      b = rest;
    }
  return a;
}

static SlBpm
reduce (gint64 num, gint64 den)
{
  gint64 divisor = greatest_common_divisor (num, den);
  SlBpm bpm = { num / divisor, den / divisor };

  return bpm;
}

/* Reads digits at *@text, at most @most of them; moves *@text past them. Returns how many. */
static int
read_digits (const char **text, int most, gint64 *value)
{
  int n = 0;

  for (*value = 0; n < most && g_ascii_isdigit (**text); (*text)++, n++)
    *value = *value * 10 + g_ascii_digit_value (**text);
  return n;
}

static gboolean
read_number (const char *text, SlBpm *bpm)
{
  gint64 whole;
  gint64 part = 0;
  gint64 scale = 1;

  if (read_digits (&text, 7, &whole) == 0)
    return FALSE;
  if (*text == '.')
    {
      int n;

      text++;
      n = read_digits (&text, MAX_DECIMALS, &part);
      if (n == 0)
        return FALSE;
      while (n-- > 0)
        scale *= 10;
    }
  else if (*text == '/')
    {
      text++;
      if (read_digits (&text, 7, &scale) == 0 || scale == 0)
        return FALSE;
      *bpm = reduce (whole, scale);
      return *text == '\0';
    }
  *bpm = reduce (whole * scale + part, scale);
  return *text == '\0';
}

static gboolean
in_range (SlBpm bpm)
{
  return bpm.num >= MIN_BPM * bpm.den && bpm.num <= MAX_BPM * bpm.den
         && bpm.num <= MAX_FRACTION_TERM && bpm.den <= MAX_FRACTION_TERM;
}

gboolean
sl_bpm_parse (const char *text, SlBpm *bpm, GError **error)
{
  SlBpm read;

  if (g_ascii_strcasecmp (text, "unknown") == 0)
    {
      *bpm = (SlBpm){ 0, 1 };
      return TRUE;
    }
  if (!read_number (text, &read) || !in_range (read))
    {
      g_autofree char *shown = g_utf8_make_valid (text, -1);

      g_set_error (
          error, SL_ERROR, SL_ERROR_INVALID,
          _ ("“%s” is not a tempo: use a number of beats per minute from 20 to 400 with up "
             "to three decimals, or “unknown”."),
          shown);
      return FALSE;
    }
  *bpm = read;
  return TRUE;
}

char *
sl_bpm_format (SlBpm bpm)
{
  GString *text;
  gint64 thousandths;

  if (bpm.num == 0)
    return g_strdup ("unknown");
  if (bpm.num * 1000 % bpm.den != 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, bpm.num, bpm.den);
  thousandths = bpm.num * 1000 / bpm.den;
  text = g_string_new (NULL);
  g_string_printf (text, "%" G_GINT64_FORMAT ".%03d", thousandths / 1000,
                   (int) (thousandths % 1000));
  while (text->str[text->len - 1] == '0')
    g_string_truncate (text, text->len - 1);
  if (text->str[text->len - 1] == '.')
    g_string_truncate (text, text->len - 1);
  return g_string_free (text, FALSE);
}

double
sl_bpm_value (SlBpm bpm)
{
  return (double) bpm.num / (double) bpm.den;
}

SlGrid
sl_grid_make (SlBpm bpm, int rate_hz, int beats_per_bar, gint64 origin)
{
  SlGrid grid = { 0, 1, beats_per_bar, origin };

  g_assert (beats_per_bar >= 1);
  if (bpm.num > 0)
    {
      SlBpm frames_per_beat = reduce ((gint64) 60 * rate_hz * bpm.den, bpm.num);
      grid.beat_num = frames_per_beat.num;
      grid.beat_den = frames_per_beat.den;
    }
  return grid;
}

double
sl_grid_bpm (const SlGrid *grid, int rate_hz)
{
  return grid->beat_num > 0 ? 60.0 * rate_hz * (double) grid->beat_den / (double) grid->beat_num
                            : 0.0;
}

gboolean
sl_grid_known (const SlGrid *grid)
{
  return grid->beat_num > 0;
}

gint64
sl_grid_beats_length (const SlGrid *grid, gint64 beats)
{
  return sl_round_fraction (beats, grid->beat_num, grid->beat_den);
}

gint64
sl_grid_beat_frame (const SlGrid *grid, gint64 beat)
{
  return grid->origin + sl_grid_beats_length (grid, beat);
}

gint64
sl_grid_bar_frame (const SlGrid *grid, gint64 bar)
{
  return sl_grid_beat_frame (grid, bar * grid->beats_per_bar);
}

gint64
sl_grid_nearest_beats (const SlGrid *grid, gint64 frames)
{
  g_assert (sl_grid_known (grid));
  return sl_round_fraction (frames, grid->beat_den, grid->beat_num);
}

gint64
sl_grid_beat_at (const SlGrid *grid, gint64 frame)
{
  gint64 beat = sl_grid_nearest_beats (grid, frame - grid->origin);

  return sl_grid_beat_frame (grid, beat) <= frame ? beat : beat - 1;
}
