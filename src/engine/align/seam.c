/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/seam.h"

#include "engine/align/crossfade.h"
#include "engine/align/step_rank.h"
#include "engine/base/units.h"

#include <math.h>
#include <string.h>

/* Around the overlap, steps are looked at this far and levels that far. */
#define STEP_MARGIN_MS 2.0
#define LEVEL_MARGIN_MS 20.0

/* A level window of 10 ms is two hops. */
#define LEVEL_HOP_MS 5.0

/* Windows this much below the louder segment, or below this level, do not count. */
#define LEVEL_RANGE_DB 30.0
#define LEVEL_FLOOR_DB (-60.0)

/* Steps of the music are learnt within this of the seam; so many of them may be larger. */
#define MUSIC_SECONDS 1
#define MUSIC_QUANTILE 0.999

/* A step smaller than this (-80 dBFS) is no click, however still the music is. */
#define STEP_FLOOR 1e-4

/* Without an overlap, this much before the seam tells whether its sides match. */
#define MATCH_MS 50.0

/* Power of a signal at SL_SILENCE_DB. */
#define SILENT_POWER 1e-12

/* What is measured, and the stretch of the target that belongs to this seam alone. */
typedef struct
{
  const SlSegment *left;
  const SlSegment *right;
  const SlSeam *seam;
  SlSource *source;
  SlSource *rendered;
  gint64 first; ///< first frame in which only these two segments sound, unfaded but for the seam
  gint64 end;   ///< one past the last
  int channels;
} Context;

/* One block of the target: the render and the two segments, unfaded. */
typedef struct
{
  float *render;
  float *a;
  float *b;
} Blocks;

static void
blocks_clear (Blocks *blocks)
{
  g_free (blocks->render);
  g_free (blocks->a);
  g_free (blocks->b);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Blocks, blocks_clear)

static Blocks
blocks_make (gint64 frames, int channels)
{
  Blocks blocks = { g_new (float, frames *channels), g_new (float, frames *channels),
                    g_new (float, frames *channels) };

  return blocks;
}

static gint64
segment_end (const SlSegment *segment)
{
  return segment->dest + segment->length;
}

static void
context_init (Context *self,
              const SlPlan *plan,
              const SlSeam *seam,
              SlSource *source,
              SlSource *rendered)
{
  self->left = &g_array_index (plan->segments, SlSegment, seam->left);
  self->right = self->left + 1;
  self->seam = seam;
  self->source = source;
  self->rendered = rendered;
  self->channels = source->channels;
  /* The fades of the neighbouring seams are theirs. A fade against silence belongs to this one. */
  self->first = self->left->dest + self->left->fade_in;
  self->end = segment_end (self->right) - self->right->fade_out;
  self->first = MIN (self->first, seam->position);
  self->end = MAX (self->end, seam->position + seam->overlap);
}

/* The unfaded audio of @segment at target frames [from, from + n); 0 where it does not sound. */
static gboolean
read_segment (const Context *self,
              const SlSegment *segment,
              gint64 from,
              gint64 n,
              float *out,
              GError **error)
{
  gint64 start = CLAMP (segment->dest, from, from + n);
  gint64 end = CLAMP (segment_end (segment), from, from + n);

  memset (out, 0, (gsize) (n * self->channels) * sizeof *out);
  if (segment->source < 0 || end <= start)
    return TRUE;
  return sl_source_read_at (self->source, segment->source + start - segment->dest,
                            out + (start - from) * self->channels, end - start, error);
}

static gboolean
read_blocks (const Context *self, gint64 from, gint64 n, Blocks *blocks, GError **error)
{
  return sl_source_read_at (self->rendered, from, blocks->render, n, error)
         && read_segment (self, self->left, from, n, blocks->a, error)
         && read_segment (self, self->right, from, n, blocks->b, error);
}

/* --- step --- */

typedef struct
{
  double render;  ///< largest step of the render
  double segment; ///< largest step of either segment
  gint64 frame;   ///< where the render's is
} Steps;

static gboolean
sounds (const SlSegment *segment, gint64 frame)
{
  return segment->source >= 0 && frame > segment->dest && frame < segment_end (segment);
}

/* Steps into each frame of a block whose first frame is there only to step from. */
static void
add_steps (const Context *self, const Blocks *blocks, gint64 from, gint64 n, Steps *steps)
{
  int channels = self->channels;

  for (gint64 i = 1; i < n; i++)
    {
      gboolean in_left = sounds (self->left, from + i);
      gboolean in_right = sounds (self->right, from + i);

      for (int c = 0; c < channels; c++)
        {
          gint64 k = i * channels + c;
          double render = fabs ((double) blocks->render[k] - blocks->render[k - channels]);

          if (in_left)
            steps[c].segment
                = fmax (steps[c].segment, fabs ((double) blocks->a[k] - blocks->a[k - channels]));
          if (in_right)
            steps[c].segment
                = fmax (steps[c].segment, fabs ((double) blocks->b[k] - blocks->b[k - channels]));
          if (render > steps[c].render)
            {
              steps[c].render = render;
              steps[c].frame = from + i;
            }
        }
    }
}

