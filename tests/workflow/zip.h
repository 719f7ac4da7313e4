/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a zip of stored entries by its central directory, without any library. */
#pragma once

#include <glib.h>
#include <string.h>

typedef struct
{
  char *name;
  const guint8 *data; ///< borrowed from the zip
  gsize size;
} ZipEntry;

typedef struct
{
  char *bytes;
  gsize length;
  GArray *entries; ///< of ZipEntry, in order
} Zip;

static inline guint32
zip_number (const Zip *zip, gsize offset, int n_bytes)
{
  guint32 number = 0;

  g_assert_cmpuint (offset + (gsize) n_bytes, <=, zip->length);
  for (int i = n_bytes; i-- > 0;)
    number = number << 8 | (guint8) zip->bytes[offset + (gsize) i];
  return number;
}

/* The end record: it has no comment, so it is the last 22 bytes. */
static inline gsize
zip_end (const Zip *zip)
{
  g_assert_cmpuint (zip->length, >=, 22);
  g_assert_cmphex (zip_number (zip, zip->length - 22, 4), ==, 0x06054b50);
  return zip->length - 22;
}

static inline gsize
zip_read_entry (Zip *zip, gsize at)
{
  gsize name_length = zip_number (zip, at + 28, 2);
  gsize local = zip_number (zip, at + 42, 4);
  gsize data = local + 30 + zip_number (zip, local + 26, 2) + zip_number (zip, local + 28, 2);
  ZipEntry entry = { 0 };

  g_assert_cmphex (zip_number (zip, at, 4), ==, 0x02014b50);
  g_assert_cmphex (zip_number (zip, local, 4), ==, 0x04034b50);
  g_assert_cmpuint (zip_number (zip, at + 10, 2), ==, 0); /* stored */
  entry.size = zip_number (zip, at + 24, 4);
  g_assert_cmpuint (zip_number (zip, at + 20, 4), ==, entry.size);
  g_assert_cmpuint (data + entry.size, <=, zip->length);
  entry.name = g_strndup (zip->bytes + at + 46, name_length);
  entry.data = (const guint8 *) zip->bytes + data;
  g_array_append_val (zip->entries, entry);
  return at + 46 + name_length + zip_number (zip, at + 30, 2) + zip_number (zip, at + 32, 2);
}

static inline void
zip_clear_entry (gpointer data)
{
  g_free (((ZipEntry *) data)->name);
}

static inline void
zip_open (Zip *zip, const char *path)
{
  g_autoptr (GError) error = NULL;
  gsize end, at;

  g_file_get_contents (path, &zip->bytes, &zip->length, &error);
  g_assert_no_error (error);
  zip->entries = g_array_new (FALSE, FALSE, sizeof (ZipEntry));
  g_array_set_clear_func (zip->entries, zip_clear_entry);
  end = zip_end (zip);
  at = zip_number (zip, end + 16, 4);
  for (guint i = 0; i < zip_number (zip, end + 10, 2); i++)
    at = zip_read_entry (zip, at);
  g_assert_cmpuint (at, ==, end);
}

static inline void
zip_clear (Zip *zip)
{
  g_clear_pointer (&zip->bytes, g_free);
  g_clear_pointer (&zip->entries, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Zip, zip_clear)

/* The entry called @name, which must be there. Borrowed. */
static inline const ZipEntry *
zip_find (const Zip *zip, const char *name)
{
  for (guint i = 0; i < zip->entries->len; i++)
    {
      const ZipEntry *entry = &g_array_index (zip->entries, ZipEntry, i);
      if (strcmp (entry->name, name) == 0)
        return entry;
    }
  g_error ("%s is not in the archive", name);
}

static inline char *
zip_text (const Zip *zip, const char *name)
{
  const ZipEntry *entry = zip_find (zip, name);

  return g_strndup ((const char *) entry->data, entry->size);
}
