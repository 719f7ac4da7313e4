/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tempo, meter and sections of the song, to be edited. */
#pragma once

#include "app/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_TIMING_SETTINGS (sl_timing_settings_get_type ())
G_DECLARE_FINAL_TYPE (SlTimingSettings, sl_timing_settings, SL, TIMING_SETTINGS, GtkWidget)

/** Shows the settings of @document as they are now. */
void
sl_timing_settings_show (SlTimingSettings *self, SlDocument *document);

G_END_DECLS