static gboolean
measure_steps (const Context *self, Blocks *blocks, Steps *steps, GError **error)
{
  gint64 margin = sl_frames_from_ms (STEP_MARGIN_MS, self->rendered->rate_hz);
  gint64 from = MAX (self->first, self->seam->position - margin);
  gint64 end = MIN (self->end, self->seam->position + self->seam->overlap + margin);

  /* The step into the first frame counts too. */
  from = MAX (from - 1, 0);
  while (end - from > 1)
    {
      gint64 n = MIN (SL_BLOCK_FRAMES, end - from);

      if (!read_blocks (self, from, n, blocks, error))
        return FALSE;
      add_steps (self, blocks, from, n, steps);
      from += n - 1;
    }
  return TRUE;
}

/* How large steps are around the seam when there is none: per channel. */
static gboolean
measure_music (const Context *self, double *percentiles, GError **error)
{
  gint64 reach = (gint64) MUSIC_SECONDS * self->rendered->rate_hz;
  gint64 middle = self->seam->position + self->seam->overlap / 2;
  gint64 from = MAX (0, middle - reach);
  gint64 n = MIN (self->rendered->length, middle + reach) - from;

  return sl_step_rank (self->rendered, from, n, MUSIC_QUANTILE, percentiles, error);
}

static gboolean
measure_step (const Context *self, Blocks *blocks, SlSeamQuality *quality, GError **error)
{
  Steps steps[SL_MAX_CHANNELS] = { 0 };
  double music[SL_MAX_CHANNELS] = { 0 };

  if (!measure_steps (self, blocks, steps, error) || !measure_music (self, music, error))
    return FALSE;
  quality->step = 0.0;
  quality->step_frame = self->seam->position;
  for (int c = 0; c < self->channels; c++)
    {
      double usual = fmax (fmax (steps[c].segment, music[c]), STEP_FLOOR);
      double ratio = steps[c].render / usual;

      if (ratio > quality->step)
        {
          quality->step = ratio;
          quality->step_frame = steps[c].frame;
        }
    }
  return TRUE;
}

/* --- level --- */

/* Energies of one hop, of one channel. */
typedef struct
{
  double render;
  double expected; ///< (1 - t) · A² + t · B², summed
  double a;
  double b;
} Hop;

/* t of the crossfade at target @frame: 0 before the overlap, 1 after it. */
static double
position_at (const Context *self, gint64 frame)
{
  gint64 i = frame - self->seam->position;

  if (i < 0)
    return 0.0;
  return i >= self->seam->overlap ? 1.0 : sl_crossfade_position (i, self->seam->overlap);
}

static void
add_hop (const Context *self, const Blocks *blocks, gint64 from, gint64 n, Hop *hops)
{
  for (gint64 i = 0; i < n; i++)
    {
      double t = position_at (self, from + i);

      for (int c = 0; c < self->channels; c++)
        {
          gint64 k = i * self->channels + c;
          double a = (double) blocks->a[k] * blocks->a[k];
          double b = (double) blocks->b[k] * blocks->b[k];

          hops[c].render += (double) blocks->render[k] * blocks->render[k];
          hops[c].expected += (1.0 - t) * a + t * b;
          hops[c].a += a;
          hops[c].b += b;
        }
    }
}

/* Mean power of the louder segment of channel @c where it sounds. */
static double
louder_power (const Context *self, const Hop *hops, gint64 n_hops, gint64 hop, int c)
{
  double a = 0.0, b = 0.0;
  gint64 end = self->seam->position + self->seam->overlap;
  gint64 from
      = MAX (self->first,
             self->seam->position - sl_frames_from_ms (LEVEL_MARGIN_MS, self->rendered->rate_hz));

  for (gint64 h = 0; h < n_hops; h++)
    {
      a += hops[h * self->channels + c].a;
      b += hops[h * self->channels + c].b;
    }
  return fmax (a / (double) MAX (1, end - from),
               b / (double) MAX (1, from + n_hops * hop - self->seam->position));
}

static void
judge_windows (const Context *self,
               const Hop *hops,
               gint64 n_hops,
               gint64 from,
               gint64 hop,
               SlSeamQuality *quality)
{
  double floor_power = pow (10.0, LEVEL_FLOOR_DB / 10.0);

  for (int c = 0; c < self->channels; c++)
    {
      double least = fmax (floor_power, louder_power (self, hops, n_hops, hop, c)
                                            * pow (10.0, -LEVEL_RANGE_DB / 10.0));

      for (gint64 h = 0; h + 1 < n_hops; h++)
        {
          const Hop *one = &hops[h * self->channels + c];
          const Hop *two = one + self->channels;
          double expected = one->expected + two->expected;
          double db;

          if (expected < least * (double) (2 * hop))
            continue;
          db = 10.0 * log10 (fmax (one->render + two->render, SILENT_POWER) / expected);
          if (fabs (db) > fabs (quality->level_db))
            {
              quality->level_db = db;
              quality->level_frame = from + h * hop;
            }
        }
    }
}

