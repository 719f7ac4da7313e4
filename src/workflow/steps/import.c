/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/steps/import.h"

#include "engine/base/error.h"
#include "engine/base/units.h"
#include "engine/io/resampler.h"
#include "workflow/probe_client.h"
#include "workflow/steps/import_checks.h"
#include "workflow/steps/tempo_checks.h"
#include "workflow/steps/upstream.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#define DEFAULT_QUIET_DB (-60.0)

SlImport *
sl_import_new (SlProject *project, const char *path, const char *subject, gboolean convert)
{
  const SlSettings *settings = sl_project_get_settings (project);
  const SlFileEntry *entry = sl_file_table_get (sl_project_get_files (project), path);
  SlImport *import = g_new0 (SlImport, 1);
  gboolean present = entry != NULL && entry->present;

  import->folder = g_strdup (sl_project_get_folder (project));
  import->path = g_strdup (path);
  import->digest = present ? g_strdup (entry->digest) : NULL;
  import->probe = present ? g_strdup (entry->probe) : NULL;
  import->subject = g_strdup (subject);
  import->copy = g_build_filename (SL_FOLDER_STEMS, subject != NULL ? subject : "reference", NULL);
  import->rate_hz = settings->rate_hz;
  import->convert = convert;
  import->quiet_db = sl_settings_limit (settings, "quiet", DEFAULT_QUIET_DB);
  return import;
}

SlImport *
sl_import_new_stem (SlProject *project, const SlStem *stem)
{
  SlImport *import = sl_import_new (project, stem->file, stem->name, stem->convert);

  import->channels = sl_upstream_channels (project);
  import->target = sl_upstream_target (project);
  return import;
}

void
sl_import_free (SlImport *import)
{
  if (import == NULL)
    return;
  g_free (import->folder);
  g_free (import->path);
  g_free (import->digest);
  g_free (import->probe);
  g_free (import->subject);
  g_free (import->copy);
  g_free (import);
}

void
sl_import_add_to_key (const SlImport *import, SlKey *key)
{
  sl_key_add_string (key, "source", import->digest);
  sl_key_add_int (key, "rate", import->rate_hz);
  sl_key_add_int (key, "convert", import->convert);
  sl_key_add_int (key, "channels", import->channels);
  sl_key_add_int (key, "target", import->target);
  sl_key_add_int (key, "min-frames", import->min_frames);
  sl_key_add_double (key, "quiet", import->quiet_db);
}

/* A probe made earlier serves as long as its file has the same bytes; a lossy file is decoded again
 * because its working copy comes from the same pass. */
static gboolean
reuse_probe (const SlImport *import, SlProbeReport *report)
{
  char hex[SL_DIGEST_HEX_LENGTH + 1];

  if (import->probe == NULL || !sl_probe_report_parse (import->probe, report, NULL))
    return FALSE;
  sl_digest_to_hex (&report->readback.digest, hex);
  return g_strcmp0 (hex, import->digest) == 0 && !report->readback.info.lossy;
}

/* Where the helper puts the working copy of a lossy file until the step commits. */
static char *
scratch_path (const SlImport *import)
{
  g_autofree char *folder = g_build_filename (import->folder, SL_FOLDER_CACHE, NULL);
  g_autofree char *base = g_path_get_basename (import->copy);
  g_autofree char *name = g_strdup_printf ("%s.import.flac", base);

  g_mkdir_with_parents (folder, 0777);
  return g_build_filename (folder, name, NULL);
}

static void
remember_probe (const SlImport *import, const SlProbeReport *report, SlOutcome *outcome)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char hex[SL_DIGEST_HEX_LENGTH + 1];

  sl_probe_report_write (report, text);
  sl_digest_to_hex (&report->readback.digest, hex);
  sl_file_table_set (outcome->seen, import->path, &report->readback.stat, hex, text->str);
}

