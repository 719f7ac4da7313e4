/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checks of one step: what is red first, what passed folded away. */
#pragma once

#include "app/fixes.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_CHECKS_LIST (sl_checks_list_get_type ())
G_DECLARE_FINAL_TYPE (SlChecksList, sl_checks_list, SL, CHECKS_LIST, GtkWidget)

/** Shows the checks of @step as they are now; rows are made anew only when they are others. Signal
 *  "fix" (SlCheck, int #SlFix): a button of a check was pressed.
 *  @subject: only those of one stem; NULL: all. */
void
sl_checks_list_show (SlChecksList *self, SlDocument *document, SlStepId step, const char *subject);

G_END_DECLS
