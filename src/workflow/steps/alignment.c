/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/steps/alignment.h"

#include "engine/align/fades.h"
#include "engine/align/render.h"
#include "engine/align/seam.h"
#include "engine/base/units.h"
#include "engine/measure/offset.h"
#include "workflow/json.h"
#include "workflow/steps/alignment_checks.h"
#include "workflow/steps/alignment_json.h"
#include "workflow/steps/seam_checks.h"
#include "workflow/steps/tempo_checks.h"
#include "workflow/steps/timing_key.h"
#include "workflow/steps/upstream.h"

#include <math.h>

/* A stem that starts more than this from where it belongs is not found by correlation. */
#define MAX_OFFSET_SECONDS 5

/* Before padding, the last moments decide whether a fade is needed. */
#define ENDING_FRAMES 64

SlAlignment *
sl_alignment_new_empty (void)
{
  SlAlignment *alignment = g_new0 (SlAlignment, 1);

  alignment->options = sl_plan_options_default ();
  alignment->step_limit = SL_SEAM_STEP_PASS;
  alignment->level_limit_db = SL_SEAM_LEVEL_PASS_DB;
  alignment->grid_limit_ms = SL_SEAM_GRID_PASS_MS;
  alignment->match_limit = SL_SEAM_MATCH_PASS;
  return alignment;
}

static void
set_limits (SlAlignment *alignment, const SlSettings *settings)
{
  alignment->step_limit = sl_settings_limit (settings, "seam-step", SL_SEAM_STEP_PASS);
  alignment->level_limit_db = sl_settings_limit (settings, "seam-level", SL_SEAM_LEVEL_PASS_DB);
  alignment->grid_limit_ms = sl_settings_limit (settings, "seam-grid", SL_SEAM_GRID_PASS_MS);
  alignment->match_limit = sl_settings_limit (settings, "seam-match", SL_SEAM_MATCH_PASS);
}

static void
set_section (SlAlignment *alignment, const SlSettings *settings, const char *section)
{
  SlGrid grid = sl_settings_grid (settings);
  int index = sl_sections_find (settings->sections, section);
  SlRange range;

  if (index < 0 || !sl_sections_range (settings->sections, &grid, (guint) index, &range))
    {
      alignment->missing_section = g_strdup (section);
      return;
    }
  alignment->options.has_section = TRUE;
  alignment->options.section_start = range.start;
  alignment->options.section_end = range.end;
}

static void
set_stem (SlAlignment *alignment, SlProject *project, const SlStem *stem)
{
  const SlSettings *settings = sl_project_get_settings (project);
  SlPlanOptions *options = &alignment->options;

  options->strategy = stem->strategy;
  options->offset = stem->offset_auto ? 0 : stem->offset;
  options->rhythmic = sl_role_is_rhythmic (stem->role);
  options->fill = stem->fill;
  options->ending = stem->ending;
  options->loop_bars = stem->loop_bars;
  options->join = stem->join;
  options->fade_ms = stem->fade_ms;
  options->candidate = stem->candidate;
  alignment->offset_auto = stem->offset_auto;
  if (stem->offset_auto)
    alignment->reference = sl_upstream_audio (project, SL_STEP_REFERENCE, "");
  alignment->tempo = sl_tempo_read (sl_project_get_record (project, SL_STEP_STEMS, stem->name));
  alignment->proposes_tempo = settings->reference == NULL;
  if (stem->section != NULL)
    set_section (alignment, settings, stem->section);
}

SlAlignment *
sl_alignment_new (SlProject *project, const char *subject, const SlStem *stem, SlAudio *source)
{
  const SlSettings *settings = sl_project_get_settings (project);
  SlAlignment *alignment = sl_alignment_new_empty ();

  set_limits (alignment, settings);
  alignment->folder = g_strdup (sl_project_get_folder (project));
  alignment->subject = g_strdup (subject);
  alignment->output = g_strdup_printf (SL_FOLDER_ALIGNED "/%s.wav", subject);
  alignment->source = source;
  alignment->subtype = settings->subtype;
  alignment->options.strategy = SL_STRATEGY_NONE;
  alignment->options.source_length = source->frames;
  alignment->options.target = sl_upstream_target (project);
  alignment->options.rate_hz = settings->rate_hz;
  alignment->options.grid = sl_settings_grid (settings);
  if (stem != NULL)
    set_stem (alignment, project, stem);
  return alignment;
}

