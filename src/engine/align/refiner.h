/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares the audio at a join with earlier audio, to the frame, at full rate. Private to align. */
#pragma once

#include "engine/io/source.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 lag;         ///< frames; the best within the radius
  gint64 length;      ///< frames compared before the join
  double correlation; ///< of those; -1 to 1; 0 when silent or nothing was compared
  double gain_db;     ///< their level against that of the same number a lag earlier
  double following;   ///< correlation of what follows; 1 when nothing follows
  double level_db;    ///< after the jump against before it
} SlMatch;

typedef struct _SlRefiner SlRefiner;

/**
 * Reads the audio around @join, of which what comes after @limit does not count. @source is
 * borrowed. NULL with the source's error.
 */
SlRefiner *
sl_refiner_new (SlSource *source, gint64 join, gint64 limit, GError **error);

gint64
sl_refiner_get_join (const SlRefiner *self);

/** Frames that are compared where the source reaches back far enough. */
gint64
sl_refiner_get_full_length (const SlRefiner *self);

/** Finds the best lag within @radius frames of @lag (1 to the join) and measures it. */
gboolean
sl_refiner_measure (SlRefiner *self, gint64 lag, gint64 radius, SlMatch *match, GError **error);

void
sl_refiner_free (SlRefiner *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlRefiner, sl_refiner_free)

G_END_DECLS
