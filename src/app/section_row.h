/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One section in the settings: its name and its length in bars (or in beats, where it is not a
 * whole number of bars). */
#pragma once

#include "engine/base/sections.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_SECTION_ROW (sl_section_row_get_type ())
G_DECLARE_FINAL_TYPE (SlSectionRow, sl_section_row, SL, SECTION_ROW, GtkListBoxRow)

/** Signals: "edited"; "removed". */
GtkWidget *
sl_section_row_new (guint index);

void
sl_section_row_show (SlSectionRow *self,
                     const SlSection *section,
                     int beats_per_bar,
                     gboolean removable);

guint
sl_section_row_get_index (SlSectionRow *self);

/** The name as typed; never empty. Owned. */
char *
sl_section_row_dup_name (SlSectionRow *self);

gint64
sl_section_row_get_beats (SlSectionRow *self);

G_END_DECLS
