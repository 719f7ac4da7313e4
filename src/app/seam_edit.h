/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be changed about the joins of a stem: in its settings, from which they are planned
 * again. Pure; main thread. */
#pragma once

#include "app/seam_info.h"

G_BEGIN_DECLS

/** Places to join that the finder has ranked for the plan in @record; NULL: 0. */
guint
sl_seam_edit_count (SlRecord *record);

/** Which of them the plan uses, or -1. */
int
sl_seam_edit_get_used (SlRecord *record);

/** Whether the finder ranks one behind that in use, or the one in use behind another. */
gboolean
sl_seam_edit_has_next (const SlStem *stem, SlRecord *record);

gboolean
sl_seam_edit_has_previous (const SlStem *stem);

/** Takes the next best join, or goes one back. */
void
sl_seam_edit_next (SlStem *stem, SlRecord *record);

void
sl_seam_edit_previous (SlStem *stem);

/** Whether the join or the loop length was set by hand, or is not the best. */
gboolean
sl_seam_edit_is_set (const SlStem *stem);

/** Lets join and loop length be found again. */
void
sl_seam_edit_find_again (SlStem *stem);

/** Source frames from and up to which a stem of @source_frames frames, of whose seams @info is one,
 *  can be joined. */
void
sl_seam_edit_limits (const SlStem *stem,
                     const SlSeamInfo *info,
                     int rate_hz,
                     gint64 source_frames,
                     gint64 *first,
                     gint64 *last);

/** Joins at source frame @join. */
void
sl_seam_edit_set_join (SlStem *stem, gint64 join);

/** @bars of 0: found. */
void
sl_seam_edit_set_loop_bars (SlStem *stem, int bars);

G_END_DECLS
