/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document.h"

#include "app/history.h"
#include "app/replanner.h"
#include "engine/base/error.h"
#include "workflow/saving.h"

#include <glib/gi18n.h>
#include <string.h>

/* Changes are on disk at most this much later. */
#define SAVE_DELAY_MS 500

/* What could not be saved is tried again until it can. */
#define SAVE_AGAIN_MS 3000

#define PROGRESS_MS 100

/* A number that is being turned is planned with where it comes to rest. */
#define REPLAN_DELAY_MS 250

struct _SlDocument
{
  GObject parent_instance;

  /* owned */
  SlProject *project;
  SlPipeline *pipeline;
  SlImporter *importer;
  GCancellable *cancellable; /* of what runs */
  SlHistory *history;
  SlReplanner *replanner;
  char *read_only;
  char *save_problem;
  GTask *closing;

  gboolean save_failed;
  gboolean busy;
  gboolean refreshing;
  gboolean dirty;
  guint n_saving;
  guint changed_id;
  guint save_id;
  guint progress_id;
  guint replan_id;
};

G_DEFINE_FINAL_TYPE (SlDocument, sl_document, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  SIGNAL_RUN_CHANGED,
  SIGNAL_PROGRESS,
  SIGNAL_PROBLEM,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
continue_closing (SlDocument *self);

static void
sl_document_dispose (GObject *object)
{
  SlDocument *self = SL_DOCUMENT (object);

  g_clear_handle_id (&self->changed_id, g_source_remove);
  g_clear_handle_id (&self->save_id, g_source_remove);
  g_clear_handle_id (&self->progress_id, g_source_remove);
  g_clear_handle_id (&self->replan_id, g_source_remove);
  if (self->project != NULL)
    g_signal_handlers_disconnect_by_data (self->project, self);
  if (self->pipeline != NULL)
    g_signal_handlers_disconnect_by_data (self->pipeline, self);
  if (self->importer != NULL)
    g_signal_handlers_disconnect_by_data (self->importer, self);
  g_clear_object (&self->importer);
  G_OBJECT_CLASS (sl_document_parent_class)->dispose (object);
}

static void
sl_document_finalize (GObject *object)
{
  SlDocument *self = SL_DOCUMENT (object);

  g_clear_object (&self->pipeline);
  g_clear_object (&self->project);
  g_clear_object (&self->cancellable);
  sl_history_free (self->history);
  sl_replanner_free (self->replanner);
  g_free (self->read_only);
  g_free (self->save_problem);
  G_OBJECT_CLASS (sl_document_parent_class)->finalize (object);
}

static guint
new_signal (const char *name, GType argument)
{
  guint n = argument == G_TYPE_NONE ? 0 : 1;

  return g_signal_new (name, SL_TYPE_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                       n, argument);
}

static void
sl_document_class_init (SlDocumentClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sl_document_dispose;
  G_OBJECT_CLASS (klass)->finalize = sl_document_finalize;

  signals[SIGNAL_CHANGED] = new_signal ("changed", G_TYPE_NONE);
  signals[SIGNAL_RUN_CHANGED] = new_signal ("run-changed", G_TYPE_NONE);
  signals[SIGNAL_PROGRESS] = new_signal ("progress", G_TYPE_NONE);
  signals[SIGNAL_PROBLEM] = new_signal ("problem", G_TYPE_ERROR);
}

static void
sl_document_init (SlDocument *self)
{
  self->history = sl_history_new ();
}

static void
tell_problem (SlDocument *self, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_PROBLEM], 0, error);
}

/* --- changes --- */

static void
plan_again_soon (SlDocument *self);

static gboolean
emit_changed (gpointer data)
{
  SlDocument *self = data;

  self->changed_id = 0;
  if (self->read_only == NULL)
    {
      sl_importer_sync (self->importer);
      plan_again_soon (self);
    }
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

/* Many changes come at once; views look at all of them together, before the next frame. */
static void
queue_changed (SlDocument *self)
{
  if (self->changed_id == 0)
    self->changed_id = g_idle_add_full (G_PRIORITY_DEFAULT, emit_changed, self, NULL);
}

/* --- saving --- */

static gboolean
save_later (gpointer data);

static void
set_save_problem (SlDocument *self, const char *problem)
{
  if (g_strcmp0 (self->save_problem, problem) == 0)
    return;
  g_free (self->save_problem);
  self->save_problem = g_strdup (problem);
  queue_changed (self);
}

/* What could not be saved is not lost: it stays in memory, and is tried again. */
static void
saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SlDocument) self = data;
  g_autoptr (GError) error = NULL;

  self->n_saving--;
  if (!sl_project_save_finish (SL_PROJECT (source), result, &error))
    {
      self->dirty = TRUE;
      self->save_failed = TRUE;
      if (self->save_id == 0)
        self->save_id = g_timeout_add (SAVE_AGAIN_MS, save_later, self);
    }
  set_save_problem (self, error != NULL ? error->message : NULL);
  continue_closing (self);
}

