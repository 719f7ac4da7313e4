/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/io/part.h"

#include "engine/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PART_SUFFIX ".part"
#define RANDOM_DIGITS 6
#define TAIL_BYTES (1 + RANDOM_DIGITS + sizeof PART_SUFFIX - 1)

/* Of the final name this much is kept, so that the part's own name is never too long. */
#define KEPT_NAME_BYTES 100
#define MAX_CHARACTER_BYTES 4

/* Names tried before giving up; two in a row that are taken are already next to impossible. */
#define NAME_TRIES 100

struct _SlPart
{
  char *final_path;
  char *folder;
  char *path;
  SlFile *file; ///< NULL once sealed
  gboolean synced;
  gboolean committed;
};

/* The longest start of @name that fits and does not end inside a UTF-8 character. */
static gsize
kept_length (const char *name)
{
  gsize length = strlen (name);

  if (length <= KEPT_NAME_BYTES)
    return length;
  length = KEPT_NAME_BYTES;
  while (length > 1 && ((guchar) name[length] & 0xC0) == 0x80)
    length--;
  return length;
}

static char *
make_part_path (const char *folder, const char *name)
{
  g_autofree char *part_name
      = g_strdup_printf (".%.*s.%06x" PART_SUFFIX, (int) kept_length (name), name,
                         (guint) g_random_int_range (0, 1 << (4 * RANDOM_DIGITS)));

  return g_build_filename (folder, part_name, NULL);
}

char *
sl_part_scratch_path (const char *final_path)
{
  g_autofree char *folder = g_path_get_dirname (final_path);
  g_autofree char *name = g_path_get_basename (final_path);

  return make_part_path (folder, name);
}

gboolean
sl_part_is_part_name (const char *name)
{
  gsize length = strlen (name);
  const char *digits;

  if (name[0] != '.' || length < 2 + TAIL_BYTES || !g_str_has_suffix (name, PART_SUFFIX))
    return FALSE;
  digits = name + length - TAIL_BYTES + 1;
  for (int i = 0; i < RANDOM_DIGITS; i++)
    if (!g_ascii_isxdigit (digits[i]))
      return FALSE;
  return digits[-1] == '.';
}

/* Or a part of such a part. */
static gboolean
is_part_of (const char *name, const char *final_name)
{
  g_autofree char *whole = NULL;

  if (!sl_part_is_part_name (name))
    return FALSE;
  whole = g_strndup (name + 1, strlen (name) - 1 - TAIL_BYTES);
  return strcmp (whole, final_name) == 0 || is_part_of (whole, final_name);
}

/* Other names may be cut to the same start, and their parts be in use. */
static gboolean
is_ambiguous (const char *final_name)
{
  return strlen (final_name) > KEPT_NAME_BYTES - MAX_CHARACTER_BYTES;
}

void
sl_part_sweep (const char *folder, const char *final_name)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (final_name != NULL && is_ambiguous (final_name))
    return;
  dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (final_name != NULL ? is_part_of (name, final_name) : sl_part_is_part_name (name))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);
        g_unlink (path);
      }
}

static gboolean
create_part_file (SlPart *self, const char *name, GError **error)
{
  for (int i = 1; self->file == NULL; i++)
    {
      GError *failure = NULL;

      g_free (self->path);
      self->path = make_part_path (self->folder, name);
      self->file = sl_file_create_as (self->path, self->final_path, &failure);
      if (failure != NULL && (i == NAME_TRIES || g_access (self->path, F_OK) != 0))
        {
          g_clear_pointer (&self->path, g_free); /* not ours to remove */
          g_propagate_error (error, failure);
          return FALSE;
        }
      g_clear_error (&failure);
    }
  return TRUE;
}

/* Opened anew: the data is the inode's, and an error of its write-back that nobody has been told
 * is told to the first who asks. */
static gboolean
sync_path (const char *path, const char *shown_path, int flags, GError **error)
{
  int fault = sl_file_fault ("fsync", path);
  int fd = open (path, O_RDONLY | O_CLOEXEC | flags);
  int failed = 0;

  if (fd < 0)
    failed = errno;
  else if (fault != 0 || fsync (fd) != 0)
    failed = fault != 0 ? fault : errno;
  if (fd >= 0)
    close (fd);
  /* Some network and FUSE file systems cannot flush a folder; the file itself is safe. */
  if (failed == 0 || (flags & O_DIRECTORY && (failed == EINVAL || failed == ENOTSUP)))
    return TRUE;
  return sl_error_set_errno (error, SL_ERROR_WRITE, failed, shown_path,
                             _ ("could not be brought to the disk"));
}

/* A new folder is an entry of its parent, which is flushed as that of a file is. Who may add to a
 * folder that he cannot read must do without. */
static gboolean
make_folder (const char *folder, const char *shown_path, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (folder);

  if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    return TRUE;
  if (!g_str_equal (parent, folder) && !make_folder (parent, shown_path, error))
    return FALSE;
  if (g_mkdir (folder, 0777) != 0)
    {
      int failed = errno;

      /* A second thread may have been faster. */
      if (failed != EEXIST || !g_file_test (folder, G_FILE_TEST_IS_DIR))
        return sl_error_set_errno (error, SL_ERROR_WRITE, failed, shown_path,
                                   _ ("could not be made"));
    }
  return g_access (parent, R_OK) != 0 || sync_path (parent, shown_path, O_DIRECTORY, error);
}

gboolean
sl_folder_make (const char *folder, GError **error)
{
  return make_folder (folder, folder, error);
}

