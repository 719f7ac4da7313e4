/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans a stem again, and only that stem, when what its plan is made from was changed after it had
 * been aligned. Main thread; nothing here blocks. */
#pragma once

#include "workflow/project.h"
#include "workflow/step_id.h"

G_BEGIN_DECLS

typedef struct _SlReplanner SlReplanner;

/** One for @project, which is borrowed. */
SlReplanner *
sl_replanner_new (SlProject *project);

void
sl_replanner_free (SlReplanner *self);

/** Looks which stems have to be planned again; call it whenever the project has changed. Whether
 *  any has. */
gboolean
sl_replanner_update (SlReplanner *self);

/** Whether @stem waits for its turn or is being planned again; NULL: whether any is being planned.
 */
gboolean
sl_replanner_is_pending (SlReplanner *self, const char *stem);

/** The next stem whose turn it is, and its step; NULL: none can run now. It counts as being planned
 *  until sl_replanner_ended(). Borrowed until then. */
const char *
sl_replanner_begin (SlReplanner *self, SlStepId *step);

/** The stem under way was planned, or was stopped: it is not tried again by itself. */
void
sl_replanner_ended (SlReplanner *self);

G_END_DECLS
