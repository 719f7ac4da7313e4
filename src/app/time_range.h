/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the ruler and all tracks show: one visible stretch of the song, shared by everything that
 * draws time, and the playhead. Main thread. */
#pragma once

#include "engine/base/grid.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define SL_TYPE_TIME_RANGE (sl_time_range_get_type ())
G_DECLARE_FINAL_TYPE (SlTimeRange, sl_time_range, SL, TIME_RANGE, GObject)

/** An empty range at 48,000 Hz. Signals: "changed" (song or visible stretch), "moved" (the
 *  playhead), "seek" (gint64: somebody asks to play from a frame). */
SlTimeRange *
sl_time_range_new (void);

/** The song: its length in frames (0: nothing to show), its rate and its grid. Shows all of it when
 *  there was nothing before, else keeps what is visible as far as it can. */
void
sl_time_range_set_song (SlTimeRange *self, gint64 frames, int rate_hz, const SlGrid *grid);

gint64
sl_time_range_get_frames (SlTimeRange *self);

int
sl_time_range_get_rate_hz (SlTimeRange *self);

/** Borrowed. */
const SlGrid *
sl_time_range_get_grid (SlTimeRange *self);

/** First visible frame and number of visible frames; fractions so that zooming does not creep. */
double
sl_time_range_get_start (SlTimeRange *self);

double
sl_time_range_get_span (SlTimeRange *self);

/** Makes @span frames from @start visible, clamped to the song and to 32 frames at least. */
void
sl_time_range_show (SlTimeRange *self, double start, double span);

/** Shows everything. */
void
sl_time_range_fit (SlTimeRange *self);

/** Divides the visible span by @factor and leaves @frame where it stands. */
void
sl_time_range_zoom (SlTimeRange *self, double factor, double frame);

/** Moves the visible stretch by @frames. */
void
sl_time_range_scroll (SlTimeRange *self, double frames);

/** Scrolls so that @frame is visible, in the middle when it was not. */
void
sl_time_range_reveal (SlTimeRange *self, gint64 frame);

/** The x of @frame on @width pixels, and the frame at @x. */
double
sl_time_range_to_x (SlTimeRange *self, double frame, double width);

double
sl_time_range_to_frame (SlTimeRange *self, double x, double width);

gint64
sl_time_range_get_playhead (SlTimeRange *self);

/** Says where the playhead is. Emits "moved". */
void
sl_time_range_set_playhead (SlTimeRange *self, gint64 frame);

/** Asks whoever plays to go to @frame (clamped). Emits "seek". */
void
sl_time_range_seek (SlTimeRange *self, gint64 frame);

G_END_DECLS
