/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two stretches of a source that sound together in an overlap. Private to this room. */
#pragma once

#include "engine/align/plan.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 left;   ///< first source frame of the ending one
  gint64 right;  ///< of the starting one
  gint64 length; ///< frames
} SlPair;

/** Of @seam, which has an overlap. */
SlPair
sl_pair_of (const SlPlan *plan, const SlSeam *seam);

/** GHashFunc and GEqualFunc of an SlPair, or of what begins with one. */
guint
sl_pair_hash (gconstpointer pair);

gboolean
sl_pair_equal (gconstpointer a, gconstpointer b);

G_END_DECLS
