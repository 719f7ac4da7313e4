/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/fades.h"

#include "engine/align/crossfade.h"
#include "engine/align/onsets.h"
#include "engine/align/pair.h"
#include "engine/align/seam.h"
#include "engine/align/spans.h"
#include "engine/base/units.h"

#include <math.h>

/* A stretch this long without an onset is not given up for a longer one. */
#define ENOUGH_MS 50.0

/* What an onset needs to be heard as it is. */
#define ATTACK_MS 5.0

/* Shorter fades than this are left to onsets alone. */
#define SHORTEST_MS 10.0
#define NEXT_LENGTH 0.7

/* Where no length keeps the level, the fade may end so much earlier. */
#define MOST_SHIFT_HOPS 100
#define SHIFT_HOPS 5

/* The level is kept, in what the verdict calls a window, well within what it calls a pass. */
#define HOP_MS 1.0
#define WINDOW_HOPS 10
#define LEVEL_DB (0.9 * SL_SEAM_LEVEL_PASS_DB)

/* Fitting fewer seams than this is only the beginning of the work, as progress is told. */
#define FEW_SEAMS 100

/* What the verdict does not count, in power: 30 dB below the louder, and -60 dBFS. */
#define PART_OF_LOUDER 1e-3
#define QUIET 1e-6

/* What sounds together, and what of it should. */
typedef struct
{
  SlPair pair; ///< first, since overlaps are looked up by it
  gint64 from; ///< of its frames the fade takes [from, to)
  gint64 to;
  gint64 join; ///< of its frames the one on which somebody wants the fade to be; -1: anywhere
} Overlap;

/* Of one hop, of one channel. */
typedef struct
{
  double aa;
  double bb;
  double ab;
} Products;

typedef struct
{
  SlSource *source;  /* borrowed */
  GHashTable *known; /* of Overlap, by its pair */
  gint64 join;       /* source frame, or -1 */
  float *a;
  float *b;
} Fitting;

/* --- onsets --- */

static int
compare_frames (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

/* Appends the onsets of a stretch, counted from its first frame. */
static gboolean
add_onsets (SlSource *source, gint64 from, gint64 length, GArray *onsets, GError **error)
{
  guint before = onsets->len;

  if (!sl_onsets_find (source, from, from + length, onsets, error))
    return FALSE;
  for (guint i = before; i < onsets->len; i++)
    g_array_index (onsets, gint64, i) -= from;
  return TRUE;
}

static gboolean
touches_join (const Overlap *overlap, gint64 from, gint64 to)
{
  return overlap->join < 0 || (from <= overlap->join && overlap->join <= to);
}

static void
take_if_better (Overlap *overlap, gint64 from, gint64 to, gint64 enough)
{
  if (touches_join (overlap, from, to)
      && to - from >= MIN (enough, MAX (1, overlap->to - overlap->from)))
    {
      overlap->from = from;
      overlap->to = to;
    }
}

/* What still hides a step where there is no room: 1 ms, up to the join or from the start on. */
static void
take_shortest (Overlap *overlap, int rate_hz)
{
  gint64 frames = MIN (overlap->pair.length, MAX (1, sl_frames_from_ms (1.0, rate_hz)));

  overlap->from = MAX (0, overlap->join - frames);
  overlap->to = overlap->from + frames;
}

/* Sets the fade to the last stretch between @onsets that is long enough, else to the longest. */
static void
choose_stretch (Overlap *overlap, const GArray *onsets, int rate_hz)
{
  gint64 attack = sl_frames_from_ms (ATTACK_MS, rate_hz);
  gint64 enough = sl_frames_from_ms (ENOUGH_MS, rate_hz);
  gint64 start = 0;

  overlap->from = overlap->to = 0;
  for (guint i = 0; i < onsets->len; i++)
    {
      gint64 onset = g_array_index (onsets, gint64, i);

      take_if_better (overlap, start, onset, enough);
      start = onset + attack;
    }
  take_if_better (overlap, start, overlap->pair.length, enough);
  if (overlap->to <= overlap->from)
    take_shortest (overlap, rate_hz);
}

static gboolean
keep_off_onsets (SlSource *source, Overlap *overlap, GError **error)
{
  g_autoptr (GArray) onsets = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!add_onsets (source, overlap->pair.left, overlap->pair.length, onsets, error)
      || !add_onsets (source, overlap->pair.right, overlap->pair.length, onsets, error))
    return FALSE;
  g_array_sort (onsets, compare_frames);
  choose_stretch (overlap, onsets, source->rate_hz);
  return TRUE;
}

