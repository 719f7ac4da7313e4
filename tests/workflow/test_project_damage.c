/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A damaged project file is refused or understood, never written over, never a crash. */
#include "full_project.h"

#include <unistd.h>

#define NESTING_BYTES (16 * 1024 * 1024)
#define FLIPPED_FILES 10000

static void
test_not_a_project (void)
{
  static const char *const texts[] = {
    "",
    "\n",
    "null",
    "[]",
    "{}",
    "\"format\"",
    "{\"format\": \"1\"}",
    "{\"format\": 1.5}",
    "{\"format\": 0}",
    "{\"format\": -1}",
    "{\"format\": 1}",
    "{\"format\": 1, \"title\": \"../x\"}",
    "{\"format\": 1, \"title\": \"x\"}",
    "{\"format\": 1, \"title\": \"x\", \"timing\": {\"bpm\": 120}}",
    "{\"format\": 1, \"title\": \"x\", \"timing\": {\"bpm\": \"12\"}}",
    "\xff\xfe\x00",
    "{\"format\": 1, // a comment\n}",
    "{'format': 1}",
    "\"format\"{\"format\": 1}",
    "{}{\"format\": 1}",
    "{\"format\": 1},",
    "this is not JSON",
  };
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture, sl_settings_new (TITLE));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *message = NULL;

      write_file (sl_project_get_file (fixture.project), texts[i], strlen (texts[i]));
      message = assert_refused (fixture.project, SL_ERROR_PROJECT);
    }
}

/* A recursive parser would run out of stack: 16 MiB of brackets. */
static void
test_deep_nesting (void)
{
  static const char *const brackets[] = { "[", "{\"a\":" };
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture, sl_settings_new (TITLE));
  for (guint kind = 0; kind < G_N_ELEMENTS (brackets); kind++)
    {
      g_autoptr (GString) text = g_string_new ("{\"format\": 1, \"x\": ");
      g_autofree char *message = NULL;

      while (text->len < NESTING_BYTES)
        g_string_append (text, brackets[kind]);
      write_file (sl_project_get_file (fixture.project), text->str, text->len);
      message = assert_refused (fixture.project, SL_ERROR_PROJECT);
    }
}

/* What the parser takes as quotation or comment must not hide brackets from whoever counts them. */
static void
test_hidden_nesting (void)
{
  static const char *const starts[] = { "/*\"*/", "//\"\n", "'\"'", "['\"',", "{\"a\":/*\"*/" };
  g_autofree char *brackets = g_strnfill (200000, '[');
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture, sl_settings_new (TITLE));
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      g_autofree char *text = g_strconcat (starts[i], brackets, NULL);
      g_autofree char *message = NULL;

      write_file (sl_project_get_file (fixture.project), text, strlen (text));
      message = assert_refused (fixture.project, SL_ERROR_PROJECT);
    }
}

/* The whole file with @member in front of all others. */
static char *
with_member (SlProject *project, const char *member)
{
  g_autoptr (GBytes) snapshot = sl_project_snapshot (project);
  const char *text = g_bytes_get_data (snapshot, NULL);

  g_assert_true (*text == '{');
  return g_strconcat ("{\"x\": \"", member, "\",", text + 1, NULL);
}

/* Half a character would be saved as bytes that no project file may hold. */
static void
test_half_characters (void)
{
  static const char *const broken[]
      = { "\\ud834",        "\\ud834x",       "\\udd1e",        "\\ud834\\n",
          "\\ud834\\u0041", "\\udd1e\\ud834", "\\ud834\\ud834", "\\ud834\\ux",
          "\\u12",          "\\273",          "\\x41",          "\\u123x" };
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture, make_full_settings ());
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autofree char *text = with_member (fixture.project, broken[i]);
      g_autofree char *message = NULL;

      write_file (sl_project_get_file (fixture.project), text, strlen (text));
      message = assert_refused (fixture.project, SL_ERROR_PROJECT);
    }
}

/* The parser would take the last of them. */
static void
test_two_objects (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *text = NULL;
  g_autofree char *message = NULL;
  g_autofree char *file = NULL;
  gsize length;

  fixture_init (&fixture, make_full_settings ());
  file = read_file (sl_project_get_file (fixture.project), &length);
  text = g_strconcat (file, file, NULL);
  write_file (sl_project_get_file (fixture.project), text, strlen (text));
  message = assert_refused (fixture.project, SL_ERROR_PROJECT);
}

/* What a newer version keeps is written back, so it must be something that can be written. */
static void
test_endless_numbers (void)
{
  static const char *const broken[] = { "1e999", "-1e999", "[0, {\"y\": 1e999}]" };
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture, make_full_settings ());
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GBytes) snapshot = sl_project_snapshot (fixture.project);
      const char *members = (const char *) g_bytes_get_data (snapshot, NULL) + 1;
      g_autofree char *text = g_strconcat ("{\"x\": ", broken[i], ",", members, NULL);
      g_autofree char *message = NULL;

      write_file (sl_project_get_file (fixture.project), text, strlen (text));
      message = assert_refused (fixture.project, SL_ERROR_PROJECT);
    }
}

