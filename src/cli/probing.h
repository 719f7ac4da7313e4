/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that nobody has vouched for: looked at in the helper process, at once. */
#pragma once

#include "cli/cli.h"
#include "workflow/project.h"

G_BEGIN_DECLS

/**
 * Decodes @path once in the helper, with progress; a lossy file gets a working copy at @flac_path
 * unless that is NULL. An error is never one of usage: the file or the disk is at fault.
 */
gboolean
sl_cli_probe (SlCli *cli,
              const char *path,
              const char *flac_path,
              SlProbeReport *report,
              GError **error);

/**
 * How @project keeps @path. NULL with SL_ERROR_INVALID when it could not be kept (no UTF-8), or
 * when the project itself writes there.
 */
char *
sl_cli_store_path (SlProject *project, const char *path, GError **error);

/** Puts @report of the file kept as @stored into @seen. */
void
sl_cli_remember (SlFileTable *seen, const char *stored, const SlProbeReport *report);

G_END_DECLS
