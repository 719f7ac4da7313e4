/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 3: generate or take in each stem, and verify it at once. */
#include "engine/base/units.h"
#include "engine/generate/tone.h"
#include "workflow/steps/import.h"
#include "workflow/steps/step.h"
#include "workflow/steps/subjects.h"
#include "workflow/steps/upstream.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  char *folder;
  SlImport *import; ///< of a file; NULL: a tone, or nothing at all
  SlStem *stem;     ///< NULL: the song has no stems of this kind
  gboolean has_drums;
  gint64 length; ///< of a tone, frames
  int rate_hz;
  SlSubtype subtype;
} Input;

/* A tone's own length, else the planned duration, else the target. */
static gint64
tone_length (SlProject *project, const SlStem *stem)
{
  const SlSettings *settings = sl_project_get_settings (project);

  if (stem->seconds > 0.0)
    return sl_settings_frames (settings, stem->seconds);
  if (settings->planned_seconds > 0.0)
    return sl_settings_frames (settings, settings->planned_seconds);
  return sl_upstream_target (project);
}

static gpointer
prepare (SlProject *project, const char *subject)
{
  const SlSettings *settings = sl_project_get_settings (project);
  const SlStem *stem = sl_settings_find_stem (settings, subject);
  Input *input;

  if (sl_upstream_target (project) == 0)
    return NULL;
  input = g_new0 (Input, 1);
  input->folder = g_strdup (sl_project_get_folder (project));
  input->has_drums = settings->stems->len > 0;
  input->rate_hz = settings->rate_hz;
  input->subtype = settings->subtype;
  if (stem == NULL)
    return input;
  input->stem = sl_stem_copy (stem);
  if (stem->kind == SL_STEM_TONE)
    input->length = tone_length (project, stem);
  else
    input->import = sl_import_new_stem (project, stem);
  return input;
}

static void
free_input (gpointer data)
{
  Input *input = data;

  g_free (input->folder);
  sl_import_free (input->import);
  sl_stem_free (input->stem);
  g_free (input);
}

static void
add_to_key (gconstpointer data, SlKey *key)
{
  const Input *input = data;

  if (input->import != NULL)
    sl_import_add_to_key (input->import, key);
  else if (input->stem != NULL)
    {
      sl_key_add_double (key, "hz", input->stem->tone_hz);
      sl_key_add_double (key, "amplitude", input->stem->amplitude);
      sl_key_add_int (key, "length", input->length);
      sl_key_add_int (key, "rate", input->rate_hz);
      sl_key_add_int (key, "subtype", input->subtype);
    }
  else
    sl_key_add_int (key, "has-drums", input->has_drums);
}

static gboolean
run_tone (const Input *input, SlOutcome *outcome, const SlProgress *progress, GError **error)
{
  const SlStem *stem = input->stem;
  g_autofree char *path = g_strdup_printf (SL_FOLDER_STEMS "/%s.wav", stem->name);
  g_autoptr (SlSource) tone
      = sl_tone_new (stem->tone_hz, stem->amplitude, 1, input->rate_hz, input->length, error);
  SlOutputSpec spec = { .folder = input->folder, .path = path, .subtype = input->subtype };
  SlOutputResult result;
  SlCheck *check;
  double peak_db;

  if (tone == NULL || !sl_output_render (tone, &spec, outcome, &result, progress, error))
    return FALSE;
  sl_check_output (outcome->record, stem->name, result.audio, input->length, input->rate_hz,
                   input->subtype);
  peak_db = sl_db_from_gain (result.levels.peak);
  check = sl_check_new ("silence", stem->name,
                        peak_db > SL_SILENCE_DB ? SL_LEVEL_PASS : SL_LEVEL_FAIL, SL_KIND_INTEGRITY);
  sl_record_take_check (outcome->record, check);
  sl_check_set_numbers (check, peak_db, SL_SILENCE_DB, "dBFS");
  sl_check_set_message (check, _ ("A tone of %g Hz; its peak is %.2f dBFS."), stem->tone_hz,
                        peak_db);
  if (check->level == SL_LEVEL_FAIL)
    sl_check_set_fix (check, _ ("Set an amplitude above 0."));
  return TRUE;
}

static void
check_none (const Input *input, SlRecord *record)
{
  SlCheck *check = sl_record_take_check (record, sl_check_new ("stems", NULL,
                                                               input->has_drums ? SL_LEVEL_NOTE
                                                                                : SL_LEVEL_FAIL,
                                                               SL_KIND_INTEGRITY));

  sl_check_set_numbers (check, 0, 1, "stems");
  if (input->has_drums)
    {
      sl_check_set_message (check, _ ("The song has no stems but its drums."));
      return;
    }
  sl_check_set_message (check, _ ("The song has no stems yet."));
  sl_check_set_fix (check, _ ("Add some: add DIR bass=FILE, or add DIR bass=tone."));
}

static gboolean
run (gconstpointer data, SlOutcome *outcome, const SlProgress *progress, GError **error)
{
  const Input *input = data;

  if (input->import != NULL)
    return sl_import_run (input->import, outcome, progress, error);
  if (input->stem != NULL)
    return run_tone (input, outcome, progress, error);
  check_none (input, outcome->record);
  return TRUE;
}

const SlStep sl_step_stems = {
  .id = SL_STEP_STEMS,
  .algorithm = 1,
  .list_subjects = sl_subjects_stems,
  .prepare = prepare,
  .add_to_key = add_to_key,
  .run = run,
  .free_input = free_input,
};
