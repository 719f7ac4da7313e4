/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 5: drums from a pattern, from the reference, from files, or none. */
#include "engine/generate/drums.h"
#include "engine/base/error.h"
#include "engine/base/units.h"
#include "workflow/json.h"
#include "workflow/names.h"
#include "workflow/steps/alignment.h"
#include "workflow/steps/import.h"
#include "workflow/steps/nothing.h"
#include "workflow/steps/subjects.h"
#include "workflow/steps/tempo_checks.h"
#include "workflow/steps/timing_key.h"
#include "workflow/steps/upstream.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Hits are looked for this far either side of their place. */
#define MAX_LAG_MS 5.0

typedef struct
{
  char *folder;
  SlDrumsMode mode;
  gboolean name_taken;    ///< a stem is called "drums" already
  SlImport *import;       ///< files
  SlAlignment *alignment; ///< files (its source comes from the import) and reference
  SlGrid grid;            ///< pattern
  gint64 target;
  int rate_hz;
  SlSubtype subtype;
} Input;

/* How long the file is the run will tell; until then it may need the grid. */
static void
prepare_file (Input *input, SlProject *project, const SlStem *stem)
{
  const SlAudio unknown = { .path = stem->file, .encoding = (char *) "" };

  input->import = sl_import_new_stem (project, stem);
  input->alignment = sl_alignment_new (project, stem->name, stem, sl_audio_copy (&unknown));
}

static gboolean
prepare_reference (Input *input, SlProject *project)
{
  SlAudio *reference = sl_upstream_audio (project, SL_STEP_REFERENCE, SL_SUBJECT_SONG);

  if (reference != NULL)
    input->alignment = sl_alignment_new (project, SL_SUBJECT_DRUMS, NULL, reference);
  return reference != NULL;
}

/* By a stem that a file system or an archive could not tell from what this step makes. */
static gboolean
is_name_taken (const SlSettings *settings)
{
  for (guint i = 0; i < settings->stems->len; i++)
    {
      const SlStem *stem = settings->stems->pdata[i];
      g_autofree char *folded = sl_name_fold (stem->name);

      if (strcmp (folded, SL_SUBJECT_DRUMS) == 0)
        return TRUE;
    }
  return FALSE;
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
  input->mode = sl_settings_drums_mode (settings);
  input->target = sl_upstream_target (project);
  input->rate_hz = settings->rate_hz;
  input->subtype = settings->subtype;
  input->grid = sl_settings_grid (settings);
  if (input->mode == SL_DRUMS_FILES && stem != NULL)
    prepare_file (input, project, stem);
  if (input->mode == SL_DRUMS_PATTERN || input->mode == SL_DRUMS_REFERENCE)
    input->name_taken = is_name_taken (settings);
  if (input->mode == SL_DRUMS_REFERENCE)
    prepare_reference (input, project);
  return input;
}

static void
free_input (gpointer data)
{
  Input *input = data;

  g_free (input->folder);
  sl_import_free (input->import);
  sl_alignment_free (input->alignment);
  g_free (input);
}

static void
add_to_key (gconstpointer data, SlKey *key)
{
  const Input *input = data;

  sl_key_add_int (key, "mode", input->mode);
  sl_key_add_int (key, "name-taken", input->name_taken);
  /* How long a file is, and so whether its plan uses the grid, only the import will tell. */
  if (input->import != NULL)
    {
      sl_import_add_to_key (input->import, key);
      sl_key_add_grid (key, &input->grid, input->rate_hz);
    }
  if (input->alignment != NULL)
    sl_alignment_add_to_key (input->alignment, key);
  if (input->mode == SL_DRUMS_PATTERN)
    {
      sl_key_add_grid (key, &input->grid, input->rate_hz);
      sl_key_add_int (key, "target", input->target);
      sl_key_add_int (key, "subtype", input->subtype);
    }
}

/* --- pattern --- */

static void
check_hits (const SlHitResult *result, int rate_hz, SlRecord *record)
{
  gboolean right = result->wrong == 0 && result->checked > 0;
  g_autofree char *checked = sl_format_frames (result->checked);
  g_autofree char *wrong = sl_format_frames (result->wrong);
  g_autofree char *lag = sl_format_signed_frames (result->worst_lag);
  SlCheck *check
      = sl_record_take_check (record, sl_check_new ("hits", SL_SUBJECT_DRUMS,
                                                    right ? SL_LEVEL_PASS : SL_LEVEL_FAIL,
                                                    SL_KIND_INTEGRITY));

  sl_check_set_numbers (check, (double) result->worst_lag, 0, "frames");
  check->where = result->first_wrong;
  if (right)
    {
      sl_check_set_message (check, _ ("%s hits found on their frame, in the file on disk."),
                            checked);
      return;
    }
  sl_check_set_message (check,
                        _ ("%s of %s hits are not on their frame; the farthest is %s frames "
                           "off."),
                        wrong, checked, lag);
  sl_check_set_fix (check, _ ("Run the step again; if it stays, report it: this is a bug."));
}

