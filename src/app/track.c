/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/track.h"

#include "app/plan_marks.h"
#include "app/seam_changes.h"
#include "workflow/intake.h"
#include "workflow/steps/subjects.h"
#include "workflow/steps/upstream.h"

#include <glib/gi18n.h>
#include <string.h>

void
sl_track_free (SlTrack *track)
{
  g_free (track->name);
  g_free (track);
}

static void
add (GPtrArray *tracks, SlWaveformRole role, const char *name)
{
  SlTrack *track = g_new0 (SlTrack, 1);

  track->role = role;
  track->name = g_strdup (name);
  g_ptr_array_add (tracks, track);
}

GPtrArray *
sl_tracks_list (const SlSettings *settings)
{
  GPtrArray *tracks = g_ptr_array_new_with_free_func ((GDestroyNotify) sl_track_free);
  g_auto (GStrv) names = sl_subjects_all (settings);

  if (settings->reference != NULL)
    add (tracks, SL_WAVEFORM_REFERENCE, SL_SUBJECT_SONG);
  for (guint i = 0; names[i] != NULL; i++)
    {
      const SlStem *stem = sl_settings_find_stem (settings, names[i]);
      gboolean drums = stem == NULL || sl_settings_is_drum_stem (settings, stem);

      add (tracks, drums ? SL_WAVEFORM_DRUMS : SL_WAVEFORM_STEM, names[i]);
    }
  add (tracks, SL_WAVEFORM_MASTER, SL_SUBJECT_SONG);
  return tracks;
}

const char *
sl_track_title (const SlTrack *track)
{
  if (track->role == SL_WAVEFORM_REFERENCE)
    return _ ("Reference");
  if (track->role == SL_WAVEFORM_MASTER)
    return _ ("Master");
  return strcmp (track->name, SL_SUBJECT_DRUMS) == 0 ? _ ("Drums") : track->name;
}

gboolean
sl_track_equal (const SlTrack *a, const SlTrack *b)
{
  return a->role == b->role && strcmp (a->name, b->name) == 0;
}

SlStem *
sl_track_stem (const SlTrack *track, const SlSettings *settings)
{
  gboolean has_one = track->role == SL_WAVEFORM_STEM || track->role == SL_WAVEFORM_DRUMS;

  return has_one ? sl_settings_find_stem (settings, track->name) : NULL;
}

/* --- audio --- */

/* The step that leaves a track at @stage; -1: none does. */
static int
step_of (const SlTrack *track, SlStage stage)
{
  static const int steps[][SL_STAGE_MASTER + 1] = {
    [SL_WAVEFORM_REFERENCE]
    = { SL_STEP_REFERENCE, SL_STEP_REFERENCE, SL_STEP_REFERENCE, SL_STEP_REFERENCE },
    [SL_WAVEFORM_STEM] = { SL_STEP_STEMS, SL_STEP_ALIGN, SL_STEP_EFFECTS, SL_STEP_EFFECTS },
    [SL_WAVEFORM_DRUMS] = { SL_STEP_DRUMS, SL_STEP_DRUMS, SL_STEP_EFFECTS, SL_STEP_EFFECTS },
    [SL_WAVEFORM_MASTER] = { -1, -1, -1, SL_STEP_MASTER },
  };

  return steps[track->role][stage];
}

SlAudio *
sl_track_audio (SlDocument *document, const SlTrack *track, SlStage stage)
{
  SlProject *project = sl_document_get_project (document);
  int step = step_of (track, stage);
  SlState state;

  if (step < 0)
    return NULL;
  state = sl_badge_subject (project, (SlStepId) step, track->name);
  return state == SL_STATE_PASSED || state == SL_STATE_FAILED
             ? sl_upstream_audio (project, (SlStepId) step, track->name)
             : NULL;
}

/* --- picture --- */

static void
set_file (SlTrackPicture *picture, SlProject *project, const char *stored, const char *digest)
{
  g_autofree char *resolved = sl_project_resolve (project, stored);

  picture->path = g_canonicalize_filename (resolved, NULL);
  picture->digest = g_strdup (digest);
}

