/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/adding.h"

#include "cli/output.h"
#include "cli/probing.h"
#include "cli/session.h"
#include "engine/base/units.h"
#include "engine/io/resampler.h"
#include "workflow/intake.h"
#include "workflow/json.h"
#include "workflow/steps/import_checks.h"

#include <glib/gi18n.h>
#include <math.h>

void
sl_cli_adding_init (SlCliAdding *self, SlProject *project)
{
  self->project = project;
  self->settings = sl_settings_copy (sl_project_get_settings (project));
  self->seen = sl_file_table_new ();
  self->stems = g_ptr_array_new ();
}

void
sl_cli_adding_clear (SlCliAdding *self)
{
  g_clear_pointer (&self->settings, sl_settings_free);
  g_clear_pointer (&self->seen, sl_file_table_free);
  g_clear_pointer (&self->stems, g_ptr_array_unref);
}

SlStem *
sl_cli_adding_new_file (SlCliAdding *self, const char *name, const char *path, GError **error)
{
  g_autofree char *stored = sl_intake_store_path (self->project, path, error);
  SlStem *stem;

  if (stored == NULL)
    return NULL;
  stem = sl_stem_new (name, SL_STEM_FILE);
  stem->file = g_steal_pointer (&stored);
  return stem;
}

gboolean
sl_cli_adding_take (SlCliAdding *self, SlStem *stem, GError **error)
{
  if (!sl_settings_take_stem (self->settings, stem, error))
    return FALSE;
  g_ptr_array_add (self->stems, stem);
  return TRUE;
}

gboolean
sl_cli_adding_probe (SlCli *cli, SlCliAdding *self, GError **error)
{
  for (guint i = 0; i < self->stems->len; i++)
    {
      const SlStem *stem = self->stems->pdata[i];
      g_autofree char *resolved = NULL;
      g_autofree char *path = NULL;
      SlProbeReport report = { 0 };

      if (stem->kind != SL_STEM_FILE)
        continue;
      resolved = sl_project_resolve (self->project, stem->file);
      path = g_canonicalize_filename (resolved, NULL);
      if (!sl_cli_probe (cli, path, NULL, &report, error))
        return FALSE;
      sl_intake_remember (self->seen, stem->file, &report);
    }
  return TRUE;
}

/* --- what was found --- */

/* What step 3 will say of the file, as far as one probe can tell. */
static SlRecord *
foresee (SlProject *project, const SlStem *stem, const SlProbeReport *report)
{
  SlImport *import = sl_import_new_stem (project, stem);
  SlRecord *record = sl_record_new ("");

  sl_check_import (record, import, report);
  sl_import_free (import);
  return record;
}

/* Frames of the stem at the song's rate. */
static gint64
length_in_song (const SlSettings *settings, const SlProbeReport *report)
{
  int rate_hz = report->readback.info.rate_hz;

  return rate_hz != settings->rate_hz && report->readback.frames > 0
             ? sl_resampled_length (report->readback.frames, rate_hz, settings->rate_hz)
             : report->readback.frames;
}

static void
say_checks (SlCli *cli, const SlRecord *record, int rate_hz)
{
  for (guint i = 0; i < record->checks->len; i++)
    {
      const SlCheck *check = record->checks->pdata[i];

      if (check->level >= SL_LEVEL_WARN)
        sl_cli_say_check (cli, check, rate_hz);
    }
}

static char *
format_apart (gint64 apart, int rate_hz)
{
  g_autofree char *frames = sl_format_signed_frames (apart);
  g_autofree char *ms = sl_cli_format_number ("%+.1f", sl_ms_from_frames (apart, rate_hz));

  return g_strdup_printf (_ ("; %s frames (%s ms) against the target"), frames, ms);
}

static void
say_file (SlCli *cli,
          SlProject *project,
          const SlStem *stem,
          const SlProbeReport *report,
          const SlRecord *foreseen)
{
  const SlSettings *settings = sl_project_get_settings (project);
  const SlFileInfo *info = &report->readback.info;
  gint64 target = sl_intake_known_target (project);
  g_autofree char *frames = sl_format_frames (report->readback.frames);
  g_autofree char *time = sl_format_time (report->readback.frames, info->rate_hz);
  g_autofree char *channels = sl_cli_format_channels (info->channels);
  g_autofree char *apart
      = target > 0 ? format_apart (length_in_song (settings, report) - target, settings->rate_hz)
                   : g_strdup ("");

  sl_cli_say (cli, _ ("%s (%s): %s (%s frames), %d Hz, %s, %s%s"), stem->name, stem->role, time,
              frames, info->rate_hz, channels, info->encoding, apart);
  say_checks (cli, foreseen, info->rate_hz);
}

static void
add_file_members (JsonObject *object,
                  SlProject *project,
                  const SlStem *stem,
                  const SlProbeReport *report,
                  const SlRecord *foreseen)
{
  gint64 target = sl_intake_known_target (project);
  gint64 length = length_in_song (sl_project_get_settings (project), report);
  JsonArray *checks = json_array_new ();

  for (guint i = 0; i < foreseen->checks->len; i++)
    json_array_add_element (checks, sl_check_to_json (foreseen->checks->pdata[i]));
  json_object_set_string_member (object, "file", stem->file);
  json_object_set_int_member (object, "frames", report->readback.frames);
  json_object_set_int_member (object, "rate", report->readback.info.rate_hz);
  json_object_set_int_member (object, "channels", report->readback.info.channels);
  json_object_set_string_member (object, "subtype", report->readback.info.encoding);
  sl_json_set_number (object, "difference_frames", target > 0 ? (double) (length - target) : NAN);
  json_object_set_array_member (object, "checks", checks);
}

/* Says what is known of @stem, and gives it as JSON. */
static JsonNode *
tell_stem (SlCli *cli, SlProject *project, const SlStem *stem)
{
  const SlFileEntry *entry = stem->kind == SL_STEM_FILE
                                 ? sl_file_table_get (sl_project_get_files (project), stem->file)
                                 : NULL;
  JsonObject *object = json_object_new ();
  SlProbeReport report = { 0 };

  json_object_set_string_member (object, "name", stem->name);
  json_object_set_string_member (object, "kind", stem->kind == SL_STEM_FILE ? "file" : "tone");
  json_object_set_string_member (object, "role", stem->role);
  if (entry != NULL && sl_probe_report_parse (entry->probe, &report, NULL))
    {
      g_autoptr (SlRecord) foreseen = foresee (project, stem, &report);

      say_file (cli, project, stem, &report, foreseen);
      add_file_members (object, project, stem, &report, foreseen);
    }
  else
    {
      g_autofree char *hz = sl_cli_format_number ("%.10g", stem->tone_hz);
      g_autofree char *amplitude = sl_cli_format_number ("%.10g", stem->amplitude);

      sl_cli_say (cli, _ ("%s (%s): a tone of %s Hz, amplitude %s"), stem->name, stem->role, hz,
                  amplitude);
    }
  return sl_json_take_object (object);
}

gboolean
sl_cli_adding_finish (SlCli *cli, SlCliAdding *self, GError **error)
{
  JsonObject *answer;
  JsonArray *added;

  if (!sl_cli_save (self->project, g_steal_pointer (&self->settings), self->seen, error))
    return FALSE;
  answer = sl_cli_new_answer (self->project);
  added = json_array_new ();
  for (guint i = 0; i < self->stems->len; i++)
    json_array_add_element (added, tell_stem (cli, self->project, self->stems->pdata[i]));
  json_object_set_array_member (answer, "added", added);
  sl_cli_answer (cli, sl_json_take_object (answer));
  return TRUE;
}
