/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any options and candidates: refused with an error, or a valid plan of exactly the target's
 * length, the same one when it is asked for again. Bytes that have run out count as zero. */
#include "fuzz.h"

#include "engine/align/planner.h"

#define MAX_CANDIDATES 8

typedef struct
{
  const guint8 *data;
  gsize left;
} Bytes;

static guint64
take (Bytes *bytes, gsize n)
{
  guint64 value = 0;
  gsize got = MIN (n, bytes->left);

  memcpy (&value, bytes->data, got);
  bytes->data += got;
  bytes->left -= got;
  return value;
}

/* 0 to @most. */
static int
take_up_to (Bytes *bytes, int most)
{
  return (int) (take (bytes, 1) % (guint64) (most + 1));
}

/* Its first byte tells how many of 0 to 51 bits the number has: one more than is planned. */
static gint64
take_frames (Bytes *bytes)
{
  int bits = take_up_to (bytes, 51);

  return (gint64) (take (bytes, (gsize) (bits + 7) / 8) & ((G_GUINT64_CONSTANT (1) << bits) - 1));
}

static gint64
take_position (Bytes *bytes)
{
  gint64 frames = take_frames (bytes);

  return take_up_to (bytes, 1) == 1 ? -frames : frames;
}

/* Any double: what is no number and what is endless too. */
static double
take_double (Bytes *bytes)
{
  guint64 bits = take (bytes, sizeof bits);
  double value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static SlGrid
take_grid (Bytes *bytes, int rate_hz)
{
  SlBpm bpm = { 20 + (gint64) take (bytes, 2) % 381, 1 + take_up_to (bytes, 7) };
  int beats_per_bar = 1 + take_up_to (bytes, 63);

  if (take_up_to (bytes, 1) == 0)
    bpm = (SlBpm){ 0, 1 };
  return sl_grid_make (bpm, rate_hz, beats_per_bar, take_position (bytes));
}

static SlCandidate
take_candidate (Bytes *bytes)
{
  SlCandidate candidate = { 0 };

  candidate.join = take_position (bytes);
  candidate.lag = take_position (bytes);
  candidate.score = take_double (bytes);
  candidate.correlation = take_double (bytes);
  candidate.level_db = take_double (bytes);
  candidate.match_length = take_frames (bytes);
  candidate.kind = (SlLagKind) take_up_to (bytes, SL_LAG_ONCE);
  return candidate;
}

static void
take_section (Bytes *bytes, SlPlanOptions *options)
{
  options->has_section = take_up_to (bytes, 1);
  options->fill = (SlFill) take_up_to (bytes, SL_FILL_CROSSFADE);
  options->section_start = take_position (bytes);
  options->section_end = options->section_start + take_frames (bytes);
}

static SlPlanOptions
take_options (Bytes *bytes)
{
  static const int rates[] = { 1, 8000, 44100, 48000, 96000, 768000 };
  SlPlanOptions options = sl_plan_options_default ();

  options.strategy = (SlStrategy) take_up_to (bytes, SL_STRATEGY_TRUNCATE);
  options.source_length = take_frames (bytes);
  options.target = take_frames (bytes);
  options.offset = take_position (bytes);
  options.rate_hz = rates[take_up_to (bytes, G_N_ELEMENTS (rates) - 1)];
  options.grid = take_grid (bytes, options.rate_hz);
  options.rhythmic = take_up_to (bytes, 1);
  options.ends_silent = take_up_to (bytes, 1);
  options.ending = (SlEnding) take_up_to (bytes, SL_ENDING_KEEP);
  if (take_up_to (bytes, 1) == 1)
    take_section (bytes, &options);
  if (take_up_to (bytes, 1) == 1)
    options.join = take_position (bytes);
  if (take_up_to (bytes, 1) == 1)
    options.loop_bars = (int) take (bytes, 4);
  if (take_up_to (bytes, 1) == 1)
    options.fade_ms = take_double (bytes);
  return options;
}

static void
assert_refused (const SlPlanned *planned, const GError *error)
{
  assert_told (error);
  g_assert_true (error->code == SL_ERROR_INVALID || error->code == SL_ERROR_LIMIT);
  g_assert_null (planned->plan);
}

static void
assert_planned (const SlPlanOptions *options, const SlPlanned *planned)
{
  g_autoptr (GError) error = NULL;

  sl_plan_validate (planned->plan, &error);
  g_assert_no_error (error);
  g_assert_cmpint (planned->plan->target, ==, options->target);
  g_assert_cmpint (planned->plan->source_length, ==, options->source_length);
  g_assert_true (planned->strategy != SL_STRATEGY_AUTO);
  g_assert_cmpint (planned->candidate, <, (int) options->n_candidates);
  g_assert_true (g_utf8_validate (planned->reason, -1, NULL));
}

static void
assert_same (const SlPlan *a, const SlPlan *b)
{
  g_assert_cmpmem (a->segments->data, a->segments->len * sizeof (SlSegment), b->segments->data,
                   b->segments->len * sizeof (SlSegment));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  Bytes bytes = { data, size };
  SlPlanOptions options = take_options (&bytes);
  SlCandidate candidates[MAX_CANDIDATES];
  g_auto (SlPlanned) planned = { 0 };
  g_auto (SlPlanned) again = { 0 };
  g_autoptr (GError) error = NULL;

  options.candidates = candidates;
  options.n_candidates = (guint) take_up_to (&bytes, MAX_CANDIDATES);
  options.candidate = (guint) take_up_to (&bytes, MAX_CANDIDATES);
  for (guint i = 0; i < options.n_candidates; i++)
    candidates[i] = take_candidate (&bytes);

  if (!sl_planner_make (&options, &planned, &error))
    {
      assert_refused (&planned, error);
      return 0;
    }
  g_assert_no_error (error);
  assert_planned (&options, &planned);
  g_assert_true (sl_planner_make (&options, &again, NULL));
  assert_same (planned.plan, again.plan);
  return 0;
}
