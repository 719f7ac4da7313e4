/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../support/temp_folder.h"
#include "engine/base/error.h"
#include "engine/package/archive.h"

#include <errno.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#define SHA256_OF_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define SHA256_OF_NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* Four blocks of the packer and a bit. */
#define BIG_BYTES (4 * 256 * 1024 + 17)

static const SlArchiveKind kinds[] = { SL_ARCHIVE_ZIP, SL_ARCHIVE_TAR_ZST, SL_ARCHIVE_TAR_GZ };
static const char *const file_names[] = { "a.zip", "a.tar.zst", "a.tar.gz" };

static const char *const names[]
    = { "Grüße/Master.wav", "Grüße/Čistá 日本 🎵.wav", "Grüße/empty.wav", "Grüße/README.txt" };

static char *
path_in (const char *folder, const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static void
write_file (const char *path, gconstpointer data, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, data, (gssize) length, &error);
  g_assert_no_error (error);
}

static guint8 *
make_noise (gsize length, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  guint8 *bytes = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) g_rand_int (rand);
  return bytes;
}

static void
write_noise (const char *path, gsize length, guint32 seed)
{
  g_autofree guint8 *bytes = make_noise (length, seed);

  write_file (path, bytes, length);
}

/* Two files of noise, an empty one and a text; digests asked for where @with_digests. */
static GArray *
make_entries (const char *folder, gsize big, gboolean with_digests)
{
  GArray *entries = sl_archive_entries_new ();
  const gsize sizes[] = { big, 100, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *base = g_strdup_printf ("%u.wav", i);
      g_autofree char *path = path_in (folder, base);
      SlDigest digest;

      write_noise (path, sizes[i], i);
      g_assert_true (sl_digest_file (path, &digest, NULL, NULL));
      sl_archive_entries_add_file (entries, names[i], path, with_digests ? &digest : NULL);
    }
  sl_archive_entries_add_text (entries, names[3], "stems sum to the master\n");
  return entries;
}

/* Packs and gives the archive its name in @folder. */
static char *
pack (const char *folder, guint kind, GArray *entries, SlDigest *written)
{
  g_autofree char *path = path_in (folder, file_names[kind]);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlPart) part = sl_part_new (path, &error);

  g_assert_no_error (error);
  sl_archive_write (part, kinds[kind], entries, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (sl_part_seal (part, written, &error));
  g_assert_true (sl_part_commit (part, &error));
  return g_steal_pointer (&path);
}