void
sl_alignment_free (SlAlignment *alignment)
{
  if (alignment == NULL)
    return;
  g_free (alignment->folder);
  g_free (alignment->subject);
  g_free (alignment->output);
  g_free (alignment->missing_section);
  sl_audio_free (alignment->source);
  sl_audio_free (alignment->reference);
  g_free (alignment);
}

/* An offset that is still to be found may leave a gap where there seems to be none. */
static gboolean
uses_grid (const SlAlignment *alignment)
{
  return alignment->offset_auto || sl_planner_uses_grid (&alignment->options);
}

static void
add_options_to_key (const SlPlanOptions *options, gboolean with_grid, SlKey *key)
{
  sl_key_add_int (key, "strategy", options->strategy);
  sl_key_add_int (key, "target", options->target);
  sl_key_add_int (key, "offset", options->offset);
  sl_key_add_int (key, "rhythmic", options->rhythmic);
  sl_key_add_int (key, "rate", options->rate_hz);
  sl_key_add_int (key, "fill", options->fill);
  sl_key_add_int (key, "ending", options->ending);
  sl_key_add_int (key, "loop-bars", options->loop_bars);
  sl_key_add_int (key, "join", options->join);
  sl_key_add_double (key, "fade-ms", options->fade_ms);
  sl_key_add_int (key, "candidate", options->candidate);
  if (with_grid)
    sl_key_add_grid (key, &options->grid, options->rate_hz);
  if (options->has_section)
    {
      sl_key_add_int (key, "section-start", options->section_start);
      sl_key_add_int (key, "section-end", options->section_end);
    }
}

/* The song's tempo counts here only where it makes a difference to what is said of the stem's. */
static void
add_tempo_to_key (const SlAlignment *alignment, SlKey *key)
{
  const SlPlanOptions *options = &alignment->options;
  double song_bpm = sl_grid_bpm (&options->grid, options->rate_hz);
  gboolean proposed = song_bpm <= 0.0 && alignment->proposes_tempo && alignment->tempo.bpm > 0.0;

  if (proposed || sl_tempo_is_foreign (&alignment->tempo, song_bpm))
    {
      sl_key_add_double (key, "tempo", alignment->tempo.bpm);
      sl_key_add_double (key, "song-tempo", song_bpm);
    }
}

void
sl_alignment_add_to_key (const SlAlignment *alignment, SlKey *key)
{
  sl_key_add_audio (key, "source", alignment->source);
  sl_key_add_int (key, "offset-auto", alignment->offset_auto);
  sl_key_add_audio (key, "reference", alignment->reference);
  sl_key_add_string (key, "missing-section", alignment->missing_section);
  sl_key_add_int (key, "subtype", alignment->subtype);
  add_options_to_key (&alignment->options, uses_grid (alignment), key);
  add_tempo_to_key (alignment, key);
  sl_key_add_double (key, "seam-step", alignment->step_limit);
  sl_key_add_double (key, "seam-level", alignment->level_limit_db);
  sl_key_add_double (key, "seam-grid", alignment->grid_limit_ms);
  sl_key_add_double (key, "seam-match", alignment->match_limit);
}

/* --- the parts of a run --- */

/* Frame of the target on which the source's first frame falls. */
static gint64
start_in_song (const SlPlanOptions *options)
{
  gboolean placed
      = options->has_section
        && (options->strategy == SL_STRATEGY_AUTO || options->strategy == SL_STRATEGY_PLACE);

  return options->offset + (placed ? options->section_start : 0);
}

/* The source, under its name or as a part that has none yet. */
static SlSource *
open_source (const SlAlignment *alignment, GError **error)
{
  SlAudio audio = *alignment->source;

  if (alignment->source_file != NULL)
    audio.path = (char *) alignment->source_file;
  return sl_audio_open (alignment->folder, &audio, error);
}

