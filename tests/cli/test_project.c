/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a project and changing it: init, add, set, remove, drums, accept, status. */
#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

static JsonNode *
load (const char *folder, const char *name)
{
  g_autofree char *text = file_text (folder, name);
  g_autoptr (GError) error = NULL;
  JsonNode *root = json_from_string (text, &error);

  g_assert_no_error (error);
  return root;
}

static JsonObject *
member (JsonNode *root, const char *name)
{
  return json_object_get_object_member (json_node_get_object (root), name);
}

static JsonObject *
stem_at (JsonNode *root, guint index)
{
  return json_array_get_object_element (member_array (root, "stems"), index);
}

/* "name beats" of each section, in order. */
static char *
list_sections (JsonNode *root)
{
  JsonArray *sections = json_object_get_array_member (member (root, "timing"), "sections");
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (sections); i++)
    {
      JsonObject *section = json_array_get_object_element (sections, i);

      g_string_append_printf (text, "%s %d,", json_object_get_string_member (section, "name"),
                              (int) json_object_get_int_member (section, "beats"));
    }
  return g_string_free (text, FALSE);
}

/* --- init --- */

static void
test_init_defaults (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (JsonNode) answer = cli_json (folder, 0, "--json init song --seconds 2.5");
  g_autoptr (JsonNode) root = load (folder, "song/song.seamline");
  g_autofree char *sections = list_sections (root);

  assert_members (json_node_get_object (answer), "project");
  g_assert_true (g_str_has_suffix (member_text (answer, "project"), "/song"));
  g_assert_cmpstr (member_text (root, "title"), ==, "song");
  g_assert_cmpstr (json_object_get_string_member (member (root, "timing"), "bpm"), ==, "120");
  g_assert_cmpint (json_object_get_int_member (member (root, "audio"), "rate"), ==, 48000);
  g_assert_cmpstr (json_object_get_string_member (member (root, "audio"), "subtype"), ==, "FLOAT");
  g_assert_cmpint (json_object_get_int_member (member (root, "reference"), "frames"), ==, 120000);
  g_assert_cmpstr (sections, ==, "intro 16,verse 32,chorus 32,bridge 16,outro 16,");
  expect (folder, 2, "init song --frames 10");
}

static void
test_init_options (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *sections = NULL;
  JsonObject *timing;

  expect (folder, 0,
          "init song --title A_Song --bpm 92.5 --beats-per-bar 3 --downbeat -100 --sections "
          "Verse:4bars,Outro:7 --rate 44100 --subtype pcm24 --seconds 1 --planned-seconds 60.5 "
          "--min-seconds 2");
  root = load (folder, "song/A Song.seamline");
  timing = member (root, "timing");
  sections = list_sections (root);
  g_assert_cmpstr (json_object_get_string_member (timing, "bpm"), ==, "92.5");
  g_assert_cmpint (json_object_get_int_member (timing, "beats_per_bar"), ==, 3);
  g_assert_cmpint (json_object_get_int_member (timing, "downbeat"), ==, -100);
  g_assert_cmpfloat (json_object_get_double_member (timing, "planned_seconds"), ==, 60.5);
  g_assert_cmpint (json_object_get_int_member (member (root, "audio"), "rate"), ==, 44100);
  g_assert_cmpint (json_object_get_int_member (member (root, "reference"), "frames"), ==, 44100);
  g_assert_cmpstr (sections, ==, "Verse 12,Outro 7,");
}

