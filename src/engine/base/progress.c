/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/base/progress.h"

#include "engine/base/error.h"

#include <glib/gi18n-lib.h>

gboolean
sl_progress_report (const SlProgress *progress, gint64 done, gint64 total, GError **error)
{
  double fraction = total > 0 ? CLAMP ((double) done / (double) total, 0.0, 1.0) : 0.0;

  if (progress == NULL || progress->func == NULL || progress->func (fraction, progress->data))
    return TRUE;

  g_set_error_literal (error, SL_ERROR, SL_ERROR_CANCELLED, _ ("Stopped."));
  return FALSE;
}
