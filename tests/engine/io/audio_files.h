/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Audio files made by libsndfile alone, and changed behind its back. */
#pragma once

#include "../../support/noise.h"
#include "../../support/temp_folder.h"
#include "engine/io/reader.h"

#include <sndfile.h>
#include <string.h>

#define RATE 44100

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static inline void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = test_folder_new ();
  f->path = g_build_filename (f->folder, "take.wav", NULL);
}

static inline void
tear_down (Fixture *f, gconstpointer data)
{
  g_free (f->path);
  test_folder_free (f->folder);
}

/* White noise in steps of 2⁻²³. */
static inline float *
make_noise (gsize n)
{
  float *samples = g_new (float, n);
  guint32 state = 11;

  for (gsize i = 0; i < n; i++)
    samples[i] = noise_sample (&state);
  return samples;
}

/* Written by libsndfile alone, from 32-bit integers, so that no float is scaled on the way. */
static inline gboolean
write_file (const char *path, int format, int channels, int rate_hz, gint64 frames)
{
  g_autofree float *noise = make_noise ((gsize) (frames * channels));
  g_autofree int *samples = g_new (int, frames *channels + 1);
  SF_INFO info = { .format = format, .channels = channels, .samplerate = rate_hz };
  SNDFILE *file;

  if (!sf_format_check (&info))
    return FALSE;
  file = sf_open (path, SFM_WRITE, &info);
  g_assert_nonnull (file);
  sf_command (file, SFC_SET_SCALE_INT_FLOAT_WRITE, NULL, SF_TRUE);
  for (gint64 i = 0; i < frames * channels; i++)
    samples[i] = (int) (noise[i] * 8388608.0f) * 256;
  g_assert_cmpint (sf_writef_int (file, samples, frames), ==, frames);
  sf_close (file);
  return TRUE;
}

static inline guint8 *
slurp (const char *path, gsize *length)
{
  char *bytes;

  g_assert_true (g_file_get_contents (path, &bytes, length, NULL));
  return (guint8 *) bytes;
}

static inline void
put (const char *path, const guint8 *bytes, gsize length)
{
  g_assert_true (g_file_set_contents (path, (const char *) bytes, (gssize) length, NULL));
}

static inline void
put_le32 (guint8 *bytes, guint32 value)
{
  for (int i = 0; i < 4; i++)
    bytes[i] = (guint8) (value >> (8 * i));
}

static inline SlReadback
read_back (const char *path)
{
  g_autoptr (GError) error = NULL;
  SlReadback result;

  sl_readback_run (path, NULL, 0, &result, NULL, &error);
  g_assert_no_error (error);
  return result;
}
