/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/pipeline.h"

#include "engine/base/error.h"
#include "workflow/job.h"
#include "workflow/saving.h"
#include "workflow/sources.h"
#include "workflow/stopping.h"

#include <glib/gi18n-lib.h>

/* More at once only makes disks seek; memory is bought per piece of work. */
#define MAX_DEFAULT_JOBS 4

struct _SlPipeline
{
  GObject parent_instance;

  /* owned */
  SlProject *project;
  SlJob *job;    /* while a step runs */
  char *subject; /* the only one that the run is about, or NULL */

  guint jobs;
  gboolean running;
  SlStepId step;
};

G_DEFINE_FINAL_TYPE (SlPipeline, sl_pipeline, G_TYPE_OBJECT)

enum
{
  SIGNAL_STEP_STARTED,
  SIGNAL_STEP_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
sl_pipeline_finalize (GObject *object)
{
  SlPipeline *self = SL_PIPELINE (object);

  g_clear_pointer (&self->job, sl_job_free);
  g_clear_pointer (&self->subject, g_free);
  g_clear_object (&self->project);
  G_OBJECT_CLASS (sl_pipeline_parent_class)->finalize (object);
}

static void
sl_pipeline_class_init (SlPipelineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sl_pipeline_finalize;

  /**
   * SlPipeline::step-started:
   * @step: the #SlStepId
   */
  signals[SIGNAL_STEP_STARTED] = g_signal_new ("step-started", SL_TYPE_PIPELINE, G_SIGNAL_RUN_LAST,
                                               0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);

  /**
   * SlPipeline::step-ended:
   * @step: the #SlStepId
   *
   * Its records are published; its badge may be read.
   */
  signals[SIGNAL_STEP_ENDED] = g_signal_new ("step-ended", SL_TYPE_PIPELINE, G_SIGNAL_RUN_LAST, 0,
                                             NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
sl_pipeline_init (SlPipeline *self)
{
}

SlPipeline *
sl_pipeline_new (SlProject *project)
{
  SlPipeline *self = g_object_new (SL_TYPE_PIPELINE, NULL);

  self->project = g_object_ref (project);
  return self;
}

void
sl_pipeline_set_jobs (SlPipeline *self, guint jobs)
{
  self->jobs = jobs;
}

double
sl_pipeline_get_fraction (SlPipeline *self)
{
  return self->job != NULL ? sl_job_get_fraction (self->job) : 0.0;
}

gboolean
sl_pipeline_get_running (SlPipeline *self, SlStepId *step)
{
  if (self->running && step != NULL)
    *step = self->step;
  return self->running;
}

gboolean
sl_pipeline_finish (SlPipeline *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- refresh --- */

typedef struct
{
  SlFileTable *base; ///< what was known when it began
  SlFileTable *files;
  char *folder;
  char **paths;
  gboolean strict;
  char **sources; ///< to be looked at strictly in any case, or NULL
} Refresh;

static void
refresh_free (gpointer data)
{
  Refresh *refresh = data;

  sl_file_table_free (refresh->base);
  sl_file_table_free (refresh->files);
  g_free (refresh->folder);
  g_strfreev (refresh->paths);
  g_strfreev (refresh->sources);
  g_free (refresh);
}

static void
refresh_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Refresh *refresh = data;
  SlProgress progress = sl_progress_until (cancellable);
  GError *error = NULL;

  if (sl_file_table_refresh (refresh->files, refresh->folder, (const char *const *) refresh->paths,
                             refresh->strict, &progress, &error)
      && (refresh->sources == NULL
          || sl_file_table_refresh (refresh->files, refresh->folder,
                                    (const char *const *) refresh->sources, TRUE, &progress,
                                    &error)))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
refresh_ready (GObject *source, GAsyncResult *result, gpointer data)
{
  SlPipeline *self = SL_PIPELINE (source);
  g_autoptr (GTask) outer = data;
  Refresh *refresh = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (outer, error);
      return;
    }
  sl_project_update_files (self->project, refresh->base, refresh->files);
  g_task_return_boolean (outer, TRUE);
}

static void
refresh_async (SlPipeline *self,
               gboolean strict,
               gboolean strict_sources,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer data)
{
  const SlSettings *settings = sl_project_get_settings (self->project);
  GTask *outer = g_task_new (self, cancellable, callback, data);
  g_autoptr (GTask) inner = g_task_new (self, cancellable, refresh_ready, outer);
  Refresh *refresh = g_new0 (Refresh, 1);

  refresh->base = sl_file_table_copy (sl_project_get_files (self->project));
  refresh->files = sl_file_table_copy (sl_project_get_files (self->project));
  refresh->folder = g_strdup (sl_project_get_folder (self->project));
  refresh->paths = sl_project_list_paths (self->project);
  refresh->strict = strict;
  refresh->sources = strict_sources ? sl_sources_list (settings) : NULL;
  /* Both look at the cancellable themselves; what was done must be told even then. */
  g_task_set_check_cancellable (outer, FALSE);
  g_task_set_check_cancellable (inner, FALSE);
  g_task_set_task_data (inner, refresh, refresh_free);
  g_task_run_in_thread (inner, refresh_thread);
}

void
sl_pipeline_refresh_async (SlPipeline *self,
                           gboolean strict,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  refresh_async (self, strict, FALSE, cancellable, callback, data);
}

/* --- one step --- */

typedef struct
{
  SlJob *job; ///< borrowed from the pipeline, which lives as long as the task
  guint jobs;
} StepRun;

/* Ends the run of a step: tells @job_error after the project was saved. */
typedef struct
{
  GTask *outer;
  GError *job_error;
} Ending;

static void
save_ready (GObject *source, GAsyncResult *result, gpointer data)
{
  Ending *ending = data;
  g_autoptr (GTask) outer = ending->outer;
  SlPipeline *self = g_task_get_source_object (outer);
  g_autoptr (GError) job_error = ending->job_error;
  GError *error = NULL;

  g_free (ending);
  if (sl_project_save_finish (self->project, result, &error))
    error = g_steal_pointer (&job_error);
  self->running = FALSE;
  g_signal_emit (self, signals[SIGNAL_STEP_ENDED], 0, (int) self->step);
  if (error == NULL)
    g_task_return_boolean (outer, TRUE);
  else
    g_task_return_error (outer, error);
}

static void
save_async (SlPipeline *self, GTask *outer, GError *job_error)
{
  Ending *ending = g_new0 (Ending, 1);

  ending->outer = outer;
  ending->job_error = job_error;
  sl_project_save_async (self->project, save_ready, ending);
}

static guint
count_jobs (SlPipeline *self)
{
  return self->jobs > 0 ? self->jobs : MIN (g_get_num_processors (), MAX_DEFAULT_JOBS);
}

static void
step_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  StepRun *run = data;
  GError *error = NULL;

  if (sl_job_run (run->job, run->jobs, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
step_ready (GObject *source, GAsyncResult *result, gpointer data)
{
  SlPipeline *self = SL_PIPELINE (source);
  GTask *outer = data;
  GError *error = NULL;

  (void) !g_task_propagate_boolean (G_TASK (result), &error);
  sl_job_apply (self->job, self->project);
  g_clear_pointer (&self->job, sl_job_free);
  save_async (self, outer, error);
}

static gboolean
check_gate (SlPipeline *self, SlStepId step, GError **error)
{
  SlState states[SL_N_STEPS];

  sl_badge_all (self->project, states);
  for (int i = 0; i < (int) step; i++)
    if (states[i] != SL_STATE_PASSED)
      {
        g_set_error (error, SL_ERROR, SL_ERROR_INVALID, _ ("“%s” is locked until “%s” is green."),
                     sl_step_id_title (step), sl_step_id_title ((SlStepId) i));
        return FALSE;
      }
  return TRUE;
}

static gboolean
is_wanted (SlPipeline *self, const char *subject)
{
  return self->subject == NULL || g_str_equal (self->subject, subject);
}

/* The work on everything in @step that is not green, or on the one subject that is asked for. */
static SlJob *
prepare_job (SlPipeline *self, SlStepId id)
{
  const SlStep *step = sl_step_get (id);
  const SlSettings *settings = sl_project_get_settings (self->project);
  g_auto (GStrv) subjects = step->list_subjects (settings);
  SlJob *job = sl_job_new (id, sl_project_get_folder (self->project), settings);

  for (guint i = 0; subjects[i] != NULL; i++)
    if (is_wanted (self, subjects[i])
        && sl_badge_subject (self->project, id, subjects[i]) != SL_STATE_PASSED)
      {
        gpointer input = step->prepare (self->project, subjects[i]);

        /* Behind an open gate everything that a step needs is there. */
        g_assert (input != NULL);
        sl_job_take_work (job, subjects[i], input);
      }
  return job;
}

static void
start_step (SlPipeline *self, GTask *outer)
{
  g_autoptr (GTask) task = g_task_new (self, g_task_get_cancellable (outer), step_ready, outer);
  StepRun *run = g_new0 (StepRun, 1);

  self->job = prepare_job (self, self->step);
  run->job = self->job;
  run->jobs = count_jobs (self);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, run, g_free);
  g_task_run_in_thread (task, step_thread);
}

static void
step_refreshed (GObject *source, GAsyncResult *result, gpointer data)
{
  SlPipeline *self = SL_PIPELINE (source);
  GTask *outer = data;
  GError *error = NULL;

  if (sl_pipeline_finish (self, result, &error) && check_gate (self, self->step, &error))
    {
      /* First copied, then told: who hears of it may change settings. */
      start_step (self, outer);
      g_signal_emit (self, signals[SIGNAL_STEP_STARTED], 0, (int) self->step);
      return;
    }
  self->running = FALSE;
  g_task_return_error (outer, error);
  g_object_unref (outer);
}

void
sl_pipeline_run_subject_async (SlPipeline *self,
                               SlStepId step,
                               const char *subject,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data)
{
  GTask *outer = g_task_new (self, cancellable, callback, data);

  g_task_set_check_cancellable (outer, FALSE);
  if (self->running)
    {
      g_task_return_new_error (outer, SL_ERROR, SL_ERROR_INVALID, _ ("A step is running already."));
      g_object_unref (outer);
      return;
    }
  self->running = TRUE;
  self->step = step;
  g_free (self->subject);
  self->subject = g_strdup (subject);
  /* A source that was still being written when its step read it is told by its bytes alone. */
  refresh_async (self, FALSE, step == SL_STEP_DELIVER, cancellable, step_refreshed, outer);
}

void
sl_pipeline_run_step_async (SlPipeline *self,
                            SlStepId step,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  sl_pipeline_run_subject_async (self, step, NULL, cancellable, callback, data);
}

/* --- several steps --- */

/* Files that change while steps run send the run back, but not for ever. */
#define MAX_RESTARTS 3

typedef struct
{
  int through;
  int restarts;
} RunThrough;

static void
run_next (GTask *outer);

/* Whether the step did not start because one before it is green no more. */
static gboolean
is_refused (SlPipeline *self, const GError *error)
{
  return g_error_matches (error, SL_ERROR, SL_ERROR_INVALID)
         && !check_gate (self, self->step, NULL);
}

/* From the first step that is not green, when files have changed since the run was there. */
static void
run_again (GTask *outer)
{
  SlPipeline *self = g_task_get_source_object (outer);
  RunThrough *run = g_task_get_task_data (outer);

  if (run->restarts++ < MAX_RESTARTS)
    {
      run_next (outer);
      return;
    }
  g_task_return_new_error (outer, SL_ERROR, SL_ERROR_CHANGED,
                           _ ("What “%s” works on changed again and again. Run it again when all "
                              "files are complete."),
                           sl_step_id_title (self->step));
  g_object_unref (outer);
}

static void
step_done (GObject *source, GAsyncResult *result, gpointer data)
{
  SlPipeline *self = SL_PIPELINE (source);
  GTask *outer = data;
  g_autoptr (GError) error = NULL;
  gboolean ran = sl_pipeline_finish (self, result, &error);
  SlState state = sl_badge_step (self->project, self->step);

  if (ran && state == SL_STATE_PASSED)
    run_next (outer);
  else if ((ran && state != SL_STATE_FAILED) || (!ran && is_refused (self, error)))
    run_again (outer);
  else
    {
      if (ran)
        g_task_return_boolean (outer, TRUE);
      else
        g_task_return_error (outer, g_steal_pointer (&error));
      g_object_unref (outer);
    }
}

static void
run_next (GTask *outer)
{
  SlPipeline *self = g_task_get_source_object (outer);
  RunThrough *run = g_task_get_task_data (outer);

  for (int i = 0; i <= run->through; i++)
    if (sl_badge_step (self->project, (SlStepId) i) != SL_STATE_PASSED)
      {
        sl_pipeline_run_step_async (self, (SlStepId) i, g_task_get_cancellable (outer), step_done,
                                    outer);
        return;
      }
  g_task_return_boolean (outer, TRUE);
  g_object_unref (outer);
}

static void
all_refreshed (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *outer = data;
  GError *error = NULL;

  if (sl_pipeline_finish (SL_PIPELINE (source), result, &error))
    {
      run_next (outer);
      return;
    }
  g_task_return_error (outer, error);
  g_object_unref (outer);
}

void
sl_pipeline_run_async (SlPipeline *self,
                       SlStepId through,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer data)
{
  GTask *outer = g_task_new (self, cancellable, callback, data);
  RunThrough *run = g_new0 (RunThrough, 1);

  g_task_set_check_cancellable (outer, FALSE);
  run->through = (int) through;
  g_task_set_task_data (outer, run, g_free);
  sl_pipeline_refresh_async (self, TRUE, cancellable, all_refreshed, outer);
}
