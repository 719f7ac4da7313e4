/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/package/archive_private.h"

#include "engine/base/error.h"
#include "engine/package/sha256.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* More than the headers of one entry take in any kind, besides its name. */
#define ENTRY_OVERHEAD_BYTES 4096

typedef struct
{
  struct archive *archive;
  SlFile *out;            /* borrowed */
  const char *final_path; /* for messages */
  guint8 *buffer;
  gint64 done_bytes;
  gint64 total_bytes;
  gboolean abandoned; /* nothing more is written */
  const SlProgress *progress;
} Packer;

/* What one entry is read from. */
typedef struct
{
  SlFile *file; /* NULL: from memory */
  const guint8 *bytes;
  gint64 position;
  gint64 size_bytes;
  SlStat stat;
} Input;

static void
input_clear (Input *self)
{
  g_clear_pointer (&self->file, sl_file_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Input, input_clear)

static gboolean
input_open (Input *self, const SlArchiveEntry *entry, GError **error)
{
  gsize length;

  if (entry->path == NULL)
    {
      self->bytes = g_bytes_get_data (entry->bytes, &length);
      self->size_bytes = (gint64) length;
      return TRUE;
    }
  self->file = sl_file_open (entry->path, error);
  if (self->file == NULL || !sl_file_stat (self->file, &self->stat, error))
    return FALSE;
  if (entry->has_digest)
    sl_file_tee_digest (self->file);
  self->size_bytes = self->stat.size_bytes;
  return TRUE;
}

static gint64
input_read (Input *self, guint8 *out, gint64 length)
{
  gint64 got;

  if (self->file != NULL)
    return sl_file_read (self->file, out, length);
  got = MIN (length, self->size_bytes - self->position);
  if (got > 0)
    memcpy (out, self->bytes + self->position, (gsize) got);
  self->position += got;
  return got;
}

static gboolean
set_changed (const SlArchiveEntry *entry, const char *how, GError **error)
{
  g_autofree char *name = g_filename_display_name (entry->path);

  g_set_error (error, SL_ERROR, SL_ERROR_CHANGED, _ ("“%s” %s. Run the step that writes it again."),
               name, how);
  return FALSE;
}

/* Whether what was packed is what was asked for: nothing left to read, and the bytes expected. */
static gboolean
input_check_end (Input *self, const SlArchiveEntry *entry, GError **error)
{
  guint8 beyond;
  SlDigest digest;

  if (self->file == NULL)
    return TRUE;
  if (sl_file_read (self->file, &beyond, 1) != 0)
    return set_changed (entry, _ ("grew while it was being packed"), error);
  if (!sl_file_check (self->file, error))
    return FALSE;
  if (!entry->has_digest)
    return sl_file_check_unchanged (self->file, &self->stat, error);
  return sl_file_digest (self->file, &digest, error)
         && (sl_digest_equal (&digest, &entry->digest)
             || set_changed (entry, _ ("is not the file that was checked"), error));
}

static la_ssize_t
write_out (struct archive *archive, void *data, const void *bytes, size_t length)
{
  Packer *self = data;

  if (!self->abandoned && sl_file_write (self->out, bytes, (gint64) length) == (gint64) length)
    return (la_ssize_t) length;
  archive_set_error (archive, EIO, "short write");
  return -1;
}

/* The error of the file written to, which came first, or else libarchive's. */
static gboolean
set_write_error (Packer *self, GError **error)
{
  const char *detail = archive_error_string (self->archive);
  g_autofree char *name = g_filename_display_name (self->final_path);

  if (!sl_file_check (self->out, error))
    return FALSE;
  g_set_error (error, SL_ERROR, SL_ERROR_WRITE, _ ("The archive “%s” could not be written: %s."),
               name, detail != NULL ? detail : "?");
  return FALSE;
}

/* Audio barely compresses: the zip stores it, and the others are asked to be quick. */
static gboolean
set_format (struct archive *archive, SlArchiveKind kind)
{
  switch (kind)
    {
    case SL_ARCHIVE_ZIP:
      return archive_write_set_format_zip (archive) == ARCHIVE_OK
             && archive_write_zip_set_compression_store (archive) == ARCHIVE_OK;
    case SL_ARCHIVE_TAR_ZST:
      return archive_write_set_format_pax_restricted (archive) == ARCHIVE_OK
             && archive_write_add_filter_zstd (archive) == ARCHIVE_OK;
    case SL_ARCHIVE_TAR_GZ:
      return archive_write_set_format_pax_restricted (archive) == ARCHIVE_OK
             && archive_write_add_filter_gzip (archive) == ARCHIVE_OK
             && archive_write_set_options (archive, "gzip:compression-level=1,gzip:!timestamp")
                    == ARCHIVE_OK;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
packer_open (Packer *self, SlArchiveKind kind, GError **error)
{
  if (set_format (self->archive, kind)
      && archive_write_set_options (self->archive, "hdrcharset=UTF-8") == ARCHIVE_OK
      && archive_write_set_bytes_per_block (self->archive, SL_ARCHIVE_BLOCK_BYTES) == ARCHIVE_OK
      /* A file, not a tape: the last block is not filled up. */
      && archive_write_set_bytes_in_last_block (self->archive, 1) == ARCHIVE_OK
      && archive_write_open (self->archive, self, NULL, write_out, NULL) == ARCHIVE_OK)
    return TRUE;
  return set_write_error (self, error);
}

/* No times and no owner: the same bytes on any machine, in any time zone. */
static gboolean
write_header (Packer *self, const SlArchiveEntry *entry, gint64 size_bytes, GError **error)
{
  struct archive_entry *header = archive_entry_new ();
  int status;

  archive_entry_set_pathname_utf8 (header, entry->name);
  archive_entry_set_filetype (header, AE_IFREG);
  archive_entry_set_perm (header, 0644);
  archive_entry_set_size (header, size_bytes);
  status = archive_write_header (self->archive, header);
  archive_entry_free (header);
  return status == ARCHIVE_OK || set_write_error (self, error);
}

/* Copies exactly the bytes that the header has promised. */
static gboolean
copy_content (Packer *self, Input *input, SlArchiveEntry *entry, SlSha256 *sha, GError **error)
{
  gint64 left = input->size_bytes;

  while (left > 0)
    {
      gint64 got = input_read (input, self->buffer, MIN (left, SL_ARCHIVE_BLOCK_BYTES));

      if (got <= 0)
        return sl_file_check (input->file, error)
               && set_changed (entry, _ ("became shorter while it was being packed"), error);
      sl_sha256_feed (sha, self->buffer, (gsize) got);
      if (archive_write_data (self->archive, self->buffer, (size_t) got) != (la_ssize_t) got)
        return set_write_error (self, error);
      left -= got;
      self->done_bytes += got;
      if (!sl_progress_report (self->progress, self->done_bytes, self->total_bytes, error))
        return FALSE;
    }
  return TRUE;
}

static void
make_bytes (SlArchiveEntry *entry, const GArray *entries)
{
  char *text;

  if (entry->make == NULL)
    return;
  g_clear_pointer (&entry->bytes, g_bytes_unref);
  text = entry->make (entries, entry->make_data);
  entry->bytes = g_bytes_new_take (text, strlen (text));
}

static gboolean
pack_entry (Packer *self, SlArchiveEntry *entry, const GArray *entries, GError **error)
{
  g_auto (Input) input = { 0 };
  g_autoptr (SlSha256) sha = sl_sha256_new ();

  make_bytes (entry, entries);
  if (!input_open (&input, entry, error) || !write_header (self, entry, input.size_bytes, error)
      || !copy_content (self, &input, entry, sha, error) || !input_check_end (&input, entry, error))
    return FALSE;
  if (archive_write_finish_entry (self->archive) != ARCHIVE_OK)
    return set_write_error (self, error);
  entry->size_bytes = input.size_bytes;
  sl_sha256_finish (sha, entry->sha256);
  return TRUE;
}

static gboolean
pack_all (Packer *self, SlArchiveKind kind, GArray *entries, GError **error)
{
  if (!packer_open (self, kind, error))
    return FALSE;
  for (guint i = 0; i < entries->len; i++)
    if (!pack_entry (self, &g_array_index (entries, SlArchiveEntry, i), entries, error))
      {
        /* Freeing closes, and closing would fill the entry up with zeros and write an end. */
        self->abandoned = TRUE;
        return FALSE;
      }
  if (archive_write_close (self->archive) != ARCHIVE_OK)
    return set_write_error (self, error);
  return sl_file_check (self->out, error);
}

/* Bytes of all content, from the files as they are now; -1 with @error set. */
static gint64
sum_sizes (const GArray *entries, GError **error)
{
  gint64 total = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      const SlArchiveEntry *entry = &g_array_index (entries, SlArchiveEntry, i);
      SlStat stat;

      if (entry->path == NULL)
        total += entry->bytes != NULL ? (gint64) g_bytes_get_size (entry->bytes) : 0;
      else if (sl_stat_path (entry->path, &stat, error))
        total += stat.size_bytes;
      else
        return -1;
    }
  return total;
}

static gboolean
check_space (SlPart *part, gint64 total_bytes, guint n_entries, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (sl_part_get_final_path (part));
  g_autofree char *name = g_filename_display_name (sl_part_get_final_path (part));
  gint64 predicted = total_bytes + (gint64) n_entries * ENTRY_OVERHEAD_BYTES;
  gint64 needed = predicted + predicted / 20;
  gint64 available = sl_free_bytes (folder);
  g_autofree char *needed_text = NULL;
  g_autofree char *available_text = NULL;

  if (available < 0 || available >= needed)
    return TRUE;
  needed_text = g_format_size ((guint64) needed);
  available_text = g_format_size ((guint64) available);
  g_set_error (error, SL_ERROR, SL_ERROR_NO_SPACE,
               _ ("“%s” needs %s, and %s are free. Free some space, or choose another disk."), name,
               needed_text, available_text);
  return FALSE;
}

gboolean
sl_archive_write (SlPart *part,
                  SlArchiveKind kind,
                  GArray *entries,
                  const SlProgress *progress,
                  GError **error)
{
  g_autofree guint8 *buffer = g_malloc (SL_ARCHIVE_BLOCK_BYTES);
  Packer packer = { .out = sl_part_get_file (part),
                    .final_path = sl_part_get_final_path (part),
                    .buffer = buffer,
                    .progress = progress };
  SlUtf8Locale locale;
  gboolean done;

  g_return_val_if_fail (packer.out != NULL && entries->len > 0, FALSE);

  if (!sl_archive_check_names (entries, error))
    return FALSE;
  packer.total_bytes = sum_sizes (entries, error);
  if (packer.total_bytes < 0 || !check_space (part, packer.total_bytes, entries->len, error)
      || !sl_utf8_locale_enter (&locale, error))
    return FALSE;
  packer.archive = archive_write_new ();
  done = pack_all (&packer, kind, entries, error);
  archive_write_free (packer.archive);
  sl_utf8_locale_leave (&locale);
  return done;
}