/* A reference gives rate, length and one section; 1 beat at 120 BPM is half a second. */
static void
test_init_reference (void)
{
  static const struct
  {
    const char *options;
    int rate_hz;
    const char *sections;
    double target; ///< 0: not known
  } cases[] = {
    { "", 44100, "Song 5,", 110000 },          { " --bpm 60", 44100, "Song 2,", 110000 },
    { " --bpm 20", 44100, "Song 1,", 110000 }, { " --bpm unknown", 44100, "Song 64,", 110000 },
    { " --rate 48000", 48000, "Song 5,", 0 },  { " --sections A:1,B:2", 44100, "A 1,B 2,", 110000 },
  };
  g_autoptr (TestFolder) folder = test_folder_new ();

  write_sine (folder, "ref.wav", 44100, 2, 110000, 440, SL_SUBTYPE_PCM_24);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *init
          = g_strdup_printf ("init song%u --reference ref.wav%s", i, cases[i].options);
      g_autofree char *status = g_strdup_printf ("status song%u --json", i);
      g_autofree char *file = g_strdup_printf ("song%u/song%u.seamline", i, i);
      g_autoptr (JsonNode) report = NULL;
      g_autoptr (JsonNode) root = NULL;
      g_autofree char *sections = NULL;

      expect (folder, 0, init);
      root = load (folder, file);
      sections = list_sections (root);
      report = cli_json (folder, 0, status);
      g_assert_cmpstr (json_object_get_string_member (member (root, "reference"), "file"), ==,
                       "../ref.wav");
      g_assert_cmpint (json_object_get_int_member (member (root, "audio"), "rate"), ==,
                       cases[i].rate_hz);
      g_assert_cmpstr (sections, ==, cases[i].sections);
      if (cases[i].target > 0)
        g_assert_cmpfloat (member_number (report, "target_frames"), ==, cases[i].target);
      else
        g_assert_true (
            json_object_get_null_member (json_node_get_object (report), "target_frames"));
    }
}

/* --- add --- */

static void
test_add (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (JsonNode) answer = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *bass, *pad;

  write_sine (folder, "b.wav", 48000, 1, 47000, 110, SL_SUBTYPE_PCM_16);
  expect (folder, 0, "init song --frames 48000 --sections Intro:1,Verse:1");
  answer = cli_json (folder, 0,
                     "add song Bass=b.wav Pad=tone:220:0.25 --gain 0.5 --section Verse "
                     "--fade 12.5 --offset -7 --mute on --json");
  root = load (folder, "song/song.seamline");
  bass = json_array_get_object_element (member_array (answer, "added"), 0);
  pad = json_array_get_object_element (member_array (answer, "added"), 1);
  assert_members (bass,
                  "name kind role file frames rate channels subtype difference_frames checks");
  assert_members (pad, "name kind role");
  g_assert_cmpint (json_object_get_int_member (bass, "frames"), ==, 47000);
  g_assert_cmpint (json_object_get_int_member (bass, "difference_frames"), ==, -1000);
  g_assert_cmpstr (json_object_get_string_member (bass, "role"), ==, "bass");
  for (guint i = 0; i < 2; i++)
    {
      JsonObject *stem = stem_at (root, i);

      g_assert_cmpfloat (json_object_get_double_member (stem, "gain"), ==, 0.5);
      g_assert_cmpfloat (json_object_get_double_member (stem, "fade_ms"), ==, 12.5);
      g_assert_cmpint (json_object_get_int_member (stem, "offset"), ==, -7);
      g_assert_true (json_object_get_boolean_member (stem, "mute"));
      g_assert_cmpstr (json_object_get_string_member (stem, "section"), ==, "Verse");
    }
  g_assert_cmpstr (json_object_get_string_member (stem_at (root, 0), "file"), ==, "../b.wav");
  g_assert_cmpfloat (json_object_get_double_member (stem_at (root, 1), "tone_hz"), ==, 220.0);
  g_assert_cmpfloat (json_object_get_double_member (stem_at (root, 1), "amplitude"), ==, 0.25);
  /* The probe is remembered, so that step 3 need not decode again. */
  g_assert_true (
      json_object_has_member (json_object_get_object_member (member (root, "files"), "../b.wav"),
                              "probe"));
}

/* What is said of a length, in frames and ms, with its sign. */
static void
test_add_says_length (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_auto (Answer) shorter = { 0 };
  g_auto (Answer) converted = { 0 };

  write_sine (folder, "a.wav", 48000, 1, 46800, 110, SL_SUBTYPE_PCM_16);
  write_sine (folder, "b.wav", 24000, 1, 24300, 110, SL_SUBTYPE_PCM_16);
  expect (folder, 0, "init song --frames 48000");
  shorter = cli_run (folder, "add song a=a.wav");
  converted = cli_run (folder, "add song b=b.wav --convert");
  g_assert_nonnull (strstr (shorter.out, "46,800 frames"));
  g_assert_nonnull (strstr (shorter.out, "-1,200 frames (-25.0 ms) against the target"));
  g_assert_nonnull (strstr (converted.out, "+600 frames (+12.5 ms) against the target"));
}