static void
save_now (SlDocument *self)
{
  g_clear_handle_id (&self->save_id, g_source_remove);
  if (!self->dirty || self->read_only != NULL)
    return;
  self->dirty = FALSE;
  self->save_failed = FALSE;
  self->n_saving++;
  sl_project_save_async (self->project, saved, g_object_ref (self));
}

static gboolean
save_later (gpointer data)
{
  SlDocument *self = data;

  self->save_id = 0;
  save_now (self);
  return G_SOURCE_REMOVE;
}

void
sl_document_save (SlDocument *self)
{
  save_now (self);
}

const char *
sl_document_get_save_problem (SlDocument *self)
{
  return self->save_problem;
}

static void
mark_dirty (SlDocument *self)
{
  if (self->read_only != NULL)
    return;
  self->dirty = TRUE;
  if (self->save_id == 0)
    self->save_id = g_timeout_add (SAVE_DELAY_MS, save_later, self);
}

static void
on_project_changed (SlDocument *self)
{
  mark_dirty (self);
  queue_changed (self);
}

/* --- editing --- */

SlSettings *
sl_document_edit (SlDocument *self)
{
  return sl_settings_copy (sl_project_get_settings (self->project));
}

void
sl_document_apply (SlDocument *self, SlSettings *settings, const char *tag)
{
  if (self->read_only != NULL)
    {
      sl_settings_free (settings);
      queue_changed (self);
      return;
    }
  sl_history_note (self->history, sl_project_get_settings (self->project), tag,
                   g_get_monotonic_time ());
  sl_project_take_settings (self->project, settings);
}

guint
sl_document_get_edits (SlDocument *self)
{
  return sl_history_get_edits (self->history);
}

gboolean
sl_document_can_undo (SlDocument *self)
{
  return self->read_only == NULL && sl_history_can_undo (self->history);
}

gboolean
sl_document_can_redo (SlDocument *self)
{
  return self->read_only == NULL && sl_history_can_redo (self->history);
}

void
sl_document_undo (SlDocument *self)
{
  SlSettings *settings = sl_history_undo (self->history, sl_project_get_settings (self->project));

  if (settings != NULL)
    sl_project_take_settings (self->project, settings);
}

void
sl_document_redo (SlDocument *self)
{
  SlSettings *settings = sl_history_redo (self->history, sl_project_get_settings (self->project));

  if (settings != NULL)
    sl_project_take_settings (self->project, settings);
}

/* --- running --- */

static gboolean
tell_progress (gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_PROGRESS], 0);
  return G_SOURCE_CONTINUE;
}

static void
set_busy (SlDocument *self, gboolean busy)
{
  self->busy = busy;
  g_clear_handle_id (&self->progress_id, g_source_remove);
  if (busy)
    self->progress_id = g_timeout_add (PROGRESS_MS, tell_progress, self);
  g_signal_emit (self, signals[SIGNAL_RUN_CHANGED], 0);
}

/* @error: what is to be told, or NULL. */
static void
end_run (SlDocument *self, const GError *error)
{
  set_busy (self, FALSE);
  queue_changed (self);
  if (error != NULL && !g_error_matches (error, SL_ERROR, SL_ERROR_CANCELLED))
    tell_problem (self, error);
  continue_closing (self);
}

static void
run_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SlDocument) self = data;
  g_autoptr (GError) error = NULL;

  (void) !sl_pipeline_finish (SL_PIPELINE (source), result, &error);
  end_run (self, error);
}

/* Whether a run may begin; then everything is set for it. */
static gboolean
begin_run (SlDocument *self)
{
  if (self->busy || self->read_only != NULL || self->closing != NULL)
    return FALSE;
  save_now (self);
  g_set_object (&self->cancellable, NULL);
  self->cancellable = g_cancellable_new ();
  set_busy (self, TRUE);
  return TRUE;
}

void
sl_document_run_step (SlDocument *self, SlStepId step)
{
  if (begin_run (self))
    sl_pipeline_run_step_async (self->pipeline, step, self->cancellable, run_ended,
                                g_object_ref (self));
}

void
sl_document_run_all (SlDocument *self)
{
  if (begin_run (self))
    sl_pipeline_run_async (self->pipeline, SL_STEP_DELIVER, self->cancellable, run_ended,
                           g_object_ref (self));
}

/* --- planning again --- */

/* Nobody has asked for it: what is refused, since files have changed meanwhile, need not be told.
 */
static void
replan_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SlDocument) self = data;
  g_autoptr (GError) error = NULL;

  (void) !sl_pipeline_finish (SL_PIPELINE (source), result, &error);
  sl_replanner_ended (self->replanner);
  end_run (self, g_error_matches (error, SL_ERROR, SL_ERROR_INVALID) ? NULL : error);
}

