/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one row of the song is: the reference, a stem, the drums that a step makes, or the master;
 * and which audio and marks it shows. */
#pragma once

#include "app/document.h"
#include "app/waveform.h"

G_BEGIN_DECLS

typedef struct
{
  SlWaveformRole role;
  char *name; ///< subject of its records: name of the stem, "drums", or "" (reference, master)
} SlTrack;

/** How far along the steps the audio is that is asked for. */
typedef enum
{
  SL_STAGE_SOURCE,
  SL_STAGE_ALIGNED,
  SL_STAGE_PROCESSED,
  SL_STAGE_MASTER
} SlStage;

void
sl_track_free (SlTrack *track);

/** Every row of the song in order: reference, stems, drums, master. Owned, of SlTrack. */
GPtrArray *
sl_tracks_list (const SlSettings *settings);

/** The name of the row. Translated where it is none that a person gave. */
const char *
sl_track_title (const SlTrack *track);

gboolean
sl_track_equal (const SlTrack *a, const SlTrack *b);

/** The stem behind the row, or NULL. Borrowed from @settings. */
SlStem *
sl_track_stem (const SlTrack *track, const SlSettings *settings);

/** What @stage has left of the track, when its record still holds; else NULL. Owned. */
SlAudio *
sl_track_audio (SlDocument *document, const SlTrack *track, SlStage stage);

/** What the row's waveform shows. */
typedef struct
{
  char *path;    ///< absolute; NULL: nothing yet
  char *digest;  ///< of its bytes
  gint64 offset; ///< frame of the song where it begins
  gboolean vouched;
  GArray *seams;    ///< of SlSeamMark
  GArray *paddings; ///< of SlRange
  GArray *repeats;  ///< of SlRepeatMark
} SlTrackPicture;

/** The picture of the track as far as the steps have come. */
void
sl_track_picture (SlDocument *document, const SlTrack *track, SlTrackPicture *picture);

void
sl_track_picture_clear (SlTrackPicture *picture);

/** Frames of the song that the track would fill as it is now; 0: not known. */
gint64
sl_track_frames (SlDocument *document, const SlTrack *track);

G_END_DECLS
