/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saving without waiting: a snapshot is taken on the main thread and written in a worker. */
#pragma once

#include "workflow/project.h"

G_BEGIN_DECLS

/**
 * Saves @project as it is now. Several at once are written one after the other, and never an older
 * one over a newer one. Main thread. Finish with sl_project_save_finish().
 */
void
sl_project_save_async (SlProject *project, GAsyncReadyCallback callback, gpointer data);

/** FALSE with the errors of sl_project_write_snapshot(). */
gboolean
sl_project_save_finish (SlProject *project, GAsyncResult *result, GError **error);

G_END_DECLS
