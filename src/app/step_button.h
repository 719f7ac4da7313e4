/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One step in the steps column: its number, name and badge, and while it runs its progress and a
 * button that stops it. */
#pragma once

#include "workflow/badge.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_STEP_BUTTON (sl_step_button_get_type ())
G_DECLARE_FINAL_TYPE (SlStepButton, sl_step_button, SL, STEP_BUTTON, GtkWidget)

/** What the button shows. */
typedef struct
{
  SlState state;
  guint warnings;
  gboolean running;
  gboolean stopping;
  double fraction;          ///< of the run, 0 to 1
  const char *locked_until; ///< title of the step that keeps this one locked, or NULL
} SlStepView;

/** Signals: "pressed"; "stop". */
GtkWidget *
sl_step_button_new (SlStepId step);

void
sl_step_button_show (SlStepButton *self, const SlStepView *view);

/** Marks it as the one whose checks are shown. */
void
sl_step_button_set_selected (SlStepButton *self, gboolean selected);

G_END_DECLS
