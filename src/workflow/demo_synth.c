/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/demo_synth.h"

#include "engine/base/units.h"

#include <math.h>
#include <string.h>

/* Oscillators start anew from exact values at every multiple of this, so that the bits of a frame
 * do not depend on where a read began. */
#define CELL_FRAMES 4096

/* Partials above this part of the rate would fold back. */
#define HIGHEST 0.45

typedef struct
{
  SlSource base;
  GArray *notes;
  gint64 cell; ///< which cell is in samples, or -1
  float samples[CELL_FRAMES * 2];
} Synth;

/* Damped oscillators side by side: y(n) = k1 y(n-1) + k2 y(n-2). */
typedef struct
{
  double k1[SL_TIMBRE_PARTIALS];
  double k2[SL_TIMBRE_PARTIALS];
  double y1[SL_TIMBRE_PARTIALS];
  double y2[SL_TIMBRE_PARTIALS];
} Bank;

/* What a partial is at frame @n of its note: level · exp (-n · damping) · sin (2π · cycles · n). */
static double
partial_at (double level, double cycles, double damping, gint64 n)
{
  double turns = cycles * (double) n;

  return level * exp (-damping * (double) n) * sin (2.0 * G_PI * (turns - floor (turns)));
}

/* Higher partials die away sooner, as on a string. */
static double
damping_of (const SlTimbre *timbre, double ratio, int rate_hz)
{
  return timbre->decay_seconds > 0.0 ? ratio / (timbre->decay_seconds * rate_hz) : 0.0;
}

/* The oscillators of @note so that their next value is that of its frame @n. */
static void
bank_start (Bank *bank, const SlNote *note, gint64 n, int rate_hz)
{
  memset (bank, 0, sizeof *bank);
  for (int i = 0; i < SL_TIMBRE_PARTIALS; i++)
    {
      double ratio = note->timbre->ratios[i];
      double cycles = note->hz * ratio / rate_hz;
      double damping = damping_of (note->timbre, ratio, rate_hz);

      if (ratio <= 0.0 || cycles > HIGHEST)
        continue;
      bank->k1[i] = 2.0 * exp (-damping) * cos (2.0 * G_PI * cycles);
      bank->k2[i] = -exp (-2.0 * damping);
      bank->y1[i] = partial_at (note->timbre->levels[i], cycles, damping, n - 1);
      bank->y2[i] = partial_at (note->timbre->levels[i], cycles, damping, n - 2);
    }
}

static double
bank_next (Bank *bank)
{
  double y[SL_TIMBRE_PARTIALS];

  for (int i = 0; i < SL_TIMBRE_PARTIALS; i++)
    {
      y[i] = bank->k1[i] * bank->y1[i] + bank->k2[i] * bank->y2[i];
      bank->y2[i] = bank->y1[i];
      bank->y1[i] = y[i];
    }
  return ((y[0] + y[1]) + (y[2] + y[3])) + ((y[4] + y[5]) + (y[6] + y[7]));
}

/* Gain of frame @n of a note: a straight line up, one, a straight line down. */
static double
envelope (const SlNote *note, gint64 attack, gint64 release, gint64 n)
{
  double up = n < attack ? (double) (n + 1) / (double) (attack + 1) : 1.0;
  double down
      = n >= note->length ? 1.0 - (double) (n - note->length + 1) / (double) (release + 1) : 1.0;

  return up * down;
}

static void
pan_gains (const Synth *self, const SlNote *note, double gains[2])
{
  double angle = (note->pan + 1.0) * G_PI / 4.0;

  gains[0] = note->level * (self->base.channels == 1 ? 1.0 : cos (angle));
  gains[1] = note->level * sin (angle);
}

/* Adds what sounds of @note in the cell that starts on frame @cell_start. */
static void
add_note (Synth *self, const SlNote *note, gint64 cell_start)
{
  int rate_hz = self->base.rate_hz;
  int channels = self->base.channels;
  gint64 attack = sl_frames_from_ms (note->timbre->attack_ms, rate_hz);
  gint64 release = sl_frames_from_ms (note->timbre->release_ms, rate_hz);
  gint64 from = MAX (cell_start, note->start);
  gint64 to = MIN (cell_start + CELL_FRAMES, note->start + note->length + release);
  double gains[2];
  Bank bank;

  if (from >= to)
    return;
  pan_gains (self, note, gains);
  bank_start (&bank, note, from - note->start, rate_hz);
  for (gint64 frame = from; frame < to; frame++)
    {
      float *out = self->samples + (frame - cell_start) * channels;
      double sample = bank_next (&bank) * envelope (note, attack, release, frame - note->start);

      for (int channel = 0; channel < channels; channel++)
        out[channel] += (float) (sample * gains[channel]);
    }
}

static void
fill_cell (Synth *self, gint64 cell)
{
  memset (self->samples, 0, sizeof self->samples);
  for (guint i = 0; i < self->notes->len; i++)
    add_note (self, &g_array_index (self->notes, SlNote, i), cell * CELL_FRAMES);
  self->cell = cell;
}

static gint64
synth_read (SlSource *source, float *out, gint64 frames, GError **error)
{
  Synth *self = (Synth *) source;
  gsize channels = (gsize) source->channels;

  for (gint64 done = 0; done < frames;)
    {
      gint64 frame = source->position + done;
      gint64 within = frame % CELL_FRAMES;
      gint64 n = MIN (frames - done, CELL_FRAMES - within);

      if (frame / CELL_FRAMES != self->cell)
        fill_cell (self, frame / CELL_FRAMES);
      memcpy (out + (gsize) done * channels, self->samples + (gsize) within * channels,
              (gsize) n * channels * sizeof (float));
      done += n;
    }
  return frames;
}

static gboolean
synth_seek (SlSource *source, gint64 frame, GError **error)
{
  return TRUE;
}

static void
synth_free (SlSource *source)
{
  Synth *self = (Synth *) source;

  g_array_unref (self->notes);
  g_free (self);
}

SlSource *
sl_synth_new (GArray *notes, int channels, int rate_hz, gint64 length)
{
  static const SlSourceClass klass = { synth_read, synth_seek, synth_free };
  Synth *self = g_new0 (Synth, 1);

  g_assert (channels == 1 || channels == 2);
  sl_source_init (&self->base, &klass, channels, rate_hz, length);
  self->notes = notes;
  self->cell = -1;
  return &self->base;
}
