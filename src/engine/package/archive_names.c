/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/package/archive_private.h"

#include "engine/base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The longest file name that ext4, APFS and NTFS all take, in bytes. */
#define MAX_COMPONENT_BYTES 255

/* Characters that turn the direction of what is shown after them. */
static gboolean
is_bidi_control (gunichar c)
{
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e)
         || (c >= 0x2066 && c <= 0x2069);
}

static gboolean
is_safe_char (gunichar c)
{
  return !g_unichar_iscntrl (c) && !is_bidi_control (c)
         && (c >= 0x80 || strchr ("\\:*?\"<>|", (int) c) == NULL);
}

static gboolean
is_safe_component (const char *component)
{
  if (*component == '\0' || *component == '.' || *component == '-'
      || strlen (component) > MAX_COMPONENT_BYTES)
    return FALSE;
  for (const char *p = component; *p != '\0'; p = g_utf8_next_char (p))
    if (!is_safe_char (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

static gboolean
is_safe_name (const char *name)
{
  g_autofree char *composed = g_utf8_normalize (name, -1, G_NORMALIZE_NFC);
  g_auto (GStrv) components = NULL;

  /* NULL when the name is not UTF-8. */
  if (composed == NULL || strcmp (composed, name) != 0 || *name == '\0')
    return FALSE;
  components = g_strsplit (name, "/", -1);
  for (guint i = 0; components[i] != NULL; i++)
    if (!is_safe_component (components[i]))
      return FALSE;
  return TRUE;
}

/* Whether a folder on the way to @folded is the name of a file. */
static gboolean
is_below_a_file (GHashTable *names, const char *folded)
{
  for (const char *slash = strchr (folded, '/'); slash != NULL; slash = strchr (slash + 1, '/'))
    {
      g_autofree char *folder = g_strndup (folded, (gsize) (slash - folded));

      if (g_hash_table_contains (names, folder))
        return TRUE;
    }
  return FALSE;
}

static gboolean
refuse (const char *name, const char *why, GError **error)
{
  g_autofree char *shown = g_filename_display_name (name);

  g_set_error (error, SL_ERROR, SL_ERROR_INVALID, _ ("“%s” cannot be a name in an archive: %s."),
               shown, why);
  return FALSE;
}

gboolean
sl_archive_check_names (const GArray *entries, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer folded;

  for (guint i = 0; i < entries->len; i++)
    {
      const char *name = g_array_index (entries, SlArchiveEntry, i).name;

      if (!is_safe_name (name))
        return refuse (name, _ ("some system could not extract it; choose a plainer name"), error);
      if (!g_hash_table_add (names, g_utf8_casefold (name, -1)))
        return refuse (name, _ ("another entry has the same name, but for upper and lower case"),
                       error);
    }
  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &folded, NULL))
    if (is_below_a_file (names, folded))
      return refuse (folded, _ ("its folder has the name of a file"), error);
  return TRUE;
}