static gboolean
take_working_copy (const SlImport *import,
                   const SlProbeReport *report,
                   const char *scratch,
                   SlOutcome *outcome,
                   GError **error)
{
  g_autofree char *stored = g_strconcat (import->copy, ".flac", NULL);
  g_autofree char *final = sl_path_resolve (import->folder, stored);
  SlPart *part = sl_part_adopt (scratch, final, error);
  SlAudio *audio;

  if (part == NULL)
    return FALSE;
  g_ptr_array_add (outcome->parts, part);
  audio = sl_audio_describe (stored, &report->readback, &report->levels);
  sl_digest_to_hex (&report->working_digest, audio->digest);
  g_free (audio->encoding);
  audio->encoding = g_strdup ("PCM_24");
  audio->bits = 24;
  audio->is_wav = FALSE;
  outcome->record->audio = audio;
  sl_record_add_output (outcome->record, stored, audio->digest);
  sl_check_working_copy (outcome->record, import, &report->levels);
  return TRUE;
}

/* The reader of what was taken in so far: the part of a working copy, or the source. */
static SlSource *
open_taken (const SlImport *import, SlOutcome *outcome, GError **error)
{
  g_autofree char *path = NULL;

  if (outcome->parts->len > 0)
    path = g_strdup (sl_part_get_path (outcome->parts->pdata[outcome->parts->len - 1]));
  else
    path = sl_path_resolve (import->folder, import->path);
  return sl_reader_open (path, NULL, error);
}

static gboolean
convert (const SlImport *import, SlOutcome *outcome, const SlProgress *progress, GError **error)
{
  g_autofree char *stored = g_strconcat (import->copy, ".wav", NULL);
  SlSource *reader = open_taken (import, outcome, error);
  g_autoptr (SlSource) source
      = reader != NULL ? sl_resampler_new (reader, import->rate_hz, error) : NULL;
  SlOutputSpec spec = { .folder = import->folder, .path = stored, .subtype = SL_SUBTYPE_FLOAT };
  SlOutputResult result;
  gint64 from_frames = reader != NULL ? reader->length : 0;
  int from_hz = reader != NULL ? reader->rate_hz : 0;

  if (source == NULL || !sl_output_render (source, &spec, outcome, &result, progress, error))
    return FALSE;
  sl_check_converted (outcome->record, import, from_frames, from_hz, result.audio);
  return TRUE;
}

static gboolean
take_in (const SlImport *import,
         const SlProbeReport *report,
         const char *scratch,
         SlOutcome *outcome,
         const SlProgress *progress,
         GError **error)
{
  if (report->has_working_copy)
    {
      if (!take_working_copy (import, report, scratch, outcome, error))
        return FALSE;
    }
  else
    outcome->record->audio = sl_audio_describe (import->path, &report->readback, &report->levels);
  if (report->readback.info.rate_hz == import->rate_hz)
    return TRUE;
  return convert (import, outcome, progress, error);
}

static gboolean
probe (const SlImport *import,
       const char *scratch,
       SlProbeReport *report,
       SlOutcome *outcome,
       const SlProgress *progress,
       GError **error)
{
  g_autofree char *path = sl_path_resolve (import->folder, import->path);

  if (reuse_probe (import, report))
    return TRUE;
  if (!sl_probe_run (path, scratch, NULL, report, progress, error))
    return FALSE;
  remember_probe (import, report, outcome);
  return TRUE;
}

gboolean
sl_import_run (const SlImport *import,
               SlOutcome *outcome,
               const SlProgress *progress,
               GError **error)
{
  g_autofree char *scratch = scratch_path (import);
  g_autoptr (GError) local = NULL;
  SlProbeReport report = { 0 };
  gboolean done;

  if (!probe (import, scratch, &report, outcome, progress, &local))
    {
      g_unlink (scratch);
      if (!sl_error_is_finding (local))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      sl_check_unopened (outcome->record, import, local);
      return TRUE;
    }
  sl_check_import (outcome->record, import, &report);
  sl_tempo_write (outcome->record, &report.tempo);
  done = sl_record_integrity_failed (outcome->record)
         || take_in (import, &report, scratch, outcome, progress, error);
  /* Left over when a check failed; gone when it was taken. */
  g_unlink (scratch);
  if (done && outcome->record->audio != NULL)
    sl_check_length (outcome->record, import, outcome->record->audio);
  return done;
}
