/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random options, hostile ones included: every plan keeps every rule, and nothing is refused that
 * can be planned. The rules are written down here a second time, on purpose. */
#include "engine/align/planner.h"

#include "engine/base/error.h"

#include <math.h>
#include <string.h>

#define ROUNDS 100000

/* Up to this many frames a plan is painted frame by frame. */
#define PAINTED_FRAMES 4000

#define MAX_CANDIDATES 6

typedef struct
{
  SlPlanOptions options;
  SlCandidate candidates[MAX_CANDIDATES];
} Case;

static gboolean
one_in (int n)
{
  return g_test_rand_int_range (0, n) == 0;
}

/* 0 to 2^40, every order of magnitude as often as another; 0, 1 and 2 more often. */
static gint64
random_length (void)
{
  int bits = g_test_rand_int_range (0, 41);
  gint64 all = ((gint64) (guint32) g_test_rand_int () << 20) ^ (guint32) g_test_rand_int ();

  if (one_in (10))
    return g_test_rand_int_range (0, 3);
  if (one_in (50))
    return (gint64) 1 << 40;
  return bits == 0 ? 0 : (all & (((gint64) 1 << bits) - 1));
}

/* A length of up to some times @near. */
static gint64
random_near (gint64 near)
{
  return (gint64) ((double) near * g_test_rand_double_range (0.0, 1.0)
                   * g_test_rand_int_range (1, 12))
         + g_test_rand_int_range (-2, 3);
}

static gint64
random_offset (const SlPlanOptions *options)
{
  switch (g_test_rand_int_range (0, 8))
    {
    case 0:
      return random_length ();
    case 1:
      return -random_length ();
    case 2:
      return -(random_near (options->source_length) / 10);
    case 3:
      return random_near (options->target) / 10;
    default:
      return 0;
    }
}

static SlGrid
random_grid (int rate_hz)
{
  SlGrid grid = { 0, 1, g_test_rand_int_range (1, 9), 0 };

  if (one_in (3))
    return grid;
  grid.beat_den = one_in (4) ? 1 : g_test_rand_int_range (1, 1000);
  grid.beat_num
      = one_in (10) ? g_test_rand_int_range (1, 100)
                    : (gint64) (grid.beat_den * rate_hz * g_test_rand_double_range (0.15, 3.0)) + 1;
  if (one_in (2))
    grid.origin = random_length () - random_length ();
  return grid;
}

static double
random_score (void)
{
  const double odd[] = { NAN, INFINITY, -INFINITY, -1.0, 2.0 };

  if (one_in (5))
    return odd[g_test_rand_int_range (0, G_N_ELEMENTS (odd))];
  return g_test_rand_double_range (0.0, 1.0);
}

static gint64
random_lag (const SlPlanOptions *options, gint64 join)
{
  const SlGrid *grid = &options->grid;

  if (one_in (20))
    return one_in (2) ? G_MAXINT64 : G_MININT64;
  if (one_in (20))
    return join + g_test_rand_int_range (-1, 2);
  if (sl_grid_known (grid) && one_in (2))
    return sl_grid_beats_length (grid, grid->beats_per_bar * g_test_rand_int_range (1, 9))
           + g_test_rand_int_range (-1, 2);
  return random_near (options->source_length) / 3;
}

static SlCandidate
random_candidate (const SlPlanOptions *options)
{
  SlCandidate candidate = { 0 };

  candidate.join
      = options->source_length - (one_in (2) ? 0 : random_near (options->source_length) / 9);
  if (one_in (20))
    candidate.join = one_in (2) ? 0 : (gint64) 1 << 62;
  candidate.lag = random_lag (options, candidate.join);
  candidate.score = random_score ();
  candidate.correlation = random_score ();
  candidate.level_db = random_score ();
  candidate.match_length = random_length ();
  candidate.kind = (SlLagKind) g_test_rand_int_range (SL_LAG_BARS, SL_LAG_ONCE + 1);
  return candidate;
}

static double
random_fade_ms (void)
{
  const double values[] = { 0.0, 5.0, 100.0, 1e5, 1e300, INFINITY };

  if (one_in (200))
    return NAN;
  return one_in (3) ? values[g_test_rand_int_range (0, G_N_ELEMENTS (values))] : -1.0;
}