static void
test_add_all_or_nothing (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  write_sine (folder, "a.wav", 48000, 1, 48000, 110, SL_SUBTYPE_PCM_16);
  expect (folder, 0, "init song --frames 48000");
  expect (folder, 0, "add song Lead=tone");
  before = file_text (folder, "song/song.seamline");
  expect (folder, 3, "add song a=a.wav b=nothing.wav");
  expect (folder, 2, "add song a=a.wav b=tone:0");
  expect (folder, 2, "add song a=a.wav A=a.wav");
  expect (folder, 2, "add song a=a.wav lead=a.wav");
  expect (folder, 2, "add song a=a.wav b=tone --seconds 1");
  expect (folder, 3, "drums song --file a.wav nothing.wav");
  expect (folder, 2, "drums song --file a.wav ./a.wav");
  after = file_text (folder, "song/song.seamline");
  g_assert_cmpstr (before, ==, after);
}

/* "Über" composed and decomposed, in two cases, is one name. */
static void
test_add_unicode (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  const char *const decomposed[] = { "add", "song",
                                     "u\xcc\x88"
                                     "ber=tone",
                                     NULL };
  const char *const set[] = { "set",
                              "song",
                              "U\xcc\x88"
                              "ber",
                              "--gain",
                              "0.5",
                              NULL };
  g_auto (Answer) refused = { 0 };
  g_auto (Answer) found = { 0 };

  expect (folder, 0, "init song --frames 48000");
  expect (folder, 0,
          "add song \xc3\x9c"
          "ber=tone");
  expect (folder, 2,
          "add song \xc3\xbc"
          "BER=tone");
  refused = cli_run_v (folder, decomposed);
  assert_code (refused, 2);
  /* To find a stem, any form of its name will do. */
  found = cli_run_v (folder, set);
  assert_code (found, 0);
}

/* A source may not lie where a step would write it over. */
static void
test_add_own_output (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *aligned = g_build_filename (folder, "song", "aligned", NULL);

  expect (folder, 0, "init song --frames 48000");
  g_assert_cmpint (g_mkdir (aligned, 0777), ==, 0);
  write_sine (aligned, "a.wav", 48000, 1, 48000, 110, SL_SUBTYPE_PCM_16);
  expect (folder, 2, "add song a=song/aligned/a.wav");
}

/* --- set, remove, drums --- */

static void
test_set_song (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (JsonNode) again = NULL;

  write_sine (folder, "ref.wav", 48000, 1, 96000, 110, SL_SUBTYPE_PCM_16);
  expect (folder, 0, "init song --frames 48000");
  expect (folder, 0,
          "set song --bpm 140 --sections A:4bars --beats-per-bar 3 --fit-gains "
          "--limit null=-100 --limit rms=0.5 --reference ref.wav --convert");
  root = load (folder, "song/song.seamline");
  g_assert_cmpstr (json_object_get_string_member (member (root, "timing"), "bpm"), ==, "140");
  g_assert_true (json_object_get_boolean_member (json_node_get_object (root), "fit_gains"));
  g_assert_cmpfloat (json_object_get_double_member (member (root, "limits"), "null"), ==, -100.0);
  g_assert_cmpfloat (json_object_get_double_member (member (root, "limits"), "rms"), ==, 0.5);
  g_assert_cmpstr (json_object_get_string_member (member (root, "reference"), "file"), ==,
                   "../ref.wav");
  g_assert_true (json_object_get_boolean_member (member (root, "reference"), "convert"));

  expect (folder, 0, "set song --no-fit-gains --limit null=default --seconds 3 --rate 1000");
  again = load (folder, "song/song.seamline");
  g_assert_false (json_object_get_boolean_member (json_node_get_object (again), "fit_gains"));
  assert_members (member (again, "limits"), "rms");
  g_assert_true (json_object_get_null_member (member (again, "reference"), "file"));
  /* Whatever the order of options, seconds are counted at the new rate. */
  g_assert_cmpint (json_object_get_int_member (member (again, "reference"), "frames"), ==, 3000);
}

