/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files on their way into a project: how they are kept, and what is known of them before any step
 * has verified them. */
#pragma once

#include "engine/measure/report.h"
#include "workflow/project.h"

G_BEGIN_DECLS

/**
 * How @project keeps @path. NULL with SL_ERROR_INVALID when it could not be kept (no UTF-8), or
 * when the project itself writes there. Owned.
 */
char *
sl_intake_store_path (SlProject *project, const char *path, GError **error);

/** Puts @report of the file kept as @stored into @seen. */
void
sl_intake_remember (SlFileTable *seen, const char *stored, const SlProbeReport *report);

/** What the probe said of the file kept as @stored; FALSE when it is missing or was never probed.
 */
gboolean
sl_intake_get_report (SlProject *project, const char *stored, SlProbeReport *report);

/** The target in frames as far as it is known before step 2 has verified it, else 0. */
gint64
sl_intake_known_target (SlProject *project);

/** What the reference sounds like, when the song's tempo is unknown or does not go with it. */
gboolean
sl_intake_propose_tempo (SlProject *project, SlTempo *tempo);

/** Makes the whole song one section, as long as the reference that @report describes. */
void
sl_intake_set_one_section (SlSettings *settings, const SlProbeReport *report);

G_END_DECLS
