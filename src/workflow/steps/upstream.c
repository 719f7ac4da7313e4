/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/steps/upstream.h"

#include "workflow/json.h"
#include "workflow/steps/audio.h"
#include "workflow/steps/subjects.h"

static gint64
reference_value (SlProject *project, const char *name)
{
  SlRecord *record = sl_project_get_record (project, SL_STEP_REFERENCE, SL_SUBJECT_SONG);

  return record != NULL ? sl_json_get_int (record->values, name, 0) : 0;
}

gint64
sl_upstream_target (SlProject *project)
{
  return reference_value (project, "target");
}

int
sl_upstream_channels (SlProject *project)
{
  return (int) reference_value (project, "channels");
}

SlAudio *
sl_upstream_audio (SlProject *project, SlStepId step, const char *subject)
{
  SlRecord *record = sl_project_get_record (project, step, subject);

  return record != NULL && record->audio != NULL ? sl_audio_current (project, record->audio) : NULL;
}

SlAudio *
sl_upstream_aligned (SlProject *project, const char *subject)
{
  const SlSettings *settings = sl_project_get_settings (project);
  const SlStem *stem = sl_settings_find_stem (settings, subject);
  gboolean from_drums = stem == NULL || sl_settings_is_drum_stem (settings, stem);

  return sl_upstream_audio (project, from_drums ? SL_STEP_DRUMS : SL_STEP_ALIGN, subject);
}
