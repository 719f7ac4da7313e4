/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/measure/levels.h"

#include "engine/base/units.h"

#include <math.h>
#include <string.h>

/* Samples heard at once, 16 KiB: read more than once, so they should stay in the L1 cache. */
#define PIECE 4096

/* A window is active when its RMS is above -70 dBFS; as a mean square. */
#define WINDOW_MS 400.0
#define ACTIVE_SQUARE 1e-7

/* The float nearest to the limit lies above it, so that comparing as float counts the same. */
static const float near_clip = (float) SL_NEAR_CLIP;

/* Results kept side by side, so that no sample has to wait for the one before it; both even, so
 * that a lane always hears the same channel of a stereo stream. */
#define SUM_LANES 8
#define PEAK_LANES 16

typedef struct
{
  float peak;     // infinite when a sample is not finite
  double squares; // sum
  double even;    // sum of the samples at even places
  double odd;     // and at odd places
} Scan;

typedef struct
{
  double squares;
  gint64 samples;
} Energy;

struct _SlLevelMeter
{
  int channels;
  gint64 window_frames;
  gint64 window_left; // frames that the current window still wants
  Energy all;
  Energy active; // of the active windows before the current one
  Energy window; // of the current one
  gint64 frames;
  float peak;
  gint64 peak_frame;
  gint64 near_clip_samples;
  gint64 over_samples;
  gint64 first_over;
  gint64 nonfinite_samples;
  gint64 first_nonfinite;
  double sums[SL_MAX_CHANNELS];
  gint64 counts[SL_MAX_CHANNELS]; // samples that were not finite
};

SlLevelMeter *
sl_level_meter_new (void)
{
  SlLevelMeter *self = g_new0 (SlLevelMeter, 1);

  self->first_over = self->first_nonfinite = -1;
  return self;
}

void
sl_level_meter_free (SlLevelMeter *self)
{
  g_free (self);
}

static void
begin (gpointer data, int channels, int rate_hz)
{
  SlLevelMeter *self = data;

  self->channels = channels;
  self->window_frames = MAX (sl_frames_from_ms (WINDOW_MS, rate_hz), 1);
  self->window_left = self->window_frames;
}

/* A float without its sign, as a number that orders floats by size: infinity and NaN come last. */
static inline gint32
size_bits (float sample)
{
  gint32 bits;

  memcpy (&bits, &sample, sizeof bits);
  return bits & G_MAXINT32;
}

/* The largest |sample|; infinite when a sample is not finite. */
static float
largest (const float *samples, gint64 n)
{
  gint32 most[PEAK_LANES] = { 0 };
  float peak;
  gint64 i = 0;

  for (; i + PEAK_LANES <= n; i += PEAK_LANES)
    for (int lane = 0; lane < PEAK_LANES; lane++)
      most[lane] = MAX (most[lane], size_bits (samples[i + lane]));
  for (; i < n; i++)
    most[0] = MAX (most[0], size_bits (samples[i]));
  for (int lane = 1; lane < PEAK_LANES; lane++)
    most[0] = MAX (most[0], most[lane]);
  memcpy (&peak, &most[0], sizeof peak);
  return isfinite (peak) ? peak : INFINITY;
}

static Scan
scan (const float *samples, gint64 n)
{
  double squares[SUM_LANES] = { 0.0 }, sums[SUM_LANES] = { 0.0 };
  Scan result = { .peak = largest (samples, n) };
  gint64 i = 0;

  for (; i + SUM_LANES <= n; i += SUM_LANES)
    for (int lane = 0; lane < SUM_LANES; lane++)
      {
        double x = samples[i + lane];

        squares[lane] += x * x;
        sums[lane] += x;
      }
  for (int lane = 0; i < n; i++, lane++)
    {
      squares[lane] += (double) samples[i] * samples[i];
      sums[lane] += samples[i];
    }
  for (int lane = 0; lane < SUM_LANES; lane++)
    {
      result.squares += squares[lane];
      *(lane % 2 == 0 ? &result.even : &result.odd) += sums[lane];
    }
  return result;
}

/* Copies @n samples with 0 for what is not a finite number, and counts that. */
static void
set_aside (SlLevelMeter *self, const float *samples, gint64 n, float *finite)
{
  for (gint64 i = 0; i < n; i++)
    {
      finite[i] = isfinite (samples[i]) ? samples[i] : 0.0f;
      if (isfinite (samples[i]))
        continue;
      if (self->first_nonfinite < 0)
        self->first_nonfinite = self->frames + i / self->channels;
      self->nonfinite_samples++;
      self->counts[i % self->channels]++;
    }
}

static gint64
first_from (const float *samples, gint64 n, float size)
{
  gint64 i = 0;

  while (i < n && fabsf (samples[i]) < size)
    i++;
  return i;
}

