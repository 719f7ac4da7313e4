/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running the steps: green, red, stopped, and what is then exported. */
#include "runner.h"

#include <stdlib.h>
#include <sys/resource.h>

#define STEP_MEMBERS "id state checks"
#define CHECK_MEMBERS "id subject level kind measured limit unit where fix message"

/* A song of one second out of two tones; green in a moment. */
static void
make_song (const char *folder)
{
  expect (folder, 0, "init song --frames 48000 --sections A:2");
  expect (folder, 0, "add song Bass=tone Lead=tone:880:0.3");
}

static void
assert_members_everywhere (JsonNode *report)
{
  JsonArray *steps = member_array (report, "steps");

  assert_members (json_node_get_object (report), "project target_frames state steps");
  for (guint i = 0; i < json_array_get_length (steps); i++)
    {
      JsonNode *step = json_array_get_element (steps, i);
      JsonArray *checks = member_array (step, "checks");

      assert_members (json_node_get_object (step), STEP_MEMBERS);
      for (guint k = 0; k < json_array_get_length (checks); k++)
        assert_members (json_array_get_object_element (checks, k), CHECK_MEMBERS);
    }
}

static void
test_green (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_auto (Answer) words = { 0 };
  g_auto (Answer) again = { 0 };
  g_autoptr (JsonNode) run = NULL;
  g_autoptr (JsonNode) status = NULL;
  JsonNode *frames;

  make_song (folder);
  run = cli_json (folder, 0, "run song --json");
  status = cli_json (folder, 0, "status song --json");
  g_assert_true (json_node_equal (run, status));
  assert_members_everywhere (run);
  g_assert_cmpstr (member_text (run, "state"), ==, "passed");
  g_assert_cmpfloat (member_number (run, "target_frames"), ==, 48000.0);
  frames = report_check (run, "align", "frames", NULL);
  g_assert_cmpstr (member_text (frames, "subject"), ==, "Bass");
  g_assert_cmpstr (member_text (frames, "level"), ==, "pass");
  g_assert_cmpstr (member_text (frames, "kind"), ==, "integrity");
  g_assert_cmpstr (member_text (frames, "unit"), ==, "frames");
  g_assert_cmpfloat (member_number (frames, "measured"), ==, 48000.0);
  g_assert_cmpfloat (member_number (frames, "limit"), ==, 48000.0);
  g_assert_true (json_object_get_null_member (json_node_get_object (frames), "where"));
  g_assert_true (json_object_get_null_member (json_node_get_object (frames), "fix"));

  words = cli_run (folder, "run song");
  assert_code (words, 0);
  g_assert_nonnull (strstr (words.out, "✓ Passed  8 Deliver (unchanged)"));
  g_assert_nonnull (strstr (words.out, "/song/deliverables/song.zip"));
  g_assert_cmpstr (words.err, ==, "");
}

/* Whatever runs at once, the deliverables have the same bytes. */
static void
test_jobs (void)
{
  g_autoptr (TestFolder) one = test_folder_new ();
  g_autoptr (TestFolder) four = test_folder_new ();
  g_autofree char *digest_one = NULL;
  g_autofree char *digest_four = NULL;

  make_song (one);
  make_song (four);
  expect (one, 0, "run song --jobs 1");
  expect (four, 0, "run song --jobs 4");
  digest_one = file_digest (one, "song/deliverables/song.zip");
  digest_four = file_digest (four, "song/deliverables/song.zip");
  g_assert_cmpstr (digest_one, ==, digest_four);
}

static void
test_through (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (JsonNode) report = NULL;
  g_auto (Answer) words = { 0 };

  make_song (folder);
  report = cli_json (folder, 0, "run song --through align --json");
  g_assert_cmpstr (member_text (report, "state"), ==, "incomplete");
  g_assert_cmpstr (report_state (report, "align"), ==, "passed");
  g_assert_cmpstr (report_state (report, "drums"), ==, "ready");
  g_assert_cmpstr (report_state (report, "effects"), ==, "locked");
  expect (folder, 1, "export song out.zip");
  g_assert_false (is_there (folder, "out.zip"));
  words = cli_run (folder, "run song --through timing");
  g_assert_nonnull (strstr (words.out, "1 Timing"));
  g_assert_null (strstr (words.out, "2 Reference"));
}

