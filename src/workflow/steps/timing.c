/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 1: tempo and sections become a grid of frames. */
#include "engine/base/units.h"
#include "workflow/steps/step.h"
#include "workflow/steps/subjects.h"
#include "workflow/steps/timing_key.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static gpointer
prepare (SlProject *project, const char *subject)
{
  return sl_settings_copy (sl_project_get_settings (project));
}

static void
add_to_key (gconstpointer input, SlKey *key)
{
  const SlSettings *settings = input;

  sl_key_add_timing (key, settings);
  sl_key_add_double (key, "planned", settings->planned_seconds);
}

static void
check_tempo (const SlSettings *settings, SlRecord *record)
{
  gboolean known = settings->bpm.num > 0;
  SlCheck *check
      = sl_record_take_check (record,
                              sl_check_new ("tempo", NULL, known ? SL_LEVEL_PASS : SL_LEVEL_NOTE,
                                            SL_KIND_INTEGRITY));
  g_autofree char *bpm = sl_bpm_format (settings->bpm);

  if (known)
    {
      sl_check_set_numbers (check, sl_bpm_value (settings->bpm), NAN, "BPM");
      sl_check_set_message (check, _ ("%s beats per minute, %d beats to the bar."), bpm,
                            settings->beats_per_bar);
      return;
    }
  sl_check_set_message (
      check, _ ("The tempo is unknown: joins are found by matching alone, without bars."));
  sl_check_set_fix (check, _ ("If you know the tempo, set it: --bpm 120."));
}

/* A place on the grid as a musician counts it, from 1.1. */
static char *
format_bar_beat (const SlSettings *settings, gint64 beat)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%d", beat / settings->beats_per_bar + 1,
                          (int) (beat % settings->beats_per_bar) + 1);
}

static void
check_section (const SlSettings *settings, guint index, gint64 first_beat, SlRecord *record)
{
  const SlSection *section = &g_array_index (settings->sections, SlSection, index);
  SlGrid grid = sl_settings_grid (settings);
  SlCheck *check = sl_record_take_check (record, sl_check_new ("section", section->name,
                                                               SL_LEVEL_PASS, SL_KIND_INTEGRITY));
  g_autofree char *from = format_bar_beat (settings, first_beat);
  g_autofree char *to = format_bar_beat (settings, first_beat + section->beats);
  g_autofree char *start_time = NULL, *end_time = NULL, *start = NULL, *end = NULL;
  SlRange range;

  if (!sl_sections_range (settings->sections, &grid, index, &range))
    {
      sl_check_set_message (check, _ ("From %s to %s (bar.beat)."), from, to);
      return;
    }
  start_time = sl_format_time (range.start, settings->rate_hz);
  end_time = sl_format_time (range.end, settings->rate_hz);
  start = sl_format_frames (range.start);
  end = sl_format_frames (range.end);
  check->where = range.start;
  sl_check_set_numbers (check, (double) (range.end - range.start), NAN, "frames");
  sl_check_set_message (check, _ ("From %s to %s (bar.beat), %s to %s, frames %s to %s."), from, to,
                        start_time, end_time, start, end);
}

static void
check_sections (const SlSettings *settings, SlRecord *record)
{
  gint64 beat = 0;

  if (settings->sections->len == 0)
    {
      SlCheck *check = sl_record_take_check (record, sl_check_new ("sections", NULL, SL_LEVEL_FAIL,
                                                                   SL_KIND_INTEGRITY));
      sl_check_set_numbers (check, 0, 1, "sections");
      sl_check_set_message (check, _ ("The song has no section."));
      sl_check_set_fix (check, _ ("Add one: --sections \"Song:64bars\"."));
    }
  for (guint i = 0; i < settings->sections->len; i++)
    {
      check_section (settings, i, beat, record);
      beat += g_array_index (settings->sections, SlSection, i).beats;
    }
}

/* The planned duration against the sections; more than a beat apart is worth a word. */
static void
check_planned (const SlSettings *settings, SlRecord *record)
{
  SlGrid grid = sl_settings_grid (settings);
  gint64 sections, planned, apart;
  double beats;
  SlCheck *check;
  g_autofree char *frames = NULL;

  if (settings->planned_seconds <= 0.0 || !sl_grid_known (&grid))
    return;
  sections = sl_grid_beats_length (&grid, sl_sections_total_beats (settings->sections));
  planned = sl_settings_frames (settings, settings->planned_seconds);
  apart = sections - planned;
  beats = (double) apart * (double) grid.beat_den / (double) grid.beat_num;
  check = sl_check_new ("planned", NULL, fabs (beats) > 1.0 ? SL_LEVEL_WARN : SL_LEVEL_PASS,
                        SL_KIND_JUDGEMENT);
  sl_record_take_check (record, check);
  sl_check_set_numbers (check, (double) sections, (double) planned, "frames");
  frames = sl_format_signed_frames (apart);
  sl_check_set_message (check,
                        _ ("The sections differ from the planned duration by %s frames: %.2f bars, "
                           "or %.2f beats."),
                        frames, beats / settings->beats_per_bar, beats);
  if (check->level == SL_LEVEL_WARN)
    sl_check_set_fix (check, _ ("Change the last section, or the planned duration."));
}

static gboolean
run (gconstpointer input, SlOutcome *outcome, const SlProgress *progress, GError **error)
{
  const SlSettings *settings = input;

  check_tempo (settings, outcome->record);
  check_sections (settings, outcome->record);
  check_planned (settings, outcome->record);
  return TRUE;
}

const SlStep sl_step_timing = {
  .id = SL_STEP_TIMING,
  .algorithm = 1,
  .list_subjects = sl_subjects_song,
  .prepare = prepare,
  .add_to_key = add_to_key,
  .run = run,
  .free_input = (void (*) (gpointer)) sl_settings_free,
};
