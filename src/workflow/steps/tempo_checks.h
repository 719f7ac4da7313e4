/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of the tempo that files seem to have: proposed, never applied. */
#pragma once

#include "engine/measure/tempo.h"
#include "workflow/record.h"

G_BEGIN_DECLS

/** Keeps @tempo among the values of @record, for the steps behind. */
void
sl_tempo_write (SlRecord *record, const SlTempo *tempo);

/** What sl_tempo_write() kept; no number when there is none, or no record. */
SlTempo
sl_tempo_read (const SlRecord *record);

/** Whether @tempo is sure enough to speak against a song of @song_bpm (0: unknown), and does. */
gboolean
sl_tempo_is_foreign (const SlTempo *tempo, double song_bpm);

/** Adds the check "tempo" of a reference that sounds like something. */
void
sl_check_reference_tempo (SlRecord *record, const SlTempo *tempo, SlBpm song);

/** Adds the check "tempo" of a stem that does not go with @grid; with a tempo that is unknown, what
 *  the stem sounds like. */
void
sl_check_stem_tempo (SlRecord *record,
                     const char *subject,
                     const SlTempo *tempo,
                     const SlGrid *grid,
                     int rate_hz);

G_END_DECLS