/* --- red --- */

/* Runs "song", which must stop at @step with @check red, and says so in words too. */
static void
expect_red (const char *folder, const char *step, const char *check)
{
  g_autoptr (JsonNode) report = cli_json (folder, 1, "run song --json");
  g_autoptr (JsonNode) status = cli_json (folder, 1, "status song --json");
  g_auto (Answer) words = cli_run (folder, "run song");
  g_auto (Answer) quiet = cli_run (folder, "run song --quiet");
  JsonNode *found = report_check (report, step, check, "fail");

  assert_members_everywhere (report);
  g_assert_cmpstr (member_text (report, "state"), ==, "failed");
  g_assert_cmpstr (member_text (status, "state"), ==, "failed");
  g_assert_cmpstr (report_state (report, step), ==, "failed");
  g_assert_cmpstr (report_state (report, "deliver"), ==, "locked");
  g_assert_nonnull (found);
  assert_code (words, 1);
  g_assert_nonnull (strstr (words.out, "✗ Failed"));
  g_assert_nonnull (strstr (words.out, member_text (found, "message")));
  g_assert_nonnull (strstr (words.out, member_text (found, "fix")));
  assert_code (quiet, 1);
  g_assert_cmpstr (quiet.out, ==, "");
  g_assert_nonnull (strstr (quiet.err, member_text (found, "message")));
}

static void
test_red_files (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "a.wav", NULL);

  write_sine (folder, "a.wav", 44100, 1, 48000, 220, SL_SUBTYPE_FLOAT);
  make_song (folder);
  expect (folder, 0, "add song A=a.wav");
  expect_red (folder, "stems", "rate");
  expect (folder, 0, "set song A --convert");
  expect (folder, 0, "run song");
  g_assert_true (g_file_set_contents (path, "no audio", -1, NULL));
  expect_red (folder, "stems", "open");
  g_assert_cmpint (g_unlink (path), ==, 0);
  expect_red (folder, "stems", "open");
}

static void
test_red_length (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();

  expect (folder, 0, "init song");
  expect (folder, 0, "add song Bass=tone");
  expect_red (folder, "reference", "length");
}

/* A failed judgement is accepted; what is of integrity, or has not failed, is not. */
static void
test_accept (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (JsonNode) report = NULL;
  g_autofree char *text = NULL;
  const char *const no_text[]
      = { "accept", "song", "master", "clipping", "--reason", "\xff", NULL };
  g_auto (Answer) bytes = { 0 };

  make_song (folder);
  expect (folder, 0, "set song Bass --gain 4");
  expect_red (folder, "master", "clipping");
  expect (folder, 2, "accept song master clipping Bass");
  expect (folder, 2, "accept song master frames");
  expect (folder, 2, "accept song deliver clipping");
  bytes = cli_run_v (folder, no_text);
  assert_code (bytes, 2);
  expect (folder, 0, "accept song master clipping --reason It_is_meant_to_be.");
  expect (folder, 2, "accept song master clipping");
  report = cli_json (folder, 0, "run song --json");
  g_assert_cmpstr (member_text (report, "state"), ==, "passed");
  g_assert_nonnull (report_check (report, "master", "clipping", "warn"));
  expect (folder, 0, "export song out");
  text = file_text (folder, "out/README.txt");
  g_assert_nonnull (strstr (text, "It is meant to be."));
  /* It lapses with what it was said of. */
  expect (folder, 0, "set song Bass --gain 5");
  expect_red (folder, "master", "clipping");

  write_sine (folder, "a.wav", 44100, 1, 48000, 220, SL_SUBTYPE_FLOAT);
  expect (folder, 0, "add song A=a.wav");
  expect_red (folder, "stems", "rate");
  expect (folder, 2, "accept song stems rate A");
}

