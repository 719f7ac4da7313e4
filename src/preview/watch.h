/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notices a device that has stopped asking for sound. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint calls;       ///< how often the device had asked when last looked
  gint64 changed_us; ///< when that number was last seen to change
  gint64 started_us; ///< when the device was started
} SlWatch;

/** The device is started at @now_us. */
void
sl_watch_start (SlWatch *self, guint calls, gint64 now_us);

/**
 * Whether a running device that has asked @calls times has been silent for too long: 2 s, or 5 s
 * within the first 5 s, since sound servers may take 2 s to begin.
 */
gboolean
sl_watch_look (SlWatch *self, guint calls, gint64 now_us);

G_END_DECLS
