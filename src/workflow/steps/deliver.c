/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 8: verify every file from disk, pack them, and verify the archive by reading it back. */
#include "engine/base/error.h"
#include "engine/base/units.h"
#include "engine/package/archive.h"
#include "workflow/steps/manifest.h"
#include "workflow/steps/null_check.h"
#include "workflow/steps/step.h"
#include "workflow/steps/subjects.h"
#include "workflow/steps/timing_key.h"
#include "workflow/steps/upstream.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define DURATION_LIMIT_SECONDS 2.0
#define MIN_MASTER_RMS 0.01
#define CLIP_PERCENT 0.1

/* Shares of the progress: verifying the files, packing, reading back. */
#define VERIFIED 0.5
#define PACKED 0.8

typedef struct
{
  SlManifest *manifest; ///< owns mix and master
  gint64 target;
  double duration_limit_seconds, min_rms, clip_ratio, null_db;
} Input;

static gpointer
prepare (SlProject *project, const char *subject)
{
  const SlSettings *settings = sl_project_get_settings (project);
  SlAudio *master = sl_upstream_audio (project, SL_STEP_MASTER, SL_SUBJECT_SONG);
  SlMix *mix = master != NULL ? sl_mix_new (project) : NULL;
  Input *input;

  if (mix == NULL)
    {
      sl_audio_free (master);
      return NULL;
    }
  input = g_new0 (Input, 1);
  input->manifest = sl_manifest_new (project, mix, master);
  input->target = sl_upstream_target (project);
  input->duration_limit_seconds = sl_settings_limit (settings, "duration", DURATION_LIMIT_SECONDS);
  input->min_rms = sl_settings_limit (settings, "rms", MIN_MASTER_RMS);
  input->clip_ratio = sl_settings_limit (settings, "clipping", CLIP_PERCENT) / 100.0;
  input->null_db = sl_settings_limit (settings, "null", sl_null_limit_db (settings->subtype));
  return input;
}

static void
free_input (gpointer data)
{
  Input *input = data;

  sl_manifest_free (input->manifest);
  g_free (input);
}

static void
add_to_key (gconstpointer data, SlKey *key)
{
  const Input *input = data;

  sl_manifest_add_to_key (input->manifest, key);
  sl_key_add_timing (key, input->manifest->settings);
  sl_key_add_int (key, "subtype", input->manifest->settings->subtype);
  sl_key_add_int (key, "target", input->target);
  sl_key_add_double (key, "duration", input->duration_limit_seconds);
  sl_key_add_double (key, "rms", input->min_rms);
  sl_key_add_double (key, "clipping", input->clip_ratio);
  sl_key_add_double (key, "null", input->null_db);
}

/* A stretch of the whole progress. */
typedef struct
{
  const SlProgress *whole;
  double from;
  double to;
} Stretch;

static gboolean
report_stretch (double fraction, gpointer data)
{
  const Stretch *stretch = data;

  return stretch->whole == NULL || stretch->whole->func == NULL
         || stretch->whole->func (stretch->from + fraction * (stretch->to - stretch->from),
                                  stretch->whole->data);
}

/* --- files --- */

static SlCheck *
add (SlRecord *record, const char *id, const char *subject, gboolean good, SlCheckKind kind)
{
  return sl_record_take_check (record, sl_check_new (id, subject,
                                                     good ? SL_LEVEL_PASS : SL_LEVEL_FAIL, kind));
}

static void
check_digest (const char *name, const SlAudio *audio, const SlReadback *found, SlRecord *record)
{
  char hex[SL_DIGEST_HEX_LENGTH + 1];
  gboolean same;
  SlCheck *check;

  sl_digest_to_hex (&found->digest, hex);
  same = strcmp (hex, audio->digest) == 0;
  check = add (record, "file", name, same, SL_KIND_INTEGRITY);
  sl_check_set_texts (check, hex, audio->digest);
  if (same)
    {
      sl_check_set_message (check, _ ("“%s” on disk is what was verified."), audio->path);
      return;
    }
  sl_check_set_message (check, _ ("“%s” has changed since it was verified."), audio->path);
  sl_check_set_fix (check, _ ("Run the steps again: the one that wrote it will notice."));
}