/* A step's output may have the name of a source, and must then leave it alone. */
static void
test_sources_are_spared (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *stems = g_build_filename (folder, "song", "stems", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  expect (folder, 0, "init song --frames 48000 --sections A:2");
  g_assert_cmpint (g_mkdir (stems, 0777), ==, 0);
  write_sine (stems, "A.wav", 44100, 1, 44100, 220, SL_SUBTYPE_FLOAT);
  before = file_digest (stems, "A.wav");
  expect (folder, 0, "add song A=song/stems/A.wav --convert");
  expect_red (folder, "stems", "run");
  after = file_digest (stems, "A.wav");
  g_assert_cmpstr (before, ==, after);
}

/* --- stopped --- */

/* Waits until a part of a stem is being written. */
static void
wait_for_part (const char *folder)
{
  g_autofree char *stems = g_build_filename (folder, "song", "stems", NULL);

  while (count_parts (stems) == 0)
    g_usleep (500);
}

static void
test_stopped (void)
{
  static const struct
  {
    int signal;
    int code;
  } cases[] = { { SIGINT, 130 }, { SIGTERM, 143 }, { SIGHUP, 129 } };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *before = NULL;
  const char *const argv[] = { "run", "song", "--json", NULL };

  make_song (folder);
  expect (folder, 0, "run song");
  before = file_digest (folder, "song/deliverables/song.zip");
  /* Far too long to be done when the signal comes. */
  expect (folder, 0, "set song --seconds 1800");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GSubprocessLauncher) launcher = cli_launcher ();
      GSubprocess *process = cli_start (launcher, folder, argv);
      g_auto (Answer) answer = { 0 };
      g_autoptr (JsonNode) report = NULL;
      g_autofree char *after = NULL;

      wait_for_part (folder);
      g_subprocess_send_signal (process, cases[i].signal);
      answer = cli_finish (process);
      assert_code (answer, cases[i].code);
      report = answer_json (&answer);
      g_assert_cmpstr (report_state (report, "stems"), ==, "stale");
      after = file_digest (folder, "song/deliverables/song.zip");
      g_assert_cmpstr (before, ==, after);
      g_assert_cmpuint (count_parts (folder), ==, 0);
    }
  expect (folder, 0, "set song --frames 48000");
  expect (folder, 0, "run song");
}

static void
lead_group (gpointer data)
{
  setpgid (0, 0);
}

/* Ctrl-C on a terminal goes to every process of its foreground. The helper, here one that takes its
 * time, must not seem to have crashed because of that. */
static void
test_stopped_with_group (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *helper = g_build_filename (folder, "helper", NULL);
  g_autoptr (GSubprocessLauncher) launcher = cli_launcher ();
  const char *const argv[] = { "run", "song", NULL };
  GSubprocess *process;
  g_auto (Answer) answer = { 0 };
  g_autofree char *pid = NULL;

  g_assert_true (g_file_set_contents_full (
      helper, "#!/bin/sh\necho $$ >pid\n>started\nwhile :; do echo progress 0; sleep 0.1; done\n",
      -1, G_FILE_SET_CONTENTS_NONE, 0777, NULL));
  make_song (folder);
  write_sine (folder, "a.wav", 48000, 1, 4800, 220, SL_SUBTYPE_FLOAT);
  expect (folder, 0, "add song a=a.wav");
  /* Another sound than was probed: it is to be decoded again. */
  write_sine (folder, "a.wav", 48000, 1, 4800, 330, SL_SUBTYPE_FLOAT);
  g_subprocess_launcher_set_child_setup (launcher, lead_group, NULL, NULL);
  g_subprocess_launcher_setenv (launcher, "SEAMLINE_PROBE", helper, TRUE);
  process = cli_start (launcher, folder, argv);
  while (!is_there (folder, "started"))
    g_usleep (500);
  pid = file_text (folder, "pid");
  g_assert_cmpint (getpgid (atoi (pid)), ==, atoi (pid));
  g_assert_cmpint (kill (-atoi (g_subprocess_get_identifier (process)), SIGINT), ==, 0);
  answer = cli_finish (process);
  assert_code (answer, 130);
  expect (folder, 0, "run song --through stems");
}

