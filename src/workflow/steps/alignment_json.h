/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan, the choice behind it and its seams as JSON: for records and for scripts. */
#pragma once

#include "engine/align/planner.h"
#include "engine/align/seam.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** Sets "strategy", "reason", "offset", "frames", "segments" and "candidates" in @values. */
void
sl_alignment_write_values (JsonObject *values,
                           const SlPlanOptions *options,
                           const SlPlanned *planned,
                           const GArray *candidates);

/** One seam with every quality measure; what does not apply is null. Owned. */
JsonNode *
sl_seam_to_json (const SlSeam *seam, const SlSeamQuality *quality);

G_END_DECLS
