/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The project file keeps everything, whatever version wrote it. */
#include "full_project.h"
#include "workflow/json.h"

#include <errno.h>

static char *
settings_text (const SlSettings *settings)
{
  g_autoptr (JsonNode) node = sl_json_take_object (json_object_new ());

  sl_settings_to_json (settings, json_node_get_object (node));
  return json_to_string (node, TRUE);
}

static void
assert_same_sections (const GArray *a, const GArray *b)
{
  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++)
    {
      const SlSection *section = &g_array_index (a, SlSection, i);
      const SlSection *other = &g_array_index (b, SlSection, i);

      g_assert_cmpstr (section->name, ==, other->name);
      g_assert_cmpint (section->beats, ==, other->beats);
    }
}

static void
assert_same_stem (const SlStem *a, const SlStem *b)
{
  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpint (a->kind, ==, b->kind);
  g_assert_cmpstr (a->file, ==, b->file);
  if (a->kind == SL_STEM_TONE)
    {
      g_assert_cmpfloat (a->tone_hz, ==, b->tone_hz);
      g_assert_cmpfloat (a->amplitude, ==, b->amplitude);
      g_assert_cmpfloat (a->seconds, ==, b->seconds);
    }
  g_assert_cmpint (a->convert, ==, b->convert);
  g_assert_cmpstr (a->role, ==, b->role);
  g_assert_cmpstr (a->section, ==, b->section);
  g_assert_cmpint (a->strategy, ==, b->strategy);
  g_assert_cmpint (a->offset_auto, ==, b->offset_auto);
  g_assert_cmpint (a->offset, ==, b->offset);
  g_assert_cmpint (a->ending, ==, b->ending);
  g_assert_cmpint (a->fill, ==, b->fill);
  g_assert_cmpint (a->loop_bars, ==, b->loop_bars);
  g_assert_cmpint (a->join, ==, b->join);
  g_assert_cmpfloat (a->fade_ms, ==, b->fade_ms);
  g_assert_cmpuint (a->candidate, ==, b->candidate);
  g_assert_cmpfloat (a->lowpass_hz, ==, b->lowpass_hz);
  g_assert_cmpfloat (a->gain, ==, b->gain);
  g_assert_cmpint (a->mute, ==, b->mute);
}

static void
assert_same_accepted (const SlAcceptance *a, const SlAcceptance *b)
{
  g_assert_cmpstr (a->step, ==, b->step);
  g_assert_cmpstr (a->check, ==, b->check);
  g_assert_cmpstr (a->subject, ==, b->subject);
  g_assert_cmpstr (a->reason, ==, b->reason);
  g_assert_cmpstr (a->key, ==, b->key);
}

static void
assert_same_settings (const SlSettings *a, const SlSettings *b)
{
  g_assert_cmpstr (a->title, ==, b->title);
  g_assert_cmpint (a->bpm.num, ==, b->bpm.num);
  g_assert_cmpint (a->bpm.den, ==, b->bpm.den);
  g_assert_cmpint (a->beats_per_bar, ==, b->beats_per_bar);
  g_assert_cmpint (a->downbeat, ==, b->downbeat);
  assert_same_sections (a->sections, b->sections);
  g_assert_cmpfloat (a->planned_seconds, ==, b->planned_seconds);
  g_assert_cmpint (a->rate_hz, ==, b->rate_hz);
  g_assert_cmpint (a->subtype, ==, b->subtype);
  g_assert_cmpstr (a->reference, ==, b->reference);
  g_assert_cmpint (a->reference_frames, ==, b->reference_frames);
  g_assert_cmpint (a->reference_convert, ==, b->reference_convert);
  g_assert_cmpfloat (a->min_seconds, ==, b->min_seconds);
  g_assert_cmpint (a->drums, ==, b->drums);
  g_assert_cmpint (a->fit_gains, ==, b->fit_gains);
  g_assert_cmpuint (a->stems->len, ==, b->stems->len);
  for (guint i = 0; i < a->stems->len; i++)
    assert_same_stem (a->stems->pdata[i], b->stems->pdata[i]);
  g_assert_cmpuint (g_hash_table_size (a->limits), ==, g_hash_table_size (b->limits));
  g_assert_cmpfloat (sl_settings_limit (a, "seam-step", 0), ==,
                     sl_settings_limit (b, "seam-step", 0));
  g_assert_cmpfloat (sl_settings_limit (a, "null", 0), ==, sl_settings_limit (b, "null", 0));
  g_assert_cmpuint (a->accepted->len, ==, b->accepted->len);
  for (guint i = 0; i < a->accepted->len; i++)
    assert_same_accepted (a->accepted->pdata[i], b->accepted->pdata[i]);
}

