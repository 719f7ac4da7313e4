/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a source could stop, judged by how its end sounds and by the grid. */
#include "engine/align/ending.h"
#include "engine/base/units.h"

/* A gap at the end up to this long belongs to the rhythm. */
#define GAP_S 2

/* A bar line this little after the last frame is still inside: lengths are rounded. */
#define BAR_SLACK_MS 2.0

/* Joins nearer to each other are one. */
#define SAME_JOIN_MS 20.0

/* Levels are compared over 500 ms. Powers below the loudest: 4 dB is where a fade is first heard,
 * 15 dB is a decay. */
#define LEVEL_WINDOW 50
#define FADING 0.4f
#define DECAYED 0.03f

/* What has decayed for longer than this is matched where it has not: within a decay everything
 * resembles everything, and a loop there stutters. */
#define LONG_DECAY_S 2

/* An onset rises by a quarter of the steepest rise of the last 8 s; a join lies a little before. */
#define ONSET_WINDOW 800
#define ONSET_RISE 0.25f
#define PRE_ROLL_MS 5.0

/* A sound that is struck is loudest within 300 ms, is 6 dB down half way, and never 6 dB up again,
 * over 100 ms, but for what is 40 dB below. */
#define STRIKE 30
#define STRIKE_WINDOW 10u
#define HALF_WAY 0.25f
#define AGAIN 4.0f
#define FAINT 1e-4f

static gint64
slack (const SlEnding *ending)
{
  return sl_frames_from_ms (BAR_SLACK_MS, ending->rate_hz);
}

gint64
sl_ending_bar_beat (const SlGrid *grid, gint64 frame)
{
  gint64 beat = sl_grid_beat_at (grid, frame);
  gint64 rest = beat % grid->beats_per_bar;

  return beat - (rest < 0 ? rest + grid->beats_per_bar : rest);
}

gint64
sl_ending_material_end (const SlEnding *ending, const SlGrid *grid)
{
  gint64 line;

  if (ending->source_length - ending->last <= (gint64) GAP_S * ending->rate_hz)
    return ending->source_length;
  if (!sl_grid_known (grid))
    return ending->last;
  line = sl_grid_beat_frame (grid, sl_ending_bar_beat (grid, ending->last - 1 - slack (ending))
                                       + grid->beats_per_bar);
  if (line - ending->last > sl_grid_beats_length (grid, 1))
    return ending->last;
  return CLAMP (line, ending->last, ending->source_length);
}

static float
window_power (const SlEnding *ending, guint end)
{
  guint from = end > LEVEL_WINDOW ? end - LEVEL_WINDOW : 0;
  float sum = 0.0f;

  for (guint i = from; i < end; i++)
    sum += ending->power[i];
  return sum / LEVEL_WINDOW;
}

/* How many of the powers lie before the level falls below @part of the loudest. */
static guint
sustained (const SlEnding *ending, float part)
{
  float loudest = 0.0f;
  guint end = ending->n_power;

  for (guint i = 1; i <= ending->n_power; i++)
    loudest = MAX (loudest, window_power (ending, i));
  while (end > 1 && window_power (ending, end) < part * loudest)
    end--;
  return end;
}

/* The mean power over the window that starts with power @i. */
static float
power_from (const SlEnding *ending, guint i)
{
  float sum = 0.0f;

  for (guint k = i; k < i + STRIKE_WINDOW; k++)
    sum += ending->power[k];
  return sum / STRIKE_WINDOW;
}

/* Whether the power falls from its peak at @peak to the end and does not rise again. */
static gboolean
dies_away (const SlEnding *ending, guint peak, guint end)
{
  float most = power_from (ending, peak);
  float lowest = most;

  for (guint i = peak; i <= end; i++)
    {
      float power = power_from (ending, i);

      if (power > AGAIN * lowest && power > FAINT * most)
        return FALSE;
      lowest = MIN (lowest, power);
    }
  return power_from (ending, (peak + end) / 2) < HALF_WAY * most && lowest < DECAYED * most;
}

