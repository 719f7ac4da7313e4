/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/matcher.h"

#include "engine/align/dot.h"
#include "engine/align/reducer.h"
#include "engine/align/scoring.h"
#include "engine/base/fft.h"

#include <math.h>
#include <string.h>

/* Transform length over template length: the overlap is transformed again with every block. */
#define TRANSFORM_TEMPLATES 3

/* Peaks nearer to each other than this are one join to a listener. */
#define NEAR_S 0.05

/* A window this much quieter than the template, in power, says nothing. */
#define QUIET 1e-5

/* Less of the template than this is not enough to compare. */
#define MIN_OVERLAP_S 0.25

/* Peaks below are chance. */
#define MIN_CORRELATION 0.1

#define CARRIED 2

struct _SlMatcher
{
  SlFinderOptions options;
  int rate_hz;
  int factor;
  gsize length;       /* of the template */
  gint64 end;         /* reduced frame after it */
  gint64 min_lag;     /* in reduced frames */
  gint64 min_overlap; /* in reduced frames */
  guint most;
  double *tail_energy; /* [i]: of the last i frames of the template */
  SlFft *fft;
  SlComplex *conjugate; /* spectrum of the template, conjugated and scaled */
  SlComplex *spectrum;
  float *buffer; /* length frames of the past, then hop new ones */
  float *products;
  float *energies; /* of the window that starts at each frame of the buffer */
  float *curve;    /* two correlations of the block before, then this block's */
  gsize hop;
  gsize filled;  /* new frames in the buffer */
  gint64 base;   /* reduced frame of the buffer's first */
  double energy; /* of the buffer's first window */
  GArray *peaks;
};

static double *
energies_from_end (const float *tail, gsize n)
{
  double *energy = g_new (double, n + 1);

  energy[0] = 0.0;
  for (gsize i = 0; i < n; i++)
    energy[i + 1] = energy[i] + (double) tail[n - 1 - i] * (double) tail[n - 1 - i];
  return energy;
}

static void
transform_template (SlMatcher *self, const float *tail)
{
  float scale = 1.0f / (float) sl_fft_get_points (self->fft);

  memcpy (self->buffer, tail, self->length * sizeof (float));
  sl_fft_forward (self->fft, self->buffer, self->conjugate);
  memset (self->buffer, 0, self->length * sizeof (float));
  for (gsize bin = 0; bin < sl_fft_get_bins (self->fft); bin++)
    {
      self->conjugate[bin].re *= scale;
      self->conjugate[bin].im *= -scale;
    }
}

static void
allocate (SlMatcher *self)
{
  self->fft = sl_fft_new (sl_fft_good_size (TRANSFORM_TEMPLATES * self->length));
  self->hop = sl_fft_get_points (self->fft) - self->length;
  self->conjugate = sl_fft_new_spectrum (self->fft);
  self->spectrum = sl_fft_new_spectrum (self->fft);
  self->buffer = sl_fft_new_real (self->fft);
  self->products = sl_fft_new_real (self->fft);
  self->energies = g_new (float, self->hop);
  self->curve = g_new0 (float, self->hop + CARRIED);
}

SlMatcher *
sl_matcher_new (const SlFinderOptions *options,
                int rate_hz,
                const float *tail,
                gsize n,
                gint64 end,
                guint most)
{
  SlMatcher *self = g_new0 (SlMatcher, 1);
  gint64 enough;

  self->options = *options;
  self->rate_hz = rate_hz;
  self->factor = sl_reducer_factor (rate_hz);
  enough = (gint64) (MIN_OVERLAP_S * rate_hz / self->factor);
  self->length = n;
  self->end = end;
  self->min_lag = MAX (1, options->min_lag / self->factor);
  self->min_overlap = CLAMP (enough, 1, MAX (1, (gint64) n / 2));
  self->most = most;
  self->base = -(gint64) n;
  self->tail_energy = energies_from_end (tail, n);
  self->peaks = g_array_new (FALSE, FALSE, sizeof (SlPeak));
  allocate (self);
  transform_template (self, tail);
  return self;
}

static void
multiply_spectra (SlComplex *a, const SlComplex *b, gsize bins)
{
  for (gsize i = 0; i < bins; i++)
    {
      SlComplex x = a[i];
      a[i].re = x.re * b[i].re - x.im * b[i].im;
      a[i].im = x.re * b[i].im + x.im * b[i].re;
    }
}

static void
slide_energies (SlMatcher *self)
{
  double energy = self->energy;

  for (gsize i = 0; i < self->hop; i++)
    {
      double leaves = (double) self->buffer[i];
      double enters = (double) self->buffer[i + self->length];

      self->energies[i] = (float) energy;
      energy += enters * enters - leaves * leaves;
    }
  self->energy = MAX (energy, 0.0);
}

/* The template's energy where the window reaches back before the source's first frame. */
static double
template_energy (const SlMatcher *self, gint64 window_end)
{
  return self->tail_energy[CLAMP (window_end, 0, (gint64) self->length)];
}

static void
normalise (const float *products, const float *energies, float energy, gsize n, float *curve)
{
  float quiet = (float) QUIET * energy;

  for (gsize i = 0; i < n; i++)
    {
      float power = energies[i] * energy;
      float correlation = products[i] / sqrtf (power > 0.0f ? power : 1.0f);
      curve[i] = energies[i] > quiet ? correlation : 0.0f;
    }
}

