/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/seam_selection.h"

#include <math.h>

/* A seam follows the pointer once it has moved so far, in pixels. */
#define DRAG_THRESHOLD 4.0

void
sl_seam_selection_init (SlSeamSelection *self)
{
  *self = (SlSeamSelection){
    .marks = sl_seam_marks_new (), .selected = -1, .wanted = -1, .ghost = -1
  };
}

void
sl_seam_selection_clear (SlSeamSelection *self)
{
  g_clear_pointer (&self->marks, g_array_unref);
}

static void
let_go (SlSeamSelection *self)
{
  self->held = FALSE;
  self->dragging = FALSE;
  self->ghost = -1;
}

/* -1: there are none, or none is wanted. */
static int
find_nearest (const GArray *marks, gint64 wanted)
{
  gint64 nearest = G_MAXINT64;
  int index = -1;

  for (guint i = 0; wanted >= 0 && i < marks->len; i++)
    {
      gint64 distance = ABS (g_array_index (marks, SlSeamMark, i).position - wanted);

      if (distance < nearest)
        {
          nearest = distance;
          index = (int) i;
        }
    }
  return index;
}

void
sl_seam_selection_set_marks (SlSeamSelection *self, const GArray *marks)
{
  GArray *copy = sl_seam_marks_copy (marks);
  gboolean same = sl_seam_marks_equal (copy, self->marks);

  g_array_unref (self->marks);
  self->marks = copy;
  self->selected = find_nearest (copy, self->wanted);
  if (!same || !self->dragging)
    let_go (self);
}

void
sl_seam_selection_select (SlSeamSelection *self, int index)
{
  const SlSeamMark *mark;

  self->selected = index;
  mark = sl_seam_selection_get (self);
  self->wanted = mark != NULL ? mark->position : -1;
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
  const SlSeamMark *mark = &g_array_index (self->marks, SlSeamMark, index);

  let_go (self);
  self->press_x = x;
  self->held = self->movable && mark->join >= 0;
}

static gint64
snap_to_beat (const SlGrid *grid, gint64 frame)
{
  return sl_grid_beat_frame (grid, sl_grid_nearest_beats (grid, frame - grid->origin));
}

gboolean
sl_seam_selection_drag (SlSeamSelection *self, double x, gint64 moved, const SlGrid *grid)
{
  const SlSeamMark *mark = sl_seam_selection_get (self);
  gint64 frame;

  if (!self->held || mark == NULL)
    return FALSE;
  self->dragging = self->dragging || fabs (x - self->press_x) >= DRAG_THRESHOLD;
  if (!self->dragging)
    return FALSE;
  frame = mark->join + moved;
  if (grid != NULL && sl_grid_known (grid))
    frame = snap_to_beat (grid, frame);
  self->ghost = CLAMP (frame, mark->first_join, mark->last_join);
  return TRUE;
}

gboolean
sl_seam_selection_drop (SlSeamSelection *self)
{
  const SlSeamMark *mark = sl_seam_selection_get (self);
  gint64 ghost = self->ghost;
  gboolean moved = self->dragging && mark != NULL && ghost != mark->join;

  let_go (self);
  if (moved)
    {
      self->ghost = ghost;
      self->wanted = mark->position + ghost - mark->join;
    }
  return moved;
}

gboolean
sl_seam_selection_cancel (SlSeamSelection *self)
{
  gboolean dragging = self->dragging;

  if (dragging)
    let_go (self);
  return dragging;
}
