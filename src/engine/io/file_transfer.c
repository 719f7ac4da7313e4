/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How SlFile moves bytes: buffered when calls are small, digested while they are in the cache. */
#include "engine/io/file_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* After a jump only this much is read ahead; it doubles while reading goes on in order. */
#define FIRST_WINDOW_BYTES (16 * 1024)

/* Transfers of this size and above skip the buffer: a copy would cost more than the call. */
#define DIRECT_BYTES (32 * 1024)

/* Write-back is started each time this much more has been written. */
#define WRITE_BACK_BYTES (8 * 1024 * 1024)

void
sl_file_remember (SlFile *self, int saved_errno, gboolean writing)
{
  if (self->first_errno != 0)
    return;
  self->first_errno = saved_errno;
  self->failed_writing = writing;
}

gint64
sl_file_read_through (SlFile *self, gint64 offset, guint8 *data, gint64 length)
{
  gint64 done = 0;
  int fd = sl_file_take_descriptor (self);

  while (fd >= 0 && done < length)
    {
      gssize got = pread (fd, data + done, (gsize) (length - done), offset + done);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        sl_file_remember (self, errno, FALSE);
      if (got <= 0)
        break;
      done += got;
    }
  if (fd >= 0)
    sl_file_put_descriptor (self, fd);
  return done;
}

static gint64
read_and_digest (SlFile *self, gint64 offset, guint8 *data, gint64 length)
{
  gint64 got = sl_file_read_through (self, offset, data, length);

  if (self->digest != NULL && !self->writable)
    sl_digest_stream_feed (self->digest, offset, data, (gsize) got);
  return got;
}

static void
start_write_back (SlFile *self, gint64 end)
{
  if (end - self->write_back_from < WRITE_BACK_BYTES)
    return;
  /* Only a hint: where the file system cannot do it, the later sync has more to do. */
  (void) sync_file_range (self->fd, self->write_back_from, end - self->write_back_from,
                          SYNC_FILE_RANGE_WRITE);
  self->write_back_from = end;
}

static gint64
write_through (SlFile *self, gint64 offset, const guint8 *data, gint64 length)
{
  gint64 done = 0;

  while (done < length)
    {
      int fault = sl_file_fault ("write", self->path);
      gssize got;

      errno = fault;
      got = fault != 0 ? -1
                       : pwrite (self->fd, data + done, (gsize) (length - done), offset + done);
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        {
          sl_file_remember (self, got < 0 ? errno : EIO, TRUE);
          break;
        }
      done += got;
    }
  start_write_back (self, offset + done);
  return done;
}

gboolean
sl_file_flush (SlFile *self)
{
  gint64 length = self->buffer_length;

  if (!self->dirty)
    return TRUE;
  self->dirty = FALSE;
  self->buffer_length = 0;
  return write_through (self, self->buffer_start, self->buffer, length) == length;
}

guint8 *
sl_file_need_buffer (SlFile *self)
{
  if (self->buffer == NULL)
    self->buffer = g_malloc (SL_FILE_BUFFER_BYTES);
  return self->buffer;
}

static gint64
take_from_buffer (SlFile *self, guint8 *data, gint64 length)
{
  gint64 into = self->offset - self->buffer_start;
  gint64 n = MIN (length, self->buffer_length - into);

  if (into < 0 || n <= 0)
    return 0;
  memcpy (data, self->buffer + into, (gsize) n);
  return n;
}

static void
fill (SlFile *self)
{
  gboolean in_order = self->offset == self->window_end;

  self->window = in_order ? CLAMP (self->window * 2, FIRST_WINDOW_BYTES, SL_FILE_BUFFER_BYTES)
                          : FIRST_WINDOW_BYTES;
  self->buffer_start = self->offset;
  self->buffer_length
      = read_and_digest (self, self->offset, sl_file_need_buffer (self), self->window);
  self->window_end = self->buffer_start + self->buffer_length;
}

static gint64
read_some (SlFile *self, guint8 *data, gint64 length)
{
  gint64 n = take_from_buffer (self, data, length);

  if (n > 0)
    return n;
  if (length >= DIRECT_BYTES)
    return read_and_digest (self, self->offset, data, MIN (length, SL_FILE_BUFFER_BYTES));
  fill (self);
  return take_from_buffer (self, data, length);
}

gint64
sl_file_read (SlFile *self, gpointer data, gint64 length)
{
  gint64 done = 0;

  if (!sl_file_flush (self))
    return 0;
  while (done < length && self->first_errno == 0)
    {
      gint64 n = read_some (self, (guint8 *) data + done, length - done);

      if (n <= 0)
        break;
      done += n;
      self->offset += n;
    }
  self->high_water = MAX (self->high_water, self->offset);
  return done;
}

static gint64
append (SlFile *self, const guint8 *data, gint64 length)
{
  gint64 n = MIN (length, SL_FILE_BUFFER_BYTES - self->buffer_length);

  memcpy (sl_file_need_buffer (self) + self->buffer_length, data, (gsize) n);
  self->buffer_length += n;
  return self->buffer_length < SL_FILE_BUFFER_BYTES || sl_file_flush (self) ? n : 0;
}

/* Makes the buffer one that the bytes at the offset can be appended to. */
static gboolean
prepare_buffer (SlFile *self)
{
  if (self->dirty && self->buffer_start + self->buffer_length == self->offset)
    return TRUE;
  if (!sl_file_flush (self))
    return FALSE;
  self->buffer_start = self->offset;
  self->buffer_length = 0;
  self->dirty = TRUE;
  return TRUE;
}

static gint64
write_some (SlFile *self, const guint8 *data, gint64 length)
{
  if (length >= DIRECT_BYTES)
    {
      if (!sl_file_flush (self))
        return 0;
      self->buffer_length = 0;
      return write_through (self, self->offset, data, MIN (length, SL_FILE_BUFFER_BYTES));
    }
  return prepare_buffer (self) ? append (self, data, length) : 0;
}

gint64
sl_file_write (SlFile *self, gconstpointer data, gint64 length)
{
  gint64 done = 0;

  g_return_val_if_fail (self->writable, 0);
  while (done < length && self->first_errno == 0)
    {
      const guint8 *rest = (const guint8 *) data + done;
      gint64 n = write_some (self, rest, length - done);

      sl_digest_stream_feed (self->digest, self->offset, rest, (gsize) n);
      done += n;
      self->offset += n;
    }
  self->high_water = MAX (self->high_water, self->offset);
  return done;
}

gint64
sl_file_seek (SlFile *self, gint64 offset, int whence)
{
  gint64 base = 0;

  if (whence == SEEK_CUR)
    base = self->offset;
  else if (whence == SEEK_END)
    base = sl_file_size (self);
  if (base < 0 || offset < -base || offset > G_MAXINT64 - base)
    return -1;
  self->offset = base + offset;
  return self->offset;
}

gint64
sl_file_tell (const SlFile *self)
{
  return self->offset;
}

gint64
sl_file_size (SlFile *self)
{
  struct stat st;

  if (self->fd < 0)
    return self->rested.size_bytes;
  if (fstat (self->fd, &st) != 0)
    return -1;
  if (self->dirty)
    return MAX (st.st_size, self->buffer_start + self->buffer_length);
  return st.st_size;
}