/* Members of @object and of what it holds whose value is that of @other. */
static void
collect_equal_members (JsonObject *object, JsonObject *other, const char *where, GString *equal)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    {
      JsonNode *node = json_object_get_member (object, l->data);
      JsonNode *default_node = json_object_get_member (other, l->data);

      if (default_node == NULL)
        continue;
      if (JSON_NODE_HOLDS_OBJECT (node) && JSON_NODE_HOLDS_OBJECT (default_node))
        collect_equal_members (json_node_get_object (node), json_node_get_object (default_node),
                               l->data, equal);
      else if (json_node_equal (node, default_node))
        g_string_append_printf (equal, "%s.%s ", where, (const char *) l->data);
    }
}

/* A member that a later version adds must be set here too, or its round trip is not tested. */
static void
test_nothing_left_at_default (void)
{
  g_autoptr (SlSettings) full = make_full_settings ();
  g_autoptr (SlSettings) defaults = sl_settings_new ("Other");
  g_autoptr (SlStem) stem = sl_stem_new ("Other", SL_STEM_FILE);
  g_autoptr (JsonNode) full_node = sl_json_take_object (json_object_new ());
  g_autoptr (JsonNode) default_node = sl_json_take_object (json_object_new ());
  g_autoptr (JsonNode) full_stem = sl_stem_to_json (full->stems->pdata[0]);
  g_autoptr (JsonNode) default_stem = NULL;
  g_autoptr (GString) equal = g_string_new (NULL);

  stem->file = g_strdup ("other.wav");
  default_stem = sl_stem_to_json (stem);
  sl_settings_to_json (full, json_node_get_object (full_node));
  sl_settings_to_json (defaults, json_node_get_object (default_node));
  collect_equal_members (json_node_get_object (full_node), json_node_get_object (default_node), "",
                         equal);
  collect_equal_members (json_node_get_object (full_stem), json_node_get_object (default_stem),
                         "stem", equal);
  g_assert_cmpstr (equal->str, ==, "stem.kind ");
}

static void
test_settings_round_trip (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (SlSettings) full = make_full_settings ();
  g_autofree char *before = settings_text (full);
  g_autofree char *after = NULL;

  fixture_init (&fixture, sl_settings_copy (full));
  fixture_reopen (&fixture);
  assert_same_settings (sl_project_get_settings (fixture.project), full);
  save (fixture.project);
  fixture_reopen (&fixture);
  after = settings_text (sl_project_get_settings (fixture.project));
  g_assert_cmpstr (after, ==, before);
}

/* --- records and files --- */

static char *
record_text (const SlRecord *record)
{
  g_autoptr (JsonNode) node = sl_record_to_json (record);

  return json_to_string (node, TRUE);
}

static void
test_records_round_trip (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (SlRecord) record = make_full_record ();
  g_autofree char *before = record_text (record);
  g_autofree char *after = NULL;
  SlStat stat = { .device = 1, .inode = 1ULL << 63, .size_bytes = 5, .mtime_ns = 6, .ctime_ns = 7 };
  const SlFileEntry *entry;
  SlRecord *read;

  fixture_init (&fixture, make_full_settings ());
  sl_project_take_record (fixture.project, SL_STEP_ALIGN, "Gitarre", sl_record_ref (record));
  sl_file_table_set (sl_project_get_files (fixture.project), "aligned/Gitarre.wav", &stat,
                     "ffeeddccbbaa99887766554433221100", "a probe");
  save (fixture.project);
  fixture_reopen (&fixture);

  read = sl_project_get_record (fixture.project, SL_STEP_ALIGN, "Gitarre");
  g_assert_nonnull (read);
  after = record_text (read);
  g_assert_cmpstr (after, ==, before);
  entry = sl_file_table_get (sl_project_get_files (fixture.project), "aligned/Gitarre.wav");
  g_assert_nonnull (entry);
  g_assert_cmpstr (entry->digest, ==, "ffeeddccbbaa99887766554433221100");
  g_assert_cmpstr (entry->probe, ==, "a probe");
  g_assert_true (sl_stat_equal (&entry->stat, &stat));
  g_assert_cmpuint (entry->stat.device, ==, stat.device);
}

