/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate/drums.h"

#include "engine/base/fft.h"
#include "engine/base/units.h"
#include "engine/generate/drum_kit.h"

#include <math.h>
#include <string.h>

/* Below this correlation a hit is another sound: a kick without its snare has 0.975. */
#define MIN_CORRELATION 0.99

/* A hit is as loud as it should be to this ratio: one of 16 channels that is mute makes 0.94. */
#define LEVEL_TOLERANCE 0.05

/* Single precision finds the lags worth a second look: all within this of the best. A kick that is
 * off by one frame loses 2e-6 (192 kHz) to 4e-5 (44.1 kHz). */
#define COARSE_ERROR 1e-4

/* Correlations that differ by less are equal: lag 0 is then as good as any. */
#define TIE 1e-9

/* The stream's mean over channels is kept from the first frame that a hit to come may need. A
 * "group" is all hits on one frame: they can only be heard together. What else sounds meanwhile is
 * known too, so the shape of a group is the pattern itself from its frame on. */
struct _SlHitCheck
{
  GArray *hits;
  int max_lag;
  int channels;
  SlDrumKit *kit; ///< NULL until the stream begins
  float *heard;   ///< frames [start, end) of the stream
  gint64 start;
  gint64 end;
  gint64 capacity;
  guint next; ///< first hit of the first group not yet judged
  SlHitResult result;

  SlFft *fft;
  float *window;
  float *shape;
  float *lags;
  SlComplex *window_spectrum;
  SlComplex *shape_spectrum;
};

SlHitCheck *
sl_hit_check_new (const GArray *hits, int max_lag)
{
  SlHitCheck *self = g_new0 (SlHitCheck, 1);

  g_assert (max_lag >= 0);
  self->hits = sl_hits_dup_sorted (hits);
  self->max_lag = max_lag;
  self->result.first_wrong = -1;
  return self;
}

static void
hit_check_begin (gpointer data, int channels, int rate_hz)
{
  SlHitCheck *self = data;
  gint64 reach;

  g_assert (self->kit == NULL);
  self->channels = channels;
  self->kit = sl_drum_kit_new (rate_hz);
  reach = sl_drum_kit_longest (self->kit) + 2 * self->max_lag;
  self->capacity = reach + SL_BLOCK_FRAMES;
  self->heard = g_new (float, self->capacity);
  self->fft = sl_fft_new (sl_fft_good_size ((gsize) reach));
  self->window = sl_fft_new_real (self->fft);
  self->shape = sl_fft_new_real (self->fft);
  self->lags = sl_fft_new_real (self->fft);
  self->window_spectrum = sl_fft_new_spectrum (self->fft);
  self->shape_spectrum = sl_fft_new_spectrum (self->fft);
}

/* Hits on the frame of the one at @first. */
static guint
count_group (const SlHitCheck *self, guint first)
{
  gint64 frame = g_array_index (self->hits, SlHit, first).frame;
  guint n = 1;

  while (first + n < self->hits->len && g_array_index (self->hits, SlHit, first + n).frame == frame)
    n++;
  return n;
}

/* What part of the stream a group takes; half-open, and never before its start. */
static void
get_extent (const SlHitCheck *self, guint first, guint n, gint64 *from, gint64 *to)
{
  gint64 frame = g_array_index (self->hits, SlHit, first).frame;
  gint64 length = 0;

  for (guint i = first; i < first + n; i++)
    length = MAX (length,
                  sl_drum_kit_hit_length (self->kit, g_array_index (self->hits, SlHit, i).kind));
  *from = MAX (frame, 0);
  *to = frame + length;
}

/* Frames [@from, @to) as heard, silence outside of the stream, into the window. */
static void
copy_window (const SlHitCheck *self, gint64 from, gint64 to)
{
  gint64 first = MAX (from, self->start);
  gint64 last = MIN (to, self->end);

  memset (self->window, 0, sl_fft_get_points (self->fft) * sizeof *self->window);
  if (first < last)
    memcpy (self->window + (first - from), self->heard + (first - self->start),
            (gsize) (last - first) * sizeof *self->window);
}

