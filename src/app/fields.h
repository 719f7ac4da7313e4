/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields that show a setting: what is being typed is not taken away, and what was applied is
 * let go of, so that undo means the project's again. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** Shows @text, unless somebody is typing something else. */
void
sl_field_show_text (AdwEntryRow *row, const char *text);

/** What is in the row was taken; the focus leaves it. */
void
sl_field_applied (AdwEntryRow *row);

/** Marks what was typed as wrong, with @problem as the reason; NULL: it is not. */
void
sl_field_set_problem (AdwEntryRow *row, const char *problem);

/** Names the switch that @row makes for itself, which has no name, like the row. */
void
sl_field_name_switch (AdwExpanderRow *row);

/** What is undone in @spin is the project's last change, not the last letter that was typed. */
void
sl_field_leave_undo (GtkSpinButton *spin);

/** Shows @value; a field that shows it already is left alone, with what is being typed there. */
void
sl_field_show_number (GtkSpinButton *spin, double value);

G_END_DECLS
