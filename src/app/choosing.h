/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking for files and folders, through the desktop's own dialogs. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  SL_CHOOSE_AUDIO,  ///< one audio file
  SL_CHOOSE_AUDIOS, ///< any number of them
  SL_CHOOSE_FOLDER, ///< one folder
  SL_CHOOSE_SAVE    ///< where to save
} SlChooseKind;

/** Given absolute paths (NULL-terminated, at least one). Not called when nothing was chosen. */
typedef void (*SlChosenFunc) (const char *const *paths, gpointer data);

/**
 * Asks with @title over @parent. @name: what a file to be saved is called at first. @object is
 * handed to @func as data, and kept alive until then.
 */
void
sl_choose (GtkWindow *parent,
           SlChooseKind kind,
           const char *title,
           const char *name,
           SlChosenFunc func,
           GObject *object);

G_END_DECLS
