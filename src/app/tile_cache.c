/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tile_cache.h"

/* Memory textures have four bytes to a pixel. */
#define PIXEL_BYTES 4

typedef struct
{
  SlTileKey key;
  GdkTexture *texture;
  gsize bytes;
  GList link; /* in by_use */
} Entry;

struct _SlTileCache
{
  GHashTable *entries;
  GQueue by_use; /* the most recent first */
  gsize bytes;
  gsize limit_bytes;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_object_unref (entry->texture);
  g_free (entry);
}

SlTileCache *
sl_tile_cache_new (gsize limit_bytes)
{
  SlTileCache *self = g_new0 (SlTileCache, 1);

  self->entries = g_hash_table_new_full (sl_tile_key_hash, sl_tile_key_equal, NULL, entry_free);
  self->limit_bytes = limit_bytes;
  g_queue_init (&self->by_use);
  return self;
}

void
sl_tile_cache_free (SlTileCache *self)
{
  g_hash_table_unref (self->entries);
  g_free (self);
}

static void
drop (SlTileCache *self, Entry *entry)
{
  g_queue_unlink (&self->by_use, &entry->link);
  self->bytes -= entry->bytes;
  g_hash_table_remove (self->entries, &entry->key);
}

static void
drop_too_much (SlTileCache *self)
{
  while (self->bytes > self->limit_bytes && self->by_use.length > 1)
    drop (self, self->by_use.tail->data);
}

void
sl_tile_cache_set_limit (SlTileCache *self, gsize limit_bytes)
{
  self->limit_bytes = limit_bytes;
  drop_too_much (self);
}

gsize
sl_tile_cache_get_bytes (const SlTileCache *self)
{
  return self->bytes;
}

void
sl_tile_cache_add (SlTileCache *self, const SlTileKey *key, GdkTexture *texture)
{
  Entry *old = g_hash_table_lookup (self->entries, key);
  Entry *entry = g_new0 (Entry, 1);

  if (old != NULL)
    drop (self, old);
  entry->key = *key;
  entry->texture = g_object_ref (texture);
  entry->bytes = (gsize) gdk_texture_get_width (texture) * (gsize) gdk_texture_get_height (texture)
                 * PIXEL_BYTES;
  entry->link.data = entry;
  g_hash_table_insert (self->entries, &entry->key, entry);
  g_queue_push_head_link (&self->by_use, &entry->link);
  self->bytes += entry->bytes;
  drop_too_much (self);
}

GdkTexture *
sl_tile_cache_lookup (SlTileCache *self, const SlTileKey *key)
{
  Entry *entry = g_hash_table_lookup (self->entries, key);

  if (entry == NULL)
    return NULL;
  g_queue_unlink (&self->by_use, &entry->link);
  g_queue_push_head_link (&self->by_use, &entry->link);
  return entry->texture;
}
