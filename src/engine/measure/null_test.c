/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/measure/null_test.h"

#include "engine/base/error.h"
#include "engine/base/units.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Running sums that an addition does not have to wait for. */
#define LANES 4

typedef struct
{
  SlSource *master;
  SlSource *const *stems;
  const double *gains;
  guint n_stems;
  gboolean clamp;
  float *scratch;   // SL_BLOCK_FRAMES of the master or of a stem
  double *residual; // SL_BLOCK_FRAMES
  double *stem;     // SL_BLOCK_FRAMES
} Comparison;

/* Sums of products over the second around the worst frame. */
typedef struct
{
  double residual;  // residual²
  double *stems;    // stem², per stem
  double *products; // residual · stem, per stem
} Sums;

static void
comparison_clear (Comparison *self)
{
  g_free (self->scratch);
  g_free (self->residual);
  g_free (self->stem);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Comparison, comparison_clear)

static gboolean
refuse_length (guint number, gint64 stem, gint64 master, GError **error)
{
  g_autofree char *has = g_strdup_printf ("%" G_GINT64_FORMAT, stem);
  g_autofree char *wanted = g_strdup_printf ("%" G_GINT64_FORMAT, master);

  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               _ ("Stem %u has %s frames, the master %s: run the step that makes it again."),
               number, has, wanted);
  return FALSE;
}

static gboolean
check_stem (const SlSource *master, const SlSource *stem, guint number, GError **error)
{
  if (stem->rate_hz != master->rate_hz)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                   _ ("Stem %u has %d Hz, the master %d Hz: resample it first."), number,
                   stem->rate_hz, master->rate_hz);
      return FALSE;
    }
  if (stem->channels != 1 && stem->channels != master->channels)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                   _ ("Stem %u has %d channels, the master %d: only 1 or as many can be summed."),
                   number, stem->channels, master->channels);
      return FALSE;
    }
  return stem->length == master->length
         || refuse_length (number, stem->length, master->length, error);
}

static gboolean
check_stems (const Comparison *self, GError **error)
{
  for (guint i = 0; i < self->n_stems; i++)
    if (!check_stem (self->master, self->stems[i], i + 1, error))
      return FALSE;
  return TRUE;
}

static void
comparison_allocate (Comparison *self)
{
  gsize samples = (gsize) SL_BLOCK_FRAMES * self->master->channels;

  self->scratch = g_new (float, samples);
  self->residual = g_new (double, samples);
  self->stem = g_new (double, samples);
}

static void
add (double *sum, int channels, const float *in, int in_channels, double gain, gint64 frames)
{
  if (in_channels == channels)
    for (gint64 i = 0; i < frames * channels; i++)
      sum[i] += gain * in[i];
  else
    for (gint64 i = 0; i < frames; i++)
      for (int channel = 0; channel < channels; channel++)
        sum[i * channels + channel] += gain * in[i];
}

/* Sets @sum to the weighted sum of @n stems. Not the mixer's code: that is what is judged here. */
static gboolean
sum_stems (const Comparison *self,
           SlSource *const *stems,
           const double *gains,
           guint n,
           gint64 at,
           gint64 frames,
           double *sum,
           GError **error)
{
  int channels = self->master->channels;

  memset (sum, 0, sizeof (double) * frames * channels);
  for (guint i = 0; i < n; i++)
    {
      if (!sl_source_read_at (stems[i], at, self->scratch, frames, error))
        return FALSE;
      add (sum, channels, self->scratch, stems[i]->channels, gains[i], frames);
    }
  return TRUE;
}

static void
clamp_to_full_scale (double *samples, gint64 n)
{
  for (gint64 i = 0; i < n; i++)
    samples[i] = CLAMP (samples[i], -1.0, 1.0);
}

static void
subtract_from (double *restrict sum, const float *restrict master, gint64 n)
{
  for (gint64 i = 0; i < n; i++)
    sum[i] = master[i] - sum[i];
}

/* Residual of @frames frames, at most one block, from @at on. */
static gboolean
compute_residual (Comparison *self, gint64 at, gint64 frames, GError **error)
{
  gint64 n = frames * self->master->channels;

  if (!sum_stems (self, self->stems, self->gains, self->n_stems, at, frames, self->residual, error))
    return FALSE;
  if (!sl_source_read_at (self->master, at, self->scratch, frames, error))
    return FALSE;
  if (self->clamp)
    clamp_to_full_scale (self->residual, n);
  subtract_from (self->residual, self->scratch, n);
  return TRUE;
}