static void
randomise_section (SlPlanOptions *options)
{
  options->has_section = one_in (3);
  options->section_start = one_in (4) ? -random_near (1000) : random_near (options->target) / 4;
  options->section_end = options->section_start + random_near (options->source_length);
  options->fill = (SlFill) g_test_rand_int_range (SL_FILL_NONE, SL_FILL_CROSSFADE + 1);
}

static void
randomise_hand (SlPlanOptions *options)
{
  if (one_in (6))
    options->join = random_near (options->source_length);
  if (one_in (6))
    options->loop_bars = one_in (4) ? G_MAXINT : g_test_rand_int_range (-1, 9);
}

static void
randomise (Case *self)
{
  const int rates[] = { 1, 8, 1000, 44100, 48000, 192000 };
  SlPlanOptions *options = &self->options;

  *options = sl_plan_options_default ();
  options->rate_hz = rates[g_test_rand_int_range (0, G_N_ELEMENTS (rates))];
  options->strategy
      = (SlStrategy) g_test_rand_int_range (SL_STRATEGY_AUTO, SL_STRATEGY_TRUNCATE + 1);
  options->source_length = random_length ();
  options->target = one_in (3) ? random_length () : random_near (options->source_length);
  options->offset = random_offset (options);
  options->grid = random_grid (options->rate_hz);
  options->rhythmic = one_in (2);
  options->ending = one_in (3) ? SL_ENDING_KEEP : SL_ENDING_CUT;
  options->fade_ms = random_fade_ms ();
  options->ends_silent = one_in (2);
  randomise_section (options);
  randomise_hand (options);
  options->n_candidates = (guint) g_test_rand_int_range (0, MAX_CANDIDATES + 1);
  options->candidates = self->candidates;
  options->candidate = one_in (4) ? (guint) g_test_rand_int_range (0, MAX_CANDIDATES + 1) : 0;
  for (guint i = 0; i < options->n_candidates; i++)
    self->candidates[i] = random_candidate (options);
}

/* Where the source comes in, in target frames. */
static gint64
start_of (const SlPlanOptions *options, SlStrategy strategy)
{
  return strategy == SL_STRATEGY_PLACE ? options->section_start + options->offset : options->offset;
}

static gint64
min_body (const SlPlanOptions *options)
{
  return MAX (1, llround (options->rate_hz / 100.0));
}

/* The fade-in and fade-out that a segment must have beside its neighbours; -1: free. */
static void
assert_fades (const SlSegment *before, const SlSegment *segment, const SlSegment *after)
{
  gint64 end = segment->dest + segment->length;

  g_assert_cmpint (segment->fade_in, >=, 0);
  g_assert_cmpint (segment->fade_out, >=, 0);
  g_assert_cmpint (segment->fade_in + segment->fade_out, <=, segment->length);
  if (segment->source < 0)
    g_assert_true (segment->fade_in == 0 && segment->fade_out == 0);
  if (segment->source >= 0 && before != NULL && before->source >= 0)
    g_assert_cmpint (segment->fade_in, ==, before->dest + before->length - segment->dest);
  if (segment->source >= 0 && after != NULL && after->source >= 0)
    g_assert_cmpint (segment->fade_out, ==, end - after->dest);
}

static void
assert_neighbours (const SlPlanOptions *options, const SlSegment *left, const SlSegment *right)
{
  gint64 left_end = left->dest + left->length;
  gint64 lag;

  g_assert_cmpint (right->dest, <=, left_end);
  if (left->source < 0 || right->source < 0)
    {
      g_assert_cmpint (right->dest, ==, left_end);
      g_assert_true ((left->source < 0) != (right->source < 0));
      return;
    }
  /* A loop body: at least 10 ms, and at least its crossfade. */
  lag = left->source + (right->dest - left->dest) - right->source;
  g_assert_cmpint (lag, >=, min_body (options));
  g_assert_cmpint (lag, >=, left_end - right->dest);
}

static void
assert_segment (const SlPlan *plan, const SlSegment *segment, gint64 first)
{
  g_assert_cmpint (segment->length, >=, 1);
  g_assert_cmpint (segment->dest, >=, 0);
  g_assert_cmpint (segment->length, <=, plan->target - segment->dest);
  g_assert_cmpfloat (segment->correlation, ==, 0.0);
  if (segment->source == -1)
    return;
  g_assert_cmpint (segment->source, >=, first);
  g_assert_cmpint (segment->length, <=, plan->source_length - segment->source);
}

