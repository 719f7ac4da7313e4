/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person decides about one stem. */
#pragma once

#include "app/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_STEM_SETTINGS (sl_stem_settings_get_type ())
G_DECLARE_FINAL_TYPE (SlStemSettings, sl_stem_settings, SL, STEM_SETTINGS, GtkWidget)

/** Shows @name of @document as it is now. FALSE when there is no such stem. Signal "renamed"
 *  (const char *name): the stem shown is called so from now on. */
gboolean
sl_stem_settings_show (SlStemSettings *self, SlDocument *document, const char *name);

G_END_DECLS
