/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tile_queue.h"

/* Pictures have four bytes to a pixel. */
#define PIXEL_BYTES 4

typedef struct
{
  gconstpointer name;
  GArray *keys; /* of SlTileKey */
} Client;

struct _SlTileQueue
{
  GPtrArray *clients;
  GHashTable *busy; /* a set of SlTileKey */
  guint turn;       /* of the clients */
};

static void
client_free (gpointer data)
{
  Client *client = data;

  g_array_unref (client->keys);
  g_free (client);
}

SlTileQueue *
sl_tile_queue_new (void)
{
  SlTileQueue *self = g_new0 (SlTileQueue, 1);

  self->clients = g_ptr_array_new_with_free_func (client_free);
  self->busy = g_hash_table_new_full (sl_tile_key_hash, sl_tile_key_equal, g_free, NULL);
  return self;
}

void
sl_tile_queue_free (SlTileQueue *self)
{
  g_ptr_array_unref (self->clients);
  g_hash_table_unref (self->busy);
  g_free (self);
}

static Client *
find_client (SlTileQueue *self, gconstpointer name)
{
  for (guint i = 0; i < self->clients->len; i++)
    {
      Client *client = g_ptr_array_index (self->clients, i);

      if (client->name == name)
        return client;
    }
  return NULL;
}

static Client *
add_client (SlTileQueue *self, gconstpointer name)
{
  Client *client = g_new0 (Client, 1);

  client->name = name;
  client->keys = g_array_new (FALSE, FALSE, sizeof (SlTileKey));
  g_ptr_array_add (self->clients, client);
  return client;
}

void
sl_tile_queue_show (SlTileQueue *self, gconstpointer client, const SlTileKey *keys, guint n)
{
  Client *known = find_client (self, client);

  if (n == 0)
    {
      if (known != NULL)
        g_ptr_array_remove (self->clients, known);
      return;
    }
  if (known == NULL)
    known = add_client (self, client);
  g_array_set_size (known->keys, 0);
  g_array_append_vals (known->keys, keys, n);
}

gsize
sl_tile_queue_get_shown_bytes (const SlTileQueue *self)
{
  gsize bytes = 0;

  for (guint i = 0; i < self->clients->len; i++)
    {
      Client *client = g_ptr_array_index (self->clients, i);
      const SlTileKey *first = &g_array_index (client->keys, SlTileKey, 0);

      bytes += (gsize) client->keys->len * SL_TILE_WIDTH * (gsize) first->height * PIXEL_BYTES;
    }
  return bytes;
}

/* The first of @client's pictures that is to be drawn, or NULL. */
static const SlTileKey *
client_next (SlTileQueue *self,
             Client *client,
             SlTileCache *cache,
             SlTileReadyFunc ready,
             gpointer data)
{
  for (guint i = 0; i < client->keys->len; i++)
    {
      const SlTileKey *key = &g_array_index (client->keys, SlTileKey, i);

      if (!g_hash_table_contains (self->busy, key) && sl_tile_cache_lookup (cache, key) == NULL
          && ready (data, key))
        return key;
    }
  return NULL;
}

gboolean
sl_tile_queue_next (SlTileQueue *self,
                    SlTileCache *cache,
                    SlTileReadyFunc ready,
                    gpointer data,
                    SlTileKey *key)
{
  for (guint tried = 0; tried < self->clients->len; tried++)
    {
      Client *client = g_ptr_array_index (self->clients, self->turn++ % self->clients->len);
      const SlTileKey *found = client_next (self, client, cache, ready, data);

      if (found == NULL)
        continue;
      *key = *found;
      g_hash_table_add (self->busy, g_memdup2 (key, sizeof *key));
      return TRUE;
    }
  return FALSE;
}

void
sl_tile_queue_done (SlTileQueue *self, const SlTileKey *key)
{
  g_hash_table_remove (self->busy, key);
}

guint
sl_tile_queue_get_busy (const SlTileQueue *self)
{
  return g_hash_table_size (self->busy);
}
