/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/render.h"

#include "engine/align/pair.h"
#include "engine/align/spans.h"
#include "engine/base/units.h"

#include <math.h>

/* Partial sums kept apart, so that the loop can be vectorised without reordering additions. */
#define LANES 8

/* Mean square of a signal at SL_SILENCE_DB. */
#define SILENT_POWER 1e-12

typedef struct
{
  double xx[LANES];
  double yy[LANES];
  double xy[LANES];
} Sums;

/* What a measurement holds while it runs. */
typedef struct
{
  SlSource *source;
  const SlProgress *progress;
  GHashTable *known; ///< SlPair to double: the correlations already measured
  float *x;
  float *y;
  gint64 done; ///< frames of overlap measured, out of total
  gint64 total;
} Measurement;

static void
add_products (Sums *sums, const float *restrict x, const float *restrict y, gint64 samples)
{
  Sums s = *sums;
  gint64 i;

  for (i = 0; i + LANES <= samples; i += LANES)
    for (int k = 0; k < LANES; k++)
      {
        double u = x[i + k];
        double v = y[i + k];

        s.xx[k] += u * u;
        s.yy[k] += v * v;
        s.xy[k] += u * v;
      }
  for (; i < samples; i++)
    {
      s.xx[0] += (double) x[i] * x[i];
      s.yy[0] += (double) y[i] * y[i];
      s.xy[0] += (double) x[i] * y[i];
    }
  *sums = s;
}

static double
total_of (const double *lanes)
{
  double total = 0.0;

  for (int k = 0; k < LANES; k++)
    total += lanes[k];
  return total;
}

/* Comparisons are written so that NaN in the audio gives 0. */
static double
correlation_of (const Sums *sums, gint64 samples)
{
  double xx = total_of (sums->xx);
  double yy = total_of (sums->yy);
  double silent = SILENT_POWER * (double) samples;
  double r;

  if (!(xx > silent && yy > silent))
    return 0.0;
  r = total_of (sums->xy) / sqrt (xx * yy);
  if (!(r > 0.0))
    return 0.0;
  return MIN (r, 1.0);
}

static gboolean
measure_pair (Measurement *m, const SlPair *pair, double *r, GError **error)
{
  Sums sums = { 0 };
  int channels = m->source->channels;

  for (gint64 at = 0; at < pair->length; at += SL_BLOCK_FRAMES)
    {
      gint64 n = MIN (pair->length - at, SL_BLOCK_FRAMES);

      if (!sl_progress_report (m->progress, m->done + at, m->total, error)
          || !sl_source_read_at (m->source, pair->left + at, m->x, n, error)
          || !sl_source_read_at (m->source, pair->right + at, m->y, n, error))
        return FALSE;
      add_products (&sums, m->x, m->y, n * channels);
    }
  *r = correlation_of (&sums, pair->length * channels);
  return TRUE;
}

static gboolean
correlation_of_pair (Measurement *m, const SlPair *pair, double *r, GError **error)
{
  const double *known = g_hash_table_lookup (m->known, pair);

  if (known != NULL)
    {
      *r = *known;
      return TRUE;
    }
  if (!measure_pair (m, pair, r, error))
    return FALSE;
  g_hash_table_insert (m->known, g_memdup2 (pair, sizeof *pair), g_memdup2 (r, sizeof *r));
  return TRUE;
}

static gboolean
measure_seam (Measurement *m, SlPlan *plan, const SlSeam *seam, GError **error)
{
  SlSegment *right = &g_array_index (plan->segments, SlSegment, seam->left + 1);
  SlPair pair;

  right->correlation = 0.0;
  if (seam->overlap == 0)
    return TRUE;
  pair = sl_pair_of (plan, seam);
  if (!correlation_of_pair (m, &pair, &right->correlation, error))
    return FALSE;
  m->done += seam->overlap;
  return TRUE;
}

static gint64
total_overlap (const GArray *seams)
{
  gint64 total = 0;

  for (guint i = 0; i < seams->len; i++)
    total += g_array_index (seams, SlSeam, i).overlap;
  return total;
}

gboolean
sl_plan_measure_correlations (SlPlan *plan,
                              SlSource *source,
                              const SlProgress *progress,
                              GError **error)
{
  g_autoptr (GArray) seams = sl_plan_get_seams (plan);
  g_autoptr (GHashTable) known
      = g_hash_table_new_full (sl_pair_hash, sl_pair_equal, g_free, g_free);
  gsize samples = (gsize) SL_BLOCK_FRAMES * (gsize) source->channels;
  g_autofree float *x = g_new (float, samples);
  g_autofree float *y = g_new (float, samples);
  Measurement m = { source, progress, known, x, y, 0, total_overlap (seams) };

  if (!sl_plan_check_source (plan, source, error))
    return FALSE;
  for (guint i = 0; i < seams->len; i++)
    if (!measure_seam (&m, plan, &g_array_index (seams, SlSeam, i), error))
      return FALSE;
  return TRUE;
}
