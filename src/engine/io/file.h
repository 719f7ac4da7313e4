/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one layer through which bytes reach the disk and come back: counts, digests, first error. */
#pragma once

#include "engine/io/digest.h"

G_BEGIN_DECLS

/** What tells one state of a file from another without reading it. */
typedef struct
{
  guint64 device;
  guint64 inode;
  gint64 size_bytes;
  gint64 mtime_ns;
  gint64 ctime_ns;
} SlStat;

/** FALSE with SL_ERROR_OPEN when @path is missing or not a regular file (links are followed). */
gboolean
sl_stat_path (const char *path, SlStat *stat, GError **error);

/** Same inode, size, mtime and ctime. */
gboolean
sl_stat_equal (const SlStat *a, const SlStat *b);

typedef struct _SlFile SlFile;

/**
 * Opens a regular file for reading. Never blocks on a FIFO, never a directory or device: those
 * and missing or unreadable files are SL_ERROR_OPEN, named in the message.
 */
SlFile *
sl_file_open (const char *path, GError **error);

/** Creates a file that must not exist yet, for writing and reading back. Mode 0666 less umask. */
SlFile *
sl_file_create (const char *path, GError **error);

/** sl_file_create() of a file that messages call @shown_path: what a part will become. */
SlFile *
sl_file_create_as (const char *path, const char *shown_path, GError **error);

/**
 * Gives the descriptor of a file that was opened for reading back until the next read, and after
 * each: for when more files are read by turns than a process may have open. A read that finds
 * another file at the path, or the file changed, comes short. FALSE with SL_ERROR_OPEN.
 */
gboolean
sl_file_rest (SlFile *self, GError **error);

/** Bytes read; fewer than @length at the end or after an error; remembered by sl_file_check(). */
gint64
sl_file_read (SlFile *self, gpointer data, gint64 length);

/**
 * Sets room for @bytes bytes aside without growing the file: a disk that is too full is found
 * before any work, and writing costs half. FALSE with SL_ERROR_NO_SPACE or SL_ERROR_WRITE; TRUE
 * where the file system cannot do it.
 */
gboolean
sl_file_reserve (SlFile *self, gint64 bytes, GError **error);

/** Bytes taken; fewer than @length after an error, which sl_file_check() then tells. Small writes
 *  are buffered, so closing may be what meets the error. Writing starts write-back early, so that
 *  a later sync is short. */
gint64
sl_file_write (SlFile *self, gconstpointer data, gint64 length);

/** Moves the offset; @whence as lseek(2). The new offset or -1. */
gint64
sl_file_seek (SlFile *self, gint64 offset, int whence);

gint64
sl_file_tell (const SlFile *self);

/** Size in bytes now, or -1. */
gint64
sl_file_size (SlFile *self);

/** Highest offset that any read or write has reached. */
gint64
sl_file_high_water (const SlFile *self);

/** TRUE when no call has failed or come short; else FALSE with the first error, naming the file. */
gboolean
sl_file_check (const SlFile *self, GError **error);

/** fstat of the open file. */
gboolean
sl_file_stat (const SlFile *self, SlStat *stat, GError **error);

/** FALSE with SL_ERROR_CHANGED when the file is no longer in the state @before. */
gboolean
sl_file_check_unchanged (const SlFile *self, const SlStat *before, GError **error);

/** Flushes data and metadata to the device. */
gboolean
sl_file_sync (SlFile *self, GError **error);

/** Digests what is read from now on as it passes, for sl_file_digest(). */
void
sl_file_tee_digest (SlFile *self);

/**
 * Digest of all bytes: of what has been read (reading from disk what reads have skipped) or of
 * what has been written, from the bytes as they were handed over.
 */
gboolean
sl_file_digest (SlFile *self, SlDigest *digest, GError **error);

const char *
sl_file_get_path (const SlFile *self);

/** Closes; a failing close of a file written to is an error. Frees in any case. */
gboolean
sl_file_close (SlFile *self, GError **error);

/** sl_file_close() that does not care. NULL is allowed. */
void
sl_file_free (SlFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlFile, sl_file_free)

/**
 * For tests: called before every write, sync and rename of this process with its name ("write",
 * "fsync", "rename"); a non-zero return is used as errno and the call fails. NULL removes it.
 */
typedef int (*SlFaultFunc) (const char *call, const char *path, gpointer data);

void
sl_file_set_fault_hook (SlFaultFunc func, gpointer data);

/** The errno that the hook asks for at @call on @path, or 0. For this library's own use. */
int
sl_file_fault (const char *call, const char *path);

G_END_DECLS
