/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a project file: refused with an error, or a project whose badges and checks can be
 * asked for and which, once saved, opens as the same again: same settings, same bytes. */
#include "fuzz.h"

#include "workflow/badge.h"
#include "workflow/json.h"

#define FILE_NAME "/nowhere/song.seamline"

static void
assert_refused (const GError *error)
{
  assert_told (error);
  g_assert_true (error->code == SL_ERROR_PROJECT || error->code == SL_ERROR_NEWER);
}

static SlProject *
parse (const char *text, gsize size)
{
  g_autoptr (GError) error = NULL;
  SlProject *project = sl_project_parse (FILE_NAME, text, size, &error);

  if (project == NULL)
    assert_refused (error);
  else
    g_assert_no_error (error);
  return project;
}

/* All that a window asks for before anything is run. */
static void
show (SlProject *project)
{
  g_auto (GStrv) paths = sl_project_list_paths (project);
  SlState states[SL_N_STEPS];

  sl_badge_all (project, states);
  for (int i = 0; i < SL_N_STEPS; i++)
    {
      g_autoptr (GPtrArray) checks = sl_badge_checks (project, (SlStepId) i);

      g_assert_cmpuint (sl_badge_warnings (project, (SlStepId) i), <=, checks->len);
    }
  for (guint i = 0; paths[i] != NULL; i++)
    g_free (sl_project_resolve (project, paths[i]));
}

static SlProject *
save_and_open (SlProject *project)
{
  g_autoptr (GBytes) saved = sl_project_snapshot (project);
  gsize size;
  const char *text = g_bytes_get_data (saved, &size);
  SlProject *again = parse (text, size);

  g_assert_nonnull (again);
  return again;
}

static void
assert_same_settings (SlProject *a, SlProject *b)
{
  g_autoptr (JsonNode) node_a = sl_json_take_object (json_object_new ());
  g_autoptr (JsonNode) node_b = sl_json_take_object (json_object_new ());

  sl_settings_to_json (sl_project_get_settings (a), json_node_get_object (node_a));
  sl_settings_to_json (sl_project_get_settings (b), json_node_get_object (node_b));
  g_assert_true (json_node_equal (node_a, node_b));
}

/* The first saving forgets the records of stems that are gone; from then on nothing changes. */
static void
assert_saves (SlProject *project)
{
  g_autoptr (SlProject) second = save_and_open (project);
  g_autoptr (SlProject) third = save_and_open (second);
  g_autoptr (GBytes) saved = sl_project_snapshot (second);
  g_autoptr (GBytes) saved_again = sl_project_snapshot (third);

  assert_same_settings (project, second);
  g_assert_true (g_bytes_equal (saved, saved_again));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = text_of (data, size);
  g_autoptr (SlProject) project = parse (text, size);

  if (project == NULL)
    return 0;
  show (project);
  assert_saves (project);
  return 0;
}
