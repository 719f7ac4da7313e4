/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/measure/tempo.h"

#include "engine/base/fft.h"
#include <math.h>

#define MIN_SECONDS 5

/* The strongest rise, summed over all bands in nepers, of what has onsets at all: vibrato and
 * beating tones stay below 3, the softest of recorded loops above 9. */
#define MIN_RISE 6.0

/* Half of the span over which an onset has to stand out. */
#define AROUND_ONSETS (SL_ONSETS_PER_SECOND / 2)

/* Tempi looked at, and the one that people tap to most readily (Moelants 2002; Ellis 2007), with
 * the standard deviation of that in octaves. */
#define SLOWEST_BPM 40.0
#define FASTEST_BPM 240.0
#define BPM_RATIO 1.002
#define USUAL_BPM 115.0
#define USUAL_OCTAVES 0.75

/* The range that a proposal lies in ends below SL_TEMPO_MAX_BPM. */
#define LOWEST_BPM 70.0

/* Beyond this part of the onsets too few are left to correlate. */
#define REACH 0.75

/* Places tried either side of a beat's length when it is made exact. */
#define TRIED 40

/* Mean autocorrelation over the first beats that gives confidence 0.5: recorded loops, repeated,
 * have 0.18 and more, noise below 0.03. */
#define HALF_SALIENCE 0.12
#define SALIENT_BEATS 16

/* Nobody sets 119.98; but a loop that was cut may well go at 119.92. */
#define WHOLE_TOLERANCE_BPM 0.03

/* How far tempi may be apart, and the beats of one that may go on those of the other. */
#define TOLERANCE 0.003
#define MAX_COUNT 4

static float
find_largest (const float *values, gint64 n)
{
  float largest = 0.0f;

  for (gint64 i = 0; i < n; i++)
    largest = MAX (largest, values[i]);
  return largest;
}

/* What of @onsets stands out from what is around them, smoothed, without its mean, in @out. */
static void
sharpen (const float *onsets, gint64 n, float *out)
{
  g_autofree double *sums = g_new0 (double, n + 1);
  g_autofree float *above = g_new0 (float, n + 2);
  double mean = 0.0;

  for (gint64 i = 0; i < n; i++)
    sums[i + 1] = sums[i] + (double) onsets[i];
  for (gint64 i = 0; i < n; i++)
    {
      gint64 from = MAX (i - AROUND_ONSETS, 0);
      gint64 to = MIN (i + AROUND_ONSETS + 1, n);

      above[i + 1] = MAX (onsets[i] - (float) ((sums[to] - sums[from]) / (double) (to - from)), 0);
    }
  for (gint64 i = 0; i < n; i++)
    {
      out[i] = 0.25f * above[i] + 0.5f * above[i + 1] + 0.25f * above[i + 2];
      mean += (double) out[i] / (double) n;
    }
  for (gint64 i = 0; i < n; i++)
    out[i] -= (float) mean;
}

/* --- beats --- */

typedef struct
{
  float *likeness; ///< of the onsets with themselves, by lag; 1 at 0
  gint64 lags;     ///< of which so many can be used
  double rate;     ///< lags per minute
} Beats;

/* The autocorrelation of @n onsets, each lag by how many pairs it has. NULL: there are none. */
static float *
autocorrelate (const float *onsets, gint64 n)
{
  g_autoptr (SlFft) fft = sl_fft_new (sl_fft_good_size ((gsize) (2 * n)));
  float *signal = sl_fft_new_real (fft);
  SlComplex *spectrum = sl_fft_new_spectrum (fft);
  float *result = NULL;

  sharpen (onsets, n, signal);
  sl_fft_forward (fft, signal, spectrum);
  for (gsize i = 0; i < sl_fft_get_bins (fft); i++)
    spectrum[i]
        = (SlComplex){ spectrum[i].re * spectrum[i].re + spectrum[i].im * spectrum[i].im, 0.0f };
  sl_fft_inverse (fft, spectrum, signal);
  if (signal[0] > 0.0f)
    {
      result = g_new (float, n);
      for (gint64 i = 0; i < n; i++)
        result[i] = signal[i] / signal[0] * (float) n / (float) (n - i);
    }
  sl_fft_free_real (signal);
  sl_fft_free_spectrum (spectrum);
  return result;
}

static double
likeness_at (const Beats *self, double lag)
{
  gint64 i = (gint64) lag;
  double part = lag - (double) i;

  return (1.0 - part) * (double) self->likeness[i] + part * (double) self->likeness[i + 1];
}

