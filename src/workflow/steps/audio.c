/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/steps/audio.h"

#include "engine/base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

SlSource *
sl_audio_open (const char *folder, const SlAudio *audio, GError **error)
{
  g_autofree char *path = sl_path_resolve (folder, audio->path);
  g_autofree char *name = g_filename_display_name (path);
  g_autoptr (SlSource) source = sl_reader_open (path, NULL, error);

  if (source == NULL)
    return NULL;
  if (source->channels != audio->channels || source->rate_hz != audio->rate_hz
      || source->length != audio->frames)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_CHANGED,
                   _ ("“%s” has changed since it was verified: run the step that reads it again."),
                   name);
      return NULL;
    }
  return g_steal_pointer (&source);
}

SlAudio *
sl_audio_describe (const char *path, const SlReadback *readback, const SlLevels *levels)
{
  SlAudio *audio = g_new0 (SlAudio, 1);

  audio->path = g_strdup (path);
  sl_digest_to_hex (&readback->digest, audio->digest);
  audio->frames = readback->frames;
  audio->channels = readback->info.channels;
  audio->rate_hz = readback->info.rate_hz;
  audio->encoding = g_strdup (readback->info.encoding);
  audio->bits = readback->info.bits;
  audio->is_wav = readback->info.is_wav;
  audio->peak = levels->peak;
  audio->rms = levels->rms;
  audio->active_rms = levels->active_rms;
  return audio;
}

void
sl_key_add_audio (SlKey *key, const char *name, const SlAudio *audio)
{
  /* The digest is of the bytes: it covers everything else that the record says of them. */
  sl_key_add_string (key, name, audio != NULL ? audio->digest : NULL);
}

static gboolean
is_source (SlProject *project, const char *path)
{
  const SlSettings *settings = sl_project_get_settings (project);

  if (g_strcmp0 (settings->reference, path) == 0)
    return TRUE;
  for (guint i = 0; i < settings->stems->len; i++)
    if (g_strcmp0 (((const SlStem *) settings->stems->pdata[i])->file, path) == 0)
      return TRUE;
  return FALSE;
}

SlAudio *
sl_audio_current (SlProject *project, const SlAudio *audio)
{
  SlAudio *current = sl_audio_copy (audio);
  const char *digest = sl_file_table_digest (sl_project_get_files (project), audio->path);

  if (digest != NULL && is_source (project, audio->path))
    g_strlcpy (current->digest, digest, sizeof current->digest);
  return current;
}

gboolean
sl_output_render (SlSource *source,
                  const SlOutputSpec *spec,
                  SlOutcome *outcome,
                  SlOutputResult *result,
                  const SlProgress *progress,
                  GError **error)
{
  g_autoptr (SlLevelMeter) meter = sl_level_meter_new ();
  g_autofree SlTap *taps = g_new (SlTap, spec->n_taps + 1);
  g_autofree char *path = sl_path_resolve (spec->folder, spec->path);
  g_auto (SlRendered) rendered = { 0 };

  taps[0] = sl_level_meter_tap (meter);
  for (guint i = 0; i < spec->n_taps; i++)
    taps[i + 1] = spec->taps[i];
  if (!sl_render_file (source, path, SL_CONTAINER_WAV, spec->subtype, taps, spec->n_taps + 1,
                       &rendered, progress, error))
    return FALSE;

  result->overs = rendered.overs;
  result->first_over = rendered.first_over;
  result->levels = sl_level_meter_result (meter);
  sl_audio_free (outcome->record->audio);
  outcome->record->audio = sl_audio_describe (spec->path, &rendered.readback, &result->levels);
  result->audio = outcome->record->audio;
  sl_record_add_output (outcome->record, spec->path, result->audio->digest);
  g_ptr_array_add (outcome->parts, g_steal_pointer (&rendered.part));
  return TRUE;
}

static void
check_frames (SlRecord *record, const char *subject, const SlAudio *audio, gint64 frames)
{
  gboolean equal = audio->frames == frames;
  g_autofree char *measured = sl_format_frames (audio->frames);
  g_autofree char *wanted = sl_format_frames (frames);
  SlCheck *check
      = sl_record_take_check (record, sl_check_new ("frames", subject,
                                                    equal ? SL_LEVEL_PASS : SL_LEVEL_FAIL,
                                                    SL_KIND_INTEGRITY));

  sl_check_set_numbers (check, (double) audio->frames, (double) frames, "frames");
  if (equal)
    {
      sl_check_set_message (check, _ ("Exactly %s frames, counted on disk."), measured);
      return;
    }
  sl_check_set_message (check, _ ("%s: %s frames on disk instead of %s."), audio->path, measured,
                        wanted);
  sl_check_set_fix (check, _ ("Run the step again; if it stays, report it: this is a bug."));
}

static void
check_rate (SlRecord *record, const char *subject, const SlAudio *audio, int rate_hz)
{
  gboolean equal = audio->rate_hz == rate_hz;
  SlCheck *check
      = sl_record_take_check (record,
                              sl_check_new ("rate", subject, equal ? SL_LEVEL_PASS : SL_LEVEL_FAIL,
                                            SL_KIND_INTEGRITY));

  sl_check_set_numbers (check, audio->rate_hz, rate_hz, "Hz");
  sl_check_set_message (check, _ ("%d Hz; the project has %d Hz."), audio->rate_hz, rate_hz);
  if (!equal)
    sl_check_set_fix (check, _ ("Run the steps again from the one that reads this file."));
}

static void
check_subtype (SlRecord *record, const char *subject, const SlAudio *audio, SlSubtype subtype)
{
  const char *wanted = sl_subtype_name (subtype);
  gboolean equal = strcmp (audio->encoding, wanted) == 0;
  SlCheck *check
      = sl_record_take_check (record, sl_check_new ("subtype", subject,
                                                    equal ? SL_LEVEL_PASS : SL_LEVEL_FAIL,
                                                    SL_KIND_INTEGRITY));

  sl_check_set_texts (check, audio->encoding, wanted);
  sl_check_set_message (check, _ ("The sample format is %s; asked for was %s."), audio->encoding,
                        wanted);
  if (!equal)
    sl_check_set_fix (check, _ ("Run the step again."));
}

void
sl_check_output (SlRecord *record,
                 const char *subject,
                 const SlAudio *audio,
                 gint64 frames,
                 int rate_hz,
                 SlSubtype subtype)
{
  check_frames (record, subject, audio, frames);
  check_rate (record, subject, audio, rate_hz);
  check_subtype (record, subject, audio, subtype);
}
