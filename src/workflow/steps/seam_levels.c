/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/steps/seam_levels.h"

#include "engine/align/seam.h"

#include <math.h>

static SlLevel
judge (double value, double pass, double warn)
{
  if (isnan (value) || fabs (value) <= pass)
    return SL_LEVEL_PASS;
  return fabs (value) <= warn ? SL_LEVEL_WARN : SL_LEVEL_FAIL;
}

SlLevel
sl_seam_step_level (double step, double pass)
{
  return judge (step, pass, pass * SL_SEAM_STEP_WARN / SL_SEAM_STEP_PASS);
}

SlLevel
sl_seam_db_level (double level_db, double pass_db)
{
  return judge (level_db, pass_db, pass_db * SL_SEAM_LEVEL_WARN_DB / SL_SEAM_LEVEL_PASS_DB);
}

SlLevel
sl_seam_grid_level (double grid_ms, double pass_ms)
{
  return judge (grid_ms, pass_ms, INFINITY);
}

SlLevel
sl_seam_match_level (double match, double pass)
{
  return isnan (match) || match >= pass ? SL_LEVEL_PASS : SL_LEVEL_WARN;
}
