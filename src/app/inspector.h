/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Beside the tracks: what is to be known and decided about the selected step or stem. */
#pragma once

#include "app/fixes.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_INSPECTOR (sl_inspector_get_type ())
G_DECLARE_FINAL_TYPE (SlInspector, sl_inspector, SL, INSPECTOR, GtkWidget)

/** Signals: "fix" (int step, SlCheck, int #SlFix): the button of a check was pressed;
 *  "stem-renamed" (const char *). */
void
sl_inspector_set_document (SlInspector *self, SlDocument *document);

void
sl_inspector_show_step (SlInspector *self, SlStepId step);

void
sl_inspector_show_stem (SlInspector *self, const char *name);

G_END_DECLS
