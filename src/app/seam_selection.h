/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The seams of one track, which of them is selected, and how it is dragged. Pure. */
#pragma once

#include "app/waveform_marks.h"

G_BEGIN_DECLS

typedef struct
{
  GArray *marks;     ///< of SlSeamMark
  int selected;      ///< or -1
  gboolean movable;  ///< whether the selected one can be dragged
  gboolean dragging; ///< it has been moved, and not yet put down
  double press_x;    ///< pixels
  gint64 press_position;
} SlSeamSelection;

void
sl_seam_selection_init (SlSeamSelection *self);

void
sl_seam_selection_clear (SlSeamSelection *self);

/** Copies @marks (NULL: none). The selection stays when there is still a seam of that index. */
void
sl_seam_selection_set_marks (SlSeamSelection *self, const GArray *marks);

/** The selected seam, or NULL. Borrowed. */
SlSeamMark *
sl_seam_selection_get (SlSeamSelection *self);

/** The seam next to the selected one (without one: next to @frame), or -1. */
int
sl_seam_selection_neighbour (SlSeamSelection *self, gint64 frame, gboolean forward);

/** Takes hold of seam @index at @x. */
void
sl_seam_selection_press (SlSeamSelection *self, int index, double x);

/** Moves it by @moved frames when @x is far enough from where it was taken. FALSE: not moved. */
gboolean
sl_seam_selection_drag (SlSeamSelection *self, double x, gint64 moved);

/** Puts it down. TRUE: it was moved. */
gboolean
sl_seam_selection_drop (SlSeamSelection *self);

G_END_DECLS