/* Correlations of the windows that start in the block; the first ones may be partial. */
static void
compute_curve (SlMatcher *self)
{
  float *curve = self->curve + CARRIED;
  gsize i = 0;

  for (; i < self->hop && self->base + (gint64) i < 0; i++)
    {
      gint64 window_end = self->base + (gint64) (i + self->length);
      double energy = template_energy (self, window_end);
      normalise (self->products + i, self->energies + i, (float) energy, 1, curve + i);
    }
  normalise (self->products + i, self->energies + i, (float) self->tail_energy[self->length],
             self->hop - i, curve + i);
}

/* Keeps the better of two that are near each other, and the best of all. */
static void
keep (SlMatcher *self, const SlPeak *peak)
{
  double near = NEAR_S * self->rate_hz / self->factor;
  guint worst = 0;

  for (guint i = 0; i < self->peaks->len; i++)
    {
      SlPeak *other = &g_array_index (self->peaks, SlPeak, i);

      if (fabs (other->lag - peak->lag) < near)
        {
          if (peak->rank > other->rank)
            *other = *peak;
          return;
        }
      if (other->rank < g_array_index (self->peaks, SlPeak, worst).rank)
        worst = i;
    }
  if (self->peaks->len < self->most)
    g_array_append_val (self->peaks, *peak);
  else if (peak->rank > g_array_index (self->peaks, SlPeak, worst).rank)
    g_array_index (self->peaks, SlPeak, worst) = *peak;
}

/* The vertex of the parabola through three neighbours: the lag lies between reduced frames. */
static SlPeak
interpolate (const float *at, gint64 lag)
{
  double before = (double) at[-1];
  double top = (double) at[0];
  double after = (double) at[1];
  double bend = before - 2.0 * top + after;
  double shift = bend < 0.0 ? CLAMP (0.5 * (before - after) / bend, -0.5, 0.5) : 0.0;
  SlPeak peak = { 0 };

  /* Later windows have shorter lags. */
  peak.lag = (double) lag - shift;
  peak.correlation = MIN (1.0, top - 0.25 * (before - after) * shift);
  return peak;
}

static void
consider (SlMatcher *self, const float *at, gint64 window_end)
{
  SlPeak peak = interpolate (at, self->end - window_end);
  gint64 lag = (gint64) (peak.lag * self->factor + 0.5);

  peak.overlap = MIN (1.0, (double) window_end / (double) self->length);
  peak.rank = peak.correlation
              - sl_scoring_lag_penalty (&self->options, self->rate_hz, lag, peak.correlation);
  keep (self, &peak);
}

static void
find_peaks (SlMatcher *self)
{
  for (gsize i = 1; i + 1 < self->hop + CARRIED; i++)
    {
      const float *at = self->curve + i;
      gint64 window_end = self->base + (gint64) (i + self->length) - CARRIED;

      if (at[0] < (float) MIN_CORRELATION || at[0] <= at[-1] || at[0] < at[1])
        continue;
      if (window_end >= self->min_overlap && self->end - window_end >= self->min_lag)
        consider (self, at, window_end);
    }
  memmove (self->curve, self->curve + self->hop, CARRIED * sizeof (float));
}

static void
match_block (SlMatcher *self)
{
  sl_fft_forward (self->fft, self->buffer, self->spectrum);
  multiply_spectra (self->spectrum, self->conjugate, sl_fft_get_bins (self->fft));
  sl_fft_inverse (self->fft, self->spectrum, self->products);
  slide_energies (self);
  compute_curve (self);
  find_peaks (self);
  memmove (self->buffer, self->buffer + self->hop, self->length * sizeof (float));
  self->base += (gint64) self->hop;
  self->filled = 0;
}

void
sl_matcher_feed (SlMatcher *self, const float *reduced, gsize n)
{
  while (n > 0)
    {
      gsize taken = MIN (n, self->hop - self->filled);

      memcpy (self->buffer + self->length + self->filled, reduced, taken * sizeof (float));
      self->filled += taken;
      reduced += taken;
      n -= taken;
      if (self->filled == self->hop)
        match_block (self);
    }
}

static int
compare_peaks (gconstpointer a, gconstpointer b)
{
  const SlPeak *x = a;
  const SlPeak *y = b;

  if (x->rank != y->rank)
    return x->rank > y->rank ? -1 : 1;
  return (x->lag < y->lag) - (x->lag > y->lag);
}

GArray *
sl_matcher_finish (SlMatcher *self)
{
  gsize rest = self->hop - self->filled;

  memset (self->buffer + self->length + self->filled, 0, rest * sizeof (float));
  match_block (self);
  g_array_sort (self->peaks, compare_peaks);
  return g_array_ref (self->peaks);
}

void
sl_matcher_free (SlMatcher *self)
{
  if (self == NULL)
    return;
  g_free (self->tail_energy);
  g_free (self->energies);
  g_free (self->curve);
  sl_fft_free_spectrum (self->conjugate);
  sl_fft_free_spectrum (self->spectrum);
  sl_fft_free_real (self->buffer);
  sl_fft_free_real (self->products);
  sl_fft_free (self->fft);
  g_array_unref (self->peaks);
  g_free (self);
}
