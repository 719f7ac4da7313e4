/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/intake.h"

#include "engine/base/error.h"
#include "engine/io/resampler.h"
#include "workflow/badge.h"
#include "workflow/steps/tempo_checks.h"
#include "workflow/steps/upstream.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Of a song around a reference whose tempo nobody knows: as long as a section usually is. */
#define UNKNOWN_TEMPO_BEATS 64

/* Folders whose files come and go with every run. */
static gboolean
is_written_by_us (const char *stored)
{
  static const char *const folders[] = { SL_FOLDER_ALIGNED, SL_FOLDER_PROCESSED, SL_FOLDER_MASTER,
                                         SL_FOLDER_DELIVERABLES, SL_FOLDER_CACHE };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    if (g_str_has_prefix (stored, folders[i]) && stored[strlen (folders[i])] == G_DIR_SEPARATOR)
      return TRUE;
  return FALSE;
}

char *
sl_intake_store_path (SlProject *project, const char *path, GError **error)
{
  g_autofree char *stored = sl_project_store_path (project, path);
  g_autofree char *name = g_filename_display_name (path);

  if (!g_utf8_validate (stored, -1, NULL))
    g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                 _ ("The name of “%s” is not UTF-8, which a project cannot keep: rename it first."),
                 name);
  else if (is_written_by_us (stored))
    g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                 _ ("“%s” lies where the project writes its own files: copy it to another folder "
                    "first."),
                 name);
  else
    return g_steal_pointer (&stored);
  return NULL;
}

void
sl_intake_remember (SlFileTable *seen, const char *stored, const SlProbeReport *report)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char hex[SL_DIGEST_HEX_LENGTH + 1];

  sl_probe_report_write (report, text);
  sl_digest_to_hex (&report->readback.digest, hex);
  sl_file_table_set (seen, stored, &report->readback.stat, hex, text->str);
}

gboolean
sl_intake_get_report (SlProject *project, const char *stored, SlProbeReport *report)
{
  const SlFileEntry *entry = sl_file_table_get (sl_project_get_files (project), stored);

  return entry != NULL && entry->present && entry->probe != NULL
         && sl_probe_report_parse (entry->probe, report, NULL);
}

/* What the probe has counted in the reference, at the project's rate; 0 when it does not fit. */
static gint64
probed_target (SlProject *project)
{
  const SlSettings *settings = sl_project_get_settings (project);
  SlProbeReport report;
  int rate_hz;

  if (!sl_intake_get_report (project, settings->reference, &report))
    return 0;
  rate_hz = report.readback.info.rate_hz;
  if (rate_hz == settings->rate_hz)
    return report.readback.frames;
  return settings->reference_convert
             ? sl_resampled_length (report.readback.frames, rate_hz, settings->rate_hz)
             : 0;
}

gint64
sl_intake_known_target (SlProject *project)
{
  const SlSettings *settings = sl_project_get_settings (project);

  if (sl_badge_step (project, SL_STEP_REFERENCE) == SL_STATE_PASSED)
    return sl_upstream_target (project);
  return settings->reference != NULL ? probed_target (project) : settings->reference_frames;
}

gboolean
sl_intake_propose_tempo (SlProject *project, SlTempo *tempo)
{
  const SlSettings *settings = sl_project_get_settings (project);
  double song_bpm = sl_bpm_value (settings->bpm);
  SlProbeReport report;

  if (settings->reference == NULL || !sl_intake_get_report (project, settings->reference, &report))
    return FALSE;
  *tempo = report.tempo;
  return song_bpm > 0.0 ? sl_tempo_is_foreign (tempo, song_bpm) : tempo->bpm > 0.0;
}

void
sl_intake_set_one_section (SlSettings *settings, const SlProbeReport *report)
{
  SlGrid grid = sl_settings_grid (settings);
  gint64 frames = sl_resampled_length (report->readback.frames, report->readback.info.rate_hz,
                                       settings->rate_hz);
  gint64 beats = UNKNOWN_TEMPO_BEATS;

  if (sl_grid_known (&grid))
    beats = CLAMP (sl_grid_nearest_beats (&grid, frames - grid.origin), 1, SL_SECTION_MAX_BEATS);
  g_array_set_size (settings->sections, 0);
  sl_sections_append (settings->sections, "Song", beats);
}