static void
assert_verifies (const char *path, const GArray *entries, const SlDigest *written)
{
  g_autoptr (GError) error = NULL;

  sl_archive_verify (path, entries, written, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_refused (const char *path, const GArray *entries, const SlDigest *written)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (sl_archive_verify (path, entries, written, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_VERIFY);
}

/* What writing @entries is refused with. */
static void
assert_not_packed (const char *folder,
                   guint kind,
                   GArray *entries,
                   const SlProgress *progress,
                   int code)
{
  g_autofree char *path = path_in (folder, file_names[kind]);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlPart) part = sl_part_new (path, &error);

  g_assert_no_error (error);
  g_assert_false (sl_archive_write (part, kinds[kind], entries, progress, &error));
  g_assert_error (error, SL_ERROR, code);
}

static void
test_kind (void)
{
  static const struct
  {
    const char *name;
    int kind;
  } cases[] = { { "a.zip", SL_ARCHIVE_ZIP },
                { "A.ZIP", SL_ARCHIVE_ZIP },
                { "x.tar.zst", SL_ARCHIVE_TAR_ZST },
                { "x.tar.GZ", SL_ARCHIVE_TAR_GZ },
                { "x.tgz", SL_ARCHIVE_TAR_GZ },
                { "x.gz", -1 },
                { "x.rar", -1 },
                { "zip", -1 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SlArchiveKind kind;
      gboolean known = sl_archive_kind_from_name (cases[i].name, &kind);

      g_assert_cmpint (known ? (int) kind : -1, ==, cases[i].kind);
    }
}

static void
test_sha256 (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = path_in (folder, "f");
  char hex[65];

  write_file (path, "abc", 3);
  g_assert_true (sl_sha256_file (path, hex, NULL, NULL));
  g_assert_cmpstr (hex, ==, SHA256_OF_ABC);
  write_file (path, "", 0);
  g_assert_true (sl_sha256_file (path, hex, NULL, NULL));
  g_assert_cmpstr (hex, ==, SHA256_OF_NOTHING);
}

static void
test_round_trip (void)
{
  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      g_autoptr (TestFolder) folder = test_folder_new ();
      g_autoptr (GArray) entries = make_entries (folder, BIG_BYTES, TRUE);
      SlDigest written;
      g_autofree char *path = pack (folder, kind, entries, &written);
      const SlArchiveEntry *first = &g_array_index (entries, SlArchiveEntry, 0);
      const SlArchiveEntry *empty = &g_array_index (entries, SlArchiveEntry, 2);
      char hex[65];

      assert_verifies (path, entries, &written);
      assert_verifies (path, entries, NULL);
      g_assert_true (sl_sha256_file (first->path, hex, NULL, NULL));
      g_assert_cmpstr (first->sha256, ==, hex);
      g_assert_cmpint (first->size_bytes, ==, BIG_BYTES);
      g_assert_cmpstr (empty->sha256, ==, SHA256_OF_NOTHING);
      g_assert_cmpint (empty->size_bytes, ==, 0);
    }
}

static char *
list_sha256 (const GArray *entries, gpointer data)
{
  guint *calls = data;

  (*calls)++;
  return g_strdup (g_array_index (entries, SlArchiveEntry, 0).sha256);
}

/* A text that names what was packed before it; made anew for a second archive. */
static void
test_made_entry (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (GArray) entries = make_entries (folder, 300, TRUE);
  guint calls = 0;

  sl_archive_entries_add_made (entries, "manifest", list_sha256, &calls);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *path = pack (folder, 0, entries, NULL);
      const SlArchiveEntry *made = &g_array_index (entries, SlArchiveEntry, entries->len - 1);

      assert_verifies (path, entries, NULL);
      g_assert_cmpuint (calls, ==, i + 1);
      g_assert_cmpint (made->size_bytes, ==, 64);
      g_assert_cmpmem (g_bytes_get_data (made->bytes, NULL), 64,
                       g_array_index (entries, SlArchiveEntry, 0).sha256, 64);
    }
}

/* Name, size and time of each entry as Python's zipfile sees them, after a test of every CRC. */
static const char python_script[] = "import sys, zipfile, hashlib\n"
                                    "z = zipfile.ZipFile(sys.argv[1])\n"
                                    "assert z.testzip() is None\n"
                                    "for i in z.infolist():\n"
                                    "  assert i.date_time == (1980, 1, 1, 0, 0, 0), i.date_time\n"
                                    "  assert i.compress_type == zipfile.ZIP_STORED\n"
                                    "  print(i.filename, hashlib.sha256(z.read(i)).hexdigest())\n";

/* Standard output of @argv; skips the test when the program is absent. */
static char *
run_reader (const char *const *argv)
{
  g_autofree char *program = g_find_program_in_path (argv[0]);
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "LC_ALL", "C.UTF-8", TRUE);
  g_autoptr (GError) error = NULL;
  char *output = NULL;
  int status;

  if (program == NULL)
    {
      g_test_skip (argv[0]);
      return NULL;
    }
  g_spawn_sync (NULL, (char **) argv, environment, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);
  return output;
}

static void
test_python_reads (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (GArray) entries = make_entries (folder, 1000, FALSE);
  g_autofree char *path = pack (folder, 0, entries, NULL);
  const char *argv[] = { "python3", "-X", "utf8", "-c", python_script, path, NULL };
  g_autofree char *output = run_reader (argv);
  g_autoptr (GString) expected = g_string_new (NULL);

  for (guint i = 0; i < entries->len; i++)
    g_string_append_printf (expected, "%s %s\n", names[i],
                            g_array_index (entries, SlArchiveEntry, i).sha256);
  if (output != NULL)
    g_assert_cmpstr (output, ==, expected->str);
}

static void
test_info_zip_reads (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (GArray) entries = make_entries (folder, 1000, FALSE);
  g_autofree char *path = pack (folder, 0, entries, NULL);
  const char *test_argv[] = { "unzip", "-tqq", path, NULL };
  const char *list_argv[] = { "unzip", "-Z1", path, NULL };
  g_autofree char *tested = run_reader (test_argv);
  g_autofree char *listed = run_reader (list_argv);
  g_autofree char *expected
      = g_strdup_printf ("%s\n%s\n%s\n%s\n", names[0], names[1], names[2], names[3]);

  if (listed != NULL)
    g_assert_cmpstr (listed, ==, expected);
}