/* --- what other versions wrote --- */

static JsonNode *
read_document (SlProject *project)
{
  gsize length;
  g_autofree char *text = read_file (sl_project_get_file (project), &length);
  g_autoptr (GError) error = NULL;
  JsonNode *document = json_from_string (text, &error);

  g_assert_no_error (error);
  return document;
}

static void
write_document (SlProject *project, JsonNode *document)
{
  g_autofree char *text = json_to_string (document, TRUE);

  write_file (sl_project_get_file (project), text, strlen (text));
}

/* The objects that may hold members of another version. */
static GPtrArray *
list_open_objects (JsonObject *root)
{
  GPtrArray *objects = g_ptr_array_new ();

  g_ptr_array_add (objects, root);
  g_ptr_array_add (objects, json_object_get_object_member (root, "timing"));
  g_ptr_array_add (objects, json_object_get_object_member (root, "audio"));
  g_ptr_array_add (objects, json_object_get_object_member (root, "reference"));
  g_ptr_array_add (objects, json_object_get_object_member (root, "drums"));
  g_ptr_array_add (objects,
                   json_array_get_object_element (json_object_get_array_member (root, "stems"), 0));
  g_ptr_array_add (objects,
                   json_array_get_object_element (json_object_get_array_member (root, "stems"), 1));
  return objects;
}

static JsonNode *
make_future (guint i)
{
  g_autofree char *text
      = g_strdup_printf ("{\"number\": %u, \"list\": [1, null, {\"x\": 2.5}]}", i);

  return json_from_string (text, NULL);
}

static void
test_unknown_members (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (JsonNode) document = NULL;
  g_autoptr (JsonNode) kept = NULL;
  g_autoptr (GPtrArray) objects = NULL;
  SlSettings *settings;

  fixture_init (&fixture, make_full_settings ());
  document = read_document (fixture.project);
  objects = list_open_objects (json_node_get_object (document));
  for (guint i = 0; i < objects->len; i++)
    json_object_set_member (objects->pdata[i], "future", make_future (i));
  write_document (fixture.project, document);

  fixture_reopen (&fixture);
  settings = fixture_settings (&fixture);
  settings->bpm = (SlBpm){ 99, 1 };
  ((SlStem *) settings->stems->pdata[0])->mute = FALSE;
  sl_project_take_settings (fixture.project, settings);
  save (fixture.project);

  kept = read_document (fixture.project);
  g_ptr_array_unref (objects);
  objects = list_open_objects (json_node_get_object (kept));
  for (guint i = 0; i < objects->len; i++)
    {
      g_autoptr (JsonNode) future = make_future (i);
      JsonNode *found = json_object_get_member (objects->pdata[i], "future");

      g_assert_nonnull (found);
      g_assert_true (json_node_equal (found, future));
    }
}

static void
test_newer_format (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (JsonNode) document = NULL;
  g_autofree char *message = NULL;
  guint entries;

  fixture_init (&fixture, make_full_settings ());
  document = read_document (fixture.project);
  json_object_set_int_member (json_node_get_object (document), "format", 2);
  write_document (fixture.project, document);
  entries = test_folder_count (sl_project_get_folder (fixture.project));

  message = assert_refused (fixture.project, SL_ERROR_NEWER);
  g_assert_nonnull (strstr (message, "newer"));
  g_assert_cmpuint (test_folder_count (sl_project_get_folder (fixture.project)), ==, entries);
}

