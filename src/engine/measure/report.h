/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one pass over an unknown file has found, as text: the answer of the helper process. */
#pragma once

#include "engine/io/reader.h"
#include "engine/measure/levels.h"
#include "engine/measure/tempo.h"

G_BEGIN_DECLS

typedef struct
{
  SlReadback readback;
  SlLevels levels;
  SlTempo tempo;
  gboolean has_working_copy; ///< a lossless copy was written
  SlDigest working_digest;   ///< of that copy's bytes; zero without one
} SlProbeReport;

/** The last line of a report. */
#define SL_PROBE_REPORT_END "done"

/**
 * Appends one line "key value" per number and name, in a fixed order, then "done". Reads back to
 * the same bits under any locale. Any thread.
 */
void
sl_probe_report_write (const SlProbeReport *report, GString *text);

/**
 * Reads what sl_probe_report_write() wrote and trusts nothing: every key in its place exactly once,
 * every number in its range, the numbers consistent with each other, nothing after "done". FALSE
 * with SL_ERROR_INVALID naming the line; @report is then undefined. Any thread.
 */
gboolean
sl_probe_report_parse (const char *text, SlProbeReport *report, GError **error);

G_END_DECLS
