/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The project file: reading it with suspicion, writing it whole, and keeping others away. */
#include "engine/base/error.h"
#include "engine/io/part.h"
#include "workflow/json.h"
#include "workflow/json_text.h"
#include "workflow/names.h"
#include "workflow/project.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define FORMAT 1

/* A project of ten thousand stems is still far smaller; more is not one of our files. */
#define MAX_BYTES (64 * 1024 * 1024)

static const char *
remedy_of_damage (gboolean has_backup)
{
  return has_backup ? _ (" The version before is beside it, with the suffix .bak: rename that to "
                         "go back to it.")
                    : _ (" It was left as it is: put a good copy in its place.");
}

static gboolean
refuse (GError **error, SlError code, const char *file, const char *why)
{
  g_autofree char *name = g_filename_display_name (file);
  g_autofree char *backup = g_strconcat (file, ".bak", NULL);
  gboolean has_backup = g_file_test (backup, G_FILE_TEST_IS_REGULAR);

  g_set_error (error, SL_ERROR, code, "%s: %s%s", name, why,
               code == SL_ERROR_PROJECT ? remedy_of_damage (has_backup) : "");
  return FALSE;
}

static gboolean
read_text (const char *file, char **text, gsize *length, GError **error)
{
  g_autoptr (SlFile) input = sl_file_open (file, error);
  gint64 size = input != NULL ? sl_file_size (input) : -1;
  gint64 got;

  if (input == NULL)
    return FALSE;
  if (size < 0 || size > MAX_BYTES)
    return refuse (error, SL_ERROR_PROJECT, file, _ ("This is too large to be a project."));
  *text = g_malloc ((gsize) size + 1);
  got = sl_file_read (input, *text, size);
  *length = got > 0 ? (gsize) got : 0;
  (*text)[*length] = '\0';
  return sl_file_check (input, error);
}

static void
refuse_as_no_project (GError **error, const char *file)
{
  refuse (error, SL_ERROR_PROJECT, file, _ ("This is not a project file, or it is damaged."));
}

/* The parser's own words would tell nothing to who does not know JSON. */
static void
refuse_line (GError **error, const char *file, guint line)
{
  g_autofree char *why
      = g_strdup_printf (_ ("The project is damaged, or cut off, near line %u."), line);

  refuse (error, SL_ERROR_PROJECT, file, why);
}

/* Only while it tells of its error does the parser know where it is. */
static void
note_line (JsonParser *parser, gpointer error, gpointer data)
{
  *(guint *) data = json_parser_get_current_line (parser);
}

static JsonNode *
parse (const char *file, const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *object;
  gint64 format;
  guint line = 0;

  if (!sl_json_text_is_sound (text, length))
    {
      refuse_as_no_project (error, file);
      return NULL;
    }
  g_signal_connect (parser, "error", G_CALLBACK (note_line), &line);
  if (!json_parser_load_from_data (parser, text, (gssize) length, NULL))
    {
      refuse_line (error, file, line);
      return NULL;
    }
  object = sl_json_object (json_parser_get_root (parser));
  format = sl_json_get_int (object, "format", 0);
  if (format > FORMAT)
    {
      refuse (error, SL_ERROR_NEWER, file,
              _ ("This project was made by a newer Seamline: update to open it. It was left as it "
                 "is."));
      return NULL;
    }
  if (format < FORMAT || !sl_json_is_finite (json_parser_get_root (parser)))
    {
      refuse_as_no_project (error, file);
      return NULL;
    }
  return json_parser_steal_root (parser);
}

/* A record that is not whole is as good as none: its step is run again. */
static void
read_records (SlProject *self, JsonObject *records)
{
  for (int i = 0; i < SL_N_STEPS; i++)
    {
      JsonObject *step = sl_json_get_object (records, sl_step_id_name ((SlStepId) i));
      g_autoptr (GList) subjects = step != NULL ? json_object_get_members (step) : NULL;

      for (GList *l = subjects; l != NULL; l = l->next)
        {
          SlRecord *record = sl_record_from_json (json_object_get_member (step, l->data));
          if (record != NULL)
            sl_project_take_record (self, (SlStepId) i, l->data, record);
        }
    }
}

static SlProject *
build (const char *file, JsonNode *document, GError **error)
{
  JsonObject *object = json_node_get_object (document);
  g_autofree char *folder = g_path_get_dirname (file);
  g_autoptr (GError) local = NULL;
  g_autoptr (SlFileTable) files = NULL;
  SlSettings *settings = sl_settings_from_json (object, &local);
  SlProject *self;

  if (settings == NULL)
    {
      refuse (error, SL_ERROR_PROJECT, file, local->message);
      return NULL;
    }
  self = sl_project_new (folder, settings);
  sl_project_set_file (self, file, json_node_ref (document));
  read_records (self, sl_json_get_object (object, "records"));
  files = sl_file_table_from_json (sl_json_get_object (object, "files"));
  sl_project_merge_files (self, files);
  return self;
}

