/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two halves of SlFile share: file.c (state and verdicts) and file_transfer.c (bytes). */
#pragma once

#include "engine/io/file.h"

G_BEGIN_DECLS

/* Fits the L2 cache together with a block of audio, so that bytes are digested while warm. */
#define SL_FILE_BUFFER_BYTES (256 * 1024)

struct _SlFile
{
  char *path;
  char *shown_path;
  int fd;        ///< -1: at rest
  SlStat rested; ///< as it was then
  gboolean writable;
  gint64 offset;
  gint64 high_water;

  /* Bytes [buffer_start, buffer_start + buffer_length) of the file; dirty: not yet written. */
  guint8 *buffer;
  gint64 buffer_start;
  gint64 buffer_length;
  gboolean dirty;
  gint64 window;     ///< bytes that the next fill reads
  gint64 window_end; ///< where the last fill ended

  gint64 write_back_from; ///< everything before it is on its way to the device
  SlDigestStream *digest; ///< NULL: nobody has asked for it while reading
  int first_errno;
  gboolean failed_writing;
};

/** Keeps the first error of a transfer. */
void
sl_file_remember (SlFile *self, int saved_errno, gboolean writing);

/** The buffer of SL_FILE_BUFFER_BYTES. */
guint8 *
sl_file_need_buffer (SlFile *self);

/**
 * The descriptor to read from, which a file at rest opens anew, for sl_file_put_descriptor(); -1
 * when that failed, or when the file there is not as it was: only a failure is remembered.
 */
int
sl_file_take_descriptor (SlFile *self);

void
sl_file_put_descriptor (SlFile *self, int fd);

/** Writes what is buffered. FALSE when that failed. */
gboolean
sl_file_flush (SlFile *self);

/** Reads at @offset past the buffer until @length bytes or the end of the file. */
gint64
sl_file_read_through (SlFile *self, gint64 offset, guint8 *data, gint64 length);

G_END_DECLS