/* Whole characters, however they are written, open and can be saved. */
static void
test_escaped_characters (void)
{
  static const char *const good[]
      = { "\\ud834\\udd1e", "\\uD834\\uDD1E", "\\u00e9\\n\\\"\\\\", "\\\\ud834", "/* ' */" };
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture, make_full_settings ());
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *text = with_member (fixture.project, good[i]);

      write_file (sl_project_get_file (fixture.project), text, strlen (text));
      fixture_reopen (&fixture);
      g_assert_true (sl_project_save (fixture.project, NULL));
      fixture_reopen (&fixture);
    }
}

/* The parser's own words, in which it quotes what it did not expect, are for nobody: the line is
 * told, whatever stands in it. */
static void
test_plain_words (void)
{
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture, sl_settings_new (TITLE));
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GString) text = g_string_new (i == 0 ? "{\n\"" : "{\n\"x");
      g_autofree char *message = NULL;

      for (int n = 0; n < 1000; n++)
        g_string_append (text, "ü");
      g_string_append (text, "\" 1}");
      write_file (sl_project_get_file (fixture.project), text->str, text->len);
      message = assert_refused (fixture.project, SL_ERROR_PROJECT);
      g_assert_nonnull (strstr (message, "near line 2."));
      g_assert_null (strstr (message, "<data>"));
      g_assert_null (strstr (message, "ü"));
    }
}

/* Brackets in texts are no nesting, however their quotes are escaped. */
static void
test_brackets_in_strings (void)
{
  static const char *const starts[] = { "", "\"", "\\\"", "\\" };

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      SlSettings *settings = make_full_settings ();
      g_autofree char *brackets = g_strnfill (500, i % 2 == 0 ? '[' : '{');
      g_autofree char *reason = g_strconcat (starts[i], brackets, NULL);

      sl_settings_accept (settings, "align", "x", "Gitarre", reason, "1");
      fixture_init (&fixture, settings);
      fixture_reopen (&fixture);
      g_assert_cmpuint (sl_project_get_settings (fixture.project)->accepted->len, ==, 3);
    }
}

/* Whoever is refused is told of which file, and how to get a good one. */
static void
assert_helpful (const GError *error)
{
  g_assert_nonnull (strstr (error->message, TITLE SL_PROJECT_SUFFIX));
  if (g_error_matches (error, SL_ERROR, SL_ERROR_NEWER))
    g_assert_nonnull (strstr (error->message, "update to open it"));
  else
    {
      g_assert_error (error, SL_ERROR, SL_ERROR_PROJECT);
      g_assert_nonnull (strstr (error->message, ".bak"));
    }
}

/* Opens what may be damaged: whatever happens, badges can be told and the file stays. Whether it
 * opened. */
static gboolean
open_damaged (const char *folder, const char *file, const char *text, gsize length)
{
  gsize length_after;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlProject) project = NULL;
  SlState states[SL_N_STEPS];

  write_file (file, text, length);
  project = sl_project_open (folder, &error);
  if (project != NULL)
    sl_badge_all (project, states);
  else
    assert_helpful (error);
  after = read_file (file, &length_after);
  g_assert_cmpmem (after, length_after, text, length);
  return project != NULL;
}

/* At every byte when time does not matter. */
static void
test_truncated (void)
{
  g_auto (Fixture) fixture = { 0 };
  gsize length;
  g_autofree char *text = make_rich_file (&fixture, &length);
  const char *file = sl_project_get_file (fixture.project);
  const char *folder = sl_project_get_folder (fixture.project);

  const gboolean thorough = g_strcmp0 (g_getenv ("SEAMLINE_THOROUGH"), "1") == 0;

  for (gsize cut = 0; cut < length; cut += thorough || cut < 600 || cut + 20 > length ? 1 : 17)
    g_assert_false (open_damaged (folder, file, text, cut));
}

static void
test_flipped_bits (void)
{
  g_auto (Fixture) fixture = { 0 };
  gsize length;
  g_autofree char *text = make_rich_file (&fixture, &length);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);

  for (int round = 0; round < FLIPPED_FILES; round++)
    {
      g_autofree char *damaged = g_memdup2 (text, length);

      for (int flips = g_rand_int_range (random, 1, 4); flips > 0; flips--)
        damaged[g_rand_int_range (random, 0, (gint32) length)]
            ^= (char) (1 << g_rand_int_range (random, 0, 8));
      open_damaged (sl_project_get_folder (fixture.project), sl_project_get_file (fixture.project),
                    damaged, length);
    }
}

