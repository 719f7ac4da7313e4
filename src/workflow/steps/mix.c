/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/steps/mix.h"

#include "engine/io/reader.h"
#include "engine/process/mixer.h"
#include "workflow/steps/subjects.h"
#include "workflow/steps/upstream.h"

#include <string.h>

/* A process may have few files open; of a song of more stems than this, the rest are opened for
 * each piece that is read of them. */
#define KEPT_OPEN 24

#define GENERATED_GAIN 0.4
#define IMPORTED_GAIN 1.0

static void
part_free (gpointer data)
{
  SlMixPart *part = data;

  g_free (part->name);
  sl_audio_free (part->audio);
  g_free (part);
}

/* The drums that the drums step makes are no stem. */
static gboolean
is_imported (const SlSettings *settings, const SlStem *stem)
{
  return stem != NULL ? stem->kind == SL_STEM_FILE
                      : sl_settings_drums_mode (settings) == SL_DRUMS_REFERENCE;
}

double
sl_mix_gain (const SlSettings *settings, const char *name)
{
  const SlStem *stem = sl_settings_find_stem (settings, name);

  return stem != NULL && stem->mute ? 0.0 : sl_mix_gain_unmuted (settings, name);
}

double
sl_mix_gain_unmuted (const SlSettings *settings, const char *name)
{
  const SlStem *stem = sl_settings_find_stem (settings, name);

  if (stem != NULL && stem->gain >= 0.0)
    return stem->gain;
  return is_imported (settings, stem) ? IMPORTED_GAIN : GENERATED_GAIN;
}

static SlMixPart *
part_new (const SlSettings *settings, const char *name, SlAudio *audio)
{
  const SlStem *stem = sl_settings_find_stem (settings, name);
  SlMixPart *part = g_new0 (SlMixPart, 1);

  part->name = g_strdup (name);
  part->audio = audio;
  part->imported = is_imported (settings, stem);
  part->fixed = stem != NULL && stem->gain >= 0.0;
  part->gain = sl_mix_gain (settings, name);
  return part;
}

static int
widest (const SlMix *mix)
{
  int channels = 1;

  for (guint i = 0; i < mix->parts->len; i++)
    channels = MAX (channels, ((SlMixPart *) mix->parts->pdata[i])->audio->channels);
  return channels;
}

SlMix *
sl_mix_new (SlProject *project)
{
  const SlSettings *settings = sl_project_get_settings (project);
  g_auto (GStrv) names = sl_subjects_all (settings);
  SlMix *mix = g_new0 (SlMix, 1);
  int width = sl_upstream_channels (project);

  mix->folder = g_strdup (sl_project_get_folder (project));
  mix->parts = g_ptr_array_new_with_free_func (part_free);
  for (guint i = 0; names[i] != NULL; i++)
    {
      SlAudio *audio = sl_upstream_audio (project, SL_STEP_EFFECTS, names[i]);
      if (audio == NULL)
        {
          sl_mix_free (mix);
          return NULL;
        }
      g_ptr_array_add (mix->parts, part_new (settings, names[i], audio));
    }
  mix->channels = MAX (width, widest (mix));
  return mix;
}

void
sl_mix_free (SlMix *mix)
{
  if (mix == NULL)
    return;
  g_free (mix->folder);
  g_ptr_array_unref (mix->parts);
  g_free (mix);
}

void
sl_mix_add_to_key (const SlMix *mix, SlKey *key)
{
  sl_key_add_int (key, "channels", mix->channels);
  for (guint i = 0; i < mix->parts->len; i++)
    {
      const SlMixPart *part = mix->parts->pdata[i];

      sl_key_add_string (key, "part", part->name);
      sl_key_add_audio (key, "audio", part->audio);
      sl_key_add_double (key, "gain", part->gain);
      sl_key_add_int (key, "fixed", part->fixed);
      sl_key_add_int (key, "imported", part->imported);
    }
}

double *
sl_mix_gains (const SlMix *mix, double factor)
{
  double *gains = g_new (double, mix->parts->len);

  for (guint i = 0; i < mix->parts->len; i++)
    gains[i] = ((const SlMixPart *) mix->parts->pdata[i])->gain * factor;
  return gains;
}

GPtrArray *
sl_mix_open (const SlMix *mix, GError **error)
{
  g_autoptr (GPtrArray) sources = g_ptr_array_new_with_free_func ((GDestroyNotify) sl_source_free);

  for (guint i = 0; i < mix->parts->len; i++)
    {
      const SlMixPart *part = mix->parts->pdata[i];
      SlSource *source = sl_audio_open (mix->folder, part->audio, error);

      if (source == NULL)
        return NULL;
      g_ptr_array_add (sources, source);
      if (i >= KEPT_OPEN && !sl_reader_rest (source, error))
        return NULL;
    }
  return g_steal_pointer (&sources);
}

SlSource *
sl_mix_source (const SlMix *mix, double factor, GError **error)
{
  g_autoptr (GPtrArray) sources = sl_mix_open (mix, error);
  g_autofree double *gains = sl_mix_gains (mix, factor);

  if (sources == NULL)
    return NULL;
  /* The mixer takes the sources, whatever becomes of it. */
  g_ptr_array_set_free_func (sources, NULL);
  return sl_mixer_new ((SlSource *const *) sources->pdata, gains, sources->len, mix->channels,
                       error);
}
