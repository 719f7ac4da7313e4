/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every seam of a rendered stem, measured and judged. */
#pragma once

#include "engine/align/seam.h"
#include "workflow/steps/alignment.h"

G_BEGIN_DECLS

/**
 * Measures each seam of @plan on @rendered (seams between the same two stretches of source once)
 * and adds the checks "seam-step", "seam-level", "seam-grid" and "seam-match", each with the worst
 * seam; the record's value "seams" lists all. Not on main.
 */
gboolean
sl_check_seams (const SlAlignment *alignment,
                const SlPlan *plan,
                const SlGrid *grid,
                SlSource *source,
                SlSource *rendered,
                SlRecord *record,
                const SlProgress *progress,
                GError **error);

G_END_DECLS
