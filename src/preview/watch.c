/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preview/watch.h"

#define STALL_US (2 * G_USEC_PER_SEC)
#define STALL_AT_START_US (5 * G_USEC_PER_SEC)

void
sl_watch_start (SlWatch *self, guint calls, gint64 now_us)
{
  *self = (SlWatch){ calls, now_us, now_us };
}

gboolean
sl_watch_look (SlWatch *self, guint calls, gint64 now_us)
{
  gboolean starting = now_us - self->started_us < STALL_AT_START_US;

  if (calls != self->calls)
    self->changed_us = now_us;
  self->calls = calls;
  return now_us - self->changed_us > (starting ? STALL_AT_START_US : STALL_US);
}
