/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/reference.h"

#include "cli/arguments.h"
#include "cli/output.h"
#include "workflow/check.h"
#include "workflow/intake.h"

#include <glib/gi18n.h>

const char *const sl_cli_length_options[] = { "reference", "seconds", "frames", NULL };

gboolean
sl_cli_take_reference (SlCli *cli,
                       const char *folder,
                       SlSettings *settings,
                       SlFileTable *seen,
                       SlProbeReport *report,
                       GError **error)
{
  const char *path = sl_cli_get (cli, "reference");
  g_autoptr (SlProject) place = NULL;
  g_autofree char *stored = NULL;

  if (path == NULL)
    return TRUE;
  /* Only for its folder, from which relative paths start. */
  place = sl_project_new (folder, sl_settings_new (settings->title));
  stored = sl_intake_store_path (place, path, error);
  if (stored == NULL || !sl_cli_probe (cli, path, NULL, report, error))
    return FALSE;
  sl_intake_remember (seen, stored, report);
  g_free (settings->reference);
  settings->reference = g_steal_pointer (&stored);
  settings->reference_frames = 0;
  return TRUE;
}

void
sl_cli_say_reference (SlCli *cli, const SlSettings *settings, const SlProbeReport *report)
{
  int rate_hz = report->readback.info.rate_hz;
  g_autofree char *frames = sl_format_frames (report->readback.frames);
  g_autofree char *time = sl_format_time (report->readback.frames, rate_hz);
  g_autofree char *channels = sl_cli_format_channels (report->readback.info.channels);

  sl_cli_say (cli, _ ("Reference: %s (%s frames), %d Hz, %s, %s"), time, frames, rate_hz, channels,
              report->readback.info.encoding);
  if (rate_hz != settings->rate_hz)
    sl_cli_say (cli,
                _ ("Its rate is not the song's %d Hz: “set DIR --convert” resamples a copy, or "
                   "“set DIR --rate %d” changes the song's."),
                settings->rate_hz, rate_hz);
}
