/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The deliverables of a finished song at another place: as an archive or as plain files. */
#pragma once

#include "engine/base/progress.h"
#include "workflow/project.h"

G_BEGIN_DECLS

/**
 * Writes the deliverables of @project, all of whose steps must be green, to @out: a copy of the
 * verified archive for ".zip", an archive made of the same files for ".tar.zst" and ".tar.gz", and
 * for anything else a folder, new or empty, with the files in it. Every file is read back and
 * compared before it gets its name.
 *
 * SL_ERROR_INVALID when a step is not green, when @out is a file of the project or what it names
 * cannot be written to; SL_ERROR_CHANGED when a file is not what was verified; else as the engine's
 * writers. After an error nothing has been left at @out. Blocks; the project's thread.
 */
gboolean
sl_export (SlProject *project, const char *out, const SlProgress *progress, GError **error);

G_END_DECLS
