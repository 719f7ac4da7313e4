/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outside fades an aligned file holds the source's samples, bit for bit: every strategy, sample
 * format and channel count, from a file to a file. */
#include "../../support/temp_folder.h"
#include "engine/align/fades.h"
#include "engine/align/planner.h"
#include "engine/align/render.h"
#include "engine/io/writer.h"

#include "../../support/memory_source.h"

#include <math.h>

#define RATE 8000

/* Plans of each strategy for each format and channel count. */
#define ROUNDS 4

static const SlSubtype subtypes[] = { SL_SUBTYPE_FLOAT, SL_SUBTYPE_PCM_24, SL_SUBTYPE_PCM_16 };
static const int channel_counts[] = { 1, 2, 6 };

/* Samples that @subtype holds as they are: its extremes, both zeros and all sizes in between. */
static float *
random_samples (gint64 n, SlSubtype subtype)
{
  static const float edges[] = { 0.0f, -0.0f, -1.0f, 0.25f };
  float *samples = g_new (float, n);
  int bits = subtype == SL_SUBTYPE_PCM_16 ? 15 : 23;

  for (gint64 i = 0; i < n; i++)
    {
      double value = g_test_rand_double_range (-1.0, 1.0);

      samples[i] = (float) ldexp (floor (ldexp (value, bits)), -bits);
      if (subtype == SL_SUBTYPE_FLOAT)
        samples[i] = (float) ldexp (value, -g_test_rand_int_range (0, 60));
      if (g_test_rand_int_range (0, 20) == 0)
        samples[i] = edges[g_test_rand_int_range (0, G_N_ELEMENTS (edges))];
    }
  return samples;
}

/* Writes @source (taken) to @path as a product would. */
static void
write_file (SlSource *source, const char *path, SlSubtype subtype)
{
  g_autoptr (SlSource) taken = source;
  g_auto (SlRendered) rendered = { 0 };
  GError *error = NULL;

  sl_render_file (taken, path, SL_CONTAINER_WAV, subtype, NULL, 0, &rendered, NULL, &error);
  g_assert_no_error (error);
  sl_part_commit (rendered.part, &error);
  g_assert_no_error (error);
}

static SlSource *
open_file (const char *path)
{
  GError *error = NULL;
  SlSource *source = sl_reader_open (path, NULL, &error);

  g_assert_no_error (error);
  return source;
}

static float *
read_file (const char *path, gint64 frames)
{
  g_autoptr (SlSource) source = open_file (path);
  float *samples = g_new (float, frames * source->channels);
  GError *error = NULL;

  g_assert_cmpint (source->length, ==, frames);
  sl_source_read_at (source, 0, samples, frames, &error);
  g_assert_no_error (error);
  return samples;
}

static SlPlanOptions
random_options (SlStrategy strategy, gint64 length)
{
  SlPlanOptions options = sl_plan_options_default ();

  options.strategy = strategy;
  options.rate_hz = RATE;
  options.source_length = length;
  options.target = length + (strategy == SL_STRATEGY_NONE ? 0 : g_test_rand_int_range (1, 9000));
  if (strategy == SL_STRATEGY_TRUNCATE)
    options.target = g_test_rand_int_range (1, (gint32) length);
  else if (strategy != SL_STRATEGY_NONE)
    options.offset = MIN (options.target - length, g_test_rand_int_range (-150, 150));
  options.rhythmic = g_test_rand_bit ();
  options.ending = g_test_rand_bit () ? SL_ENDING_KEEP : SL_ENDING_CUT;
  options.fade_ms = g_test_rand_bit () ? -1.0 : g_test_rand_double_range (0.0, 100.0);
  options.has_section = strategy == SL_STRATEGY_PLACE;
  options.section_start = g_test_rand_int_range (0, (gint32) options.target);
  options.section_end = options.section_start + g_test_rand_int_range (1, 12000);
  options.fill = (SlFill) g_test_rand_int_range (SL_FILL_NONE, SL_FILL_CROSSFADE + 1);
  if (g_test_rand_bit ())
    options.grid = sl_grid_make ((SlBpm){ 480, 1 }, RATE, 4, 0);
  return options;
}

