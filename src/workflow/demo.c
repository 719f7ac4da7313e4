/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/demo.h"

#include "engine/base/error.h"
#include "engine/io/writer.h"
#include "workflow/demo_song.h"
#include "workflow/project.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#define TITLE "Demo song"
#define FOLDER "sources"
#define REFERENCE "Reference"
#define BRIDGE_SECTION "Bridge"

/* The stems as somebody might send them: none but the keys as long as the song. */
static const struct
{
  SlDemoPart part;
  const char *name;
  gint64 length_ms; ///< above 0: of the file; 0 and below: against the song
} stems[] = {
  { SL_DEMO_BASS, "Bass", 21370 },       /* stops inside a bar: loop */
  { SL_DEMO_GUITARS, "Guitars", 27150 }, /* loop */
  { SL_DEMO_KEYS, "Keys", 0 },           /* none */
  { SL_DEMO_SYNTHS, "Synths", 42500 },   /* truncate */
  { SL_DEMO_VOCALS, "Vocals", 36200 },   /* crossfade */
  { SL_DEMO_PLUCK, "Pluck", -300 },      /* zero-pad */
  { SL_DEMO_BRIDGE, "Bridge", 7400 },    /* place */
};

#define N_FILES (G_N_ELEMENTS (stems) + 1)

/* One file in the making, or what kept it from being made. */
typedef struct
{
  SlSource *source;
  char *path;
  GError *error;
} File;

/* Hidden files, which desktops leave about, do not count. */
static gboolean
check_empty (const char *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *shown = g_filename_display_name (folder);
  gboolean is_project = FALSE;
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      n += name[0] != '.';
      is_project = is_project || g_str_has_suffix (name, SL_PROJECT_SUFFIX);
    }
  if (n == 0)
    return TRUE;
  if (is_project)
    g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                 _ ("“%s” is a project already: choose a new or empty folder for the example."),
                 shown);
  else
    g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                 _ ("“%s” is not empty: choose a new or empty folder for the example."), shown);
  return FALSE;
}

static gint64
stem_length (guint index)
{
  gint64 frames = stems[index].length_ms * SL_DEMO_RATE_HZ / 1000;

  return frames > 0 ? frames : sl_demo_length () + frames;
}

static char *
stored_path (const char *name)
{
  return g_strdup_printf (FOLDER "/%s.wav", name);
}

/* --- audio --- */

static void
file_clear (File *file)
{
  sl_source_free (file->source);
  g_free (file->path);
  g_clear_error (&file->error);
}

static void
write_file (gpointer data, gpointer user_data)
{
  File *file = data;
  g_auto (SlRendered) rendered = { 0 };

  if (sl_render_file (file->source, file->path, SL_CONTAINER_WAV, SL_SUBTYPE_PCM_24, NULL, 0,
                      &rendered, NULL, &file->error))
    sl_part_commit (rendered.part, &file->error);
}

/* The reference first: it takes longest. */
static gboolean
list_files (const char *folder, File files[N_FILES], GError **error)
{
  files[0].path = g_build_filename (folder, FOLDER, REFERENCE ".wav", NULL);
  files[0].source = sl_demo_mix_new (error);
  for (guint i = 0; i < G_N_ELEMENTS (stems); i++)
    {
      gint64 start = stems[i].part == SL_DEMO_BRIDGE ? sl_demo_bridge_start () : 0;
      g_autofree char *stored = stored_path (stems[i].name);

      files[i + 1].path = g_build_filename (folder, stored, NULL);
      files[i + 1].source = sl_demo_part_new (stems[i].part, start, stem_length (i));
    }
  return files[0].source != NULL;
}

static gboolean
write_files (File files[N_FILES], GError **error)
{
  GThreadPool *pool
      = g_thread_pool_new (write_file, NULL, (int) g_get_num_processors (), FALSE, NULL);

  for (guint i = 0; i < N_FILES; i++)
    g_thread_pool_push (pool, &files[i], NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
  for (guint i = 0; i < N_FILES; i++)
    if (files[i].error != NULL)
      {
        g_propagate_error (error, g_steal_pointer (&files[i].error));
        return FALSE;
      }
  return TRUE;
}

/* --- project --- */

static GArray *
make_sections (void)
{
  static const char *const names[] = { "Intro", "Verse", "Chorus", BRIDGE_SECTION, "Outro" };
  GArray *sections = sl_sections_new ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    sl_sections_append (sections, names[i],
                        SL_DEMO_BARS * SL_DEMO_BEATS_PER_BAR / G_N_ELEMENTS (names));
  return sections;
}

static SlSettings *
make_settings (void)
{
  SlSettings *settings = sl_settings_new (TITLE);

  g_array_unref (settings->sections);
  settings->sections = make_sections ();
  settings->rate_hz = SL_DEMO_RATE_HZ;
  /* The low-passed pattern rings a little beyond full scale, which only float can hold. */
  settings->subtype = SL_SUBTYPE_FLOAT;
  settings->beats_per_bar = SL_DEMO_BEATS_PER_BAR;
  settings->drums = SL_DRUMS_PATTERN;
  settings->reference = stored_path (REFERENCE);
  for (guint i = 0; i < G_N_ELEMENTS (stems); i++)
    {
      SlStem *stem = sl_stem_new (stems[i].name, SL_STEM_FILE);

      stem->file = stored_path (stems[i].name);
      if (stems[i].part == SL_DEMO_BRIDGE)
        stem->section = g_strdup (BRIDGE_SECTION);
      g_ptr_array_add (settings->stems, stem);
    }
  return settings;
}

static gboolean
create_project (const char *folder, GError **error)
{
  g_autoptr (SlProject) project = sl_project_create (folder, make_settings (), error);

  return project != NULL;
}

/* A second try must find the folder empty again. */
static void
remove_files (const char *folder, const File files[N_FILES])
{
  g_autofree char *sources = g_build_filename (folder, FOLDER, NULL);

  for (guint i = 0; i < N_FILES; i++)
    g_unlink (files[i].path);
  g_rmdir (sources);
}

gboolean
sl_demo_create (const char *folder, GError **error)
{
  File files[N_FILES] = { 0 };
  gboolean made;

  if (!check_empty (folder, error))
    return FALSE;
  made = list_files (folder, files, error) && write_files (files, error)
         && create_project (folder, error);
  if (!made)
    remove_files (folder, files);
  for (guint i = 0; i < N_FILES; i++)
    file_clear (&files[i]);
  return made;
}
