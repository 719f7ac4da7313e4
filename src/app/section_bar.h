/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sections of the song to scale, and how their end differs from the song's; an SlTimeView. */
#pragma once

#include "app/time_view.h"
#include "engine/base/sections.h"

G_BEGIN_DECLS

#define SL_TYPE_SECTION_BAR (sl_section_bar_get_type ())
G_DECLARE_FINAL_TYPE (SlSectionBar, sl_section_bar, SL, SECTION_BAR, SlTimeView)

/** @range may be NULL and be set later. Signals: "section-activated" (guint index): clicked;
 *  "section-rename" (guint index): double-clicked; "section-resized" (guint index, gint64 beats):
 *  its right edge was dragged. */
GtkWidget *
sl_section_bar_new (SlTimeRange *range);

/** An array of SlSection, copied; NULL or an empty one: one neutral block, as with an unknown
 *  tempo. Their places come from the range's grid. */
void
sl_section_bar_set_sections (SlSectionBar *self, const GArray *sections);

/** Where the song ends, when not where the range does; -1: there. */
void
sl_section_bar_set_song_end (SlSectionBar *self, gint64 frame);

/** Whether edges can be dragged; FALSE at first. */
void
sl_section_bar_set_editable (SlSectionBar *self, gboolean editable);

/** The selected section, or -1. Setting it emits nothing. */
void
sl_section_bar_set_selected (SlSectionBar *self, int index);

int
sl_section_bar_get_selected (SlSectionBar *self);

G_END_DECLS
