/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The null test of a master against its stems, as a check. */
#pragma once

#include "workflow/steps/mix.h"

G_BEGIN_DECLS

/** What the residual's peak may be: -130 dBFS for FLOAT, -120 for PCM_24, -85 for PCM_16. */
double
sl_null_limit_db (SlSubtype subtype);

/** Adds the check "null": @master against the sum of the parts at their gains times @factor, all
 *  read from disk. Not on main. */
gboolean
sl_check_null (const SlMix *mix,
               SlSource *master,
               double factor,
               SlSubtype subtype,
               double limit_db,
               SlRecord *record,
               const SlProgress *progress,
               GError **error);

G_END_DECLS
