/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/report.h"

#include "cli/output.h"
#include "cli/session.h"
#include "workflow/intake.h"
#include "workflow/json.h"

#include <glib/gi18n.h>

SlState
sl_cli_report_state (SlProject *project)
{
  SlState states[SL_N_STEPS];
  guint passed = 0;

  sl_badge_all (project, states);
  for (int i = 0; i < SL_N_STEPS; i++)
    {
      if (states[i] == SL_STATE_FAILED)
        return SL_STATE_FAILED;
      passed += states[i] == SL_STATE_PASSED;
    }
  return passed == SL_N_STEPS ? SL_STATE_PASSED : SL_STATE_READY;
}

static const char *
whole_state_name (SlProject *project)
{
  SlState state = sl_cli_report_state (project);

  return state == SL_STATE_READY ? "incomplete" : sl_state_name (state);
}

static JsonNode *
step_to_json (SlProject *project, SlStepId step, SlState state)
{
  JsonObject *object = json_object_new ();
  JsonArray *list = json_array_new ();
  g_autoptr (GPtrArray) checks = sl_badge_checks (project, step);

  for (guint i = 0; i < checks->len; i++)
    json_array_add_element (list, sl_check_to_json (checks->pdata[i]));
  json_object_set_string_member (object, "id", sl_step_id_name (step));
  json_object_set_string_member (object, "state", sl_state_name (state));
  json_object_set_array_member (object, "checks", list);
  return sl_json_take_object (object);
}

JsonNode *
sl_cli_report_to_json (SlProject *project)
{
  JsonObject *object = sl_cli_new_answer (project);
  JsonArray *steps = json_array_new ();
  gint64 target = sl_intake_known_target (project);
  SlState states[SL_N_STEPS];

  sl_badge_all (project, states);
  for (int i = 0; i < SL_N_STEPS; i++)
    json_array_add_element (steps, step_to_json (project, (SlStepId) i, states[i]));
  if (target > 0)
    json_object_set_int_member (object, "target_frames", target);
  else
    json_object_set_null_member (object, "target_frames");
  json_object_set_string_member (object, "state", whole_state_name (project));
  json_object_set_array_member (object, "steps", steps);
  return sl_json_take_object (object);
}

void
sl_cli_report_say_title (SlCli *cli, SlProject *project)
{
  const SlSettings *settings = sl_project_get_settings (project);
  gint64 target = sl_intake_known_target (project);
  g_autofree char *bpm = sl_bpm_format (settings->bpm);
  g_autofree char *frames = sl_format_frames (target);
  g_autofree char *time = sl_format_time (target, settings->rate_hz);

  if (target > 0)
    sl_cli_say (cli, _ ("%s: %s (%s frames), %d Hz, %s, %s BPM"), settings->title, time, frames,
                settings->rate_hz, sl_subtype_name (settings->subtype), bpm);
  else
    sl_cli_say (cli, _ ("%s: %d Hz, %s, %s BPM"), settings->title, settings->rate_hz,
                sl_subtype_name (settings->subtype), bpm);
}

static SlState
state_of (SlProject *project, SlStepId step)
{
  SlState states[SL_N_STEPS];

  sl_badge_all (project, states);
  return states[step];
}

/* What was found of something else than what is there now would only mislead. */
static gboolean
is_current (SlState state)
{
  return state == SL_STATE_PASSED || state == SL_STATE_FAILED;
}

void
sl_cli_report_say_step (SlCli *cli, SlProject *project, SlStepId step, const char *remark)
{
  SlState state = state_of (project, step);
  g_autofree char *badge = sl_cli_badge (cli, state);
  guint warnings = is_current (state) ? sl_badge_warnings (project, step) : 0;
  GString *line = g_string_new (NULL);

  g_string_append_printf (line, "%s  %d %s", badge, (int) step + 1, sl_step_id_title (step));
  if (warnings > 0)
    g_string_append_printf (line, ngettext (", %u warning", ", %u warnings", warnings), warnings);
  if (remark != NULL)
    g_string_append_printf (line, " (%s)", remark);
  sl_cli_say (cli, "%s", line->str);
  g_string_free (line, TRUE);
}

void
sl_cli_report_say_checks (SlCli *cli, SlProject *project, SlStepId step, SlLevel least)
{
  g_autoptr (GPtrArray) checks = sl_badge_checks (project, step);
  int rate_hz = sl_project_get_settings (project)->rate_hz;

  if (!is_current (state_of (project, step)))
    return;
  for (guint i = 0; i < checks->len; i++)
    {
      const SlCheck *check = checks->pdata[i];

      if (check->level >= least)
        sl_cli_say_check (cli, check, rate_hz);
    }
}

void
sl_cli_report_say_archive (SlCli *cli, SlProject *project)
{
  SlRecord *record = sl_project_get_record (project, SL_STEP_DELIVER, "");
  const char *stored = record != NULL ? sl_json_get_string (record->values, "archive") : NULL;
  g_autofree char *path = stored != NULL ? sl_project_resolve (project, stored) : NULL;
  g_autofree char *shown = path != NULL ? g_filename_display_name (path) : NULL;

  if (shown != NULL && sl_cli_report_state (project) == SL_STATE_PASSED)
    sl_cli_say (cli, _ ("All eight steps are green. Archive: %s"), shown);
}
