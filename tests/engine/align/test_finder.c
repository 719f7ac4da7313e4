/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/finder.h"

#include "../../support/failing_source.h"
#include "../../support/memory_source.h"
#include "../../support/noise.h"
#include "engine/align/reducer.h"
#include "engine/align/scoring.h"
#include "engine/base/error.h"
#include "engine/base/units.h"

#include <math.h>

#define RATE 48000

/* 120 BPM, 4/4 at 48 kHz: a beat of 24,000 frames, a bar of 96,000. */
#define BEAT 24000
#define BAR 96000

typedef struct
{
  float *samples;
  int channels;
  gint64 frames;
} Audio;

static void
audio_clear (Audio *audio)
{
  g_clear_pointer (&audio->samples, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Audio, audio_clear)

static Audio
audio_new (int channels, gint64 frames)
{
  return (Audio){ g_new0 (float, frames *channels), channels, frames };
}

static void
put (Audio *audio, gint64 frame, float value)
{
  for (int c = 0; c < audio->channels && frame < audio->frames; c++)
    audio->samples[frame * audio->channels + c] += value;
}

/* A hit of noise and tone that dies away with a time constant of 60 ms. */
static void
add_hit (Audio *audio, gint64 at, float level, guint32 seed)
{
  float pitch = 0.01f + 0.002f * (float) (seed % 7);

  for (gint64 i = 0; i < RATE / 2; i++)
    {
      float fade = level * expf (-(float) i / (0.06f * RATE));
      put (audio, at + i, fade * (0.3f * noise_sample (&seed) + 0.7f * sinf (pitch * (float) i)));
    }
}

/* Hits on the eighths of a pattern of @bars bars, over and over: no two bars are alike. */
static void
add_pattern (Audio *audio, gint64 bars, gint64 until)
{
  gint64 hits = bars * 8;

  for (gint64 n = 0; n * BEAT / 2 < until; n++)
    if ((n % hits) % 3 != 2 || n % hits == 5)
      add_hit (audio, n * BEAT / 2, 0.5f, (guint32) (n % hits) * 7919 + 3);
}

static Audio
pattern_new (int channels, gint64 bars, gint64 frames)
{
  Audio audio = audio_new (channels, frames);

  add_pattern (&audio, bars, frames);
  return audio;
}

static Audio
noise_new (gint64 frames, guint32 seed)
{
  Audio audio = audio_new (1, frames);

  for (gint64 i = 0; i < frames; i++)
    audio.samples[i] = 0.3f * noise_sample (&seed);
  return audio;
}

static SlFinderOptions
options_at_120 (void)
{
  SlFinderOptions options = sl_finder_options_default ();

  options.grid = sl_grid_make ((SlBpm){ 120, 1 }, RATE, 4, 0);
  return options;
}

static GArray *
find (const Audio *audio, const SlFinderOptions *options)
{
  g_autoptr (SlSource) source
      = memory_source_new (audio->samples, audio->channels, RATE, audio->frames);
  g_autoptr (GError) error = NULL;
  GArray *found = sl_finder_find (source, options, NULL, &error);

  g_assert_no_error (error);
  return found;
}

static SlCandidate
find_best (const Audio *audio, const SlFinderOptions *options)
{
  g_autoptr (GArray) found = find (audio, options);

  g_assert_cmpuint (found->len, >, 0);
  return g_array_index (found, SlCandidate, 0);
}

static void
assert_ranked (const GArray *found, gint64 frames)
{
  double last = 1.0;

  for (guint i = 0; i < found->len; i++)
    {
      const SlCandidate *candidate = &g_array_index (found, SlCandidate, i);

      g_assert_cmpint (candidate->join, >=, 1);
      g_assert_cmpint (candidate->join, <=, frames);
      g_assert_cmpint (candidate->lag, >=, 1);
      g_assert_cmpint (candidate->lag, <=, candidate->join);
      g_assert_cmpint (candidate->match_length, >=, 0);
      g_assert_cmpint (candidate->match_length, <=, candidate->join - candidate->lag);
      g_assert_cmpfloat (candidate->score, >=, 0.0);
      g_assert_cmpfloat (candidate->score, <=, last);
      g_assert_cmpfloat (candidate->correlation, >=, -1.0);
      g_assert_cmpfloat (candidate->correlation, <=, 1.0);
      g_assert_true (isfinite (candidate->level_db));
      for (guint k = 0; k < i; k++)
        g_assert_cmpint (ABS (g_array_index (found, SlCandidate, k).lag - candidate->lag), >=,
                         RATE / 100);
      last = candidate->score;
    }
}

static void
test_defaults (void)
{
  SlFinderOptions options = sl_finder_options_default ();

  g_assert_false (sl_grid_known (&options.grid));
  g_assert_false (options.rhythmic);
  g_assert_cmpint (options.join, ==, -1);
  g_assert_cmpint (options.loop_bars, ==, 0);
  g_assert_cmpuint (options.max_candidates, ==, 8);
}

/* A pattern of two bars, cut in the middle of one: the lag is exact and the whole source kept. */
static void
test_repeats (void)
{
  g_auto (Audio) audio = pattern_new (1, 2, 13 * BAR + 31415);
  SlFinderOptions known = options_at_120 ();
  SlFinderOptions unknown = sl_finder_options_default ();
  SlCandidate best = find_best (&audio, &known);

  g_assert_cmpint (best.join, ==, audio.frames);
  g_assert_cmpint (best.lag % (2 * BAR), ==, 0);
  g_assert_cmpint (best.lag, >=, 6 * BAR);
  g_assert_cmpint (best.kind, ==, SL_LAG_BARS);
  g_assert_cmpfloat (best.score, >=, 0.95);
  g_assert_cmpfloat_with_epsilon (best.correlation, 1.0, 1e-6);

  best = find_best (&audio, &unknown);
  g_assert_cmpint (best.lag % (2 * BAR), ==, 0);
  g_assert_cmpint (best.kind, ==, SL_LAG_FREE);
  g_assert_cmpfloat (best.score, >=, 0.95);
}

/* Periods that are not whole numbers of reduced frames, nor of the tempo's beats. */
static void
test_odd_period (void)
{
  for (gint64 period = 77321; period < 77340; period++)
    {
      g_auto (Audio) audio = audio_new (2, 4 * period + 4321);
      SlFinderOptions options = options_at_120 ();
      guint32 seed = 5;
      float value = 0.0f;
      SlCandidate best;

      for (gint64 i = 0; i < period; i++)
        {
          value = 0.97f * value + 0.03f * noise_sample (&seed);
          for (gint64 at = i; at < audio.frames; at += period)
            put (&audio, at, value);
        }
      best = find_best (&audio, &options);
      g_assert_cmpint (best.lag % period, ==, 0);
      g_assert_cmpint (best.kind, ==, SL_LAG_FREE);
      g_assert_cmpfloat (best.score, >=, 0.9);
    }
}

/* Matches are measured against the level around them, not against a loud part before. */
static void
test_after_loud_part (void)
{
  g_auto (Audio) audio = pattern_new (1, 2, 13 * BAR + 31415);
  SlFinderOptions options = sl_finder_options_default ();
  SlCandidate best;
  guint32 seed = 2;

  for (gint64 i = 0; i < audio.frames; i++)
    audio.samples[i] = i < 4 * BAR ? noise_sample (&seed) : 0.05f * audio.samples[i];
  best = find_best (&audio, &options);
  g_assert_cmpint (best.lag % (2 * BAR), ==, 0);
  g_assert_cmpint (best.lag, >=, 4 * BAR);
  g_assert_cmpfloat (best.score, >=, 0.95);
}

/* An offset is not a match. */
static void
test_offset (void)
{
  g_auto (Audio) audio = noise_new (5 * BAR, 6);
  SlFinderOptions options = options_at_120 ();
  SlCandidate best;

  for (gint64 i = 0; i < audio.frames; i++)
    audio.samples[i] = 0.5f + 0.1f * audio.samples[i];
  best = find_best (&audio, &options);
  g_assert_cmpint (best.kind, ==, SL_LAG_FALLBACK);
  g_assert_cmpfloat (fabs (best.correlation), <=, 0.05);
}

/* Left and right in opposite phase: a plain mono sum would be silence. */
static void
test_opposite_phase (void)
{
  g_auto (Audio) audio = pattern_new (2, 2, 9 * BAR + 31415);
  SlFinderOptions options = sl_finder_options_default ();
  SlCandidate best;

  for (gint64 i = 0; i < audio.frames; i++)
    audio.samples[2 * i + 1] = -audio.samples[2 * i];
  best = find_best (&audio, &options);
  g_assert_cmpint (best.lag % (2 * BAR), ==, 0);
  g_assert_cmpfloat (best.score, >=, 0.9);
}

/* Cymbals: below 3 kHz there is only noise, but whole bars are tried at full rate. */
static void
test_treble_only (void)
{
  g_auto (Audio) audio = pattern_new (1, 2, 13 * BAR + 31415);
  SlFinderOptions options = options_at_120 ();
  SlCandidate best;
  guint32 seed = 8;

  for (int pass = 0; pass < 8; pass++)
    for (gint64 i = audio.frames - 1; i > 0; i--)
      audio.samples[i] = 0.5f * (audio.samples[i] - audio.samples[i - 1]);
  for (gint64 i = 0; i < audio.frames; i++)
    audio.samples[i] += 1e-4f * noise_sample (&seed);
  best = find_best (&audio, &options);
  g_assert_cmpint (best.lag % (2 * BAR), ==, 0);
  g_assert_cmpint (best.kind, ==, SL_LAG_BARS);
  g_assert_cmpfloat (best.score, >=, 0.9);
}

/* A last chord on the bar line that dies away, then silence: the join lies before the chord. */
static void
test_ending (void)
{
  g_auto (Audio) audio = pattern_new (1, 2, 18 * BAR);
  SlFinderOptions known = options_at_120 ();
  SlFinderOptions unknown = sl_finder_options_default ();
  SlCandidate best;

  memset (audio.samples + 12 * BAR, 0, (gsize) (6 * BAR) * sizeof (float));
  for (gint64 i = 0; i < 3 * RATE; i++)
    put (&audio, 12 * BAR + i, 0.6f * expf (-(float) i / (0.5f * RATE)) * sinf (0.03f * (float) i));

  best = find_best (&audio, &known);
  g_assert_cmpint (best.join, ==, 12 * BAR);
  g_assert_cmpint (best.lag % (2 * BAR), ==, 0);
  g_assert_cmpfloat (best.score, >=, 0.9);

  best = find_best (&audio, &unknown);
  g_assert_cmpint (best.join, >=, 12 * BAR - RATE / 50);
  g_assert_cmpint (best.join, <=, 12 * BAR);
  g_assert_cmpint (best.lag % (2 * BAR), ==, 0);
}

/* A fade-out matches perfectly but for its level: the join lies before it gets far. */
static void
test_fade_out (void)
{
  g_auto (Audio) audio = pattern_new (1, 2, 16 * BAR);
  SlFinderOptions options = options_at_120 ();
  const gint64 fade = 4 * BAR;
  SlCandidate best;

  for (gint64 i = 0; i < fade; i++)
    audio.samples[audio.frames - fade + i] *= (float) (fade - i) / (float) fade;
  best = find_best (&audio, &options);
  g_assert_cmpint (best.join, <=, audio.frames - fade + 2 * BAR);
  g_assert_cmpint (best.join, >=, audio.frames - fade - BAR);
  g_assert_cmpint (best.lag % (2 * BAR), ==, 0);
}

/* Ten seconds of silence at the end are not part of the rhythm. */
static void
test_trailing_silence (void)
{
  g_auto (Audio) audio = pattern_new (1, 2, 13 * BAR + 10 * RATE);
  SlFinderOptions options = options_at_120 ();
  SlCandidate best;

  memset (audio.samples + 13 * BAR, 0, (gsize) (10 * RATE) * sizeof (float));
  best = find_best (&audio, &options);
  g_assert_cmpint (best.join, >=, 12 * BAR);
  g_assert_cmpint (best.join, <=, 13 * BAR);
  g_assert_cmpint (best.lag % (2 * BAR), ==, 0);
}

static void
test_set_by_hand (void)
{
  g_auto (Audio) audio = pattern_new (1, 2, 13 * BAR);
  SlFinderOptions unknown = sl_finder_options_default ();
  SlFinderOptions known = options_at_120 ();
  g_autoptr (GArray) at_join = NULL;
  g_autoptr (GArray) of_bars = NULL;
  const gint64 join = 7 * BAR + 12345;
  guint32 seed = 4;

  for (gint64 i = join; i < audio.frames; i++)
    audio.samples[i] = 0.3f * noise_sample (&seed);
  unknown.join = known.join = join;
  at_join = find (&audio, &unknown);
  for (guint i = 0; i < at_join->len; i++)
    g_assert_cmpint (g_array_index (at_join, SlCandidate, i).join, ==, join);
  g_assert_cmpint (g_array_index (at_join, SlCandidate, 0).lag % (2 * BAR), ==, 0);

  known.loop_bars = 3;
  of_bars = find (&audio, &known);
  g_assert_cmpuint (of_bars->len, >=, 1);
  for (guint i = 0; i < of_bars->len; i++)
    {
      const SlCandidate *candidate = &g_array_index (of_bars, SlCandidate, i);

      g_assert_cmpint (candidate->join, ==, join);
      g_assert_cmpint (ABS (candidate->lag - 3 * BAR), <=, RATE / 500);
    }
}

/* A loop length that the source does not hold: something else, but never an impossible lag. */
static void
test_impossible_loop (void)
{
  g_auto (Audio) audio = pattern_new (1, 2, 5 * BAR);
  SlFinderOptions options = options_at_120 ();
  g_autoptr (GArray) found = NULL;

  options.loop_bars = 9;
  found = find (&audio, &options);
  g_assert_cmpuint (found->len, >=, 1);
  assert_ranked (found, audio.frames);
}

/* Nothing matches: four-bar phrases with a tempo, the whole source without. */
static void
test_fallback (void)
{
  g_auto (Audio) audio = noise_new (11 * BAR + 5000, 3);
  SlFinderOptions known = options_at_120 ();
  SlFinderOptions unknown = sl_finder_options_default ();
  SlCandidate best = find_best (&audio, &known);

  g_assert_cmpint (best.kind, ==, SL_LAG_FALLBACK);
  g_assert_cmpint (best.join, ==, 11 * BAR);
  g_assert_cmpint (best.lag, ==, 8 * BAR);
  g_assert_cmpfloat (best.score, <, 0.5);

  best = find_best (&audio, &unknown);
  g_assert_cmpint (best.kind, ==, SL_LAG_FALLBACK);
  g_assert_cmpint (best.lag, ==, audio.frames);

  known.join = BAR - BEAT / 3;
  best = find_best (&audio, &known);
  g_assert_cmpint (best.join, ==, known.join);
  g_assert_cmpint (best.lag, ==, 3 * BEAT);
}

/* Nothing matches, and silence follows: it must not become part of the loop. */
static void
test_fallback_before_silence (void)
{
  g_auto (Audio) audio = noise_new (11 * BAR + 20 * RATE, 3);
  SlFinderOptions known = options_at_120 ();
  SlFinderOptions unknown = sl_finder_options_default ();
  const gint64 end = 11 * BAR + 5000;
  SlCandidate best;

  memset (audio.samples + end, 0, (gsize) (audio.frames - end) * sizeof (float));
  best = find_best (&audio, &known);
  g_assert_cmpint (best.kind, ==, SL_LAG_FALLBACK);
  g_assert_cmpint (best.join, ==, 11 * BAR);

  best = find_best (&audio, &unknown);
  g_assert_cmpint (best.kind, ==, SL_LAG_FALLBACK);
  g_assert_cmpint (best.join, <=, end);
  g_assert_cmpint (best.join, >=, end - RATE / 50);
  g_assert_cmpint (best.lag, >=, best.join - RATE / 50);
}

/* Four bars of noise are taken for a loop, because of their length. */
static void
test_whole_loop (void)
{
  g_auto (Audio) audio = noise_new (4 * BAR, 3);
  SlFinderOptions options = options_at_120 ();
  SlCandidate best = find_best (&audio, &options);

  g_assert_cmpint (best.join, ==, 4 * BAR);
  g_assert_cmpint (best.lag, ==, 4 * BAR);
  g_assert_cmpint (best.kind, ==, SL_LAG_BARS);
  g_assert_cmpfloat (best.score, >=, 0.9);
}

/* The second bar is the first upside down: a bar back is the worst place to go on. */
static void
test_inverted (void)
{
  g_auto (Audio) audio = noise_new (3 * BAR, 9);
  SlFinderOptions options = options_at_120 ();
  SlCandidate best;

  for (gint64 i = 0; i < BAR; i++)
    audio.samples[2 * BAR + i] = -audio.samples[BAR + i];
  options.loop_bars = 1;
  best = find_best (&audio, &options);
  g_assert_cmpfloat_with_epsilon (best.correlation, -1.0, 1e-6);
  g_assert_cmpint (best.kind, ==, SL_LAG_FALLBACK);
  g_assert_cmpfloat (best.score, <=, 0.2);
}

static float
odd_sample (int kind, gint64 i, guint32 *seed)
{
  switch (kind)
    {
    case 0:
      return 0.0f;
    case 1:
      return 0.7f;
    case 2:
      return 0.5f * sinf (0.0144f * (float) i);
    case 3:
      return 0.5f * noise_sample (seed);
    default:
      return i < 4800 ? expf (-(float) i / 700.0f) : 0.0f;
    }
}

/* Silence, an offset, a drone, noise, one hit; from one frame to five seconds. */
static void
test_odd_sources (void)
{
  static const gint64 lengths[] = { 1, 2, 3, 5, 7, 10, 50, 99, 100, 481, 4800, 48000, 240000 };
  guint32 seed = 1;

  for (int kind = 0; kind < 5; kind++)
    for (guint n = 0; n < G_N_ELEMENTS (lengths); n++)
      for (int known = 0; known < 2; known++)
        {
          g_auto (Audio) audio = audio_new (1 + (int) n % 3, lengths[n]);
          SlFinderOptions options = known ? options_at_120 () : sl_finder_options_default ();
          g_autoptr (GArray) found = NULL;

          for (gint64 i = 0; i < audio.frames; i++)
            put (&audio, i, odd_sample (kind, i, &seed));
          found = find (&audio, &options);
          if (audio.frames < 2)
            g_assert_cmpuint (found->len, ==, 0);
          else
            g_assert_cmpuint (found->len, >=, 1);
          if (kind < 2 && found->len > 0)
            g_assert_cmpfloat (g_array_index (found, SlCandidate, 0).correlation, ==, 0.0);
          g_assert_cmpuint (found->len, <=, 8);
          assert_ranked (found, audio.frames);
        }
}

static void
test_deterministic (void)
{
  g_auto (Audio) audio = pattern_new (2, 3, 10 * BAR + 777);
  SlFinderOptions options = options_at_120 ();
  g_autoptr (GArray) first = find (&audio, &options);
  g_autoptr (GArray) second = find (&audio, &options);

  g_assert_cmpuint (first->len, ==, second->len);
  for (guint i = 0; i < first->len; i++)
    {
      const SlCandidate *a = &g_array_index (first, SlCandidate, i);
      const SlCandidate *b = &g_array_index (second, SlCandidate, i);

      g_assert_cmpint (a->join, ==, b->join);
      g_assert_cmpint (a->lag, ==, b->lag);
      g_assert_true (a->score == b->score && a->correlation == b->correlation);
    }
}

/* A pattern without end, which counts what is read of it. */
typedef struct
{
  SlSource base;
  const Audio *pattern;
  gint64 read;
  gint64 longest;
} EndlessSource;

static gint64
endless_read (SlSource *source, float *out, gint64 frames, GError **error)
{
  EndlessSource *self = (EndlessSource *) source;

  self->read += frames;
  self->longest = MAX (self->longest, frames);
  for (gint64 i = 0; i < frames; i++)
    out[i] = self->pattern->samples[(source->position + i) % self->pattern->frames];
  return frames;
}

static gboolean
endless_seek (SlSource *source, gint64 frame, GError **error)
{
  return TRUE;
}

static void
endless_free (SlSource *source)
{
  g_free (source);
}

/* Half an hour is read once, and little more; block by block. */
static void
test_reads_once (void)
{
  static const SlSourceClass klass = { endless_read, endless_seek, endless_free };
  const gint64 length = (gint64) 1800 * RATE + 12345;
  g_auto (Audio) pattern = pattern_new (1, 4, 4 * BAR);
  EndlessSource *source = g_new0 (EndlessSource, 1);
  SlFinderOptions options = options_at_120 ();
  g_autoptr (GArray) found = NULL;

  sl_source_init (&source->base, &klass, 1, RATE, length);
  source->pattern = &pattern;
  found = sl_finder_find (&source->base, &options, NULL, NULL);
  g_assert_nonnull (found);
  g_assert_cmpint (g_array_index (found, SlCandidate, 0).lag % (4 * BAR), ==, 0);
  g_assert_cmpint (source->read, <=, length + (gint64) 200 * RATE);
  g_assert_cmpint (source->longest, <=, SL_BLOCK_FRAMES);
  sl_source_free (&source->base);
}

static gboolean
stop_after (double fraction, gpointer data)
{
  int *left = data;

  g_assert_cmpfloat (fraction, >=, 0.0);
  g_assert_cmpfloat (fraction, <=, 1.0);
  return (*left)-- > 0;
}

/* Wherever it is stopped, nothing is returned. */
static void
test_cancelled (void)
{
  g_auto (Audio) audio = pattern_new (1, 2, 3 * BAR);

  for (int calls = 0; calls < 200; calls++)
    {
      g_autoptr (SlSource) source = memory_source_new (audio.samples, 1, RATE, audio.frames);
      g_autoptr (GError) error = NULL;
      SlFinderOptions options = options_at_120 ();
      int left = calls;
      SlProgress progress = { stop_after, &left };
      g_autoptr (GArray) found = sl_finder_find (source, &options, &progress, &error);

      if (found != NULL)
        {
          g_assert_no_error (error);
          g_assert_cmpint (calls, >, 30);
          return;
        }
      g_assert_error (error, SL_ERROR, SL_ERROR_CANCELLED);
    }
  g_assert_not_reached ();
}

/* Wherever the source breaks, its error is told. */
static void
test_broken_source (void)
{
  for (gint64 good = 0; good < 3 * BAR; good += 30000)
    {
      g_autoptr (SlSource) source = failing_source_new (1, RATE, 3 * BAR, good, FALSE);
      SlFinderOptions options = options_at_120 ();
      g_autoptr (GError) error = NULL;

      g_assert_null (sl_finder_find (source, &options, NULL, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_DECODE);
    }
}

static double
score_of (gint64 lag, double correlation, const SlFinderOptions *options)
{
  SlEvidence evidence = { correlation, 1.0, correlation, 1.0, 1.0, 0.0, 0.0 };

  return sl_scoring_match (options, RATE, lag, &evidence);
}

/* Bars, then beats, others only when they match clearly better; longer before shorter. */
static void
test_preferences (void)
{
  SlFinderOptions options = options_at_120 ();
  gint64 off = 1000;

  g_assert_cmpint (sl_scoring_kind (&options.grid, RATE, 4 * BAR + 96), ==, SL_LAG_BARS);
  g_assert_cmpint (sl_scoring_kind (&options.grid, RATE, 4 * BAR + BEAT), ==, SL_LAG_BEATS);
  g_assert_cmpint (sl_scoring_kind (&options.grid, RATE, 4 * BAR + off), ==, SL_LAG_FREE);
  g_assert_cmpint (sl_scoring_kind (&options.grid, RATE, 100), ==, SL_LAG_FREE);

  g_assert_cmpfloat (score_of (4 * BAR, 0.95, &options), >,
                     score_of (4 * BAR + BEAT, 0.95, &options));
  g_assert_cmpfloat (score_of (4 * BAR + BEAT, 0.95, &options), >,
                     score_of (4 * BAR + off, 0.95, &options));
  g_assert_cmpfloat (score_of (4 * BAR, 0.95, &options), >,
                     score_of (4 * BAR + off, 0.98, &options));
  g_assert_cmpfloat (score_of (4 * BAR, 0.90, &options), <,
                     score_of (4 * BAR + off, 0.98, &options));
  g_assert_cmpfloat (score_of (8 * BAR, 0.95, &options), >, score_of (4 * BAR, 0.95, &options));
  g_assert_cmpfloat (score_of (4 * BAR, -0.5, &options), ==, 0.0);
  g_assert_cmpfloat (sl_scoring_fallback (-1.0), >, 0.0);
  g_assert_cmpfloat (sl_scoring_fallback (1.0), <, 0.9);
}

/* However the audio is cut into calls, the reduced audio is the same; an offset leaves nothing. */
static void
test_reducer (void)
{
  g_auto (Audio) audio = noise_new (50000, 4);
  g_autoptr (SlReducer) whole = sl_reducer_new (1, RATE);
  g_autoptr (SlReducer) pieces = sl_reducer_new (1, RATE);
  g_autofree float *at_once = g_new (float, 50001);
  g_autofree float *in_turn = g_new (float, 50001);
  gsize n = sl_reducer_feed (whole, audio.samples, audio.frames, at_once);
  gsize m = 0;

  for (gint64 at = 0; at < audio.frames; at += 997)
    m += sl_reducer_feed (pieces, audio.samples + at, MIN (997, audio.frames - at), in_turn + m);
  g_assert_cmpuint (n, ==, 50000 / (gsize) sl_reducer_factor (RATE) + 1);
  g_assert_cmpuint (m, ==, n);
  g_assert_cmpmem (at_once, n * sizeof (float), in_turn, m * sizeof (float));

  for (gint64 i = 0; i < audio.frames; i++)
    audio.samples[i] = 0.5f;
  n = sl_reducer_feed (whole, audio.samples, audio.frames, at_once);
  for (gsize i = 20; i < n; i++)
    g_assert_cmpfloat (fabsf (at_once[i]), <=, 1e-5f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/align/finder/defaults", test_defaults);
  g_test_add_func ("/align/finder/repeats", test_repeats);
  g_test_add_func ("/align/finder/odd-period", test_odd_period);
  g_test_add_func ("/align/finder/after-loud-part", test_after_loud_part);
  g_test_add_func ("/align/finder/offset", test_offset);
  g_test_add_func ("/align/finder/opposite-phase", test_opposite_phase);
  g_test_add_func ("/align/finder/treble-only", test_treble_only);
  g_test_add_func ("/align/finder/ending", test_ending);
  g_test_add_func ("/align/finder/fade-out", test_fade_out);
  g_test_add_func ("/align/finder/trailing-silence", test_trailing_silence);
  g_test_add_func ("/align/finder/set-by-hand", test_set_by_hand);
  g_test_add_func ("/align/finder/impossible-loop", test_impossible_loop);
  g_test_add_func ("/align/finder/fallback", test_fallback);
  g_test_add_func ("/align/finder/fallback-before-silence", test_fallback_before_silence);
  g_test_add_func ("/align/finder/whole-loop", test_whole_loop);
  g_test_add_func ("/align/finder/inverted", test_inverted);
  g_test_add_func ("/align/finder/odd-sources", test_odd_sources);
  g_test_add_func ("/align/finder/deterministic", test_deterministic);
  g_test_add_func ("/align/finder/reads-once", test_reads_once);
  g_test_add_func ("/align/finder/cancelled", test_cancelled);
  g_test_add_func ("/align/finder/broken-source", test_broken_source);
  g_test_add_func ("/align/finder/preferences", test_preferences);
  g_test_add_func ("/align/finder/reducer", test_reducer);
  return g_test_run ();
}
