/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long work reports how far it is and learns whether to go on. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Receives the fraction done, 0 to 1, and answers whether to go on. Called on the thread that does
 * the work, once per block; must be cheap.
 */
typedef gboolean (*SlProgressFunc) (double fraction, gpointer data);

typedef struct
{
  SlProgressFunc func; ///< NULL: nobody listens
  gpointer data;
} SlProgress;

/**
 * Reports @done of @total units. Returns FALSE with SL_ERROR_CANCELLED when the work must stop.
 * @progress may be NULL. A @total of 0 or less reports 0.
 */
gboolean
sl_progress_report (const SlProgress *progress, gint64 done, gint64 total, GError **error);

G_END_DECLS
