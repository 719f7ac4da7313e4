/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client against helpers that misbehave: each is a script of a line or two. */
#include "workflow/probe_client.h"

#include "engine/base/error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Nothing here may hang: the whole program is killed after this. */
#define WATCHDOG_S 100

/* What this program is told when it is the helper. */
#define HELD_UP "--held-up"

typedef struct
{
  char *folder;
  char *script;
  char *flac;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("seamline-XXXXXX", NULL);
  fixture->script = g_build_filename (fixture->folder, "helper", NULL);
  fixture->flac = g_build_filename (fixture->folder, "copy.flac", NULL);
  g_setenv ("SEAMLINE_PROBE", fixture->script, TRUE);
}

static void
remove_inside (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_inside (fixture->folder);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->script);
  g_free (fixture->flac);
}

static void
write_helper (Fixture *fixture, const char *commands)
{
  g_autofree char *text = g_strconcat ("#!/bin/sh\n", commands, "\n", NULL);

  g_assert_true (g_file_set_contents (fixture->script, text, -1, NULL));
  g_assert_cmpint (g_chmod (fixture->script, 0755), ==, 0);
}

static void
assert_no_child (void)
{
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
}

/* Runs the client on a helper made of @commands; the error must be @code. Its message. */
static char *
assert_error (Fixture *fixture, const char *commands, SlError code)
{
  g_autoptr (GError) error = NULL;
  SlProbeReport report;

  write_helper (fixture, commands);
  g_assert_false (sl_probe_run ("odd name.wav", fixture->flac, NULL, &report, NULL, &error));
  g_assert_error (error, SL_ERROR, (int) code);
  assert_no_child ();
  return g_strdup (error->message);
}

static void
assert_names_file (const char *message)
{
  g_assert_nonnull (strstr (message, "odd name.wav"));
}

static void
test_hangs_at_once (Fixture *fixture, gconstpointer data)
{
  g_autofree char *message = assert_error (fixture, "exec sleep 600", SL_ERROR_HUNG);

  assert_names_file (message);
}

/* Half a line is silence as well. */
static void
test_hangs_midway (Fixture *fixture, gconstpointer data)
{
  g_autofree char *message
      = assert_error (fixture, "echo progress 0.1; printf 'progress 0'; exec sleep 600",
                      SL_ERROR_HUNG);

  assert_names_file (message);
}

/* Lines less than 3 s apart keep it alive, however long it takes in all. */
static void
test_slow_is_not_hung (Fixture *fixture, gconstpointer data)
{
  g_autofree char *message
      = assert_error (fixture, "for i in 1 2; do sleep 1.8; echo progress 0.$i; done; echo x",
                      SL_ERROR_DECODE);

  assert_names_file (message);
}

/* Once only writing is left, a slow disk is waited for. */
static void
test_storing_is_not_hung (Fixture *fixture, gconstpointer data)
{
  g_autofree char *message
      = assert_error (fixture, "echo storing; sleep 3.4; echo x", SL_ERROR_DECODE);

  assert_names_file (message);
}

/* The kernel holds up the parent of vfork() as it holds up who reads from a slow disk. */
static int
be_held_up (void)
{
  pid_t child = vfork ();

  if (child == 0)
    {
      poll (NULL, 0, 4000);
      _exit (0);
    }
  waitpid (child, NULL, 0);
  return 0;
}

/* A disk that is busy with something else says nothing about the file. */
static void
test_slow_disk_is_not_hung (Fixture *fixture, gconstpointer data)
{
#ifdef __SANITIZE_THREAD__
  g_test_skip ("ThreadSanitizer makes vfork() a fork(), which holds up nobody");
#else
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *commands = g_strdup_printf ("echo progress 0.1; exec '%s' " HELD_UP, self);
  g_autofree char *message = assert_error (fixture, commands, SL_ERROR_DECODE);

  assert_names_file (message);
#endif
}

/* A decoder that goes round in circles uses the processor for nothing. */
static void
test_spins (Fixture *fixture, gconstpointer data)
{
  g_autofree char *message = assert_error (fixture, "while :; do :; done", SL_ERROR_HUNG);

  assert_names_file (message);
}

static void
test_crashes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *message
      = assert_error (fixture, "echo progress 0.5; kill -SEGV $$", SL_ERROR_DECODE);

  assert_names_file (message);
  g_assert_nonnull (strstr (message, "crashed"));
}

static void
test_uses_up_time (Fixture *fixture, gconstpointer data)
{
  g_autofree char *message = assert_error (fixture, "kill -XCPU $$", SL_ERROR_HUNG);

  assert_names_file (message);
}

