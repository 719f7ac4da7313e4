/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that nobody has vouched for: looked at in the helper process, at once. */
#pragma once

#include "cli/cli.h"
#include "engine/measure/report.h"

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

G_END_DECLS
