/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run of one step: several pieces of work, some at once, committed together or not at all. */
#pragma once

#include "workflow/steps/step.h"

G_BEGIN_DECLS

typedef struct _SlJob SlJob;

/** A job of @step with nothing to do yet. @settings is copied, for what has been accepted. */
SlJob *
sl_job_new (SlStepId step, const char *folder, const SlSettings *settings);

/** Adds the work on @subject; @input is taken. On main, before the job runs. */
void
sl_job_take_work (SlJob *self, const char *subject, gpointer input);

/**
 * Runs the work, at most @n_threads pieces at once, starting in order; then commits what is to be
 * kept. In a job thread; blocks. The first piece that fails ends the step: those before it finish
 * and are kept, those after it are stopped and dropped, whatever @n_threads is. FALSE with
 * SL_ERROR_CANCELLED (nothing is kept) or what kept the work from being done.
 */
gboolean
sl_job_run (SlJob *self, guint n_threads, GCancellable *cancellable, GError **error);

/** Fraction done, 0 to 1. Any thread. */
double
sl_job_get_fraction (SlJob *self);

/** On main, after the run: puts the records of what was kept, and the files seen, into @project.
 *  Also after a run that failed: pieces before the failure are kept. */
void
sl_job_apply (SlJob *self, SlProject *project);

void
sl_job_free (SlJob *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlJob, sl_job_free)

G_END_DECLS
