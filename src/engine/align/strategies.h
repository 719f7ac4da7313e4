/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One function per strategy, and what they decide before a segment is laid. Private to this room.
 */
#pragma once

#include "engine/align/layout.h"

G_BEGIN_DECLS

typedef struct
{
  SlExtent extent;
  SlStrategy strategy; ///< never auto
  SlStrategy fill;     ///< loop or crossfade: how the gap is filled; none: with silence
  SlJoinSet set;       ///< when it is filled
  guint notes;         ///< SlPlanNotes
} SlDraft;

/**
 * Decides everything about @strategy for @options, which are in range. FALSE with SL_ERROR_INVALID
 * when the strategy does not apply.
 */
gboolean
sl_draft_prepare (SlDraft *draft,
                  SlStrategy strategy,
                  const SlPlanOptions *options,
                  GError **error);

/** Lays the segments. FALSE with SL_ERROR_LIMIT or SL_ERROR_INVALID. */
gboolean
sl_draft_lay (const SlDraft *draft, SlLayout *layout, GError **error);

/** Where a filled section or the target ends for a stem that belongs to a section. */
gint64
sl_draft_section_end (const SlPlanOptions *options);

/** Why the stem is planned as it is: one sentence for people. */
char *
sl_draft_reason (const SlDraft *draft);

/** A length for people: "1.250 s", "12.5 ms", "3 frames". */
char *
sl_draft_duration_text (gint64 frames, int rate_hz);

G_END_DECLS
