/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A song of five beats whose stems between them use every kind of plan. */
#pragma once

#include "fixture.h"

/* At 120 beats per minute and 48,000 Hz. */
#define BEAT 24000
#define SMALL_FRAMES (5 * BEAT)

static inline SlStem *
small_song_add (Fixture *fixture, SlSettings *settings, const char *name, Song song)
{
  g_autofree char *file = g_strdup_printf ("sources/%s.wav", name);
  g_autofree char *stored = g_strdup_printf ("../sources/%s.wav", name);
  g_autofree char *path = fixture_write_song (fixture, file, song);

  return settings_add_file (settings, name, stored);
}

/*
 * Bass: repeats every beat, ends inside one; looped on the grid.
 * Lead: belongs to section B.
 * Pad: never repeats; auto, which listens for joins.
 * Full: already as it should be; no file is written for it before the master.
 * Hum: a tone, padded; its plan knows no grid.
 * Drums: the pattern.
 */
static inline SlSettings *
small_song_settings (Fixture *fixture)
{
  SlSettings *settings = sl_settings_new ("Small");
  g_autofree char *reference = fixture_write_song (fixture, "sources/reference.wav",
                                                   (Song){ .frames = SMALL_FRAMES, .hz = 330 });
  SlStem *stem;

  settings_set_sections (settings, "A:2,B:2,C:1");
  settings->reference = g_strdup ("../sources/reference.wav");
  settings->drums = SL_DRUMS_PATTERN;
  stem = small_song_add (fixture, settings, "Bass",
                         (Song){ .frames = 70000, .hz = 110, .period = BEAT });
  stem->strategy = SL_STRATEGY_LOOP;
  stem = small_song_add (fixture, settings, "Lead", (Song){ .frames = 20000, .hz = 880 });
  stem->section = g_strdup ("B");
  small_song_add (fixture, settings, "Pad",
                  (Song){ .frames = 60000, .hz = 440, .level = 0.1, .noise = 0.1 });
  small_song_add (fixture, settings, "Full", (Song){ .frames = SMALL_FRAMES, .hz = 550 });
  stem = settings_add_tone (settings, "Hum", 1.0);
  stem->strategy = SL_STRATEGY_ZERO_PAD;
  return settings;
}

static inline void
small_song_init (Fixture *fixture)
{
  fixture_init (fixture, small_song_settings (fixture));
}
