/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/section_blocks.h"

static gboolean
is_known (const GArray *sections, const SlGrid *grid)
{
  return sections != NULL && sections->len > 0 && sl_grid_known (grid);
}

static void
append_block (GArray *blocks, SlBlockKind kind, gint64 start, gint64 end, guint index)
{
  SlBlock block = { kind, { start, end }, index };

  if (end > start)
    g_array_append_val (blocks, block);
}

GArray *
sl_section_blocks (const GArray *sections, const SlGrid *grid, gint64 song_end)
{
  GArray *blocks = g_array_new (FALSE, FALSE, sizeof (SlBlock));
  SlRange range = { 0, 0 };

  if (!is_known (sections, grid))
    {
      append_block (blocks, SL_BLOCK_WHOLE, 0, song_end, 0);
      return blocks;
    }
  append_block (blocks, SL_BLOCK_REST, 0, MIN (grid->origin, song_end), 0);
  for (guint i = 0; i < sections->len; i++)
    {
      sl_sections_range (sections, grid, i, &range);
      append_block (blocks, SL_BLOCK_SECTION, range.start, range.end, i);
    }
  append_block (blocks, SL_BLOCK_REST, range.end, song_end, 0);
  return blocks;
}

gint64
sl_section_overrun (const GArray *sections, const SlGrid *grid, gint64 song_end)
{
  SlRange range;

  if (!is_known (sections, grid))
    return 0;
  sl_sections_range (sections, grid, sections->len - 1, &range);
  return range.end - song_end;
}

gint64
sl_section_beats_to (const GArray *sections, const SlGrid *grid, guint index, gint64 frame)
{
  SlRange range;

  if (!sl_sections_range (sections, grid, index, &range))
    return g_array_index (sections, SlSection, index).beats;
  return MAX (1, sl_grid_nearest_beats (grid, frame - range.start));
}
