/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 2: verify the reference, or take a plain length; fixes the target. */
#include "engine/base/units.h"
#include "workflow/json.h"
#include "workflow/steps/import.h"
#include "workflow/steps/step.h"
#include "workflow/steps/subjects.h"
#include "workflow/steps/tempo_checks.h"
#include "workflow/steps/timing_key.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct
{
  SlSettings *settings;
  SlImport *import; ///< NULL: a plain length
} Input;

static gpointer
prepare (SlProject *project, const char *subject)
{
  const SlSettings *settings = sl_project_get_settings (project);
  Input *input = g_new0 (Input, 1);

  input->settings = sl_settings_copy (settings);
  if (settings->reference != NULL)
    {
      input->import
          = sl_import_new (project, settings->reference, NULL, settings->reference_convert);
      input->import->min_frames = sl_settings_frames (settings, settings->min_seconds);
    }
  return input;
}

static void
free_input (gpointer data)
{
  Input *input = data;

  sl_settings_free (input->settings);
  sl_import_free (input->import);
  g_free (input);
}

static void
add_to_key (gconstpointer data, SlKey *key)
{
  const Input *input = data;

  sl_key_add_timing (key, input->settings);
  if (input->import != NULL)
    sl_import_add_to_key (input->import, key);
  else
    sl_key_add_int (key, "frames", input->settings->reference_frames);
}

static void
check_plain_length (const SlSettings *settings, SlRecord *record)
{
  gint64 frames = settings->reference_frames;
  g_autofree char *text = sl_format_frames (frames);
  SlCheck *check
      = sl_record_take_check (record, sl_check_new ("length", NULL,
                                                    frames > 0 ? SL_LEVEL_PASS : SL_LEVEL_FAIL,
                                                    SL_KIND_INTEGRITY));

  sl_check_set_numbers (check, (double) frames, 1, "frames");
  if (frames > 0)
    {
      sl_check_set_message (check, _ ("No reference file; every stem becomes %s frames long."),
                            text);
      return;
    }
  sl_check_set_message (check, _ ("There is neither a reference file nor a length."));
  sl_check_set_fix (check, _ ("Set one: --reference FILE, or --seconds S."));
}

/* Proposals that make the sections end where the reference ends. */
static void
propose_sections (SlCheck *check, const SlSettings *settings, const SlGrid *grid, gint64 apart)
{
  const SlSection *last
      = &g_array_index (settings->sections, SlSection, settings->sections->len - 1);
  gint64 beats = sl_grid_nearest_beats (grid, -apart);
  g_autofree char *length = g_strdup_printf ("%" G_GINT64_FORMAT, ABS (beats));

  if (beats > 0)
    sl_check_set_fix (check, _ ("Lengthen “%s” by %s beats, or add a section of that length."),
                      last->name, length);
  else if (last->beats + beats >= 1)
    sl_check_set_fix (check, _ ("Shorten “%s” by %s beats."), last->name, length);
  else
    sl_check_set_fix (check, _ ("Remove %s beats from the last sections."), length);
}

static void
check_sections (const SlSettings *settings, gint64 target, SlRecord *record)
{
  SlGrid grid = sl_settings_grid (settings);
  gint64 end, apart;
  double beats;
  SlCheck *check;
  g_autofree char *frames = NULL;

  if (!sl_grid_known (&grid) || settings->sections->len == 0 || target == 0)
    return;
  end = sl_grid_beat_frame (&grid, sl_sections_total_beats (settings->sections));
  apart = end - target;
  beats = (double) apart * (double) grid.beat_den / (double) grid.beat_num;
  check = sl_check_new ("sections", NULL, fabs (beats) > 1.0 ? SL_LEVEL_WARN : SL_LEVEL_PASS,
                        SL_KIND_JUDGEMENT);
  sl_record_take_check (record, check);
  sl_check_set_numbers (check, (double) end, (double) target, "frames");
  check->where = MIN (end, target);
  frames = sl_format_signed_frames (apart);
  sl_check_set_message (check,
                        _ ("The sections end %s frames (%.1f ms, %.2f beats) from the end of the "
                           "reference."),
                        frames, sl_ms_from_frames (apart, settings->rate_hz), beats);
  if (check->level == SL_LEVEL_WARN)
    propose_sections (check, settings, &grid, apart);
}

static gboolean
run (gconstpointer data, SlOutcome *outcome, const SlProgress *progress, GError **error)
{
  const Input *input = data;
  SlRecord *record = outcome->record;
  gint64 target = input->settings->reference_frames;
  int channels = 0;
  SlTempo tempo;

  if (input->import == NULL)
    check_plain_length (input->settings, record);
  else if (!sl_import_run (input->import, outcome, progress, error))
    return FALSE;
  else
    {
      target = record->audio != NULL ? record->audio->frames : 0;
      channels = record->audio != NULL ? record->audio->channels : 0;
    }
  check_sections (input->settings, target, record);
  tempo = sl_tempo_read (record);
  sl_check_reference_tempo (record, &tempo, input->settings->bpm);
  json_object_set_int_member (record->values, "target", target);
  json_object_set_int_member (record->values, "channels", channels);
  return TRUE;
}

const SlStep sl_step_reference = {
  .id = SL_STEP_REFERENCE,
  .algorithm = 1,
  .list_subjects = sl_subjects_song,
  .prepare = prepare,
  .add_to_key = add_to_key,
  .run = run,
  .free_input = free_input,
};