/* Numbers and words that are valid JSON but that nobody would write. */
static void
test_odd_values (void)
{
  static const char *const values[] = { "9223372036854775807",
                                        "-9223372036854775808",
                                        "99999999999999999999",
                                        "1e308",
                                        "-1e308",
                                        "-1",
                                        "0",
                                        "null",
                                        "true",
                                        "[]",
                                        "{}",
                                        "\"\"",
                                        "\"auto\"",
                                        "1.5" };
  g_auto (Fixture) fixture = { 0 };
  gsize length;
  g_autofree char *text = make_rich_file (&fixture, &length);
  g_autoptr (GRegex) regex
      = g_regex_new ("(?<=\" : )(\"[^\"\n]*\"|-?[0-9][^,\n]*|true|false|null)(?=,?\n)", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  guint places = 0;

  g_regex_match (regex, text, 0, &match);
  for (; g_match_info_matches (match); g_match_info_next (match, NULL), places++)
    for (guint i = 0; i < G_N_ELEMENTS (values); i++)
      {
        g_autoptr (GString) odd = NULL;
        int start, end;

        g_match_info_fetch_pos (match, 0, &start, &end);
        odd = g_string_new_len (text, start);
        g_string_append (odd, values[i]);
        g_string_append (odd, text + end);
        if (places < 80 || places % 23 == 0)
          open_damaged (sl_project_get_folder (fixture.project),
                        sl_project_get_file (fixture.project), odd->str, odd->len);
      }
  g_assert_cmpuint (places, >, 200);
}

/* Positions of centuries are cut to what can be added up. */
static void
test_absurd_positions (void)
{
  static const char *const members[][2] = { { "timing", "downbeat" }, { "reference", "frames" } };
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = sl_settings_new (TITLE);
  g_autoptr (GError) error = NULL;

  settings_add_tone (settings, "Tone", 0.0)->section = g_strdup ("bridge");
  fixture_init (&fixture, settings);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      gsize length;
      g_autofree char *text = read_file (sl_project_get_file (fixture.project), &length);
      g_autoptr (JsonNode) document = json_from_string (text, NULL);
      g_autofree char *odd = NULL;

      json_object_set_int_member (json_object_get_object_member (json_node_get_object (document),
                                                                 members[i][0]),
                                  members[i][1], G_MAXINT64);
      odd = json_to_string (document, TRUE);
      write_file (sl_project_get_file (fixture.project), odd, strlen (odd));
    }
  fixture_reopen (&fixture);
  error = fixture_try_run (&fixture, SL_STEP_DELIVER, NULL);
  g_assert_error (error, SL_ERROR, SL_ERROR_NO_SPACE);
}

static void
test_backup (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *backup = NULL;
  g_autofree char *first = NULL;
  g_autofree char *kept = NULL;
  g_autofree char *message = NULL;
  gsize first_length, kept_length;
  SlSettings *settings;

  fixture_init (&fixture, sl_settings_new (TITLE));
  backup = g_strconcat (sl_project_get_file (fixture.project), ".bak", NULL);
  g_assert_false (g_file_test (backup, G_FILE_TEST_EXISTS));
  first = read_file (sl_project_get_file (fixture.project), &first_length);

  settings = fixture_settings (&fixture);
  settings->fit_gains = TRUE;
  sl_project_take_settings (fixture.project, settings);
  save (fixture.project);
  kept = read_file (backup, &kept_length);
  g_assert_cmpmem (kept, kept_length, first, first_length);

  write_file (sl_project_get_file (fixture.project), "damaged", 7);
  message = assert_refused (fixture.project, SL_ERROR_PROJECT);
  g_assert_nonnull (strstr (message, ".bak"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);

  g_test_add_func ("/project-damage/not-a-project", test_not_a_project);
  g_test_add_func ("/project-damage/deep-nesting", test_deep_nesting);
  g_test_add_func ("/project-damage/hidden-nesting", test_hidden_nesting);
  g_test_add_func ("/project-damage/half-characters", test_half_characters);
  g_test_add_func ("/project-damage/two-objects", test_two_objects);
  g_test_add_func ("/project-damage/endless-numbers", test_endless_numbers);
  g_test_add_func ("/project-damage/escaped-characters", test_escaped_characters);
  g_test_add_func ("/project-damage/plain-words", test_plain_words);
  g_test_add_func ("/project-damage/brackets-in-strings", test_brackets_in_strings);
  g_test_add_func ("/project-damage/truncated", test_truncated);
  g_test_add_func ("/project-damage/flipped-bits", test_flipped_bits);
  g_test_add_func ("/project-damage/odd-values", test_odd_values);
  g_test_add_func ("/project-damage/absurd-positions", test_absurd_positions);
  g_test_add_func ("/project-damage/backup", test_backup);

  return g_test_run ();
}
