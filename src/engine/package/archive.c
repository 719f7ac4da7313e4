/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/package/archive.h"

#include "engine/base/error.h"
#include "engine/package/archive_private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

gboolean
sl_archive_kind_from_name (const char *name, SlArchiveKind *kind)
{
  static const struct
  {
    const char *suffix;
    SlArchiveKind kind;
  } kinds[] = { { ".zip", SL_ARCHIVE_ZIP },
                { ".tar.zst", SL_ARCHIVE_TAR_ZST },
                { ".tar.gz", SL_ARCHIVE_TAR_GZ },
                { ".tgz", SL_ARCHIVE_TAR_GZ } };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_suffix (lower, kinds[i].suffix))
      {
        *kind = kinds[i].kind;
        return TRUE;
      }
  return FALSE;
}

static void
clear_entry (gpointer data)
{
  SlArchiveEntry *entry = data;

  g_clear_pointer (&entry->name, g_free);
  g_clear_pointer (&entry->path, g_free);
  g_clear_pointer (&entry->bytes, g_bytes_unref);
}

GArray *
sl_archive_entries_new (void)
{
  GArray *entries = g_array_new (FALSE, TRUE, sizeof (SlArchiveEntry));

  g_array_set_clear_func (entries, clear_entry);
  return entries;
}

void
sl_archive_entries_add_file (GArray *entries,
                             const char *name,
                             const char *path,
                             const SlDigest *expected)
{
  SlArchiveEntry entry = { .name = g_strdup (name), .path = g_strdup (path) };

  if (expected != NULL)
    {
      entry.has_digest = TRUE;
      entry.digest = *expected;
    }
  g_array_append_val (entries, entry);
}

void
sl_archive_entries_add_text (GArray *entries, const char *name, const char *text)
{
  SlArchiveEntry entry = { .name = g_strdup (name), .bytes = g_bytes_new (text, strlen (text)) };

  g_array_append_val (entries, entry);
}

void
sl_archive_entries_add_made (GArray *entries,
                             const char *name,
                             SlArchiveMakeFunc make,
                             gpointer data)
{
  SlArchiveEntry entry = { .name = g_strdup (name), .make = make, .make_data = data };

  g_array_append_val (entries, entry);
}

gboolean
sl_utf8_locale_enter (SlUtf8Locale *self, GError **error)
{
  locale_t base = duplocale (uselocale ((locale_t) 0));

  self->own = base != (locale_t) 0 ? newlocale (LC_CTYPE_MASK, "C.UTF-8", base) : (locale_t) 0;
  if (self->own == (locale_t) 0)
    {
      int saved_errno = errno;

      if (base != (locale_t) 0)
        freelocale (base);
      g_set_error (error, SL_ERROR, SL_ERROR_OPEN,
                   _ ("This system has no locale “C.UTF-8”, which archives with any name need: %s. "
                      "Install it and try again."),
                   g_strerror (saved_errno));
      return FALSE;
    }
  self->previous = uselocale (self->own);
  return TRUE;
}

void
sl_utf8_locale_leave (SlUtf8Locale *self)
{
  uselocale (self->previous);
  freelocale (self->own);
}
