/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places in the song as words. Main thread. */
#pragma once

#include "app/time_range.h"

G_BEGIN_DECLS

/** "1:22.286, bar 12 beat 3"; without the bar when the tempo is unknown. Owned. */
char *
sl_time_text_position (SlTimeRange *range, gint64 frame);

/** "12.3", bars and beats from 1; NULL when the tempo is unknown. Owned. */
char *
sl_time_text_bars (SlTimeRange *range, gint64 frame);

/** "1:22.286 · 12.3"; the time alone when the tempo is unknown. Owned. */
char *
sl_time_text_place (const SlGrid *grid, int rate_hz, gint64 frame);

G_END_DECLS