/* Σ shape[i] · window[i + k] into lags[k], in single precision. */
static void
correlate (const SlHitCheck *self)
{
  SlComplex *w = self->window_spectrum;
  const SlComplex *s = self->shape_spectrum;
  float scale = 1.0f / (float) sl_fft_get_points (self->fft);

  sl_fft_forward (self->fft, self->window, self->window_spectrum);
  sl_fft_forward (self->fft, self->shape, self->shape_spectrum);
  for (gsize i = 0; i < sl_fft_get_bins (self->fft); i++)
    {
      SlComplex product
          = { w[i].re * s[i].re + w[i].im * s[i].im, w[i].im * s[i].re - w[i].re * s[i].im };

      w[i].re = product.re * scale;
      w[i].im = product.im * scale;
    }
  sl_fft_inverse (self->fft, self->window_spectrum, self->lags);
}

static double
dot (const float *a, const float *b, gint64 n)
{
  double sum = 0.0;

  for (gint64 i = 0; i < n; i++)
    sum += (double) a[i] * b[i];
  return sum;
}

/* A lag and how well the shape fits there. */
typedef struct
{
  gint64 lag;
  double correlation;
  double level; /* of what is heard, over that of the shape */
} Fit;

static Fit
fit_at (const SlHitCheck *self, gint64 lag, gint64 length)
{
  const float *heard = self->window + self->max_lag + lag;
  double energy = dot (heard, heard, length);
  double shape_energy = dot (self->shape, self->shape, length);
  double product = dot (heard, self->shape, length);
  Fit fit = { lag, 0.0, product / shape_energy };

  if (energy > 0.0)
    fit.correlation = product / sqrt (energy * shape_energy);
  return fit;
}

/* Turns lags[] into correlations; 0 where the window is so quiet that the hit cannot be there, and
 * where the error of the transform would be large beside it. Returns the best. */
static double
normalise (const SlHitCheck *self, gint64 length)
{
  double shape_energy = dot (self->shape, self->shape, length);
  double energy = dot (self->window, self->window, length);
  double best = 0.0;

  for (gint64 k = 0; k <= 2 * self->max_lag; k++)
    {
      double leaving = self->window[k];
      double entering = k < 2 * self->max_lag ? self->window[k + length] : 0.0;

      self->lags[k] = energy > 0.5 * shape_energy
                          ? (float) (self->lags[k] / sqrt (energy * shape_energy))
                          : 0.0f;
      best = MAX (best, self->lags[k]);
      energy += entering * entering - leaving * leaving;
    }
  return best;
}

/* The best fit of the shape, of @length frames, in the window. */
static Fit
find_fit (const SlHitCheck *self, gint64 length)
{
  Fit best = fit_at (self, 0, length);
  double coarse;

  correlate (self);
  coarse = normalise (self, length);
  for (gint64 k = 0; k <= 2 * self->max_lag; k++)
    if (coarse > 0.0 && self->lags[k] > coarse - COARSE_ERROR)
      {
        Fit fit = fit_at (self, k - self->max_lag, length);

        if (fit.correlation > best.correlation + TIE)
          best = fit;
      }
  return best;
}

static void
note_wrong (SlHitResult *result, gint64 frame, guint n)
{
  result->wrong += n;
  if (result->first_wrong < 0)
    result->first_wrong = frame;
}

static void
note_fit (SlHitResult *result, const Fit *fit, gint64 frame, guint n)
{
  gboolean is_same = fit->correlation >= MIN_CORRELATION;
  gboolean is_level = fabs (fit->level - 1.0) <= LEVEL_TOLERANCE;

  if (is_same && ABS (fit->lag) > ABS (result->worst_lag))
    result->worst_lag = fit->lag;
  if (!is_same || !is_level || fit->lag != 0)
    note_wrong (result, frame, n);
}

