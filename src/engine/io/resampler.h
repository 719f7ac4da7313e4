/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A source at another rate (libsoxr, very high quality, linear phase). */
#pragma once

#include "engine/io/source.h"

G_BEGIN_DECLS

/** Frames that @frames at @from_hz become at @to_hz: round (frames · to / from), at least 1. */
gint64
sl_resampled_length (gint64 frames, int from_hz, int to_hz);

/**
 * @source (taken) at @rate_hz, exactly sl_resampled_length() frames, aligned so that frame 0 stays
 * frame 0 (soxr compensates its delay). Seeking restarts far enough ahead that samples equal those
 * of an unbroken read to 1e-6. Ratios from 1:64 to 64:1; others are SL_ERROR_INVALID.
 */
SlSource *
sl_resampler_new (SlSource *source, int rate_hz, GError **error);

G_END_DECLS
