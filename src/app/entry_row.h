/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entry rows that show a setting: what is being typed is not taken away, and what was applied is
 * let go of, so that undo means the project's again. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** Shows @text, unless somebody is typing something else. */
void
sl_entry_row_show (AdwEntryRow *row, const char *text);

/** What is in the row was taken; the focus leaves it. */
void
sl_entry_row_applied (AdwEntryRow *row);

/** Marks what was typed as wrong, with @problem as the reason; NULL: it is not. */
void
sl_entry_row_set_problem (AdwEntryRow *row, const char *problem);

G_END_DECLS
