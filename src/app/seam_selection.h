/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The seams of one track, which of them is selected, and how it is dragged. Pure. */
#pragma once

#include "app/waveform_marks.h"

G_BEGIN_DECLS

typedef struct
{
  GArray *marks;     ///< of SlSeamMark
  int selected;      ///< or -1
  gint64 wanted;     ///< where the one selected last was, also while there are none; or -1
  gboolean movable;  ///< whether the selected one can be dragged
  gboolean held;     ///< it is pressed
  gboolean dragging; ///< it has been moved, and not yet put down
  double press_x;    ///< pixels
  gint64 ghost;      ///< where its join would go, or was put down; frame of the song, or -1
} SlSeamSelection;

void
sl_seam_selection_init (SlSeamSelection *self);

void
sl_seam_selection_clear (SlSeamSelection *self);

/** Copies @marks (NULL: none). Other marks than before end what is being dragged. The selection
 *  stays where it is in the song, also over a time without seams: it is the nearest. */
void
sl_seam_selection_set_marks (SlSeamSelection *self, const GArray *marks);

/** Selects seam @index; -1: none. */
void
sl_seam_selection_select (SlSeamSelection *self, int index);

/** The selected seam, or NULL. Borrowed. */
SlSeamMark *
sl_seam_selection_get (SlSeamSelection *self);

/** The seam next to the selected one (without one: next to @frame), or -1. */
int
sl_seam_selection_neighbour (SlSeamSelection *self, gint64 frame, gboolean forward);

/** Takes hold of seam @index at @x. */
void
sl_seam_selection_press (SlSeamSelection *self, int index, double x);

/** Moves its join by @moved frames when @x is far enough from where it was taken: to the nearest
 *  beat of @grid, if that is not NULL and known, and no further than it can go. FALSE: not moved.
 */
gboolean
sl_seam_selection_drag (SlSeamSelection *self, double x, gint64 moved, const SlGrid *grid);

/** Puts it down. TRUE: it was moved; it is shown there until there are other marks. */
gboolean
sl_seam_selection_drop (SlSeamSelection *self);

/** Lets go of it where it was. FALSE: it was not being dragged. */
gboolean
sl_seam_selection_cancel (SlSeamSelection *self);

G_END_DECLS
