/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 6: a zero-phase low-pass per stem, or nothing. */
#include "engine/base/units.h"
#include "engine/measure/levels.h"
#include "engine/process/lowpass.h"
#include "workflow/names.h"
#include "workflow/steps/audio.h"
#include "workflow/steps/nothing.h"
#include "workflow/steps/subjects.h"
#include "workflow/steps/upstream.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define LOUDNESS_WARN_DB 2.0
#define LOUDNESS_FAIL_DB 4.0
#define CREST_WARN_DB 3.0
#define CREST_FAIL_DB 6.0

/* Share of samples that PCM may clip before the badge turns red: that of the master. */
#define OVERS_FAIL_RATIO 0.001

typedef struct
{
  char *folder;
  char *subject;
  SlAudio *source;  ///< NULL: the song is empty
  double cutoff_hz; ///< 0: off
  gboolean lowered; ///< the usual cutoff did not fit the rate
  SlSubtype subtype;
  double loudness_warn_db, crest_warn_db;
} Input;

/* On for what was generated, off for what a client sent, unless set by hand. */
static double
choose_cutoff (const SlSettings *settings, const char *subject, gboolean *lowered)
{
  const SlStem *stem = sl_settings_find_stem (settings, subject);
  gboolean generated = stem != NULL ? stem->kind == SL_STEM_TONE
                                    : sl_settings_drums_mode (settings) == SL_DRUMS_PATTERN;
  double most = sl_lowpass_max_hz (settings->rate_hz);

  *lowered = FALSE;
  if (stem != NULL && stem->lowpass_hz >= 0.0)
    return stem->lowpass_hz;
  if (!generated)
    return 0.0;
  *lowered = SL_LOWPASS_DEFAULT_HZ > most;
  return MIN (SL_LOWPASS_DEFAULT_HZ, most);
}

static gpointer
prepare (SlProject *project, const char *subject)
{
  const SlSettings *settings = sl_project_get_settings (project);
  SlAudio *source = sl_upstream_aligned (project, subject);
  Input *input;

  if (source == NULL && strcmp (subject, SL_SUBJECT_SONG) != 0)
    return NULL;
  input = g_new0 (Input, 1);
  input->folder = g_strdup (sl_project_get_folder (project));
  input->subject = g_strdup (subject);
  input->source = source;
  input->cutoff_hz = choose_cutoff (settings, subject, &input->lowered);
  input->subtype = settings->subtype;
  input->loudness_warn_db = sl_settings_limit (settings, "loudness-change", LOUDNESS_WARN_DB);
  input->crest_warn_db = sl_settings_limit (settings, "crest-change", CREST_WARN_DB);
  return input;
}

static void
free_input (gpointer data)
{
  Input *input = data;

  g_free (input->folder);
  g_free (input->subject);
  sl_audio_free (input->source);
  g_free (input);
}

static void
add_to_key (gconstpointer data, SlKey *key)
{
  const Input *input = data;

  sl_key_add_audio (key, "source", input->source);
  sl_key_add_double (key, "cutoff", input->cutoff_hz);
  sl_key_add_int (key, "lowered", input->lowered);
  sl_key_add_int (key, "subtype", input->subtype);
  sl_key_add_double (key, "loudness-change", input->loudness_warn_db);
  sl_key_add_double (key, "crest-change", input->crest_warn_db);
}

static SlCheck *
add (const Input *input, SlRecord *record, const char *id, SlLevel level, SlCheckKind kind)
{
  return sl_record_take_check (record, sl_check_new (id, input->subject, level, kind));
}

static SlLevel
judge (double change_db, double warn_db, double fail_per_warn)
{
  if (fabs (change_db) <= warn_db)
    return SL_LEVEL_PASS;
  return fabs (change_db) <= warn_db * fail_per_warn ? SL_LEVEL_WARN : SL_LEVEL_FAIL;
}

static void
set_fix_lowpass (SlCheck *check, const Input *input)
{
  g_autofree char *word = sl_name_quote (input->subject);

  sl_check_set_fix (check, _ ("Raise the cutoff, or turn it off: set DIR %s --lowpass off."), word);
}

static void
check_loudness (const Input *input, const SlLevels *levels, SlRecord *record)
{
  double change = sl_db_from_gain (levels->rms) - sl_db_from_gain (input->source->rms);
  SlLevel level = judge (change, input->loudness_warn_db, LOUDNESS_FAIL_DB / LOUDNESS_WARN_DB);
  SlCheck *check = add (input, record, "loudness-change", level, SL_KIND_JUDGEMENT);

  sl_check_set_numbers (check, change, input->loudness_warn_db, "dB");
  sl_check_set_message (check, _ ("The low-pass changes the level (RMS) by %+.2f dB."), change);
  if (level >= SL_LEVEL_WARN)
    set_fix_lowpass (check, input);
}

