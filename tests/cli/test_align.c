/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file outside of any project: align and measure. */
#include "runner.h"

#include "support/noise.h"

#define ALIGN_MEMBERS                                                                              \
  "strategy reason frames offset offset_confidence segments seams candidates candidate checks"
#define SEAM_MEMBERS "position overlap step level_db grid_ms match"
#define SEGMENT_MEMBERS "dest source length fade_in fade_out correlation"
#define MEASURE_MEMBERS "path frames rate channels subtype peak true_peak_dbtp rms clip_ratio dc"

/* What a decoder finds in @name. */
static SlReadback
read_back (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  SlReadback readback;

  sl_readback_run (path, NULL, 0, &readback, NULL, &error);
  g_assert_no_error (error);
  return readback;
}

static void
assert_document (JsonNode *root)
{
  JsonArray *seams = member_array (root, "seams");
  JsonArray *segments = member_array (root, "segments");

  assert_members (json_node_get_object (root), ALIGN_MEMBERS);
  for (guint i = 0; i < json_array_get_length (seams); i++)
    assert_members (json_array_get_object_element (seams, i), SEAM_MEMBERS);
  for (guint i = 0; i < json_array_get_length (segments); i++)
    assert_members (json_array_get_object_element (segments, i), SEGMENT_MEMBERS);
}

/* A tone of whole periods, looped: every join is perfect. */
static void
test_loop (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (JsonNode) root = NULL;
  SlReadback found;

  write_sine (folder, "bass.wav", 48000, 2, 96000, 100, SL_SUBTYPE_PCM_24);
  root = cli_json (folder, 0,
                   "align bass.wav out.wav --seconds 10 --bpm 120 --strategy loop --json");
  assert_document (root);
  g_assert_cmpstr (member_text (root, "strategy"), ==, "loop");
  g_assert_cmpfloat (member_number (root, "frames"), ==, 480000.0);
  g_assert_cmpfloat (member_number (root, "offset"), ==, 0.0);
  g_assert_cmpuint (json_array_get_length (member_array (root, "seams")), >=, 4);
  g_assert_cmpuint (json_array_get_length (member_array (root, "candidates")), >=, 1);
  for (guint i = 0; i < json_array_get_length (member_array (root, "seams")); i++)
    {
      JsonObject *seam = json_array_get_object_element (member_array (root, "seams"), i);

      g_assert_cmpfloat (json_object_get_double_member (seam, "step"), <=, 1.5);
    }
  found = read_back (folder, "out.wav");
  g_assert_cmpint (found.frames, ==, 480000);
  g_assert_cmpint (found.info.channels, ==, 2);
  g_assert_cmpstr (found.info.encoding, ==, "PCM_24");
  g_assert_cmpstr (found.info.container, ==, "WAV");
}

static void
test_lengths (void)
{
  static const struct
  {
    const char *options;
    gint64 frames;
    const char *strategy;
  } cases[] = {
    { "--frames 48000", 48000, "none" },
    { "--frames 1", 1, "truncate" },
    { "--frames 50000", 50000, "zero-pad" },
    { "--seconds 0.5", 24000, "truncate" },
    /* 44,100 frames at 44,100 Hz are 48,000 at the input's 48,000 Hz, and so on. */
    { "--like second.wav", 48000, "none" },
    { "--like odd.wav", 48001, "zero-pad" },
    { "--frames 50000 --strategy zero-pad --offset 1000", 50000, "zero-pad" },
  };
  g_autoptr (TestFolder) folder = test_folder_new ();

  write_sine (folder, "in.wav", 48000, 1, 48000, 100, SL_SUBTYPE_FLOAT);
  write_sine (folder, "second.wav", 44100, 1, 44100, 100, SL_SUBTYPE_FLOAT);
  write_sine (folder, "odd.wav", 44100, 2, 44101, 100, SL_SUBTYPE_FLOAT);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line = g_strdup_printf ("align in.wav out.wav %s --json", cases[i].options);
      g_autoptr (JsonNode) root = cli_json (folder, 0, line);

      assert_document (root);
      g_assert_cmpstr (member_text (root, "strategy"), ==, cases[i].strategy);
      g_assert_cmpint (read_back (folder, "out.wav").frames, ==, cases[i].frames);
    }
}

/* The same file, started 300 frames late, moves back to where the other has it. */
static void
test_offset (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree float *samples = g_new0 (float, 240000);
  guint32 state = 1;

  /* Noise in bursts: it has one place only where it fits. */
  for (int i = 0; i < 240000; i++)
    {
      float noise = noise_sample (&state);

      samples[i] = (i / 7919) % 2 == 0 ? 0.5f * noise : 0.0f;
    }
  write_samples (folder, "late.wav", samples, 1, 48000, 239000, SL_SUBTYPE_FLOAT);
  write_samples (folder, "song.wav", samples + 300, 1, 48000, 239000, SL_SUBTYPE_FLOAT);
  root = cli_json (folder, 0, "align late.wav out.wav --like song.wav --offset auto --json");
  g_assert_cmpfloat (member_number (root, "offset"), ==, -300.0);
  g_assert_cmpfloat (member_number (root, "offset_confidence"), >=, 0.5);
}

