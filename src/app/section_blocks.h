/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a bar of sections shows: blocks along the time, and how their end misses the song's. Pure.
 */
#pragma once

#include "engine/base/sections.h"

G_BEGIN_DECLS

typedef enum
{
  SL_BLOCK_SECTION,
  SL_BLOCK_WHOLE, ///< the song, of whose sections nothing is known
  SL_BLOCK_REST   ///< a part of the song that is in no section
} SlBlockKind;

typedef struct
{
  SlBlockKind kind;
  SlRange range;
  guint index; ///< of the section
} SlBlock;

/**
 * The blocks of a song that ends at @song_end, from left to right, as an array of SlBlock. Sections
 * may reach beyond it. One whole block without @sections (NULL or empty) or without a tempo.
 */
GArray *
sl_section_blocks (const GArray *sections, const SlGrid *grid, gint64 song_end);

/** Frames by which the sections end behind @song_end (below 0: before it); 0 when nothing is known
 *  of them. */
gint64
sl_section_overrun (const GArray *sections, const SlGrid *grid, gint64 song_end);

/** Beats that section @index has when its end is put as near as can be to @frame; 1 at least. */
gint64
sl_section_beats_to (const GArray *sections, const SlGrid *grid, guint index, gint64 frame);

G_END_DECLS
