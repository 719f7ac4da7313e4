/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The right to change what is in a project's folder, which one program has at a time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _SlFolderLock SlFolderLock;

/**
 * Takes the lock on @folder, or fails: SL_ERROR_LOCKED names the holder, whose name is waited for
 * up to 0.2 s when it has not been written yet. The lock ends with
 * its process; only on a file system without locks, such as a folder that a sandbox was lent, does
 * one that was killed keep it for SL_BEACON_STALE_S. Any thread.
 */
SlFolderLock *
sl_folder_lock_take (const char *folder, GError **error);

/** Whether @folder still is the one that was locked, and not another that has taken its place;
 * where somebody has deleted the lock's file, whether the file @known, which was in it, is there.
 * Blocks; any thread. */
gboolean
sl_folder_lock_is_of (const SlFolderLock *self, const char *folder, const char *known);

/** Gives the lock back. NULL is allowed. Any thread. */
void
sl_folder_lock_free (SlFolderLock *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlFolderLock, sl_folder_lock_free)

G_END_DECLS
