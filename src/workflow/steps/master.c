/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 7: the sum of all stems, and the proof that it is. */
#include "engine/base/units.h"
#include "engine/measure/null_test.h"
#include "engine/measure/true_peak.h"
#include "workflow/json.h"
#include "workflow/steps/mix.h"
#include "workflow/steps/null_check.h"
#include "workflow/steps/subjects.h"
#include "workflow/steps/upstream.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MASTER_PATH SL_FOLDER_MASTER "/Master.wav"

/* Imported stems are lowered together until their sum peaks here. */
#define AUTO_PEAK_DB (-1.0)

/* "Fit gains" aims at this true peak. */
#define FIT_TRUE_PEAK_DB (-1.0)

/* Inter-sample peaks are measured to about this much; aiming lower keeps the promise. */
#define FIT_MARGIN_DB 0.05

#define CLIP_PERCENT 0.1

typedef struct
{
  SlMix *mix;
  gint64 target;
  int rate_hz;
  SlSubtype subtype;
  gboolean fit_gains;
  double clip_ratio;
  double null_db;
} Input;

static gpointer
prepare (SlProject *project, const char *subject)
{
  const SlSettings *settings = sl_project_get_settings (project);
  SlMix *mix = sl_mix_new (project);
  Input *input;

  if (mix == NULL)
    return NULL;
  input = g_new0 (Input, 1);
  input->mix = mix;
  input->target = sl_upstream_target (project);
  input->rate_hz = settings->rate_hz;
  input->subtype = settings->subtype;
  input->fit_gains = settings->fit_gains;
  input->clip_ratio = sl_settings_limit (settings, "clipping", CLIP_PERCENT) / 100.0;
  input->null_db = sl_settings_limit (settings, "null", sl_null_limit_db (settings->subtype));
  return input;
}

static void
free_input (gpointer data)
{
  Input *input = data;

  sl_mix_free (input->mix);
  g_free (input);
}

static void
add_to_key (gconstpointer data, SlKey *key)
{
  const Input *input = data;

  sl_mix_add_to_key (input->mix, key);
  sl_key_add_int (key, "target", input->target);
  sl_key_add_int (key, "rate", input->rate_hz);
  sl_key_add_int (key, "subtype", input->subtype);
  sl_key_add_int (key, "fit-gains", input->fit_gains);
  sl_key_add_double (key, "clipping", input->clip_ratio);
  sl_key_add_double (key, "null", input->null_db);
}

/* --- gains --- */

static gboolean
is_automatic (const SlMix *mix)
{
  gboolean imported = FALSE;

  for (guint i = 0; i < mix->parts->len; i++)
    {
      const SlMixPart *part = mix->parts->pdata[i];
      if (part->fixed)
        return FALSE;
      imported = imported || part->imported;
    }
  return imported;
}

/* The sum can never peak above the sum of the peaks. */
static double
peak_bound (const SlMix *mix)
{
  double bound = 0.0;

  for (guint i = 0; i < mix->parts->len; i++)
    {
      const SlMixPart *part = mix->parts->pdata[i];
      bound += part->gain * part->audio->peak;
    }
  return bound;
}

/* Peak of the sum at the gains as they are: sample peak, or true peak when @true_peak. */
static gboolean
measure_sum (const Input *input,
             gboolean true_peak,
             double *peak,
             const SlProgress *progress,
             GError **error)
{
  g_autoptr (SlSource) sum = sl_mix_source (input->mix, 1.0, error);
  g_autofree float *block = NULL;
  g_autoptr (SlTruePeakMeter) true_meter = sl_true_peak_meter_new ();
  g_autoptr (SlLevelMeter) meter = sl_level_meter_new ();
  SlTap tap = true_peak ? sl_true_peak_meter_tap (true_meter) : sl_level_meter_tap (meter);
  gint64 got;

  if (sum == NULL)
    return FALSE;
  block = g_new (float, SL_BLOCK_FRAMES * sum->channels);
  if (tap.begin != NULL)
    tap.begin (tap.self, sum->channels, sum->rate_hz);
  while ((got = sl_source_read (sum, block, SL_BLOCK_FRAMES, error)) > 0)
    if (!tap.feed (tap.self, block, got, error)
        || !sl_progress_report (progress, sum->position, sum->length, error))
      return FALSE;
  *peak = true_peak ? sl_true_peak_meter_result (true_meter) : sl_level_meter_result (meter).peak;
  return got == 0;
}

static void
check_gains (double factor, gboolean fitted, SlRecord *record)
{
  double db = sl_db_from_gain (factor);
  SlCheck *check
      = sl_record_take_check (record, sl_check_new ("gains", NULL,
                                                    factor < 1.0 ? SL_LEVEL_NOTE : SL_LEVEL_PASS,
                                                    SL_KIND_JUDGEMENT));

  sl_check_set_numbers (check, db, NAN, "dB");
  if (factor >= 1.0)
    sl_check_set_message (check, _ ("Every stem is mixed at its gain."));
  else if (fitted)
    sl_check_set_message (check,
                          _ ("All gains were lowered together by %.2f dB, so that the true "
                             "peak is at most %.0f dBTP."),
                          -db, FIT_TRUE_PEAK_DB);
  else
    sl_check_set_message (check,
                          _ ("All gains were lowered together by %.2f dB, so that the sum "
                             "peaks at %.0f dBFS. Set a gain by hand to stop this."),
                          -db, AUTO_PEAK_DB);
}

