/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/export.h"

#include "engine/base/error.h"
#include "engine/package/archive.h"
#include "workflow/badge.h"
#include "workflow/copying.h"
#include "workflow/json.h"
#include "workflow/sources.h"
#include "workflow/steps/manifest.h"
#include "workflow/steps/upstream.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

/* What a file system may need beyond the files themselves. */
#define SPARE_SPACE 1.05

/* --- before anything is written --- */

static gboolean
refuse (GError **error, const char *path, const char *why)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, SL_ERROR, SL_ERROR_INVALID, "“%s” %s", name, why);
  return FALSE;
}

static gboolean
check_green (SlProject *project, GError **error)
{
  SlState states[SL_N_STEPS];

  sl_badge_all (project, states);
  for (int i = 0; i < SL_N_STEPS; i++)
    if (states[i] != SL_STATE_PASSED)
      {
        g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                     _ ("“%s” is not green: run the steps first."),
                     sl_step_id_title ((SlStepId) i));
        return FALSE;
      }
  return TRUE;
}

/* Nothing that the project reads or has made may be written over. */
static gboolean
check_not_ours (SlProject *project, const char *out, GError **error)
{
  g_auto (GStrv) paths = sl_project_list_paths (project);

  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_autofree char *path = sl_project_resolve (project, paths[i]);

      if (sl_sources_is_same_file (path, out))
        return refuse (error, out, _ ("belongs to the project: choose another place."));
    }
  return TRUE;
}

/* Hidden parts that a killed export has left look empty to whoever chose the folder. */
static gboolean
is_empty_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (!sl_part_is_part_name (name))
      return FALSE;
  return dir != NULL;
}

/* Removes what a killed export has left of the archive @out. */
static void
sweep_archive (const char *out)
{
  g_autofree char *folder = g_path_get_dirname (out);
  g_autofree char *name = g_path_get_basename (out);

  sl_part_sweep (folder, name);
}

/* An archive of a kind that we do not write must not become a folder of that name. */
static gboolean
check_folder (const char *out, GError **error)
{
  static const char *const archives[] = { ".rar", ".7z", ".tar", ".tar.xz", ".tar.bz2", ".tbz2" };
  g_autofree char *lower = g_ascii_strdown (out, -1);

  for (guint i = 0; i < G_N_ELEMENTS (archives); i++)
    if (g_str_has_suffix (lower, archives[i]))
      return refuse (error, out, _ ("cannot be made: use .zip, .tar.zst, .tar.gz or a folder."));
  if (!g_file_test (out, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!g_file_test (out, G_FILE_TEST_IS_DIR))
    return refuse (error, out,
                   _ ("is a file: name a folder, or an archive by its suffix (.zip, .tar.zst, "
                      ".tar.gz)."));
  return is_empty_folder (out)
         || refuse (error, out, _ ("is not empty: name a new or an empty folder."));
}

static gboolean
check_space (const char *folder, gint64 bytes, GError **error)
{
  gint64 free_bytes = sl_free_bytes (folder);
  g_autofree char *name = NULL;
  g_autofree char *needed = NULL;
  g_autofree char *there = NULL;

  if (free_bytes < 0 || (double) free_bytes >= (double) bytes * SPARE_SPACE)
    return TRUE;
  name = g_filename_display_name (folder);
  needed = g_format_size ((guint64) bytes);
  there = g_format_size ((guint64) free_bytes);
  g_set_error (error, SL_ERROR, SL_ERROR_NO_SPACE,
               _ ("“%s” has %s free, and %s are needed: make room, or choose another disk."), name,
               there, needed);
  return FALSE;
}

static gint64
file_bytes (const char *path)
{
  SlStat stat;

  return sl_stat_path (path, &stat, NULL) ? stat.size_bytes : 0;
}

static gint64
entries_bytes (const GArray *entries)
{
  gint64 sum = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      const SlArchiveEntry *entry = &g_array_index (entries, SlArchiveEntry, i);

      if (entry->path != NULL)
        sum += file_bytes (entry->path);
    }
  return sum;
}

/* --- the verified archive --- */

static gboolean
export_copy (SlProject *project, const char *out, const SlProgress *progress, GError **error)
{
  SlRecord *record = sl_project_get_record (project, SL_STEP_DELIVER, "");
  const SlOutputFile *archive = record->outputs->pdata[0];
  g_autofree char *path = sl_project_resolve (project, archive->path);
  g_autofree char *folder = g_path_get_dirname (out);
  g_autoptr (SlPart) part = NULL;
  SlDigest digest;

  sl_digest_from_hex (archive->digest, &digest);
  if (!check_space (folder, file_bytes (path), error))
    return FALSE;
  part = sl_copy_file (path, &digest, out, progress, error);
  return part != NULL && sl_part_commit (part, error);
}

/* --- another archive --- */

