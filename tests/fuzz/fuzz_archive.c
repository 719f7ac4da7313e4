/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as the archive of two known files: accepted by the digest only when they are the very
 * archive that was written, and without it only when unpacking gives exactly these two files. */
#include "fuzz.h"

#include "engine/package/archive.h"

#include <archive.h>
#include <archive_entry.h>

static const char *const names[] = { "Song/Master.wav", "Song/README.txt" };
static const char *const contents[]
    = { "RIFF stands for audio here, which is bytes like any other.",
        "Stems sum to the master.\n" };
static const char *const file_names[] = { "a.zip", "a.tar.zst", "a.tar.gz" };

#define N_FILES G_N_ELEMENTS (names)
#define N_KINDS G_N_ELEMENTS (file_names)

/* What the whole run compares with. */
static GArray *entries;
static char *archives[N_KINDS];
static gsize archive_sizes[N_KINDS];
static SlDigest digests[N_KINDS];

static void
write_archive (guint kind)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), file_names[kind], NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlPart) part = sl_part_new (path, &error);

  g_assert_no_error (error);
  sl_archive_write (part, (SlArchiveKind) kind, entries, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (sl_part_seal (part, &digests[kind], &error));
  g_assert_true (sl_part_sync (part, &error));
  g_assert_true (sl_part_commit (part, &error));
  g_assert_true (g_file_get_contents (path, &archives[kind], &archive_sizes[kind], NULL));
  g_assert_true (sl_archive_verify (path, entries, &digests[kind], NULL, &error));
  unlink (path);
}

static void
prepare (void)
{
  entries = sl_archive_entries_new ();
  for (guint i = 0; i < N_FILES; i++)
    sl_archive_entries_add_text (entries, names[i], contents[i]);
  for (guint kind = 0; kind < N_KINDS; kind++)
    write_archive (kind);
}

static gboolean
unpacks_next (struct archive *archive, guint i)
{
  gsize length = strlen (contents[i]);
  g_autofree char *found = g_malloc (length + 1);
  struct archive_entry *header;

  return archive_read_next_header (archive, &header) == ARCHIVE_OK
         && g_strcmp0 (archive_entry_pathname (header), names[i]) == 0
         && archive_read_data (archive, found, length + 1) == (la_ssize_t) length
         && memcmp (found, contents[i], length) == 0;
}

/* By libarchive alone, without anything of ours. */
static gboolean
unpacks (const guint8 *data, gsize size)
{
  struct archive *archive = archive_read_new ();
  struct archive_entry *header;
  gboolean good;

  archive_read_support_format_zip (archive);
  archive_read_support_format_tar (archive);
  archive_read_support_filter_gzip (archive);
  archive_read_support_filter_zstd (archive);
  good = archive_read_open_memory (archive, data, size) == ARCHIVE_OK;
  for (guint i = 0; good && i < N_FILES; i++)
    good = unpacks_next (archive, i);
  good = good && archive_read_next_header (archive, &header) == ARCHIVE_EOF;
  archive_read_free (archive);
  return good;
}

static gboolean
verify (const char *path, const SlDigest *written)
{
  g_autoptr (GError) error = NULL;
  gboolean good = sl_archive_verify (path, entries, written, NULL, &error);

  if (good)
    {
      g_assert_no_error (error);
      return TRUE;
    }
  assert_told (error);
  g_assert_true (error->code == SL_ERROR_VERIFY);
  return FALSE;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const char *path = file_of (data, size);

  if (entries == NULL)
    prepare ();
  if (verify (path, NULL))
    g_assert_true (unpacks (data, size));
  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      gboolean same
          = size == archive_sizes[kind] && memcmp (data, archives[kind], archive_sizes[kind]) == 0;

      g_assert_true (verify (path, &digests[kind]) == same);
    }
  return 0;
}
