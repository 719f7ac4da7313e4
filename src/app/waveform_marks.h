/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies over a waveform: seams with their verdicts, paddings, repeated stretches. */
#pragma once

#include "app/time_range.h"
#include "engine/base/sections.h"
#include "workflow/check.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 position;   ///< the middle of the seam, frame of the song
  gint64 overlap;    ///< frames that both sides sound
  SlLevel level;     ///< the verdict
  char *text;        ///< for its tooltip
  gint64 join;       ///< frame of the song on which the source stops; -1: it cannot be moved
  gint64 first_join; ///< how far it can be moved
  gint64 last_join;
} SlSeamMark;

/** Stretches with the same @group are the same piece of the source. */
typedef struct
{
  SlRange range;
  guint group;
} SlRepeatMark;

/** An empty array of SlSeamMark that frees its texts. */
GArray *
sl_seam_marks_new (void);

/** Appends a seam with a copy of @text that cannot be moved. */
void
sl_seam_marks_append (GArray *marks,
                      gint64 position,
                      gint64 overlap,
                      SlLevel level,
                      const char *text);

/** Deep copy; an empty array for NULL. */
GArray *
sl_seam_marks_copy (const GArray *marks);

/** Whether both are the same seams. */
gboolean
sl_seam_marks_equal (const GArray *a, const GArray *b);

/** Where the pixels of a seam lie. */
typedef struct
{
  double left;
  double right;
  double middle;
} SlSeamExtent;

/** At least 3 pixels wide. */
SlSeamExtent
sl_seam_mark_extent (const SlSeamMark *mark, SlTimeRange *range, double width);

/** Index of the seam under @x, the nearest when several are, or -1. A flag is wider than its
 *  seam. */
int
sl_seam_marks_at (const GArray *marks, SlTimeRange *range, double width, double x, double y);

/** The stretches that seams take up; for below the waveform. */
void
sl_seam_marks_snapshot_extents (const GArray *marks,
                                int selected,
                                SlTimeRange *range,
                                GtkWidget *widget,
                                GtkSnapshot *snapshot);

/** Lines and flags; for above it. Where seams lie close, the worst is on top. */
void
sl_seam_marks_snapshot (const GArray *marks,
                        int selected,
                        SlTimeRange *range,
                        GtkWidget *widget,
                        GtkSnapshot *snapshot);

/** @paddings of SlRange. */
void
sl_paddings_snapshot (const GArray *paddings,
                      SlTimeRange *range,
                      GtkWidget *widget,
                      GtkSnapshot *snapshot);

/** @repeats of SlRepeatMark. */
void
sl_repeat_marks_snapshot (const GArray *repeats,
                          SlTimeRange *range,
                          GtkWidget *widget,
                          GtkSnapshot *snapshot);

G_END_DECLS
