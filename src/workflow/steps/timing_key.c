/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/steps/timing_key.h"

void
sl_key_add_grid (SlKey *key, const SlGrid *grid, int rate_hz)
{
  sl_key_add_int (key, "rate", rate_hz);
  sl_key_add_int (key, "beat-num", grid->beat_num);
  sl_key_add_int (key, "beat-den", grid->beat_den);
  sl_key_add_int (key, "beats-per-bar", grid->beats_per_bar);
  sl_key_add_int (key, "origin", grid->origin);
}

void
sl_key_add_timing (SlKey *key, const SlSettings *settings)
{
  SlGrid grid = sl_settings_grid (settings);

  sl_key_add_grid (key, &grid, settings->rate_hz);
  for (guint i = 0; i < settings->sections->len; i++)
    {
      const SlSection *section = &g_array_index (settings->sections, SlSection, i);
      sl_key_add_string (key, "section", section->name);
      sl_key_add_int (key, "beats", section->beats);
    }
}
