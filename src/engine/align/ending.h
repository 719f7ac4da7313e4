/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a source ends, and where it could therefore be joined. Private to align. */
#pragma once

#include "engine/align/finder.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean silent;      ///< nothing is audible
  gint64 first;         ///< first audible frame; 0 when all is silent
  gint64 last;          ///< frame after the last audible one, or the join set by hand
  gint64 start;         ///< source frame of power[0]
  gint64 hop;           ///< frames of one power
  float *power;         ///< mean squares up to last
  guint n_power;        ///< at least 1
  float *reduced;       ///< reduced audio before reduced frame `reduced_end`
  gsize n_reduced;      ///< valid ones
  gint64 reduced_end;   ///< the last that looks at no frame after `last`, plus 1
  gint64 source_length; ///< frames
  int rate_hz;
} SlEnding;

/** Reads the end of @source, and its silences at both ends. FALSE with the source's error. */
gboolean
sl_ending_read (SlEnding *ending,
                SlSource *source,
                const SlFinderOptions *options,
                const SlProgress *progress,
                GError **error);

void
sl_ending_clear (SlEnding *ending);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SlEnding, sl_ending_clear)

/** The number of the beat that starts the bar in which @frame lies. */
gint64
sl_ending_bar_beat (const SlGrid *grid, gint64 frame);

/** Where the material ends to a musician: with a gap of 2 s or up to a bar line that is less than
 *  a beat away, but without a longer silence. */
gint64
sl_ending_material_end (const SlEnding *ending, const SlGrid *grid);

/** The frame after which the level, over 500 ms, stays below @part of the loudest power. */
gint64
sl_ending_sustained (const SlEnding *ending, float part);

/** Whether all that is heard, 16 s at most, is one sound that is struck and dies away, or a click
 *  before a longer silence, or nothing. */
gboolean
sl_ending_sounds_once (const SlEnding *ending);

/**
 * Source frames at which the source could stop: its end, unless that has decayed for more than 2 s;
 * the last bar line before it fades and before it has decayed, or without a tempo the last onset.
 * An array of gint64, at least one.
 */
GArray *
sl_ending_joins (const SlEnding *ending, const SlFinderOptions *options);

G_END_DECLS
