/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/refiner.h"

#include "engine/align/dot.h"
#include "engine/align/reducer.h"
#include "engine/base/units.h"

#include <math.h>
#include <string.h>

/* Compared on either side of a join: a beat or two. Long enough to tell one bar from the next,
 * short enough not to reach into a repeat that was played a little earlier or later. */
#define COMPARED_MS 1000.0

/* Searched first; where that is a pause (a tenth of the power), all that is compared. */
#define SEARCHED_MS 500.0
#define PAUSE 0.1

/* Less is too little to compare, or to call "what follows". */
#define MIN_COMPARED_MS 20.0
#define MIN_FOLLOWING_MS 100.0

/* The search looks at steps of 90 µs first: a quarter of a period at 2.8 kHz. */
#define COARSE_HZ 11025

#define SILENT_POWER 1e-12

/* Of the power: what moves less than this around an offset is rounding. */
#define STEADY 1e-5

#define MAX_LEVEL_DB 120.0

/* A stretch of the source, by channel and as mono. */
typedef struct
{
  gint64 start;
  gint64 frames;
  gint64 room; /* frames that fit */
  float *planes;
  float *mono;
} Stretch;

struct _SlRefiner
{
  SlSource *source; /* borrowed */
  gint64 join;
  gint64 limit;
  gint64 compared;
  float *block;
  Stretch here;
  Stretch there;
  double *energy; /* [i]: of the first i frames of there.mono */
};

static void
stretch_make_room (Stretch *stretch, int channels, gint64 room)
{
  if (room <= stretch->room)
    return;
  g_free (stretch->planes);
  g_free (stretch->mono);
  stretch->room = room;
  stretch->planes = g_new (float, room *channels);
  stretch->mono = g_new (float, room);
}

static void
stretch_clear (Stretch *stretch)
{
  g_free (stretch->planes);
  g_free (stretch->mono);
}

static float *
plane (const Stretch *stretch, int channel, gint64 frame)
{
  return stretch->planes + channel * stretch->room + (frame - stretch->start);
}

static void
deinterleave (Stretch *stretch, const float *block, int channels, gint64 at, gint64 frames)
{
  for (int c = 0; c < channels; c++)
    {
      float *out = plane (stretch, c, at);
      for (gint64 i = 0; i < frames; i++)
        out[i] = block[i * channels + c];
    }
}

/* Reads [@from, @to) as far as it lies inside the source. */
static gboolean
stretch_read (Stretch *stretch, SlRefiner *self, gint64 from, gint64 to, GError **error)
{
  int channels = self->source->channels;

  from = MAX (from, 0);
  to = MIN (to, self->source->length);
  stretch_make_room (stretch, channels, to - from);
  stretch->start = from;
  stretch->frames = to - from;
  for (gint64 at = from; at < to; at += SL_BLOCK_FRAMES)
    {
      gint64 frames = MIN (SL_BLOCK_FRAMES, to - at);

      if (!sl_source_read_at (self->source, at, self->block, frames, error))
        return FALSE;
      deinterleave (stretch, self->block, channels, at, frames);
      sl_reducer_mix (self->block, channels, frames, stretch->mono + (at - from));
    }
  return TRUE;
}

SlRefiner *
sl_refiner_new (SlSource *source, gint64 join, gint64 limit, GError **error)
{
  g_autoptr (SlRefiner) self = g_new0 (SlRefiner, 1);

  self->source = source;
  self->join = join;
  self->limit = MAX (limit, join);
  self->compared = MAX (1, sl_frames_from_ms (COMPARED_MS, source->rate_hz));
  self->block = g_new (float, SL_BLOCK_FRAMES * source->channels);
  if (!stretch_read (&self->here, self, join - self->compared,
                     MIN (self->limit, join + self->compared), error))
    return NULL;
  return g_steal_pointer (&self);
}

gint64
sl_refiner_get_join (const SlRefiner *self)
{
  return self->join;
}

gint64
sl_refiner_get_full_length (const SlRefiner *self)
{
  return MIN (self->compared, self->join);
}

static void
sum_energy (SlRefiner *self)
{
  double sum = 0.0;

  self->energy = g_renew (double, self->energy, self->there.frames + 1);
  self->energy[0] = 0.0;
  for (gint64 i = 0; i < self->there.frames; i++)
    {
      sum += (double) self->there.mono[i] * (double) self->there.mono[i];
      self->energy[i + 1] = sum;
    }
}

/* Of the @n frames before the join with those before the join less @lag. The energy here is the
 * same for all lags and left out. */
static double
likeness (const SlRefiner *self, gint64 lag, gint64 n)
{
  gint64 here = self->join - n - self->here.start;
  gint64 there = self->join - lag - n - self->there.start;
  double energy = self->energy[there + n] - self->energy[there];

  return energy <= 0.0
             ? 0.0
             : sl_dot (self->here.mono + here, self->there.mono + there, n) / sqrt (energy);
}

static gint64
best_lag (const SlRefiner *self, gint64 from, gint64 to, gint64 step, gint64 middle, gint64 n)
{
  gint64 best = middle;
  double most = likeness (self, middle, n);

  for (gint64 lag = from; lag <= to; lag += step)
    {
      double likely = likeness (self, lag, n);
      if (likely > most)
        {
          most = likely;
          best = lag;
        }
    }
  return best;
}

