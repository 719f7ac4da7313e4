/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/saving.h"

/* What the saves of one project share. */
typedef struct
{
  GMutex mutex;    ///< one writer at a time
  guint64 taken;   ///< number of the newest snapshot; main thread
  guint64 written; ///< number of the newest on disk; guarded by mutex
  GBytes *bytes;   ///< what that was; guarded by mutex
} Order;

typedef struct
{
  Order *order;
  guint64 number;
  char *file;
  GBytes *snapshot;
} Save;

static void
order_release (gpointer data)
{
  Order *order = data;

  g_mutex_clear (&order->mutex);
  g_clear_pointer (&order->bytes, g_bytes_unref);
}

static void
order_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, order_release);
}

static Order *
order_of (SlProject *project)
{
  Order *order = g_object_get_data (G_OBJECT (project), "sl-save-order");

  if (order == NULL)
    {
      order = g_atomic_rc_box_new0 (Order);
      g_mutex_init (&order->mutex);
      g_object_set_data_full (G_OBJECT (project), "sl-save-order", order, order_unref);
    }
  return order;
}

static void
save_free (gpointer data)
{
  Save *save = data;

  order_unref (save->order);
  g_free (save->file);
  g_bytes_unref (save->snapshot);
  g_free (save);
}

/* The same once more would only make the backup equal to the file. */
static gboolean
is_on_disk (const Save *save)
{
  return save->order->bytes != NULL && g_bytes_equal (save->order->bytes, save->snapshot);
}

static void
note_written (Save *save)
{
  save->order->written = save->number;
  g_clear_pointer (&save->order->bytes, g_bytes_unref);
  save->order->bytes = g_bytes_ref (save->snapshot);
}

/* After a failure nobody knows which is on the disk. */
static gboolean
write_now (SlProject *project, Save *save, GError **error)
{
  if (sl_project_check_place (project, error)
      && sl_project_write_snapshot (save->file, save->snapshot, error))
    return TRUE;
  g_clear_pointer (&save->order->bytes, g_bytes_unref);
  return FALSE;
}

static gboolean
write_unless_older (SlProject *project, Save *save, GError **error)
{
  gboolean saved = TRUE;

  g_mutex_lock (&save->order->mutex);
  if (save->number > save->order->written && !is_on_disk (save))
    saved = write_now (project, save, error);
  if (saved && save->number > save->order->written)
    note_written (save);
  g_mutex_unlock (&save->order->mutex);
  return saved;
}

static void
save_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (write_unless_older (source, data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
sl_project_save_async (SlProject *project, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (project, NULL, callback, data);
  Order *order = order_of (project);
  Save *save = g_new0 (Save, 1);

  save->order = g_atomic_rc_box_acquire (order);
  save->number = ++order->taken;
  save->file = g_strdup (sl_project_get_file (project));
  save->snapshot = sl_project_snapshot (project);
  g_task_set_task_data (task, save, save_free);
  g_task_run_in_thread (task, save_thread);
}

gboolean
sl_project_save_finish (SlProject *project, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, project), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