static gboolean
run_pattern (const Input *input, SlOutcome *outcome, const SlProgress *progress, GError **error)
{
  g_autoptr (GArray) hits = sl_drums_default_hits (&input->grid, input->target, error);
  int max_lag = (int) sl_frames_from_ms (MAX_LAG_MS, input->rate_hz);
  g_autoptr (SlSource) drums = NULL;
  g_autoptr (SlHitCheck) hit_check = NULL;
  SlTap tap;
  SlOutputSpec spec = { .folder = input->folder,
                        .path = SL_FOLDER_ALIGNED "/" SL_SUBJECT_DRUMS ".wav",
                        .subtype = input->subtype,
                        .taps = &tap,
                        .n_taps = 1 };
  SlOutputResult result;
  SlHitResult found;

  if (hits == NULL)
    return FALSE;
  drums = sl_drums_new (hits, 1, input->rate_hz, input->target);
  hit_check = sl_hit_check_new (hits, max_lag);
  tap = sl_hit_check_tap (hit_check);
  if (!sl_output_render (drums, &spec, outcome, &result, progress, error))
    return FALSE;
  sl_check_output (outcome->record, SL_SUBJECT_DRUMS, result.audio, input->target, input->rate_hz,
                   input->subtype);
  found = sl_hit_check_result (hit_check);
  check_hits (&found, input->rate_hz, outcome->record);
  return TRUE;
}

static void
check_no_tempo (SlRecord *record)
{
  SlCheck *check = sl_record_take_check (record, sl_check_new ("tempo", SL_SUBJECT_DRUMS,
                                                               SL_LEVEL_FAIL, SL_KIND_INTEGRITY));

  sl_check_set_message (check, _ ("A drum pattern needs a tempo, and this song's is unknown."));
  sl_check_set_fix (check, _ ("Set the tempo (--bpm), or choose drums --none."));
}

static void
check_name_taken (SlRecord *record)
{
  SlCheck *check = sl_record_take_check (record, sl_check_new ("name", SL_SUBJECT_DRUMS,
                                                               SL_LEVEL_FAIL, SL_KIND_INTEGRITY));

  sl_check_set_message (check, _ ("A stem is called “drums”, which is also what this step makes."));
  sl_check_set_fix (check, _ ("Give that stem the role drums, or another name."));
}

/* --- files and reference --- */

/* The alignment of what the import has just taken in. */
static gboolean
align_imported (const Input *input, SlOutcome *outcome, const SlProgress *progress, GError **error)
{
  SlAlignment alignment = *input->alignment;
  g_autoptr (SlAudio) source = g_steal_pointer (&outcome->record->audio);

  alignment.source = source;
  if (outcome->parts->len > 0)
    alignment.source_file = sl_part_get_path (outcome->parts->pdata[outcome->parts->len - 1]);
  alignment.options.source_length = source->frames;
  alignment.tempo = sl_tempo_read (outcome->record);
  return sl_alignment_run (&alignment, outcome, progress, error);
}

static gboolean
run_file (const Input *input, SlOutcome *outcome, const SlProgress *progress, GError **error)
{
  if (!sl_import_run (input->import, outcome, progress, error))
    return FALSE;
  if (sl_record_integrity_failed (outcome->record))
    return TRUE;
  return align_imported (input, outcome, progress, error);
}

static void
check_no_reference (SlRecord *record)
{
  SlCheck *check = sl_record_take_check (record, sl_check_new ("reference", SL_SUBJECT_DRUMS,
                                                               SL_LEVEL_FAIL, SL_KIND_INTEGRITY));

  sl_check_set_message (check, _ ("There is no reference file that could be used as drums."));
  sl_check_set_fix (check, _ ("Set one (--reference FILE), or choose other drums."));
}

static gboolean
run (gconstpointer data, SlOutcome *outcome, const SlProgress *progress, GError **error)
{
  const Input *input = data;

  if (input->name_taken)
    check_name_taken (outcome->record);
  else if (input->import != NULL)
    return run_file (input, outcome, progress, error);
  else if (input->alignment != NULL)
    return sl_alignment_run (input->alignment, outcome, progress, error);
  else if (input->mode == SL_DRUMS_REFERENCE)
    check_no_reference (outcome->record);
  else if (input->mode != SL_DRUMS_PATTERN)
    sl_check_nothing (outcome->record, "drums", _ ("The song has no drums of its own."));
  else if (!sl_grid_known (&input->grid))
    check_no_tempo (outcome->record);
  else
    return run_pattern (input, outcome, progress, error);
  return TRUE;
}

const SlStep sl_step_drums = {
  .id = SL_STEP_DRUMS,
  .algorithm = 2,
  .list_subjects = sl_subjects_drums,
  .prepare = prepare,
  .add_to_key = add_to_key,
  .run = run,
  .free_input = free_input,
};
