/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How large the steps between samples usually are. Private to align. */
#pragma once

#include "engine/io/source.h"

G_BEGIN_DECLS

/**
 * The step from one sample to the next that @part (0 to 1) of all in the @frames frames from @from
 * on do not exceed, for each channel into @steps; 0 for fewer than two frames. Keeps only the
 * largest ones. FALSE with the source's error.
 */
gboolean
sl_step_rank (SlSource *source,
              gint64 from,
              gint64 frames,
              double part,
              double *steps,
              GError **error);

G_END_DECLS
