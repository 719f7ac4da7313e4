/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/seam_selection.h"

#include <math.h>

/* A seam follows the pointer once it has moved so far, in pixels. */
#define DRAG_THRESHOLD 4.0

void
sl_seam_selection_init (SlSeamSelection *self)
{
  *self = (SlSeamSelection){ .marks = sl_seam_marks_new (), .selected = -1 };
}

void
sl_seam_selection_clear (SlSeamSelection *self)
{
  g_clear_pointer (&self->marks, g_array_unref);
}

void
sl_seam_selection_set_marks (SlSeamSelection *self, const GArray *marks)
{
  g_array_unref (self->marks);
  self->marks = sl_seam_marks_copy (marks);
  self->dragging = FALSE;
  if (self->selected >= (int) self->marks->len)
    self->selected = -1;
}

SlSeamMark *
sl_seam_selection_get (SlSeamSelection *self)
{
  return self->selected >= 0 ? &g_array_index (self->marks, SlSeamMark, self->selected) : NULL;
}

int
sl_seam_selection_neighbour (SlSeamSelection *self, gint64 frame, gboolean forward)
{
  SlSeamMark *selected = sl_seam_selection_get (self);
  gint64 from = selected != NULL ? selected->position : frame;
  gint64 nearest = G_MAXINT64;
  int index = -1;

  for (guint i = 0; i < self->marks->len; i++)
    {
      gint64 distance = g_array_index (self->marks, SlSeamMark, i).position - from;

      if (!forward)
        distance = -distance;
      if (distance > 0 && distance < nearest)
        {
          nearest = distance;
          index = (int) i;
        }
    }
  return index;
}

void
sl_seam_selection_press (SlSeamSelection *self, int index, double x)
{
  self->press_x = x;
  self->press_position = g_array_index (self->marks, SlSeamMark, index).position;
  self->dragging = FALSE;
}

gboolean
sl_seam_selection_drag (SlSeamSelection *self, double x, gint64 moved)
{
  SlSeamMark *mark = sl_seam_selection_get (self);

  if (!self->movable || mark == NULL)
    return FALSE;
  self->dragging = self->dragging || fabs (x - self->press_x) >= DRAG_THRESHOLD;
  if (self->dragging)
    mark->position = self->press_position + moved;
  return self->dragging;
}

gboolean
sl_seam_selection_drop (SlSeamSelection *self)
{
  gboolean moved = self->dragging && self->selected >= 0;

  self->dragging = FALSE;
  return moved;
}