static void
test_set_stem (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (JsonNode) again = NULL;
  JsonObject *stem;

  expect (folder, 0, "init song --frames 48000");
  expect (folder, 0, "add song Lead=tone Other=tone");
  expect (folder, 0,
          "set song Lead --role Bass --strategy loop --offset auto --ending keep "
          "--loop-bars 4 --join 99 --fade 7 --lowpass 500 --seconds 0.25");
  root = load (folder, "song/song.seamline");
  stem = stem_at (root, 0);
  g_assert_cmpstr (json_object_get_string_member (stem, "role"), ==, "bass");
  g_assert_cmpstr (json_object_get_string_member (stem, "strategy"), ==, "loop");
  g_assert_cmpstr (json_object_get_string_member (stem, "offset"), ==, "auto");
  g_assert_cmpstr (json_object_get_string_member (stem, "ending"), ==, "keep");
  g_assert_cmpint (json_object_get_int_member (stem, "loop_bars"), ==, 4);
  g_assert_cmpint (json_object_get_int_member (stem, "join"), ==, 99);
  g_assert_cmpfloat (json_object_get_double_member (stem, "fade_ms"), ==, 7.0);
  g_assert_cmpfloat (json_object_get_double_member (stem, "lowpass_hz"), ==, 500.0);
  g_assert_cmpfloat (json_object_get_double_member (stem, "seconds"), ==, 0.25);
  g_assert_cmpstr (json_object_get_string_member (stem_at (root, 1), "strategy"), ==, "auto");

  expect (folder, 0,
          "set song Lead --offset 12 --loop-bars auto --join auto --fade auto --lowpass "
          "off --gain auto");
  again = load (folder, "song/song.seamline");
  stem = stem_at (again, 0);
  g_assert_cmpint (json_object_get_int_member (stem, "offset"), ==, 12);
  g_assert_cmpint (json_object_get_int_member (stem, "loop_bars"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (stem, "join"), ==, -1);
  g_assert_cmpfloat (json_object_get_double_member (stem, "fade_ms"), <, 0.0);
  g_assert_cmpfloat (json_object_get_double_member (stem, "lowpass_hz"), ==, 0.0);
}

static void
test_remove (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (JsonNode) root = NULL;

  write_sine (folder, "a.wav", 48000, 1, 4800, 110, SL_SUBTYPE_PCM_16);
  expect (folder, 0, "init song --frames 48000");
  expect (folder, 0, "add song One=tone Two=a.wav");
  expect (folder, 0, "remove song Two");
  root = load (folder, "song/song.seamline");
  g_assert_cmpuint (json_array_get_length (member_array (root, "stems")), ==, 1);
  g_assert_true (is_there (folder, "a.wav"));
  expect (folder, 2, "remove song Two");
}

static const char *
drums_mode (JsonNode *root)
{
  return json_object_get_string_member (member (root, "drums"), "mode");
}

static void
test_drums (void)
{
  static const char *const modes[] = { "pattern", "reference", "none" };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (JsonNode) root = NULL;

  write_sine (folder, "Kick.1.wav", 48000, 1, 4800, 60, SL_SUBTYPE_PCM_16);
  write_sine (folder, "drums.wav", 48000, 1, 4800, 60, SL_SUBTYPE_PCM_16);
  expect (folder, 0, "init song --frames 48000");
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autofree char *line = g_strdup_printf ("drums song --%s", modes[i]);
      g_autoptr (JsonNode) now = NULL;

      expect (folder, 0, line);
      now = load (folder, "song/song.seamline");
      g_assert_cmpstr (drums_mode (now), ==, modes[i]);
    }
  expect (folder, 0, "drums song --file Kick.1.wav drums.wav");
  root = load (folder, "song/song.seamline");
  g_assert_cmpstr (drums_mode (root), ==, "files");
  g_assert_cmpstr (json_object_get_string_member (stem_at (root, 0), "name"), ==, "Kick.1");
  g_assert_cmpstr (json_object_get_string_member (stem_at (root, 0), "role"), ==, "drums");
  g_assert_cmpstr (json_object_get_string_member (stem_at (root, 1), "name"), ==, "drums");
  /* The pattern would be called like that stem, and the project could not be read any more. */
  expect (folder, 2, "drums song --pattern");
  expect (folder, 0, "status song");
}

/* --- the project as a whole --- */

/* A lock such as another process of ours would hold. */
static int
hold_lock (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "song", ".seamline.lock", NULL);
  struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (fcntl (fd, F_OFD_SETLK, &whole), ==, 0);
  return fd;
}

static void
test_locked (void)
{
  static const char *const lines[]
      = { "run song",           "set song --bpm 100", "add song a=tone",
          "remove song Lead",   "drums song --none",  "accept song master clipping",
          "export song out.zip" };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  int fd;

  expect (folder, 0, "init song --frames 48000");
  expect (folder, 0, "add song Lead=tone");
  before = file_text (folder, "song/song.seamline");
  fd = hold_lock (folder);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (Answer) answer = cli_run (folder, lines[i]);

      assert_code (answer, 3);
      g_assert_nonnull (strstr (answer.err, "in use"));
    }
  expect (folder, 0, "status song");
  after = file_text (folder, "song/song.seamline");
  g_assert_cmpstr (before, ==, after);
  close (fd);
  expect (folder, 0, "set song --bpm 100");
}

