/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preview/mix.h"

#include "engine/base/error.h"
#include "engine/io/reader.h"
#include "engine/io/resampler.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A gain moves within one piece: 10 ms or less from 48 kHz up. */
#define PIECE_FRAMES 480

typedef struct
{
  SlSource *source; ///< at the rate of the mix; NULL when it failed
  gint64 offset;
  double gain; ///< reached so far
} Part;

typedef struct
{
  SlSource base;
  SlFaders *faders; // owned
  guint n;
  Part *parts;
  float *scratch; ///< a piece of one part
  double *sum;    ///< a piece
  GError *problem;
} Mix;

/* Fails the part: it is silent from now on. */
static void
give_up (Mix *self, Part *part, GError *failure)
{
  g_clear_pointer (&part->source, sl_source_free);
  if (self->problem == NULL)
    self->problem = failure;
  else
    g_error_free (failure);
}

static SlSource *
open_part (const char *path, int rate_hz, int channels, GError **error)
{
  g_autoptr (SlSource) reader = sl_reader_open (path, NULL, error);
  g_autofree char *name = NULL;

  if (reader == NULL)
    return NULL;
  if (reader->channels == 1 || reader->channels == channels)
    return sl_resampler_new (g_steal_pointer (&reader), rate_hz, error);
  name = g_filename_display_name (path);
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               _ ("“%s” has %d channels and cannot be heard together with %d-channel audio."), name,
               reader->channels, channels);
  return NULL;
}

static void
open_parts (Mix *self, const SlGraph *graph)
{
  for (guint i = 0; i < self->n; i++)
    {
      const SlGraphPart *description = sl_graph_get_part (graph, i);
      Part *part = &self->parts[i];
      GError *failure = NULL;

      part->offset = description->offset;
      part->gain = sl_faders_get (self->faders, i);
      part->source
          = open_part (description->path, self->base.rate_hz, self->base.channels, &failure);
      if (failure != NULL)
        give_up (self, part, failure);
    }
}

/* Adds @frames frames of @in from frame @first of a piece of @total frames on, over which the gain
 * goes from @from to @to. */
static void
add (Mix *self,
     const float *in,
     int in_channels,
     gint64 first,
     gint64 frames,
     double from,
     double to,
     gint64 total)
{
  int channels = self->base.channels;
  int step = in_channels == 1 ? 0 : 1;

  for (gint64 i = 0; i < frames; i++)
    {
      double gain
          = from == to ? to : from + (to - from) * (double) (first + i + 1) / (double) total;
      const float *frame = in + i * in_channels;
      double *sum = self->sum + (first + i) * channels;

      for (int channel = 0; channel < channels; channel++)
        sum[channel] += gain * frame[channel * step];
    }
}

/* Adds what the part has of @frames frames from @at on. A part that is muted is not read. */
static void
add_part (Mix *self, guint index, gint64 at, gint64 frames)
{
  Part *part = &self->parts[index];
  double from = part->gain;
  GError *failure = NULL;
  gint64 first;
  gint64 end;

  part->gain = sl_faders_get (self->faders, index);
  if (part->source == NULL || (from == 0.0 && part->gain == 0.0))
    return;
  first = MAX (at, part->offset);
  end = MIN (at + frames - part->offset, part->source->length) + part->offset;
  if (end <= first)
    return;
  if (sl_source_read_at (part->source, first - part->offset, self->scratch, end - first, &failure))
    add (self, self->scratch, part->source->channels, first - at, end - first, from, part->gain,
         frames);
  else
    give_up (self, part, failure);
}

static void
read_piece (Mix *self, float *out, gint64 at, gint64 frames)
{
  gint64 samples = frames * self->base.channels;

  memset (self->sum, 0, sizeof (double) * (gsize) samples);
  for (guint i = 0; i < self->n; i++)
    add_part (self, i, at, frames);
  for (gint64 i = 0; i < samples; i++)
    out[i] = (float) self->sum[i];
}

static gint64
mix_read (SlSource *source, float *out, gint64 frames, GError **error)
{
  Mix *self = (Mix *) source;
  gint64 count;

  for (gint64 done = 0; done < frames; done += count)
    {
      count = MIN (frames - done, PIECE_FRAMES);
      read_piece (self, out + done * source->channels, source->position + done, count);
    }
  return frames;
}

/* The parts are sought by the next read. */
static gboolean
mix_seek (SlSource *source, gint64 frame, GError **error)
{
  return TRUE;
}

static void
mix_free (SlSource *source)
{
  Mix *self = (Mix *) source;

  for (guint i = 0; i < self->n; i++)
    sl_source_free (self->parts[i].source);
  sl_faders_unref (self->faders);
  g_clear_error (&self->problem);
  g_free (self->parts);
  g_free (self->scratch);
  g_free (self->sum);
  g_free (self);
}

static const SlSourceClass mix_class = { mix_read, mix_seek, mix_free };

SlSource *
sl_preview_mix_new (const SlGraph *graph, SlFaders *faders)
{
  Mix *self = g_new0 (Mix, 1);
  int channels = sl_graph_get_channels (graph);

  sl_source_init (&self->base, &mix_class, channels, sl_graph_get_rate (graph),
                  sl_graph_get_length (graph));
  self->faders = sl_faders_ref (faders);
  self->n = sl_graph_get_n_parts (graph);
  self->parts = g_new0 (Part, self->n);
  self->scratch = g_new (float, PIECE_FRAMES *channels);
  self->sum = g_new (double, PIECE_FRAMES *channels);
  open_parts (self, graph);
  return &self->base;
}

char *
sl_preview_mix_dup_problem (SlSource *mix)
{
  const GError *problem = ((Mix *) mix)->problem;

  return problem == NULL ? NULL : g_strdup (problem->message);
}

gboolean
sl_preview_mix_is_usable (SlSource *mix)
{
  const Mix *self = (Mix *) mix;

  for (guint i = 0; i < self->n; i++)
    if (self->parts[i].source != NULL)
      return TRUE;
  return self->n == 0;
}