/* The one project file in @folder. Owned. */
static char *
find_file (const char *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *shown = g_filename_display_name (folder);
  g_autofree char *found = NULL;
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, SL_PROJECT_SUFFIX) && name[0] != '.')
      {
        g_free (found);
        found = g_build_filename (folder, name, NULL);
        n++;
      }
  if (n == 1)
    return g_steal_pointer (&found);
  if (n > 1)
    g_set_error (error, SL_ERROR, SL_ERROR_OPEN,
                 _ ("“%s” holds several projects: name the .seamline file that is meant."), shown);
  else
    g_set_error (
        error, SL_ERROR, SL_ERROR_OPEN,
        _ ("There is no project in “%s”: choose the folder that holds a .seamline file, or make a new one."),
        shown);
  return NULL;
}

/* An empty name would mean the current folder, which is hardly ever what an unset variable means.
 */
static gboolean
check_named (const char *path, GError **error)
{
  if (*path != '\0')
    return TRUE;
  g_set_error_literal (error, SL_ERROR, SL_ERROR_INVALID,
                       _ ("The folder's name is empty: name it, or write “.” for this one."));
  return FALSE;
}

/* The project file that @path means: itself, or the one in that folder. Owned. */
static char *
locate (const char *path, GError **error)
{
  g_autofree char *full = g_canonicalize_filename (path, NULL);
  g_autofree char *named = g_path_get_dirname (full);
  g_autofree char *name = g_path_get_basename (full);
  g_autofree char *folder = NULL;

  if (!check_named (path, error))
    return NULL;
  if (g_str_has_suffix (full, SL_PROJECT_SUFFIX) && !g_file_test (full, G_FILE_TEST_IS_DIR))
    {
      folder = sl_path_real_folder (named);
      return g_build_filename (folder, name, NULL);
    }
  folder = sl_path_real_folder (full);
  return find_file (folder, error);
}

SlProject *
sl_project_parse (const char *file, const char *text, gsize length, GError **error)
{
  g_autoptr (JsonNode) document = parse (file, text, length, error);

  return document != NULL ? build (file, document, error) : NULL;
}

static SlProject *
read_project (const char *file, GError **error)
{
  g_autofree char *text = NULL;
  gsize length;

  return read_text (file, &text, &length, error) ? sl_project_parse (file, text, length, error)
                                                 : NULL;
}

SlProject *
sl_project_open (const char *path, GError **error)
{
  g_autofree char *file = locate (path, error);

  return file != NULL ? read_project (file, error) : NULL;
}

/* Whether @folder is free for a project with the file @file. */
static gboolean
check_no_project (const char *folder, const char *file, GError **error)
{
  g_autofree char *there = find_file (folder, NULL);
  g_autofree char *shown = NULL;

  /* Of several projects none is found, and the file may be one of them. */
  if (there == NULL && !g_file_test (file, G_FILE_TEST_EXISTS))
    return TRUE;
  shown = g_filename_display_name (there != NULL ? there : file);
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               _ ("There is a project already: “%s”. Choose another folder."), shown);
  return FALSE;
}