static gboolean
find_offset (const SlAlignment *alignment,
             SlPlanOptions *options,
             SlRecord *record,
             const SlProgress *progress,
             GError **error)
{
  SlOffset found = { 0 };
  g_autoptr (SlSource) stem = open_source (alignment, error);
  g_autoptr (SlSource) reference
      = stem != NULL ? sl_audio_open (alignment->folder, alignment->reference, error) : NULL;

  if (reference == NULL
      || !sl_offset_find (stem, reference, start_in_song (options),
                          (gint64) MAX_OFFSET_SECONDS * stem->rate_hz, &found, progress, error))
    return FALSE;
  sl_alignment_check_offset (alignment, &found, record);
  sl_json_set_number (record->values, "offset_confidence", found.confidence);
  options->offset = found.confidence >= SL_OFFSET_SURE ? found.offset : 0;
  return TRUE;
}

/* Whether the last frames are silent, so that padding needs no fade. */
static gboolean
look_at_ending (SlSource *source, SlPlanOptions *options, GError **error)
{
  gint64 frames = MIN (ENDING_FRAMES, source->length);
  g_autofree float *samples = g_new (float, ENDING_FRAMES * source->channels);
  float peak = 0.0f;

  if (!sl_source_read_at (source, source->length - frames, samples, frames, error))
    return FALSE;
  for (gint64 i = 0; i < frames * source->channels; i++)
    peak = MAX (peak, fabsf (samples[i]));
  options->ends_silent = sl_db_from_gain (peak) <= SL_SILENCE_DB;
  return TRUE;
}

static GArray *
find_candidates (const SlPlanOptions *options,
                 SlSource *source,
                 const SlProgress *progress,
                 GError **error)
{
  SlFinderOptions finder = sl_finder_options_default ();

  finder.grid = options->grid;
  finder.grid.origin -= start_in_song (options);
  finder.rhythmic = options->rhythmic;
  finder.join = options->join;
  finder.loop_bars = options->loop_bars;
  return sl_finder_find (source, &finder, progress, error);
}

/* Lays out the plan; what cannot be planned becomes a check and leaves @planned empty. */
static gboolean
make_plan (const SlAlignment *alignment,
           SlPlanOptions *options,
           SlSource *source,
           GArray *candidates,
           SlPlanned *planned,
           SlRecord *record,
           const SlProgress *progress,
           GError **error)
{
  g_autoptr (GError) local = NULL;

  if (candidates != NULL)
    {
      options->candidates = (const SlCandidate *) (gpointer) candidates->data;
      options->n_candidates = candidates->len;
    }
  if (!sl_planner_make (options, planned, &local))
    {
      sl_alignment_check_unplanned (alignment, local->message, record);
      return TRUE;
    }
  /* A length set by hand stands, whatever it crosses. */
  if ((options->fade_ms < 0.0
       && !sl_plan_fit_fades (planned->plan, source, options->join, progress, error))
      || !sl_plan_measure_correlations (planned->plan, source, progress, error))
    return FALSE;
  sl_alignment_check_plan (alignment, planned, record);
  sl_alignment_write_values (record->values, options, planned, candidates);
  return TRUE;
}

/* Half a step of the output's quantiser, when the source has more bits than the output keeps; a
 * whole one from float, whose 1.0 is one step above the largest PCM code. */
static double
identity_tolerance (const SlAlignment *alignment)
{
  int bits = sl_subtype_bits (alignment->subtype);
  gboolean float_to_pcm = g_str_equal (alignment->source->encoding, "FLOAT")
                          && alignment->subtype != SL_SUBTYPE_FLOAT;

  if (float_to_pcm)
    return ldexp (1.0000001, 1 - bits);
  return alignment->source->bits > bits ? ldexp (0.5000001, 1 - bits) : 0.0;
}

