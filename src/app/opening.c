/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/opening.h"

#include "engine/base/error.h"
#include "workflow/demo.h"
#include "workflow/intake.h"
#include "workflow/lending.h"
#include "workflow/names.h"
#include "workflow/probe_client.h"

#include <glib/gi18n.h>

/* What a thread hands back: a project, and who else has it. */
typedef struct
{
  SlProject *project;
  char *holder;
} Opened;

static void
opened_free (gpointer data)
{
  Opened *opened = data;

  g_clear_object (&opened->project);
  g_free (opened->holder);
  g_free (opened);
}

SlNewSong *
sl_new_song_new (void)
{
  return g_new0 (SlNewSong, 1);
}

void
sl_new_song_free (SlNewSong *song)
{
  if (song == NULL)
    return;
  g_free (song->folder);
  g_free (song->reference);
  g_free (song);
}

static void
return_project (GTask *task, SlProject *project, char *holder, GError *error)
{
  Opened *opened;

  if (project == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  opened = g_new0 (Opened, 1);
  opened->project = project;
  opened->holder = holder;
  g_task_return_pointer (task, opened, opened_free);
}

static void
start (GAsyncReadyCallback callback,
       gpointer callback_data,
       gpointer data,
       GDestroyNotify free_data,
       GTaskThreadFunc thread)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, callback_data);

  g_task_set_task_data (task, data, free_data);
  g_task_run_in_thread (task, thread);
}

/* --- opening --- */

/* Whether a project that cannot be held can still be looked at. */
static gboolean
is_only_unlockable (const GError *error)
{
  return g_error_matches (error, SL_ERROR, SL_ERROR_LOCKED)
         || g_error_matches (error, SL_ERROR, SL_ERROR_WRITE)
         || g_error_matches (error, SL_ERROR, SL_ERROR_NO_SPACE);
}

static void
open_at (GTask *task, const char *path)
{
  GError *error = NULL;
  SlProject *project = sl_project_open_locked (path, &error);
  char *holder = NULL;

  if (is_only_unlockable (error))
    {
      holder = g_strdup (error->message);
      g_clear_error (&error);
      project = sl_project_open (path, &error);
    }
  else if (project != NULL)
    sl_project_sweep (project);
  return_project (task, project, holder, error);
}

static void
open_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  open_at (task, data);
}

void
sl_open_async (const char *path, GAsyncReadyCallback callback, gpointer data)
{
  start (callback, data, g_strdup (path), g_free, open_thread);
}

/* --- making --- */

/* The reference gives the rate and the one section; what was found in it is kept for step 2. */
static gboolean
take_reference (const SlNewSong *song, SlSettings *settings, SlFileTable *seen, GError **error)
{
  g_autoptr (SlProject) place = sl_project_new (song->folder, sl_settings_new (settings->title));
  g_autofree char *kept = sl_lending_keep (song->folder, song->reference, error);
  g_autofree char *stored = kept != NULL ? sl_intake_store_path (place, kept, error) : NULL;
  SlProbeReport report = { 0 };

  if (stored == NULL || !sl_probe_run (kept, NULL, NULL, &report, NULL, error))
    return FALSE;
  sl_intake_remember (seen, stored, &report);
  settings->reference = g_steal_pointer (&stored);
  settings->rate_hz = report.readback.info.rate_hz;
  sl_intake_set_one_section (settings, &report);
  return TRUE;
}

static SlSettings *
make_settings (const SlNewSong *song, SlFileTable *seen, GError **error)
{
  g_autofree char *base = g_path_get_basename (song->folder);
  g_autofree char *title = sl_name_make (base);
  g_autoptr (SlSettings) settings = sl_settings_new (title);

  settings->bpm = song->bpm;
  settings->beats_per_bar = song->beats_per_bar;
  if (song->reference == NULL)
    settings->reference_frames = sl_settings_frames (settings, song->seconds);
  else if (!take_reference (song, settings, seen, error))
    return NULL;
  return g_steal_pointer (&settings);
}

static SlProject *
create (const SlNewSong *song, GError **error)
{
  g_autoptr (SlFileTable) seen = sl_file_table_new ();
  SlSettings *settings = make_settings (song, seen, error);
  g_autoptr (SlProject) project
      = settings != NULL ? sl_project_create (song->folder, settings, error) : NULL;

  if (project == NULL)
    return NULL;
  sl_project_merge_files (project, seen);
  return sl_project_save (project, error) ? g_steal_pointer (&project) : NULL;
}

static void
create_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  SlProject *project = create (data, &error);

  return_project (task, project, NULL, error);
}

void
sl_create_async (SlNewSong *song, GAsyncReadyCallback callback, gpointer data)
{
  start (callback, data, song, (GDestroyNotify) sl_new_song_free, create_thread);
}

/* The one that was made the last time is as good as a new one. */
static void
demo_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  g_autoptr (SlProject) there = sl_project_open (data, NULL);

  if (there != NULL || sl_demo_create (data, &error))
    open_at (task, data);
  else
    g_task_return_error (task, error);
}

void
sl_create_demo_async (const char *folder, GAsyncReadyCallback callback, gpointer data)
{
  start (callback, data, g_strdup (folder), g_free, demo_thread);
}

SlDocument *
sl_opening_finish (GAsyncResult *result, GError **error)
{
  Opened *opened = g_task_propagate_pointer (G_TASK (result), error);
  SlDocument *document = NULL;

  if (opened == NULL)
    return NULL;
  document = sl_document_new (opened->project, opened->holder);
  opened_free (opened);
  return document;
}
