/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a step's badge shows, derived from records and keys, never stored. */
#pragma once

#include "workflow/project.h"

G_BEGIN_DECLS

typedef enum
{
  SL_STATE_READY,  ///< not run yet
  SL_STATE_STALE,  ///< something that it depended on has changed
  SL_STATE_FAILED, ///< red
  SL_STATE_PASSED, ///< green
  SL_STATE_LOCKED  ///< an earlier step is not green
} SlState;

/** "ready", "stale", "failed", "passed", "locked". */
const char *
sl_state_name (SlState state);

/** The word of the badge, translated. */
const char *
sl_state_title (SlState state);

/** State of @subject in @step by its own record alone; never locked. */
SlState
sl_badge_subject (SlProject *project, SlStepId step, const char *subject);

/** State of @step by its records alone; never locked. */
SlState
sl_badge_step (SlProject *project, SlStepId step);

/** The states of all steps, with those after one that is not green locked. */
void
sl_badge_all (SlProject *project, SlState states[SL_N_STEPS]);

/** The record that @check of @step is from: of its subject, or of the song; NULL: there is none.
 *  Borrowed. */
SlRecord *
sl_badge_find_record (SlProject *project, SlStepId step, const SlCheck *check);

/** Warnings in a step, accepted failures included. */
guint
sl_badge_warnings (SlProject *project, SlStepId step);

/** Checks of @step in project order, with accepted failures as warnings. Owned, of SlCheck. */
GPtrArray *
sl_badge_checks (SlProject *project, SlStepId step);

G_END_DECLS
