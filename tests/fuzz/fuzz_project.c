/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a project file: refused with an error, or a project whose badges and checks can be
 * asked for and which, once saved, opens as the same again. */
#include "fuzz.h"

#include "workflow/badge.h"

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

static void
assert_saves (SlProject *project)
{
  g_autoptr (GBytes) saved = sl_project_snapshot (project);
  gsize size;
  const char *text = g_bytes_get_data (saved, &size);
  g_autoptr (SlProject) again = parse (text, size);
  g_autoptr (GBytes) saved_again = NULL;

  g_assert_nonnull (again);
  saved_again = sl_project_snapshot (again);
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
