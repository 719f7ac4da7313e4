/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deliverables in one file (libarchive), and the proof that they are in it. */
#pragma once

#include "engine/io/part.h"

G_BEGIN_DECLS

typedef enum
{
  SL_ARCHIVE_ZIP, ///< stored, Zip64 where needed
  SL_ARCHIVE_TAR_ZST,
  SL_ARCHIVE_TAR_GZ
} SlArchiveKind;

/** By suffix: .zip, .tar.zst, .tar.gz (or .tgz), in any case. FALSE for others. */
gboolean
sl_archive_kind_from_name (const char *name, SlArchiveKind *kind);

/** Makes the text of an entry when its turn comes; @entries before it know their SHA-256. Owned. */
typedef char *(*SlArchiveMakeFunc) (const GArray *entries, gpointer data);

/** One entry: a file on disk, or bytes in memory. */
typedef struct
{
  char *name;             ///< path inside the archive, UTF-8, relative, no "..", '/' separators
  char *path;             ///< file to read, or NULL
  GBytes *bytes;          ///< content when path is NULL
  SlArchiveMakeFunc make; ///< makes bytes, when they depend on the entries before; else NULL
  gpointer make_data;
  gboolean has_digest; ///< digest below is what the file must have
  SlDigest digest;     ///< expected digest of the file (SlDigest of io/digest.h)
  gint64 size_bytes;   ///< filled in by writing
  char sha256[65];     ///< filled in by writing: hexadecimal SHA-256 of the content
} SlArchiveEntry;

/** An empty array of SlArchiveEntry that frees its members. */
GArray *
sl_archive_entries_new (void);

void
sl_archive_entries_add_file (GArray *entries,
                             const char *name,
                             const char *path,
                             const SlDigest *expected);

void
sl_archive_entries_add_text (GArray *entries, const char *name, const char *text);

/** Adds an entry whose text @make gives while the archive is written. */
void
sl_archive_entries_add_made (GArray *entries,
                             const char *name,
                             SlArchiveMakeFunc make,
                             gpointer data);

/**
 * Writes @entries in order into @part (not yet sealed): names checked, each source held open and
 * its size counted, SHA-256 and digest taken as the bytes pass. Deterministic: no times, owners or
 * modes of this machine. SL_ERROR_CHANGED when a file is not the one expected or changes meanwhile,
 * SL_ERROR_INVALID for a bad or repeated name, SL_ERROR_WRITE, SL_ERROR_NO_SPACE.
 */
gboolean
sl_archive_write (SlPart *part,
                  SlArchiveKind kind,
                  GArray *entries,
                  const SlProgress *progress,
                  GError **error);

/**
 * Opens the archive at @path, reads every entry to its end and compares: exactly @entries, in
 * order, each with its size and SHA-256. @written is the digest of the whole archive as
 * sl_part_seal() told it, which also proves the bytes that no entry covers (second copies of names,
 * times, padding); NULL when it is not known. SL_ERROR_VERIFY naming the entry and what differs.
 */
gboolean
sl_archive_verify (const char *path,
                   const GArray *entries,
                   const SlDigest *written,
                   const SlProgress *progress,
                   GError **error);

/** SHA-256 (libcrypto) of the file at @path in hexadecimal. Not on main. */
gboolean
sl_sha256_file (const char *path, char sha256[65], const SlProgress *progress, GError **error);

G_END_DECLS
