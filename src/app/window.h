/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The main window: what to begin with, or an open project. */
#pragma once

#include "app/application.h"

G_BEGIN_DECLS

#define SL_TYPE_WINDOW (sl_window_get_type ())
G_DECLARE_FINAL_TYPE (SlWindow, sl_window, SL, WINDOW, AdwApplicationWindow)

SlWindow *
sl_window_new (SlApplication *application);

/** Whether no project is open in it, nor is being opened. */
gboolean
sl_window_is_empty (SlWindow *self);

/** Opens the project at @path (its folder, or its file) here. */
void
sl_window_open_path (SlWindow *self, const char *path);

G_END_DECLS
