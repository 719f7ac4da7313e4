/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks for the reason for which a failed judgement is all right. */
#pragma once

#include "app/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Over @parent, of @check of @step; with a reason it is accepted, as one step of undo. */
void
sl_accept_dialog_show (GtkWindow *parent,
                       SlDocument *document,
                       SlStepId step,
                       const SlCheck *check);

G_END_DECLS
