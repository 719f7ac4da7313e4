/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/time_range.h"

/* Fewer visible frames than this show nothing more. */
#define MIN_SPAN 32.0

struct _SlTimeRange
{
  GObject parent_instance;

  gint64 frames;
  int rate_hz;
  SlGrid grid;
  double start;
  double span;
  gint64 playhead;
};

G_DEFINE_FINAL_TYPE (SlTimeRange, sl_time_range, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  SIGNAL_MOVED,
  SIGNAL_SEEK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
sl_time_range_class_init (SlTimeRangeClass *klass)
{
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", SL_TYPE_TIME_RANGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_MOVED] = g_signal_new ("moved", SL_TYPE_TIME_RANGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_SEEK] = g_signal_new ("seek", SL_TYPE_TIME_RANGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
sl_time_range_init (SlTimeRange *self)
{
  self->rate_hz = 48000;
  self->grid.beats_per_bar = 4;
  self->grid.beat_den = 1;
}

SlTimeRange *
sl_time_range_new (void)
{
  return g_object_new (SL_TYPE_TIME_RANGE, NULL);
}

void
sl_time_range_set_song (SlTimeRange *self, gint64 frames, int rate_hz, const SlGrid *grid)
{
  gboolean was_all = self->span >= (double) self->frames;

  self->frames = MAX (0, frames);
  self->rate_hz = rate_hz;
  self->grid = *grid;
  self->playhead = MIN (self->playhead, self->frames);
  sl_time_range_show (self, self->start, was_all ? (double) self->frames : self->span);
}

gint64
sl_time_range_get_frames (SlTimeRange *self)
{
  return self->frames;
}

int
sl_time_range_get_rate_hz (SlTimeRange *self)
{
  return self->rate_hz;
}

const SlGrid *
sl_time_range_get_grid (SlTimeRange *self)
{
  return &self->grid;
}

double
sl_time_range_get_start (SlTimeRange *self)
{
  return self->start;
}

double
sl_time_range_get_span (SlTimeRange *self)
{
  return self->span;
}

void
sl_time_range_show (SlTimeRange *self, double start, double span)
{
  double all = (double) self->frames;

  self->span = MIN (MAX (span, MIN_SPAN), all);
  self->start = CLAMP (start, 0.0, all - self->span);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
sl_time_range_fit (SlTimeRange *self)
{
  sl_time_range_show (self, 0.0, (double) self->frames);
}

void
sl_time_range_zoom (SlTimeRange *self, double factor, double frame)
{
  double before = self->span;
  double after = CLAMP (before / factor, MIN (MIN_SPAN, (double) self->frames), self->frames);

  if (before > 0.0)
    sl_time_range_show (self, frame - (frame - self->start) * after / before, after);
}

void
sl_time_range_scroll (SlTimeRange *self, double frames)
{
  sl_time_range_show (self, self->start + frames, self->span);
}

void
sl_time_range_reveal (SlTimeRange *self, gint64 frame)
{
  double at = (double) frame;

  if (at < self->start || at >= self->start + self->span)
    sl_time_range_show (self, at - self->span / 2.0, self->span);
}

double
sl_time_range_to_x (SlTimeRange *self, double frame, double width)
{
  return self->span > 0.0 ? (frame - self->start) / self->span * width : 0.0;
}

double
sl_time_range_to_frame (SlTimeRange *self, double x, double width)
{
  return width > 0.0 ? self->start + x / width * self->span : self->start;
}

gint64
sl_time_range_get_playhead (SlTimeRange *self)
{
  return self->playhead;
}

void
sl_time_range_set_playhead (SlTimeRange *self, gint64 frame)
{
  if (frame == self->playhead)
    return;
  self->playhead = frame;
  g_signal_emit (self, signals[SIGNAL_MOVED], 0);
}

void
sl_time_range_seek (SlTimeRange *self, gint64 frame)
{
  g_signal_emit (self, signals[SIGNAL_SEEK], 0, CLAMP (frame, (gint64) 0, self->frames));
}