/* --- level --- */

static void
add_products (const Fitting *self, gint64 frames, gint64 hop, gint64 last, Products *products)
{
  int channels = self->source->channels;

  for (gint64 i = 0; i < frames; i++)
    for (int c = 0; c < channels; c++)
      {
        Products *sum = &products[(last - i / hop) * channels + c];
        double a = (double) self->a[i * channels + c];
        double b = (double) self->b[i * channels + c];

        sum->aa += a * a;
        sum->bb += b * b;
        sum->ab += a * b;
      }
}

/* The products of the @n hops before overlap->to, channel by channel, the last hop first. */
static gboolean
read_products (const Fitting *self,
               const Overlap *overlap,
               gint64 hop,
               Products *products,
               gint64 n,
               GError **error)
{
  gint64 most = SL_BLOCK_FRAMES / hop;

  for (gint64 h = 0; h < n; h += most)
    {
      gint64 at = overlap->to - (n - h) * hop;
      gint64 frames = MIN (most, n - h) * hop;

      if (!sl_source_read_at (self->source, overlap->pair.left + at, self->a, frames, error)
          || !sl_source_read_at (self->source, overlap->pair.right + at, self->b, frames, error))
        return FALSE;
      add_products (self, frames, hop, n - 1 - h, products);
    }
  return TRUE;
}

static Products
total_of (const Products *products, gint64 n)
{
  Products total = { 0 };

  for (gint64 i = 0; i < n; i++)
    {
      total.aa += products[i].aa;
      total.bb += products[i].bb;
      total.ab += products[i].ab;
    }
  return total;
}

/* How far the level of the channel leaves that of its segments, in dB, in the window of @hops hops
 * from @first on, of a fade of @n hops with correlation @r; 0 where it is below @least a hop. */
static double
window_db (const Products *products,
           int channels,
           gint64 first,
           gint64 hops,
           gint64 n,
           double r,
           double least)
{
  double rendered = 0.0;
  double expected = 0.0;

  for (gint64 h = first; h < first + hops; h++)
    {
      const Products *one = &products[h * channels];
      double t = 1.0 - ((double) h + 0.5) / (double) n;
      double a, b;

      sl_crossfade_gains (t, r, &a, &b);
      rendered += a * a * one->aa + b * b * one->bb + 2.0 * a * b * one->ab;
      expected += (1.0 - t) * one->aa + t * one->bb;
    }
  if (expected <= least * (double) hops)
    return 0.0;
  return fabs (10.0 * log10 (fmax (rendered / expected, QUIET)));
}

/* The farthest that the level leaves that of the segments in a fade over the first @n hops. */
static double
worst_db (const Products *products, int channels, gint64 n, double quiet)
{
  Products all = total_of (products, n * channels);
  double r = fmin (all.aa, all.bb) > 0.0 ? all.ab / sqrt (all.aa * all.bb) : 0.0;
  gint64 window = MIN (WINDOW_HOPS, n);
  double worst = 0.0;

  for (int c = 0; c < channels; c++)
    {
      Products own = { 0 };

      for (gint64 h = 0; h < n; h++)
        {
          own.aa += products[h * channels + c].aa;
          own.bb += products[h * channels + c].bb;
        }
      for (gint64 h = 0; h + window <= n; h += MAX (1, window / 2))
        worst
            = fmax (worst,
                    window_db (products + c, channels, h, window, n, r,
                               fmax (quiet, PART_OF_LOUDER * fmax (own.aa, own.bb) / (double) n)));
    }
  return worst;
}

/* A fade of @length hops that ends @shift hops before the stretch does. */
typedef struct
{
  gint64 shift;
  gint64 length;
  double db; /* how far the level leaves that of the segments */
} Fade;

/* Lets *@best be the longest fade of the first @n hops or fewer that keeps the level, or the one
 * that keeps it best, if it is better than *@best. */
static void
try_lengths (const Products *products,
             int channels,
             gint64 shift,
             gint64 n,
             gint64 shortest,
             double quiet,
             Fade *best)
{
  for (gint64 hops = n; hops >= shortest && best->db > LEVEL_DB;
       hops = (gint64) ((double) hops * NEXT_LENGTH))
    {
      double db = worst_db (products, channels, hops, quiet);

      if (db < best->db)
        *best = (Fade){ shift, hops, db };
    }
}

