/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recorded loops of Debian's sonic-pi-samples, for tests that need real music. */
#pragma once

#include "engine/io/reader.h"

#define SAMPLES_FOLDER "/usr/share/sonic-pi/samples"

/* Loops that repeat as they are: rhythmic, melodic, sparse and dense. */
static const char *const sample_loops[]
    = { "loop_amen",   "loop_amen_full",  "loop_breakbeat", "loop_compus",    "loop_electric",
        "loop_garzul", "loop_industrial", "loop_mehackit1", "loop_mehackit2", "loop_mika",
        "loop_perc1",  "loop_perc2",      "loop_safari",    "loop_tabla",     "loop_weirdo" };

/* A recording in memory. */
typedef struct
{
  float *audio; /* interleaved */
  int channels;
  int rate_hz;
  gint64 frames;
} Sample;

static inline void
sample_clear (Sample *sample)
{
  g_clear_pointer (&sample->audio, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sample, sample_clear)

/* Whether the samples are there; when not, the test is skipped, saying so. */
static inline gboolean
samples_available (void)
{
  if (g_file_test (SAMPLES_FOLDER "/loop_amen.flac", G_FILE_TEST_EXISTS))
    return TRUE;
  g_test_skip ("sonic-pi-samples is not installed");
  return FALSE;
}

static inline void
sample_load (const char *name, Sample *sample)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.flac", SAMPLES_FOLDER, name);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlSource) reader = sl_reader_open (path, NULL, &error);

  g_assert_no_error (error);
  sample->channels = reader->channels;
  sample->rate_hz = reader->rate_hz;
  sample->frames = reader->length;
  sample->audio = g_new (float, reader->length * reader->channels);
  sl_source_read_at (reader, 0, sample->audio, reader->length, &error);
  g_assert_no_error (error);
}
