/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A player on a manual device, files to play, and what was heard of them. */
#pragma once

#include "manual_output.h"
#include "preview/player.h"

#include "../support/noise.h"
#include "../support/temp_folder.h"
#include "../support/wav_file.h"

#define RATE 48000
#define FADE 240 /* frames that the gate takes: 5 ms */
#define ASKED 2000

typedef struct
{
  TestFolder *folder;
  SlPlayer *player;
  GArray *heard; ///< float, interleaved
} Listener;

static inline void
listener_set_up (Listener *self, gconstpointer data)
{
  manual_reset ();
  self->folder = test_folder_new ();
  self->player = sl_player_new (&manual_class);
  self->heard = g_array_new (FALSE, FALSE, sizeof (float));
}

static inline void
listener_tear_down (Listener *self, gconstpointer data)
{
  g_clear_pointer (&self->player, sl_player_free);
  g_clear_pointer (&self->folder, test_folder_free);
  g_array_unref (self->heard);
}

/* A file of noise that @seed decides; sample i is noise_at (seed, i). */
static inline char *
listener_write_noise (Listener *self, const char *name, guint32 seed, int channels, gint64 frames)
{
  g_autofree float *samples = g_new (float, frames *channels);
  guint32 state = seed;

  for (gint64 i = 0; i < frames * channels; i++)
    samples[i] = noise_sample (&state);
  return wav_write (self->folder, name, samples, channels, RATE, frames);
}

/* A mono file of one value. */
static inline char *
listener_write_level (Listener *self, const char *name, float level, int rate_hz, gint64 frames)
{
  g_autofree float *samples = g_new (float, frames);

  for (gint64 i = 0; i < frames; i++)
    samples[i] = level;
  return wav_write (self->folder, name, samples, 1, rate_hz, frames);
}

/* Plays the file alone from now on. */
static inline void
listener_set_file (Listener *self, const char *path, int channels, int rate_hz, gint64 length)
{
  SlGraph *graph = sl_graph_new (rate_hz, channels, length);

  sl_graph_add (graph, path, 1.0);
  sl_player_set_graph (self->player, graph);
}

/* Hears @frames more frames, each block once it has been read ahead. */
static inline void
listener_hear (Listener *self, gint64 frames)
{
  for (gint64 count; frames > 0; frames -= count)
    {
      guint at = self->heard->len;

      count = MIN (frames, ASKED);
      WAIT_FOR (manual_is_ready ());
      g_array_set_size (self->heard, at + (guint) (count * manual.base.channels));
      g_assert_true (manual_ask (&g_array_index (self->heard, float, at), count));
    }
}

/* Hears on, in small blocks, until the player has made its next request and it is @flags. */
static inline void
listener_hear_request (Listener *self, guint before, guint flags)
{
  guint request = before;

  while (request == before || (request & SL_RT_OPEN) != (flags & SL_RT_OPEN))
    {
      guint at = self->heard->len;

      g_array_set_size (self->heard, at + (guint) (16 * manual.base.channels));
      if (!manual_ask (&g_array_index (self->heard, float, at), 16))
        g_array_set_size (self->heard, at);
      g_usleep (200);
      request = manual.rt->request;
    }
}

static inline gint64
listener_count (Listener *self)
{
  return self->heard->len / (guint) manual.base.channels;
}

static inline float
listener_sample (Listener *self, gint64 frame, int channel)
{
  return g_array_index (self->heard, float, (guint) (frame * manual.base.channels + channel));
}

/* The largest difference between neighbours that was heard on the first channel. */
static inline float
listener_find_step (Listener *self)
{
  float step = 0.0f;

  for (gint64 i = 1; i < listener_count (self); i++)
    step = MAX (step, ABS (listener_sample (self, i, 0) - listener_sample (self, i - 1, 0)));
  return step;
}