/* The fade for @n hops, the last of which come first in @products, at most @most_shift earlier. */
static Fade
choose_fade (const Products *products,
             int channels,
             gint64 n,
             gint64 shortest,
             gint64 most_shift,
             double quiet)
{
  Fade best = { 0, n, INFINITY };

  for (gint64 shift = 0; shift <= MIN (most_shift, n - shortest); shift += SHIFT_HOPS)
    try_lengths (products + shift * channels, channels, shift, n - shift, shortest, quiet, &best);
  return best;
}

static gboolean
keep_level (const Fitting *self, Overlap *overlap, GError **error)
{
  int channels = self->source->channels;
  gint64 hop = CLAMP (sl_frames_from_ms (HOP_MS, self->source->rate_hz), 1, SL_BLOCK_FRAMES);
  gint64 n = (overlap->to - overlap->from) / hop;
  gint64 shortest = MAX (1, sl_frames_from_ms (SHORTEST_MS, self->source->rate_hz) / hop);
  gint64 most_shift = MOST_SHIFT_HOPS;
  g_autofree Products *products = g_new0 (Products, MAX (1, n) * channels);
  Fade fade;

  /* A fade that has to be on the join ends where it does, and reaches back to it. */
  if (overlap->join >= 0)
    {
      shortest = MAX (shortest, (overlap->to - overlap->join + hop - 1) / hop);
      most_shift = 0;
    }
  if (n <= shortest)
    return TRUE;
  if (!read_products (self, overlap, hop, products, n, error))
    return FALSE;
  fade = choose_fade (products, channels, n, shortest, most_shift, QUIET * (double) hop);
  if (fade.length == n)
    return TRUE;
  overlap->to -= fade.shift * hop;
  overlap->from = overlap->to - fade.length * hop;
  return TRUE;
}

/* --- the plan --- */

static gboolean
fit (Fitting *self, Overlap *overlap, GError **error)
{
  const Overlap *known = g_hash_table_lookup (self->known, overlap);

  if (known != NULL)
    {
      *overlap = *known;
      return TRUE;
    }
  if (!keep_off_onsets (self->source, overlap, error) || !keep_level (self, overlap, error))
    return FALSE;
  g_hash_table_add (self->known, g_memdup2 (overlap, sizeof *overlap));
  return TRUE;
}

static gboolean
fit_seam (Fitting *self, SlPlan *plan, const SlSeam *seam, GError **error)
{
  SlSegment *left = &g_array_index (plan->segments, SlSegment, seam->left);
  SlSegment *right = left + 1;
  Overlap overlap = { .join = -1 };

  if (seam->overlap == 0)
    return TRUE;
  overlap.pair = sl_pair_of (plan, seam);
  if (self->join >= overlap.pair.left && self->join <= overlap.pair.left + overlap.pair.length)
    overlap.join = self->join - overlap.pair.left;
  if (!fit (self, &overlap, error))
    return FALSE;
  left->length -= overlap.pair.length - overlap.to;
  right->dest += overlap.from;
  right->source += overlap.from;
  right->length -= overlap.from;
  left->fade_out = right->fade_in = overlap.to - overlap.from;
  return TRUE;
}

gboolean
sl_plan_fit_fades (SlPlan *plan,
                   SlSource *source,
                   gint64 join,
                   const SlProgress *progress,
                   GError **error)
{
  g_autoptr (GArray) seams = sl_plan_get_seams (plan);
  g_autoptr (GHashTable) known = g_hash_table_new_full (sl_pair_hash, sl_pair_equal, g_free, NULL);
  g_autofree float *a = g_new (float, SL_BLOCK_FRAMES * source->channels);
  g_autofree float *b = g_new (float, SL_BLOCK_FRAMES * source->channels);
  Fitting self = { source, known, join, a, b };

  if (!sl_plan_check_source (plan, source, error))
    return FALSE;
  for (guint i = 0; i < seams->len; i++)
    if (!sl_progress_report (progress, i, MAX (seams->len, FEW_SEAMS), error)
        || !fit_seam (&self, plan, &g_array_index (seams, SlSeam, i), error))
      return FALSE;
  return TRUE;
}