static void
assert_rules (const SlPlanOptions *options, const SlPlan *plan, gint64 start)
{
  const SlSegment *segments = (const SlSegment *) (void *) plan->segments->data;
  guint n = plan->segments->len;

  g_assert_cmpuint (n, >=, 1);
  g_assert_cmpuint (n, <=, SL_PLAN_MAX_SEGMENTS);
  g_assert_cmpint (segments[0].dest, ==, 0);
  g_assert_cmpint (segments[n - 1].dest + segments[n - 1].length, ==, plan->target);
  for (guint i = 0; i < n; i++)
    {
      assert_segment (plan, &segments[i], MAX (0, -start));
      assert_fades (i > 0 ? &segments[i - 1] : NULL, &segments[i],
                    i + 1 < n ? &segments[i + 1] : NULL);
      if (i > 0)
        assert_neighbours (options, &segments[i - 1], &segments[i]);
      if (i > 1)
        g_assert_cmpint (segments[i].dest, >=, segments[i - 2].dest + segments[i - 2].length);
    }
}

/* Silence up to where the source comes in, and then the source. */
static void
assert_start (const SlPlan *plan, gint64 start)
{
  const SlSegment *segment = (const SlSegment *) (void *) plan->segments->data;

  if (start > 0)
    {
      g_assert_cmpint (segment->source, ==, -1);
      g_assert_cmpint (segment->length, ==, start);
      segment++;
    }
  g_assert_cmpint (segment->source, ==, MAX (0, -start));
}

/* Every frame sounds once, or twice inside two fades. */
static void
assert_painted (const SlPlan *plan)
{
  guint8 sounding[PAINTED_FRAMES] = { 0 };
  guint8 fading[PAINTED_FRAMES] = { 0 };

  for (guint i = 0; i < plan->segments->len; i++)
    {
      const SlSegment *segment = &g_array_index (plan->segments, SlSegment, i);

      for (gint64 f = 0; f < segment->length; f++)
        {
          sounding[segment->dest + f]++;
          if (f < segment->fade_in || f >= segment->length - segment->fade_out)
            fading[segment->dest + f]++;
        }
    }
  for (gint64 f = 0; f < plan->target; f++)
    g_assert_true (sounding[f] == 1 || (sounding[f] == 2 && fading[f] == 2));
}

static void
assert_strategy (const SlPlanOptions *options, const SlPlanned *planned)
{
  gint64 gap = options->target - options->offset - options->source_length;

  if (options->strategy == SL_STRATEGY_AUTO)
    g_assert_cmpint (planned->strategy, ==, sl_planner_choose (options));
  else if (options->strategy == SL_STRATEGY_PLACE || gap != 0)
    g_assert_cmpint (planned->strategy, ==, options->strategy);
  else
    g_assert_cmpint (planned->strategy, ==, SL_STRATEGY_NONE);
  g_assert_cmpint (planned->candidate, <, (int) options->n_candidates);
  if (planned->candidate >= 0)
    g_assert_true (sl_planner_needs_candidates (options));
  g_assert_nonnull (planned->reason);
}

static void
assert_notes (const SlPlanOptions *options, const SlPlanned *planned, gint64 start)
{
  gint64 end = start + options->source_length;
  gboolean placed = planned->strategy == SL_STRATEGY_PLACE;

  g_assert_cmpint ((planned->notes & SL_PLAN_NOTE_START_CUT) != 0, ==, start < 0);
  g_assert_cmpint ((planned->notes & SL_PLAN_NOTE_SECTION_OVERRUN) != 0, ==,
                   placed && end > options->section_end);
  g_assert_cmpint ((planned->notes & SL_PLAN_NOTE_CUT_AT_TARGET) != 0, ==,
                   placed && end > options->target);
}

/* The last frames of a stem whose ending is kept are the last that are heard of it. */
static void
assert_kept_ending (const SlPlanOptions *options, const SlPlan *plan)
{
  const SlSegment *last = &g_array_index (plan->segments, SlSegment, plan->segments->len - 1);

  if (last->source < 0)
    last--;
  g_assert_cmpint (last->source + last->length, ==, options->source_length);
}

