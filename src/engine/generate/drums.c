/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate/drums.h"

#include "engine/base/error.h"
#include "engine/base/units.h"
#include "engine/generate/drum_kit.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  SlSource base;
  GArray *hits;
  SlDrumKit *kit;
  float mono[SL_BLOCK_FRAMES];
} Drums;

/* Beats 2 and 4 of a bar, counted from 0 and for bars before the origin too. */
static gboolean
is_backbeat (const SlGrid *grid, gint64 beat)
{
  gint64 in_bar = beat % grid->beats_per_bar;

  if (in_bar < 0)
    in_bar += grid->beats_per_bar;
  return in_bar % 2 == 1;
}

static void
append_beat (GArray *hits, const SlGrid *grid, gint64 beat, gint64 frame)
{
  SlHit kick = { frame, SL_HIT_KICK, (guint64) beat };
  SlHit snare = { frame, SL_HIT_SNARE, (guint64) beat };

  g_array_append_val (hits, kick);
  if (is_backbeat (grid, beat))
    g_array_append_val (hits, snare);
}

GArray *
sl_drums_default_hits (const SlGrid *grid, gint64 length, GError **error)
{
  g_autoptr (GArray) hits = NULL;
  gint64 beat;
  gint64 frame;

  if (!sl_grid_known (grid))
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_INVALID,
                           _ ("A drum pattern needs a tempo. Set one, or choose other drums."));
      return NULL;
    }
  hits = g_array_new (FALSE, FALSE, sizeof (SlHit));
  beat = sl_grid_beat_at (grid, 0);
  while ((frame = sl_grid_beat_frame (grid, beat)) < length)
    {
      if (frame >= 0)
        append_beat (hits, grid, beat, frame);
      beat++;
    }
  return g_steal_pointer (&hits);
}

void
sl_drums_hit_samples (const SlHit *hit, int rate_hz, GArray *out)
{
  g_autoptr (SlDrumKit) kit = sl_drum_kit_new (rate_hz);
  gint64 length = sl_drum_kit_hit_length (kit, hit->kind);
  g_autofree float *samples = g_new0 (float, length);

  sl_drum_kit_add (kit, hit, 0, length, samples);
  g_array_append_vals (out, samples, (guint) length);
}

static void
spread (const float *mono, gint64 frames, int channels, float *out)
{
  for (gint64 i = 0; i < frames; i++)
    for (int c = 0; c < channels; c++)
      out[i * channels + c] = mono[i];
}

static gint64
drums_read (SlSource *source, float *out, gint64 frames, GError **error)
{
  Drums *self = (Drums *) source;

  for (gint64 done = 0; done < frames; done += SL_BLOCK_FRAMES)
    {
      gint64 n = MIN (frames - done, SL_BLOCK_FRAMES);

      sl_drum_kit_render (self->kit, self->hits, source->position + done, n, self->mono);
      spread (self->mono, n, source->channels, out + done * source->channels);
    }
  return frames;
}

static gboolean
drums_seek (SlSource *source, gint64 frame, GError **error)
{
  /* Every sample is computed from its frame alone. */
  return TRUE;
}

static void
drums_free (SlSource *source)
{
  Drums *self = (Drums *) source;

  g_array_unref (self->hits);
  sl_drum_kit_free (self->kit);
  g_free (self);
}

SlSource *
sl_drums_new (const GArray *hits, int channels, int rate_hz, gint64 length)
{
  static const SlSourceClass klass = { drums_read, drums_seek, drums_free };
  Drums *self = g_new (Drums, 1);

  sl_source_init (&self->base, &klass, channels, rate_hz, length);
  self->hits = sl_hits_dup_sorted (hits);
  self->kit = sl_drum_kit_new (rate_hz);
  return &self->base;
}
