/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/stopping.h"

static gboolean
go_on (double fraction, gpointer data)
{
  return !g_cancellable_is_cancelled (data);
}

SlProgress
sl_progress_until (GCancellable *cancellable)
{
  return (SlProgress){ go_on, cancellable };
}
