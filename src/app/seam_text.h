/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said about a seam in words. Owned strings, translated. Main thread. */
#pragma once

#include "app/seam_info.h"

G_BEGIN_DECLS

/** "Step", "Level", "Grid", "Match". Static. */
const char *
sl_seam_text_title (SlSeamMeasure measure);

/** What the number says. Static. */
const char *
sl_seam_text_meaning (SlSeamMeasure measure);

/** "1.02 times · limit 1.50". */
char *
sl_seam_text_measure (const SlSeamInfo *info, SlSeamMeasure measure);

/** "0:12.000 · 7.1", the bar and beat of @frame where the tempo is known. */
char *
sl_seam_text_place (gint64 frame, const SlSettings *settings);

/** "50.0 ms". */
char *
sl_seam_text_ms (gint64 frames, int rate_hz);

/** "4 bars", "3 beats", or milliseconds where it is neither; for a length in frames. */
char *
sl_seam_text_length (gint64 frames, const SlSettings *settings);

/** "0:04.000 to 0:12.000": what of the source is heard again. */
char *
sl_seam_text_repeated (const SlSeamInfo *info, int rate_hz);

/** "Bass · Loop". */
char *
sl_seam_text_owner (const SlSeamInfo *info, const char *stem);

G_END_DECLS
