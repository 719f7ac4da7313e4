/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the steps of a project and prints how long each took: what speed.py compares with its peer.
 * Usage: bench-workflow PROJECT-FOLDER [JOBS] */
#include "engine/io/digest.h"
#include "workflow/pipeline.h"

#include <stdio.h>
#include <string.h>

/* How often the running step's progress is looked at. */
#define SAMPLING_MS 2

/* Deliver verifies the files up to this fraction of its progress; the rest is the archive. */
#define DELIVER_VERIFIED 0.5

typedef struct
{
  SlPipeline *pipeline;
  GMainLoop *loop;
  gint64 started_us;
  double seconds[SL_N_STEPS];
  double archive_seconds;
  gint64 verified_us;
  gboolean ok;
} Bench;

static void
step_started (SlPipeline *pipeline, int step, Bench *bench)
{
  if (bench->started_us == 0)
    bench->started_us = g_get_monotonic_time ();
}

/* A step's time runs from the end of the one before: looking at files and saving are its own. */
static void
step_ended (SlPipeline *pipeline, int step, Bench *bench)
{
  gint64 now = g_get_monotonic_time ();

  bench->seconds[step] = (double) (now - bench->started_us) / G_USEC_PER_SEC;
  if (step == SL_STEP_DELIVER && bench->verified_us > 0)
    bench->archive_seconds = (double) (now - bench->verified_us) / G_USEC_PER_SEC;
  bench->started_us = now;
}

static gboolean
sample (gpointer data)
{
  Bench *bench = data;
  SlStepId step;

  if (sl_pipeline_get_running (bench->pipeline, &step) && step == SL_STEP_DELIVER
      && bench->verified_us == 0 && sl_pipeline_get_fraction (bench->pipeline) > DELIVER_VERIFIED)
    bench->verified_us = g_get_monotonic_time ();
  return G_SOURCE_CONTINUE;
}

static void
run_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Bench *bench = data;
  g_autoptr (GError) error = NULL;

  bench->ok = sl_pipeline_finish (bench->pipeline, result, &error);
  if (error != NULL)
    fprintf (stderr, "%s\n", error->message);
  g_main_loop_quit (bench->loop);
}

/* Seconds of one digest over what the steps have written, but for the archive. It includes reading
 * the files, so that what is derived from it is the most that digests can cost. */
static double
time_digests (SlProject *project)
{
  g_auto (GStrv) paths = sl_project_list_paths (project);
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_autofree char *path = sl_project_resolve (project, paths[i]);
      SlDigest digest;

      if (!g_str_has_prefix (paths[i], SL_FOLDER_DELIVERABLES))
        sl_digest_file (path, &digest, NULL, NULL);
    }
  return (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
}

/* Peak resident memory of this process. Not ru_maxrss, which counts what ran before exec. */
static double
peak_mib (void)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0.0;
  line = strstr (status, "VmHWM:");
  return line != NULL ? g_ascii_strtod (line + strlen ("VmHWM:"), NULL) / 1024.0 : 0.0;
}

static void
print_table (Bench *bench, SlProject *project)
{
  double total = 0.0;

  for (int i = 0; i < SL_N_STEPS; i++)
    {
      printf ("%-12s %8.3f\n", sl_step_id_name ((SlStepId) i), bench->seconds[i]);
      total += bench->seconds[i];
    }
  printf ("%-12s %8.3f\n", "archive", bench->archive_seconds);
  printf ("%-12s %8.3f\n", "total", total);
  printf ("%-12s %8.3f\n", "one-digest", time_digests (project));
  printf ("%-12s %8.1f\n", "peak-mib", peak_mib ());
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlProject) project = argc > 1 ? sl_project_open (argv[1], &error) : NULL;
  Bench bench = { 0 };
  SlState states[SL_N_STEPS];

  if (project == NULL)
    {
      fprintf (stderr, "%s\n", error != NULL ? error->message : "usage: bench-workflow FOLDER");
      return 2;
    }
  bench.pipeline = sl_pipeline_new (project);
  bench.loop = g_main_loop_new (NULL, FALSE);
  sl_pipeline_set_jobs (bench.pipeline,
                        argc > 2 ? (guint) g_ascii_strtoull (argv[2], NULL, 10) : 0);
  g_signal_connect (bench.pipeline, "step-started", G_CALLBACK (step_started), &bench);
  g_signal_connect (bench.pipeline, "step-ended", G_CALLBACK (step_ended), &bench);
  g_timeout_add (SAMPLING_MS, sample, &bench);
  sl_pipeline_run_async (bench.pipeline, SL_STEP_DELIVER, NULL, run_done, &bench);
  g_main_loop_run (bench.loop);

  sl_badge_all (project, states);
  print_table (&bench, project);
  g_main_loop_unref (bench.loop);
  g_object_unref (bench.pipeline);
  return bench.ok && states[SL_STEP_DELIVER] == SL_STATE_PASSED ? 0 : 1;
}
