/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/seam_text.h"

#include "app/time_text.h"
#include "app/track_text.h"
#include "engine/base/units.h"

#include <glib/gi18n.h>
#include <math.h>

const char *
sl_seam_text_title (SlSeamMeasure measure)
{
  static const char *const titles[SL_N_SEAM_MEASURES] = {
    [SL_SEAM_STEP] = NC_ ("seam", "Step"),
    [SL_SEAM_LEVEL] = NC_ ("seam", "Level"),
    [SL_SEAM_GRID] = NC_ ("seam", "Grid"),
    [SL_SEAM_MATCH] = NC_ ("seam", "Match"),
  };

  return g_dpgettext2 (NULL, "seam", titles[measure]);
}

const char *
sl_seam_text_meaning (SlSeamMeasure measure)
{
  static const char *const meanings[SL_N_SEAM_MEASURES] = {
    [SL_SEAM_STEP] = N_ ("The largest step at the seam, against those of the music itself"),
    [SL_SEAM_LEVEL] = N_ ("How much louder or quieter the crossfade is than its two sides"),
    [SL_SEAM_GRID] = N_ ("How far the loop is from whole beats of the tempo"),
    [SL_SEAM_MATCH] = N_ ("How alike the two sides are where they meet; 1 is the same sound"),
  };

  return _ (meanings[measure]);
}

char *
sl_seam_text_measure (const SlSeamInfo *info, SlSeamMeasure measure)
{
  double value = info->measured[measure];
  double limit = info->limits[measure];

  if (isnan (value))
    return g_strdup (_ ("Does not apply here"));
  switch (measure)
    {
    case SL_SEAM_STEP:
      return g_strdup_printf (_ ("%.2f times · limit %.2f"), value, limit);
    case SL_SEAM_LEVEL:
      /* No minus before what is shown as nothing. */
      return g_strdup_printf (_ ("%+.2f dB · limit %.2f dB"), fabs (value) < 0.005 ? 0.0 : value,
                              limit);
    case SL_SEAM_GRID:
      return g_strdup_printf (_ ("%.2f ms off · limit %.2f ms"), fabs (value), limit);
    case SL_SEAM_MATCH:
    default:
      return g_strdup_printf (_ ("%.3f · limit %.3f"), value, limit);
    }
}

char *
sl_seam_text_place (gint64 frame, const SlSettings *settings)
{
  SlGrid grid = sl_settings_grid (settings);

  return sl_time_text_place (&grid, settings->rate_hz, frame);
}

char *
sl_seam_text_ms (gint64 frames, int rate_hz)
{
  return g_strdup_printf (_ ("%.1f ms"), sl_ms_from_frames (frames, rate_hz));
}

/* Rounding the places of beats may cost a frame. */
static gboolean
is_whole (const SlGrid *grid, gint64 frames, gint64 beats)
{
  return beats > 0 && ABS (sl_grid_beats_length (grid, beats) - frames) <= 1;
}

char *
sl_seam_text_length (gint64 frames, const SlSettings *settings)
{
  SlGrid grid = sl_settings_grid (settings);
  gint64 beats = sl_grid_known (&grid) ? sl_grid_nearest_beats (&grid, frames) : 0;
  gulong n;

  if (!is_whole (&grid, frames, beats))
    return sl_seam_text_ms (frames, settings->rate_hz);
  if (beats % grid.beats_per_bar == 0)
    {
      n = (gulong) (beats / grid.beats_per_bar);
      return g_strdup_printf (ngettext ("%lu bar", "%lu bars", n), n);
    }
  n = (gulong) beats;
  return g_strdup_printf (ngettext ("%lu beat", "%lu beats", n), n);
}

char *
sl_seam_text_repeated (const SlSeamInfo *info, int rate_hz)
{
  g_autofree char *from = sl_format_time (info->entry, rate_hz);
  g_autofree char *to = sl_format_time (info->join, rate_hz);

  return g_strdup_printf (_ ("%s to %s"), from, to);
}

char *
sl_seam_text_owner (const SlSeamInfo *info, const char *stem)
{
  const char *strategy = sl_track_text_strategy_title (info->strategy);

  return strategy != NULL ? g_strdup_printf ("%s · %s", stem, strategy) : g_strdup (stem);
}
