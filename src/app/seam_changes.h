/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seams of a document: what is known of them, and every change of them as one step of undo. Main
 * thread. */
#pragma once

#include "app/document.h"
#include "app/seam_edit.h"

G_BEGIN_DECLS

/** The record of the last alignment of @stem, whether it still holds or not; NULL: there is none.
 *  Borrowed. */
SlRecord *
sl_seam_get_record (SlDocument *document, const char *stem);

/** Whether that record still holds. */
gboolean
sl_seam_is_measured (SlDocument *document, const char *stem);

/** Reads seam @index of @stem. FALSE: there is none. */
gboolean
sl_seam_get (SlDocument *document, const char *stem, guint index, SlSeamInfo *info);

/** Frames of the source that @stem is planned from; 0: not known. */
gint64
sl_seam_source_frames (SlDocument *document, const char *stem);

/** Frames of the song from and up to which the join of @info, a seam of @stem, can be moved. FALSE:
 *  it cannot. */
gboolean
sl_seam_get_reach (SlDocument *document,
                   const char *stem,
                   const SlSeamInfo *info,
                   gint64 *first,
                   gint64 *last);

/** Moves the join of seam @index of @stem to @frame of the song. Moves with the same @tag that
 *  follow each other quickly are one; NULL: never joined. */
void
sl_seam_move (SlDocument *document, const char *stem, guint index, gint64 frame, const char *tag);

void
sl_seam_take_next (SlDocument *document, const char *stem);

void
sl_seam_take_previous (SlDocument *document, const char *stem);

void
sl_seam_find_again (SlDocument *document, const char *stem);

/** @bars of 0: found. */
void
sl_seam_set_loop_bars (SlDocument *document, const char *stem, int bars);

/** Length of the crossfades in milliseconds; negative: by the role of the stem. */
void
sl_seam_set_fade (SlDocument *document, const char *stem, double ms);

G_END_DECLS