/* The factor common to all gains: 1 unless they are to be fitted, or left to us. */
static gboolean
find_factor (const Input *input,
             double *factor,
             SlRecord *record,
             const SlProgress *progress,
             GError **error)
{
  double limit
      = sl_gain_from_db (input->fit_gains ? FIT_TRUE_PEAK_DB - FIT_MARGIN_DB : AUTO_PEAK_DB);
  gboolean needed
      = input->fit_gains || (is_automatic (input->mix) && peak_bound (input->mix) > limit);
  double peak = 0.0;

  *factor = 1.0;
  if (needed && !measure_sum (input, input->fit_gains, &peak, progress, error))
    return FALSE;
  if (peak > limit)
    *factor = limit / peak;
  check_gains (*factor, input->fit_gains, record);
  return TRUE;
}

/* --- checks --- */

static void
check_overs (const Input *input, const SlOutputResult *result, SlRecord *record)
{
  SlLevel level = input->subtype == SL_SUBTYPE_FLOAT ? SL_LEVEL_WARN : SL_LEVEL_FAIL;
  g_autofree char *count = sl_format_frames (result->overs);
  SlCheck *check
      = sl_record_take_check (record, sl_check_new ("overs", NULL,
                                                    result->overs > 0 ? level : SL_LEVEL_PASS,
                                                    SL_KIND_JUDGEMENT));

  sl_check_set_numbers (check, (double) result->overs, 0, "samples");
  check->where = result->first_over;
  if (result->overs == 0)
    {
      sl_check_set_message (check, _ ("No sample of the sum is beyond full scale."));
      return;
    }
  sl_check_set_message (check, _ ("%s samples of the sum are beyond full scale."), count);
  sl_check_set_fix (check, _ ("Lower the gains together: set DIR --fit-gains."));
}

static void
check_clipping (const Input *input, const SlLevels *levels, SlRecord *record)
{
  double ratio = sl_levels_clip_ratio (levels);
  gboolean clips = ratio > input->clip_ratio;
  SlCheck *check
      = sl_record_take_check (record,
                              sl_check_new ("clipping", NULL, clips ? SL_LEVEL_FAIL : SL_LEVEL_PASS,
                                            SL_KIND_JUDGEMENT));

  sl_check_set_numbers (check, ratio * 100.0, input->clip_ratio * 100.0, "%");
  check->where = clips ? levels->peak_frame : -1;
  sl_check_set_message (check, _ ("%.4f %% of samples are at or above %.2f of full scale."),
                        ratio * 100.0, SL_NEAR_CLIP);
  if (clips)
    sl_check_set_fix (check, _ ("Lower the gains together: set DIR --fit-gains."));
}

static void
write_gains (const Input *input, double factor, JsonObject *values)
{
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < input->mix->parts->len; i++)
    {
      const SlMixPart *part = input->mix->parts->pdata[i];
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "name", part->name);
      sl_json_set_number (object, "gain", part->gain * factor);
      json_array_add_object_element (list, object);
    }
  json_object_set_array_member (values, "gains", list);
  sl_json_set_number (values, "factor", factor);
}

static gboolean
check_null (const Input *input,
            double factor,
            SlOutcome *outcome,
            const SlProgress *progress,
            GError **error)
{
  const char *part = sl_part_get_path (outcome->parts->pdata[outcome->parts->len - 1]);
  g_autoptr (SlSource) master = sl_reader_open (part, NULL, error);

  return master != NULL
         && sl_check_null (input->mix, master, factor, input->subtype, input->null_db,
                           outcome->record, progress, error);
}

static gboolean
run (gconstpointer data, SlOutcome *outcome, const SlProgress *progress, GError **error)
{
  const Input *input = data;
  SlOutputSpec spec
      = { .folder = input->mix->folder, .path = MASTER_PATH, .subtype = input->subtype };
  SlOutputResult result;
  double factor;
  g_autoptr (SlSource) sum = NULL;

  if (!find_factor (input, &factor, outcome->record, progress, error)
      || (sum = sl_mix_source (input->mix, factor, error)) == NULL
      || !sl_output_render (sum, &spec, outcome, &result, progress, error))
    return FALSE;
  sl_check_output (outcome->record, NULL, result.audio, input->target, input->rate_hz,
                   input->subtype);
  check_overs (input, &result, outcome->record);
  check_clipping (input, &result.levels, outcome->record);
  write_gains (input, factor, outcome->record->values);
  return check_null (input, factor, outcome, progress, error);
}

const SlStep sl_step_master = {
  .id = SL_STEP_MASTER,
  .algorithm = 1,
  .list_subjects = sl_subjects_song,
  .prepare = prepare,
  .add_to_key = add_to_key,
  .run = run,
  .free_input = free_input,
};
