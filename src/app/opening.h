/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening and making projects in a thread. All callbacks come on the main thread. */
#pragma once

#include "app/document.h"

G_BEGIN_DECLS

/** What a new song is made of. */
typedef struct
{
  char *folder;    ///< absolute; new or empty
  char *reference; ///< absolute path of a file, or NULL
  double seconds;  ///< its length when there is no reference
  SlBpm bpm;
  int beats_per_bar;
} SlNewSong;

SlNewSong *
sl_new_song_new (void);

void
sl_new_song_free (SlNewSong *song);

/** Opens the project at @path (its folder, or its file). Finish with sl_opening_finish(). */
void
sl_open_async (const char *path, GAsyncReadyCallback callback, gpointer data);

/**
 * Makes the project of @song (taken) and opens it. A song around a reference has its rate, and one
 * section as long as it; others have the usual sections.
 */
void
sl_create_async (SlNewSong *song, GAsyncReadyCallback callback, gpointer data);

/** Opens the example song in @folder, which is made when it is not there. */
void
sl_create_demo_async (const char *folder, GAsyncReadyCallback callback, gpointer data);

/** A document, or NULL with what kept it from being opened. Owned. */
SlDocument *
sl_opening_finish (GAsyncResult *result, GError **error);

G_END_DECLS
