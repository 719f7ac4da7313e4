/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/measure/true_peak.h"

#include "engine/base/units.h"

#include <ebur128.h>
#include <string.h>

/* Frames of silence that push a stream's end through the interpolator (49 points at 4×). */
#define REACH 16

struct _SlTruePeakMeter
{
  int channels;
  ebur128_state *state; ///< NULL until the stream begins
  float *last;          ///< the last REACH frames heard, silence before the first
};

SlTruePeakMeter *
sl_true_peak_meter_new (void)
{
  return g_new0 (SlTruePeakMeter, 1);
}

/* The library oversamples less, or not at all, when it is told a higher rate. */
static ebur128_state *
new_state (int channels)
{
  ebur128_state *state = ebur128_init ((guint) channels, 48000, EBUR128_MODE_TRUE_PEAK);

  g_assert (state != NULL);
  return state;
}

/* Adding fails only without memory, which aborts in all of GLib. */
static void
add (ebur128_state *state, const float *samples, gint64 frames)
{
  int status = ebur128_add_frames_float (state, samples, (gsize) frames);

  g_assert (status == EBUR128_SUCCESS);
}

static void
true_peak_begin (gpointer data, int channels, int rate_hz)
{
  SlTruePeakMeter *self = data;

  g_assert (self->state == NULL);
  self->channels = channels;
  self->state = new_state (channels);
  self->last = g_new0 (float, (gsize) channels *REACH);
}

static void
remember_last (SlTruePeakMeter *self, const float *samples, gint64 frames)
{
  gint64 added = MIN (frames, REACH);
  gint64 kept = REACH - added;
  gsize frame_bytes = (gsize) self->channels * sizeof (float);

  memmove (self->last, self->last + added * self->channels, (gsize) kept * frame_bytes);
  memcpy (self->last + kept * self->channels, samples + (frames - added) * self->channels,
          (gsize) added * frame_bytes);
}

static gboolean
true_peak_feed (gpointer data, const float *samples, gint64 frames, GError **error)
{
  SlTruePeakMeter *self = data;

  add (self->state, samples, frames);
  remember_last (self, samples, frames);
  return TRUE;
}

SlTap
sl_true_peak_meter_tap (SlTruePeakMeter *self)
{
  return (SlTap){ true_peak_begin, true_peak_feed, self };
}

/* Peak of what still is in the interpolator when the stream ends here. */
static double
peak_of_end (const SlTruePeakMeter *self)
{
  g_autofree float *silence = g_new0 (float, (gsize) self->channels *REACH);
  ebur128_state *state = new_state (self->channels);
  double peak = 0.0;

  add (state, self->last, REACH);
  add (state, silence, REACH);
  for (guint channel = 0; channel < (guint) self->channels; channel++)
    {
      double of_channel = 0.0;

      ebur128_prev_true_peak (state, channel, &of_channel);
      peak = MAX (peak, of_channel);
    }
  ebur128_destroy (&state);
  return peak;
}

double
sl_true_peak_meter_result (const SlTruePeakMeter *self)
{
  double peak = 0.0;

  if (self->state == NULL)
    return 0.0;
  for (guint channel = 0; channel < (guint) self->channels; channel++)
    {
      double of_channel = 0.0;

      ebur128_true_peak (self->state, channel, &of_channel);
      peak = MAX (peak, of_channel);
    }
  return MAX (peak, peak_of_end (self));
}

void
sl_true_peak_meter_free (SlTruePeakMeter *self)
{
  if (self == NULL)
    return;
  if (self->state != NULL)
    ebur128_destroy (&self->state);
  g_free (self->last);
  g_free (self);
}
