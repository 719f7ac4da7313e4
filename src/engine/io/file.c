/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/io/file.h"

#include "engine/base/error.h"
#include "engine/io/file_private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* O_NONBLOCK: a FIFO without a writer would hold us for ever. It changes nothing for a file. */
#define READING_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

static SlFaultFunc fault_func;
static gpointer fault_data;

void
sl_file_set_fault_hook (SlFaultFunc func, gpointer data)
{
  fault_func = func;
  fault_data = data;
}

int
sl_file_fault (const char *call, const char *path)
{
  return fault_func != NULL ? fault_func (call, path, fault_data) : 0;
}

static void
fill_stat (const struct stat *st, SlStat *stat)
{
  stat->device = st->st_dev;
  stat->inode = st->st_ino;
  stat->size_bytes = st->st_size;
  stat->mtime_ns
      = (gint64) st->st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + st->st_mtim.tv_nsec;
  stat->ctime_ns
      = (gint64) st->st_ctim.tv_sec * G_GINT64_CONSTANT (1000000000) + st->st_ctim.tv_nsec;
}

static gboolean
check_regular (const struct stat *st, const char *path, GError **error)
{
  g_autofree char *name = NULL;

  if (S_ISREG (st->st_mode))
    return TRUE;
  name = g_filename_display_name (path);
  g_set_error (error, SL_ERROR, SL_ERROR_OPEN,
               _ ("“%s” is not a file but a folder, a device or a pipe. Choose an audio file."),
               name);
  return FALSE;
}

gboolean
sl_stat_path (const char *path, SlStat *stat_out, GError **error)
{
  struct stat st;

  if (stat (path, &st) != 0)
    return sl_error_set_errno (error, SL_ERROR_OPEN, errno, path, _ ("could not be opened"));
  if (!check_regular (&st, path, error))
    return FALSE;
  fill_stat (&st, stat_out);
  return TRUE;
}

gboolean
sl_stat_equal (const SlStat *a, const SlStat *b)
{
  return a->inode == b->inode && a->size_bytes == b->size_bytes && a->mtime_ns == b->mtime_ns
         && a->ctime_ns == b->ctime_ns;
}

static SlFile *
file_new (const char *path, const char *shown_path, int fd, gboolean writable)
{
  SlFile *self = g_new0 (SlFile, 1);

  self->path = g_strdup (path);
  self->shown_path = g_strdup (shown_path);
  self->fd = fd;
  self->writable = writable;
  self->digest = writable ? sl_digest_stream_new () : NULL;
  return self;
}

SlFile *
sl_file_open (const char *path, GError **error)
{
  int fd = open (path, READING_FLAGS);
  struct stat st;

  if (fd < 0 || fstat (fd, &st) != 0)
    sl_error_set_errno (error, SL_ERROR_OPEN, errno, path, _ ("could not be opened"));
  else if (check_regular (&st, path, error))
    return file_new (path, path, fd, FALSE);
  if (fd >= 0)
    close (fd);
  return NULL;
}

gboolean
sl_file_rest (SlFile *self, GError **error)
{
  g_return_val_if_fail (!self->writable && self->fd >= 0, FALSE);
  if (!sl_file_stat (self, &self->rested, error))
    return FALSE;
  close (self->fd);
  self->fd = -1;
  return TRUE;
}

static gboolean
is_as_rested (const SlFile *self, int fd)
{
  struct stat st;
  SlStat now;

  if (fstat (fd, &st) != 0)
    return FALSE;
  fill_stat (&st, &now);
  return sl_stat_equal (&now, &self->rested);
}

int
sl_file_take_descriptor (SlFile *self)
{
  int fd = self->fd >= 0 ? self->fd : open (self->path, READING_FLAGS);

  if (fd < 0)
    sl_file_remember (self, errno, FALSE);
  if (fd < 0 || fd == self->fd || is_as_rested (self, fd))
    return fd;
  close (fd);
  return -1;
}

void
sl_file_put_descriptor (SlFile *self, int fd)
{
  if (fd != self->fd)
    close (fd);
}

SlFile *
sl_file_create_as (const char *path, const char *shown_path, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0666);

  if (fd < 0)
    {
      sl_error_set_errno (error, SL_ERROR_WRITE, errno, shown_path, _ ("could not be made"));
      return NULL;
    }
  return file_new (path, shown_path, fd, TRUE);
}

SlFile *
sl_file_create (const char *path, GError **error)
{
  return sl_file_create_as (path, path, error);
}

gint64
sl_file_high_water (const SlFile *self)
{
  return self->high_water;
}

