/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/process/lowpass.h"

#include "engine/base/error.h"
#include "engine/process/butterworth.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Samples of odd extension at both ends: scipy's default, three times the number of coefficients.
 */
#define PADDING 15

/* What a pass may still owe to what lay before its start, as a part of full scale. */
#define SETTLED 1e-9

/* Frames of a lane at least: short enough for four to stay in the L1 cache, long enough for the
 * warm-up to cost little. */
#define LANE_FRAMES 1024

/* Output below -600 dBFS: denormal floats would slow down whatever comes next. */
#define NOTHING 1e-30

/*
 * The output is computed in blocks on a fixed grid, each from its own window of the input alone: a
 * margin, the block, a margin. So a seek costs nothing and a frame has the same bits wherever a
 * read starts. No pass runs further than 22 margins, in which its tail falls by 1e-9 each: it never
 * gets near the denormal numbers.
 */
typedef struct
{
  SlSource base;
  SlSource *input;
  SlButterworth filter;
  gint64 padding;  // frames of odd extension
  gint64 margin;   // frames, a multiple of the lanes, at least the lookahead
  gint64 block;    // frames of output computed at once
  gint64 computed; // first frame of the block in output, or -1
  gint64 loaded;   // first frame of the block whose window is loaded, or -1
  float *window;   // input of [loaded - margin, loaded + block + margin), interleaved
  float *output;   // interleaved
  double *work;    // one channel of the window
} Lowpass;

double
sl_lowpass_max_hz (int rate_hz)
{
  return 0.45 * rate_hz;
}

gint64
sl_lowpass_lookahead (double cutoff_hz, int rate_hz)
{
  SlButterworth filter = sl_butterworth_lowpass (cutoff_hz, rate_hz);

  return sl_butterworth_settling (&filter, SETTLED);
}

/* Frames of a full window. */
static gint64
window_frames (const Lowpass *self)
{
  return self->block + 2 * self->margin;
}

static float *
window_at (const Lowpass *self, gint64 frame)
{
  return self->window + (frame - self->loaded + self->margin) * self->base.channels;
}

static gboolean
load (Lowpass *self, gint64 start, GError **error)
{
  gboolean follows = self->loaded >= 0 && start == self->loaded + self->block;
  gint64 end = MIN (start + self->block + self->margin, self->base.length);
  gint64 from = MAX (start - self->margin, 0);

  if (follows)
    {
      memmove (self->window, self->window + self->block * self->base.channels,
               sizeof (float) * 2 * self->margin * self->base.channels);
      from = MIN (start + self->margin, end);
    }
  self->loaded = start;
  return sl_source_read_at (self->input, from, window_at (self, from), end - from, error);
}

/* One channel of the loaded frames into the working copy. */
static void
split (const Lowpass *self, int channel)
{
  const gint64 from = MAX (self->loaded - self->margin, 0);
  const gint64 to = MIN (self->loaded + self->block + self->margin, self->base.length);
  const int channels = self->base.channels;
  const float *in = window_at (self, from) + channel;
  double *out = self->work + (from - self->loaded + self->margin);

  for (gint64 i = 0; i < to - from; i++)
    out[i] = in[i * channels];
}

/* The odd extension before the first frame; before that, what makes the filter start steady. */
static void
extend_head (const Lowpass *self)
{
  double *first = self->work + self->margin;

  if (self->loaded > 0)
    return;
  for (gint64 i = 1; i <= self->padding; i++)
    first[-i] = 2.0 * first[0] - first[i];
  for (gint64 i = self->padding + 1; i <= self->margin; i++)
    first[-i] = first[-self->padding];
}

/* Frames of the window behind the last frame of the input. */
static gint64
room_behind (const Lowpass *self)
{
  return MAX (self->loaded + self->block + self->margin - self->base.length, 0);
}

/* The odd extension behind the last frame. */
static void
extend_tail (const Lowpass *self)
{
  gint64 room = room_behind (self);
  double *last = self->work + window_frames (self) - 1 - room;

  for (gint64 i = 1; i <= MIN (room, self->padding); i++)
    last[i] = 2.0 * last[0] - last[-i];
  for (gint64 i = self->padding + 1; i <= room; i++)
    last[i] = 0.0;
}

