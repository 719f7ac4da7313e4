/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to sound: a plain description of files and their gains. Opens nothing. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** One file of the mix. */
typedef struct
{
  char *path;       ///< absolute
  double gain;      ///< linear, at the start; the player changes its own copy
  gboolean audible; ///< FALSE: muted at the start
  gint64 offset;    ///< frame of the graph where the file's first frame lies; may be negative
} SlGraphPart;

/** Counted by reference; not to be altered once a player has it. */
typedef struct _SlGraph SlGraph;

/** An empty graph of @length frames (at least 0), 1 to SL_MAX_CHANNELS channels. Any thread. */
SlGraph *
sl_graph_new (int rate_hz, int channels, gint64 length);

/** Another reference. Any thread. */
SlGraph *
sl_graph_ref (SlGraph *self);

/** Gives a reference back. NULL is allowed. Any thread. */
void
sl_graph_unref (SlGraph *self);

/**
 * Adds the file at @path (absolute), audible, at offset 0, with a linear @gain, and returns its
 * index. The file has 1 channel, which is spread equally, or as many as the graph; it may be of
 * another rate, and shorter (silence follows) or longer (it is cut) than the graph.
 */
guint
sl_graph_add (SlGraph *self, const char *path, double gain);

/** Mutes or unmutes a part at the start. */
void
sl_graph_set_audible (SlGraph *self, guint part, gboolean audible);

/** Places a part: its first frame is heard at @frame of the graph, in frames of the graph. */
void
sl_graph_set_offset (SlGraph *self, guint part, gint64 frame);

/** Frames per second. */
int
sl_graph_get_rate (const SlGraph *self);

/** Channels of the mix. */
int
sl_graph_get_channels (const SlGraph *self);

/** Frames. */
gint64
sl_graph_get_length (const SlGraph *self);

/** Number of parts. */
guint
sl_graph_get_n_parts (const SlGraph *self);

/** A part, owned by the graph. */
const SlGraphPart *
sl_graph_get_part (const SlGraph *self, guint part);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlGraph, sl_graph_unref)

G_END_DECLS
