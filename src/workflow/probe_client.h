/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Has a file that nobody has vouched for decoded by the helper process, seamline-probe. */
#pragma once

#include "engine/base/progress.h"
#include "engine/measure/report.h"

G_BEGIN_DECLS

/**
 * Decodes @path once in the helper and fills @report. A lossy file gets a working copy (FLAC,
 * PCM_24) at @flac_path, and any file its waveform at @pyramid_path; both may be NULL.
 *
 * Errors: those of sl_readback_run() and sl_render_file() as the helper met them;
 * SL_ERROR_DECODE also when the decoder crashed or answered nonsense; SL_ERROR_HUNG when it told
 * nothing for 3 s or used up its processor time; SL_ERROR_CANCELLED when @progress, which is asked
 * at least every 50 ms, answered "stop"; SL_ERROR_HELPER when the helper could not be started.
 * After an error no process, no part file and no new output is left. Blocks; for a job's thread.
 *
 * The helper is $SEAMLINE_PROBE, else found beside the running program or in its build tree, else
 * in libexec.
 */
gboolean
sl_probe_run (const char *path,
              const char *flac_path,
              const char *pyramid_path,
              SlProbeReport *report,
              const SlProgress *progress,
              GError **error);

G_END_DECLS
