/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pictures are shown, by whom, and which of them is to be drawn next. What is shown no more
 * is forgotten before it is drawn. Any one thread. */
#pragma once

#include "app/tile_cache.h"

G_BEGIN_DECLS

typedef struct _SlTileQueue SlTileQueue;

/** Whether the picture @key can be drawn now. */
typedef gboolean (*SlTileReadyFunc) (gpointer data, const SlTileKey *key);

SlTileQueue *
sl_tile_queue_new (void);

void
sl_tile_queue_free (SlTileQueue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlTileQueue, sl_tile_queue_free)

/** Replaces what @client shows. */
void
sl_tile_queue_show (SlTileQueue *self, gconstpointer client, const SlTileKey *keys, guint n);

/** Bytes of all that is shown. */
gsize
sl_tile_queue_get_shown_bytes (const SlTileQueue *self);

/** The next picture that @cache lacks, that nobody is drawing and that is ready; the clients have
 *  their turns. It is then taken to be drawn until sl_tile_queue_done(). FALSE: there is none. */
gboolean
sl_tile_queue_next (SlTileQueue *self,
                    SlTileCache *cache,
                    SlTileReadyFunc ready,
                    gpointer data,
                    SlTileKey *key);

void
sl_tile_queue_done (SlTileQueue *self, const SlTileKey *key);

/** How many are being drawn. */
guint
sl_tile_queue_get_busy (const SlTileQueue *self);

G_END_DECLS