static void
check_length (const Input *input, const char *name, const SlReadback *found, SlRecord *record)
{
  gboolean equal = found->frames == input->target;
  g_autofree char *frames = sl_format_frames (found->frames);
  g_autofree char *target = sl_format_frames (input->target);
  SlCheck *check = add (record, "frames", name, equal, SL_KIND_INTEGRITY);

  sl_check_set_numbers (check, (double) found->frames, (double) input->target, "frames");
  sl_check_set_message (check, _ ("%s frames on disk; the target is %s."), frames, target);
  if (!equal)
    sl_check_set_fix (check, _ ("Run the align step again."));
}

static void
check_rate (const Input *input, const char *name, const SlReadback *found, SlRecord *record)
{
  int wanted = input->manifest->settings->rate_hz;
  gboolean equal = found->info.rate_hz == wanted;
  SlCheck *check = add (record, "rate", name, equal, SL_KIND_INTEGRITY);

  sl_check_set_numbers (check, found->info.rate_hz, wanted, "Hz");
  sl_check_set_message (check, _ ("%d Hz; the project has %d Hz."), found->info.rate_hz, wanted);
  if (!equal)
    sl_check_set_fix (check, _ ("Run the steps again from the one that wrote this file."));
}

static gboolean
verify_file (const Input *input,
             const char *name,
             const SlAudio *audio,
             SlLevels *levels,
             SlRecord *record,
             const SlProgress *progress,
             GError **error)
{
  g_autofree char *path = sl_path_resolve (input->manifest->mix->folder, audio->path);
  g_autoptr (SlLevelMeter) meter = sl_level_meter_new ();
  SlTap tap = sl_level_meter_tap (meter);
  SlReadback found;

  if (!sl_readback_run (path, &tap, 1, &found, progress, error))
    return FALSE;
  *levels = sl_level_meter_result (meter);
  check_digest (name, audio, &found, record);
  check_length (input, name, &found, record);
  check_rate (input, name, &found, record);
  return TRUE;
}

/* --- the master as a whole --- */

static void
check_duration (const Input *input, SlRecord *record)
{
  gint64 apart = input->manifest->master->frames - input->target;
  int rate_hz = input->manifest->settings->rate_hz;
  double seconds = fabs ((double) apart) / rate_hz;
  g_autofree char *frames = sl_format_signed_frames (apart);
  SlCheck *check
      = add (record, "duration", NULL, seconds <= input->duration_limit_seconds, SL_KIND_INTEGRITY);

  sl_check_set_numbers (check, seconds, input->duration_limit_seconds, "s");
  sl_check_set_message (check, _ ("The master differs from the reference by %s frames."), frames);
  if (check->level == SL_LEVEL_FAIL)
    sl_check_set_fix (check, _ ("Run the master step again."));
}

/* Clipping that was accepted in the master step need not be accepted a second time. */
static gboolean
is_clipping_accepted (const Input *input)
{
  const GPtrArray *checks = input->manifest->checks;

  for (guint i = 0; i < checks->len; i++)
    {
      const SlManifestCheck *item = checks->pdata[i];
      if (item->step == SL_STEP_MASTER && strcmp (item->check->id, "clipping") == 0)
        return item->accepted != NULL;
    }
  return FALSE;
}

static void
check_clipping (const Input *input, const SlLevels *levels, SlRecord *record)
{
  double ratio = sl_levels_clip_ratio (levels);
  SlCheck *check = add (record, "clipping", NULL, ratio <= input->clip_ratio, SL_KIND_JUDGEMENT);

  if (check->level == SL_LEVEL_FAIL && is_clipping_accepted (input))
    check->level = SL_LEVEL_WARN;

  sl_check_set_numbers (check, ratio * 100.0, input->clip_ratio * 100.0, "%");
  sl_check_set_message (check, _ ("%.4f %% of the master's samples are at or above %.2f."),
                        ratio * 100.0, SL_NEAR_CLIP);
  if (check->level >= SL_LEVEL_WARN)
    sl_check_set_fix (check, _ ("Lower the gains together: set DIR --fit-gains."));
}

static void
check_rms (const Input *input, const SlLevels *levels, SlRecord *record)
{
  SlCheck *check = add (record, "rms", NULL, levels->rms >= input->min_rms, SL_KIND_JUDGEMENT);

  sl_check_set_numbers (check, levels->rms, input->min_rms, "of full scale");
  sl_check_set_message (check, _ ("The master's RMS is %.4f (%.1f dBFS)."), levels->rms,
                        sl_db_from_gain (levels->rms));
  if (check->level == SL_LEVEL_FAIL)
    sl_check_set_fix (check, _ ("Raise the gains of its stems."));
}

