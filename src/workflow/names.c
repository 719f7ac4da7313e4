/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/names.h"

#include "engine/base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
is_allowed (gunichar c)
{
  if (g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT
      || g_unichar_type (c) == G_UNICODE_LINE_SEPARATOR
      || g_unichar_type (c) == G_UNICODE_PARAGRAPH_SEPARATOR
      || g_unichar_type (c) == G_UNICODE_UNASSIGNED)
    return FALSE;
  return c > 0x7f || strchr ("/\\:*?\"<>|", (int) c) == NULL;
}

/* CON, NUL, COM1 and their like cannot be file names on Windows, with or without a suffix. */
static gboolean
is_device_name (const char *name)
{
  static const char *const devices[] = { "con", "prn", "aux", "nul" };
  g_autofree char *stem = g_ascii_strdown (name, (gssize) strcspn (name, "."));

  for (guint i = 0; i < G_N_ELEMENTS (devices); i++)
    if (strcmp (stem, devices[i]) == 0)
      return TRUE;
  return strlen (stem) == 4 && (g_str_has_prefix (stem, "com") || g_str_has_prefix (stem, "lpt"))
         && g_ascii_isdigit (stem[3]);
}

/* Cuts @text to the most bytes allowed, at the start of a character. */
static void
cut_length (GString *text)
{
  if (text->len > SL_NAME_MAX_BYTES)
    {
      const char *end = g_utf8_find_prev_char (text->str, text->str + SL_NAME_MAX_BYTES + 1);
      g_string_truncate (text, (gsize) (end - text->str));
    }
}

static void
trim_ends (GString *text)
{
  gsize lead = strspn (text->str, "-. ");

  g_string_erase (text, 0, (gssize) lead);
  while (text->len > 0 && strchr (". ", text->str[text->len - 1]) != NULL)
    g_string_truncate (text, text->len - 1);
}

/* @text without what is not allowed; what leaves a gap becomes '_'. Owned. */
static char *
replace_characters (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *composed = g_utf8_normalize (valid, -1, G_NORMALIZE_NFC);
  g_autoptr (GString) kept = g_string_new (NULL);

  for (const char *p = composed; *p != '\0'; p = g_utf8_next_char (p))
    if (is_allowed (g_utf8_get_char (p)))
      g_string_append_unichar (kept, g_utf8_get_char (p));
    else if (!g_unichar_iscntrl (g_utf8_get_char (p)) && g_utf8_get_char (p) < 0x80)
      g_string_append_c (kept, '_');
  /* A letter and its accent may only now stand side by side. */
  return g_utf8_normalize (kept->str, -1, G_NORMALIZE_NFC);
}

char *
sl_name_make (const char *text)
{
  g_autofree char *replaced = replace_characters (text);
  GString *name = g_string_new (replaced);

  trim_ends (name);
  if (is_device_name (name->str))
    g_string_insert_c (name, (gssize) strcspn (name->str, "."), '_');
  cut_length (name);
  trim_ends (name);
  if (name->len == 0)
    g_string_assign (name, "Untitled");
  return g_string_free (name, FALSE);
}

gboolean
sl_name_check (const char *name, GError **error)
{
  g_autofree char *made = sl_name_make (name);
  g_autofree char *shown = g_utf8_make_valid (name, -1);

  if (strcmp (made, name) == 0)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               _ ("“%s” cannot be a file name on every system: use, for example, “%s”."), shown,
               made);
  return FALSE;
}

char *
sl_name_from_path (const char *path)
{
  g_autofree char *shown = g_filename_display_basename (path);
  char *dot = strrchr (shown, '.');

  if (dot != NULL && dot != shown)
    *dot = '\0';
  return sl_name_make (shown);
}

char *
sl_name_quote (const char *name)
{
  gboolean plain = *name != '\0';

  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    plain = plain && (g_unichar_isalnum (g_utf8_get_char (p)) || strchr ("-_.+", *p) != NULL);
  return plain ? g_strdup (name) : g_shell_quote (name);
}

char *
sl_name_fold (const char *name)
{
  g_autofree char *composed = g_utf8_normalize (name, -1, G_NORMALIZE_NFC);
  g_autofree char *folded = g_utf8_casefold (composed != NULL ? composed : name, -1);

  return g_utf8_normalize (folded, -1, G_NORMALIZE_NFC);
}