static gint64
searched_length (const SlRefiner *self, gint64 available)
{
  gint64 n = MIN (available, sl_frames_from_ms (SEARCHED_MS, self->source->rate_hz));
  const float *end = self->here.mono + (self->join - self->here.start);
  double recent = sl_dot (end - n, end - n, n) / (double) MAX (n, 1);
  double all = sl_dot (end - available, end - available, available) / (double) MAX (available, 1);

  return recent < PAUSE * all ? available : n;
}

static gint64
search (SlRefiner *self, gint64 lag, gint64 radius)
{
  gint64 available = MIN (self->compared, self->join - lag - radius);
  gint64 step = MAX (1, self->source->rate_hz / COARSE_HZ);
  gint64 from = MAX (1, lag - radius);
  gint64 to = lag + radius;
  gint64 n;

  if (radius == 0 || available < sl_frames_from_ms (MIN_COMPARED_MS, self->source->rate_hz))
    return lag;
  sum_energy (self);
  n = searched_length (self, available);
  lag = best_lag (self, from, to, step, lag, n);
  return best_lag (self, MAX (from, lag - step), MIN (to, lag + step), 1, lag, n);
}

static double
sum (const float *x, gint64 n)
{
  static const float ones[SL_DOT_CHUNK] = { [0 ... SL_DOT_CHUNK - 1] = 1.0f };
  double total = 0.0;

  for (gint64 i = 0; i < n; i += SL_DOT_CHUNK)
    total += sl_dot_lanes (x + i, ones, MIN (SL_DOT_CHUNK, n - i));
  return total;
}

/* Pearson's correlation over all channels of @n frames from @frame with those @lag earlier: an
 * offset common to both must not look like a match. */
static double
correlate (const SlRefiner *self, gint64 frame, gint64 lag, gint64 n)
{
  double power_x = 0.0;
  double power_y = 0.0;
  double xx = 0.0;
  double yy = 0.0;
  double xy = 0.0;

  for (int c = 0; c < self->source->channels; c++)
    {
      const float *x = plane (&self->here, c, frame);
      const float *y = plane (&self->there, c, frame - lag);
      double sum_x = sum (x, n);
      double sum_y = sum (y, n);

      power_x += sl_dot (x, x, n);
      power_y += sl_dot (y, y, n);
      xy += sl_dot (x, y, n) - sum_x * sum_y / (double) MAX (n, 1);
      xx -= sum_x * sum_x / (double) MAX (n, 1);
      yy -= sum_y * sum_y / (double) MAX (n, 1);
    }
  xx += power_x;
  yy += power_y;
  if (MIN (xx, yy) <= SILENT_POWER * (double) n || xx <= STEADY * power_x || yy <= STEADY * power_y)
    return 0.0;
  return CLAMP (xy / sqrt (xx * yy), -1.0, 1.0);
}

static double
mean_power (const SlRefiner *self, const Stretch *stretch, gint64 frame, gint64 n)
{
  double power = 0.0;

  if (n < 1)
    return 0.0;
  for (int c = 0; c < self->source->channels; c++)
    power += sl_dot (plane (stretch, c, frame), plane (stretch, c, frame), n);
  return power / (double) (n * self->source->channels);
}

static double
ratio_db (double power, double reference)
{
  if (MAX (power, reference) <= SILENT_POWER)
    return 0.0;
  return CLAMP (10.0 * log10 (MAX (power, SILENT_POWER) / MAX (reference, SILENT_POWER)),
                -MAX_LEVEL_DB, MAX_LEVEL_DB);
}

/* The level after the jump against that before it. */
static double
level_change_db (const SlRefiner *self, gint64 lag)
{
  gint64 before = MIN (self->compared, self->join);
  gint64 target = self->join - lag;
  gint64 after = MIN (self->compared, self->there.start + self->there.frames - target);

  return ratio_db (mean_power (self, &self->there, target, after),
                   mean_power (self, &self->here, self->join - before, before));
}

/* The level of the @n frames before the join against that of those before the jump's target. */
static double
gain_db (const SlRefiner *self, gint64 lag, gint64 n)
{
  return ratio_db (mean_power (self, &self->here, self->join - n, n),
                   mean_power (self, &self->there, self->join - lag - n, n));
}

static double
compare_following (const SlRefiner *self, gint64 lag)
{
  gint64 n = MIN (self->compared, self->limit - self->join);

  if (n < sl_frames_from_ms (MIN_FOLLOWING_MS, self->source->rate_hz))
    return 1.0;
  return correlate (self, self->join, lag, n);
}

gboolean
sl_refiner_measure (SlRefiner *self, gint64 lag, gint64 radius, SlMatch *match, GError **error)
{
  gint64 target = self->join - lag;

  radius = MIN (radius, MIN (lag - 1, target));
  if (!stretch_read (&self->there, self, target - radius - self->compared,
                     target + radius + self->compared, error))
    return FALSE;
  match->lag = search (self, lag, radius);
  match->length = MIN (self->compared, self->join - match->lag);
  if (match->length < sl_frames_from_ms (MIN_COMPARED_MS, self->source->rate_hz))
    match->length = 0;
  match->correlation = correlate (self, self->join - match->length, match->lag, match->length);
  match->gain_db = gain_db (self, match->lag, match->length);
  match->following = compare_following (self, match->lag);
  match->level_db = level_change_db (self, match->lag);
  return TRUE;
}

void
sl_refiner_free (SlRefiner *self)
{
  if (self == NULL)
    return;
  stretch_clear (&self->here);
  stretch_clear (&self->there);
  g_free (self->block);
  g_free (self->energy);
  g_free (self);
}
