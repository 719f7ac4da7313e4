/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/alignee.h"

#include "engine/io/part.h"
#include "workflow/steps/audio.h"
#include "workflow/steps/import_checks.h"

#include <glib/gstdio.h>
#include <string.h>

static char *
name_without_suffix (const char *path)
{
  char *name = g_filename_display_basename (path);
  char *dot = strrchr (name, '.');

  if (dot != NULL && dot != name)
    *dot = '\0';
  return name;
}

void
sl_cli_alignee_init (SlCliAlignee *self, const char *path, const char *out)
{
  g_autofree char *whole = g_canonicalize_filename (out, NULL);

  /* Absolute: relative paths of audio start in a project's folder. */
  self->path = g_canonicalize_filename (path, NULL);
  self->name = name_without_suffix (path);
  self->copy = sl_part_scratch_path (whole);
}

void
sl_cli_alignee_clear (SlCliAlignee *self)
{
  if (self->copy != NULL)
    g_unlink (self->copy);
  g_free (self->path);
  g_free (self->name);
  g_free (self->copy);
}

gboolean
sl_cli_alignee_probe (SlCli *cli, SlCliAlignee *self, GError **error)
{
  return sl_cli_probe (cli, self->path, self->copy, &self->report, error);
}

SlAudio *
sl_cli_alignee_audio (const SlCliAlignee *self)
{
  const SlProbeReport *report = &self->report;
  SlAudio *audio = sl_audio_describe (report->has_working_copy ? self->copy : self->path,
                                      &report->readback, &report->levels);

  if (!report->has_working_copy)
    return audio;
  /* The helper writes working copies as FLAC of 24 bits. */
  sl_digest_to_hex (&report->working_digest, audio->digest);
  g_free (audio->encoding);
  audio->encoding = g_strdup (sl_subtype_name (SL_SUBTYPE_PCM_24));
  audio->bits = 24;
  audio->is_wav = FALSE;
  return audio;
}

/* Level, rate and width say nothing where there is no song that they could fit or not; of no
 * frames at all, the level is what tells. */
static gboolean
is_of_integrity (const SlCheck *check, gint64 frames)
{
  static const char *const ids[]
      = { "open", "decode", "header", "undecoded", "checksum", "finite", NULL };

  return g_strv_contains (ids, check->id) || (frames == 0 && strcmp (check->id, "silence") == 0);
}

void
sl_cli_alignee_check (const SlCliAlignee *self, SlRecord *record)
{
  SlImport import = { .path = self->path,
                      .subject = self->name,
                      .rate_hz = self->report.readback.info.rate_hz };

  sl_check_import (record, &import, &self->report);
  for (guint i = record->checks->len; i-- > 0;)
    if (!is_of_integrity (record->checks->pdata[i], self->report.readback.frames))
      g_ptr_array_remove_index (record->checks, i);
}
