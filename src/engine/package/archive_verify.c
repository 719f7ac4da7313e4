/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/package/archive_private.h"

#include "engine/base/error.h"
#include "engine/package/sha256.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  struct archive *archive;
  SlFile *file;
  guint8 *in;      /* what libarchive is given */
  guint8 *content; /* what it makes of it */
  gint64 done_bytes;
  gint64 total_bytes;
  const SlProgress *progress;
} Verifier;

static la_ssize_t
read_in (struct archive *archive, void *data, const void **bytes)
{
  Verifier *self = data;
  gint64 got = sl_file_read (self->file, self->in, SL_ARCHIVE_BLOCK_BYTES);

  *bytes = self->in;
  if (got == SL_ARCHIVE_BLOCK_BYTES || sl_file_check (self->file, NULL))
    return (la_ssize_t) got;
  archive_set_error (archive, EIO, "read error");
  return -1;
}

static la_int64_t
seek_in (struct archive *archive, void *data, la_int64_t offset, int whence)
{
  Verifier *self = data;
  gint64 position = sl_file_seek (self->file, offset, whence);

  return position >= 0 ? position : ARCHIVE_FATAL;
}

/* @subject is the entry at fault; NULL when it is the archive as a whole. */
static gboolean
set_verify_error (const char *subject, const char *what, GError **error)
{
  if (subject == NULL)
    g_set_error (error, SL_ERROR, SL_ERROR_VERIFY,
                 _ ("The archive is not what was written: it %s. Deliver again."), what);
  else
    g_set_error (error, SL_ERROR, SL_ERROR_VERIFY,
                 _ ("The archive is not what was written: “%s” %s. Deliver again."), subject, what);
  return FALSE;
}

/* The error of the file read, which came first, or else libarchive's. */
static gboolean
set_read_error (Verifier *self, const char *subject, GError **error)
{
  const char *detail = archive_error_string (self->archive);
  g_autofree char *what = NULL;

  if (!sl_file_check (self->file, error))
    return FALSE;
  what = g_strdup_printf (_ ("cannot be read (%s)"), detail != NULL ? detail : "?");
  return set_verify_error (subject, what, error);
}

/* No format that reads on without the zip's directory, or around damage. */
static gboolean
verifier_open (Verifier *self, GError **error)
{
  if (archive_read_support_format_zip_seekable (self->archive) == ARCHIVE_OK
      && archive_read_support_format_tar (self->archive) == ARCHIVE_OK
      && archive_read_support_filter_zstd (self->archive) == ARCHIVE_OK
      && archive_read_support_filter_gzip (self->archive) == ARCHIVE_OK
      && archive_read_set_options (self->archive, "hdrcharset=UTF-8") == ARCHIVE_OK
      && archive_read_set_read_callback (self->archive, read_in) == ARCHIVE_OK
      && archive_read_set_seek_callback (self->archive, seek_in) == ARCHIVE_OK
      && archive_read_set_callback_data (self->archive, self) == ARCHIVE_OK
      && archive_read_open1 (self->archive) == ARCHIVE_OK)
    return TRUE;
  return set_read_error (self, NULL, error);
}

/* Reads to the end of the entry, not to its size: only there is a checksum compared. */
static gboolean
check_content (Verifier *self, const SlArchiveEntry *entry, GError **error)
{
  g_autoptr (SlSha256) sha = sl_sha256_new ();
  char sha256[SL_SHA256_HEX_LENGTH + 1];
  gint64 size_bytes = 0;
  la_ssize_t got;

  while ((got = archive_read_data (self->archive, self->content, SL_ARCHIVE_BLOCK_BYTES)) > 0)
    {
      sl_sha256_feed (sha, self->content, (gsize) got);
      size_bytes += got;
      self->done_bytes += got;
      if (size_bytes > entry->size_bytes)
        return set_verify_error (entry->name, _ ("is longer than its file"), error);
      if (!sl_progress_report (self->progress, self->done_bytes, self->total_bytes, error))
        return FALSE;
    }
  if (got < 0)
    return set_read_error (self, entry->name, error);
  if (size_bytes < entry->size_bytes)
    return set_verify_error (entry->name, _ ("is shorter than its file"), error);
  sl_sha256_finish (sha, sha256);
  return strcmp (sha256, entry->sha256) == 0
         || set_verify_error (entry->name, _ ("has another SHA-256 than its file"), error);
}

static const char *
get_name (struct archive_entry *header)
{
  const char *name = archive_entry_pathname_utf8 (header);

  return name != NULL ? name : "?";
}

static gboolean
check_entry (Verifier *self, const SlArchiveEntry *entry, GError **error)
{
  struct archive_entry *header;
  int status = archive_read_next_header (self->archive, &header);

  if (status == ARCHIVE_EOF)
    return set_verify_error (entry->name, _ ("is missing"), error);
  if (status != ARCHIVE_OK)
    return set_read_error (self, entry->name, error);
  if (strcmp (get_name (header), entry->name) != 0)
    return set_verify_error (get_name (header), _ ("is not the entry that belongs here"), error);
  if (archive_entry_filetype (header) != AE_IFREG)
    return set_verify_error (entry->name, _ ("is not a regular file"), error);
  return check_content (self, entry, error);
}

static gboolean
check_end (Verifier *self, GError **error)
{
  struct archive_entry *header;
  int status = archive_read_next_header (self->archive, &header);

  if (status == ARCHIVE_EOF)
    return TRUE;
  if (status != ARCHIVE_OK)
    return set_read_error (self, NULL, error);
  return set_verify_error (get_name (header), _ ("was never packed"), error);
}

static gboolean
check_all (Verifier *self, const GArray *entries, GError **error)
{
  if (!verifier_open (self, error))
    return FALSE;
  for (guint i = 0; i < entries->len; i++)
    if (!check_entry (self, &g_array_index (entries, SlArchiveEntry, i), error))
      return FALSE;
  return check_end (self, error);
}

/* What no reader of archives looks at: second copies of names, padding, times, trailing bytes. */
static gboolean
check_digest (Verifier *self, const SlDigest *written, GError **error)
{
  SlDigest found;

  return sl_file_digest (self->file, &found, error)
         && (sl_digest_equal (&found, written)
             || set_verify_error (NULL, _ ("has other bytes around its files"), error));
}

gboolean
sl_archive_verify (const char *path,
                   const GArray *entries,
                   const SlDigest *written,
                   const SlProgress *progress,
                   GError **error)
{
  g_autoptr (SlFile) file = sl_file_open (path, error);
  g_autofree guint8 *in = g_malloc (SL_ARCHIVE_BLOCK_BYTES);
  g_autofree guint8 *content = g_malloc (SL_ARCHIVE_BLOCK_BYTES);
  Verifier verifier = { .file = file, .in = in, .content = content, .progress = progress };
  SlUtf8Locale locale;
  gboolean good;

  if (file == NULL || !sl_utf8_locale_enter (&locale, error))
    return FALSE;
  if (written != NULL)
    sl_file_tee_digest (file);
  for (guint i = 0; i < entries->len; i++)
    verifier.total_bytes += g_array_index (entries, SlArchiveEntry, i).size_bytes;
  verifier.archive = archive_read_new ();
  good = check_all (&verifier, entries, error)
         && (written == NULL || check_digest (&verifier, written, error));
  archive_read_free (verifier.archive);
  sl_utf8_locale_leave (&locale);
  return good;
}
