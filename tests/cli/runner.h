/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the built program in a temporary folder and reads what it says. */
#pragma once

#include "engine/io/writer.h"
#include "support/memory_source.h"
#include "support/temp_folder.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <signal.h>
#include <string.h>

/* What a run of the program has left. */
typedef struct
{
  int code; ///< exit code; 128 + n when signal n ended it
  char *out;
  char *err;
} Answer;

static inline void
answer_clear (Answer *answer)
{
  g_free (answer->out);
  g_free (answer->err);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

/* Starts seamline-cli in @folder with the arguments @argv (without the program). */
static inline GSubprocess *
cli_start (GSubprocessLauncher *launcher, const char *folder, const char *const *argv)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_ptr_array_add (all, (gpointer) g_getenv ("SEAMLINE_CLI"));
  for (guint i = 0; argv[i] != NULL; i++)
    g_ptr_array_add (all, (gpointer) argv[i]);
  g_ptr_array_add (all, NULL);
  g_subprocess_launcher_set_cwd (launcher, folder);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) all->pdata, &error);
  g_assert_no_error (error);
  return process;
}

/* Of no bytes the data is NULL. */
static inline char *
bytes_to_text (GBytes *bytes)
{
  gsize length = bytes != NULL ? g_bytes_get_size (bytes) : 0;

  return length > 0 ? g_strndup (g_bytes_get_data (bytes, NULL), length) : g_strdup ("");
}

/* Waits for the end of @process (taken). */
static inline Answer
cli_finish (GSubprocess *process)
{
  g_autoptr (GBytes) out = NULL;
  g_autoptr (GBytes) err = NULL;
  g_autoptr (GError) error = NULL;
  Answer answer;

  g_subprocess_communicate (process, NULL, NULL, &out, &err, &error);
  g_assert_no_error (error);
  answer.out = bytes_to_text (out);
  answer.err = bytes_to_text (err);
  answer.code = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process)
                                                     : 128 + g_subprocess_get_term_sig (process);
  g_object_unref (process);
  return answer;
}

static inline GSubprocessLauncher *
cli_launcher (void)
{
  GSubprocessLauncher *launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);

  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  return launcher;
}

static inline Answer
cli_run_v (const char *folder, const char *const *argv)
{
  g_autoptr (GSubprocessLauncher) launcher = cli_launcher ();

  return cli_finish (cli_start (launcher, folder, argv));
}

/* The program with the arguments in one line, parted by spaces ("_" in a word is a space). */
static inline Answer
cli_run (const char *folder, const char *line)
{
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);

  for (guint i = 0; argv[i] != NULL; i++)
    g_strdelimit (argv[i], "_", ' ');
  return cli_run_v (folder, (const char *const *) argv);
}

/* Fails with everything that was said unless the exit code is @code. */
#define assert_code(answer, expected)                                                              \
  G_STMT_START                                                                                     \
  {                                                                                                \
    if ((answer).code != (expected))                                                               \
      g_error ("%s:%d: exit code %d, not %d\n%s%s", __FILE__, __LINE__, (answer).code, (expected), \
               (answer).out, (answer).err);                                                        \
  }                                                                                                \
  G_STMT_END

/* Runs the line, which must end with @code. */
#define expect(folder, code, line)                                                                 \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_auto (Answer) expected_answer = cli_run (folder, line);                                      \
    assert_code (expected_answer, code);                                                           \
  }                                                                                                \
  G_STMT_END

/* The one document on standard output. */
static inline JsonNode *
answer_json (const Answer *answer)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_data (parser, answer->out, -1, &error);
  if (error != NULL)
    g_error ("no JSON: %s\n%s%s", error->message, answer->out, answer->err);
  return json_parser_steal_root (parser);
}

/* Runs the line, which must end with @code, and gives its document. */
static inline JsonNode *
cli_json (const char *folder, int code, const char *line)
{
  g_auto (Answer) answer = cli_run (folder, line);

  assert_code (answer, code);
  return answer_json (&answer);
}

