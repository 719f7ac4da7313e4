/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the program remembers from one day to the next. The one thing that is read and written on
 * the main thread. Without an installed schema nothing is remembered, and nothing breaks. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Linear, 0 to 1. */
double
sl_preferences_get_volume (void);

void
sl_preferences_set_volume (double volume);

/** Gives @window the size that a window had last. */
void
sl_preferences_restore_window (GtkWindow *window);

void
sl_preferences_store_window (GtkWindow *window);

gboolean
sl_preferences_get_show_inspector (void);

void
sl_preferences_set_show_inspector (gboolean show);

/** Folders of projects, the one that was open last first. Owned. */
char **
sl_preferences_get_recent (void);

/** Puts @folder first. */
void
sl_preferences_add_recent (const char *folder);

void
sl_preferences_remove_recent (const char *folder);

/** Where a file was chosen last, or NULL. Owned. */
char *
sl_preferences_get_last_folder (void);

void
sl_preferences_set_last_folder (const char *folder);

G_END_DECLS
