/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the measures of a seam are judged, one by one: for the checks and for whoever shows a seam.
 */
#pragma once

#include "workflow/check.h"

G_BEGIN_DECLS

/* Each takes what was measured (NAN: does not apply, passes) and what still passes. A limit that
 * was raised by hand moves what fails with what passes. Any thread. */

SlLevel
sl_seam_step_level (double step, double pass);

SlLevel
sl_seam_db_level (double level_db, double pass_db);

SlLevel
sl_seam_grid_level (double grid_ms, double pass_ms);

SlLevel
sl_seam_match_level (double match, double pass);

G_END_DECLS
