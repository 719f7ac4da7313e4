/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/step_rank.h"

#include "engine/base/units.h"

#include <math.h>

/* The smallest of the largest comes first: a binary heap. */
static void
replace_smallest (float *heap, gint64 n, float value)
{
  gint64 at = 0;

  for (gint64 child = 1; child < n; child = 2 * at + 1)
    {
      if (child + 1 < n && heap[child + 1] < heap[child])
        child++;
      if (heap[child] >= value)
        break;
      heap[at] = heap[child];
      at = child;
    }
  heap[at] = value;
}

/* @block holds one frame before its @frames frames. */
static void
add_steps (const float *block, int channels, gint64 frames, float *heaps, gint64 kept)
{
  for (int c = 0; c < channels; c++)
    {
      float *heap = heaps + c * kept;
      float last = block[c];

      for (gint64 i = 1; i <= frames; i++)
        {
          float sample = block[i * channels + c];
          float step = fabsf (sample - last);

          if (step > heap[0])
            replace_smallest (heap, kept, step);
          last = sample;
        }
    }
}

gboolean
sl_step_rank (SlSource *source,
              gint64 from,
              gint64 frames,
              double part,
              double *steps,
              GError **error)
{
  int channels = source->channels;
  gint64 n = MAX (1, frames - 1);
  gint64 kept = n - (gint64) (part * (double) (n - 1));
  g_autofree float *heaps = g_new0 (float, kept *channels);
  g_autofree float *block = g_new (float, (SL_BLOCK_FRAMES + 1) * channels);

  for (gint64 done = 0; done < frames - 1;)
    {
      gint64 taken = MIN (SL_BLOCK_FRAMES, frames - 1 - done);

      if (!sl_source_read_at (source, from + done, block, taken + 1, error))
        return FALSE;
      add_steps (block, channels, taken, heaps, kept);
      done += taken;
    }
  for (int c = 0; c < channels; c++)
    steps[c] = (double) heaps[c * kept];
  return TRUE;
}
