/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of writing share: noise, and every kind of file. */
#pragma once

#include "../../support/failing_source.h"
#include "../../support/memory_source.h"
#include "../../support/noise.h"
#include "../../support/temp_folder.h"
#include "engine/io/writer.h"

#define RATE 48000

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static inline void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = test_folder_new ();
  f->path = g_build_filename (f->folder, "Master.wav", NULL);
}

static inline void
tear_down (Fixture *f, gconstpointer data)
{
  sl_file_set_fault_hook (NULL, NULL);
  g_free (f->path);
  test_folder_free (f->folder);
}

static inline SlSource *
make_noise (int channels, gint64 frames)
{
  g_autofree float *samples = g_new (float, frames *channels);
  guint32 state = 21;

  for (gint64 i = 0; i < frames * channels; i++)
    samples[i] = noise_sample (&state);
  return memory_source_new (samples, channels, RATE, frames);
}

typedef struct
{
  SlContainer container;
  SlSubtype subtype;
} Kind;

static const Kind kinds[] = {
  { SL_CONTAINER_WAV, SL_SUBTYPE_FLOAT },   { SL_CONTAINER_WAV, SL_SUBTYPE_PCM_24 },
  { SL_CONTAINER_WAV, SL_SUBTYPE_PCM_16 },  { SL_CONTAINER_FLAC, SL_SUBTYPE_PCM_24 },
  { SL_CONTAINER_FLAC, SL_SUBTYPE_PCM_16 },
};
