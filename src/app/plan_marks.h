/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan in the record of an aligned stem, as marks over its waveform. */
#pragma once

#include "app/waveform_marks.h"
#include "workflow/record.h"
#include "workflow/settings.h"

G_BEGIN_DECLS

/** Appends to @seams (SlSeamMark), @paddings (SlRange) and @repeats (SlRepeatMark) what the plan in
 *  @record says. A record without a plan has none. */
void
sl_plan_marks_read (SlRecord *record,
                    const SlSettings *settings,
                    GArray *seams,
                    GArray *paddings,
                    GArray *repeats);

G_END_DECLS
