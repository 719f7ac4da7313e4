/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a person has taken responsibility for a failed judgement. */
#pragma once

#include "workflow/check.h"
#include "workflow/record.h"
#include "workflow/settings.h"
#include "workflow/step_id.h"

G_BEGIN_DECLS

/** The acceptance of @check in a record with @key, or NULL: not accepted, or lapsed. Borrowed. */
const SlAcceptance *
sl_acceptance_find (const SlSettings *settings,
                    SlStepId step,
                    const SlCheck *check,
                    const char *key);

/** The check's level, with an accepted failure counting as a warning. */
SlLevel
sl_acceptance_level (const SlSettings *settings,
                     SlStepId step,
                     const SlCheck *check,
                     const char *key);

/** Whether @record has a failed check that nobody has accepted. */
gboolean
sl_acceptance_is_red (const SlSettings *settings, SlStepId step, const SlRecord *record);

G_END_DECLS