static void
assert_good (const SlPlanOptions *options, const SlPlanned *planned)
{
  gint64 start = start_of (options, planned->strategy);

  g_assert_true (sl_plan_validate (planned->plan, NULL));
  g_assert_cmpint (planned->plan->target, ==, options->target);
  g_assert_cmpint (planned->plan->source_length, ==, options->source_length);
  assert_rules (options, planned->plan, start);
  assert_start (planned->plan, start);
  assert_strategy (options, planned);
  assert_notes (options, planned, start);
  if (options->target <= PAINTED_FRAMES)
    assert_painted (planned->plan);
  if (options->ending == SL_ENDING_KEEP && sl_planner_needs_candidates (options))
    assert_kept_ending (options, planned->plan);
}

static gboolean
by_hand (const SlPlanOptions *options)
{
  return options->join >= 0 || options->loop_bars != 0
         || (options->n_candidates > 0 && options->candidate >= options->n_candidates);
}

/* Whether nothing of the source would be heard, or the section does not exist. */
static gboolean
out_of_place (const SlPlanOptions *options, SlStrategy strategy)
{
  gint64 start = start_of (options, strategy);

  if (strategy == SL_STRATEGY_PLACE
      && (!options->has_section || options->section_end <= options->section_start))
    return TRUE;
  return start >= options->target || start + options->source_length <= 0;
}

/* Whether the strategy is for sources of another length. */
static gboolean
misfits (const SlPlanOptions *options)
{
  gint64 gap = options->target - options->offset - options->source_length;

  switch (options->strategy)
    {
    case SL_STRATEGY_NONE:
      return gap != 0;
    case SL_STRATEGY_ZERO_PAD:
    case SL_STRATEGY_LOOP:
    case SL_STRATEGY_CROSSFADE:
      return gap < 0;
    case SL_STRATEGY_TRUNCATE:
      return gap > 0;
    default:
      return FALSE;
    }
}

/* Whether an extension, where one is asked for, may be impossible: hardly any source, or hardly any
 * gap before an ending that is kept. */
static gboolean
hard_to_extend (const SlPlanOptions *options, SlStrategy strategy)
{
  gint64 start = start_of (options, strategy);
  gint64 end = strategy == SL_STRATEGY_PLACE ? MIN (options->section_end, options->target)
                                             : options->target;

  if (!sl_planner_needs_candidates (options))
    return FALSE;
  if (options->source_length - MAX (0, -start) < 3 * min_body (options))
    return TRUE;
  return options->ending == SL_ENDING_KEEP
         && end - start - options->source_length < min_body (options);
}

static void
assert_refused_rightly (const SlPlanOptions *options, const GError *error)
{
  SlStrategy strategy
      = options->strategy == SL_STRATEGY_AUTO ? sl_planner_choose (options) : options->strategy;

  g_assert_cmpuint (strlen (error->message), >, 10);
  if (error->code == SL_ERROR_LIMIT)
    {
      g_assert_true (sl_planner_needs_candidates (options));
      g_assert_cmpint (options->target / min_body (options), >, SL_PLAN_MAX_SEGMENTS / 2);
      return;
    }
  g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
  g_assert_true (options->source_length < 1 || options->target < 1 || isnan (options->fade_ms)
                 || out_of_place (options, strategy) || misfits (options)
                 || (sl_planner_needs_candidates (options)
                     && (by_hand (options) || hard_to_extend (options, strategy))));
}

static void
assert_same (const SlPlan *a, const SlPlan *b)
{
  g_assert_cmpmem (a->segments->data, a->segments->len * sizeof (SlSegment), b->segments->data,
                   b->segments->len * sizeof (SlSegment));
}

static void
run_case (const SlPlanOptions *options, guint *planned_count)
{
  g_auto (SlPlanned) planned = { 0 };
  g_auto (SlPlanned) again = { 0 };
  g_autoptr (GError) error = NULL;

  if (!sl_planner_make (options, &planned, &error))
    {
      g_assert_null (planned.plan);
      assert_refused_rightly (options, error);
      return;
    }
  g_assert_no_error (error);
  assert_good (options, &planned);
  g_assert_true (sl_planner_make (options, &again, NULL));
  assert_same (planned.plan, again.plan);
  (*planned_count)++;
}

/* At least a quarter of what is tried can be planned, so that the rules above are put to use. */
static void
test_fuzz (void)
{
  guint planned_count = 0;

  for (int i = 0; i < ROUNDS; i++)
    {
      Case random;

      randomise (&random);
      run_case (&random.options, &planned_count);
    }
  g_test_message ("%u of %d cases were planned", planned_count, ROUNDS);
  g_assert_cmpuint (planned_count, >, ROUNDS / 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/planner/fuzz", test_fuzz);
  return g_test_run ();
}
