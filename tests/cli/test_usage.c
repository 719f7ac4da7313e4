/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is refused, and that refusing changes nothing. */
#include "runner.h"

static void
test_help (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_auto (Answer) help = cli_run (folder, "--help");
  g_auto (Answer) version = cli_run (folder, "--version");
  g_auto (Answer) version_of_command = cli_run (folder, "run --version");
  static const char *const commands[]
      = { "init", "add",    "set",    "remove", "drums",   "demo",
          "run",  "status", "accept", "align",  "measure", "export" };

  assert_code (help, 0);
  assert_code (version, 0);
  assert_code (version_of_command, 0);
  g_assert_true (g_str_has_prefix (version.out, "seamline-cli "));
  g_assert_cmpstr (version.out, ==, version_of_command.out);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *line = g_strconcat (commands[i], " --help", NULL);
      g_autofree char *usage = g_strconcat ("seamline-cli ", commands[i], " ", NULL);
      g_auto (Answer) answer = cli_run (folder, line);

      assert_code (answer, 0);
      g_assert_nonnull (strstr (help.out, commands[i]));
      g_assert_nonnull (strstr (answer.out, usage));
    }
}

/* Lines that are wrong before any project is looked at, or whatever is in it. */
static void
test_wrong_lines (void)
{
  static const char *const lines[] = {
    "nonsense",
    "--nonsense",
    "init",
    "init one two",
    "init x --frames 10 --seconds 1",
    "init x --frames 10 --reference a.wav",
    "init x --frames 0",
    "init x --frames -5",
    "init x --frames 1.5",
    "init x --frames 99999999999999999999",
    "init x --seconds 0",
    "init x --seconds -1",
    "init x --seconds nan",
    "init x --seconds inf",
    "init x --seconds 0x10",
    "init x --seconds 1s",
    "init x --seconds _1",
    "init x --bpm 19.9",
    "init x --bpm 401",
    "init x --bpm fast",
    "init x --beats-per-bar 0",
    "init x --beats-per-bar 65",
    "init x --rate 0",
    "init x --rate 44.1",
    "init x --rate 768001",
    "init x --subtype mp3",
    "init x --sections Verse",
    "init x --sections Verse:0",
    "init x --sections Verse:4,Verse:4",
    "init x --title a/b",
    "init x --title .hidden",
    "init x --nonsense",
    "init x --gain 1",
    "add x",
    "add song y",
    "add song y=",
    "add song =tone",
    "add song y=tone:0",
    "add song y=tone:24000",
    "add song y=tone:440:1.1",
    "add song y=tone:440:-0.1",
    "add song y=tone:440:0.5:1",
    "add song y=tone:",
    "add song a/b=tone",
    "add song -x=tone",
    "add song .x=tone",
    "add song nul=tone",
    "add song Master=tone",
    "add song reference=tone",
    "add song drums=tone",
    "add song LEAD=tone",
    "add song y=tone Y=tone",
    "add song y=tone --strategy wild",
    "add song y=tone --offset soon",
    "add song y=tone --ending fade",
    "add song y=tone --loop-bars 0",
    "add song y=tone --join -2",
    "add song y=tone --join 1e3",
    "add song y=tone --fade -1",
    "add song y=tone --fade long",
    "add song y=tone --lowpass 29.9",
    "add song y=tone --lowpass 21601",
    "add song y=tone --lowpass inf",
    "add song y=tone --gain -0.1",
    "add song y=tone --gain nan",
    "add song y=tone --gain 1,5",
    "add song y=tone --mute yes",
    "add song y=tone --seconds 0",
    "add song y=tone --section Chorus",
    "add song y=tone --convert",
    "add song y=tone --reference a.wav",
    "add song y=tone --gain",
    "set song",
    "set song lead",
    "set song nobody --gain 1",
    "set song --gain 1",
    "set song --section intro",
    "set song --strategy loop",
    "set song lead --bpm 100",
    "set song lead --fit-gains",
    "set song lead --title x",
    "set song --convert",
    "set song --limit clipping",
    "set song --limit clipping=",
    "set song --limit nonsense=1",
    "set song --limit clipping=nan",
    "set song --title a/b",
    "set song --frames 1 --seconds 1",
    "remove song",
    "remove song nobody",
    "remove song lead more",
    "drums song",
    "drums song --pattern --none",
    "drums song --none a.wav",
    "run",
    "run song --through lunch",
    "run song --jobs 0",
    "run song --jobs many",
    "status",
    "status song --jobs 1",
    "accept song",
    "accept song master",
    "accept song lunch clipping",
    "accept song master clipping",
    "align a.wav",
    "align a.wav b.wav",
    "align a.wav b.wav --frames 1 --seconds 1",
    "align a.wav b.wav --frames 0",
    "align a.wav b.flac --frames 10",
    "align a.wav a.wav --frames 10",
    "align a.wav ./a.wav --frames 10",
    "align a.wav b.wav --frames 10 --section intro",
    "align a.wav b.wav --frames 10 --gain 1",
    "align a.wav b.wav --frames 10 --strategy place",
    "align a.wav b.wav --frames 10 --offset auto",
    "align a.wav b.wav --frames 10 --bpm 1",
    "measure",
    "export song",
  };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  write_sine (folder, "a.wav", 48000, 1, 4800, 440, SL_SUBTYPE_PCM_16);
  expect (folder, 0, "init song --frames 48000");
  expect (folder, 0, "add song lead=tone");
  before = file_text (folder, "song/song.seamline");
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (Answer) answer = cli_run (folder, lines[i]);

      if (answer.code != 2 || *answer.err == '\0' || *answer.out != '\0')
        g_error ("“%s”: %d\n%s%s", lines[i], answer.code, answer.out, answer.err);
    }
  after = file_text (folder, "song/song.seamline");
  g_assert_cmpstr (before, ==, after);
  g_assert_false (is_there (folder, "x"));
  g_assert_false (is_there (folder, "b.wav"));
}

