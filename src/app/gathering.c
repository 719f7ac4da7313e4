/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gathering.h"

#include "workflow/lending.h"

typedef struct
{
  char *folder;
  char **paths;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->folder);
  g_strfreev (request->paths);
  g_free (request);
}

static gboolean
is_audio_name (const char *name)
{
  static const char *const suffixes[]
      = { ".wav",  ".wave", ".bwf", ".rf64", ".w64",  ".flac", ".aif", ".aiff",
          ".aifc", ".caf",  ".ogg", ".oga",  ".opus", ".mp3",  ".au",  ".snd" };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (lower, suffixes[i]))
      return name[0] != '.';
  return FALSE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_utf8_collate (*(const char *const *) a, *(const char *const *) b);
}

/* Only the folder itself: what lies deeper was not meant. */
static void
add_folder (GPtrArray *files, const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (is_audio_name (name))
      g_ptr_array_add (found, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (found, compare_names);
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (files, found->pdata[i]);
}

static gboolean
copy_what_is_lent (GPtrArray *files, const char *folder, GError **error)
{
  for (guint i = 0; i < files->len; i++)
    {
      char *kept = sl_lending_keep (folder, files->pdata[i], error);

      if (kept == NULL)
        return FALSE;
      g_free (files->pdata[i]);
      files->pdata[i] = kept;
    }
  return TRUE;
}

static void
gather_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Request *request = data;
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  GError *error = NULL;

  for (guint i = 0; request->paths[i] != NULL; i++)
    if (g_file_test (request->paths[i], G_FILE_TEST_IS_DIR))
      add_folder (files, request->paths[i]);
    else
      g_ptr_array_add (files, g_strdup (request->paths[i]));
  if (!copy_what_is_lent (files, request->folder, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  g_ptr_array_add (files, NULL);
  g_task_return_pointer (task, g_ptr_array_steal (files, NULL), (GDestroyNotify) g_strfreev);
}

void
sl_gather_async (const char *project_folder,
                 const char *const *paths,
                 GAsyncReadyCallback callback,
                 gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, data);
  Request *request = g_new0 (Request, 1);

  request->folder = g_strdup (project_folder);
  request->paths = g_strdupv ((char **) paths);
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, gather_thread);
}

char **
sl_gather_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