static void
note_peak (SlLevelMeter *self, const float *samples, gint64 n, float peak)
{
  if (peak <= self->peak)
    return;
  self->peak = peak;
  self->peak_frame = self->frames + first_from (samples, n, peak) / self->channels;
}

static void
note_clipping (SlLevelMeter *self, const float *samples, gint64 n)
{
  int near = 0, over = 0;

  for (gint64 i = 0; i < n; i++)
    {
      near += fabsf (samples[i]) >= near_clip;
      over += fabsf (samples[i]) > 1.0f;
    }
  if (over > 0 && self->first_over < 0)
    self->first_over
        = self->frames + first_from (samples, n, nextafterf (1.0f, 2.0f)) / self->channels;
  self->near_clip_samples += near;
  self->over_samples += over;
}

static void
add_sums (SlLevelMeter *self, const float *samples, gint64 n, const Scan *heard)
{
  if (self->channels == 1)
    self->sums[0] += heard->even + heard->odd;
  else if (self->channels == 2)
    {
      self->sums[0] += heard->even;
      self->sums[1] += heard->odd;
    }
  else
    for (gint64 i = 0; i < n; i += self->channels)
      for (int channel = 0; channel < self->channels; channel++)
        self->sums[channel] += samples[i + channel];
}

static void
add_energy (Energy *energy, double squares, gint64 samples)
{
  energy->squares += squares;
  energy->samples += samples;
}

/* The energy of the active windows, with @window if it is one of them. */
static Energy
with_window (Energy active, Energy window)
{
  if (window.samples > 0 && window.squares > ACTIVE_SQUARE * window.samples)
    add_energy (&active, window.squares, window.samples);
  return active;
}

static void
pass_frames (SlLevelMeter *self, gint64 frames)
{
  self->frames += frames;
  self->window_left -= frames;
  if (self->window_left > 0)
    return;
  self->active = with_window (self->active, self->window);
  self->window = (Energy){ 0 };
  self->window_left = self->window_frames;
}

/* @frames frames of one window, at most PIECE samples. */
static void
hear (SlLevelMeter *self, const float *samples, gint64 frames)
{
  float finite[PIECE];
  gint64 n = frames * self->channels;
  gint64 nonfinite = self->nonfinite_samples;
  Scan heard = scan (samples, n);

  if (isinf (heard.peak))
    {
      set_aside (self, samples, n, finite);
      samples = finite;
      heard = scan (samples, n);
    }
  nonfinite = self->nonfinite_samples - nonfinite;
  note_peak (self, samples, n, heard.peak);
  if (heard.peak >= near_clip)
    note_clipping (self, samples, n);
  add_sums (self, samples, n, &heard);
  add_energy (&self->all, heard.squares, n - nonfinite);
  add_energy (&self->window, heard.squares, n - nonfinite);
  pass_frames (self, frames);
}

static gboolean
feed (gpointer data, const float *samples, gint64 frames, GError **error)
{
  SlLevelMeter *self = data;

  g_assert (self->channels > 0);
  while (frames > 0)
    {
      gint64 count = MIN (MIN (frames, self->window_left), PIECE / self->channels);

      hear (self, samples, count);
      samples += count * self->channels;
      frames -= count;
    }
  return TRUE;
}

SlTap
sl_level_meter_tap (SlLevelMeter *self)
{
  return (SlTap){ begin, feed, self };
}

static double
rms (Energy energy)
{
  return energy.samples > 0 ? sqrt (energy.squares / energy.samples) : 0.0;
}

static double
farthest_mean (const SlLevelMeter *self)
{
  double farthest = 0.0;

  for (int channel = 0; channel < self->channels; channel++)
    {
      gint64 samples = self->frames - self->counts[channel];
      double mean = samples > 0 ? self->sums[channel] / samples : 0.0;

      if (fabs (mean) > fabs (farthest))
        farthest = mean;
    }
  return farthest;
}

SlLevels
sl_level_meter_result (const SlLevelMeter *self)
{
  return (SlLevels){
    .frames = self->frames,
    .channels = self->channels,
    .peak = self->peak,
    .peak_frame = self->peak_frame,
    .rms = rms (self->all),
    .active_rms = rms (with_window (self->active, self->window)),
    .near_clip_samples = self->near_clip_samples,
    .over_samples = self->over_samples,
    .first_over = self->first_over,
    .nonfinite_samples = self->nonfinite_samples,
    .first_nonfinite = self->first_nonfinite,
    .dc = farthest_mean (self),
  };
}

double
sl_levels_clip_ratio (const SlLevels *levels)
{
  gint64 samples = levels->frames * levels->channels;

  return samples > 0 ? (double) levels->near_clip_samples / samples : 0.0;
}

double
sl_levels_crest_db (const SlLevels *levels)
{
  return levels->rms > 0.0 ? sl_db_from_gain (levels->peak / levels->rms) : 0.0;
}