static gboolean
check_null (const Input *input, SlRecord *record, const SlProgress *progress, GError **error)
{
  const SlManifest *manifest = input->manifest;
  g_autoptr (SlSource) master = sl_audio_open (manifest->mix->folder, manifest->master, error);

  return master != NULL
         && sl_check_null (manifest->mix, master, manifest->factor, manifest->settings->subtype,
                           input->null_db, record, progress, error);
}

/* The stretch of piece @index of @n. */
static Stretch
nth_stretch (const SlProgress *progress, guint index, guint n)
{
  return (Stretch){ progress, (double) index / n, (index + 1.0) / n };
}

static gboolean
verify_files (const Input *input, SlRecord *record, const SlProgress *progress, GError **error)
{
  const GPtrArray *parts = input->manifest->mix->parts;
  guint n = parts->len + 2;
  Stretch stretch;
  SlProgress within = { report_stretch, &stretch };
  SlLevels levels;

  for (guint i = 0; i < parts->len; i++)
    {
      const SlMixPart *part = parts->pdata[i];

      stretch = nth_stretch (progress, i, n);
      if (!verify_file (input, part->name, part->audio, &levels, record, &within, error))
        return FALSE;
    }
  stretch = nth_stretch (progress, n - 2, n);
  if (!verify_file (input, "Master", input->manifest->master, &levels, record, &within, error))
    return FALSE;
  check_duration (input, record);
  check_clipping (input, &levels, record);
  check_rms (input, &levels, record);
  stretch = nth_stretch (progress, n - 1, n);
  return sl_record_integrity_failed (record) || check_null (input, record, &within, error);
}

/* --- the archive --- */

static void
check_archive (const GArray *entries, const char *path, SlRecord *record)
{
  SlCheck *check = add (record, "archive", NULL, TRUE, SL_KIND_INTEGRITY);

  sl_check_set_numbers (check, entries->len, entries->len, "entries");
  sl_check_set_message (check,
                        _ ("“%s” was read back: it holds exactly %u entries, each with the "
                           "SHA-256 of its file."),
                        path, entries->len);
}

static gboolean
pack (const Input *input,
      SlPart *part,
      GArray *entries,
      SlDigest *written,
      const SlProgress *progress,
      GError **error)
{
  Stretch packing = { progress, VERIFIED, PACKED };
  Stretch reading = { progress, PACKED, 1.0 };
  SlProgress pack_progress = { report_stretch, &packing };
  SlProgress read_progress = { report_stretch, &reading };

  return sl_archive_write (part, SL_ARCHIVE_ZIP, entries, &pack_progress, error)
         && sl_part_seal (part, written, error)
         && sl_archive_verify (sl_part_get_path (part), entries, written, &read_progress, error);
}

static gboolean
make_archive (const Input *input, SlOutcome *outcome, const SlProgress *progress, GError **error)
{
  g_autofree char *stored
      = g_strdup_printf (SL_FOLDER_DELIVERABLES "/%s.zip", input->manifest->settings->title);
  g_autofree char *path = sl_path_resolve (input->manifest->mix->folder, stored);
  g_autoptr (SlPart) part = sl_part_new (path, error);
  g_autoptr (GArray) entries = sl_manifest_entries (input->manifest);
  SlDigest written;
  char hex[SL_DIGEST_HEX_LENGTH + 1];

  if (part == NULL || !pack (input, part, entries, &written, progress, error))
    return FALSE;
  sl_digest_to_hex (&written, hex);
  sl_record_add_output (outcome->record, stored, hex);
  json_object_set_string_member (outcome->record->values, "archive", stored);
  g_ptr_array_add (outcome->parts, g_steal_pointer (&part));
  check_archive (entries, stored, outcome->record);
  return TRUE;
}

static gboolean
run (gconstpointer data, SlOutcome *outcome, const SlProgress *progress, GError **error)
{
  const Input *input = data;
  Stretch stretch = { progress, 0.0, VERIFIED };
  SlProgress verifying = { report_stretch, &stretch };

  if (!verify_files (input, outcome->record, &verifying, error))
    return FALSE;
  return sl_record_integrity_failed (outcome->record)
         || make_archive (input, outcome, progress, error);
}

const SlStep sl_step_deliver = {
  .id = SL_STEP_DELIVER,
  .algorithm = 1,
  .list_subjects = sl_subjects_song,
  .prepare = prepare,
  .add_to_key = add_to_key,
  .run = run,
  .free_input = free_input,
};