static void
test_tar_reads (void)
{
  for (guint kind = 1; kind < G_N_ELEMENTS (kinds); kind++)
    {
      g_autoptr (TestFolder) folder = test_folder_new ();
      g_autoptr (GArray) entries = make_entries (folder, 1000, FALSE);
      g_autofree char *path = pack (folder, kind, entries, NULL);
      const char *argv[] = { "tar", "--list", "--quoting-style=literal", "--file", path, NULL };
      g_autofree char *listed = run_reader (argv);
      g_autofree char *expected
          = g_strdup_printf ("%s\n%s\n%s\n%s\n", names[0], names[1], names[2], names[3]);

      if (listed != NULL)
        g_assert_cmpstr (listed, ==, expected);
    }
}

/* The second life of this program: packs and verifies @folder under the environment it is in. */
static int
pack_in_child (const char *folder, const char *kind)
{
  GArray *entries = sl_archive_entries_new ();
  g_autofree char *source = path_in (folder, "source");
  g_autofree char *path = NULL;

  setlocale (LC_ALL, "");
  sl_archive_entries_add_file (entries, names[1], source, NULL);
  sl_archive_entries_add_text (entries, names[3], "text");
  path = pack (folder, (guint) g_ascii_strtoull (kind, NULL, 10), entries, NULL);
  assert_verifies (path, entries, NULL);
  g_array_unref (entries);
  return 0;
}

static char *
sha256_from_child (const char *folder, guint kind, const char *locale, const char *zone)
{
  g_auto (GStrv) environment = g_get_environ ();
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *kind_text = g_strdup_printf ("%u", kind);
  g_autofree char *path = path_in (folder, file_names[kind]);
  const char *argv[] = { self, "--pack", folder, kind_text, NULL };
  g_autoptr (GError) error = NULL;
  char *hex = g_malloc (65);
  int status;

  environment = g_environ_setenv (environment, "LC_ALL", locale, TRUE);
  environment = g_environ_setenv (environment, "TZ", zone, TRUE);
  g_spawn_sync (NULL, (char **) argv, environment, 0, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);
  g_assert_true (sl_sha256_file (path, hex, NULL, NULL));
  return hex;
}

/* Other locale, other time zone, other times, modes: the same bytes. */
static void
test_deterministic (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *source = path_in (folder, "source");
  struct utimbuf old = { 1000000000, 1000000000 };

  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      g_autofree char *plain = NULL;
      g_autofree char *east = NULL;
      g_autofree char *west = NULL;

      write_noise (source, 5000, 1);
      plain = sha256_from_child (folder, kind, "C", "UTC");
      east = sha256_from_child (folder, kind, "C.UTF-8", "<+14>-14");
      g_assert_cmpint (utime (source, &old), ==, 0);
      g_assert_cmpint (chmod (source, 0600), ==, 0);
      west = sha256_from_child (folder, kind, "C", "<-11>11");
      g_assert_cmpstr (plain, ==, east);
      g_assert_cmpstr (plain, ==, west);
    }
}

/* Bytes 4 to 7 of gzip are a time; two runs within a second would hide it. */
static void
test_no_time_in_gzip (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (GArray) entries = make_entries (folder, 100, FALSE);
  g_autofree char *path = pack (folder, 2, entries, NULL);
  g_autofree char *bytes = NULL;

  g_assert_true (g_file_get_contents (path, &bytes, NULL, NULL));
  g_assert_cmpmem (bytes, 3, "\x1f\x8b\x08", 3);
  g_assert_cmpmem (bytes + 4, 4, "\0\0\0\0", 4);
}

/* Every bit position of every byte in turn: never the archive that was written, and an entry's own
 * bytes are told even without the digest of the whole. */
static void
test_bit_flips (void)
{
  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      g_autoptr (TestFolder) folder = test_folder_new ();
      g_autoptr (GArray) entries = make_entries (folder, 300, TRUE);
      SlDigest written;
      g_autofree char *path = pack (folder, kind, entries, &written);
      g_autofree char *bytes = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
      for (gsize i = 0; i < length; i++)
        {
          bytes[i] ^= (char) (1 << (i % 8));
          write_file (path, bytes, length);
          assert_refused (path, entries, &written);
          bytes[i] ^= (char) (1 << (i % 8));
        }
      write_file (path, bytes, length);
      assert_verifies (path, entries, &written);
    }
}

