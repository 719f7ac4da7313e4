/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where sounds begin in a short stretch of audio. Private to align. */
#pragma once

#include "engine/io/source.h"

G_BEGIN_DECLS

/** An onset is known to so many milliseconds. */
#define SL_ONSET_HOP_MS 1.0

/**
 * Appends to @onsets (gint64, rising) the frames of @source in [@from, @to) in which a sound
 * begins: where over 5 ms the energy, or that of the highs, is 6 dB above that of the 20 ms before,
 * and not 30 dB below the loudest 5 ms of the stretch. Each is the first frame of the millisecond
 * that holds it; two are at least 20 ms apart. Before its first frame a source is silent. Memory
 * grows by a few bytes for each millisecond. FALSE with the source's error.
 */
gboolean
sl_onsets_find (SlSource *source, gint64 from, gint64 to, GArray *onsets, GError **error);

G_END_DECLS
