/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A float WAV on disk, for tests that only read. */
#pragma once

#include <glib.h>

static inline void
wav_put (GByteArray *bytes, guint32 value, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      guint8 byte = (guint8) (value >> (8 * i));

      g_byte_array_append (bytes, &byte, 1);
    }
}

static inline void
wav_put_name (GByteArray *bytes, const char *name)
{
  g_byte_array_append (bytes, (const guint8 *) name, 4);
}

static inline void
wav_put_format (GByteArray *bytes, guint channels, guint rate_hz)
{
  wav_put_name (bytes, "fmt ");
  wav_put (bytes, 16, 4);
  wav_put (bytes, 3, 2);
  wav_put (bytes, channels, 2);
  wav_put (bytes, rate_hz, 4);
  wav_put (bytes, rate_hz * channels * 4, 4);
  wav_put (bytes, channels * 4, 2);
  wav_put (bytes, 32, 2);
}

/* Writes @frames interleaved frames into folder/name and returns the path. */
static inline char *
wav_write (const char *folder,
           const char *name,
           const float *samples,
           int channels,
           int rate_hz,
           gint64 frames)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint size = (guint) (frames * channels) * 4;
  char *path = g_build_filename (folder, name, NULL);

  wav_put_name (bytes, "RIFF");
  wav_put (bytes, 36 + size, 4);
  wav_put_name (bytes, "WAVE");
  wav_put_format (bytes, (guint) channels, (guint) rate_hz);
  wav_put_name (bytes, "data");
  wav_put (bytes, size, 4);
  g_byte_array_append (bytes, (const guint8 *) samples, size);
  g_assert_true (g_file_set_contents (path, (const char *) bytes->data, bytes->len, NULL));
  return path;
}
