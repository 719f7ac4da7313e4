/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Audio that passes from step to step: opening it, writing it, and describing it. */
#pragma once

#include "engine/io/writer.h"
#include "engine/measure/report.h"
#include "workflow/steps/step.h"

G_BEGIN_DECLS

/**
 * Opens @audio below @folder. SL_ERROR_CHANGED when channels, rate or length are no longer those
 * recorded. Not on main.
 */
SlSource *
sl_audio_open (const char *folder, const SlAudio *audio, GError **error);

/** Describes a file that was read to its end as @path. Owned. */
SlAudio *
sl_audio_describe (const char *path, const SlReadback *readback, const SlLevels *levels);

/** Adds what tells one state of @audio from another. */
void
sl_key_add_audio (SlKey *key, const char *name, const SlAudio *audio);

/**
 * @audio with the digest that its file has now when the file is a source of the project, which
 * others may change; files that a step wrote keep the recorded one. Owned.
 */
SlAudio *
sl_audio_current (SlProject *project, const SlAudio *audio);

/** What sl_output_render() is asked for. */
typedef struct
{
  const char *folder; ///< of the project
  const char *path;   ///< of the output, below it
  SlSubtype subtype;
  const SlTap *taps; ///< more listeners on what is read back; may be NULL
  guint n_taps;
} SlOutputSpec;

/** What it gives. */
typedef struct
{
  SlAudio *audio; ///< owned by the record
  gint64 overs;   ///< samples beyond ±1.0, before any clamp
  gint64 first_over;
  SlLevels levels; ///< of what was read back
} SlOutputResult;

/**
 * Renders @source (borrowed) as WAV into a part, reads it back, hands the part to @outcome and
 * makes it the record's audio and output. Not on main.
 */
gboolean
sl_output_render (SlSource *source,
                  const SlOutputSpec *spec,
                  SlOutcome *outcome,
                  SlOutputResult *result,
                  const SlProgress *progress,
                  GError **error);

/** Adds the checks "frames", "rate" and "subtype" of an output against what was asked for. */
void
sl_check_output (SlRecord *record,
                 const char *subject,
                 const SlAudio *audio,
                 gint64 frames,
                 int rate_hz,
                 SlSubtype subtype);

G_END_DECLS
