/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/history.h"

/* Edits of one thing within this time are one step of undo. */
#define JOIN_US (1500 * G_TIME_SPAN_MILLISECOND)

/* More steps than anybody goes back. */
#define MAX_STEPS 200

struct _SlHistory
{
  GPtrArray *undo; ///< of SlSettings, the newest last
  GPtrArray *redo;
  char *last_tag;
  gint64 last_us;
  guint edits;
};

SlHistory *
sl_history_new (void)
{
  SlHistory *self = g_new0 (SlHistory, 1);

  self->undo = g_ptr_array_new_with_free_func ((GDestroyNotify) sl_settings_free);
  self->redo = g_ptr_array_new_with_free_func ((GDestroyNotify) sl_settings_free);
  return self;
}

void
sl_history_free (SlHistory *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->undo);
  g_ptr_array_unref (self->redo);
  g_free (self->last_tag);
  g_free (self);
}

static gboolean
joins_last (const SlHistory *self, const char *tag, gint64 now_us)
{
  return tag != NULL && g_strcmp0 (tag, self->last_tag) == 0 && self->undo->len > 0
         && now_us - self->last_us < JOIN_US;
}

void
sl_history_note (SlHistory *self, const SlSettings *before, const char *tag, gint64 now_us)
{
  if (!joins_last (self, tag, now_us))
    g_ptr_array_add (self->undo, sl_settings_copy (before));
  if (self->undo->len > MAX_STEPS)
    g_ptr_array_remove_index (self->undo, 0);
  g_ptr_array_set_size (self->redo, 0);
  g_free (self->last_tag);
  self->last_tag = g_strdup (tag);
  self->last_us = now_us;
  self->edits++;
}

static SlSettings *
step (SlHistory *self, GPtrArray *from, GPtrArray *to, const SlSettings *now)
{
  if (from->len == 0)
    return NULL;
  g_ptr_array_add (to, sl_settings_copy (now));
  g_clear_pointer (&self->last_tag, g_free);
  self->edits++;
  return g_ptr_array_steal_index (from, from->len - 1);
}

SlSettings *
sl_history_undo (SlHistory *self, const SlSettings *now)
{
  return step (self, self->undo, self->redo, now);
}

SlSettings *
sl_history_redo (SlHistory *self, const SlSettings *now)
{
  return step (self, self->redo, self->undo, now);
}

gboolean
sl_history_can_undo (const SlHistory *self)
{
  return self->undo->len > 0;
}

gboolean
sl_history_can_redo (const SlHistory *self)
{
  return self->redo->len > 0;
}

guint
sl_history_get_edits (const SlHistory *self)
{
  return self->edits;
}