static gboolean
measure_level (const Context *self, Blocks *blocks, SlSeamQuality *quality, GError **error)
{
  int rate_hz = self->rendered->rate_hz;
  gint64 hop = MAX (1, sl_frames_from_ms (LEVEL_HOP_MS, rate_hz));
  gint64 margin = sl_frames_from_ms (LEVEL_MARGIN_MS, rate_hz);
  gint64 from = MAX (self->first, self->seam->position - margin);
  gint64 end = MIN (self->end, self->seam->position + self->seam->overlap + margin);
  gint64 n_hops = (end - from) / hop;
  g_autofree Hop *hops = g_new0 (Hop, MAX (1, n_hops) * self->channels);

  quality->level_db = 0.0;
  quality->level_frame = self->seam->position;
  for (gint64 h = 0; h < n_hops; h++)
    for (gint64 done = 0; done < hop;)
      {
        gint64 n = MIN (SL_BLOCK_FRAMES, hop - done);

        if (!read_blocks (self, from + h * hop + done, n, blocks, error))
          return FALSE;
        add_hop (self, blocks, from + h * hop + done, n, hops + h * self->channels);
        done += n;
      }
  judge_windows (self, hops, n_hops, from, hop, quality);
  return TRUE;
}

/* --- grid and match --- */

/* How far back the seam jumps in the source. */
static gint64
jump_of (const Context *self)
{
  return self->left->source + (self->seam->position - self->left->dest) - self->right->source;
}

static double
measure_grid (const Context *self, const SlGrid *grid)
{
  gint64 jump = jump_of (self);
  gint64 beats;

  if (grid == NULL || !sl_grid_known (grid))
    return NAN;
  beats = sl_grid_nearest_beats (grid, jump);
  return sl_ms_from_frames (ABS (jump - sl_grid_beats_length (grid, beats)),
                            self->rendered->rate_hz);
}

typedef struct
{
  double aa;
  double bb;
  double ab;
} Products;

static gboolean
add_match (const Context *self,
           gint64 left,
           gint64 right,
           gint64 frames,
           Blocks *blocks,
           Products *sum,
           GError **error)
{
  for (gint64 done = 0; done < frames;)
    {
      gint64 n = MIN (SL_BLOCK_FRAMES, frames - done);

      if (!sl_source_read_at (self->source, left + done, blocks->a, n, error)
          || !sl_source_read_at (self->source, right + done, blocks->b, n, error))
        return FALSE;
      for (gint64 k = 0; k < n * self->channels; k++)
        {
          sum->aa += (double) blocks->a[k] * blocks->a[k];
          sum->bb += (double) blocks->b[k] * blocks->b[k];
          sum->ab += (double) blocks->a[k] * blocks->b[k];
        }
      done += n;
    }
  return TRUE;
}

static gboolean
measure_match (const Context *self, Blocks *blocks, SlSeamQuality *quality, GError **error)
{
  gint64 frames = self->seam->overlap;
  gint64 left = self->left->source + (self->seam->position - self->left->dest);
  gint64 right = self->right->source;
  Products sum = { 0 };

  if (frames == 0)
    {
      frames = MIN (sl_frames_from_ms (MATCH_MS, self->rendered->rate_hz), MIN (left, right));
      left -= frames;
      right -= frames;
    }
  if (!add_match (self, left, right, frames, blocks, &sum, error))
    return FALSE;
  if (fmin (sum.aa, sum.bb) > SILENT_POWER * (double) (frames * self->channels))
    quality->match = sum.ab / sqrt (sum.aa * sum.bb);
  return TRUE;
}

gboolean
sl_seam_measure (const SlPlan *plan,
                 const SlSeam *seam,
                 const SlGrid *grid,
                 SlSource *source,
                 SlSource *rendered,
                 SlSeamQuality *quality,
                 GError **error)
{
  Context self;
  g_auto (Blocks) blocks = blocks_make (SL_BLOCK_FRAMES, source->channels);

  g_return_val_if_fail (source->channels == rendered->channels, FALSE);
  g_return_val_if_fail (seam->left + 1 < plan->segments->len, FALSE);

  context_init (&self, plan, seam, source, rendered);
  *quality = (SlSeamQuality){
    .level_db = NAN, .level_frame = seam->position, .grid_ms = NAN, .match = NAN
  };
  if (!measure_step (&self, &blocks, quality, error))
    return FALSE;
  if (self.left->source < 0 || self.right->source < 0)
    return TRUE;
  quality->grid_ms = measure_grid (&self, grid);
  return measure_level (&self, &blocks, quality, error)
         && measure_match (&self, &blocks, quality, error);
}
