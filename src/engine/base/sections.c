/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/base/sections.h"

#include "engine/base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_BEATS 1000000

static void
clear_section (gpointer data)
{
  SlSection *section = data;

  g_clear_pointer (&section->name, g_free);
}

GArray *
sl_sections_new (void)
{
  GArray *sections = g_array_new (FALSE, FALSE, sizeof (SlSection));

  g_array_set_clear_func (sections, clear_section);
  return sections;
}

void
sl_sections_append (GArray *sections, const char *name, gint64 beats)
{
  SlSection section = { g_strdup (name), beats };

  g_array_append_val (sections, section);
}

GArray *
sl_sections_copy (const GArray *sections)
{
  GArray *copy = sl_sections_new ();

  for (guint i = 0; i < sections->len; i++)
    {
      const SlSection *section = &g_array_index (sections, SlSection, i);
      sl_sections_append (copy, section->name, section->beats);
    }
  return copy;
}

gint64
sl_sections_total_beats (const GArray *sections)
{
  gint64 total = 0;

  for (guint i = 0; i < sections->len; i++)
    total += g_array_index (sections, SlSection, i).beats;
  return total;
}

int
sl_sections_find (const GArray *sections, const char *name)
{
  for (guint i = 0; i < sections->len; i++)
    if (strcmp (g_array_index (sections, SlSection, i).name, name) == 0)
      return (int) i;
  return -1;
}

gboolean
sl_sections_range (const GArray *sections, const SlGrid *grid, guint index, SlRange *range)
{
  gint64 beats = 0;

  g_assert (index < sections->len);
  if (!sl_grid_known (grid))
    return FALSE;
  for (guint i = 0; i < index; i++)
    beats += g_array_index (sections, SlSection, i).beats;
  range->start = sl_grid_beat_frame (grid, beats);
  range->end = sl_grid_beat_frame (grid, beats + g_array_index (sections, SlSection, index).beats);
  return TRUE;
}

/* "48bars", "1bar", "16beats" or "16" to beats; 0 when it is none of these. */
static gint64
parse_beats (const char *text, int beats_per_bar)
{
  char *end = NULL;
  guint64 number = g_ascii_strtoull (text, &end, 10);

  if (!g_ascii_isdigit (*text) || number > MAX_BEATS)
    return 0;
  if (g_ascii_strcasecmp (end, "bars") == 0 || g_ascii_strcasecmp (end, "bar") == 0)
    number *= (guint64) beats_per_bar;
  else if (*end != '\0' && g_ascii_strcasecmp (end, "beats") != 0)
    return 0;
  return number <= MAX_BEATS ? (gint64) number : 0;
}

static gboolean
parse_item (const char *item, int beats_per_bar, GArray *sections, GError **error)
{
  const char *colon = strrchr (item, ':');
  g_autofree char *shown = g_utf8_make_valid (item, -1);
  g_autofree char *name = NULL;
  gint64 beats;

  if (colon == NULL)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                   _ ("“%s” has no length: write NAME:BEATS or NAME:BARSbars."), shown);
      return FALSE;
    }
  name = g_strstrip (g_strndup (item, (gsize) (colon - item)));
  beats = parse_beats (colon + 1, beats_per_bar);
  if (*name == '\0' || beats < 1 || !g_utf8_validate (name, -1, NULL))
    {
      g_set_error (
          error, SL_ERROR, SL_ERROR_INVALID,
          _ ("“%s” is not a section: it needs a name and a length of 1 to 1,000,000 beats."),
          shown);
      return FALSE;
    }
  if (sl_sections_find (sections, name) >= 0)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                   _ ("Two sections are called “%s”: give one of them another name."), name);
      return FALSE;
    }
  sl_sections_append (sections, name, beats);
  return TRUE;
}

GArray *
sl_sections_parse (const char *text, int beats_per_bar, GError **error)
{
  g_auto (GStrv) items = g_strsplit (text, ",", -1);
  g_autoptr (GArray) sections = sl_sections_new ();

  for (guint i = 0; items[i] != NULL; i++)
    if (!parse_item (g_strstrip (items[i]), beats_per_bar, sections, error))
      return NULL;
  if (sections->len == 0)
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_INVALID,
                           _ ("A song needs at least one section, such as Song:64bars."));
      return NULL;
    }
  return g_steal_pointer (&sections);
}