/* Exactly the members named in @names, parted by spaces, in any order. */
static inline void
assert_members (JsonObject *object, const char *names)
{
  g_auto (GStrv) expected = g_strsplit (names, " ", -1);

  for (guint i = 0; expected[i] != NULL; i++)
    if (!json_object_has_member (object, expected[i]))
      g_error ("member “%s” is missing", expected[i]);
  g_assert_cmpuint (json_object_get_size (object), ==, g_strv_length (expected));
}

/* The member of the object @node; a number, for tests. */
static inline double
member_number (JsonNode *node, const char *name)
{
  return json_object_get_double_member (json_node_get_object (node), name);
}

static inline const char *
member_text (JsonNode *node, const char *name)
{
  return json_object_get_string_member (json_node_get_object (node), name);
}

static inline JsonArray *
member_array (JsonNode *node, const char *name)
{
  return json_object_get_array_member (json_node_get_object (node), name);
}

/* The step called @id in the document of "run" or "status". */
static inline JsonNode *
report_step (JsonNode *report, const char *id)
{
  JsonArray *steps = member_array (report, "steps");

  for (guint i = 0; i < json_array_get_length (steps); i++)
    if (strcmp (member_text (json_array_get_element (steps, i), "id"), id) == 0)
      return json_array_get_element (steps, i);
  g_error ("no step %s", id);
}

static inline const char *
report_state (JsonNode *report, const char *step)
{
  return member_text (report_step (report, step), "state");
}

/* The first check called @id in @step, of @level unless that is NULL; or NULL. */
static inline JsonNode *
report_check (JsonNode *report, const char *step, const char *id, const char *level)
{
  JsonArray *checks = member_array (report_step (report, step), "checks");

  for (guint i = 0; i < json_array_get_length (checks); i++)
    {
      JsonNode *check = json_array_get_element (checks, i);

      if (strcmp (member_text (check, "id"), id) == 0
          && (level == NULL || strcmp (member_text (check, "level"), level) == 0))
        return check;
    }
  return NULL;
}

/* --- files --- */

static inline void
write_samples (const char *folder,
               const char *name,
               const float *samples,
               int channels,
               int rate_hz,
               gint64 frames,
               SlSubtype subtype)
{
  g_autoptr (SlSource) source = memory_source_new (samples, channels, rate_hz, frames);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_auto (SlRendered) rendered = { 0 };
  g_autoptr (GError) error = NULL;

  sl_render_file (source, path, SL_CONTAINER_WAV, subtype, NULL, 0, &rendered, NULL, &error);
  g_assert_no_error (error);
  sl_part_commit (rendered.part, &error);
  g_assert_no_error (error);
}

/* Writes a sine of @hz and level 0.5 as @name in @folder. */
static inline void
write_sine (const char *folder,
            const char *name,
            int rate_hz,
            int channels,
            gint64 frames,
            double hz,
            SlSubtype subtype)
{
  g_autofree float *samples = g_new (float, frames *channels);

  for (gint64 i = 0; i < frames * channels; i++)
    samples[i] = (float) (0.5 * sin (2.0 * G_PI * hz * (double) (i / channels) / rate_hz));
  write_samples (folder, name, samples, channels, rate_hz, frames, subtype);
}

static inline char *
file_text (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static inline char *
file_digest (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  SlDigest digest;
  char hex[SL_DIGEST_HEX_LENGTH + 1];

  sl_digest_file (path, &digest, NULL, &error);
  g_assert_no_error (error);
  sl_digest_to_hex (&digest, hex);
  return g_strdup (hex);
}

static inline gboolean
is_there (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* Parts that a run has left anywhere below @folder. */
static inline guint
count_parts (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      n += sl_part_is_part_name (name);
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        n += count_parts (path);
    }
  return n;
}