/* Parts of a run that was killed go away with the next. */
static void
test_killed (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (GSubprocessLauncher) launcher = cli_launcher ();
  const char *const argv[] = { "run", "song", NULL };
  GSubprocess *process;
  g_auto (Answer) answer = { 0 };

  make_song (folder);
  expect (folder, 0, "set song --seconds 1800");
  process = cli_start (launcher, folder, argv);
  wait_for_part (folder);
  g_subprocess_send_signal (process, SIGKILL);
  answer = cli_finish (process);
  assert_code (answer, 128 + SIGKILL);
  g_assert_cmpuint (count_parts (folder), >, 0);
  expect (folder, 0, "set song --frames 48000");
  expect (folder, 0, "run song");
  g_assert_cmpuint (count_parts (folder), ==, 0);
}

static void
limit_file_size (gpointer data)
{
  struct rlimit limit = { 100000, 100000 };

  setrlimit (RLIMIT_FSIZE, &limit);
}

/* A file that cannot grow is an error that is told, not a death. */
static void
test_no_space (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (GSubprocessLauncher) launcher = cli_launcher ();
  const char *const argv[] = { "run", "song", "--json", NULL };
  g_auto (Answer) answer = { 0 };
  g_autoptr (JsonNode) report = NULL;

  make_song (folder);
  g_subprocess_launcher_set_child_setup (launcher, limit_file_size, NULL, NULL);
  answer = cli_finish (cli_start (launcher, folder, argv));
  assert_code (answer, 3);
  report = answer_json (&answer);
  g_assert_cmpstr (member_text (report, "state"), ==, "incomplete");
  g_assert_cmpuint (count_parts (folder), ==, 0);
  expect (folder, 0, "run song");
}

/* --- export --- */

static void
assert_starts_with (const char *folder, const char *name, const char *bytes, gsize length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  gsize size = 0;

  g_assert_true (g_file_get_contents (path, &text, &size, NULL));
  g_assert_cmpuint (size, >, length);
  g_assert_cmpmem (text, length, bytes, length);
}

/* Every file that the manifest lists is there and has the digest that the manifest gives. */
static void
check_exported_folder (const char *folder)
{
  g_autofree char *text = file_text (folder, "manifest.json");
  g_autoptr (JsonNode) manifest = json_from_string (text, NULL);
  JsonArray *files = member_array (manifest, "files");

  g_assert_cmpuint (json_array_get_length (files), ==, 4);
  for (guint i = 0; i < json_array_get_length (files); i++)
    {
      JsonNode *file = json_array_get_element (files, i);
      g_autofree char *path = g_build_filename (folder, member_text (file, "file"), NULL);
      g_autofree char *bytes = NULL;
      g_autofree char *sha256 = NULL;
      gsize size = 0;

      g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
      sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) bytes, size);
      g_assert_cmpstr (member_text (file, "sha256"), ==, sha256);
    }
  g_assert_true (is_there (folder, "README.txt"));
}

