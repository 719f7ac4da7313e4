/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bringing one stem to the target: listen, plan, render, read back, measure every seam. */
#pragma once

#include "engine/align/planner.h"
#include "engine/measure/tempo.h"
#include "workflow/steps/audio.h"

G_BEGIN_DECLS

typedef struct
{
  char *folder;
  char *subject;
  char *output; ///< stored path of the file to write
  SlAudio *source;
  const char *source_file; ///< where its bytes are until it gets its name, or NULL; borrowed
  SlAudio *reference;      ///< for offset_auto, or NULL
  SlPlanOptions options;   ///< without candidates
  gboolean offset_auto;
  SlTempo tempo;           ///< of the source
  gboolean proposes_tempo; ///< nothing else would, when the song's is unknown
  gboolean always_write;   ///< write a file even when it would be its source again
  char *missing_section;   ///< a section that the stem names and the song does not have, or NULL
  SlSubtype subtype;
  double step_limit; ///< of seams: what still passes
  double level_limit_db;
  double grid_limit_ms;
  double match_limit;
} SlAlignment;

/** The alignment of @stem as the project has it; @source is taken. NULL @stem: as it is. Owned. */
SlAlignment *
sl_alignment_new (SlProject *project, const char *subject, const SlStem *stem, SlAudio *source);

/** One with the default limits and nothing else set. Owned. */
SlAlignment *
sl_alignment_new_empty (void);

void
sl_alignment_free (SlAlignment *alignment);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlAlignment, sl_alignment_free)

void
sl_alignment_add_to_key (const SlAlignment *alignment, SlKey *key);

/**
 * Does it. The record's values get "strategy", "reason", "offset", "offset_confidence" of one
 * found, "plan", "candidates" and "seams". A stem that already is what it should be gets no file:
 * its audio is the source. What cannot be planned is a failed check. Not on main.
 */
gboolean
sl_alignment_run (const SlAlignment *alignment,
                  SlOutcome *outcome,
                  const SlProgress *progress,
                  GError **error);

G_END_DECLS
