/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as sections and as a tempo: refused with an error, or in the documented range and the
 * same again when it is written and read. The first byte is the meter. */
#include "fuzz.h"

#include "engine/base/sections.h"

#define MAX_BEATS_PER_BAR 64

static void
assert_refused (const GError *error)
{
  assert_told (error);
  g_assert_true (error->code == SL_ERROR_INVALID);
}

static void
assert_good (const GArray *sections)
{
  g_assert_cmpuint (sections->len, >, 0);
  for (guint i = 0; i < sections->len; i++)
    {
      const SlSection *section = &g_array_index (sections, SlSection, i);

      g_assert_true (*section->name != '\0' && g_utf8_validate (section->name, -1, NULL));
      g_assert_cmpint (section->beats, >=, 1);
      g_assert_cmpint (section->beats, <=, SL_SECTION_MAX_BEATS);
      g_assert_cmpint (sl_sections_find (sections, section->name), ==, (int) i);
    }
}

static char *
write_sections (const GArray *sections)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < sections->len; i++)
    {
      const SlSection *section = &g_array_index (sections, SlSection, i);

      g_string_append_printf (text, "%s%s:%" G_GINT64_FORMAT, i > 0 ? "," : "", section->name,
                              section->beats);
    }
  return g_string_free (text, FALSE);
}

static void
assert_same (const GArray *a, const GArray *b)
{
  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++)
    {
      g_assert_cmpstr (g_array_index (a, SlSection, i).name, ==,
                       g_array_index (b, SlSection, i).name);
      g_assert_cmpint (g_array_index (a, SlSection, i).beats, ==,
                       g_array_index (b, SlSection, i).beats);
    }
}

/* One after another, without a hole, on the grid of any tempo. */
static void
assert_ranges (const GArray *sections, int beats_per_bar, SlBpm bpm)
{
  SlGrid grid = sl_grid_make (bpm, 48000, beats_per_bar, 0);
  SlRange range = { 0 };

  for (guint i = 0; i < sections->len; i++)
    {
      gint64 start = range.end;

      g_assert_true (sl_sections_range (sections, &grid, i, &range));
      g_assert_cmpint (range.start, ==, start);
      g_assert_cmpint (range.end, >, range.start);
    }
  g_assert_cmpint (sl_grid_nearest_beats (&grid, range.end), ==,
                   sl_sections_total_beats (sections));
}

static void
try_sections (const char *text, int beats_per_bar)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) sections = sl_sections_parse (text, beats_per_bar, &error);
  g_autoptr (GArray) again = NULL;
  g_autofree char *written = NULL;

  if (sections == NULL)
    {
      assert_refused (error);
      return;
    }
  g_assert_no_error (error);
  assert_good (sections);
  written = write_sections (sections);
  again = sl_sections_parse (written, beats_per_bar, NULL);
  g_assert_nonnull (again);
  assert_same (sections, again);
  assert_ranges (sections, beats_per_bar, (SlBpm){ 20, 1 });
  assert_ranges (sections, beats_per_bar, (SlBpm){ 999999, 2501 });
}

static void
try_tempo (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *written = NULL;
  SlBpm bpm, again;

  if (!sl_bpm_parse (text, &bpm, &error))
    {
      assert_refused (error);
      return;
    }
  g_assert_no_error (error);
  g_assert_true (bpm.num == 0 || (sl_bpm_value (bpm) >= 20.0 && sl_bpm_value (bpm) <= 400.0));
  written = sl_bpm_format (bpm);
  g_assert_true (sl_bpm_parse (written, &again, NULL));
  g_assert_true (bpm.num == again.num && bpm.den == again.den);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = NULL;

  if (size < 1)
    return 0;
  text = text_of (data + 1, size - 1);
  try_sections (text, 1 + data[0] % MAX_BEATS_PER_BAR);
  try_tempo (text);
  return 0;
}
