/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/track_text.h"

#include "app/faults.h"
#include "engine/io/resampler.h"
#include "workflow/intake.h"
#include "workflow/json.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

static const SlStem *
find (SlDocument *document, const char *name)
{
  return sl_settings_find_stem (sl_document_get_settings (document), name);
}

/* Where the sound of @stem comes from. */
static char *
describe_origin (const SlStem *stem)
{
  if (stem->kind == SL_STEM_FILE)
    return g_path_get_basename (stem->file);
  return g_strdup_printf (_ ("Tone of %.0f Hz at %.2f"), stem->tone_hz, stem->amplitude);
}

/* --- what the probe says --- */

static gboolean
has_song_rate (SlDocument *document, const SlProbeReport *report)
{
  return report->readback.info.rate_hz == sl_document_get_settings (document)->rate_hz;
}

/* How its length will differ from the song's; empty while that cannot be said. */
static char *
describe_apart (SlDocument *document, const SlStem *stem, const SlProbeReport *report)
{
  int rate_hz = sl_document_get_settings (document)->rate_hz;
  gint64 target = sl_intake_known_target (sl_document_get_project (document));
  gint64 frames
      = sl_resampled_length (report->readback.frames, report->readback.info.rate_hz, rate_hz);
  g_autofree char *seconds = NULL;

  if (target <= 0 || (!stem->convert && !has_song_rate (document, report)))
    return g_strdup ("");
  if (frames == target)
    return g_strdup (_ ("as long as the song"));
  seconds = g_strdup_printf ("%.3f", fabs ((double) (frames - target) / rate_hz));
  return g_strdup_printf (frames < target ? _ ("%s s short") : _ ("%s s too long"), seconds);
}

static char *
describe_channels (int channels)
{
  if (channels == 1)
    return g_strdup (_ ("mono"));
  if (channels == 2)
    return g_strdup (_ ("stereo"));
  return g_strdup_printf (_ ("%d channels"), channels);
}

static char *
describe_report (SlDocument *document, const SlStem *stem, const SlProbeReport *report)
{
  const SlFileInfo *info = &report->readback.info;
  g_autofree char *time = sl_format_time (report->readback.frames, info->rate_hz);
  g_autofree char *apart = describe_apart (document, stem, report);
  g_autofree char *rate = sl_format_frames (info->rate_hz);
  g_autofree char *channels = describe_channels (info->channels);

  return g_strdup_printf ("%s · %s Hz · %s%s%s", time, rate, channels, *apart != '\0' ? " · " : "",
                          apart);
}

static char *
describe_found (SlDocument *document, const SlStem *stem)
{
  g_autoptr (SlCheck) fault = sl_fault_find (document, stem);
  SlProbeReport report;

  if (stem->kind != SL_STEM_FILE)
    return g_strdup (_ ("Generated"));
  if (sl_intake_get_report (sl_document_get_project (document), stem->file, &report))
    return describe_report (document, stem, &report);
  return fault != NULL ? sl_fault_title (fault) : g_strdup (_ ("Reading…"));
}

/* --- in a row --- */

const char *
sl_track_text_strategy_title (const char *name)
{
  static const struct
  {
    const char *name;
    const char *title;
  } titles[] = { { "none", N_ ("As it is") }, { "zero-pad", N_ ("Zero-pad") },
                 { "loop", N_ ("Loop") },     { "crossfade", N_ ("Crossfade") },
                 { "place", N_ ("Place") },   { "truncate", N_ ("Truncate") } };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_strcmp0 (titles[i].name, name) == 0)
      return _ (titles[i].title);
  return NULL;
}

/* The record of its alignment, when it still holds. */
static SlRecord *
aligned_record (SlDocument *document, const SlStem *stem)
{
  SlProject *project = sl_document_get_project (document);
  gboolean drums = sl_settings_is_drum_stem (sl_document_get_settings (document), stem);
  SlStepId step = drums ? SL_STEP_DRUMS : SL_STEP_ALIGN;
  SlState state = sl_badge_subject (project, step, stem->name);
  SlRecord *record = sl_project_get_record (project, step, stem->name);

  if (record == NULL || (state != SL_STATE_PASSED && state != SL_STATE_FAILED))
    return NULL;
  return record;
}

/* The strategy that was used, once it was. */
static const char *
used_strategy (SlDocument *document, const SlStem *stem)
{
  SlRecord *record = aligned_record (document, stem);

  return record != NULL
             ? sl_track_text_strategy_title (sl_json_get_string (record->values, "strategy"))
             : NULL;
}

char *
sl_track_text_strategy (SlDocument *document, const char *name)
{
  const SlStem *stem = find (document, name);
  const char *used = stem != NULL ? used_strategy (document, stem) : NULL;

  if (used == NULL && stem != NULL
      && sl_settings_is_drum_stem (sl_document_get_settings (document), stem))
    return g_strdup (_ ("Aligned in step 5, Drums"));
  return g_strdup (used != NULL ? used : _ ("Not aligned yet"));
}

char *
sl_track_text_long (SlDocument *document, const char *name)
{
  const SlStem *stem = find (document, name);
  SlRecord *record = stem != NULL ? aligned_record (document, stem) : NULL;
  const char *reason = record != NULL ? sl_json_get_string (record->values, "reason") : NULL;
  g_autofree char *found = NULL;
  g_autofree char *origin = NULL;

  if (stem == NULL)
    return g_strdup ("");
  found = describe_found (document, stem);
  origin = describe_origin (stem);
  return g_strdup_printf ("%s%s%s\n%s", reason != NULL ? reason : "", reason != NULL ? "\n" : "",
                          found, origin);
}

static char *
short_length (SlDocument *document, const SlStem *stem)
{
  SlProbeReport report;
  g_autofree char *apart = NULL;

  if (!sl_intake_get_report (sl_document_get_project (document), stem->file, &report))
    return g_strdup (_ ("Reading…"));
  apart = describe_apart (document, stem, &report);
  if (*apart != '\0')
    return g_steal_pointer (&apart);
  return sl_format_time (report.readback.frames, report.readback.info.rate_hz);
}

/* What is wrong with the stem as it stands, or NULL. Owned. */
static char *
describe_fault (SlDocument *document, const SlStem *stem)
{
  SlProject *project = sl_document_get_project (document);
  g_autoptr (SlCheck) fault = sl_fault_find (document, stem);

  if (fault != NULL)
    return sl_fault_title (fault);
  for (int i = SL_STEP_STEMS; i <= SL_STEP_EFFECTS; i++)
    if (sl_badge_subject (project, (SlStepId) i, stem->name) == SL_STATE_FAILED)
      return g_strdup_printf (_ ("%s: failed"), sl_step_id_title ((SlStepId) i));
  return NULL;
}

char *
sl_track_text_short (SlDocument *document, const char *name, gboolean *is_bad)
{
  const SlStem *stem = find (document, name);
  char *fault = stem != NULL ? describe_fault (document, stem) : NULL;

  if (is_bad != NULL)
    *is_bad = fault != NULL;
  if (stem == NULL)
    return g_strdup ("");
  if (fault != NULL)
    return fault;
  if (used_strategy (document, stem) != NULL)
    return g_strdup (used_strategy (document, stem));
  return stem->kind == SL_STEM_FILE ? short_length (document, stem) : describe_origin (stem);
}