/* What the file system or a file is at fault of. */
static void
test_could_not (void)
{
  static const char *const lines[] = {
    "status nowhere",
    "run nowhere",
    "add nowhere a=tone",
    "set nowhere --bpm 100",
    "status empty",
    "init a.wav --frames 10",
    "init a.wav/deeper --frames 10",
    "init x --reference nothing.wav",
    "init x --reference text.wav",
    "init x --reference empty",
    "add song y=nothing.wav",
    "add song y=text.wav",
    "add song y=/dev/null",
    "add song y=empty",
    "drums song --file nothing.wav",
    "set song --reference nothing.wav",
    "align nothing.wav b.wav --frames 10",
    "align text.wav b.wav --frames 10",
    "align a.wav b.wav --like nothing.wav",
    "align a.wav a.wav/b.wav --frames 10",
    "export nowhere out.zip",
  };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *text = g_build_filename (folder, "text.wav", NULL);
  g_autofree char *empty = g_build_filename (folder, "empty", NULL);

  write_sine (folder, "a.wav", 48000, 1, 4800, 440, SL_SUBTYPE_PCM_16);
  g_assert_true (g_file_set_contents (text, "These are words.", -1, NULL));
  g_assert_cmpint (g_mkdir (empty, 0777), ==, 0);
  expect (folder, 0, "init song --frames 48000");
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (Answer) answer = cli_run (folder, lines[i]);

      if (answer.code != 3 || *answer.err == '\0' || *answer.out != '\0')
        g_error ("“%s”: %d\n%s%s", lines[i], answer.code, answer.out, answer.err);
    }
  g_assert_false (is_there (folder, "x"));
  g_assert_false (is_there (folder, "b.wav"));
}

/* Without its helper the program can decode nothing; nobody asked for anything wrong. */
static void
test_no_helper (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (GSubprocessLauncher) launcher = cli_launcher ();
  const char *const argv[] = { "add", "song", "a=a.wav", NULL };
  g_auto (Answer) answer = { 0 };

  write_sine (folder, "a.wav", 48000, 1, 4800, 440, SL_SUBTYPE_PCM_16);
  expect (folder, 0, "init song --frames 48000");
  g_subprocess_launcher_setenv (launcher, "SEAMLINE_PROBE", "/nowhere/seamline-probe", TRUE);
  answer = cli_finish (cli_start (launcher, folder, argv));
  assert_code (answer, 3);
}

