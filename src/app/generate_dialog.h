/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks for a tone to be generated as a stem. */
#pragma once

#include "app/document.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SL_TYPE_GENERATE_DIALOG (sl_generate_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SlGenerateDialog, sl_generate_dialog, SL, GENERATE_DIALOG, AdwWindow)

/** Shows it over @parent; what is asked for becomes a stem of @document. */
void
sl_generate_dialog_show (GtkWindow *parent, SlDocument *document);

G_END_DECLS