/* Mean likeness @first to @last beats of @beat lags on, as far as there is any. */
static double
mean_likeness (const Beats *self, double beat, gint64 first, gint64 last)
{
  double sum = 0.0;
  gint64 n = 0;

  for (gint64 k = first; k <= last && (double) k * beat < (double) (self->lags - 1); k++, n++)
    sum += likeness_at (self, (double) k * beat);
  return n > 0 ? sum / (double) n : 0.0;
}

/* How well beats of @beat lags explain the onsets: a beat on, a half bar, a bar and two. */
static double
score_beat (const Beats *self, double beat)
{
  static const struct
  {
    int beats;
    double weight;
  } taps[] = { { 1, 1.0 }, { 2, 1.0 }, { 3, 0.5 }, { 4, 1.5 }, { 8, 1.0 } };
  double octaves = log2 (self->rate / beat / USUAL_BPM) / USUAL_OCTAVES;
  double sum = 0.0;
  double weights = 0.0;

  for (guint i = 0; i < G_N_ELEMENTS (taps); i++)
    if (taps[i].beats * beat < (double) (self->lags - 1))
      {
        sum += taps[i].weight * likeness_at (self, taps[i].beats * beat);
        weights += taps[i].weight;
      }
  return weights > 0.0 ? sum / weights * exp (-0.5 * octaves * octaves) : 0.0;
}

static double
choose_beat (const Beats *self)
{
  double best = 0.0;
  double highest = 0.0;

  for (double bpm = SLOWEST_BPM; bpm < FASTEST_BPM; bpm *= BPM_RATIO)
    {
      double score = score_beat (self, self->rate / bpm);

      if (score > highest)
        {
          highest = score;
          best = self->rate / bpm;
        }
    }
  return best;
}

/* Makes @beat exact: twice as many beats on, what it is off by shows twice as much. */
static double
refine_beat (const Beats *self, double beat)
{
  double span = 0.02 * beat;

  for (gint64 k = 4; (double) k * beat < (double) self->lags; k *= 2)
    {
      double best = beat;
      double highest = -INFINITY;

      for (int i = -TRIED; i <= TRIED; i++)
        {
          double tried = beat + span * i / TRIED;
          double mean = mean_likeness (self, tried, k / 2, k);

          if (mean > highest)
            {
              highest = mean;
              best = tried;
            }
        }
      beat = best;
      span = MIN (span / 2.0, 2.0 / (double) k);
    }
  return beat;
}

static double
bring_into_range (double bpm)
{
  while (bpm < LOWEST_BPM)
    bpm *= 2.0;
  while (bpm >= SL_TEMPO_MAX_BPM)
    bpm /= 2.0;
  return bpm;
}

/* How sure @salience is after @n onsets, of which chance alone makes as much as is taken off. */
static double
rate_salience (double salience, gint64 n)
{
  double ratio = MAX (salience - 2.0 / sqrt ((double) n), 0.0) / HALF_SALIENCE;

  return ratio * ratio / (1.0 + ratio * ratio);
}

SlTempo
sl_tempo_find (const SlOnsetMeter *meter)
{
  SlTempo tempo = { 0 };
  gint64 n;
  double rate_hz;
  const float *onsets = sl_onset_meter_get (meter, &n, &rate_hz);
  g_autofree float *likeness = NULL;
  Beats beats = { .lags = (gint64) (REACH * (double) n), .rate = 60.0 * rate_hz };
  double beat;

  if (n < MIN_SECONDS * SL_ONSETS_PER_SECOND || find_largest (onsets, n) < (float) MIN_RISE)
    return tempo;
  beats.likeness = likeness = autocorrelate (onsets, n);
  if (likeness == NULL || (beat = choose_beat (&beats)) <= 0.0)
    return tempo;
  beat = refine_beat (&beats, beat);
  tempo.confidence = rate_salience (mean_likeness (&beats, beat, 1, SALIENT_BEATS), n);
  if (tempo.confidence >= SL_TEMPO_SURE)
    tempo.bpm = bring_into_range (beats.rate / beat);
  return tempo;
}

SlBpm
sl_tempo_propose (double bpm)
{
  gboolean is_whole = fabs (bpm - round (bpm)) <= WHOLE_TOLERANCE_BPM;
  SlBpm result = { is_whole ? 100 * llround (bpm) : llround (100.0 * bpm), 100 };

  for (gint64 factor = 2; factor <= 5; factor += 3)
    while (result.num % factor == 0 && result.den % factor == 0)
      {
        result.num /= factor;
        result.den /= factor;
      }
  return result;
}

gboolean
sl_tempo_fits (double bpm, double song_bpm)
{
  for (int a = 1; a <= MAX_COUNT; a++)
    for (int b = 1; b <= MAX_COUNT; b++)
      if (fabs (bpm * a / (song_bpm * b) - 1.0) <= TOLERANCE)
        return TRUE;
  return FALSE;
}