/* Σ a·b. */
static double
dot (const double *a, const double *b, gint64 n)
{
  double sums[LANES] = { 0.0 };
  gint64 i = 0;

  for (; i + LANES <= n; i += LANES)
    for (int lane = 0; lane < LANES; lane++)
      sums[lane] += a[i + lane] * b[i + lane];
  for (; i < n; i++)
    sums[0] += a[i] * b[i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/* The largest |sample|, not counting NaN. */
static double
largest (const double *samples, gint64 n)
{
  double most[LANES] = { 0.0 };
  gint64 i = 0;

  for (; i + LANES <= n; i += LANES)
    for (int lane = 0; lane < LANES; lane++)
      most[lane] = fabs (samples[i + lane]) > most[lane] ? fabs (samples[i + lane]) : most[lane];
  for (; i < n; i++)
    most[0] = MAX (most[0], fabs (samples[i]));
  return MAX (MAX (most[0], most[1]), MAX (most[2], most[3]));
}

/* Index of the first sample that is as large as @size, or that is not a number. */
static gint64
first_from (const double *samples, double size)
{
  gint64 i = 0;

  while (fabs (samples[i]) < size)
    i++;
  return i;
}

/* A residual that is not a number is the worst there can be: it must never pass for silence. */
static void
note_block (const Comparison *self, gint64 at, gint64 n, SlNullResult *result, double *squares)
{
  double block = dot (self->residual, self->residual, n);
  double peak = isfinite (block) ? largest (self->residual, n) : INFINITY;

  *squares += isfinite (block) ? block : INFINITY;
  if (peak <= result->peak)
    return;
  result->peak = peak;
  result->worst_frame = at + first_from (self->residual, peak) / self->master->channels;
}

static gboolean
compare (Comparison *self, SlNullResult *result, const SlProgress *progress, GError **error)
{
  gint64 length = self->master->length;
  double squares = 0.0;
  gint64 frames;

  for (gint64 at = 0; at < length; at += frames)
    {
      frames = MIN (SL_BLOCK_FRAMES, length - at);
      if (!compute_residual (self, at, frames, error))
        return FALSE;
      note_block (self, at, frames * self->master->channels, result, &squares);
      if (!sl_progress_report (progress, at + frames, length, error))
        return FALSE;
    }
  result->rms = length > 0 ? sqrt (squares / ((double) length * self->master->channels)) : 0.0;
  return TRUE;
}

/* Adds one block of the second around the worst frame. */
static gboolean
add_block (Comparison *self, gint64 at, gint64 frames, Sums *sums, GError **error)
{
  const double unity = 1.0;
  gint64 n = frames * self->master->channels;

  if (!compute_residual (self, at, frames, error))
    return FALSE;
  sums->residual += dot (self->residual, self->residual, n);
  for (guint i = 0; i < self->n_stems; i++)
    {
      if (!sum_stems (self, &self->stems[i], &unity, 1, at, frames, self->stem, error))
        return FALSE;
      sums->stems[i] += dot (self->stem, self->stem, n);
      sums->products[i] += dot (self->stem, self->residual, n);
    }
  return TRUE;
}

static void
pick_suspect (const Sums *sums, guint n_stems, SlNullResult *result)
{
  for (guint i = 0; i < n_stems; i++)
    {
      double r = fabs (sums->products[i]) / sqrt (sums->residual * sums->stems[i]);

      if (r > result->suspect_correlation)
        {
          result->suspect = (int) i;
          result->suspect_correlation = MIN (r, 1.0);
        }
    }
}

static gboolean
find_suspect (Comparison *self, SlNullResult *result, GError **error)
{
  g_autofree double *stems = g_new0 (double, self->n_stems);
  g_autofree double *products = g_new0 (double, self->n_stems);
  Sums sums = { 0.0, stems, products };
  gint64 half = self->master->rate_hz / 2;
  gint64 end = MIN (result->worst_frame + half + 1, self->master->length);
  gint64 frames;

  for (gint64 at = MAX (result->worst_frame - half, 0); at < end; at += frames)
    {
      frames = MIN (SL_BLOCK_FRAMES, end - at);
      if (!add_block (self, at, frames, &sums, error))
        return FALSE;
    }
  pick_suspect (&sums, self->n_stems, result);
  return TRUE;
}

gboolean
sl_null_test (SlSource *master,
              SlSource *const *stems,
              const double *gains,
              guint n_stems,
              gboolean clamp,
              double limit,
              SlNullResult *result,
              const SlProgress *progress,
              GError **error)
{
  g_auto (Comparison) self = { master, stems, gains, n_stems, clamp };

  *result = (SlNullResult){ .suspect = -1 };
  if (!check_stems (&self, error))
    return FALSE;
  comparison_allocate (&self);
  if (!compare (&self, result, progress, error))
    return FALSE;
  return result->peak <= limit || find_suspect (&self, result, error);
}
