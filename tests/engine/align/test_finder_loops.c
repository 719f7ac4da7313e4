/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Truth for the finder: a recorded loop repeated ten times, cut, and extended again. */
#include "../../support/memory_source.h"
#include "../../support/noise.h"
#include "../../support/samples.h"
#include "engine/align/finder.h"

#include <math.h>

#define REPEATS 10

/* Where the loop is cut, in repeats: in the middle of a sound, not on a bar line. */
static const double cuts[] = { 6.37, 6.81 };

/* What differs between repeats of a loop that is played, not copied. */
typedef struct
{
  double jitter_ms;
  double level;
  double noise;
} Wear;

static const Wear none = { 0 };
static const Wear played = { 2.0, 0.03, 0.01 };

typedef struct
{
  double mean;
  double worst;
} Table;

static double
root_mean_square (const Sample *loop)
{
  double sum = 0.0;

  for (gint64 i = 0; i < loop->frames * loop->channels; i++)
    sum += (double) loop->audio[i] * (double) loop->audio[i];
  return sqrt (sum / (double) (loop->frames * loop->channels));
}

/* Twelve uniform numbers add up to nearly a normal one of variance 1, if each has 1/12. */
static float
normal_noise (guint32 *state)
{
  float sum = 0.0f;

  for (int i = 0; i < 12; i++)
    sum += 0.5f * noise_sample (state);
  return sum;
}

static void
add_repeat (const Sample *loop, Sample *song, gint64 at, float gain)
{
  int channels = loop->channels;

  for (gint64 i = MAX (0, -at); i < MIN (loop->frames, song->frames - at); i++)
    for (int c = 0; c < channels; c++)
      song->audio[(at + i) * channels + c] += gain * loop->audio[i * channels + c];
}

/* The loop ten times over, each repeat a little different as @wear says. */
static void
repeat (const Sample *loop, const Wear *wear, Sample *song)
{
  guint32 state = 1;
  gint64 samples = REPEATS * loop->frames * loop->channels;
  float noise = (float) (wear->noise * root_mean_square (loop));

  *song = *loop;
  song->frames = REPEATS * loop->frames;
  song->audio = g_new0 (float, samples);
  for (int i = 0; i < REPEATS; i++)
    {
      double early_ms = wear->jitter_ms * (double) noise_sample (&state);
      float gain = 1.0f + (float) wear->level * noise_sample (&state);
      gint64 shift = (gint64) lrint (early_ms * loop->rate_hz / 1000.0);

      add_repeat (loop, song, i * loop->frames + shift, gain);
    }
  for (gint64 i = 0; i < samples && noise > 0.0f; i++)
    song->audio[i] += noise * normal_noise (&state);
}

/* A tempo of 90 to 180 at which the loop is 1, 2, 4 … beats long, to three decimals. */
static SlGrid
grid_of (const Sample *loop)
{
  double seconds = (double) loop->frames / loop->rate_hz;
  g_autofree char *text = NULL;
  SlBpm bpm;
  int beats = 1;

  while (60.0 * beats / seconds < 90.0)
    beats *= 2;
  text = g_strdup_printf ("%.3f", 60.0 * beats / seconds);
  g_assert_true (sl_bpm_parse (text, &bpm, NULL));
  return sl_grid_make (bpm, loop->rate_hz, 4, 0);
}

static SlCandidate
find_best (const Sample *song, gint64 cut, const SlFinderOptions *options)
{
  g_autoptr (SlSource) source = memory_source_new (song->audio, song->channels, song->rate_hz, cut);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) found = sl_finder_find (source, options, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (found->len, >, 0);
  return g_array_index (found, SlCandidate, 0);
}

/* The song from the join on as a plan that loops @best would go on. */
static float *
extend (const Sample *song, const SlCandidate *best)
{
  gint64 channels = song->channels;
  gint64 n = song->frames - best->join;
  float *extension = g_new (float, n *channels);

  for (gint64 i = 0; i < n; i++)
    memcpy (extension + i * channels,
            song->audio + (best->join - best->lag + i % best->lag) * channels,
            (gsize) channels * sizeof (float));
  return extension;
}

/* Of every @stride-th of @samples. */
static double
correlate (const float *a, const float *b, gint64 samples, gint64 stride)
{
  double aa = 0.0;
  double bb = 0.0;
  double ab = 0.0;

  for (gint64 i = 0; i < samples; i += stride)
    {
      aa += (double) a[i] * (double) a[i];
      bb += (double) b[i] * (double) b[i];
      ab += (double) a[i] * (double) b[i];
    }
  return aa > 0.0 && bb > 0.0 ? ab / sqrt (aa * bb) : aa == bb;
}