static gboolean
plan_again (gpointer data)
{
  SlDocument *self = data;
  const char *stem = NULL;
  SlStepId step;

  self->replan_id = 0;
  if (!self->busy && self->closing == NULL)
    stem = sl_replanner_begin (self->replanner, &step);
  /* What cannot be planned now waits, and is shown as it is. */
  queue_changed (self);
  if (stem != NULL && begin_run (self))
    sl_pipeline_run_subject_async (self->pipeline, step, stem, self->cancellable, replan_ended,
                                   g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
plan_again_soon (SlDocument *self)
{
  if (!sl_replanner_update (self->replanner) || self->busy || self->closing != NULL)
    return;
  g_clear_handle_id (&self->replan_id, g_source_remove);
  self->replan_id = g_timeout_add (REPLAN_DELAY_MS, plan_again, self);
}

gboolean
sl_document_is_replanning (SlDocument *self, const char *stem)
{
  return sl_replanner_is_pending (self->replanner, stem);
}

void
sl_document_stop (SlDocument *self)
{
  if (!self->busy || sl_document_is_stopping (self))
    return;
  g_cancellable_cancel (self->cancellable);
  g_signal_emit (self, signals[SIGNAL_RUN_CHANGED], 0);
}

gboolean
sl_document_is_stopping (SlDocument *self)
{
  return self->busy && g_cancellable_is_cancelled (self->cancellable);
}

gboolean
sl_document_get_running (SlDocument *self, SlStepId *step)
{
  return sl_pipeline_get_running (self->pipeline, step);
}

gboolean
sl_document_is_busy (SlDocument *self)
{
  return self->busy;
}

double
sl_document_get_fraction (SlDocument *self)
{
  return sl_pipeline_get_fraction (self->pipeline);
}

int
sl_document_get_next_step (SlDocument *self)
{
  SlState states[SL_N_STEPS];

  sl_badge_all (self->project, states);
  for (int i = 0; i < SL_N_STEPS; i++)
    if (states[i] != SL_STATE_PASSED)
      return i;
  return SL_N_STEPS;
}

static void
on_step_changed (SlDocument *self)
{
  g_signal_emit (self, signals[SIGNAL_RUN_CHANGED], 0);
  queue_changed (self);
}

/* --- closing --- */

static void
continue_closing (SlDocument *self)
{
  if (self->closing == NULL || self->busy || self->n_saving > 0)
    return;
  /* What ended meanwhile has changed something too. */
  if (self->dirty && !self->save_failed)
    {
      save_now (self);
      return;
    }
  g_task_return_boolean (self->closing, !self->dirty);
  g_clear_object (&self->closing);
}

void
sl_document_close_async (SlDocument *self, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (self->closing == NULL);
  self->closing = g_task_new (self, NULL, callback, data);
  sl_document_stop (self);
  save_now (self);
  continue_closing (self);
}

gboolean
sl_document_close_finish (SlDocument *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- making one --- */

static void
refreshed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SlDocument) self = data;
  g_autoptr (GError) error = NULL;

  self->refreshing = FALSE;
  if (!sl_pipeline_finish (SL_PIPELINE (source), result, &error)
      && !g_error_matches (error, SL_ERROR, SL_ERROR_CANCELLED))
    tell_problem (self, error);
  queue_changed (self);
}

void
sl_document_refresh (SlDocument *self)
{
  if (self->busy || self->refreshing || self->closing != NULL)
    return;
  self->refreshing = TRUE;
  sl_pipeline_refresh_async (self->pipeline, FALSE, NULL, refreshed, g_object_ref (self));
}

SlDocument *
sl_document_new (SlProject *project, const char *holder)
{
  SlDocument *self = g_object_new (SL_TYPE_DOCUMENT, NULL);

  self->project = g_object_ref (project);
  self->read_only = g_strdup (holder);
  self->pipeline = sl_pipeline_new (project);
  self->importer = sl_importer_new (project);
  self->replanner = sl_replanner_new (project);
  g_signal_connect_swapped (project, "changed", G_CALLBACK (on_project_changed), self);
  g_signal_connect_swapped (self->pipeline, "step-started", G_CALLBACK (on_step_changed), self);
  g_signal_connect_swapped (self->pipeline, "step-ended", G_CALLBACK (on_step_changed), self);
  g_signal_connect_swapped (self->importer, "changed", G_CALLBACK (queue_changed), self);
  sl_document_refresh (self);
  return self;
}

SlProject *
sl_document_get_project (SlDocument *self)
{
  return self->project;
}

const SlSettings *
sl_document_get_settings (SlDocument *self)
{
  return sl_project_get_settings (self->project);
}

SlImporter *
sl_document_get_importer (SlDocument *self)
{
  return self->importer;
}

const char *
sl_document_get_read_only (SlDocument *self)
{
  return self->read_only;
}
