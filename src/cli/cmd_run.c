/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seamline-cli run */
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/report.h"
#include "cli/session.h"
#include "cli/values.h"

#include <glib/gi18n.h>

#define MAX_JOBS 64
#define DRAW_MS 100

static const SlCliOption run_options[]
    = { { "through", "STEP", N_ ("Stop after this step") },
        { "jobs", "N", N_ ("Stems at once (as many as there are processors, at most 4)") },
        { NULL } };

typedef struct
{
  SlCli *cli;
  SlProject *project;
  SlPipeline *pipeline;
  SlStepId through;
  int n_said;      ///< steps that have had their line
  int ended;       ///< a step that has ended and has not had its line, or -1
  double fraction; ///< of the running step, as last drawn
  GAsyncResult *result;
} Run;

/* Steps before @end that were green already. */
static void
say_unchanged (Run *run, int end)
{
  for (; run->n_said < end; run->n_said++)
    sl_cli_report_say_step (run->cli, run->project, (SlStepId) run->n_said, _ ("unchanged"));
}

/* The line of the step that ended last, which @project knows of. */
static void
say_ended (Run *run, SlProject *project)
{
  SlStepId step = (SlStepId) run->ended;
  SlState state = run->ended >= 0 ? sl_badge_step (project, step) : SL_STATE_LOCKED;

  run->ended = -1;
  if (state != SL_STATE_PASSED && state != SL_STATE_FAILED)
    return;
  sl_cli_report_say_step (run->cli, project, step, NULL);
  if (state == SL_STATE_FAILED)
    sl_cli_report_say_checks (run->cli, project, step, SL_LEVEL_FAIL);
  run->n_said = (int) step + 1;
}

static void
step_started (SlPipeline *pipeline, int step, gpointer data)
{
  Run *run = data;

  say_ended (run, run->project);
  say_unchanged (run, step);
  run->fraction = 0.0;
}

/* Its line waits until it is known that the project was saved with it. */
static void
step_ended (SlPipeline *pipeline, int step, gpointer data)
{
  ((Run *) data)->ended = step;
}

static gboolean
draw (gpointer data)
{
  Run *run = data;
  SlStepId step;

  if (!sl_pipeline_get_running (run->pipeline, &step))
    return G_SOURCE_CONTINUE;
  /* Work that passes over its audio again does not go back for who waits. */
  run->fraction = MAX (run->fraction, sl_pipeline_get_fraction (run->pipeline));
  sl_cli_draw_progress (run->cli, sl_step_id_title (step), run->fraction);
  return G_SOURCE_CONTINUE;
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  ((Run *) data)->result = g_object_ref (result);
}

static gboolean
run_pipeline (Run *run, GError **error)
{
  guint timer = g_timeout_add (DRAW_MS, draw, run);
  gboolean ok;

  g_signal_connect (run->pipeline, "step-started", G_CALLBACK (step_started), run);
  g_signal_connect (run->pipeline, "step-ended", G_CALLBACK (step_ended), run);
  sl_pipeline_run_async (run->pipeline, run->through, run->cli->cancellable, keep_result, run);
  while (run->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
  ok = sl_pipeline_finish (run->pipeline, run->result, error);
  g_object_unref (run->result);
  return ok;
}

static gboolean
is_green (const Run *run)
{
  for (int i = 0; i <= (int) run->through; i++)
    if (sl_badge_step (run->project, (SlStepId) i) != SL_STATE_PASSED)
      return FALSE;
  return TRUE;
}

static gboolean
read_options (Run *run, GError **error)
{
  const char *through = sl_cli_get (run->cli, "through");
  const char *jobs = sl_cli_get (run->cli, "jobs");
  gint64 n_jobs = 0;

  run->through = SL_STEP_DELIVER;
  if ((through != NULL && !sl_step_id_parse (through, &run->through, error))
      || (jobs != NULL && !sl_cli_parse_int (jobs, 1, MAX_JOBS, &n_jobs, error)))
    return FALSE;
  sl_pipeline_set_jobs (run->pipeline, (guint) n_jobs);
  return TRUE;
}

/* As the next who opens the project finds it: what could not be saved is not there. */
static int
report_failure (Run *run)
{
  g_autoptr (SlProject) saved = sl_cli_look_at (run->cli, NULL);

  if (saved != NULL)
    say_ended (run, saved);
  sl_cli_answer (run->cli, sl_cli_report_to_json (saved != NULL ? saved : run->project));
  return SL_CLI_FAILED;
}

static int
carry_out (Run *run, GError **error)
{
  sl_cli_report_say_title (run->cli, run->project);
  if (!run_pipeline (run, error))
    return report_failure (run);
  say_ended (run, run->project);
  if (is_green (run))
    say_unchanged (run, run->through + 1);
  sl_cli_report_say_archive (run->cli, run->project);
  sl_cli_answer (run->cli, sl_cli_report_to_json (run->project));
  return is_green (run) ? SL_CLI_GREEN : SL_CLI_RED;
}

static int
run (SlCli *cli, GError **error)
{
  g_autoptr (SlProject) project = sl_cli_open (cli, error);
  g_autoptr (SlPipeline) pipeline = NULL;
  Run run = { .cli = cli, .project = project, .ended = -1 };

  if (project == NULL)
    return SL_CLI_FAILED;
  sl_project_sweep (project);
  pipeline = run.pipeline = sl_pipeline_new (project);
  return read_options (&run, error) ? carry_out (&run, error) : SL_CLI_FAILED;
}

static const SlCliOption *const tables[] = { run_options, NULL };

const SlCliCommand sl_cli_command_run = {
  .name = "run",
  .words = "DIR",
  .summary = N_ ("Run the steps that are not green, in order, up to the first red one"),
  .tables = tables,
  .min_words = 1,
  .max_words = 1,
  .run = run,
};
