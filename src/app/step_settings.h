/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person decides about one step, in the inspector. */
#pragma once

#include "app/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_STEP_SETTINGS (sl_step_settings_get_type ())
G_DECLARE_FINAL_TYPE (SlStepSettings, sl_step_settings, SL, STEP_SETTINGS, GtkWidget)

/** Shows the settings of @step as they are now. */
void
sl_step_settings_show (SlStepSettings *self, SlDocument *document, SlStepId step);

G_END_DECLS
