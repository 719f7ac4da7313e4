/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How strongly something begins, over time. */
#pragma once

#include "engine/base/progress.h"
#include "engine/io/source.h"

G_BEGIN_DECLS

/** Onsets are measured about this often. */
#define SL_ONSETS_PER_SECOND 100

typedef struct
{
  float *strength; ///< n of them: how far 32 bands rose, summed, in nepers
  gint64 n;
  double rate_hz; ///< onsets in a second
} SlOnsets;

static inline void
sl_onsets_clear (SlOnsets *onsets)
{
  g_clear_pointer (&onsets->strength, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SlOnsets, sl_onsets_clear)

/**
 * The spectral flux (Masri 1996; in bands and ratios as Ellis 2007) of the mono sum of @source,
 * from its first sound above -60 dBFS on, @max_seconds of it at most. Memory by @max_seconds alone.
 * Errors are those of reading. Not on main.
 */
gboolean
sl_onsets_measure (SlSource *source,
                   int max_seconds,
                   SlOnsets *onsets,
                   const SlProgress *progress,
                   GError **error);

G_END_DECLS
