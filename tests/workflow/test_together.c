/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Things that go on at the same time in a window. */
#include "workflow/fixture.h"

static void
refresh_done (GObject *source, GAsyncResult *result, gpointer data)
{
  sl_pipeline_finish (SL_PIPELINE (source), result, NULL);
  *(gboolean *) data = TRUE;
}

static void
remember (Fixture *fixture, const char *stored, const char *digest)
{
  g_autoptr (SlFileTable) seen = sl_file_table_new ();
  SlStat stat = { 0 };

  sl_file_table_set (seen, stored, &stat, digest, NULL);
  sl_project_merge_files (fixture->project, seen);
}

/* A look that began before a step ended must not take back what the step has told since. */
static void
test_late_look_keeps_news (void)
{
  static const char digest[] = "0123456789abcdef0123456789abcdef";
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = sl_settings_new ("Song");
  gboolean done = FALSE;

  settings->reference = g_strdup ("missing.wav");
  fixture_init (&fixture, settings);
  sl_pipeline_refresh_async (fixture.pipeline, FALSE, NULL, refresh_done, &done);
  remember (&fixture, "missing.wav", digest);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (sl_file_table_digest (sl_project_get_files (fixture.project), "missing.wav"), ==,
                   digest);

  /* The next one finds that there is no such file. */
  fixture_refresh (&fixture);
  g_assert_null (sl_file_table_digest (sl_project_get_files (fixture.project), "missing.wav"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);
  g_test_add_func ("/together/late-look-keeps-news", test_late_look_keeps_news);
  return g_test_run ();
}
