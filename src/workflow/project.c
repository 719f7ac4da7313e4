/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/project.h"

#include <string.h>

struct _SlProject
{
  GObject parent_instance;

  /* owned */
  char *folder;
  char *file;
  JsonNode *document; /* as read: keeps members of other versions */
  SlSettings *settings;
  SlFileTable *files;
  GHashTable *records[SL_N_STEPS]; /* subject → SlRecord */
  SlFolderLock *lock;
};

G_DEFINE_FINAL_TYPE (SlProject, sl_project, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
sl_project_finalize (GObject *object)
{
  SlProject *self = SL_PROJECT (object);

  for (int i = 0; i < SL_N_STEPS; i++)
    g_hash_table_unref (self->records[i]);
  sl_file_table_free (self->files);
  sl_settings_free (self->settings);
  g_clear_pointer (&self->document, json_node_unref);
  g_free (self->file);
  g_free (self->folder);
  sl_folder_lock_free (self->lock);
  G_OBJECT_CLASS (sl_project_parent_class)->finalize (object);
}

static void
sl_project_class_init (SlProjectClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sl_project_finalize;

  /**
   * SlProject::changed:
   *
   * A setting, a record or what is known of a file is another than before: badges may be too.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", SL_TYPE_PROJECT, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
sl_project_init (SlProject *self)
{
  self->files = sl_file_table_new ();
  for (int i = 0; i < SL_N_STEPS; i++)
    self->records[i]
        = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) sl_record_unref);
}

SlProject *
sl_project_new (const char *folder, SlSettings *settings)
{
  SlProject *self = g_object_new (SL_TYPE_PROJECT, NULL);

  self->folder = sl_path_real_folder (folder);
  self->settings = settings;
  return self;
}

const char *
sl_project_get_folder (SlProject *self)
{
  return self->folder;
}

const char *
sl_project_get_file (SlProject *self)
{
  return self->file;
}

const SlSettings *
sl_project_get_settings (SlProject *self)
{
  return self->settings;
}

void
sl_project_take_settings (SlProject *self, SlSettings *settings)
{
  sl_settings_free (self->settings);
  self->settings = settings;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

SlRecord *
sl_project_get_record (SlProject *self, SlStepId step, const char *subject)
{
  return g_hash_table_lookup (self->records[step], subject);
}

void
sl_project_take_record (SlProject *self, SlStepId step, const char *subject, SlRecord *record)
{
  g_hash_table_replace (self->records[step], g_strdup (subject), record);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
sl_project_foreach_record (SlProject *self, SlRecordFunc func, gpointer data)
{
  for (int i = 0; i < SL_N_STEPS; i++)
    {
      g_autoptr (GList) subjects = g_hash_table_get_keys (self->records[i]);

      subjects = g_list_sort (subjects, (GCompareFunc) strcmp);
      for (GList *l = subjects; l != NULL; l = l->next)
        func ((SlStepId) i, l->data, g_hash_table_lookup (self->records[i], l->data), data);
    }
}

SlFileTable *
sl_project_get_files (SlProject *self)
{
  return self->files;
}

static void
add_record_paths (SlStepId step, const char *subject, SlRecord *record, gpointer data)
{
  GHashTable *paths = data;

  for (guint i = 0; i < record->outputs->len; i++)
    g_hash_table_add (paths, g_strdup (((SlOutputFile *) record->outputs->pdata[i])->path));
  if (record->audio != NULL)
    g_hash_table_add (paths, g_strdup (record->audio->path));
}

/* Every path whose state matters, as a set that owns them. */
static GHashTable *
collect_paths (SlProject *self)
{
  GHashTable *paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (self->settings->reference != NULL)
    g_hash_table_add (paths, g_strdup (self->settings->reference));
  for (guint i = 0; i < self->settings->stems->len; i++)
    {
      const SlStem *stem = self->settings->stems->pdata[i];
      if (stem->kind == SL_STEM_FILE)
        g_hash_table_add (paths, g_strdup (stem->file));
    }
  sl_project_foreach_record (self, add_record_paths, paths);
  return paths;
}

static void
forget_other_files (SlProject *self)
{
  g_autoptr (GHashTable) paths = collect_paths (self);

  sl_file_table_keep (self->files, paths);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
sl_project_merge_files (SlProject *self, const SlFileTable *seen)
{
  sl_file_table_merge (self->files, seen);
  forget_other_files (self);
}

void
sl_project_update_files (SlProject *self, const SlFileTable *base, const SlFileTable *seen)
{
  if (sl_file_table_update (self->files, base, seen))
    forget_other_files (self);
}

char **
sl_project_list_paths (SlProject *self)
{
  g_autoptr (GHashTable) paths = collect_paths (self);
  g_autoptr (GList) list = g_list_sort (g_hash_table_get_keys (paths), (GCompareFunc) strcmp);
  GStrvBuilder *builder = g_strv_builder_new ();
  char **result;

  for (GList *l = list; l != NULL; l = l->next)
    g_strv_builder_add (builder, l->data);
  result = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);
  return result;
}

char *
sl_project_resolve (SlProject *self, const char *stored)
{
  return sl_path_resolve (self->folder, stored);
}

char *
sl_project_store_path (SlProject *self, const char *path)
{
  g_autofree char *full = g_canonicalize_filename (path, NULL);
  g_autofree char *parent = g_path_get_dirname (self->folder);
  g_autofree char *inside = g_strconcat (self->folder, G_DIR_SEPARATOR_S, NULL);
  g_autofree char *beside = g_strconcat (parent, G_DIR_SEPARATOR_S, NULL);

  if (g_str_has_prefix (full, inside))
    return g_strdup (full + strlen (inside));
  /* The root folder is beside everything: a path from there says nothing. */
  if (strcmp (parent, "/") != 0 && g_str_has_prefix (full, beside))
    return g_build_filename ("..", full + strlen (beside), NULL);
  return g_steal_pointer (&full);
}

void
sl_project_set_file (SlProject *self, const char *file, JsonNode *document)
{
  g_free (self->file);
  self->file = g_strdup (file);
  g_clear_pointer (&self->document, json_node_unref);
  self->document = document;
}

JsonNode *
sl_project_get_document (SlProject *self)
{
  return self->document;
}

void
sl_project_take_lock (SlProject *self, SlFolderLock *lock)
{
  g_assert (self->lock == NULL);
  self->lock = lock;
}

void
sl_project_unlock (SlProject *self)
{
  g_clear_pointer (&self->lock, sl_folder_lock_free);
}

gboolean
sl_project_is_locked (SlProject *self)
{
  return self->lock != NULL;
}

const SlFolderLock *
sl_project_get_lock (SlProject *self)
{
  return self->lock;
}
