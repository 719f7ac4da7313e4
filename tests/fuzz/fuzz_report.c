/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as the report of the helper that decodes unknown files, which that file may have made
 * lie: refused with an error, or a report that reads back from what it is written as. */
#include "fuzz.h"

#include "engine/measure/report.h"

static char *
write_report (const SlProbeReport *report)
{
  GString *text = g_string_new (NULL);

  sl_probe_report_write (report, text);
  return g_string_free (text, FALSE);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = text_of (data, size);
  g_autofree char *written = NULL;
  g_autofree char *written_again = NULL;
  g_autoptr (GError) error = NULL;
  SlProbeReport report, again;

  if (!sl_probe_report_parse (text, &report, &error))
    {
      assert_told (error);
      return 0;
    }
  g_assert_no_error (error);
  written = write_report (&report);
  g_assert_true (sl_probe_report_parse (written, &again, NULL));
  written_again = write_report (&again);
  g_assert_cmpstr (written, ==, written_again);
  return 0;
}
