/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/measure/onsets.h"

#include "engine/base/fft.h"

#include <math.h>
#include <string.h>

/* A window from which an onset is told. */
#define WINDOW_SECONDS 0.032

/* A sample of the mono sum above this (-60 dBFS) is the music's start. */
#define ACTIVE_LEVEL 0.001f

/* Bands as wide as a quarter of an octave, from where a kick sounds to where a cymbal does. */
#define BANDS 32
#define LOWEST_HZ 40.0
#define HIGHEST_HZ 16000.0

/* Samples beyond this are taken for it. */
#define LOUDEST_LEVEL 16.0f

/* Rises are counted as the ear does, in ratios, down to this amplitude. */
#define FLOOR_LEVEL 0.001

struct _SlOnsetMeter
{
  int max_seconds;
  int channels;
  int rate_hz;
  SlFft *fft;
  gint64 hop;             ///< frames from one onset to the next
  gint64 window;          ///< frames, those of the transform
  gint64 fresh;           ///< frames of the next hop that are there
  float *mono;            ///< the last window frames, the next hop behind them
  float *weights;         ///< Hann
  float *weighted;        ///< mono by weights
  SlComplex *spectrum;    ///< of weighted
  gsize edges[BANDS + 1]; ///< bins
  double levels[BANDS];   ///< of the window before
  gboolean active;        ///< the first sound has come
  gint64 heard;           ///< frames since then
  float *strength;        ///< one for each window but the first
  gint64 n;               ///< how many
};

SlOnsetMeter *
sl_onset_meter_new (int max_seconds)
{
  SlOnsetMeter *self = g_new0 (SlOnsetMeter, 1);

  self->max_seconds = max_seconds;
  return self;
}

void
sl_onset_meter_free (SlOnsetMeter *self)
{
  if (self == NULL)
    return;
  if (self->fft != NULL)
    {
      sl_fft_free_real (self->weighted);
      sl_fft_free_spectrum (self->spectrum);
    }
  sl_fft_free (self->fft);
  g_free (self->mono);
  g_free (self->weights);
  g_free (self->strength);
  g_free (self);
}

static void
begin (gpointer data, int channels, int rate_hz)
{
  SlOnsetMeter *self = data;
  gsize window = sl_fft_good_size ((gsize) MAX (WINDOW_SECONDS * rate_hz, 2.0));
  double highest = MIN (HIGHEST_HZ, 0.45 * rate_hz);

  self->channels = channels;
  self->rate_hz = rate_hz;
  self->fft = sl_fft_new (window);
  self->hop = MAX (rate_hz / SL_ONSETS_PER_SECOND, 1);
  self->window = (gint64) window;
  self->mono = g_new0 (float, self->window + self->hop);
  self->weights = g_new (float, window);
  self->weighted = sl_fft_new_real (self->fft);
  self->spectrum = sl_fft_new_spectrum (self->fft);
  self->strength = g_new (float, (gint64) self->max_seconds *rate_hz / self->hop + 1);
  for (gsize i = 0; i < window; i++)
    self->weights[i] = 0.5f - 0.5f * cosf (2.0f * (float) G_PI * (float) i / (float) window);
  for (guint i = 0; i <= BANDS; i++)
    self->edges[i] = (gsize) lrint (LOWEST_HZ * pow (highest / LOWEST_HZ, (double) i / BANDS)
                                    * (double) window / rate_hz);
}

/* Sum over bands of how far each rose above the window before. */
static double
measure_rise (SlOnsetMeter *self)
{
  double scale = 8.0 / (3.0 * (double) self->window * (double) self->window);
  double rise = 0.0;

  for (guint band = 0; band < BANDS; band++)
    {
      double power = 0.0;
      double level;

      for (gsize i = self->edges[band]; i < self->edges[band + 1]; i++)
        power += (double) self->spectrum[i].re * self->spectrum[i].re
                 + (double) self->spectrum[i].im * self->spectrum[i].im;
      level = log1p (sqrt (power * scale) / FLOOR_LEVEL);
      rise += MAX (level - self->levels[band], 0.0);
      self->levels[band] = level;
    }
  return rise;
}

/* Moves on by one hop. */
static void
take_hop (SlOnsetMeter *self)
{
  double rise;

  memmove (self->mono, self->mono + self->hop, (gsize) self->window * sizeof (float));
  self->fresh = 0;
  if (!self->active)
    return;
  self->heard += self->hop;
  for (gint64 i = 0; i < self->window; i++)
    self->weighted[i] = self->mono[i] * self->weights[i];
  sl_fft_forward (self->fft, self->weighted, self->spectrum);
  rise = measure_rise (self);
  /* That it begins is no onset: files begin anywhere. */
  if (self->heard > self->window)
    self->strength[self->n++] = (float) rise;
}

/* Mean over channels; what is far beyond full scale, or no number, must not spread. */
static float
mix_down (const float *frame, int channels)
{
  float sum = 0.0f;

  for (int c = 0; c < channels; c++)
    sum += frame[c];
  sum /= (float) channels;
  return isfinite (sum) ? CLAMP (sum, -LOUDEST_LEVEL, LOUDEST_LEVEL) : 0.0f;
}

static gboolean
feed (gpointer data, const float *samples, gint64 frames, GError **error)
{
  SlOnsetMeter *self = data;
  gint64 end = (gint64) self->max_seconds * self->rate_hz;

  for (gint64 i = 0; i < frames && self->heard < end; i++)
    {
      float sample = mix_down (samples + i * self->channels, self->channels);

      self->active = self->active || fabsf (sample) > ACTIVE_LEVEL;
      self->mono[self->window + self->fresh++] = sample;
      if (self->fresh == self->hop)
        take_hop (self);
    }
  return TRUE;
}

SlTap
sl_onset_meter_tap (SlOnsetMeter *self)
{
  return (SlTap){ begin, feed, self };
}

const float *
sl_onset_meter_get (const SlOnsetMeter *self, gint64 *n, double *rate_hz)
{
  *n = self->n;
  *rate_hz = self->hop > 0 ? (double) self->rate_hz / (double) self->hop : 0.0;
  return self->strength;
}
