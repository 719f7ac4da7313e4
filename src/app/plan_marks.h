/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan in the record of an aligned stem, as marks over its waveform. */
#pragma once

#include "app/waveform_marks.h"
#include "workflow/record.h"
#include "workflow/settings.h"

G_BEGIN_DECLS

/** What a plan is read from. */
typedef struct
{
  SlRecord *record;
  const SlSettings *settings;
  const SlStem *stem;   ///< that it is about, or NULL: joins are only shown
  gint64 source_frames; ///< length of its source
} SlPlanMarksInput;

/** Appends to @seams (SlSeamMark), @paddings (SlRange) and @repeats (SlRepeatMark) what the plan
 *  says. A record without a plan has none. */
void
sl_plan_marks_read (const SlPlanMarksInput *input,
                    GArray *seams,
                    GArray *paddings,
                    GArray *repeats);

G_END_DECLS
