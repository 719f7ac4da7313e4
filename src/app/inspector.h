/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Beside the tracks: what is to be known and decided about the selected step or stem. */
#pragma once

#include "app/fixes.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_INSPECTOR (sl_inspector_get_type ())
G_DECLARE_FINAL_TYPE (SlInspector, sl_inspector, SL, INSPECTOR, GtkWidget)

/** Signals: "fix" (int step, SlCheck, int #SlFix): the button of a check was pressed;
 *  "stem-renamed" (const char *); "seam-closed": the stem is to be shown instead of its seam. */
void
sl_inspector_set_document (SlInspector *self, SlDocument *document);

void
sl_inspector_show_step (SlInspector *self, SlStepId step);

void
sl_inspector_show_stem (SlInspector *self, const char *name);

/** Shows seam @index of the stem @name; while the stem has fewer, its last; while it has none, the
 *  stem. */
void
sl_inspector_show_seam (SlInspector *self, const char *name, guint index);

/** The stem of the seam that is shown, and which seam it is; NULL: none is. Borrowed. */
const char *
sl_inspector_get_seam (SlInspector *self, guint *index);

G_END_DECLS
