/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/ending.h"

#include "engine/align/reducer.h"
#include "engine/base/units.h"

#include <math.h>
#include <string.h>

/* -70 dBFS: below the hiss of most recordings, above dither. */
#define AUDIBLE 3.2e-4f

/* Blocks read forward before going further back. */
#define BACK_BLOCKS 32

#define TAIL_S 16
#define POWER_MS 10.0

/* Reduced frames that a stream takes to forget what came before it; see reducer.c. */
#define SETTLING 16

static gint64
last_audible_in (const float *samples, int channels, gint64 frames)
{
  for (gint64 i = frames * channels - 1; i >= 0; i--)
    if (fabsf (samples[i]) > AUDIBLE)
      return i / channels;
  return -1;
}

static gint64
first_audible_in (const float *samples, int channels, gint64 frames)
{
  for (gint64 i = 0; i < frames * channels; i++)
    if (fabsf (samples[i]) > AUDIBLE)
      return i / channels;
  return -1;
}

/* Sets *@last to the frame after the last audible one in [@from, @to), 0 without one. */
static gboolean
last_audible_between (SlSource *source,
                      gint64 from,
                      gint64 to,
                      float *block,
                      gint64 *last,
                      GError **error)
{
  *last = 0;
  for (gint64 at = from; at < to; at += SL_BLOCK_FRAMES)
    {
      gint64 frames = MIN (SL_BLOCK_FRAMES, to - at);
      gint64 found;

      if (!sl_source_read_at (source, at, block, frames, error))
        return FALSE;
      found = last_audible_in (block, source->channels, frames);
      if (found >= 0)
        *last = at + found + 1;
    }
  return TRUE;
}

static gboolean
find_last (SlEnding *ending,
           SlSource *source,
           float *block,
           const SlProgress *progress,
           GError **error)
{
  const gint64 step = (gint64) BACK_BLOCKS * SL_BLOCK_FRAMES;

  ending->last = 0;
  for (gint64 to = source->length; to > 0 && ending->last == 0; to -= step)
    if (!sl_progress_report (progress, 0, source->length, error)
        || !last_audible_between (source, MAX (0, to - step), to, block, &ending->last, error))
      return FALSE;
  return TRUE;
}

static gboolean
find_first (SlEnding *ending,
            SlSource *source,
            float *block,
            const SlProgress *progress,
            GError **error)
{
  for (gint64 at = 0; at < ending->last; at += SL_BLOCK_FRAMES)
    {
      gint64 frames = MIN (SL_BLOCK_FRAMES, ending->last - at);
      gint64 found;

      if (!sl_progress_report (progress, 0, source->length, error)
          || !sl_source_read_at (source, at, block, frames, error))
        return FALSE;
      found = first_audible_in (block, source->channels, frames);
      ending->first = at + MAX (found, 0);
      if (found >= 0)
        break;
    }
  return TRUE;
}

static gboolean
find_audible (SlEnding *ending,
              SlSource *source,
              float *block,
              const SlProgress *progress,
              GError **error)
{
  if (!find_last (ending, source, block, progress, error)
      || !find_first (ending, source, block, progress, error))
    return FALSE;
  ending->silent = ending->last == 0;
  if (ending->silent)
    ending->last = source->length;
  return TRUE;
}

static void
add_power (SlEnding *ending, const float *samples, int channels, gint64 at, gint64 frames)
{
  for (gint64 i = 0; i < frames; i++)
    {
      float *power = ending->power + (at + i - ending->start) / ending->hop;

      for (int c = 0; c < channels; c++)
        *power += samples[i * channels + c] * samples[i * channels + c];
    }
}

static void
scale_power (SlEnding *ending, int channels)
{
  for (guint i = 0; i < ending->n_power; i++)
    {
      gint64 start = ending->start + (gint64) i * ending->hop;
      gint64 frames = MIN (ending->hop, ending->last - start);

      ending->power[i] /= (float) (frames * channels);
    }
}

static void
allocate_tail (SlEnding *ending)
{
  int factor = sl_reducer_factor (ending->rate_hz);
  gint64 start = MAX (0, ending->last - (gint64) TAIL_S * ending->rate_hz);
  gint64 frames;

  ending->start = start / factor * factor;
  frames = ending->last - ending->start;
  ending->hop = MAX (1, sl_frames_from_ms (POWER_MS, ending->rate_hz));
  ending->n_power = (guint) ((frames + ending->hop - 1) / ending->hop);
  ending->power = g_new0 (float, ending->n_power);
  ending->reduced = g_new (float, frames / factor + 1);
}

static void
drop_settling (SlEnding *ending)
{
  gsize settling = MIN (SETTLING, ending->n_reduced);

  if (ending->start == 0)
    return;
  ending->n_reduced -= settling;
  memmove (ending->reduced, ending->reduced + settling, ending->n_reduced * sizeof (float));
}

static gboolean
read_tail (SlEnding *ending, SlSource *source, float *block, GError **error)
{
  g_autoptr (SlReducer) reducer = sl_reducer_new (source->channels, source->rate_hz);

  allocate_tail (ending);
  for (gint64 at = ending->start; at < ending->last; at += SL_BLOCK_FRAMES)
    {
      gint64 frames = MIN (SL_BLOCK_FRAMES, ending->last - at);

      if (!sl_source_read_at (source, at, block, frames, error))
        return FALSE;
      add_power (ending, block, source->channels, at, frames);
      ending->n_reduced
          += sl_reducer_feed (reducer, block, frames, ending->reduced + ending->n_reduced);
    }
  ending->reduced_end
      = ending->start / sl_reducer_factor (source->rate_hz) + (gint64) ending->n_reduced;
  scale_power (ending, source->channels);
  drop_settling (ending);
  return TRUE;
}

gboolean
sl_ending_read (SlEnding *ending,
                SlSource *source,
                const SlFinderOptions *options,
                const SlProgress *progress,
                GError **error)
{
  g_autofree float *block = g_new (float, SL_BLOCK_FRAMES * source->channels);

  memset (ending, 0, sizeof *ending);
  ending->source_length = source->length;
  ending->rate_hz = source->rate_hz;
  if (!find_audible (ending, source, block, progress, error))
    return FALSE;
  if (options->join >= 0)
    ending->last = options->join;
  ending->first = MIN (ending->first, ending->last - 1);
  return read_tail (ending, source, block, error);
}

void
sl_ending_clear (SlEnding *ending)
{
  g_clear_pointer (&ending->power, g_free);
  g_clear_pointer (&ending->reduced, g_free);
}
