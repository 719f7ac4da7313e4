/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Listens to a source and finds where it can be joined to an earlier part of itself. */
#pragma once

#include "engine/base/grid.h"
#include "engine/base/progress.h"
#include "engine/io/source.h"

G_BEGIN_DECLS

typedef enum
{
  SL_LAG_BARS,     ///< whole bars of the tempo
  SL_LAG_BEATS,    ///< whole beats
  SL_LAG_FREE,     ///< found by matching alone
  SL_LAG_FALLBACK, ///< nothing matched: the grid or a quiet zero crossing
  SL_LAG_ONCE      ///< at most a single sound that dies away: only all of it can be repeated
} SlLagKind;

/** A join: at source frame `join` the source may go on with what follows `join - lag`. */
typedef struct
{
  gint64 join;         ///< source frame at which the original stops, 1 to source length
  gint64 lag;          ///< frames back to where it goes on; the length of the loop body; ≥ 1
  double score;        ///< 0 to 1; candidates are sorted by it, best first
  double correlation;  ///< normalised, of the audio before join with that before join - lag; -1..1
  double level_db;     ///< level after join - lag against level before join
  gint64 match_length; ///< frames over which correlation was measured
  SlLagKind kind;
} SlCandidate;

typedef struct
{
  SlGrid grid;          ///< of the project, moved by the stem's offset; unknown tempo allowed
  gboolean rhythmic;    ///< drums, bass, percussion
  gint64 min_lag;       ///< shortest loop body; at least 10 ms whatever is said
  gint64 join;          ///< a join set by hand, or -1
  int loop_bars;        ///< a loop length set by hand, or 0
  guint max_candidates; ///< K; 8 by default
} SlFinderOptions;

SlFinderOptions
sl_finder_options_default (void);

/**
 * Finds up to K joins for extending @source past its end, ranked best first; at least one for any
 * source of 2 frames or more (a fallback), none for shorter ones. Reads the source once from the
 * start, block by block, and again around candidates; memory is constant. Deterministic. Silence,
 * DC, drones and noise give candidates like any other source. A new array of SlCandidate, or NULL
 * with the source's error or SL_ERROR_CANCELLED. A single sound that dies away, or none, has one
 * candidate: all of it, silence included, of SL_LAG_BARS where its length is that of a loop, else
 * SL_LAG_ONCE; joined within its decay it would stutter. Not on main.
 */
GArray *
sl_finder_find (SlSource *source,
                const SlFinderOptions *options,
                const SlProgress *progress,
                GError **error);

G_END_DECLS
