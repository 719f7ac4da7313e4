/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks what a new project is made of: the reference first. */
#pragma once

#include "app/opening.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SL_TYPE_NEW_DIALOG (sl_new_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SlNewDialog, sl_new_dialog, SL, NEW_DIALOG, AdwWindow)

/** Over @parent. Signal "created" (SlDocument): the project is there and open. */
SlNewDialog *
sl_new_dialog_new (GtkWindow *parent);

/** Proposes @path as the reference. */
void
sl_new_dialog_set_reference (SlNewDialog *self, const char *path);

G_END_DECLS
