/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/copying.h"

#include "engine/base/error.h"

#include <glib/gi18n-lib.h>

#define BUFFER_BYTES (256 * 1024)

gboolean
sl_stretch_report (double fraction, gpointer data)
{
  const SlStretch *stretch = data;

  return stretch->whole == NULL || stretch->whole->func == NULL
         || stretch->whole->func (stretch->from + fraction * (stretch->to - stretch->from),
                                  stretch->whole->data);
}

static gboolean
check_digest (const SlDigest *found,
              const SlDigest *expected,
              SlError code,
              const char *path,
              const char *why,
              GError **error)
{
  g_autofree char *name = NULL;

  if (sl_digest_equal (found, expected))
    return TRUE;
  name = g_filename_display_name (path);
  g_set_error (error, SL_ERROR, code, "“%s” %s", name, why);
  return FALSE;
}

static gboolean
copy_bytes (SlFile *source, SlFile *target, const SlProgress *progress, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (BUFFER_BYTES);
  gint64 size = sl_file_size (source);
  gint64 got;

  while ((got = sl_file_read (source, buffer, BUFFER_BYTES)) > 0)
    {
      if (!sl_progress_report (progress, sl_file_tell (source), size, error))
        return FALSE;
      if (sl_file_write (target, buffer, got) < got)
        break;
    }
  return sl_file_check (target, error);
}

gboolean
sl_part_prove (SlPart *part, const SlDigest *expected, const SlProgress *progress, GError **error)
{
  const char *why = _ ("does not read back as it was written: check the disk.");
  SlDigest written, found;

  return sl_part_seal (part, &written, error)
         && check_digest (&written, expected, SL_ERROR_VERIFY, sl_part_get_final_path (part), why,
                          error)
         && sl_digest_file (sl_part_get_path (part), &found, progress, error)
         && check_digest (&found, expected, SL_ERROR_VERIFY, sl_part_get_final_path (part), why,
                          error);
}

SlPart *
sl_copy_file (const char *from,
              const SlDigest *expected,
              const char *to,
              const SlProgress *progress,
              GError **error)
{
  g_autoptr (SlFile) source = sl_file_open (from, error);
  g_autoptr (SlPart) part = source != NULL ? sl_part_new (to, error) : NULL;
  SlStretch first = { progress, 0.0, 0.5 };
  SlStretch second = { progress, 0.5, 1.0 };
  SlProgress copying = { sl_stretch_report, &first };
  SlProgress reading = { sl_stretch_report, &second };
  SlDigest read;

  if (part == NULL)
    return NULL;
  sl_file_tee_digest (source);
  if (!copy_bytes (source, sl_part_get_file (part), &copying, error)
      || !sl_file_digest (source, &read, error)
      || (expected != NULL
          && !check_digest (&read, expected, SL_ERROR_CHANGED, from,
                            _ ("has changed since it was verified: run the steps again."), error))
      || !sl_part_prove (part, &read, &reading, error))
    return NULL;
  return g_steal_pointer (&part);
}
