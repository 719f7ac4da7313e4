/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ruler_ticks.h"

/* Above any of which no file is long. */
static const gint64 ms_steps[]
    = { 1,      2,      5,       10,      20,      50,       100,      200,      500,
        1000,   2000,   5000,    10000,   15000,   30000,    60000,    120000,   300000,
        600000, 900000, 1800000, 3600000, 7200000, 14400000, 36000000, 72000000, 360000000 };

gint64
sl_ruler_beat_step (const SlGrid *grid, double least)
{
  double beat = (double) grid->beat_num / (double) grid->beat_den;
  gint64 step = 1;

  if (beat < least)
    step = grid->beats_per_bar;
  while (beat * (double) step < least && step < G_MAXINT64 / 2)
    step *= 2;
  return step;
}

gint64
sl_ruler_ms_step (double least)
{
  for (guint i = 0; i < G_N_ELEMENTS (ms_steps); i++)
    if ((double) ms_steps[i] >= least)
      return ms_steps[i];
  return ms_steps[G_N_ELEMENTS (ms_steps) - 1];
}

gint64
sl_ruler_ms_substep (gint64 step, double least)
{
  for (guint i = 0; i < G_N_ELEMENTS (ms_steps) && ms_steps[i] < step; i++)
    if (step % ms_steps[i] == 0 && (double) ms_steps[i] >= least)
      return ms_steps[i];
  return step;
}

char *
sl_ruler_beat_label (const SlGrid *grid, gint64 beat)
{
  gint64 bar = beat / grid->beats_per_bar + 1;

  if (beat < 0)
    return NULL;
  if (beat % grid->beats_per_bar == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT, bar);
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, bar,
                          beat % grid->beats_per_bar + 1);
}

char *
sl_ruler_ms_label (gint64 ms, gint64 step)
{
  gint64 minutes = ms / 60000;
  int second = (int) (ms / 1000 % 60);
  int rest = (int) (ms % 1000);

  if (step % 1000 == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d", minutes, second);
  if (step % 100 == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d.%d", minutes, second, rest / 100);
  if (step % 10 == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d.%02d", minutes, second, rest / 10);
  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d.%03d", minutes, second, rest);
}
