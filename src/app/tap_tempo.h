/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tempo from somebody who taps along. */
#pragma once

#include "engine/base/grid.h"

G_BEGIN_DECLS

typedef struct _SlTapTempo SlTapTempo;

SlTapTempo *
sl_tap_tempo_new (void);

void
sl_tap_tempo_free (SlTapTempo *self);

/**
 * A tap at @now_us (microseconds, monotonic). TRUE with @bpm, to a tenth, from the third tap on;
 * after 3 s of silence the taps begin anew. What is outside 20 to 400 BPM is no tempo.
 */
gboolean
sl_tap_tempo_tap (SlTapTempo *self, gint64 now_us, SlBpm *bpm);

G_END_DECLS
