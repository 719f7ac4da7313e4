/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Base of the widgets that draw along the time: bound to one range, they zoom with Ctrl+wheel and
 * pinching, scroll with Shift+wheel and sideways, move the playhead with a pointer and with keys,
 * and tell assistive technologies where it is. */
#pragma once

#include "app/time_range.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_TIME_VIEW (sl_time_view_get_type ())
G_DECLARE_DERIVABLE_TYPE (SlTimeView, sl_time_view, SL, TIME_VIEW, GtkWidget)

struct _SlTimeViewClass
{
  GtkWidgetClass parent_class;

  /** A press of the first button at @x, @y. TRUE: taken, else the playhead goes there and follows
   *  the pointer. May be NULL. */
  gboolean (*press) (SlTimeView *self, int n_press, double x, double y);

  /** After a press that was taken: the pointer is at @x, and once more at the end. May be NULL. */
  void (*drag) (SlTimeView *self, double x, gboolean end);

  /** A key. FALSE: not used. May be NULL. */
  gboolean (*key) (SlTimeView *self, guint keyval, GdkModifierType state);

  /** What else there is to tell of the widget, beside where the playhead is; NULL: nothing. Owned.
   *  May be NULL. */
  char *(*describe) (SlTimeView *self);

  /** The range is another one, or its song or visible part is. May be NULL. */
  void (*range_changed) (SlTimeView *self);
};

/** Also the property "range"; NULL shows nothing. */
void
sl_time_view_set_range (SlTimeView *self, SlTimeRange *range);

/** Borrowed; NULL when there is none. */
SlTimeRange *
sl_time_view_get_range (SlTimeView *self);

/** The x of @frame in the widget, and the frame at @x; 0 without a range. */
double
sl_time_view_to_x (SlTimeView *self, gint64 frame);

gint64
sl_time_view_to_frame (SlTimeView *self, double x);

/** The keys that are held while the pointer is dragged. */
GdkModifierType
sl_time_view_get_drag_state (SlTimeView *self);

/** What is to be told to assistive technologies has changed. They are told soon, not at once. */
void
sl_time_view_tell (SlTimeView *self);

G_END_DECLS