/* Compares the @n hits from @first with what was heard, as far as the stream goes. */
static void
judge_group (const SlHitCheck *self, guint first, guint n, SlHitResult *result)
{
  gint64 frame = g_array_index (self->hits, SlHit, first).frame;
  gint64 from, to, length;
  Fit fit;

  get_extent (self, first, n, &from, &to);
  length = MIN (to, self->end) - from;
  if (length <= 0 && to > from)
    {
      result->checked += n;
      note_wrong (result, frame, n);
    }
  if (length <= 0)
    return;
  memset (self->shape, 0, sl_fft_get_points (self->fft) * sizeof *self->shape);
  sl_drum_kit_render (self->kit, self->hits, from, length, self->shape);
  if (dot (self->shape, self->shape, length) == 0.0)
    return; /* cut off before it sounds */
  copy_window (self, from - self->max_lag, from + length + self->max_lag);
  fit = find_fit (self, length);
  result->checked += n;
  note_fit (result, &fit, frame, n);
}

/* Judges each group that the stream has passed, with its lags. */
static void
judge_passed (SlHitCheck *self)
{
  while (self->next < self->hits->len)
    {
      guint n = count_group (self, self->next);
      gint64 from, to;

      get_extent (self, self->next, n, &from, &to);
      if (self->end < to + self->max_lag)
        return;
      judge_group (self, self->next, n, &self->result);
      self->next += n;
    }
}

/* Forgets what no hit to come can need. */
static void
forget (SlHitCheck *self)
{
  gint64 keep = self->end;

  if (self->next < self->hits->len)
    keep = MAX (g_array_index (self->hits, SlHit, self->next).frame, 0) - self->max_lag;
  keep = CLAMP (keep, self->start, self->end);
  memmove (self->heard, self->heard + (keep - self->start),
           (gsize) (self->end - keep) * sizeof *self->heard);
  self->start = keep;
}

static void
append_mean (SlHitCheck *self, const float *samples, gint64 frames)
{
  float *out = self->heard + (self->end - self->start);
  float scale = 1.0f / (float) self->channels;

  g_assert (self->end - self->start + frames <= self->capacity);
  for (gint64 i = 0; i < frames; i++)
    {
      float sum = 0.0f;

      for (int c = 0; c < self->channels; c++)
        sum += samples[i * self->channels + c];
      out[i] = sum * scale;
    }
  self->end += frames;
}

static gboolean
hit_check_feed (gpointer data, const float *samples, gint64 frames, GError **error)
{
  SlHitCheck *self = data;

  for (gint64 done = 0; done < frames; done += SL_BLOCK_FRAMES)
    {
      append_mean (self, samples + done * self->channels, MIN (frames - done, SL_BLOCK_FRAMES));
      judge_passed (self);
      forget (self);
    }
  return TRUE;
}

SlTap
sl_hit_check_tap (SlHitCheck *self)
{
  return (SlTap){ hit_check_begin, hit_check_feed, self };
}

SlHitResult
sl_hit_check_result (const SlHitCheck *self)
{
  SlHitResult result = self->result;
  guint n;

  for (guint i = self->next; i < self->hits->len; i += n)
    {
      n = count_group (self, i);
      if (self->kit != NULL)
        judge_group (self, i, n, &result);
      else
        {
          result.checked += n;
          note_wrong (&result, g_array_index (self->hits, SlHit, i).frame, n);
        }
    }
  return result;
}

void
sl_hit_check_free (SlHitCheck *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->hits);
  sl_drum_kit_free (self->kit);
  g_free (self->heard);
  if (self->fft != NULL)
    {
      sl_fft_free_real (self->window);
      sl_fft_free_real (self->shape);
      sl_fft_free_real (self->lags);
      sl_fft_free_spectrum (self->window_spectrum);
      sl_fft_free_spectrum (self->shape_spectrum);
      sl_fft_free (self->fft);
    }
  g_free (self);
}