static gboolean
measure_seams (const SlAlignment *alignment,
               const SlPlanned *planned,
               const SlPlanOptions *options,
               SlOutcome *outcome,
               const SlProgress *progress,
               GError **error)
{
  const char *part = sl_part_get_path (outcome->parts->pdata[outcome->parts->len - 1]);
  g_autoptr (SlSource) source = open_source (alignment, error);
  g_autoptr (SlSource) rendered = source != NULL ? sl_reader_open (part, NULL, error) : NULL;

  return rendered != NULL
         && sl_check_seams (alignment, planned->plan, &options->grid, source, rendered,
                            outcome->record, progress, error);
}

static gboolean
render (const SlAlignment *alignment,
        const SlPlanned *planned,
        const SlPlanOptions *options,
        SlOutcome *outcome,
        const SlProgress *progress,
        GError **error)
{
  SlSource *source = open_source (alignment, error);
  g_autoptr (SlSource) original = source != NULL ? open_source (alignment, error) : NULL;
  g_autoptr (SlSource) aligned
      = source != NULL ? sl_plan_source_new (planned->plan, source, error) : NULL;
  g_autoptr (SlIdentityCheck) identity = NULL;
  SlTap tap;
  SlOutputSpec spec = { .folder = alignment->folder,
                        .path = alignment->output,
                        .subtype = alignment->subtype,
                        .taps = &tap,
                        .n_taps = 1 };
  SlOutputResult result;

  if (aligned == NULL || original == NULL)
    return FALSE;
  identity = sl_identity_check_new (planned->plan, original, identity_tolerance (alignment));
  tap = sl_identity_check_tap (identity);
  if (!sl_output_render (aligned, &spec, outcome, &result, progress, error))
    return FALSE;
  sl_check_output (outcome->record, alignment->subject, result.audio, options->target,
                   options->rate_hz, alignment->subtype);
  sl_alignment_check_overs (alignment, &result, outcome->record);
  sl_alignment_check_identity (alignment, identity, identity_tolerance (alignment),
                               outcome->record);
  return measure_seams (alignment, planned, options, outcome, progress, error);
}

/* The stem is what it should be already: it goes on under its own name. */
static void
keep_source (const SlAlignment *alignment, SlRecord *record)
{
  record->audio = sl_audio_copy (alignment->source);
  sl_check_output (record, alignment->subject, record->audio, alignment->options.target,
                   alignment->options.rate_hz, alignment->subtype);
  sl_alignment_check_kept (alignment, record);
}

static gboolean
can_keep_source (const SlAlignment *alignment, const SlPlanned *planned)
{
  return !alignment->always_write && sl_plan_is_identity (planned->plan)
         && alignment->source->is_wav
         && g_str_equal (alignment->source->encoding, sl_subtype_name (alignment->subtype));
}

static gboolean
plan_and_render (const SlAlignment *alignment,
                 SlOutcome *outcome,
                 const SlProgress *progress,
                 GError **error)
{
  SlPlanOptions options = alignment->options;
  g_autoptr (SlSource) source = NULL;
  g_autoptr (GArray) candidates = NULL;
  g_auto (SlPlanned) planned = { 0 };

  if (alignment->offset_auto && alignment->reference == NULL)
    sl_alignment_check_no_reference (alignment, outcome->record);
  else if (alignment->offset_auto
           && !find_offset (alignment, &options, outcome->record, progress, error))
    return FALSE;
  source = open_source (alignment, error);
  if (source == NULL || !look_at_ending (source, &options, error))
    return FALSE;
  if (sl_planner_needs_candidates (&options)
      && (candidates = find_candidates (&options, source, progress, error)) == NULL)
    return FALSE;
  if (!make_plan (alignment, &options, source, candidates, &planned, outcome->record, progress,
                  error))
    return FALSE;
  if (planned.plan == NULL)
    return TRUE;
  if (!can_keep_source (alignment, &planned))
    return render (alignment, &planned, &options, outcome, progress, error);
  keep_source (alignment, outcome->record);
  return TRUE;
}

gboolean
sl_alignment_run (const SlAlignment *alignment,
                  SlOutcome *outcome,
                  const SlProgress *progress,
                  GError **error)
{
  if (alignment->missing_section == NULL)
    return plan_and_render (alignment, outcome, progress, error);
  sl_alignment_check_missing_section (alignment, outcome->record);
  return TRUE;
}