static void
test_nonsense (Fixture *fixture, gconstpointer data)
{
  static const char *const helpers[] = {
    "exit 0",
    "echo done",
    "echo hello; exit 1",
    "exec head -c 1000000 /dev/zero",
    "exec yes",
    "head -c 100000 /dev/urandom",
    "echo error",
    "echo 'error '",
    "echo 'error 3'",
    "echo 'error 0 Stopped.'",
    "echo 'error 99 Odd.'",
    "echo 'error 3 %zz'",
    "printf 'error 3 \\377\\n'",
    "exec >&-; exec sleep 1",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (helpers); i++)
    {
      g_autofree char *message = assert_error (fixture, helpers[i], SL_ERROR_DECODE);

      assert_names_file (message);
      g_assert_nonnull (strstr (message, "makes no sense"));
    }
}

static void
test_told_error (Fixture *fixture, gconstpointer data)
{
  g_autofree char *message
      = assert_error (fixture, "echo progress 0.1; echo 'error 2 Gone%0aand \xc3\xbc%25'; exit 1",
                      SL_ERROR_OPEN);

  g_assert_cmpstr (message, ==, "Gone\nand ü%");
}

/* The helper must not eat the standard input of a script, nor wait for it: here a pipe into which
 * nobody writes. */
static void
test_empty_input (Fixture *fixture, gconstpointer data)
{
  g_autofree char *message = NULL;
  int saved = dup (STDIN_FILENO);
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  g_assert_cmpint (dup2 (ends[0], STDIN_FILENO), ==, STDIN_FILENO);
  message = assert_error (fixture, "read x; echo 'error 4 ended'", SL_ERROR_CHANGED);
  g_assert_cmpstr (message, ==, "ended");

  dup2 (saved, STDIN_FILENO);
  close (saved);
  close (ends[0]);
  close (ends[1]);
}

static void
test_missing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  SlProbeReport report;

  g_assert_false (sl_probe_run ("x.wav", NULL, NULL, &report, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_HELPER);
  g_assert_nonnull (strstr (error->message, fixture->script));
  assert_no_child ();
}

typedef struct
{
  int calls;
  double last;
} Asked;

static gboolean
go_on_nine_times (double fraction, gpointer data)
{
  Asked *asked = data;

  asked->last = fraction;
  return ++asked->calls < 10;
}

/* Asked also while the helper is silent. */
static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Asked asked = { 0 };
  SlProgress progress = { go_on_nine_times, &asked };
  SlProbeReport report;

  write_helper (fixture, "echo progress 0.250; exec sleep 600");
  g_assert_false (sl_probe_run ("x.wav", NULL, NULL, &report, &progress, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_CANCELLED);
  g_assert_cmpint (asked.calls, ==, 10);
  g_assert_cmpfloat_with_epsilon (asked.last, 0.25, 1e-6);
  assert_no_child ();
}

static gboolean
exists_in (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* Its own part files go; those of others, and what only looks like one, stay. */
static void
test_sweeps (Fixture *fixture, gconstpointer data)
{
  g_autofree char *message = assert_error (fixture,
                                           "cd \"$(dirname \"$0\")\"\n"
                                           "touch .copy.flac.0a1b2c.part .other.flac.0a1b2c.part\n"
                                           "touch .copy.flac.part copy.flac\n"
                                           "kill -KILL $$",
                                           SL_ERROR_DECODE);

  g_assert_nonnull (strstr (message, "crashed"));
  g_assert_false (exists_in (fixture->folder, ".copy.flac.0a1b2c.part"));
  g_assert_true (exists_in (fixture->folder, ".other.flac.0a1b2c.part"));
  g_assert_true (exists_in (fixture->folder, ".copy.flac.part"));
  g_assert_true (exists_in (fixture->folder, "copy.flac"));
}

#define ADD(name, function)                                                                        \
  g_test_add ("/probe-client/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  if (argc == 2 && strcmp (argv[1], HELD_UP) == 0)
    return be_held_up ();

  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);

  ADD ("hangs-at-once", test_hangs_at_once);
  ADD ("hangs-midway", test_hangs_midway);
  ADD ("slow-is-not-hung", test_slow_is_not_hung);
  ADD ("storing-is-not-hung", test_storing_is_not_hung);
  ADD ("slow-disk-is-not-hung", test_slow_disk_is_not_hung);
  ADD ("spins", test_spins);
  ADD ("crashes", test_crashes);
  ADD ("uses-up-time", test_uses_up_time);
  ADD ("nonsense", test_nonsense);
  ADD ("told-error", test_told_error);
  ADD ("empty-input", test_empty_input);
  ADD ("missing", test_missing);
  ADD ("cancelled", test_cancelled);
  ADD ("sweeps", test_sweeps);

  return g_test_run ();
}
