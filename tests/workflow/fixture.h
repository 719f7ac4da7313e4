/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A project in a temporary folder, its pipeline run to the end, and small sources for it. */
#pragma once

#include "engine/base/error.h"
#include "engine/io/writer.h"
#include "support/memory_source.h"
#include "support/noise.h"
#include "support/temp_folder.h"
#include "workflow/badge.h"
#include "workflow/pipeline.h"
#include "workflow/steps/step.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

/* Nothing here may hang: the whole program is killed after this. */
#ifdef __SANITIZE_THREAD__ /* under which everything takes many times as long */
#  define WATCHDOG_S 2200
#else
#  define WATCHDOG_S 110
#endif

typedef struct
{
  TestFolder *root; ///< holds the song's folder, and files beside it
  SlProject *project;
  SlPipeline *pipeline;
} Fixture;

/* --- the project --- */

static inline void
fixture_attach (Fixture *fixture, SlProject *project)
{
  fixture->project = project;
  fixture->pipeline = sl_pipeline_new (project);
}

static inline void
fixture_detach (Fixture *fixture)
{
  g_clear_object (&fixture->pipeline);
  g_clear_object (&fixture->project);
}

/* Opens the project in @folder, locked. A worker of a project just closed may hold its last
 * reference, and so the lock, for a moment. */
static inline void
fixture_open (Fixture *fixture, const char *folder)
{
  for (;;)
    {
      g_autoptr (GError) error = NULL;
      SlProject *project = sl_project_open_locked (folder, &error);

      if (project != NULL)
        {
          fixture_attach (fixture, project);
          return;
        }
      if (!g_error_matches (error, SL_ERROR, SL_ERROR_LOCKED))
        g_assert_no_error (error);
      g_usleep (1000);
    }
}

/* A project with @settings (taken) in "song" of a new folder. */
static inline void
fixture_init (Fixture *fixture, SlSettings *settings)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *song = NULL;

  if (fixture->root == NULL)
    fixture->root = test_folder_new ();
  song = g_build_filename (fixture->root, "song", NULL);
  fixture_attach (fixture, sl_project_create (song, settings, &error));
  g_assert_no_error (error);
}

