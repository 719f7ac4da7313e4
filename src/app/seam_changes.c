/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/seam_changes.h"

#include "engine/io/resampler.h"
#include "workflow/intake.h"
#include "workflow/steps/upstream.h"

static const SlStem *
find (SlDocument *document, const char *stem)
{
  return sl_settings_find_stem (sl_document_get_settings (document), stem);
}

SlRecord *
sl_seam_get_record (SlDocument *document, const char *name)
{
  const SlStem *stem = find (document, name);

  if (stem == NULL)
    return NULL;
  return sl_project_get_record (sl_document_get_project (document),
                                sl_seam_step_of (sl_document_get_settings (document), stem), name);
}

gboolean
sl_seam_is_measured (SlDocument *document, const char *name)
{
  const SlStem *stem = find (document, name);
  SlState state;

  if (stem == NULL)
    return FALSE;
  state
      = sl_badge_subject (sl_document_get_project (document),
                          sl_seam_step_of (sl_document_get_settings (document), stem), stem->name);
  return state == SL_STATE_PASSED || state == SL_STATE_FAILED;
}

gboolean
sl_seam_get (SlDocument *document, const char *name, guint index, SlSeamInfo *info)
{
  const SlSettings *settings = sl_document_get_settings (document);

  return sl_seam_info_read (sl_seam_get_record (document, name), settings, find (document, name),
                            index, info);
}

/* The stems step has it as it is used; drums are read by the step that aligns them. */
gint64
sl_seam_source_frames (SlDocument *document, const char *name)
{
  SlProject *project = sl_document_get_project (document);
  const SlSettings *settings = sl_document_get_settings (document);
  const SlStem *stem = find (document, name);
  g_autoptr (SlAudio) audio = NULL;
  SlProbeReport report;

  if (stem == NULL)
    return 0;
  if (!sl_settings_is_drum_stem (settings, stem))
    audio = sl_upstream_audio (project, SL_STEP_STEMS, name);
  if (audio != NULL)
    return audio->frames;
  if (stem->kind != SL_STEM_FILE || !sl_intake_get_report (project, stem->file, &report))
    return 0;
  return sl_resampled_length (report.readback.frames, report.readback.info.rate_hz,
                              settings->rate_hz);
}

gboolean
sl_seam_get_reach (SlDocument *document,
                   const char *name,
                   const SlSeamInfo *info,
                   gint64 *first,
                   gint64 *last)
{
  const SlStem *stem = find (document, name);
  gint64 shift = info->join_dest - info->join;

  if (stem == NULL || sl_seam_info_lag (info) <= 0)
    return FALSE;
  sl_seam_edit_limits (stem, info, sl_document_get_settings (document)->rate_hz,
                       sl_seam_source_frames (document, name), first, last);
  *first += shift;
  *last += shift;
  return *first <= *last;
}

/* --- changes --- */

/* An edit of @name; NULL: there is no such stem. */
static SlSettings *
begin (SlDocument *document, const char *name, SlStem **stem)
{
  SlSettings *settings = sl_document_edit (document);

  *stem = sl_settings_find_stem (settings, name);
  if (*stem == NULL)
    g_clear_pointer (&settings, sl_settings_free);
  return settings;
}

void
sl_seam_move (SlDocument *document, const char *name, guint index, gint64 frame, const char *tag)
{
  SlSeamInfo info;
  SlSettings *settings;
  SlStem *stem;

  if (!sl_seam_get (document, name, index, &info) || info.join < 0)
    return;
  settings = begin (document, name, &stem);
  sl_seam_edit_set_join (stem, info.join + frame - info.join_dest);
  sl_document_apply (document, settings, tag);
}

void
sl_seam_take_next (SlDocument *document, const char *name)
{
  SlRecord *record = sl_seam_get_record (document, name);
  SlStem *stem;
  SlSettings *settings = begin (document, name, &stem);

  if (settings == NULL)
    return;
  sl_seam_edit_next (stem, record);
  sl_document_apply (document, settings, NULL);
}

void
sl_seam_take_previous (SlDocument *document, const char *name)
{
  SlStem *stem;
  SlSettings *settings = begin (document, name, &stem);

  if (settings == NULL)
    return;
  sl_seam_edit_previous (stem);
  sl_document_apply (document, settings, NULL);
}

void
sl_seam_find_again (SlDocument *document, const char *name)
{
  SlStem *stem;
  SlSettings *settings = begin (document, name, &stem);

  if (settings == NULL)
    return;
  sl_seam_edit_find_again (stem);
  sl_document_apply (document, settings, NULL);
}

/* Numbers that are being turned are one change. */
static void
apply_joined (SlDocument *document, SlSettings *settings, const char *what, const char *name)
{
  g_autofree char *tag = g_strdup_printf ("%s of %s", what, name);

  sl_document_apply (document, settings, tag);
}

void
sl_seam_set_loop_bars (SlDocument *document, const char *name, int bars)
{
  SlStem *stem;
  SlSettings *settings = begin (document, name, &stem);

  if (settings == NULL)
    return;
  sl_seam_edit_set_loop_bars (stem, bars);
  apply_joined (document, settings, "loop-bars", name);
}

void
sl_seam_set_fade (SlDocument *document, const char *name, double ms)
{
  SlStem *stem;
  SlSettings *settings = begin (document, name, &stem);

  if (settings == NULL)
    return;
  stem->fade_ms = ms;
  apply_joined (document, settings, "fade", name);
}
