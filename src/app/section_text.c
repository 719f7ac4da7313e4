/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/section_text.h"

#include "app/time_text.h"
#include "workflow/check.h"

#include <glib/gi18n.h>

static char *
length_text (const SlGrid *grid, gint64 beats)
{
  gboolean whole = beats % grid->beats_per_bar == 0;
  gint64 count = whole ? beats / grid->beats_per_bar : beats;
  g_autofree char *digits = g_strdup_printf ("%" G_GINT64_FORMAT, count);

  if (whole)
    return g_strdup_printf (ngettext ("%s bar", "%s bars", (gulong) count), digits);
  return g_strdup_printf (ngettext ("%s beat", "%s beats", (gulong) count), digits);
}

char *
sl_section_text (const GArray *sections, SlTimeRange *range, guint index)
{
  const SlGrid *grid = sl_time_range_get_grid (range);
  const SlSection *section = &g_array_index (sections, SlSection, index);
  g_autofree char *length = length_text (grid, section->beats);
  g_autofree char *time = NULL;
  g_autofree char *start = NULL;
  g_autofree char *end = NULL;
  SlRange place;

  if (!sl_sections_range (sections, grid, index, &place))
    return g_strdup_printf ("%s\n%s", section->name, length);
  time = sl_format_time (place.end - place.start, sl_time_range_get_rate_hz (range));
  start = sl_time_text_position (range, place.start);
  end = sl_time_text_position (range, place.end);
  /* Translators: name of a section; its length in bars and in minutes; where it starts and ends. */
  return g_strdup_printf (_ ("%s\n%s (%s)\nfrom %s\nto %s"), section->name, length, time, start,
                          end);
}

char *
sl_section_names (const GArray *sections)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < sections->len; i++)
    g_string_append_printf (names, i == 0 ? "%s" : ", %s",
                            g_array_index (sections, SlSection, i).name);
  if (sections->len == 0)
    return g_strdup (_ ("Sections"));
  return g_strdup_printf (_ ("Sections: %s"), names->str);
}

char *
sl_section_overrun_text (SlTimeRange *range, gint64 overrun)
{
  g_autofree char *time = sl_format_time (ABS (overrun), sl_time_range_get_rate_hz (range));
  g_autofree char *frames = sl_format_frames (ABS (overrun));

  if (overrun == 0)
    return NULL;
  return g_strdup_printf (overrun > 0 ? _ ("The sections end %s (%s frames) after the song.")
                                      : _ ("The sections end %s (%s frames) before the song does."),
                          time, frames);
}
