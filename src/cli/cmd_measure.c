/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seamline-cli measure */
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/probing.h"
#include "engine/base/error.h"
#include "engine/base/units.h"
#include "engine/measure/true_peak.h"
#include "workflow/check.h"
#include "workflow/json.h"
#include "workflow/steps/import_checks.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

typedef struct
{
  const char *path;
  char *name;        ///< of the file, for people
  gboolean is_there; ///< it opens and decodes
  SlProbeReport report;
  double true_peak_db; ///< NAN: not measurable
  char *reason;        ///< why something is not known, or NULL
} Measured;

static void
measured_clear (Measured *self)
{
  g_free (self->name);
  g_free (self->reason);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Measured, measured_clear)

/* In this process, now that the helper has vouched for the file. */
static gboolean
measure_true_peak (SlCli *cli, Measured *measured, GError **error)
{
  g_autoptr (SlTruePeakMeter) meter = sl_true_peak_meter_new ();
  SlTap tap = sl_true_peak_meter_tap (meter);
  g_autofree char *doing = g_strdup_printf (_ ("Measuring “%s”"), measured->name);
  SlProgress progress = sl_cli_progress (cli, doing);
  SlReadback readback;

  if (!sl_readback_run (measured->path, &tap, 1, &readback, &progress, error))
    return FALSE;
  measured->true_peak_db = sl_db_from_gain (sl_true_peak_meter_result (meter));
  if (isfinite (measured->true_peak_db))
    return TRUE;
  measured->true_peak_db = NAN;
  measured->reason = g_strdup (_ ("There is no true peak of silence."));
  return TRUE;
}

/* FALSE when the work was stopped; a file that cannot be read is a finding. */
static gboolean
measure (SlCli *cli, Measured *measured, GError **error)
{
  g_autoptr (GError) local = NULL;

  measured->is_there = sl_cli_probe (cli, measured->path, NULL, &measured->report, &local);
  if (measured->is_there && measured->report.levels.nonfinite_samples > 0)
    measured->reason = g_strdup (_ ("There is no true peak of samples that are no numbers."));
  else if (measured->is_there)
    measured->is_there = measure_true_peak (cli, measured, &local);
  if (local == NULL)
    return TRUE;
  if (g_cancellable_is_cancelled (cli->cancellable))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  measured->reason = sl_cli_one_line (local->message);
  return TRUE;
}