/* argv holds any bytes. */
static void
test_bytes (void)
{
  static const char *const lines[][6] = {
    { "add", "song", "b\xff=tone" },
    { "add", "song", "b=tone:\xff" },
    { "add", "song", "b=tone", "--role", "\xff" },
    { "set", "song", "\xff", "--gain", "1" },
    { "remove", "song", "\xff" },
    { "set", "song", "--title", "\xff" },
    { "set", "song", "--sections", "A\xff:4" },
    { "accept", "song", "master", "\xff" },
    { "add", "song", "b=s\xff.wav" },
    { "\xff" },
    { "init", "", "--frames", "10" },
    { "status", "" },
    { "export", "song", "" },
    { "--\xff" },
  };
  g_autoptr (TestFolder) folder = test_folder_new ();

  write_sine (folder, "s\xff.wav", 48000, 1, 4800, 440, SL_SUBTYPE_PCM_16);
  expect (folder, 0, "init song --frames 48000");
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (Answer) answer = cli_run_v (folder, lines[i]);

      assert_code (answer, 2);
    }
  /* A folder may be called anything; its title is the nearest name. */
  {
    const char *const init[] = { "init", "f\xff", "--frames", "48000", NULL };
    const char *const status[] = { "status", "f\xff", "--json", NULL };
    g_auto (Answer) made = cli_run_v (folder, init);
    g_auto (Answer) shown = cli_run_v (folder, status);
    g_autoptr (JsonNode) root = NULL;

    assert_code (made, 0);
    assert_code (shown, 0);
    root = answer_json (&shown);
    g_assert_cmpstr (member_text (root, "state"), ==, "incomplete");
  }
}

/* What cannot be told to anybody is not done silently. */
static void
test_output (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  const char *const argv[] = { "status", "song", "--json", NULL };

  expect (folder, 0, "init song --frames 48000");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GSubprocessLauncher) launcher
          = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_PIPE);
      g_auto (Answer) answer = { 0 };

      g_subprocess_launcher_set_stdout_file_path (launcher, i == 0 ? "/dev/full" : "/dev/null");
      answer = cli_finish (cli_start (launcher, folder, argv));
      assert_code (answer, i == 0 ? 3 : 0);
    }
}

/* JSON alone on standard output; nothing at all when quiet. */
static void
test_streams (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (TestFolder) other = test_folder_new ();
  static const char *const lines[]
      = { "init song --frames 4800", "add song lead=tone", "set song lead --gain 0.5",
          "drums song --none",       "status song",        "run song --through stems",
          "remove song lead",        "measure a.wav",      "align a.wav b.wav --frames 9600" };

  write_sine (folder, "a.wav", 48000, 1, 4800, 480, SL_SUBTYPE_FLOAT);
  write_sine (other, "a.wav", 48000, 1, 4800, 480, SL_SUBTYPE_FLOAT);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *json = g_strconcat (lines[i], " --json", NULL);
      g_autofree char *quiet = g_strconcat ("--quiet ", lines[i], NULL);
      g_autoptr (JsonNode) root = cli_json (folder, 0, json);
      g_auto (Answer) answer = cli_run (other, quiet);

      assert_code (answer, 0);
      g_assert_cmpstr (answer.out, ==, "");
      g_assert_cmpstr (answer.err, ==, "");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/usage/help", test_help);
  g_test_add_func ("/cli/usage/wrong-lines", test_wrong_lines);
  g_test_add_func ("/cli/usage/could-not", test_could_not);
  g_test_add_func ("/cli/usage/no-helper", test_no_helper);
  g_test_add_func ("/cli/usage/bytes", test_bytes);
  g_test_add_func ("/cli/usage/output", test_output);
  g_test_add_func ("/cli/usage/streams", test_streams);
  return g_test_run ();
}