static gboolean
export_archive (GArray *entries,
                SlArchiveKind kind,
                const char *out,
                const SlProgress *progress,
                GError **error)
{
  SlStretch first = { progress, 0.0, 0.7 };
  SlStretch second = { progress, 0.7, 1.0 };
  SlProgress packing = { sl_stretch_report, &first };
  SlProgress reading = { sl_stretch_report, &second };
  g_autoptr (SlPart) part = sl_part_new (out, error);
  SlDigest written;

  return part != NULL && sl_archive_write (part, kind, entries, &packing, error)
         && sl_part_seal (part, &written, error)
         && sl_archive_verify (sl_part_get_path (part), entries, &written, &reading, error)
         && sl_part_commit (part, error);
}

/* --- plain files --- */

static SlPart *
write_text (const char *text, const char *to, GError **error)
{
  g_autoptr (SlPart) part = sl_part_new (to, error);
  SlDigest digest;
  g_autoptr (SlDigestStream) stream = sl_digest_stream_new ();
  gsize length = strlen (text);

  if (part == NULL)
    return NULL;
  sl_digest_stream_feed (stream, 0, text, length);
  digest = sl_digest_stream_finish (stream, (gint64) length);
  sl_file_write (sl_part_get_file (part), text, (gint64) length);
  return sl_part_prove (part, &digest, NULL, error) ? g_steal_pointer (&part) : NULL;
}

/* The sealed part of one entry in the folder @out; the entry learns its SHA-256. */
static SlPart *
write_entry (GArray *entries,
             guint index,
             const char *out,
             const SlProgress *progress,
             GError **error)
{
  SlArchiveEntry *entry = &g_array_index (entries, SlArchiveEntry, index);
  g_autofree char *base = g_path_get_basename (entry->name);
  g_autofree char *to = g_build_filename (out, base, NULL);
  SlStretch first = { progress, 0.0, 0.7 };
  SlStretch second = { progress, 0.7, 1.0 };
  SlProgress copying = { sl_stretch_report, &first };
  SlProgress hashing = { sl_stretch_report, &second };
  g_autofree char *text = NULL;
  g_autoptr (SlPart) part = NULL;

  if (entry->path != NULL)
    part = sl_copy_file (entry->path, &entry->digest, to, &copying, error);
  else
    {
      if (entry->make != NULL)
        text = entry->make (entries, entry->make_data);
      else
        text = g_strndup (g_bytes_get_data (entry->bytes, NULL), g_bytes_get_size (entry->bytes));
      part = write_text (text, to, error);
    }
  if (part == NULL || !sl_sha256_file (sl_part_get_path (part), entry->sha256, &hashing, error))
    return NULL;
  return g_steal_pointer (&part);
}

/* All parts first, then all names: what fails half-way leaves nothing. */
static gboolean
write_entries (GArray *entries, const char *out, const SlProgress *progress, GError **error)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) sl_part_free);

  for (guint i = 0; i < entries->len; i++)
    {
      SlStretch stretch = { progress, (double) i / entries->len, (double) (i + 1) / entries->len };
      SlProgress within = { sl_stretch_report, &stretch };
      SlPart *part = write_entry (entries, i, out, &within, error);

      if (part == NULL)
        return FALSE;
      g_ptr_array_add (parts, part);
    }
  for (guint i = 0; i < parts->len; i++)
    if (!sl_part_commit (parts->pdata[i], error))
      {
        /* Of the last one it may be the folder alone that failed. */
        for (guint k = 0; k <= i; k++)
          g_unlink (sl_part_get_final_path (parts->pdata[k]));
        return FALSE;
      }
  return TRUE;
}

static gboolean
export_folder (GArray *entries, const char *out, const SlProgress *progress, GError **error)
{
  gboolean is_new = !g_file_test (out, G_FILE_TEST_EXISTS);

  if (!check_folder (out, error) || !check_space (out, entries_bytes (entries), error))
    return FALSE;
  sl_part_sweep (out, NULL);
  if (write_entries (entries, out, progress, error))
    return TRUE;
  if (is_new)
    g_rmdir (out);
  return FALSE;
}

/* --- all of it --- */

static SlManifest *
make_manifest (SlProject *project)
{
  return sl_manifest_new (project, sl_mix_new (project),
                          sl_upstream_audio (project, SL_STEP_MASTER, ""));
}

gboolean
sl_export (SlProject *project, const char *out, const SlProgress *progress, GError **error)
{
  SlArchiveKind kind = SL_ARCHIVE_ZIP;
  gboolean is_archive = sl_archive_kind_from_name (out, &kind);
  SlManifest *manifest;
  g_autoptr (GArray) entries = NULL;
  gboolean ok;

  if (*out == '\0')
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_INVALID,
                           _ ("The name of the export is empty: name an archive or a folder."));
      return FALSE;
    }
  if (!check_green (project, error) || !check_not_ours (project, out, error))
    return FALSE;
  if (is_archive && g_file_test (out, G_FILE_TEST_IS_DIR))
    return refuse (error, out, _ ("is a folder: name the archive in it."));
  if (is_archive)
    sweep_archive (out);
  if (is_archive && kind == SL_ARCHIVE_ZIP)
    return export_copy (project, out, progress, error);
  manifest = make_manifest (project);
  entries = sl_manifest_entries (manifest);
  ok = is_archive ? export_archive (entries, kind, out, progress, error)
                  : export_folder (entries, out, progress, error);
  sl_manifest_free (manifest);
  return ok;
}
