/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the record of an aligned stem says of its seams. Pure; main thread. */
#pragma once

#include "workflow/record.h"
#include "workflow/settings.h"
#include "workflow/step_id.h"

G_BEGIN_DECLS

/** What is measured at a seam, in the order in which it is shown. */
typedef enum
{
  SL_SEAM_STEP,  ///< ratio
  SL_SEAM_LEVEL, ///< dB
  SL_SEAM_GRID,  ///< ms
  SL_SEAM_MATCH, ///< correlation
  SL_N_SEAM_MEASURES
} SlSeamMeasure;

typedef struct
{
  guint index;
  guint n;          ///< seams of the stem
  gint64 position;  ///< first frame of the song in the overlap
  gint64 overlap;   ///< frames that both sides sound
  gint64 join;      ///< source frame at which the earlier side stops; -1: this is no join
  gint64 join_dest; ///< frame of the song on which that falls
  gint64 cut;       ///< source frames before the first that is heard
  gint64 entry;     ///< source frame that is heard there instead; join - entry is repeated
  double measured[SL_N_SEAM_MEASURES]; ///< NAN: does not apply
  double limits[SL_N_SEAM_MEASURES];   ///< what still passes
  SlLevel levels[SL_N_SEAM_MEASURES];
  SlLevel level;        ///< the worst of them
  const char *strategy; ///< borrowed from the record; may be NULL
} SlSeamInfo;

/** Seams in @record; NULL has none. */
guint
sl_seam_info_count (SlRecord *record);

/** Reads seam @index; FALSE when there is none. @stem (may be NULL) is the one of the record. */
gboolean
sl_seam_info_read (SlRecord *record,
                   const SlSettings *settings,
                   const SlStem *stem,
                   guint index,
                   SlSeamInfo *info);

/** The middle of the overlap, frame of the song. */
gint64
sl_seam_info_middle (const SlSeamInfo *info);

/** Frames that a join repeats; 0: it is none. */
gint64
sl_seam_info_lag (const SlSeamInfo *info);

/** The step that aligns @stem. */
SlStepId
sl_seam_step_of (const SlSettings *settings, const SlStem *stem);

G_END_DECLS