/* Nothing takes the place of a file that was asked to be read. */
static void
test_refused (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *hard = g_build_filename (folder, "hard.wav", NULL);
  g_autofree char *in = g_build_filename (folder, "in.wav", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  write_sine (folder, "in.wav", 48000, 1, 48000, 100, SL_SUBTYPE_FLOAT);
  write_sine (folder, "other.wav", 44100, 1, 48000, 100, SL_SUBTYPE_FLOAT);
  g_assert_cmpint (link (in, hard), ==, 0);
  before = file_digest (folder, "in.wav");
  expect (folder, 2, "align in.wav hard.wav --frames 10");
  expect (folder, 2, "align in.wav other.wav --like other.wav");
  expect (folder, 2, "align in.wav out.wav --like other.wav --offset auto");
  after = file_digest (folder, "in.wav");
  g_assert_cmpstr (before, ==, after);
  g_assert_false (is_there (folder, "out.wav"));
}

/* What cannot be planned, or must not be trusted, is red and writes nothing. */
static void
test_red (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *cut = g_build_filename (folder, "cut.wav", NULL);
  g_autofree char *bytes = NULL;
  gsize size = 0;
  g_autoptr (JsonNode) unplanned = NULL;
  g_autoptr (JsonNode) damaged = NULL;

  write_sine (folder, "in.wav", 48000, 1, 48000, 100, SL_SUBTYPE_FLOAT);
  unplanned = cli_json (folder, 1, "align in.wav out.wav --frames 10 --strategy loop --json");
  assert_document (unplanned);
  g_assert_true (json_object_get_null_member (json_node_get_object (unplanned), "strategy"));
  g_assert_cmpstr (json_object_get_string_member (
                       json_array_get_object_element (
                           member_array (unplanned, "checks"),
                           json_array_get_length (member_array (unplanned, "checks")) - 1),
                       "level"),
                   ==, "fail");

  write_sine (folder, "cut.wav", 48000, 1, 48000, 100, SL_SUBTYPE_FLOAT);
  g_assert_true (g_file_get_contents (cut, &bytes, &size, NULL));
  g_assert_true (g_file_set_contents (cut, bytes, (gssize) (size - 40000), NULL));
  damaged = cli_json (folder, 1, "align cut.wav out.wav --frames 50000 --json");
  assert_document (damaged);
  g_assert_true (json_object_get_null_member (json_node_get_object (damaged), "strategy"));
  expect (folder, 1, "align in.wav out.wav --like cut.wav");
  g_assert_false (is_there (folder, "out.wav"));
}

/* Two loud noises add up to more than PCM holds: what was rendered must not be used. */
static void
test_overs (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree float *samples = g_new (float, 96000);
  g_autoptr (JsonNode) root = NULL;
  guint32 state = 1;

  for (int i = 0; i < 96000; i++)
    samples[i] = 0.99f * noise_sample (&state);
  write_samples (folder, "in.wav", samples, 1, 48000, 96000, SL_SUBTYPE_PCM_16);
  root = cli_json (
      folder, 1,
      "align in.wav out.wav --frames 192000 --strategy loop --join 60000 --fade 200 --json");
  assert_document (root);
  g_assert_cmpstr (member_text (root, "strategy"), ==, "loop");
  g_assert_false (is_there (folder, "out.wav"));
  g_assert_cmpuint (count_parts (folder), ==, 0);
}

/* A seam that is heard is red, and yet is written: a person may want it so. */
static void
test_judgement (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree float *samples = g_new (float, 48000);
  g_auto (Answer) words = { 0 };

  /* A ramp never comes back to where it was: each join of it is a jump. */
  for (int i = 0; i < 48000; i++)
    samples[i] = (float) i / 48000.0f - 0.5f;
  write_samples (folder, "in.wav", samples, 1, 48000, 48000, SL_SUBTYPE_FLOAT);
  words = cli_run (folder, "align in.wav out.wav --frames 96000 --strategy loop --fade 0");
  assert_code (words, 1);
  g_assert_nonnull (strstr (words.out, "✗ Fail"));
  g_assert_nonnull (strstr (words.out, "Fix:"));
  g_assert_cmpint (read_back (folder, "out.wav").frames, ==, 96000);
}

static gboolean
encode (const char *folder, const char *encoder, const char *in, const char *out)
{
  g_autofree char *program = g_find_program_in_path (encoder);
  g_autofree char *command
      = g_strdup_printf ("%s --quiet %s/%s %s %s/%s", encoder, folder, in,
                         strcmp (encoder, "lame") == 0 ? "" : "-o", folder, out);

  return program != NULL && g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL);
}

