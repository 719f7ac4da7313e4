/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far apart the ticks of a ruler are, and what stands at them. Pure. */
#pragma once

#include "engine/base/grid.h"

G_BEGIN_DECLS

/** Beats from tick to tick: one, a bar, 2, 4, 8 … bars; the least that is @least frames long. The
 *  tempo must be known. */
gint64
sl_ruler_beat_step (const SlGrid *grid, double least);

/** Milliseconds from tick to tick, of a row such as 1, 2, 5, … and 1 s, 5 s, 15 s, 1 min, …: the
 *  least that is @least ms long. */
gint64
sl_ruler_ms_step (double least);

/** Into which smaller steps of that row, @least ms long at least, @step can be parted evenly;
 *  @step itself when into none. */
gint64
sl_ruler_ms_substep (gint64 step, double least);

/** "12" on a bar, "12.3" on a beat in it; NULL before the first downbeat. Owned. */
char *
sl_ruler_beat_label (const SlGrid *grid, gint64 beat);

/** "1:22", with as many decimals as @step needs. Owned. */
char *
sl_ruler_ms_label (gint64 ms, gint64 step);

G_END_DECLS
