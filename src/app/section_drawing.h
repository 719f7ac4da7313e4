/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the blocks of a bar of sections look. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Where a block goes: the whole height of @widget, between two x of it, which may lie outside. */
typedef struct
{
  GtkWidget *widget;
  GtkSnapshot *snapshot;
  double left;
  double right;
} SlSectionPlace;

/** A section, in the colour of its @index, with its @name, which is ellipsised. */
void
sl_section_draw (const SlSectionPlace *place, guint index, PangoLayout *name, gboolean selected);

/** A song of whose sections nothing is known. */
void
sl_section_draw_whole (const SlSectionPlace *place);

/** A part of the song that is in no section. */
void
sl_section_draw_rest (const SlSectionPlace *place);

/** Sections that run beyond the song, whose end is at the left of @place; told also where nothing
 *  behind it can be seen. */
void
sl_section_draw_overrun (const SlSectionPlace *place);

G_END_DECLS