static void
test_content_flips_without_digest (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (GArray) entries = make_entries (folder, 300, FALSE);
  g_autofree char *path = pack (folder, 0, entries, NULL);
  g_autofree guint8 *content = make_noise (300, 0);
  g_autofree char *bytes = NULL;
  gsize length;
  char *found;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  found = memmem (bytes, length, content, 300);
  g_assert_nonnull (found);
  for (guint i = 0; i < 300; i += 13)
    {
      found[i] ^= 1;
      write_file (path, bytes, length);
      assert_refused (path, entries, NULL);
      found[i] ^= 1;
    }
}

/* The content is whole, but what a reader of the zip would hold against it is not. */
static void
test_crc_flip_without_digest (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (GArray) entries = make_entries (folder, 300, FALSE);
  g_autofree char *path = pack (folder, 0, entries, NULL);
  g_autofree char *bytes = NULL;
  gsize length;
  char *record;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  record = memmem (bytes, length, "PK\x01\x02", 4);
  g_assert_nonnull (record);
  record[16] ^= 1; /* CRC-32 in the central directory */
  write_file (path, bytes, length);
  assert_refused (path, entries, NULL);
}

static void
test_truncated (void)
{
  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      g_autoptr (TestFolder) folder = test_folder_new ();
      g_autoptr (GArray) entries = make_entries (folder, 3000, FALSE);
      SlDigest written;
      g_autofree char *path = pack (folder, kind, entries, &written);
      g_autofree char *bytes = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
      for (gsize kept = 0; kept < length; kept += 1 + length / 50)
        {
          write_file (path, bytes, kept);
          assert_refused (path, entries, &written);
        }
      write_file (path, bytes, length - 1);
      assert_refused (path, entries, &written);
    }
}

/* An archive of other entries than those expected. */
static void
test_other_entries (void)
{
  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      g_autoptr (TestFolder) folder = test_folder_new ();
      g_autoptr (GArray) entries = make_entries (folder, 300, FALSE);
      g_autofree char *path = pack (folder, kind, entries, NULL);
      SlArchiveEntry *first = &g_array_index (entries, SlArchiveEntry, 0);
      SlArchiveEntry kept = *first;

      first->size_bytes++;
      assert_refused (path, entries, NULL);
      first->size_bytes = kept.size_bytes - 1;
      assert_refused (path, entries, NULL);
      *first = kept;
      first->sha256[0] = first->sha256[0] == '0' ? '1' : '0';
      assert_refused (path, entries, NULL);
      *first = kept;
      first->name = g_array_index (entries, SlArchiveEntry, 1).name;
      assert_refused (path, entries, NULL);
      *first = kept;
      assert_verifies (path, entries, NULL);

      sl_archive_entries_add_text (entries, "one more", "");
      assert_refused (path, entries, NULL);
      g_array_set_size (entries, 3);
      assert_refused (path, entries, NULL);
    }
}

static void
test_not_an_archive (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (GArray) entries = make_entries (folder, 300, FALSE);
  g_autofree char *path = path_in (folder, "0.wav");
  g_autofree char *missing = path_in (folder, "missing");
  g_autoptr (GError) error = NULL;

  assert_refused (path, entries, NULL);
  g_assert_false (sl_archive_verify (missing, entries, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_OPEN);
}

static void
test_names (void)
{
  static const char *const bad[] = { "",
                                     "/x",
                                     "x/",
                                     "../x",
                                     "a/../b",
                                     "./x",
                                     "a//b",
                                     "-x",
                                     "a/-x",
                                     ".x",
                                     "a\\b",
                                     "a:b",
                                     "a*b",
                                     "a\nb",
                                     "a\x7f",
                                     "\xff\xfe",
                                     "e\xcc\x81",
                                     "a\xe2\x80\xae"
                                     "b" };
  static const char *const good[]
      = { "a", "a/b.wav", "é 日本 🎵.wav", "a-b", "a.b", "O'Neil & (x)" };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *long_name = g_strnfill (256, 'x');

  for (guint i = 0; i <= G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GArray) entries = sl_archive_entries_new ();

      sl_archive_entries_add_text (entries, i < G_N_ELEMENTS (bad) ? bad[i] : long_name, "x");
      assert_not_packed (folder, 0, entries, NULL, SL_ERROR_INVALID);
    }
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GArray) entries = sl_archive_entries_new ();
      g_autofree char *path = NULL;

      sl_archive_entries_add_text (entries, good[i], "x");
      path = pack (folder, 0, entries, NULL);
      assert_verifies (path, entries, NULL);
    }
}