/* A plan by @strategy for the file @path; what cannot be planned is tried with other options. */
static SlPlan *
random_plan (SlStrategy strategy, const char *path, gint64 length)
{
  g_autoptr (SlSource) source = open_file (path);
  g_auto (SlPlanned) planned = { 0 };
  SlPlanOptions options;
  GError *error = NULL;

  do
    options = random_options (strategy, length);
  while (!sl_planner_make (&options, &planned, NULL));
  if (options.fade_ms < 0.0)
    sl_plan_fit_fades (planned.plan, source, -1, NULL, &error);
  g_assert_no_error (error);
  sl_plan_measure_correlations (planned.plan, source, NULL, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&planned.plan);
}

/* The source frame heard alone and unfaded in target frame @frame; -1: silence, -2: fades. */
static gint64
heard_at (const SlPlan *plan, gint64 frame)
{
  gint64 heard = -2;

  for (guint i = 0; i < plan->segments->len; i++)
    {
      const SlSegment *segment = &g_array_index (plan->segments, SlSegment, i);
      gint64 at = frame - segment->dest;

      if (at < 0 || at >= segment->length)
        continue;
      if (at < segment->fade_in || at >= segment->length - segment->fade_out)
        return -2;
      heard = segment->source < 0 ? -1 : segment->source + at;
    }
  return heard;
}

/* Returns how many frames were the source's. */
static gint64
assert_identical (const SlPlan *plan, const float *source, const float *aligned, int channels)
{
  gsize bytes = (gsize) channels * sizeof (float);
  g_autofree float *silence = g_new0 (float, channels);
  gint64 kept = 0;

  for (gint64 frame = 0; frame < plan->target; frame++)
    {
      gint64 heard = heard_at (plan, frame);

      if (heard == -2)
        continue;
      g_assert_cmpmem (aligned + frame * channels, bytes,
                       heard < 0 ? silence : source + heard * channels, bytes);
      kept += heard >= 0;
    }
  return kept;
}

/* Aligns a random file by @strategy; returns how many of the source's frames came through. */
static gint64
align_one (const char *folder, SlStrategy strategy, SlSubtype subtype, int channels)
{
  gint64 length = g_test_rand_int_range (400, 6000);
  g_autofree char *in = g_build_filename (folder, "in.wav", NULL);
  g_autofree char *out = g_build_filename (folder, "out.wav", NULL);
  g_autofree float *samples = random_samples (length * channels, subtype);
  g_autofree float *source = NULL;
  g_autofree float *aligned = NULL;
  g_autoptr (SlPlan) plan = NULL;
  GError *error = NULL;
  SlSource *rendered;

  write_file (memory_source_new (samples, channels, RATE, length), in, subtype);
  plan = random_plan (strategy, in, length);
  rendered = sl_plan_source_new (plan, open_file (in), &error);
  g_assert_no_error (error);
  write_file (rendered, out, subtype);
  source = read_file (in, length);
  aligned = read_file (out, plan->target);
  return assert_identical (plan, source, aligned, channels);
}

static void
test_bit_identity (gconstpointer data)
{
  SlStrategy strategy = (SlStrategy) GPOINTER_TO_INT (data);
  TestFolder *folder = test_folder_new ();
  gint64 kept = 0;

  for (guint s = 0; s < G_N_ELEMENTS (subtypes); s++)
    for (guint c = 0; c < G_N_ELEMENTS (channel_counts); c++)
      for (int round = 0; round < ROUNDS; round++)
        kept += align_one (folder, strategy, subtypes[s], channel_counts[c]);
  g_assert_cmpint (kept, >, 10000);
  test_folder_free (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (int strategy = SL_STRATEGY_NONE; strategy <= SL_STRATEGY_TRUNCATE; strategy++)
    {
      g_autofree char *path
          = g_strdup_printf ("/bit-identity/%s", sl_strategy_name ((SlStrategy) strategy));

      g_test_add_data_func (path, GINT_TO_POINTER (strategy), test_bit_identity);
    }
  return g_test_run ();
}
