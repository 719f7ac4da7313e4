/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/onsets.h"

#include "engine/base/units.h"

/* Hops of 1 ms: an attack is judged by this many, against this many before it. */
#define AHEAD 5
#define BEFORE 20

/* In power: 6 dB up. */
#define RISE 4.0

/* In power: 30 dB below the loudest, and -70 dBFS, is nothing that a listener follows. */
#define PART_OF_LOUDEST 1e-3
#define INAUDIBLE 1e-7

/* Energies of a stretch, by hop. */
typedef struct
{
  gint64 start; /* source frame of hop 0; may be negative */
  gint64 hop;   /* frames */
  gint64 n;     /* hops */
  double *all;
  double *highs; /* of the difference of neighbouring samples, 6 dB more for each octave */
} Energies;

static void
add_energies (Energies *self, const float *block, int channels, gint64 from, gint64 frames)
{
  for (gint64 i = 1; i < frames; i++)
    {
      gint64 h = (from + i - self->start) / self->hop;

      for (int c = 0; c < channels; c++)
        {
          double sample = (double) block[i * channels + c];
          double step = sample - (double) block[(i - 1) * channels + c];

          self->all[h] += sample * sample;
          self->highs[h] += step * step;
        }
    }
}

/* Reads what of the stretch lies in the source, and one frame before it to step from. */
static gboolean
read_energies (Energies *self, SlSource *source, GError **error)
{
  g_autofree float *block = g_new (float, SL_BLOCK_FRAMES * source->channels);
  gint64 end = MIN (source->length, self->start + self->n * self->hop);
  gint64 at = MAX (0, self->start - 1);

  while (end - at > 1)
    {
      gint64 frames = MIN (SL_BLOCK_FRAMES, end - at);

      if (!sl_source_read_at (source, at, block, frames, error))
        return FALSE;
      add_energies (self, block, source->channels, at, frames);
      at += frames - 1;
    }
  return TRUE;
}

static double
sum (const double *energy, gint64 from, gint64 to)
{
  double total = 0.0;

  for (gint64 h = from; h < to; h++)
    total += energy[h];
  return total;
}

static double
loudest (const double *energy, gint64 n)
{
  double most = 0.0;

  for (gint64 h = 0; h + AHEAD <= n; h++)
    most = MAX (most, sum (energy, h, h + AHEAD));
  return most;
}

/* Whether energy sets in with hop @h: the attack is above the past, and the hop has part in it. */
static gboolean
sets_in (const double *energy, gint64 h, double least)
{
  double ahead = sum (energy, h, h + AHEAD);
  double before = sum (energy, h - BEFORE, h) / BEFORE;

  return ahead > least && ahead / AHEAD >= RISE * before && energy[h] >= RISE / 2.0 * before
         && energy[h] > 0.0;
}

static void
pick (const Energies *self, double quietest, gint64 first, gint64 last, GArray *onsets)
{
  double all = MAX (quietest, PART_OF_LOUDEST * loudest (self->all, self->n));
  double highs = MAX (quietest, PART_OF_LOUDEST * loudest (self->highs, self->n));

  for (gint64 h = first; h < last; h++)
    if (sets_in (self->all, h, all) || sets_in (self->highs, h, highs))
      {
        gint64 frame = self->start + h * self->hop;

        g_array_append_val (onsets, frame);
        h += BEFORE - 1;
      }
}

gboolean
sl_onsets_find (SlSource *source, gint64 from, gint64 to, GArray *onsets, GError **error)
{
  gint64 hop = MAX (1, sl_frames_from_ms (SL_ONSET_HOP_MS, source->rate_hz));
  gint64 hops = (MAX (0, to - from) + hop - 1) / hop;
  Energies self = { from - BEFORE * hop, hop, BEFORE + hops + AHEAD, NULL, NULL };
  g_autofree double *all = self.all = g_new0 (double, self.n);
  g_autofree double *highs = self.highs = g_new0 (double, self.n);

  if (!read_energies (&self, source, error))
    return FALSE;
  pick (&self, INAUDIBLE * (double) (AHEAD * hop * source->channels), BEFORE, BEFORE + hops,
        onsets);
  return TRUE;
}
