/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures by their key; the least recently used go when there are too many bytes. Any one thread.
 */
#pragma once

#include "app/tile_key.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _SlTileCache SlTileCache;

SlTileCache *
sl_tile_cache_new (gsize limit_bytes);

void
sl_tile_cache_free (SlTileCache *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlTileCache, sl_tile_cache_free)

/** Drops what is too much. */
void
sl_tile_cache_set_limit (SlTileCache *self, gsize limit_bytes);

/** Bytes of all pictures. */
gsize
sl_tile_cache_get_bytes (const SlTileCache *self);

/** Keeps @texture, in place of what had the same key. It stays also when it alone is too much. */
void
sl_tile_cache_add (SlTileCache *self, const SlTileKey *key, GdkTexture *texture);

/** Borrowed; NULL when it is not there. Counts as a use. */
GdkTexture *
sl_tile_cache_lookup (SlTileCache *self, const SlTileKey *key);

G_END_DECLS