/* Found out now rather than by the rename, after all the work. */
static gboolean
check_name (const char *final_path, const char *name, GError **error)
{
  if (strlen (name) <= NAME_MAX)
    return TRUE;
  return sl_error_set_errno (error, SL_ERROR_WRITE, ENAMETOOLONG, final_path,
                             _ ("could not be made"));
}

SlPart *
sl_part_new (const char *final_path, GError **error)
{
  g_autoptr (SlPart) self = g_new0 (SlPart, 1);
  g_autofree char *name = g_path_get_basename (final_path);

  self->final_path = g_strdup (final_path);
  self->folder = g_path_get_dirname (final_path);
  if (!check_name (final_path, name, error) || !sl_folder_make (self->folder, error))
    return NULL;
  return create_part_file (self, name, error) ? g_steal_pointer (&self) : NULL;
}

SlPart *
sl_part_adopt (const char *path, const char *final_path, GError **error)
{
  g_autoptr (SlPart) self = sl_part_new (final_path, error);

  if (self == NULL || !sl_part_seal (self, NULL, error))
    return NULL;
  if (g_rename (path, self->path) == 0)
    return g_steal_pointer (&self);
  sl_error_set_errno (error, SL_ERROR_WRITE, errno, final_path, _ ("could not be made"));
  return NULL;
}

SlFile *
sl_part_get_file (SlPart *self)
{
  return self->file;
}

const char *
sl_part_get_path (const SlPart *self)
{
  return self->path;
}

const char *
sl_part_get_final_path (const SlPart *self)
{
  return self->final_path;
}

static gboolean
check_size (SlPart *self, GError **error)
{
  gint64 size = sl_file_size (self->file);
  gint64 written = sl_file_high_water (self->file);
  g_autofree char *name = NULL;
  g_autofree char *message = NULL;

  if (size == written)
    return TRUE;
  name = g_filename_display_name (self->final_path);
  message = g_strdup_printf ("%" G_GINT64_FORMAT " / %" G_GINT64_FORMAT, size, written);
  g_set_error (error, SL_ERROR, SL_ERROR_VERIFY,
               _ ("“%s” was changed by something else while it was written (bytes: %s)."), name,
               message);
  return FALSE;
}

gboolean
sl_part_seal (SlPart *self, SlDigest *written, GError **error)
{
  SlDigest digest;
  gboolean ok;

  g_return_val_if_fail (self->file != NULL, FALSE);
  ok = sl_file_digest (self->file, &digest, error) && check_size (self, error);
  if (ok && written != NULL)
    *written = digest;
  return sl_file_close (g_steal_pointer (&self->file), ok ? error : NULL) && ok;
}

gboolean
sl_part_sync (SlPart *self, GError **error)
{
  g_return_val_if_fail (self->file == NULL, FALSE);
  self->synced = sync_path (self->path, self->final_path, 0, error);
  return self->synced;
}

static gboolean
rename_part (SlPart *self, GError **error)
{
  int fault = sl_file_fault ("rename", self->path);

  errno = fault;
  if (fault != 0 || rename (self->path, self->final_path) != 0)
    return sl_error_set_errno (error, SL_ERROR_WRITE, errno, self->final_path,
                               _ ("could not be given its name"));
  self->committed = TRUE;
  return TRUE;
}

gboolean
sl_part_commit (SlPart *self, GError **error)
{
  g_return_val_if_fail (self->file == NULL && !self->committed, FALSE);
  if (!self->synced && !sl_part_sync (self, error))
    return FALSE;
  return rename_part (self, error) && sync_path (self->folder, self->folder, O_DIRECTORY, error);
}

void
sl_part_free (SlPart *self)
{
  if (self == NULL)
    return;
  sl_file_free (self->file);
  if (self->path != NULL && !self->committed)
    g_unlink (self->path);
  g_free (self->final_path);
  g_free (self->folder);
  g_free (self->path);
  g_free (self);
}

static gboolean
verify_part (const SlPart *part, const SlDigest *written, GError **error)
{
  g_autofree char *name = NULL;
  SlDigest on_disk;

  if (!sl_digest_file (part->path, &on_disk, NULL, error))
    return FALSE;
  if (sl_digest_equal (written, &on_disk))
    return TRUE;
  name = g_filename_display_name (part->final_path);
  g_set_error (error, SL_ERROR, SL_ERROR_VERIFY,
               _ ("“%s” does not read back as it was written. Check the disk."), name);
  return FALSE;
}

SlPart *
sl_part_new_from_bytes (const char *final_path, gconstpointer data, gsize length, GError **error)
{
  g_autoptr (SlPart) part = sl_part_new (final_path, error);
  SlDigest written;

  if (part == NULL)
    return NULL;
  /* A failed write is told by sealing. */
  sl_file_write (part->file, data, (gint64) length);
  if (!sl_part_seal (part, &written, error) || !verify_part (part, &written, error))
    return NULL;
  return g_steal_pointer (&part);
}

gboolean
sl_part_write_bytes (const char *final_path, gconstpointer data, gsize length, GError **error)
{
  g_autoptr (SlPart) part = sl_part_new_from_bytes (final_path, data, length, error);

  return part != NULL && sl_part_commit (part, error);
}

gint64
sl_free_bytes (const char *folder)
{
  g_autofree char *at = g_strdup (folder);
  struct statvfs fs;

  while (statvfs (at, &fs) != 0)
    {
      char *parent;

      if (errno != ENOENT || g_str_equal (at, "/") || g_str_equal (at, "."))
        return -1;
      parent = g_path_get_dirname (at);
      g_free (at);
      at = parent;
    }
  return (gint64) fs.f_bavail * (gint64) fs.f_frsize;
}
