/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A child process that tells in lines what it does, and that may be lost at any time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _SlHelper SlHelper;

typedef enum
{
  SL_HELPER_LINE,  ///< a line has come
  SL_HELPER_QUIET, ///< nothing has come in the time given
  SL_HELPER_FLOOD, ///< more than 16 KiB have come without the end of a line
  SL_HELPER_END    ///< nothing will come any more
} SlHelperEvent;

/**
 * Starts @argv[0] with an empty standard input and without standard error. The calling thread must
 * stay until the helper has been freed. SL_ERROR_HELPER when it cannot be started.
 */
SlHelper *
sl_helper_spawn (const char *const *argv, GError **error);

/**
 * Waits at most @wait_ms for the next line, which goes to @line without its end (borrowed until the
 * next call). Not on main.
 */
SlHelperEvent
sl_helper_next (SlHelper *self, int wait_ms, const char **line);

/** How much of the @wait_ms since it was last asked about it could have worked in: not those in
 * which it waited for a slow disk, or for its turn on a busy machine. */
int
sl_helper_free_ms (SlHelper *self, int wait_ms);

/** Waits for its end, killing it after @grace_ms; its status as of waitpid(2). Once. Not on main.
 */
int
sl_helper_finish (SlHelper *self, int grace_ms);

/** Kills it, waits for it and frees. NULL is allowed. */
void
sl_helper_free (SlHelper *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlHelper, sl_helper_free)

G_END_DECLS
