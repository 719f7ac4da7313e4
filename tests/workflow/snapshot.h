/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of a project as text, for comparing two of them. */
#pragma once

#include "fixture.h"

/* Project file, its backup and its lock hold times, process numbers and inodes. */
static inline gboolean
snapshot_skips (const char *name)
{
  return strstr (name, SL_PROJECT_SUFFIX) != NULL || strcmp (name, ".seamline.lock") == 0;
}

static inline int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static inline void
snapshot_add_folder (GPtrArray *lines, const char *folder, const char *below)
{
  g_autofree char *full = g_build_filename (folder, below, NULL);
  g_autoptr (GDir) dir = g_dir_open (full, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (full, name, NULL);
      g_autofree char *stored = g_build_filename (below, name, NULL);
      char hex[SL_DIGEST_HEX_LENGTH + 1];
      SlDigest digest;

      if (snapshot_skips (name))
        continue;
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        {
          snapshot_add_folder (lines, folder, stored);
          continue;
        }
      g_assert_true (sl_digest_file (path, &digest, NULL, NULL));
      sl_digest_to_hex (&digest, hex);
      g_ptr_array_add (lines, g_strdup_printf ("%s %s", stored, hex));
    }
}

/* Every file below @folder and its digest, a line each, sorted. Owned. */
static inline char *
snapshot_folder (const char *folder)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  snapshot_add_folder (lines, folder, "");
  g_ptr_array_sort (lines, compare_names);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

static inline char *
snapshot_files (Fixture *fixture)
{
  return snapshot_folder (sl_project_get_folder (fixture->project));
}

static inline void
snapshot_add_record (SlStepId step, const char *subject, SlRecord *record, gpointer data)
{
  g_autoptr (JsonNode) node = sl_record_to_json (record);
  g_autofree char *text = json_to_string (node, FALSE);

  g_string_append_printf (data, "%s %s %s\n", sl_step_id_name (step), subject, text);
}

/* Every record, a line each. Owned. */
static inline char *
snapshot_records (Fixture *fixture)
{
  GString *text = g_string_new (NULL);

  sl_project_foreach_record (fixture->project, snapshot_add_record, text);
  return g_string_free (text, FALSE);
}

/* Every badge, a line each. Owned. */
static inline char *
snapshot_badges (Fixture *fixture)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < SL_N_STEPS; i++)
    {
      SlStepId step = (SlStepId) i;
      g_auto (GStrv) subjects
          = sl_step_get (step)->list_subjects (sl_project_get_settings (fixture->project));

      g_string_append_printf (text, "%s %s\n", sl_step_id_name (step),
                              sl_state_name (fixture_state (fixture, step)));
      for (guint k = 0; subjects[k] != NULL; k++)
        g_string_append_printf (text, "  %s %s\n", subjects[k],
                                sl_state_name (
                                    sl_badge_subject (fixture->project, step, subjects[k])));
    }
  return g_string_free (text, FALSE);
}