static void
set_nulls (JsonObject *object)
{
  static const char *const names[] = { "frames",         "rate", "channels",   "subtype", "peak",
                                       "true_peak_dbtp", "rms",  "clip_ratio", "dc" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    json_object_set_null_member (object, names[i]);
}

static void
set_numbers (JsonObject *object, const Measured *measured)
{
  const SlReadback *readback = &measured->report.readback;
  const SlLevels *levels = &measured->report.levels;

  json_object_set_int_member (object, "frames", readback->frames);
  json_object_set_int_member (object, "rate", readback->info.rate_hz);
  json_object_set_int_member (object, "channels", readback->info.channels);
  json_object_set_string_member (object, "subtype", readback->info.encoding);
  sl_json_set_number (object, "peak", levels->peak);
  sl_json_set_number (object, "true_peak_dbtp", measured->true_peak_db);
  sl_json_set_number (object, "rms", levels->rms);
  sl_json_set_number (object, "clip_ratio", sl_levels_clip_ratio (levels));
  sl_json_set_number (object, "dc", levels->dc);
}

static JsonNode *
to_json (const Measured *measured)
{
  JsonObject *object = json_object_new ();
  g_autofree char *path = g_filename_display_name (measured->path);

  json_object_set_string_member (object, "path", path);
  if (measured->is_there)
    set_numbers (object, measured);
  else
    set_nulls (object);
  if (measured->reason != NULL)
    json_object_set_string_member (object, "reason", measured->reason);
  return sl_json_take_object (object);
}

static void
say_levels (SlCli *cli, const Measured *measured)
{
  const SlLevels *levels = &measured->report.levels;
  g_autofree char *peak = sl_cli_format_db (levels->peak);
  g_autofree char *true_peak = isnan (measured->true_peak_db)
                                   ? g_strdup ("–")
                                   : sl_cli_format_number ("%+.2f", measured->true_peak_db);
  g_autofree char *rms = sl_cli_format_db (levels->rms);
  g_autofree char *clipping = sl_cli_format_number ("%.4f", sl_levels_clip_ratio (levels) * 100.0);
  g_autofree char *dc = sl_cli_format_number ("%+.6f", levels->dc);

  sl_cli_say (cli, _ ("    peak %s dBFS, true peak %s dBTP, RMS %s dBFS, clipping %s %%, DC %s"),
              peak, true_peak, rms, clipping, dc);
}

static void
say (SlCli *cli, const Measured *measured)
{
  const SlReadback *readback = &measured->report.readback;
  g_autofree char *path = g_filename_display_name (measured->path);
  g_autofree char *frames = sl_format_frames (readback->frames);
  g_autofree char *channels = sl_cli_format_channels (readback->info.channels);
  g_autofree char *time = NULL;

  if (!measured->is_there)
    {
      sl_cli_complain (cli, "%s", measured->reason);
      return;
    }
  time = sl_format_time (readback->frames, readback->info.rate_hz);
  sl_cli_say (cli, _ ("%s\n    %s (%s frames), %d Hz, %s, %s %s"), path, time, frames,
              readback->info.rate_hz, channels, readback->info.container, readback->info.encoding);
  say_levels (cli, measured);
  if (measured->reason != NULL)
    sl_cli_say (cli, "    %s", measured->reason);
}

/* Whether a check speaks of damage; how loud a file is, measuring leaves to the reader, unless
 * there is nothing to measure. */
static gboolean
is_damage (const SlCheck *check, const SlReadback *readback)
{
  return check->level == SL_LEVEL_FAIL
         && (readback->frames == 0 || strcmp (check->id, "silence") != 0);
}

/* Says what is broken in the file; whether anything is. */
static gboolean
say_damage (SlCli *cli, const Measured *measured)
{
  const SlFileInfo *info = &measured->report.readback.info;
  SlImport import = { .path = (char *) measured->path,
                      .subject = measured->name,
                      .rate_hz = info->rate_hz,
                      .quiet_db = -INFINITY };
  g_autoptr (SlRecord) record = sl_record_new ("");
  gboolean damaged = FALSE;

  if (!measured->is_there)
    return FALSE;
  sl_check_import (record, &import, &measured->report);
  for (guint i = 0; i < record->checks->len; i++)
    if (is_damage (record->checks->pdata[i], &measured->report.readback))
      {
        sl_cli_say_check (cli, record->checks->pdata[i], info->rate_hz);
        damaged = TRUE;
      }
  return damaged;
}

static int
run (SlCli *cli, GError **error)
{
  JsonNode *root = json_node_new (JSON_NODE_ARRAY);
  JsonArray *list = json_array_new ();
  int code = SL_CLI_GREEN;

  json_node_take_array (root, list);
  for (guint i = 0; i < cli->words->len; i++)
    {
      const char *path = sl_cli_word (cli, i);
      g_auto (Measured) measured
          = { .path = path, .name = g_filename_display_basename (path), .true_peak_db = NAN };

      if (!measure (cli, &measured, error))
        {
          json_node_unref (root);
          return SL_CLI_FAILED;
        }
      if (!measured.is_there)
        code = SL_CLI_FAILED;
      say (cli, &measured);
      if (say_damage (cli, &measured) && code == SL_CLI_GREEN)
        code = SL_CLI_RED;
      json_array_add_element (list, to_json (&measured));
    }
  sl_cli_answer (cli, root);
  return code;
}

const SlCliCommand sl_cli_command_measure = {
  .name = "measure",
  .words = "FILE …",
  .summary = N_ ("Measure audio files"),
  .min_words = 1,
  .max_words = G_MAXUINT,
  .run = run,
};
