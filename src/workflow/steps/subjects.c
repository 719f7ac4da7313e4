/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/steps/subjects.h"

typedef gboolean (*Filter) (const SlSettings *settings, const SlStem *stem);

static gboolean
is_plain (const SlSettings *settings, const SlStem *stem)
{
  return !sl_settings_is_drum_stem (settings, stem);
}

static gboolean
is_any (const SlSettings *settings, const SlStem *stem)
{
  return TRUE;
}

static void
add_stems (GPtrArray *names, const SlSettings *settings, Filter filter)
{
  for (guint i = 0; i < settings->stems->len; i++)
    {
      const SlStem *stem = settings->stems->pdata[i];
      if (filter (settings, stem))
        g_ptr_array_add (names, g_strdup (stem->name));
    }
}

static gboolean
makes_drums (const SlSettings *settings)
{
  SlDrumsMode mode = sl_settings_drums_mode (settings);

  return mode == SL_DRUMS_PATTERN || mode == SL_DRUMS_REFERENCE;
}

static char **
finish (GPtrArray *names)
{
  if (names->len == 0)
    g_ptr_array_add (names, g_strdup (SL_SUBJECT_SONG));
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

char **
sl_subjects_song (const SlSettings *settings)
{
  return finish (g_ptr_array_new ());
}

char **
sl_subjects_stems (const SlSettings *settings)
{
  GPtrArray *names = g_ptr_array_new ();

  add_stems (names, settings, is_plain);
  return finish (names);
}

char **
sl_subjects_drums (const SlSettings *settings)
{
  GPtrArray *names = g_ptr_array_new ();

  if (makes_drums (settings))
    g_ptr_array_add (names, g_strdup (SL_SUBJECT_DRUMS));
  else
    add_stems (names, settings, sl_settings_is_drum_stem);
  return finish (names);
}

char **
sl_subjects_all (const SlSettings *settings)
{
  GPtrArray *names = g_ptr_array_new ();

  add_stems (names, settings, is_any);
  if (makes_drums (settings))
    g_ptr_array_add (names, g_strdup (SL_SUBJECT_DRUMS));
  return finish (names);
}