gboolean
sl_ending_sounds_once (const SlEnding *ending)
{
  guint first, end;
  guint peak;

  if (ending->silent || ending->first < ending->start)
    return ending->silent;
  first = (guint) ((ending->first - ending->start) / ending->hop);
  if (ending->n_power < first + 2 * STRIKE_WINDOW)
    return ending->source_length - ending->last > (gint64) GAP_S * ending->rate_hz;
  end = ending->n_power - STRIKE_WINDOW;
  peak = first;
  for (guint i = first; i <= end; i++)
    if (power_from (ending, i) > power_from (ending, peak))
      peak = i;
  return peak - first <= STRIKE && dies_away (ending, peak, end);
}

static void
add_join (GArray *joins, const SlEnding *ending, gint64 join)
{
  gint64 near = sl_frames_from_ms (SAME_JOIN_MS, ending->rate_hz);

  if (join < 1 || join > ending->source_length)
    return;
  for (guint i = 0; i < joins->len; i++)
    if (ABS (g_array_index (joins, gint64, i) - join) <= near)
      return;
  g_array_append_val (joins, join);
}

static gint64
power_frame (const SlEnding *ending, guint index)
{
  return ending->start + (gint64) index * ending->hop;
}

gint64
sl_ending_sustained (const SlEnding *ending, float part)
{
  return MIN (power_frame (ending, sustained (ending, part)), ending->last);
}

/* The last bar line at or before @frame. */
static void
add_bar_line (GArray *joins, const SlEnding *ending, const SlGrid *grid, gint64 frame)
{
  gint64 line = sl_grid_beat_frame (grid, sl_ending_bar_beat (grid, frame + slack (ending)));

  add_join (joins, ending, MIN (line, ending->source_length));
}

static float
rise (const SlEnding *ending, guint i)
{
  return ending->power[i] - ending->power[i - 1];
}

/* The last onset among the first @end powers. */
static void
add_onset (GArray *joins, const SlEnding *ending, guint end)
{
  guint first = end > ONSET_WINDOW ? end - ONSET_WINDOW : 1;
  gint64 pre_roll = sl_frames_from_ms (PRE_ROLL_MS, ending->rate_hz);
  float steepest = 0.0f;

  for (guint i = first; i < end; i++)
    steepest = MAX (steepest, rise (ending, i));
  for (guint i = end - 1; i >= first && steepest > 0.0f; i--)
    if (rise (ending, i) >= ONSET_RISE * steepest)
      {
        add_join (joins, ending, power_frame (ending, i) - pre_roll);
        return;
      }
}

/* A place where the sound is still full, and one where it may be fading. */
static void
add_sustained (GArray *joins, const SlEnding *ending, const SlGrid *grid)
{
  static const float parts[] = { DECAYED, FADING };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (sl_grid_known (grid))
        add_bar_line (joins, ending, grid, sl_ending_sustained (ending, parts[i]));
      else
        add_onset (joins, ending, sustained (ending, parts[i]));
    }
}

static gboolean
decays_for_long (const SlEnding *ending)
{
  return ending->last - sl_ending_sustained (ending, DECAYED)
         > (gint64) LONG_DECAY_S * ending->rate_hz;
}

static void
add_ends (GArray *joins, const SlEnding *ending, const SlGrid *grid)
{
  add_join (joins, ending, sl_ending_material_end (ending, grid));
  add_join (joins, ending, ending->last);
}

GArray *
sl_ending_joins (const SlEnding *ending, const SlFinderOptions *options)
{
  GArray *joins = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (options->join >= 0)
    {
      g_array_append_val (joins, options->join);
      return joins;
    }
  if (!decays_for_long (ending))
    add_ends (joins, ending, &options->grid);
  add_sustained (joins, ending, &options->grid);
  if (joins->len == 0)
    add_ends (joins, ending, &options->grid);
  return joins;
}
