/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The eight steps, and the button that runs the next one. */
#pragma once

#include "app/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_STEPS_COLUMN (sl_steps_column_get_type ())
G_DECLARE_FINAL_TYPE (SlStepsColumn, sl_steps_column, SL, STEPS_COLUMN, GtkWidget)

/** Binds it to @document. Signal "step-selected" (int): the checks of a step are asked for. */
void
sl_steps_column_set_document (SlStepsColumn *self, SlDocument *document);

/** Which step is shown as selected; -1: none. Emits nothing. */
void
sl_steps_column_set_selected (SlStepsColumn *self, int step);

/** In a narrow window the button that runs all steps is here: the header bar has no room for it. */
void
sl_steps_column_set_narrow (SlStepsColumn *self, gboolean narrow);

G_END_DECLS