static void
check_crest (const Input *input, const SlLevels *levels, SlRecord *record)
{
  double before = sl_db_from_gain (input->source->peak / input->source->rms);
  double change = sl_levels_crest_db (levels) - before;
  SlLevel level = judge (change, input->crest_warn_db, CREST_FAIL_DB / CREST_WARN_DB);
  SlCheck *check = add (input, record, "crest-change", level, SL_KIND_JUDGEMENT);

  sl_check_set_numbers (check, change, input->crest_warn_db, "dB");
  sl_check_set_message (check, _ ("The low-pass changes the crest factor by %+.2f dB."), change);
  if (level >= SL_LEVEL_WARN)
    set_fix_lowpass (check, input);
}

static void
check_finite (const Input *input, const SlLevels *levels, SlRecord *record)
{
  gboolean finite = levels->nonfinite_samples == 0;
  SlCheck *check
      = add (input, record, "finite", finite ? SL_LEVEL_PASS : SL_LEVEL_FAIL, SL_KIND_INTEGRITY);

  sl_check_set_numbers (check, (double) levels->nonfinite_samples, 0, "samples");
  check->where = levels->first_nonfinite;
  sl_check_set_message (check, finite ? _ ("Every sample is a number.")
                                      : _ ("There are samples that are no numbers."));
  if (!finite)
    sl_check_set_fix (check, _ ("Run the align step again, then this one."));
}

/* A low-pass rings where it cuts: what was just below full scale may end up beyond it. */
static void
check_overs (const Input *input, const SlOutputResult *result, SlRecord *record)
{
  double ratio
      = (double) result->overs / (double) MAX (1, result->audio->frames * result->audio->channels);
  g_autofree char *count = sl_format_frames (result->overs);
  SlCheck *check;

  if (result->overs == 0 || input->subtype == SL_SUBTYPE_FLOAT)
    return;
  check = add (input, record, "overs", ratio <= OVERS_FAIL_RATIO ? SL_LEVEL_WARN : SL_LEVEL_FAIL,
               SL_KIND_JUDGEMENT);
  sl_check_set_numbers (check, (double) result->overs, 0, "samples");
  check->where = result->first_over;
  sl_check_set_message (check,
                        _ ("%s samples (%.4f %%) go beyond full scale in the low-pass and were "
                           "clipped."),
                        count, ratio * 100.0);
  sl_check_set_fix (check, _ ("Use the sample format float, or export the stem quieter."));
}

static void
check_cutoff (const Input *input, SlRecord *record)
{
  SlCheck *check = add (input, record, "cutoff", input->lowered ? SL_LEVEL_NOTE : SL_LEVEL_PASS,
                        SL_KIND_INTEGRITY);

  sl_check_set_numbers (check, input->cutoff_hz, NAN, "Hz");
  if (input->lowered)
    sl_check_set_message (check,
                          _ ("Low-pass at %.0f Hz, where the response is -6 dB: as high as "
                             "the sample rate allows."),
                          input->cutoff_hz);
  else
    sl_check_set_message (check, _ ("Low-pass at %.0f Hz, where the response is -6 dB."),
                          input->cutoff_hz);
}

static gboolean
run_filter (const Input *input, SlOutcome *outcome, const SlProgress *progress, GError **error)
{
  g_autofree char *path = g_strdup_printf (SL_FOLDER_PROCESSED "/%s.wav", input->subject);
  SlSource *reader = sl_audio_open (input->folder, input->source, error);
  g_autoptr (SlSource) filter
      = reader != NULL ? sl_lowpass_new (reader, input->cutoff_hz, error) : NULL;
  SlOutputSpec spec = { .folder = input->folder, .path = path, .subtype = input->subtype };
  SlOutputResult result;

  if (filter == NULL || !sl_output_render (filter, &spec, outcome, &result, progress, error))
    return FALSE;
  check_cutoff (input, outcome->record);
  sl_check_output (outcome->record, input->subject, result.audio, input->source->frames,
                   input->source->rate_hz, input->subtype);
  check_finite (input, &result.levels, outcome->record);
  check_overs (input, &result, outcome->record);
  if (input->source->rms > 0.0)
    {
      check_loudness (input, &result.levels, outcome->record);
      check_crest (input, &result.levels, outcome->record);
    }
  return TRUE;
}

/* Without an effect the stem goes on as it is: no file is written. */
static void
pass_on (const Input *input, SlRecord *record)
{
  record->audio = sl_audio_copy (input->source);
  sl_check_set_message (add (input, record, "cutoff", SL_LEVEL_PASS, SL_KIND_INTEGRITY),
                        _ ("No effect: the stem is passed on as it is."));
}

static gboolean
run (gconstpointer data, SlOutcome *outcome, const SlProgress *progress, GError **error)
{
  const Input *input = data;

  if (input->source == NULL)
    sl_check_nothing (outcome->record, "effects", _ ("There is nothing to process."));
  else if (input->cutoff_hz > 0.0)
    return run_filter (input, outcome, progress, error);
  else
    pass_on (input, outcome->record);
  return TRUE;
}

const SlStep sl_step_effects = {
  .id = SL_STEP_EFFECTS,
  .algorithm = 1,
  .list_subjects = sl_subjects_all,
  .prepare = prepare,
  .add_to_key = add_to_key,
  .run = run,
  .free_input = free_input,
};
