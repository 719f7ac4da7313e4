/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/time_text.h"

#include "workflow/check.h"

#include <glib/gi18n.h>

typedef struct
{
  gint64 bar;  /* from 1; 0 and below before the first downbeat */
  gint64 beat; /* from 1 */
} Place;

static Place
place_of (const SlGrid *grid, gint64 frame)
{
  gint64 beat = sl_grid_beat_at (grid, frame);
  gint64 in_bar = beat % grid->beats_per_bar;

  if (in_bar < 0)
    in_bar += grid->beats_per_bar;
  return (Place){ (beat - in_bar) / grid->beats_per_bar + 1, in_bar + 1 };
}

char *
sl_time_text_position (SlTimeRange *range, gint64 frame)
{
  const SlGrid *grid = sl_time_range_get_grid (range);
  g_autofree char *time = sl_format_time (frame, sl_time_range_get_rate_hz (range));
  g_autofree char *bar = NULL;
  g_autofree char *beat = NULL;
  Place place;

  if (!sl_grid_known (grid))
    return g_steal_pointer (&time);
  place = place_of (grid, frame);
  bar = g_strdup_printf ("%" G_GINT64_FORMAT, place.bar);
  beat = g_strdup_printf ("%" G_GINT64_FORMAT, place.beat);
  /* Translators: minutes and seconds, bar, beat: “1:22.286, bar 12 beat 3”. */
  return g_strdup_printf (_ ("%s, bar %s beat %s"), time, bar, beat);
}

static char *
format_bars (const SlGrid *grid, gint64 frame)
{
  Place place;

  if (!sl_grid_known (grid))
    return NULL;
  place = place_of (grid, frame);
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, place.bar, place.beat);
}

char *
sl_time_text_bars (SlTimeRange *range, gint64 frame)
{
  return format_bars (sl_time_range_get_grid (range), frame);
}

char *
sl_time_text_place (const SlGrid *grid, int rate_hz, gint64 frame)
{
  g_autofree char *time = sl_format_time (frame, rate_hz);
  g_autofree char *bars = format_bars (grid, frame);

  return bars != NULL ? g_strdup_printf ("%s · %s", time, bars) : g_steal_pointer (&time);
}
