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

/* Rises are counted as the ear does, in ratios, down to this amplitude. */
#define FLOOR_LEVEL 0.001

typedef struct
{
  SlSource *source;
  SlFft *fft;
  gint64 hop;             ///< frames from one onset to the next
  gint64 window;          ///< frames, those of the transform
  float *block;           ///< hop frames of the source
  float *mono;            ///< the last window frames
  float *weights;         ///< Hann
  float *weighted;        ///< mono by weights
  SlComplex *spectrum;    ///< of weighted
  gsize edges[BANDS + 1]; ///< bins
  double levels[BANDS];   ///< of the window before
  gint64 end;             ///< of heard
  gint64 heard;           ///< frames since the first sound
  float *onsets;          ///< one for each window but the first
  gint64 n;               ///< how many
} Listener;

static void
listener_init (Listener *self, SlSource *source, gint64 end)
{
  gsize window = sl_fft_good_size ((gsize) MAX (WINDOW_SECONDS * source->rate_hz, 2.0));
  double highest = MIN (HIGHEST_HZ, 0.45 * source->rate_hz);

  self->source = source;
  self->fft = sl_fft_new (window);
  self->hop = MAX (source->rate_hz / SL_ONSETS_PER_SECOND, 1);
  self->window = (gint64) window;
  self->block = g_new (float, self->hop * source->channels);
  self->mono = g_new0 (float, window);
  self->weights = g_new (float, window);
  self->weighted = sl_fft_new_real (self->fft);
  self->spectrum = sl_fft_new_spectrum (self->fft);
  self->end = end;
  self->onsets = g_new (float, end / self->hop + 1);
  for (gsize i = 0; i < window; i++)
    self->weights[i] = 0.5f - 0.5f * cosf (2.0f * (float) G_PI * (float) i / (float) window);
  for (guint i = 0; i <= BANDS; i++)
    self->edges[i] = (gsize) lrint (LOWEST_HZ * pow (highest / LOWEST_HZ, (double) i / BANDS)
                                    * (double) window / source->rate_hz);
}

static void
listener_clear (Listener *self)
{
  sl_fft_free_real (self->weighted);
  sl_fft_free_spectrum (self->spectrum);
  sl_fft_free (self->fft);
  g_free (self->block);
  g_free (self->mono);
  g_free (self->weights);
  g_free (self->onsets);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Listener, listener_clear)

/* Sum over bands of how far each rose above the window before. */
static double
measure_rise (Listener *self)
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

/* Takes the next @frames frames of the block; silence before the first sound is skipped. */
static void
listen (Listener *self, gint64 frames)
{
  int channels = self->source->channels;
  float *fresh = self->mono + self->window - self->hop;
  gboolean active = self->heard > 0;
  double rise;

  memmove (self->mono, self->mono + self->hop, (gsize) (self->window - self->hop) * sizeof (float));
  memset (fresh, 0, (gsize) self->hop * sizeof (float));
  for (gint64 i = 0; i < frames; i++)
    {
      for (int c = 0; c < channels; c++)
        fresh[i] += self->block[i * channels + c] / (float) channels;
      active = active || fabsf (fresh[i]) > ACTIVE_LEVEL;
    }
  if (!active)
    return;
  self->heard += frames;
  for (gint64 i = 0; i < self->window; i++)
    self->weighted[i] = self->mono[i] * self->weights[i];
  sl_fft_forward (self->fft, self->weighted, self->spectrum);
  rise = measure_rise (self);
  /* That it begins is no onset: files begin anywhere. */
  if (self->heard > self->window)
    self->onsets[self->n++] = (float) rise;
}

static gboolean
read_onsets (Listener *self, const SlProgress *progress, GError **error)
{
  gint64 n;

  if (!sl_source_seek (self->source, 0, error))
    return FALSE;
  while (self->heard < self->end
         && (n = sl_source_read (self->source, self->block, self->hop, error)) != 0)
    {
      if (n < 0
          || !sl_progress_report (progress, self->source->position, self->source->length, error))
        return FALSE;
      if (n == self->hop)
        listen (self, n);
    }
  return TRUE;
}

gboolean
sl_onsets_measure (SlSource *source,
                   int max_seconds,
                   SlOnsets *onsets,
                   const SlProgress *progress,
                   GError **error)
{
  g_auto (Listener) self = { 0 };

  listener_init (&self, source, (gint64) max_seconds * source->rate_hz);
  if (!read_onsets (&self, progress, error))
    return FALSE;
  onsets->strength = g_steal_pointer (&self.onsets);
  onsets->n = self.n;
  onsets->rate_hz = (double) source->rate_hz / (double) self.hop;
  return TRUE;
}
