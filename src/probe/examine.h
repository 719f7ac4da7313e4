/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file decoded from start to end: what it is, how loud, and what is made of it meanwhile. */
#pragma once

#include "engine/measure/report.h"

G_BEGIN_DECLS

typedef struct
{
  const char *path;
  const char *working_path; ///< where the working copy of a lossy file goes, or NULL
  SlSubtype subtype;        ///< of the working copy; a PCM one
  const char *picture_path; ///< where the waveform goes, or NULL
  SlProgress progress;
  /** Called once when the file has been decoded and what is left is writing. */
  void (*storing) (void);
} SlExamination;

/**
 * Decodes the file, measures it, and writes what was asked for. A working copy is made only of a
 * lossy file that has frames, all of them finite; samples beyond ±1.0 are clipped in it and counted
 * in the report. FALSE with the error of the first thing that failed; outputs are then not there,
 * unless giving the second its name is what failed.
 */
gboolean
sl_examine (const SlExamination *examination, SlProbeReport *report, GError **error);

G_END_DECLS