static void
test_names_that_collide (void)
{
  static const char *const pairs[][2] = {
    { "a", "a" }, { "Bass.wav", "bass.WAV" }, { "É", "é" }, { "a", "A/b" }, { "a/b/c", "a/B" }
  };
  g_autoptr (TestFolder) folder = test_folder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (GArray) entries = sl_archive_entries_new ();

      sl_archive_entries_add_text (entries, pairs[i][0], "x");
      sl_archive_entries_add_text (entries, pairs[i][1], "y");
      assert_not_packed (folder, 0, entries, NULL, SL_ERROR_INVALID);
    }
}

static void
test_bad_sources (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *missing = path_in (folder, "missing");
  g_autofree char *fifo = path_in (folder, "fifo");
  const char *const paths[] = { missing, fifo, folder };

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GArray) entries = sl_archive_entries_new ();

      sl_archive_entries_add_file (entries, "x", paths[i], NULL);
      assert_not_packed (folder, 0, entries, NULL, SL_ERROR_OPEN);
    }
}

/* Other bytes, same size, same mtime, between the check and the packing. */
static void
test_changed_before (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (GArray) entries = make_entries (folder, BIG_BYTES, TRUE);
  const char *path = g_array_index (entries, SlArchiveEntry, 0).path;
  struct stat st;
  struct utimbuf times;

  g_assert_cmpint (stat (path, &st), ==, 0);
  times.actime = st.st_atime;
  times.modtime = st.st_mtime;
  write_noise (path, BIG_BYTES, 99);
  g_assert_cmpint (utime (path, &times), ==, 0);
  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    assert_not_packed (folder, kind, entries, NULL, SL_ERROR_CHANGED);
}

typedef struct
{
  const char *path;
  gint64 new_size_bytes;
} Meddler;

/* After the first block: another size for the file being packed. */
static gboolean
resize_file (double fraction, gpointer data)
{
  Meddler *self = data;

  if (fraction < 0.5)
    g_assert_cmpint (truncate (self->path, self->new_size_bytes), ==, 0);
  return TRUE;
}

static void
test_changed_meanwhile (void)
{
  static const gint64 sizes[] = { 300000, 0, BIG_BYTES - 1, BIG_BYTES + 1, 3 * BIG_BYTES };

  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
      for (int with_digests = 0; with_digests < 2; with_digests++)
        {
          g_autoptr (TestFolder) folder = test_folder_new ();
          g_autoptr (GArray) entries = make_entries (folder, BIG_BYTES, with_digests);
          Meddler meddler = { g_array_index (entries, SlArchiveEntry, 0).path, sizes[i] };
          SlProgress progress = { resize_file, &meddler };

          assert_not_packed (folder, kind, entries, &progress, SL_ERROR_CHANGED);
        }
}

/* Same size, no digest to go by: told by its times. */
static gboolean
overwrite_end (double fraction, gpointer data)
{
  Meddler *self = data;
  FILE *file = g_fopen (self->path, "r+b");

  g_assert_nonnull (file);
  g_assert_cmpint (fseek (file, -1, SEEK_END), ==, 0);
  g_assert_cmpint (fputc ('x', file), ==, 'x');
  g_assert_cmpint (fclose (file), ==, 0);
  return TRUE;
}

static void
test_overwritten_meanwhile (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (GArray) entries = make_entries (folder, BIG_BYTES, FALSE);
  Meddler meddler = { g_array_index (entries, SlArchiveEntry, 0).path, 0 };
  SlProgress progress = { overwrite_end, &meddler };

  assert_not_packed (folder, 0, entries, &progress, SL_ERROR_CHANGED);
}

static gboolean
stop_at_half (double fraction, gpointer data)
{
  return fraction < 0.5;
}

static void
test_cancel (void)
{
  SlProgress progress = { stop_at_half, NULL };

  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      g_autoptr (TestFolder) folder = test_folder_new ();
      g_autoptr (GArray) entries = make_entries (folder, BIG_BYTES, TRUE);
      g_autofree char *path = pack (folder, kind, entries, NULL);
      g_autoptr (GError) error = NULL;

      assert_not_packed (folder, kind, entries, &progress, SL_ERROR_CANCELLED);
      g_assert_false (sl_archive_verify (path, entries, NULL, &progress, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_CANCELLED);
    }
}

