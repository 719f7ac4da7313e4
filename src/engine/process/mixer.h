/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The weighted sum of sources. */
#pragma once

#include "engine/io/source.h"

G_BEGIN_DECLS

/**
 * Sum of @n sources (taken, also on failure) times @gains (linear), in double, rounded to float
 * once, never clamped. All must have the same rate and length; each has 1 or @channels channels; a
 * mono source is added equally to every channel. Otherwise SL_ERROR_INVALID naming the index.
 */
SlSource *
sl_mixer_new (SlSource *const *sources, const double *gains, guint n, int channels, GError **error);

G_END_DECLS
