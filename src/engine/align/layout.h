/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lays pieces of a source and silence one after the other into a plan. Private to this room. */
#pragma once

#include "engine/align/joins.h"

G_BEGIN_DECLS

/**
 * Segments as they are laid. A piece of the source stays open until the frame is known on which it
 * ends. Without an array segments are only counted, so that a plan's size is known before memory is
 * taken for it.
 */
typedef struct
{
  GArray *segments; ///< of SlSegment, or NULL: only count
  gint64 count;
  gint64 dest;    ///< target frame up to which the closed segments reach
  SlSegment open; ///< its length and fade-out are not known yet
} SlLayout;

void
sl_layout_init (SlLayout *self, GArray *segments);

/** Silence up to target frame @end; nothing when that is reached already. */
void
sl_layout_silence (SlLayout *self, gint64 end);

/** Opens a piece of the source from @source on, where the last segment ended. */
void
sl_layout_open (SlLayout *self, gint64 source, gint64 fade_in);

/** Target frame on which the open piece plays source frame @source. */
gint64
sl_layout_dest_of (const SlLayout *self, gint64 source);

/** Closes the open piece at target frame @end with the longest fade-out up to @fade_out that fits
 *  behind its fade-in. */
void
sl_layout_close (SlLayout *self, gint64 end, gint64 fade_out);

/** Crossfades from the open piece to one that plays source frame @entry where the open one plays
 *  @join; @pre and @post are the overlap's frames before and after that. */
void
sl_layout_cross (SlLayout *self, gint64 join, gint64 entry, gint64 pre, gint64 post);

/** Sets SL_ERROR_LIMIT for too many segments. Always FALSE. */
gboolean
sl_layout_refuse_count (GError **error);

/**
 * Extends the open piece up to extent->end by going back at @set's joins in turn; closes it there.
 * @end_fade is the fade-out where the extension is cut. FALSE with SL_ERROR_LIMIT when that takes
 * too many segments, SL_ERROR_INVALID when a kept ending leaves no room.
 */
gboolean
sl_layout_extend (SlLayout *self,
                  const SlExtent *extent,
                  const SlJoinSet *set,
                  gint64 end_fade,
                  GError **error);

G_END_DECLS