SlProject *
sl_project_create (const char *folder, SlSettings *settings, GError **error)
{
  g_autoptr (SlProject) self = sl_project_new (folder, settings);
  g_autofree char *name = g_strconcat (settings->title, SL_PROJECT_SUFFIX, NULL);
  g_autofree char *file = g_build_filename (sl_project_get_folder (self), name, NULL);

  if (!check_named (folder, error) || !sl_name_check (settings->title, error)
      || !sl_folder_make (sl_project_get_folder (self), error))
    return NULL;
  sl_project_set_file (self, file, NULL);
  if (!sl_project_lock (self, error)
      || !check_no_project (sl_project_get_folder (self), file, error)
      || !sl_project_save (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
sl_project_lock (SlProject *self, GError **error)
{
  SlFolderLock *lock;

  if (sl_project_is_locked (self))
    return TRUE;
  lock = sl_folder_lock_take (sl_project_get_folder (self), error);
  if (lock != NULL)
    sl_project_take_lock (self, lock);
  return lock != NULL;
}

SlProject *
sl_project_open_locked (const char *path, GError **error)
{
  g_autofree char *file = locate (path, error);
  g_autofree char *folder = file != NULL ? g_path_get_dirname (file) : NULL;
  g_autoptr (SlFolderLock) lock = folder != NULL ? sl_folder_lock_take (folder, error) : NULL;
  SlProject *self = lock != NULL ? read_project (file, error) : NULL;

  if (self != NULL)
    sl_project_take_lock (self, g_steal_pointer (&lock));
  return self;
}

typedef struct
{
  const SlSettings *settings;
  JsonObject *records;
} Writing;

static gboolean
is_gone (const SlSettings *settings, const char *subject)
{
  return *subject != '\0' && strcmp (subject, "drums") != 0
         && sl_settings_find_stem (settings, subject) == NULL;
}

static void
write_record (SlStepId step, const char *subject, SlRecord *record, gpointer data)
{
  Writing *writing = data;
  JsonObject *object = sl_json_get_object (writing->records, sl_step_id_name (step));

  if (is_gone (writing->settings, subject))
    return;
  if (object == NULL)
    {
      object = json_object_new ();
      json_object_set_object_member (writing->records, sl_step_id_name (step), object);
    }
  json_object_set_member (object, subject, sl_record_to_json (record));
}

GBytes *
sl_project_snapshot (SlProject *self)
{
  JsonNode *document = sl_project_get_document (self);
  g_autoptr (JsonNode) root
      = document != NULL ? json_node_copy (document) : sl_json_take_object (json_object_new ());
  JsonObject *object = json_node_get_object (root);
  Writing writing = { sl_project_get_settings (self), json_object_new () };
  char *text;

  json_object_set_int_member (object, "format", FORMAT);
  sl_settings_to_json (sl_project_get_settings (self), object);
  sl_project_foreach_record (self, write_record, &writing);
  json_object_set_object_member (object, "records", writing.records);
  json_object_set_member (object, "files", sl_file_table_to_json (sl_project_get_files (self)));
  text = json_to_string (root, TRUE);
  return g_bytes_new_take (text, strlen (text));
}

gboolean
sl_project_check_place (SlProject *self, GError **error)
{
  const char *folder = sl_project_get_folder (self);
  const SlFolderLock *lock = sl_project_get_lock (self);
  g_autofree char *shown = g_filename_display_name (folder);

  if (lock != NULL ? sl_folder_lock_is_of (lock, folder, sl_project_get_file (self))
                   : g_file_test (folder, G_FILE_TEST_IS_DIR))
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_WRITE,
               _ ("The folder “%s” was moved or taken away while it was open: put it back, or open "
                  "the project where it is now."),
               shown);
  return FALSE;
}

/* The good file of now becomes the backup, by link and rename, so that one is always there. */
static gboolean
keep_backup (const char *file, GError **error)
{
  g_autofree char *backup = g_strconcat (file, ".bak", NULL);
  g_autofree char *fresh = sl_part_scratch_path (backup);
  gboolean kept;

  if (link (file, fresh) != 0)
    {
      g_autofree char *text = NULL;
      gsize length;

      if (errno == ENOENT)
        return TRUE;
      /* File systems without hard links get a copy. */
      return read_text (file, &text, &length, error)
             && sl_part_write_bytes (backup, text, length, error);
    }
  kept = g_rename (fresh, backup) == 0
         || sl_error_set_errno (error, SL_ERROR_WRITE, errno, backup, _ ("could not be written"));
  /* Two names of one file, which is what a save that was cut off leaves, both stay. */
  g_unlink (fresh);
  return kept;
}

gboolean
sl_project_write_snapshot (const char *file, GBytes *snapshot, GError **error)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (snapshot, &length);
  g_autoptr (SlPart) part = sl_part_new_from_bytes (file, data, length, error);

  /* The old backup goes last: a file system may give its place on the disk to what is written next
   * before its own journal knows that it is gone. */
  return part != NULL && sl_part_sync (part, error) && keep_backup (file, error)
         && sl_part_commit (part, error);
}

gboolean
sl_project_save (SlProject *self, GError **error)
{
  g_autoptr (GBytes) snapshot = sl_project_snapshot (self);

  return sl_project_check_place (self, error)
         && sl_project_write_snapshot (sl_project_get_file (self), snapshot, error);
}

void
sl_project_sweep (SlProject *self)
{
  static const char *const folders[] = { "",
                                         SL_FOLDER_STEMS,
                                         SL_FOLDER_ALIGNED,
                                         SL_FOLDER_PROCESSED,
                                         SL_FOLDER_MASTER,
                                         SL_FOLDER_DELIVERABLES,
                                         SL_FOLDER_CACHE };

  g_assert (sl_project_is_locked (self));
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = g_build_filename (sl_project_get_folder (self), folders[i], NULL);
      sl_part_sweep (folder, NULL);
    }
}
