/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run that is killed at any write, flush or rename leaves a project that opens, whole files, and
 * nothing that another run does not put right. */
#include "small_song.h"
#include "snapshot.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

/* Argument that makes this program run a project and die: folder, and the call to die at. */
#define DIE "--run-and-die"

/* Places tried, spread over the whole run. */
#define PLACES 16

static int calls; /* atomic */
static int die_at = -1;

static int
count_and_die (const char *call, const char *path, gpointer data)
{
  if (g_atomic_int_add (&calls, 1) == die_at)
    raise (SIGKILL);
  return 0;
}

/* In a process of its own. */
static int
run_and_die (const char *folder, const char *at)
{
  Fixture fixture = { 0 };

  alarm (WATCHDOG_S);
  die_at = atoi (at);
  fixture_open (&fixture, folder);
  sl_file_set_fault_hook (count_and_die, NULL);
  fixture_run (&fixture, SL_STEP_DELIVER);
  return 0;
}

static void
assert_killed (const char *folder, int at)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *at_text = g_strdup_printf ("%d", at);
  const char *argv[] = { self, DIE, folder, at_text, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
}

static char *
snapshot_sources (Fixture *fixture)
{
  g_autofree char *folder = g_build_filename (fixture->root, "sources", NULL);

  return snapshot_folder (folder);
}

/* Files under final names are whole: each decodes to its end, or is the archive, which the run
 * that follows compares. */
static void
assert_whole (Fixture *fixture)
{
  static const char *const folders[] = { "stems", "aligned", "processed", "master" };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = fixture_path (fixture, folders[i]);
      g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
      const char *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *path = g_build_filename (folder, name, NULL);
          g_autoptr (GError) error = NULL;
          SlReadback found;

          if (sl_part_is_part_name (name))
            continue;
          sl_readback_run (path, NULL, 0, &found, NULL, &error);
          g_assert_no_error (error);
          g_assert_cmpint (found.frames, ==, found.info.declared_frames);
        }
    }
}

static void
test_killed (void)
{
  g_auto (Fixture) unbroken = { 0 };
  g_autofree char *expected = NULL;
  int total;

  small_song_init (&unbroken);
  sl_file_set_fault_hook (count_and_die, NULL);
  fixture_run (&unbroken, SL_STEP_DELIVER);
  sl_file_set_fault_hook (NULL, NULL);
  total = g_atomic_int_get (&calls);
  expected = snapshot_files (&unbroken);
  g_assert_cmpint (total, >, 100);

  for (int i = 0; i < PLACES; i++)
    {
      g_auto (Fixture) fixture = { 0 };
      g_autofree char *folder = NULL;
      g_autofree char *sources = NULL;
      g_autofree char *sources_after = NULL;
      g_autofree char *files = NULL;

      small_song_init (&fixture);
      folder = g_strdup (sl_project_get_folder (fixture.project));
      sources = snapshot_sources (&fixture);
      fixture_detach (&fixture);
      assert_killed (folder, total * (2 * i + 1) / (2 * PLACES));

      fixture_open (&fixture, folder);
      assert_whole (&fixture);
      sl_project_sweep (fixture.project);
      fixture_run (&fixture, SL_STEP_DELIVER);
      fixture_assert_green (&fixture);
      files = snapshot_files (&fixture);
      g_assert_cmpstr (files, ==, expected);
      sources_after = snapshot_sources (&fixture);
      g_assert_cmpstr (sources_after, ==, sources);
    }
}

int
main (int argc, char **argv)
{
  if (argc == 4 && strcmp (argv[1], DIE) == 0)
    return run_and_die (argv[2], argv[3]);

  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);

  g_test_add_func ("/killed/anywhere", test_killed);

  return g_test_run ();
}