static gboolean
set_audio (SlTrackPicture *picture, SlDocument *document, const SlTrack *track, SlStage stage)
{
  SlAudio *audio = sl_track_audio (document, track, stage);

  if (audio == NULL)
    return FALSE;
  set_file (picture, sl_document_get_project (document), audio->path, audio->digest);
  picture->vouched = TRUE;
  sl_audio_free (audio);
  return TRUE;
}

static const char *
source_of (SlDocument *document, const SlTrack *track)
{
  const SlSettings *settings = sl_document_get_settings (document);
  const SlStem *stem = sl_track_stem (track, settings);

  if (track->role == SL_WAVEFORM_REFERENCE)
    return settings->reference;
  return stem != NULL && stem->kind == SL_STEM_FILE ? stem->file : NULL;
}

/* Before its step, a track shows the file as it came. */
static void
set_source (SlTrackPicture *picture, SlDocument *document, const SlTrack *track)
{
  SlProject *project = sl_document_get_project (document);
  const char *stored = source_of (document, track);
  const SlFileEntry *entry
      = stored != NULL ? sl_file_table_get (sl_project_get_files (project), stored) : NULL;
  const SlStem *stem = sl_track_stem (track, sl_document_get_settings (document));

  if (entry == NULL || !entry->present || entry->probe == NULL)
    return;
  set_file (picture, project, stored, entry->digest);
  picture->offset = stem != NULL ? stem->offset : 0;
}

static gboolean
set_aligned (SlTrackPicture *picture, SlDocument *document, const SlTrack *track)
{
  SlPlanMarksInput input = { .settings = sl_document_get_settings (document) };

  if ((track->role != SL_WAVEFORM_STEM && track->role != SL_WAVEFORM_DRUMS)
      || !set_audio (picture, document, track, SL_STAGE_ALIGNED))
    return FALSE;
  input.record = sl_project_get_record (sl_document_get_project (document),
                                        (SlStepId) step_of (track, SL_STAGE_ALIGNED), track->name);
  input.stem = sl_track_stem (track, input.settings);
  input.source_frames = sl_seam_source_frames (document, track->name);
  sl_plan_marks_read (&input, picture->seams, picture->paddings, picture->repeats);
  return TRUE;
}

void
sl_track_picture (SlDocument *document, const SlTrack *track, SlTrackPicture *picture)
{
  *picture = (SlTrackPicture){ 0 };
  picture->seams = sl_seam_marks_new ();
  picture->paddings = g_array_new (FALSE, FALSE, sizeof (SlRange));
  picture->repeats = g_array_new (FALSE, FALSE, sizeof (SlRepeatMark));
  if (track->role == SL_WAVEFORM_MASTER)
    set_audio (picture, document, track, SL_STAGE_MASTER);
  else if (!set_aligned (picture, document, track)
           && !set_audio (picture, document, track, SL_STAGE_SOURCE))
    set_source (picture, document, track);
}

void
sl_track_picture_clear (SlTrackPicture *picture)
{
  g_clear_pointer (&picture->path, g_free);
  g_clear_pointer (&picture->digest, g_free);
  g_clear_pointer (&picture->seams, g_array_unref);
  g_clear_pointer (&picture->paddings, g_array_unref);
  g_clear_pointer (&picture->repeats, g_array_unref);
}

gint64
sl_track_frames (SlDocument *document, const SlTrack *track)
{
  const char *stored = source_of (document, track);
  SlAudio *audio = sl_track_audio (document, track, SL_STAGE_ALIGNED);
  const SlStem *stem = sl_track_stem (track, sl_document_get_settings (document));
  SlProbeReport report;
  gint64 frames = 0;

  if (audio != NULL)
    frames = audio->frames;
  else if (stored != NULL
           && sl_intake_get_report (sl_document_get_project (document), stored, &report))
    frames = report.readback.frames + (stem != NULL ? stem->offset : 0);
  sl_audio_free (audio);
  return frames;
}