gboolean
sl_file_reserve (SlFile *self, gint64 bytes, GError **error)
{
  int failed = fallocate (self->fd, FALLOC_FL_KEEP_SIZE, 0, bytes) == 0 ? 0 : errno;

  if (failed == ENOSPC || failed == EDQUOT || failed == EFBIG || failed == EIO)
    sl_file_remember (self, failed, TRUE);
  return sl_file_check (self, error);
}

gboolean
sl_file_check (const SlFile *self, GError **error)
{
  if (self->first_errno == 0)
    return TRUE;
  if (self->failed_writing)
    return sl_error_set_errno (error, SL_ERROR_WRITE, self->first_errno, self->shown_path,
                               _ ("could not be written"));
  return sl_error_set_errno (error, SL_ERROR_OPEN, self->first_errno, self->shown_path,
                             _ ("could not be read"));
}

gboolean
sl_file_stat (const SlFile *self, SlStat *stat, GError **error)
{
  struct stat st;

  if (self->fd < 0)
    return sl_stat_path (self->path, stat, error);
  if (fstat (self->fd, &st) != 0)
    return sl_error_set_errno (error, SL_ERROR_OPEN, errno, self->shown_path,
                               _ ("could not be read"));
  fill_stat (&st, stat);
  return TRUE;
}

static gboolean
set_changed (const SlFile *self, GError **error)
{
  g_autofree char *name = g_filename_display_name (self->shown_path);

  g_set_error (error, SL_ERROR, SL_ERROR_CHANGED,
               _ ("“%s” changed while it was being read. Try again."), name);
  return FALSE;
}

gboolean
sl_file_check_unchanged (const SlFile *self, const SlStat *before, GError **error)
{
  SlStat now;

  if (!sl_file_stat (self, &now, error))
    return FALSE;
  return sl_stat_equal (before, &now) || set_changed (self, error);
}

gboolean
sl_file_sync (SlFile *self, GError **error)
{
  int fault = sl_file_fault ("fsync", self->path);

  sl_file_flush (self);
  if (!sl_file_check (self, error))
    return FALSE;
  errno = fault;
  if (fault != 0 || fsync (self->fd) != 0)
    return sl_error_set_errno (error, SL_ERROR_WRITE, errno, self->shown_path,
                               _ ("could not be brought to the disk"));
  return TRUE;
}

void
sl_file_tee_digest (SlFile *self)
{
  if (self->digest == NULL)
    self->digest = sl_digest_stream_new ();
}

/* Feeds the digest from disk up to @size; what it has seen already is not read again, but for
 * the head, which tells nothing of how much of it has been seen. */
static gboolean
feed_the_rest (SlFile *self, gint64 size)
{
  guint8 *scratch = sl_file_need_buffer (self);
  gint64 at = self->writable ? sl_digest_stream_position (self->digest) : 0;

  self->buffer_length = 0;
  while (at < size)
    {
      gint64 until = at == 0 ? SL_DIGEST_HEAD_BYTES : at + SL_FILE_BUFFER_BYTES;
      gint64 got = sl_file_read_through (self, at, scratch, MIN (until, size) - at);

      if (got <= 0)
        return FALSE;
      sl_digest_stream_feed (self->digest, at, scratch, (gsize) got);
      at = MAX (at + got, sl_digest_stream_position (self->digest));
    }
  return TRUE;
}

gboolean
sl_file_digest (SlFile *self, SlDigest *digest, GError **error)
{
  gint64 size;

  sl_file_flush (self);
  sl_file_tee_digest (self);
  size = sl_file_size (self);
  if (!sl_file_check (self, error))
    return FALSE;
  if (!feed_the_rest (self, size))
    return sl_file_check (self, error) && set_changed (self, error);
  *digest = sl_digest_stream_finish (self->digest, size);
  return TRUE;
}

const char *
sl_file_get_path (const SlFile *self)
{
  return self->path;
}

static void
release (SlFile *self)
{
  g_clear_pointer (&self->digest, sl_digest_stream_free);
  g_free (self->buffer);
  g_free (self->path);
  g_free (self->shown_path);
  g_free (self);
}

gboolean
sl_file_close (SlFile *self, GError **error)
{
  gboolean ok;

  sl_file_flush (self);
  /* The descriptor is gone whatever close() returns; EINTR is not to be retried on Linux. */
  if (self->fd >= 0 && close (self->fd) != 0 && errno != EINTR)
    sl_file_remember (self, errno, self->writable);
  ok = sl_file_check (self, error);
  release (self);
  return ok;
}

void
sl_file_free (SlFile *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  release (self);
}
