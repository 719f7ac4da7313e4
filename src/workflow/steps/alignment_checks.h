/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of an alignment, as checks of its record. Any thread; nothing here blocks. */
#pragma once

#include "engine/align/render.h"
#include "engine/measure/offset.h"
#include "workflow/steps/alignment.h"

G_BEGIN_DECLS

/** The stem names a section that the song does not have. */
void
sl_alignment_check_missing_section (const SlAlignment *alignment, SlRecord *record);

/** An offset was to be found, and there is nothing to find it in. */
void
sl_alignment_check_no_reference (const SlAlignment *alignment, SlRecord *record);

/** The offset that was found, or that none was. */
void
sl_alignment_check_offset (const SlAlignment *alignment, const SlOffset *found, SlRecord *record);

/** What was asked for cannot be planned; @why is a sentence. */
void
sl_alignment_check_unplanned (const SlAlignment *alignment, const char *why, SlRecord *record);

/** The strategy and its reason, what else is to be known of the plan, and the stem's tempo. */
void
sl_alignment_check_plan (const SlAlignment *alignment, const SlPlanned *planned, SlRecord *record);

/** Whether what lies outside of fades is the source, to within @tolerance of full scale. */
void
sl_alignment_check_identity (const SlAlignment *alignment,
                             const SlIdentityCheck *tap,
                             double tolerance,
                             SlRecord *record);

/** Samples beyond full scale are cut by PCM: the source is then not kept. */
void
sl_alignment_check_overs (const SlAlignment *alignment,
                          const SlOutputResult *result,
                          SlRecord *record);

/** The stem is its source, under its own name. */
void
sl_alignment_check_kept (const SlAlignment *alignment, SlRecord *record);

G_END_DECLS
