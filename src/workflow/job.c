/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/job.h"

#include "engine/base/error.h"
#include "workflow/acceptance.h"
#include "workflow/sources.h"

#include <glib/gi18n-lib.h>

/* Fractions are kept as whole numbers, for atomics. */
#define FRACTION_UNIT 1000000

typedef struct
{
  SlJob *job;
  guint index;
  char *subject;
  char *key;
  gpointer input;
  int fraction; ///< atomic, in FRACTION_UNIT
  SlOutcome outcome;
  GError *error; ///< what kept it from being done
  gboolean ended;
  gboolean red;
} Work;

struct _SlJob
{
  const SlStep *step;
  char *folder;
  SlSettings *settings;
  GPtrArray *works;
  GCancellable *cancellable; ///< borrowed while running
  int next;                  ///< atomic: the next work to start
  int first_failed; ///< atomic: index of the first work that failed, or the number of works
  GThreadPool *syncer;
  GMutex sync_mutex;
  GError *sync_error; ///< guarded by sync_mutex
  guint n_kept;       ///< works whose records count
};

static void
outcome_clear (SlOutcome *outcome)
{
  g_clear_pointer (&outcome->record, sl_record_unref);
  g_clear_pointer (&outcome->parts, g_ptr_array_unref);
  g_clear_pointer (&outcome->seen, sl_file_table_free);
}

static void
work_free (gpointer data)
{
  Work *work = data;

  outcome_clear (&work->outcome);
  work->job->step->free_input (work->input);
  g_clear_error (&work->error);
  g_free (work->subject);
  g_free (work->key);
  g_free (work);
}

SlJob *
sl_job_new (SlStepId step, const char *folder, const SlSettings *settings)
{
  SlJob *self = g_new0 (SlJob, 1);

  self->step = sl_step_get (step);
  self->folder = g_strdup (folder);
  self->settings = sl_settings_copy (settings);
  self->works = g_ptr_array_new_with_free_func (work_free);
  g_mutex_init (&self->sync_mutex);
  return self;
}

void
sl_job_free (SlJob *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->works);
  sl_settings_free (self->settings);
  g_clear_error (&self->sync_error);
  g_mutex_clear (&self->sync_mutex);
  g_free (self->folder);
  g_free (self);
}

void
sl_job_take_work (SlJob *self, const char *subject, gpointer input)
{
  Work *work = g_new0 (Work, 1);

  work->job = self;
  work->index = self->works->len;
  work->subject = g_strdup (subject);
  work->key = sl_step_key (self->step, input);
  work->input = input;
  g_ptr_array_add (self->works, work);
}

double
sl_job_get_fraction (SlJob *self)
{
  gint64 sum = 0;

  for (guint i = 0; i < self->works->len; i++)
    sum += g_atomic_int_get (&((Work *) self->works->pdata[i])->fraction);
  return self->works->len > 0 ? (double) sum / FRACTION_UNIT / self->works->len : 1.0;
}

/* --- one piece --- */

static gboolean
report (double fraction, gpointer data)
{
  Work *work = data;

  g_atomic_int_set (&work->fraction, (int) (fraction * FRACTION_UNIT));
  return !g_cancellable_is_cancelled (work->job->cancellable)
         && g_atomic_int_get (&work->job->first_failed) >= (int) work->index;
}

/* Lowers first_failed to @index. */
static void
note_failure (SlJob *self, guint index)
{
  int first = g_atomic_int_get (&self->first_failed);

  while ((int) index < first
         && !g_atomic_int_compare_and_exchange (&self->first_failed, first, (int) index))
    first = g_atomic_int_get (&self->first_failed);
}

static void
record_finding (Work *work)
{
  const char *subject = *work->subject != '\0' ? work->subject : NULL;
  SlCheck *check = sl_check_new ("run", subject, SL_LEVEL_FAIL, SL_KIND_INTEGRITY);
  g_autofree char *message = sl_path_shorten_in (work->job->folder, work->error->message);

  sl_check_set_message (check, "%s", message);
  sl_check_set_fix (check, _ ("Mend or replace the file, then run this step again."));
  sl_record_take_check (work->outcome.record, check);
  g_clear_error (&work->error);
}

/* What failed an integrity check must not be used: it gets no name. */
static void
drop_outputs (SlOutcome *outcome)
{
  g_ptr_array_set_size (outcome->parts, 0);
  g_ptr_array_set_size (outcome->record->outputs, 0);
  g_clear_pointer (&outcome->record->audio, sl_audio_free);
}

static void
sync_part (gpointer data, gpointer user_data)
{
  SlJob *self = user_data;
  g_autoptr (GError) error = NULL;

  if (sl_part_sync (data, &error))
    return;
  g_mutex_lock (&self->sync_mutex);
  if (self->sync_error == NULL)
    self->sync_error = g_steal_pointer (&error);
  g_mutex_unlock (&self->sync_mutex);
}

