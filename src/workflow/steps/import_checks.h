/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is right and wrong with a file that was taken in, as checks. */
#pragma once

#include "workflow/steps/import.h"

G_BEGIN_DECLS

/** The file could not be opened or decoded: one failed check, from @why. */
void
sl_check_unopened (SlRecord *record, const SlImport *import, const GError *why);

/** Everything that one pass over the file shows. */
void
sl_check_import (SlRecord *record, const SlImport *import, const SlProbeReport *report);

/** A lossy source became a lossless working copy. */
void
sl_check_working_copy (SlRecord *record, const SlImport *import, const SlLevels *levels);

/** A source of another rate became a copy at the project's. */
void
sl_check_converted (SlRecord *record,
                    const SlImport *import,
                    gint64 from_frames,
                    int from_hz,
                    const SlAudio *audio);

/** The length against the target, which the align step resolves: never a failure here. */
void
sl_check_length (SlRecord *record, const SlImport *import, const SlAudio *audio);

G_END_DECLS
