/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The named stretches of a song, in beats. */
#pragma once

#include "engine/base/grid.h"

G_BEGIN_DECLS

/** Most beats of a section. */
#define SL_SECTION_MAX_BEATS 1000000

typedef struct
{
  char *name;   ///< unique, not empty
  gint64 beats; ///< at least 1
} SlSection;

/** Where a section lies, in frames; half-open. */
typedef struct
{
  gint64 start;
  gint64 end;
} SlRange;

/**
 * Reads "Verse:48bars,Bridge:16bars,Outro:32" (beats where "bars" is absent) into an array of
 * SlSection that frees its names. NULL with SL_ERROR_INVALID naming the item at fault: empty or
 * repeated name, a number below 1 or above 1,000,000 beats, no items. Any thread.
 */
GArray *
sl_sections_parse (const char *text, int beats_per_bar, GError **error);

/** An empty array of SlSection that frees its names. */
GArray *
sl_sections_new (void);

/** Appends a copy of @name with @beats. */
void
sl_sections_append (GArray *sections, const char *name, gint64 beats);

/** Deep copy. */
GArray *
sl_sections_copy (const GArray *sections);

/** Sum of all beats. */
gint64
sl_sections_total_beats (const GArray *sections);

/** Index of the section called @name, or -1. */
int
sl_sections_find (const GArray *sections, const char *name);

/**
 * Where section @index lies. The first section starts at the grid's origin. With an unknown tempo
 * there is no such place: FALSE.
 */
gboolean
sl_sections_range (const GArray *sections, const SlGrid *grid, guint index, SlRange *range);

G_END_DECLS