static inline void
fixture_clear (Fixture *fixture)
{
  fixture_detach (fixture);
  g_clear_pointer (&fixture->root, test_folder_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

/* Closes the project and opens it again from its file. */
static inline void
fixture_reopen (Fixture *fixture)
{
  g_autofree char *folder = g_strdup (sl_project_get_folder (fixture->project));

  fixture_detach (fixture);
  fixture_open (fixture, folder);
}

/* A copy of the settings to change, for sl_project_take_settings(). */
static inline SlSettings *
fixture_settings (Fixture *fixture)
{
  return sl_settings_copy (sl_project_get_settings (fixture->project));
}

/* Path of @stored. Owned. */
static inline char *
fixture_path (Fixture *fixture, const char *stored)
{
  return sl_project_resolve (fixture->project, stored);
}

/* --- running --- */

typedef struct
{
  GMainLoop *loop;
  GError *error;
} Waiting;

static inline void
fixture_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Waiting *waiting = data;

  sl_pipeline_finish (SL_PIPELINE (source), result, &waiting->error);
  g_main_loop_quit (waiting->loop);
}

/* Brings what is known of the files up to date, trusting no time stamp younger than 2 s. */
static inline void
fixture_refresh (Fixture *fixture)
{
  Waiting waiting = { g_main_loop_new (NULL, FALSE), NULL };

  sl_pipeline_refresh_async (fixture->pipeline, TRUE, NULL, fixture_done, &waiting);
  g_main_loop_run (waiting.loop);
  g_main_loop_unref (waiting.loop);
  g_assert_no_error (waiting.error);
}

/* Runs up to @through; what kept it from being carried out, or NULL. */
static inline GError *
fixture_try_run (Fixture *fixture, SlStepId through, GCancellable *cancellable)
{
  Waiting waiting = { g_main_loop_new (NULL, FALSE), NULL };

  sl_pipeline_run_async (fixture->pipeline, through, cancellable, fixture_done, &waiting);
  g_main_loop_run (waiting.loop);
  g_main_loop_unref (waiting.loop);
  return waiting.error;
}

/* Runs @step alone; what kept it from being carried out, or NULL. */
static inline GError *
fixture_try_step (Fixture *fixture, SlStepId step, GCancellable *cancellable)
{
  Waiting waiting = { g_main_loop_new (NULL, FALSE), NULL };

  sl_pipeline_run_step_async (fixture->pipeline, step, cancellable, fixture_done, &waiting);
  g_main_loop_run (waiting.loop);
  g_main_loop_unref (waiting.loop);
  return waiting.error;
}

static inline void
fixture_run (Fixture *fixture, SlStepId through)
{
  g_autoptr (GError) error = fixture_try_run (fixture, through, NULL);

  g_assert_no_error (error);
}

/* --- what came of it --- */

static inline SlState
fixture_state (Fixture *fixture, SlStepId step)
{
  SlState states[SL_N_STEPS];

  sl_badge_all (fixture->project, states);
  return states[step];
}

/* The check @id of @subject ("": the song) in @step, or NULL. */
static inline const SlCheck *
fixture_find_check (Fixture *fixture, SlStepId step, const char *subject, const char *id)
{
  SlRecord *record = sl_project_get_record (fixture->project, step, subject);

  for (guint i = 0; record != NULL && i < record->checks->len; i++)
    {
      const SlCheck *check = record->checks->pdata[i];
      if (strcmp (check->id, id) == 0)
        return check;
    }
  return NULL;
}

static inline const SlCheck *
fixture_check (Fixture *fixture, SlStepId step, const char *subject, const char *id)
{
  const SlCheck *check = fixture_find_check (fixture, step, subject, id);

  if (check == NULL)
    g_error ("%s/%s has no check %s", sl_step_id_name (step), subject, id);
  return check;
}

static inline void
fixture_print_checks (Fixture *fixture, SlLevel from)
{
  for (int step = 0; step < SL_N_STEPS; step++)
    {
      g_autoptr (GPtrArray) checks = sl_badge_checks (fixture->project, (SlStepId) step);

      for (guint i = 0; i < checks->len; i++)
        {
          const SlCheck *check = checks->pdata[i];
          if (check->level >= from)
            g_test_message ("%s %s %s %s: %s", sl_step_id_name ((SlStepId) step), check->id,
                            check->subject != NULL ? check->subject : "-",
                            sl_level_name (check->level), check->message);
        }
    }
}

/* Every step green, or what is wrong is printed and the test fails. */
static inline void
fixture_assert_green (Fixture *fixture)
{
  for (int step = 0; step < SL_N_STEPS; step++)
    if (fixture_state (fixture, (SlStepId) step) != SL_STATE_PASSED)
      {
        fixture_print_checks (fixture, SL_LEVEL_WARN);
        g_error ("%s is %s", sl_step_id_name ((SlStepId) step),
                 sl_state_name (fixture_state (fixture, (SlStepId) step)));
      }
}

/* --- sources --- */

/* Writes @frames interleaved frames as WAV below @folder of the fixture's root; its path. Owned. */
static inline char *
fixture_write_wav (Fixture *fixture,
                   const char *name,
                   const float *samples,
                   int channels,
                   int rate_hz,
                   gint64 frames,
                   SlSubtype subtype)
{
  g_autoptr (SlSource) source = memory_source_new (samples, channels, rate_hz, frames);
  g_auto (SlRendered) rendered = { 0 };
  g_autoptr (GError) error = NULL;
  char *path;

  if (fixture->root == NULL)
    fixture->root = test_folder_new ();
  path = g_build_filename (fixture->root, name, NULL);
  sl_render_file (source, path, SL_CONTAINER_WAV, subtype, NULL, 0, &rendered, NULL, &error);
  g_assert_no_error (error);
  sl_part_commit (rendered.part, &error);
  g_assert_no_error (error);
  return path;
}

/* What fixture_write_song() puts into a file. */
typedef struct
{
  int channels; ///< 0: 2
  int rate_hz;  ///< 0: 48,000
  gint64 frames;
  double hz;     ///< of the tone
  gint64 period; ///< above 0: notes start anew every so many frames, each the same
  double level;  ///< 0: 0.3
  double noise;  ///< level of noise that never repeats
  SlSubtype subtype;
} Song;

static inline float *
song_samples (const Song *song)
{
  int channels = song->channels > 0 ? song->channels : 2;
  int rate_hz = song->rate_hz > 0 ? song->rate_hz : 48000;
  double level = song->level > 0.0 ? song->level : 0.3;
  float *samples = g_new (float, song->frames *channels);
  guint32 state = 1;

  for (gint64 i = 0; i < song->frames; i++)
    {
      gint64 n = song->period > 0 ? i % song->period : i;
      double decay = song->period > 0 ? exp (-4.0 * (double) n / (double) song->period) : 1.0;
      double value = level * decay * sin (2.0 * G_PI * song->hz * (double) n / rate_hz);

      value += song->noise * noise_sample (&state);
      for (int channel = 0; channel < channels; channel++)
        samples[i * channels + channel] = (float) (value * (channel == 0 ? 1.0 : 0.9));
    }
  return samples;
}

/* A tone, a repeating note or noise as a WAV called @name; its path. Owned. */
static inline char *
fixture_write_song (Fixture *fixture, const char *name, Song song)
{
  g_autofree float *samples = song_samples (&song);

  return fixture_write_wav (fixture, name, samples, song.channels > 0 ? song.channels : 2,
                            song.rate_hz > 0 ? song.rate_hz : 48000, song.frames, song.subtype);
}

/* Appends a stem of @file to @settings; it may be changed further. */
static inline SlStem *
settings_add_file (SlSettings *settings, const char *name, const char *file)
{
  g_autoptr (GError) error = NULL;
  SlStem *stem = sl_stem_new (name, SL_STEM_FILE);

  stem->file = g_strdup (file);
  sl_settings_take_stem (settings, stem, &error);
  g_assert_no_error (error);
  return stem;
}

static inline SlStem *
settings_add_tone (SlSettings *settings, const char *name, double seconds)
{
  g_autoptr (GError) error = NULL;
  SlStem *stem = sl_stem_new (name, SL_STEM_TONE);

  stem->seconds = seconds;
  sl_settings_take_stem (settings, stem, &error);
  g_assert_no_error (error);
  return stem;
}

/* Replaces the sections by those of @text. */
static inline void
settings_set_sections (SlSettings *settings, const char *text)
{
  g_autoptr (GError) error = NULL;
  GArray *sections = sl_sections_parse (text, settings->beats_per_bar, &error);

  g_assert_no_error (error);
  g_array_unref (settings->sections);
  settings->sections = sections;
}