/* Replaces the project file by @text, and expects @lines to fail and to leave it. */
static void
check_unreadable (const char *folder, const char *text)
{
  static const char *const lines[] = { "status song", "run song", "set song --bpm 100" };
  g_autofree char *path = g_build_filename (folder, "song", "song.seamline", NULL);
  g_autofree char *after = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    expect (folder, 3, lines[i]);
  after = file_text (folder, "song/song.seamline");
  g_assert_cmpstr (after, ==, text);
}

static void
test_unreadable (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *good = NULL;
  g_autofree char *newer = NULL;
  g_auto (GStrv) parts = NULL;

  expect (folder, 0, "init song --frames 48000");
  good = file_text (folder, "song/song.seamline");
  parts = g_strsplit (good, "\"format\" : 1", 2);
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  newer = g_strjoinv ("\"format\" : 2", parts);
  check_unreadable (folder, newer);
  check_unreadable (folder, "{ \"format\" : 1");
  check_unreadable (folder, "");
}

/* Looking changes nothing, not even a time. */
static void
test_status (void)
{
  static const char *const ids[]
      = { "timing", "reference", "stems", "align", "drums", "effects", "master", "deliver" };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *file = g_build_filename (folder, "song", "song.seamline", NULL);
  g_autofree char *lock = g_build_filename (folder, "song", ".seamline.lock", NULL);
  g_autoptr (JsonNode) report = NULL;
  struct stat before, after;

  expect (folder, 0, "init song --frames 48000");
  g_assert_cmpint (g_unlink (lock), ==, 0);
  g_assert_cmpint (stat (file, &before), ==, 0);
  report = cli_json (folder, 0, "status song --json");
  g_assert_cmpint (stat (file, &after), ==, 0);
  g_assert_true (before.st_ino == after.st_ino && before.st_mtim.tv_sec == after.st_mtim.tv_sec
                 && before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
  g_assert_false (g_file_test (lock, G_FILE_TEST_EXISTS));

  assert_members (json_node_get_object (report), "project target_frames state steps");
  g_assert_cmpstr (member_text (report, "state"), ==, "incomplete");
  g_assert_cmpfloat (member_number (report, "target_frames"), ==, 48000.0);
  g_assert_cmpuint (json_array_get_length (member_array (report, "steps")), ==, 8);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      JsonNode *step = json_array_get_element (member_array (report, "steps"), i);

      assert_members (json_node_get_object (step), "id state checks");
      g_assert_cmpstr (member_text (step, "id"), ==, ids[i]);
      g_assert_cmpstr (member_text (step, "state"), ==, i == 0 ? "ready" : "locked");
    }
}

static void
test_demo (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (JsonNode) report = NULL;

  expect (folder, 0, "demo song");
  report = cli_json (folder, 0, "status song --json");
  g_assert_cmpstr (report_state (report, "timing"), ==, "ready");
  expect (folder, 2, "demo song");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/project/init-defaults", test_init_defaults);
  g_test_add_func ("/cli/project/init-options", test_init_options);
  g_test_add_func ("/cli/project/init-reference", test_init_reference);
  g_test_add_func ("/cli/project/add", test_add);
  g_test_add_func ("/cli/project/add-says-length", test_add_says_length);
  g_test_add_func ("/cli/project/add-all-or-nothing", test_add_all_or_nothing);
  g_test_add_func ("/cli/project/add-unicode", test_add_unicode);
  g_test_add_func ("/cli/project/add-own-output", test_add_own_output);
  g_test_add_func ("/cli/project/set-song", test_set_song);
  g_test_add_func ("/cli/project/set-stem", test_set_stem);
  g_test_add_func ("/cli/project/remove", test_remove);
  g_test_add_func ("/cli/project/drums", test_drums);
  g_test_add_func ("/cli/project/locked", test_locked);
  g_test_add_func ("/cli/project/unreadable", test_unreadable);
  g_test_add_func ("/cli/project/status", test_status);
  g_test_add_func ("/cli/project/demo", test_demo);
  return g_test_run ();
}
