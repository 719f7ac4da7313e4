/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs steps in order, behind their gates, and saves the project after each. */
#pragma once

#include "workflow/badge.h"

G_BEGIN_DECLS

#define SL_TYPE_PIPELINE (sl_pipeline_get_type ())
G_DECLARE_FINAL_TYPE (SlPipeline, sl_pipeline, SL, PIPELINE, GObject)

/** A pipeline on @project. Main thread. */
SlPipeline *
sl_pipeline_new (SlProject *project);

/** Pieces of work at once; 0 (the default): as many as there are processors, at most 4. */
void
sl_pipeline_set_jobs (SlPipeline *self, guint jobs);

/** The running step's fraction, 0 to 1. */
double
sl_pipeline_get_fraction (SlPipeline *self);

/** Whether a step runs, and which. */
gboolean
sl_pipeline_get_running (SlPipeline *self, SlStepId *step);

/**
 * Looks at the project's files on disk and brings what is known of them up to date; @strict as in
 * sl_file_table_refresh(). Finish with sl_pipeline_finish().
 */
void
sl_pipeline_refresh_async (SlPipeline *self,
                           gboolean strict,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data);

/**
 * Runs one step: all its subjects that are not green. Earlier steps must be green, else
 * SL_ERROR_INVALID. The project is saved when records have changed. Finish with
 * sl_pipeline_finish(); a red badge is not an error.
 */
void
sl_pipeline_run_step_async (SlPipeline *self,
                            SlStepId step,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data);

/** The same for one of its subjects, when it is not green; NULL: for all. The others keep their
 *  records. */
void
sl_pipeline_run_subject_async (SlPipeline *self,
                               SlStepId step,
                               const char *subject,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data);

/** Runs what is not green up to @through, in order, and stops at the first that is red. */
void
sl_pipeline_run_async (SlPipeline *self,
                       SlStepId through,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer data);

/** FALSE with SL_ERROR_CANCELLED, or with what kept a step from being carried out. */
gboolean
sl_pipeline_finish (SlPipeline *self, GAsyncResult *result, GError **error);

G_END_DECLS
