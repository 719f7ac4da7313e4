/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A project file that holds everything a project file can hold. */
#pragma once

#include "fixture.h"

#include <fcntl.h>

#define TITLE "A song"

/* A stem in which no member has its default. */
static inline SlStem *
make_full_stem (const char *name)
{
  SlStem *stem = sl_stem_new (name, SL_STEM_FILE);

  stem->file = g_strdup ("stems/gitarre übersteuert.wav");
  stem->convert = TRUE;
  g_free (stem->role);
  stem->role = g_strdup ("vocals");
  stem->section = g_strdup ("bridge");
  stem->strategy = SL_STRATEGY_CROSSFADE;
  stem->offset = -4801;
  stem->ending = SL_ENDING_KEEP;
  stem->fill = SL_FILL_LOOP;
  stem->loop_bars = 7;
  stem->join = 123456789012;
  stem->fade_ms = 12.3456789012345;
  stem->candidate = 3;
  stem->lowpass_hz = 0.1 + 0.2;
  stem->gain = 1.0 / 3.0;
  stem->mute = TRUE;
  return stem;
}

static inline SlStem *
make_full_tone (void)
{
  SlStem *stem = sl_stem_new ("Tone", SL_STEM_TONE);

  stem->tone_hz = 123.456;
  stem->amplitude = 0.1;
  stem->seconds = 2.25;
  stem->offset_auto = TRUE;
  return stem;
}

/* Settings in which nothing has its default. */
static inline SlSettings *
make_full_settings (void)
{
  SlSettings *settings = sl_settings_new (TITLE);

  settings->bpm = (SlBpm){ 400, 3 };
  settings->beats_per_bar = 7;
  settings->downbeat = -12345;
  settings_set_sections (settings, "Strophe:3bars,サビ:5");
  settings->planned_seconds = 100.5;
  settings->rate_hz = 96000;
  settings->subtype = SL_SUBTYPE_PCM_16;
  settings->reference = g_strdup ("../beside/reference.flac");
  settings->reference_frames = 987654321098;
  settings->reference_convert = TRUE;
  settings->min_seconds = 1.0 / 7.0;
  settings->drums = SL_DRUMS_NONE;
  settings->fit_gains = TRUE;
  g_ptr_array_add (settings->stems, make_full_stem ("Gitarre"));
  g_ptr_array_add (settings->stems, make_full_tone ());
  sl_settings_set_limit (settings, "seam-step", 2.75);
  sl_settings_set_limit (settings, "null", -90.0);
  sl_settings_accept (settings, "align", "seam-level", "Gitarre", "it is meant", "0123");
  sl_settings_accept (settings, "master", "clipping", NULL, NULL, "4567");
  return settings;
}

static inline SlRecord *
make_full_record (void)
{
  SlRecord *record = sl_record_new ("00112233445566778899aabbccddeeff");
  SlCheck *check = sl_check_new ("seam-level", "Gitarre", SL_LEVEL_FAIL, SL_KIND_JUDGEMENT);
  SlAudio audio = { .path = (char *) "aligned/Gitarre.wav",
                    .digest = "ffeeddccbbaa99887766554433221100",
                    .frames = 987654321098,
                    .channels = 2,
                    .rate_hz = 96000,
                    .encoding = (char *) "PCM_24",
                    .bits = 24,
                    .is_wav = TRUE,
                    .peak = 1.0 / 3.0,
                    .rms = 0.1,
                    .active_rms = 0.2 };

  sl_check_set_numbers (check, 3.14159265358979, 3.0, "dB");
  check->where = 123456;
  sl_check_set_message (check, "Größer als 3 dB");
  sl_check_set_fix (check, "--fade");
  sl_record_take_check (record, check);
  check = sl_check_new ("subtype", NULL, SL_LEVEL_PASS, SL_KIND_INTEGRITY);
  sl_check_set_texts (check, "PCM_24", "FLOAT");
  sl_record_take_check (record, check);
  sl_record_add_output (record, "aligned/Gitarre.wav", "ffeeddccbbaa99887766554433221100");
  record->audio = sl_audio_copy (&audio);
  json_object_set_int_member (record->values, "target", 6582857);
  return record;
}

static inline void
save (SlProject *project)
{
  g_autoptr (GError) error = NULL;

  sl_project_save (project, &error);
  g_assert_no_error (error);
}

static inline char *
read_file (const char *path, gsize *length)
{
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, length, &error);
  g_assert_no_error (error);
  return text;
}

/* In place, and never empty on the way, which some file systems take as a reason to flush: a test
 * writes thousands, and none has to outlive a power cut. */
static inline void
write_file (const char *path, const char *text, gsize length)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (pwrite (fd, text, length, 0), ==, (gssize) length);
  g_assert_cmpint (ftruncate (fd, (off_t) length), ==, 0);
  g_assert_cmpint (close (fd), ==, 0);
}

/* A project of everything that can be in a file, and that file's bytes. */
static inline char *
make_rich_file (Fixture *fixture, gsize *length)
{
  SlStat stat = { .device = 1, .inode = 2, .size_bytes = 5, .mtime_ns = 6, .ctime_ns = 7 };

  fixture_init (fixture, make_full_settings ());
  for (int step = 0; step < SL_N_STEPS; step++)
    {
      sl_project_take_record (fixture->project, (SlStepId) step, "", make_full_record ());
      sl_project_take_record (fixture->project, (SlStepId) step, "Gitarre", make_full_record ());
    }
  sl_file_table_set (sl_project_get_files (fixture->project), "aligned/Gitarre.wav", &stat,
                     "ffeeddccbbaa99887766554433221100", "a probe");
  save (fixture->project);
  return read_file (sl_project_get_file (fixture->project), length);
}

/* Opens @folder, which must fail with @code and change nothing; the message. Owned. */
static inline char *
assert_refused (SlProject *project, SlError code)
{
  const char *file = sl_project_get_file (project);
  gsize length, length_after;
  g_autofree char *before = read_file (file, &length);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlProject) opened = sl_project_open (sl_project_get_folder (project), &error);

  g_assert_null (opened);
  g_assert_error (error, SL_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, TITLE));
  after = read_file (file, &length_after);
  g_assert_cmpmem (after, length_after, before, length);
  return g_strdup (error->message);
}
