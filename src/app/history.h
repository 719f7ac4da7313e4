/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What undo and redo go through: whole copies of the settings. */
#pragma once

#include "workflow/settings.h"

G_BEGIN_DECLS

typedef struct _SlHistory SlHistory;

SlHistory *
sl_history_new (void);

void
sl_history_free (SlHistory *self);

/**
 * An edit with @tag at @now_us (microseconds, monotonic) changes @before, which is copied. One with
 * the tag of the edit before it, and soon after it, is part of that; NULL never is.
 */
void
sl_history_note (SlHistory *self, const SlSettings *before, const char *tag, gint64 now_us);

/** The settings before the last edit, or NULL when there are none; @now (copied) is what redo
 * brings back. Owned. */
SlSettings *
sl_history_undo (SlHistory *self, const SlSettings *now);

/** The settings that were undone last, or NULL; @now (copied) is what undo brings back. Owned. */
SlSettings *
sl_history_redo (SlHistory *self, const SlSettings *now);

gboolean
sl_history_can_undo (const SlHistory *self);

gboolean
sl_history_can_redo (const SlHistory *self);

/** How many edits, undone ones included, there have been. */
guint
sl_history_get_edits (const SlHistory *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlHistory, sl_history_free)

G_END_DECLS