/* Mean over quarters of a loop, each at its best lag within 5 ms: what nobody could foresee of a
 * player's timing is not charged. An odd stride visits every channel in turn. */
static double
correlate_by_quarters (const Sample *song,
                       const SlCandidate *best,
                       const float *extension,
                       gint64 quarter)
{
  gint64 channels = song->channels;
  gint64 reach = song->rate_hz / 200;
  gint64 n = song->frames - best->join;
  double sum = 0.0;
  int quarters = 0;

  for (gint64 at = reach; at + quarter + reach <= n; at += quarter, quarters++)
    {
      double most = -1.0;

      for (gint64 shift = -reach; shift <= reach; shift++)
        most = MAX (most, correlate (extension + at * channels,
                                     song->audio + (best->join + at + shift) * channels,
                                     quarter * channels, 15));
      sum += most;
    }
  return sum / MAX (1, quarters);
}

static double
judge (const Sample *loop, const Wear *wear, double cut, const SlFinderOptions *options)
{
  g_auto (Sample) song = { 0 };
  g_autofree float *extension = NULL;
  SlCandidate best;

  repeat (loop, wear, &song);
  best = find_best (&song, (gint64) (cut * (double) loop->frames), options);
  extension = extend (&song, &best);
  if (wear->jitter_ms > 0.0)
    return correlate_by_quarters (&song, &best, extension, loop->frames / 4);
  return correlate (extension, song.audio + best.join * song.channels,
                    (song.frames - best.join) * song.channels, 1);
}

static Table
try_loops (const Wear *wear, gboolean tempo_known, guint every)
{
  Table table = { 0.0, 1.0 };
  int n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (sample_loops); i += every)
    {
      g_auto (Sample) loop = { 0 };
      SlFinderOptions options = sl_finder_options_default ();

      sample_load (sample_loops[i], &loop);
      if (tempo_known)
        options.grid = grid_of (&loop);
      for (guint c = 0; c < G_N_ELEMENTS (cuts); c++, n++)
        {
          double r = judge (&loop, wear, cuts[c], &options);

          g_test_message ("%s cut at %.2f: %.4f", sample_loops[i], cuts[c], r);
          table.mean += r;
          table.worst = MIN (table.worst, r);
        }
    }
  table.mean /= n;
  g_test_message ("mean %.4f, worst %.4f", table.mean, table.worst);
  return table;
}

static void
test_known_tempo (void)
{
  Table table;

  if (!samples_available ())
    return;
  table = try_loops (&none, TRUE, 1);
  g_assert_cmpfloat (table.mean, >=, 0.99);
  g_assert_cmpfloat (table.worst, >=, 0.95);
}

static void
test_unknown_tempo (void)
{
  Table table;

  if (!samples_available ())
    return;
  table = try_loops (&none, FALSE, 1);
  g_assert_cmpfloat (table.mean, >=, 0.99);
  g_assert_cmpfloat (table.worst, >=, 0.95);
}

/* Repeats that are played, not copied: ±2 ms, ±3 %, noise at -40 dB. Every other loop, for time. */
static void
test_played (void)
{
  Table table;

  if (!samples_available ())
    return;
  table = try_loops (&played, TRUE, 2);
  g_assert_cmpfloat (table.mean, >=, 0.90);
  table = try_loops (&played, FALSE, 2);
  g_assert_cmpfloat (table.mean, >=, 0.90);
}

/* A loop that is there once is repeated as a whole when its tempo says that it is a loop. */
static void
test_single_loop (void)
{
  if (!samples_available ())
    return;
  for (guint i = 0; i < G_N_ELEMENTS (sample_loops); i++)
    {
      g_auto (Sample) loop = { 0 };
      SlFinderOptions options = sl_finder_options_default ();
      SlCandidate best;

      sample_load (sample_loops[i], &loop);
      options.grid = grid_of (&loop);
      if (sl_grid_nearest_beats (&options.grid, loop.frames) % 4 != 0)
        continue;
      best = find_best (&loop, loop.frames, &options);
      g_assert_cmpint (best.join, ==, loop.frames);
      g_assert_cmpint (best.lag, ==, loop.frames);
      g_assert_cmpint (best.kind, ==, SL_LAG_BARS);
      g_assert_cmpfloat (best.score, >=, 0.9);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/align/finder/loops/known-tempo", test_known_tempo);
  g_test_add_func ("/align/finder/loops/unknown-tempo", test_unknown_tempo);
  g_test_add_func ("/align/finder/loops/played", test_played);
  g_test_add_func ("/align/finder/loops/single", test_single_loop);
  return g_test_run ();
}