static void
judge (Work *work)
{
  SlJob *self = work->job;

  if (work->error != NULL && sl_error_is_finding (work->error))
    record_finding (work);
  if (work->error == NULL && sl_record_integrity_failed (work->outcome.record))
    drop_outputs (&work->outcome);
  work->red = work->error == NULL
              && sl_acceptance_is_red (self->settings, self->step->id, work->outcome.record);
  if (work->error != NULL || work->red)
    note_failure (self, work->index);
  /* Flushing to the device overlaps the next work. */
  for (guint i = 0; work->error == NULL && i < work->outcome.parts->len; i++)
    g_thread_pool_push (self->syncer, work->outcome.parts->pdata[i], NULL);
}

/* Nothing that was rendered may take the place of a source. */
static gboolean
check_targets (Work *work)
{
  for (guint i = 0; i < work->outcome.parts->len; i++)
    if (!sl_sources_check_output (work->job->settings, work->job->folder,
                                  sl_part_get_final_path (work->outcome.parts->pdata[i]),
                                  &work->error))
      return FALSE;
  return TRUE;
}

static void
run_work (Work *work)
{
  SlProgress progress = { report, work };

  work->outcome.record = sl_record_new (work->key);
  work->outcome.parts = g_ptr_array_new_with_free_func ((GDestroyNotify) sl_part_free);
  work->outcome.seen = sl_file_table_new ();
  if (sl_progress_report (&progress, 0, 1, &work->error)
      && work->job->step->run (work->input, &work->outcome, &progress, &work->error))
    check_targets (work);
  judge (work);
  g_atomic_int_set (&work->fraction, FRACTION_UNIT);
  work->ended = TRUE;
}

static gpointer
worker (gpointer data)
{
  SlJob *self = data;

  for (;;)
    {
      int index = g_atomic_int_add (&self->next, 1);

      if (index >= (int) self->works->len || index > g_atomic_int_get (&self->first_failed))
        return NULL;
      run_work (self->works->pdata[index]);
    }
}

/* --- the whole --- */

static void
run_all (SlJob *self, guint n_threads)
{
  guint n = CLAMP (n_threads, 1, MAX (1, self->works->len));
  g_autofree GThread **threads = g_new0 (GThread *, n);

  for (guint i = 1; i < n; i++)
    threads[i] = g_thread_new ("seamline-work", worker, self);
  worker (self);
  for (guint i = 1; i < n; i++)
    g_thread_join (threads[i]);
}

static gboolean
commit_work (Work *work, GError **error)
{
  const SlOutcome *outcome = &work->outcome;

  for (guint i = 0; i < outcome->parts->len; i++)
    if (!sl_part_commit (outcome->parts->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < outcome->record->outputs->len; i++)
    {
      const SlOutputFile *output = outcome->record->outputs->pdata[i];
      g_autofree char *path = sl_path_resolve (work->job->folder, output->path);
      SlStat stat;

      if (!sl_stat_path (path, &stat, error))
        return FALSE;
      sl_file_table_set (outcome->seen, output->path, &stat, output->digest, NULL);
    }
  return TRUE;
}

/* Works up to the first failure are kept, and the failed one itself when it is a finding. */
static gboolean
commit (SlJob *self, GError **error)
{
  guint n = MIN ((guint) self->first_failed + 1, self->works->len);

  for (guint i = 0; i < n; i++)
    {
      Work *work = self->works->pdata[i];

      if (work->error != NULL)
        {
          g_propagate_error (error, g_error_copy (work->error));
          return FALSE;
        }
      if (!commit_work (work, error))
        return FALSE;
      self->n_kept = i + 1;
    }
  return TRUE;
}

gboolean
sl_job_run (SlJob *self, guint n_threads, GCancellable *cancellable, GError **error)
{
  self->cancellable = cancellable;
  self->first_failed = (int) self->works->len;
  self->syncer = g_thread_pool_new (sync_part, self, 1, FALSE, NULL);
  run_all (self, n_threads);
  g_thread_pool_free (g_steal_pointer (&self->syncer), FALSE, TRUE);

  /* The token: from here on the job is not cancelled any more. */
  if (g_cancellable_is_cancelled (cancellable))
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_CANCELLED, _ ("Stopped."));
      return FALSE;
    }
  if (self->sync_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->sync_error));
      return FALSE;
    }
  return commit (self, error);
}

void
sl_job_apply (SlJob *self, SlProject *project)
{
  for (guint i = 0; i < self->works->len; i++)
    {
      Work *work = self->works->pdata[i];

      if (i < self->n_kept)
        sl_project_take_record (project, self->step->id, work->subject,
                                g_steal_pointer (&work->outcome.record));
    }
  /* After the records, which tell what files matter. */
  for (guint i = 0; i < self->n_kept; i++)
    sl_project_merge_files (project, ((Work *) self->works->pdata[i])->outcome.seen);
}