/* Behind the extension, once the forward pass is over: what makes the backward pass start steady.
 */
static void
hold_tail (const Lowpass *self)
{
  gint64 room = room_behind (self);
  double *last = self->work + window_frames (self) - 1 - room;

  for (gint64 i = self->padding + 1; i <= room; i++)
    last[i] = last[self->padding];
}

static void
join (const Lowpass *self, int channel)
{
  const gint64 frames = MIN (self->block, self->base.length - self->loaded);
  const int channels = self->base.channels;
  const double *in = self->work + self->margin;
  float *out = self->output + channel;

  for (gint64 i = 0; i < frames; i++)
    out[i * channels] = (float) (fabs (in[i]) < NOTHING ? 0.0 : in[i]);
}

static gboolean
compute (Lowpass *self, gint64 start, GError **error)
{
  gint64 lane = self->block / SL_BUTTERWORTH_LANES;
  gint64 ahead = self->margin / SL_BUTTERWORTH_LANES;
  double *first = self->work + self->margin;

  if (self->computed == start)
    return TRUE;
  if (!load (self, start, error))
    return FALSE;
  for (int channel = 0; channel < self->base.channels; channel++)
    {
      split (self, channel);
      extend_head (self);
      extend_tail (self);
      sl_butterworth_forward (&self->filter, first, lane + ahead, self->margin);
      hold_tail (self);
      sl_butterworth_backward (&self->filter, first, lane, self->margin);
      join (self, channel);
    }
  self->computed = start;
  return TRUE;
}

static gint64
lowpass_read (SlSource *source, float *out, gint64 frames, GError **error)
{
  Lowpass *self = (Lowpass *) source;
  gint64 done = 0;

  while (done < frames)
    {
      gint64 at = source->position + done;
      gint64 within = at % self->block;
      gint64 count = MIN (frames - done, self->block - within);

      if (!compute (self, at - within, error))
        return -1;
      memcpy (out + done * source->channels, self->output + within * source->channels,
              sizeof (float) * count * source->channels);
      done += count;
    }
  return done;
}

static gboolean
lowpass_seek (SlSource *source, gint64 frame, GError **error)
{
  return TRUE;
}

static void
lowpass_free (SlSource *source)
{
  Lowpass *self = (Lowpass *) source;

  sl_source_free (self->input);
  g_free (self->window);
  g_free (self->output);
  g_free (self->work);
  g_free (self);
}

static const SlSourceClass lowpass_class = { lowpass_read, lowpass_seek, lowpass_free };

static void
allocate (Lowpass *self)
{
  gint64 lookahead = sl_butterworth_settling (&self->filter, SETTLED);
  gint64 lanes = SL_BUTTERWORTH_LANES;

  self->margin = (MAX (lookahead, PADDING) + lanes - 1) / lanes * lanes;
  self->block = lanes * MAX (LANE_FRAMES, 2 * self->margin);
  self->window = g_new (float, window_frames (self) * self->base.channels);
  self->output = g_new (float, self->block * self->base.channels);
  self->work = g_new (double, window_frames (self));
}

SlSource *
sl_lowpass_new (SlSource *source, double cutoff_hz, GError **error)
{
  g_autoptr (SlSource) input = source;
  double max_hz = sl_lowpass_max_hz (source->rate_hz);
  Lowpass *self;

  if (!(cutoff_hz >= SL_LOWPASS_MIN_HZ && cutoff_hz <= max_hz))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                   _ ("A low-pass at %g Hz cannot be made: choose a cutoff from %g to %g Hz."),
                   cutoff_hz, SL_LOWPASS_MIN_HZ, max_hz);
      return NULL;
    }
  self = g_new0 (Lowpass, 1);
  sl_source_init (&self->base, &lowpass_class, input->channels, input->rate_hz, input->length);
  self->filter = sl_butterworth_lowpass (cutoff_hz, input->rate_hz);
  self->padding = CLAMP (input->length - 1, 0, PADDING);
  self->computed = self->loaded = -1;
  allocate (self);
  self->input = g_steal_pointer (&input);
  return &self->base;
}
