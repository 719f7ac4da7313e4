/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An output in the making: whole under its final name, or not there at all. */
#pragma once

#include "engine/io/file.h"

G_BEGIN_DECLS

typedef struct _SlPart SlPart;

/**
 * Makes @folder and those above it that are missing, each flushed into the folder it is in.
 * SL_ERROR_WRITE or SL_ERROR_NO_SPACE. Any thread.
 */
gboolean
sl_folder_make (const char *folder, GError **error);

/**
 * Starts the file that will be @final_path, as a hidden part file in the same folder (which is
 * made when missing). SL_ERROR_WRITE or SL_ERROR_NO_SPACE.
 */
SlPart *
sl_part_new (const char *final_path, GError **error);

/**
 * Takes over @path, a whole file that another process of ours made on the same file system, as the
 * sealed part of @final_path. SL_ERROR_WRITE or SL_ERROR_OPEN.
 */
SlPart *
sl_part_adopt (const char *path, const char *final_path, GError **error);

/** The file to write into; borrowed, NULL after sl_part_seal(). */
SlFile *
sl_part_get_file (SlPart *self);

/** Path of the part file, for reading it back. */
const char *
sl_part_get_path (const SlPart *self);

const char *
sl_part_get_final_path (const SlPart *self);

/**
 * Closes the part, after which nothing can be written. FALSE with the first error that any write
 * met, or when the file's size is not what was written. The digest of what was written goes to
 * @written (may be NULL).
 */
gboolean
sl_part_seal (SlPart *self, SlDigest *written, GError **error);

/** Flushes a sealed part to the device. Any thread, once; may overlap other work. */
gboolean
sl_part_sync (SlPart *self, GError **error);

/**
 * Gives a sealed part its final name and flushes the folder, after sl_part_sync() when that has
 * not been called. The one place where a final name is made. On failure the part is still there
 * and the final name is as it was.
 */
gboolean
sl_part_commit (SlPart *self, GError **error);

/** Removes the part file unless it was committed. NULL is allowed. */
void
sl_part_free (SlPart *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlPart, sl_part_free)

/** Whether @name is what sl_part_new() calls its files: what a killed run may have left. */
gboolean
sl_part_is_part_name (const char *name);

/**
 * A name like that of a part of @final_path, for a copy to work on that lies beside it and is
 * removed with it. Owned.
 */
char *
sl_part_scratch_path (const char *final_path);

/**
 * Removes what killed programs have left in @folder: parts of the file @final_name, and parts of
 * those, or of any file when that is NULL. Nobody else may be writing these. Names of more than
 * about a hundred bytes, which cannot be told apart, are left.
 */
void
sl_part_sweep (const char *folder, const char *final_name);

/**
 * The sealed part of @final_path with the @length bytes of @data, read back and compared. For small
 * files that are made in memory. SL_ERROR_WRITE, SL_ERROR_NO_SPACE or SL_ERROR_VERIFY.
 */
SlPart *
sl_part_new_from_bytes (const char *final_path, gconstpointer data, gsize length, GError **error);

/** The same, and its commit. */
gboolean
sl_part_write_bytes (const char *final_path, gconstpointer data, gsize length, GError **error);

/** Free bytes on the file system of @folder (or its nearest existing parent), or -1. */
gint64
sl_free_bytes (const char *folder);

G_END_DECLS