static void
test_export (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *out = g_build_filename (folder, "out", NULL);
  g_autofree char *original = NULL;
  g_autofree char *copy = NULL;
  g_autofree char *manifest = NULL;
  g_autoptr (JsonNode) answer = NULL;

  make_song (folder);
  expect (folder, 0, "run song");
  answer = cli_json (folder, 0, "export song copy.zip --json");
  assert_members (json_node_get_object (answer), "project export");
  original = file_digest (folder, "song/deliverables/song.zip");
  copy = file_digest (folder, "copy.zip");
  g_assert_cmpstr (original, ==, copy);
  expect (folder, 0, "export song deep/er/a.tar.zst");
  assert_starts_with (folder, "deep/er/a.tar.zst", "\x28\xb5\x2f\xfd", 4);
  expect (folder, 0, "export song a.TGZ");
  assert_starts_with (folder, "a.TGZ", "\x1f\x8b", 2);
  expect (folder, 0, "export song out");
  check_exported_folder (out);
  /* The manifest outside is the manifest inside. */
  manifest = file_text (folder, "out/manifest.json");
  {
    g_autofree char *zip = g_build_filename (folder, "copy.zip", NULL);
    g_autofree char *bytes = NULL;
    gsize size = 0;

    g_assert_true (g_file_get_contents (zip, &bytes, &size, NULL));
    g_assert_nonnull (memmem (bytes, size, manifest, strlen (manifest)));
  }
  g_assert_cmpuint (count_parts (folder), ==, 0);
}

static void
test_export_refused (void)
{
  static const char *const lines[] = {
    "export song song/deliverables/song.zip", /* what is being copied */
    "export song a.zip",                      /* a source, by its name */
    "export song link.zip",                   /* a source, through a link */
    "export song full",                       /* a folder with something in it */
    "export song file",                       /* neither archive nor folder */
    "export song full.zip",                   /* a folder called like an archive */
    "export song a.rar",
  };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *full = g_build_filename (folder, "full", NULL);
  g_autofree char *full_zip = g_build_filename (folder, "full.zip", NULL);
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autofree char *inside = g_build_filename (folder, "full", "x", NULL);
  g_autofree char *link_path = g_build_filename (folder, "link.zip", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  write_sine (folder, "a.zip", 48000, 1, 48000, 220, SL_SUBTYPE_FLOAT);
  g_assert_cmpint (symlink ("a.zip", link_path), ==, 0);
  g_assert_cmpint (g_mkdir (full, 0777), ==, 0);
  g_assert_cmpint (g_mkdir (full_zip, 0777), ==, 0);
  g_assert_true (g_file_set_contents (inside, "x", -1, NULL));
  g_assert_true (g_file_set_contents (file, "x", -1, NULL));
  make_song (folder);
  expect (folder, 0, "add song A=a.zip");
  expect (folder, 0, "run song");
  before = file_digest (folder, "a.zip");
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    expect (folder, 2, lines[i]);
  after = file_digest (folder, "a.zip");
  g_assert_cmpstr (before, ==, after);
  g_assert_false (is_there (folder, "a.rar"));
  g_assert_cmpuint (count_parts (folder), ==, 0);
  expect (folder, 3, "export song file/x.zip");
}

/* An output that somebody has changed is not delivered. */
static void
test_export_changed (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *master = g_build_filename (folder, "song", "master", "Master.wav", NULL);

  make_song (folder);
  expect (folder, 0, "run song");
  g_assert_true (g_file_set_contents (master, "x", -1, NULL));
  expect (folder, 1, "export song out.zip");
  g_assert_false (is_there (folder, "out.zip"));
  expect (folder, 0, "run song");
  expect (folder, 0, "export song out.zip");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/run/green", test_green);
  g_test_add_func ("/cli/run/jobs", test_jobs);
  g_test_add_func ("/cli/run/through", test_through);
  g_test_add_func ("/cli/run/red-files", test_red_files);
  g_test_add_func ("/cli/run/red-length", test_red_length);
  g_test_add_func ("/cli/run/accept", test_accept);
  g_test_add_func ("/cli/run/sources-are-spared", test_sources_are_spared);
  g_test_add_func ("/cli/run/stopped", test_stopped);
  g_test_add_func ("/cli/run/stopped-with-group", test_stopped_with_group);
  g_test_add_func ("/cli/run/killed", test_killed);
  g_test_add_func ("/cli/run/no-space", test_no_space);
  g_test_add_func ("/cli/run/export", test_export);
  g_test_add_func ("/cli/run/export-refused", test_export_refused);
  g_test_add_func ("/cli/run/export-changed", test_export_changed);
  return g_test_run ();
}
