/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One check in the inspector: verdict, sentence, numbers, place, and what can be done about it. */
#pragma once

#include "app/fixes.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_CHECK_ROW (sl_check_row_get_type ())
G_DECLARE_FINAL_TYPE (SlCheckRow, sl_check_row, SL, CHECK_ROW, GtkListBoxRow)

/** Signal "fix" (int #SlFix): its button was pressed. */
GtkWidget *
sl_check_row_new (SlDocument *document, SlStepId step, const SlCheck *check);

/** Borrowed. */
const SlCheck *
sl_check_row_get_check (SlCheckRow *self);

G_END_DECLS