/* A drum stem beside a pattern is for the drums step to refuse, not for opening. */
static void
test_drums_beside_pattern (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = sl_settings_new (TITLE);

  settings_add_file (settings, "Drums", "drums.wav");
  settings->drums = SL_DRUMS_PATTERN;
  fixture_init (&fixture, settings);
  fixture_reopen (&fixture);
  g_assert_cmpint (sl_project_get_settings (fixture.project)->drums, ==, SL_DRUMS_PATTERN);
}

static void
test_store_path (void)
{
  static const struct
  {
    const char *folder;
    const char *path;
    const char *stored;
  } rows[] = {
    { "/a/song", "/a/song/stems/x.wav", "stems/x.wav" },
    { "/a/song", "/a/song/../song/./x.wav", "x.wav" },
    { "/a/song", "/a/x.wav", "../x.wav" },
    { "/a/song", "/a/other/deep/x.wav", "../other/deep/x.wav" },
    { "/a/song", "/a/songs/x.wav", "../songs/x.wav" },
    { "/a/song", "/b/x.wav", "/b/x.wav" },
    { "/a/song", "/ab/x.wav", "/ab/x.wav" },
    { "/a/b/song", "/a/x.wav", "/a/x.wav" },
    { "/song", "/x.wav", "/x.wav" },
    { "/song", "/music/x.wav", "/music/x.wav" },
    { "/song", "/song/x.wav", "x.wav" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (SlProject) project = sl_project_new (rows[i].folder, sl_settings_new (TITLE));
      g_autofree char *stored = sl_project_store_path (project, rows[i].path);
      g_autofree char *full = sl_project_resolve (project, stored);
      g_autofree char *canonical = g_canonicalize_filename (full, NULL);
      g_autofree char *expected = g_canonicalize_filename (rows[i].path, NULL);

      g_assert_cmpstr (stored, ==, rows[i].stored);
      g_assert_cmpstr (canonical, ==, expected);
    }
}

static void
assert_no_leftovers (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (!g_str_has_suffix (name, SL_PROJECT_SUFFIX) && !g_str_has_suffix (name, ".bak")
        && !g_str_has_suffix (name, ".lock"))
      g_error ("%s is left", name);
}

/* A save that is cut off once the backup is kept leaves the file with both names. */
static void
test_save_after_one_cut_off (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *backup = NULL;

  fixture_init (&fixture, sl_settings_new (TITLE));
  backup = g_strconcat (sl_project_get_file (fixture.project), ".bak", NULL);
  g_assert_no_errno (link (sl_project_get_file (fixture.project), backup));
  sl_project_save (fixture.project, &error);
  g_assert_no_error (error);
  assert_no_leftovers (sl_project_get_folder (fixture.project));
}

static int
fail_write (const char *call, const char *path, gpointer data)
{
  return g_str_equal (call, "write") ? ENOSPC : 0;
}

/* While the new file is not safe, the one before the last is still there. */
static void
test_failed_save_keeps_backup (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *backup = NULL;

  fixture_init (&fixture, sl_settings_new (TITLE));
  backup = g_strconcat (sl_project_get_file (fixture.project), ".bak", NULL);
  sl_file_set_fault_hook (fail_write, NULL);
  g_assert_false (sl_project_save (fixture.project, &error));
  sl_file_set_fault_hook (NULL, NULL);
  g_assert_error (error, SL_ERROR, SL_ERROR_NO_SPACE);
  g_assert_false (g_file_test (backup, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);

  g_test_add_func ("/project-file/nothing-left-at-default", test_nothing_left_at_default);
  g_test_add_func ("/project-file/settings-round-trip", test_settings_round_trip);
  g_test_add_func ("/project-file/records-round-trip", test_records_round_trip);
  g_test_add_func ("/project-file/unknown-members", test_unknown_members);
  g_test_add_func ("/project-file/newer-format", test_newer_format);
  g_test_add_func ("/project-file/drums-beside-pattern", test_drums_beside_pattern);
  g_test_add_func ("/project-file/store-path", test_store_path);
  g_test_add_func ("/project-file/save-after-one-cut-off", test_save_after_one_cut_off);
  g_test_add_func ("/project-file/failed-save-keeps-backup", test_failed_save_keeps_backup);

  return g_test_run ();
}
