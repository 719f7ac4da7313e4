/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/file_table.h"

#include "engine/base/error.h"
#include "workflow/json.h"

#include <string.h>

/* A file touched less than this before it was looked at may change again within the resolution of
 * its time stamps. */
#define SETTLED_US (2 * G_USEC_PER_SEC)

struct _SlFileTable
{
  GHashTable *entries; /* path (owned by the entry) → SlFileEntry */
};

static void
entry_free (gpointer data)
{
  SlFileEntry *entry = data;

  g_free (entry->path);
  g_free (entry->probe);
  g_free (entry);
}

SlFileTable *
sl_file_table_new (void)
{
  SlFileTable *self = g_new0 (SlFileTable, 1);

  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, entry_free);
  return self;
}

void
sl_file_table_free (SlFileTable *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->entries);
  g_free (self);
}

static void
put_copy (SlFileTable *self, const SlFileEntry *entry)
{
  SlFileEntry *copy = g_memdup2 (entry, sizeof *entry);

  copy->path = g_strdup (entry->path);
  copy->probe = g_strdup (entry->probe);
  g_hash_table_replace (self->entries, copy->path, copy);
}

void
sl_file_table_merge (SlFileTable *self, const SlFileTable *other)
{
  GHashTableIter iter;
  gpointer entry;

  g_hash_table_iter_init (&iter, other->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    put_copy (self, entry);
}

/* Whether both are the same look at the same file; NULL: never looked at. */
static gboolean
is_same_look (const SlFileEntry *a, const SlFileEntry *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return a->present == b->present && a->seen_us == b->seen_us && strcmp (a->digest, b->digest) == 0
         && g_strcmp0 (a->probe, b->probe) == 0;
}

gboolean
sl_file_table_update (SlFileTable *self, const SlFileTable *base, const SlFileTable *newer)
{
  GHashTableIter iter;
  gpointer path, entry;
  gboolean changed = FALSE;

  g_hash_table_iter_init (&iter, newer->entries);
  while (g_hash_table_iter_next (&iter, &path, &entry))
    {
      const SlFileEntry *own = g_hash_table_lookup (self->entries, path);

      if (!is_same_look (own, g_hash_table_lookup (base->entries, path))
          || is_same_look (own, entry))
        continue;
      put_copy (self, entry);
      changed = TRUE;
    }
  return changed;
}

SlFileTable *
sl_file_table_copy (const SlFileTable *self)
{
  SlFileTable *copy = sl_file_table_new ();

  sl_file_table_merge (copy, self);
  return copy;
}

void
sl_file_table_keep (SlFileTable *self, GHashTable *paths)
{
  GHashTableIter iter;
  gpointer path;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    if (!g_hash_table_contains (paths, path))
      g_hash_table_iter_remove (&iter);
}

const SlFileEntry *
sl_file_table_get (const SlFileTable *self, const char *path)
{
  return g_hash_table_lookup (self->entries, path);
}

const char *
sl_file_table_digest (const SlFileTable *self, const char *path)
{
  const SlFileEntry *entry = sl_file_table_get (self, path);

  return entry != NULL && entry->present ? entry->digest : NULL;
}

void
sl_file_table_set (SlFileTable *self,
                   const char *path,
                   const SlStat *stat,
                   const char *digest_hex,
                   const char *probe)
{
  const SlFileEntry *old = sl_file_table_get (self, path);
  SlFileEntry *entry = g_new0 (SlFileEntry, 1);

  entry->path = g_strdup (path);
  entry->stat = *stat;
  entry->seen_us = g_get_real_time ();
  entry->present = TRUE;
  g_strlcpy (entry->digest, digest_hex, sizeof entry->digest);
  if (probe == NULL && old != NULL && old->present && strcmp (old->digest, digest_hex) == 0)
    probe = old->probe;
  entry->probe = g_strdup (probe);
  g_hash_table_replace (self->entries, entry->path, entry);
}

void
sl_file_table_set_missing (SlFileTable *self, const char *path)
{
  SlFileEntry *entry = g_new0 (SlFileEntry, 1);

  entry->path = g_strdup (path);
  g_hash_table_replace (self->entries, entry->path, entry);
}

char *
sl_path_real_folder (const char *folder)
{
  g_autofree char *full = g_canonicalize_filename (folder, NULL);
  g_autofree char *name = g_path_get_basename (full);
  g_autofree char *parent = g_path_get_dirname (full);
  char *real = realpath (full, NULL);
  char *real_parent;
  char *path;

  if (real != NULL)
    return real;
  real_parent = realpath (parent, NULL);
  path = g_build_filename (real_parent != NULL ? real_parent : parent, name, NULL);
  free (real_parent);
  return path;
}

char *
sl_path_resolve (const char *folder, const char *stored)
{
  return g_path_is_absolute (stored) ? g_strdup (stored) : g_build_filename (folder, stored, NULL);
}

char *
sl_path_shorten_in (const char *folder, const char *message)
{
  g_autofree char *detour = g_build_filename (folder, "..", NULL);
  g_autofree char *shown_detour = g_filename_display_name (detour);
  g_autofree char *parent = g_path_get_dirname (folder);
  g_autofree char *shown_parent = g_filename_display_name (parent);
  GString *text = g_string_new (message);

  g_string_replace (text, shown_detour, shown_parent, 0);
  return g_string_free (text, FALSE);
}

static gboolean
is_unchanged (const SlFileEntry *entry, const SlStat *now, gboolean strict)
{
  gint64 touched_us;

  if (entry == NULL || !entry->present || !sl_stat_equal (&entry->stat, now))
    return FALSE;
  touched_us = MAX (now->mtime_ns, now->ctime_ns) / 1000;
  return !strict || entry->seen_us - touched_us >= SETTLED_US;
}

static gboolean
refresh_one (SlFileTable *self,
             const char *folder,
             const char *path,
             gboolean strict,
             const SlProgress *progress,
             GError **error)
{
  g_autofree char *full = sl_path_resolve (folder, path);
  g_autoptr (GError) local = NULL;
  SlStat stat;
  SlDigest digest;
  char hex[SL_DIGEST_HEX_LENGTH + 1];

  if (!sl_stat_path (full, &stat, NULL))
    {
      sl_file_table_set_missing (self, path);
      return TRUE;
    }
  if (is_unchanged (sl_file_table_get (self, path), &stat, strict))
    return TRUE;
  if (!sl_digest_file (full, &digest, progress, &local))
    {
      if (g_error_matches (local, SL_ERROR, SL_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      sl_file_table_set_missing (self, path);
      return TRUE;
    }
  sl_digest_to_hex (&digest, hex);
  sl_file_table_set (self, path, &stat, hex, NULL);
  return TRUE;
}

gboolean
sl_file_table_refresh (SlFileTable *self,
                       const char *folder,
                       const char *const *paths,
                       gboolean strict,
                       const SlProgress *progress,
                       GError **error)
{
  for (guint i = 0; paths[i] != NULL; i++)
    if (!refresh_one (self, folder, paths[i], strict, progress, error))
      return FALSE;
  return TRUE;
}

static JsonNode *
entry_to_json (const SlFileEntry *entry)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "digest", entry->digest);
  json_object_set_int_member (object, "size", entry->stat.size_bytes);
  json_object_set_int_member (object, "mtime_ns", entry->stat.mtime_ns);
  json_object_set_int_member (object, "ctime_ns", entry->stat.ctime_ns);
  json_object_set_int_member (object, "inode", (gint64) entry->stat.inode);
  json_object_set_int_member (object, "device", (gint64) entry->stat.device);
  json_object_set_int_member (object, "seen_us", entry->seen_us);
  if (entry->probe != NULL)
    json_object_set_string_member (object, "probe", entry->probe);
  return sl_json_take_object (object);
}

JsonNode *
sl_file_table_to_json (const SlFileTable *self)
{
  JsonObject *object = json_object_new ();
  g_autoptr (GList) paths = g_hash_table_get_keys (self->entries);

  paths = g_list_sort (paths, (GCompareFunc) strcmp);
  for (GList *l = paths; l != NULL; l = l->next)
    {
      const SlFileEntry *entry = sl_file_table_get (self, l->data);
      if (entry->present)
        json_object_set_member (object, entry->path, entry_to_json (entry));
    }
  return sl_json_take_object (object);
}

static SlFileEntry *
entry_from_json (const char *path, JsonObject *object)
{
  const char *digest = sl_json_get_string (object, "digest");
  SlDigest parsed;
  SlFileEntry *entry;

  if (digest == NULL || !sl_digest_from_hex (digest, &parsed))
    return NULL;
  entry = g_new0 (SlFileEntry, 1);
  entry->path = g_strdup (path);
  entry->present = TRUE;
  g_strlcpy (entry->digest, digest, sizeof entry->digest);
  entry->stat.size_bytes = sl_json_get_int (object, "size", -1);
  entry->stat.mtime_ns = sl_json_get_int (object, "mtime_ns", 0);
  entry->stat.ctime_ns = sl_json_get_int (object, "ctime_ns", 0);
  entry->stat.inode = (guint64) sl_json_get_int (object, "inode", 0);
  entry->stat.device = (guint64) sl_json_get_int (object, "device", 0);
  entry->seen_us = sl_json_get_int (object, "seen_us", 0);
  entry->probe = g_strdup (sl_json_get_string (object, "probe"));
  return entry;
}

SlFileTable *
sl_file_table_from_json (JsonObject *object)
{
  SlFileTable *self = sl_file_table_new ();
  g_autoptr (GList) paths = object != NULL ? json_object_get_members (object) : NULL;

  for (GList *l = paths; l != NULL; l = l->next)
    {
      SlFileEntry *entry = entry_from_json (l->data, sl_json_get_object (object, l->data));
      if (entry != NULL)
        g_hash_table_replace (self->entries, entry->path, entry);
    }
  return self;
}