/* A lossy file is decoded once; its copy does not stay. */
static void
test_lossy (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *spare = g_build_filename (folder, "spare", NULL);

  write_sine (folder, "in.wav", 44100, 2, 44100, 441, SL_SUBTYPE_PCM_16);
  if (!encode (folder, "oggenc", "in.wav", "in.ogg"))
    {
      g_test_skip ("oggenc is not installed");
      return;
    }
  g_assert_cmpint (g_mkdir (spare, 0777), ==, 0);
  expect (folder, 0, "align in.ogg spare/out.wav --frames 60000 --strategy zero-pad");
  g_assert_cmpint (read_back (folder, "spare/out.wav").frames, ==, 60000);
  g_assert_cmpstr (read_back (folder, "spare/out.wav").info.encoding, ==, "FLOAT");
  g_assert_cmpuint (test_folder_count (spare), ==, 1);
  expect (folder, 0, "align in.wav spare/two.wav --like in.ogg");
  g_assert_cmpuint (test_folder_count (spare), ==, 2);
}

/* --- measure --- */

static void
test_measure (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (JsonNode) root = NULL;
  JsonNode *sine, *gone, *silent;

  write_sine (folder, "sine.wav", 48000, 2, 48000, 1000, SL_SUBTYPE_FLOAT);
  write_sine (folder, "silent.wav", 48000, 1, 4800, 0, SL_SUBTYPE_PCM_16);
  root = cli_json (folder, 3, "measure sine.wav gone.wav silent.wav --json");
  g_assert_cmpuint (json_array_get_length (json_node_get_array (root)), ==, 3);
  sine = json_array_get_element (json_node_get_array (root), 0);
  gone = json_array_get_element (json_node_get_array (root), 1);
  silent = json_array_get_element (json_node_get_array (root), 2);

  assert_members (json_node_get_object (sine), MEASURE_MEMBERS);
  g_assert_cmpstr (member_text (sine, "path"), ==, "sine.wav");
  g_assert_cmpfloat (member_number (sine, "frames"), ==, 48000.0);
  g_assert_cmpfloat (member_number (sine, "rate"), ==, 48000.0);
  g_assert_cmpfloat (member_number (sine, "channels"), ==, 2.0);
  g_assert_cmpstr (member_text (sine, "subtype"), ==, "FLOAT");
  /* A sine of 0.5: peak 0.5, RMS 0.5/√2, true peak -6.02 dBTP (EBU allows +0.2, -0.4 dB). */
  g_assert_cmpfloat_with_epsilon (member_number (sine, "peak"), 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (member_number (sine, "rms"), 0.35355, 1e-5);
  g_assert_cmpfloat_with_epsilon (member_number (sine, "true_peak_dbtp"), -6.02, 0.2);
  g_assert_cmpfloat (member_number (sine, "clip_ratio"), ==, 0.0);
  g_assert_cmpfloat_with_epsilon (member_number (sine, "dc"), 0.0, 1e-6);

  assert_members (json_node_get_object (gone), MEASURE_MEMBERS " reason");
  g_assert_true (json_object_get_null_member (json_node_get_object (gone), "frames"));
  assert_members (json_node_get_object (silent), MEASURE_MEMBERS " reason");
  g_assert_true (json_object_get_null_member (json_node_get_object (silent), "true_peak_dbtp"));
  g_assert_cmpfloat (member_number (silent, "peak"), ==, 0.0);
}

/* A file cut short is measured, and said to be cut short. */
static void
test_measure_damage (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "cut.wav", NULL);
  g_auto (Answer) answer = { 0 };

  write_sine (folder, "cut.wav", 48000, 1, 48000, 100, SL_SUBTYPE_FLOAT);
  g_assert_cmpint (truncate (path, 100000), ==, 0);
  answer = cli_run (folder, "measure cut.wav");
  g_assert_cmpint (answer.code, ==, 1);
  g_assert_nonnull (strstr (answer.out, "[header]"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/align/loop", test_loop);
  g_test_add_func ("/cli/align/lengths", test_lengths);
  g_test_add_func ("/cli/align/offset", test_offset);
  g_test_add_func ("/cli/align/refused", test_refused);
  g_test_add_func ("/cli/align/red", test_red);
  g_test_add_func ("/cli/align/overs", test_overs);
  g_test_add_func ("/cli/align/judgement", test_judgement);
  g_test_add_func ("/cli/align/lossy", test_lossy);
  g_test_add_func ("/cli/measure", test_measure);
  g_test_add_func ("/cli/measure-damage", test_measure_damage);
  return g_test_run ();
}