/* The disk fills up at the write numbered *data. */
static int
fill_disk (const char *call, const char *path, gpointer data)
{
  int *left = data;

  return strcmp (call, "write") == 0 && (*left)-- <= 0 ? ENOSPC : 0;
}

static void
test_disk_full (void)
{
  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    for (int after = 0; after < 3; after++)
      {
        g_autoptr (TestFolder) folder = test_folder_new ();
        g_autoptr (GArray) entries = make_entries (folder, BIG_BYTES, TRUE);
        int left = after;

        sl_file_set_fault_hook (fill_disk, &left);
        assert_not_packed (folder, kind, entries, NULL, SL_ERROR_NO_SPACE);
        sl_file_set_fault_hook (NULL, NULL);
      }
}

/* More entries than the 65,535 that a plain zip can count. */
static void
test_zip64_entries (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (GArray) entries = sl_archive_entries_new ();
  SlDigest written;
  g_autofree char *path = NULL;

  for (guint i = 0; i < 65537; i++)
    {
      g_autofree char *name = g_strdup_printf ("e%u", i);

      sl_archive_entries_add_text (entries, name, "x");
    }
  path = pack (folder, 0, entries, &written);
  assert_verifies (path, entries, &written);
}

/* An entry of more than 4 GiB, and one that starts beyond them; holes, but written out. */
static void
test_zip64_sizes (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *source = path_in (folder, "source");
  g_autoptr (GArray) entries = sl_archive_entries_new ();
  SlDigest written;
  g_autofree char *path = NULL;
  const char *argv[] = { "python3", "-X", "utf8", "-c", python_script, NULL, NULL };
  g_autofree char *output = NULL;

  if (!g_test_slow ())
    {
      g_test_skip ("writes 4 GiB: run with -m slow");
      return;
    }
  write_file (source, "", 0);
  g_assert_cmpint (truncate (source, (G_GINT64_CONSTANT (1) << 32) + 1), ==, 0);
  sl_archive_entries_add_file (entries, "big", source, NULL);
  sl_archive_entries_add_text (entries, "after", "x");
  path = pack (folder, 0, entries, &written);
  assert_verifies (path, entries, &written);
  argv[5] = path;
  output = run_reader (argv);
}

int
main (int argc, char **argv)
{
  if (argc == 4 && strcmp (argv[1], "--pack") == 0)
    return pack_in_child (argv[2], argv[3]);

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/package/archive/kind", test_kind);
  g_test_add_func ("/package/archive/sha256", test_sha256);
  g_test_add_func ("/package/archive/round-trip", test_round_trip);
  g_test_add_func ("/package/archive/made-entry", test_made_entry);
  g_test_add_func ("/package/archive/python-reads", test_python_reads);
  g_test_add_func ("/package/archive/info-zip-reads", test_info_zip_reads);
  g_test_add_func ("/package/archive/tar-reads", test_tar_reads);
  g_test_add_func ("/package/archive/deterministic", test_deterministic);
  g_test_add_func ("/package/archive/no-time-in-gzip", test_no_time_in_gzip);
  g_test_add_func ("/package/archive/bit-flips", test_bit_flips);
  g_test_add_func ("/package/archive/content-flips", test_content_flips_without_digest);
  g_test_add_func ("/package/archive/crc-flip", test_crc_flip_without_digest);
  g_test_add_func ("/package/archive/truncated", test_truncated);
  g_test_add_func ("/package/archive/other-entries", test_other_entries);
  g_test_add_func ("/package/archive/not-an-archive", test_not_an_archive);
  g_test_add_func ("/package/archive/names", test_names);
  g_test_add_func ("/package/archive/names-that-collide", test_names_that_collide);
  g_test_add_func ("/package/archive/bad-sources", test_bad_sources);
  g_test_add_func ("/package/archive/changed-before", test_changed_before);
  g_test_add_func ("/package/archive/changed-meanwhile", test_changed_meanwhile);
  g_test_add_func ("/package/archive/overwritten-meanwhile", test_overwritten_meanwhile);
  g_test_add_func ("/package/archive/cancel", test_cancel);
  g_test_add_func ("/package/archive/disk-full", test_disk_full);
  g_test_add_func ("/package/archive/zip64-entries", test_zip64_entries);
  g_test_add_func ("/package/archive/zip64-sizes", test_zip64_sizes);
  return g_test_run ();
}
