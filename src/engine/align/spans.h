/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan cut into runs of frames that are made in one way. Private to this room. */
#pragma once

#include "engine/align/plan.h"

G_BEGIN_DECLS

typedef enum
{
  SL_SPAN_SILENCE,
  SL_SPAN_COPY,     ///< frames of the source, untouched
  SL_SPAN_FADE_IN,  ///< from silence, or at the start of the plan
  SL_SPAN_FADE_OUT, ///< to silence, or at the end of the plan
  SL_SPAN_CROSS     ///< an overlap of two segments
} SlSpanKind;

typedef struct
{
  SlSpanKind kind;
  gint64 start; ///< target frames, half-open
  gint64 end;
  guint segment; ///< that sounds; of an overlap the earlier
} SlSpan;

/**
 * The span that holds target frame @frame. *@segment is where to look first: 0, or what an earlier
 * call for a frame not after this one left there; it is moved on. @plan must be valid and @frame
 * inside it.
 */
SlSpan
sl_span_at (const SlPlan *plan, guint *segment, gint64 frame);

/** The source frame that segment @index plays at target frame @frame. */
gint64
sl_span_source_frame (const SlPlan *plan, guint index, gint64 frame);

/** Whether @plan was made for a source of this length; FALSE with SL_ERROR_INVALID. */
gboolean
sl_plan_check_source (const SlPlan *plan, const SlSource *source, GError **error);

G_END_DECLS
