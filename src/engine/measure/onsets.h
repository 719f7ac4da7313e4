/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How strongly something begins, over time. */
#pragma once

#include "engine/io/source.h"

G_BEGIN_DECLS

/** Onsets are measured about this often. */
#define SL_ONSETS_PER_SECOND 100

typedef struct _SlOnsetMeter SlOnsetMeter;

/**
 * Measures the spectral flux (Masri 1996; in bands and ratios as Ellis 2007) of the mono sum of
 * what its tap hears, from the first sound above -60 dBFS on, for @max_seconds at most. Memory by
 * @max_seconds alone.
 */
SlOnsetMeter *
sl_onset_meter_new (int max_seconds);

/** NULL is allowed. */
void
sl_onset_meter_free (SlOnsetMeter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlOnsetMeter, sl_onset_meter_free)

/** Borrows the meter; of one stream. */
SlTap
sl_onset_meter_tap (SlOnsetMeter *self);

/** @n strengths, @rate_hz of them in a second: how far 32 bands rose, summed, in nepers. Borrowed.
 */
const float *
sl_onset_meter_get (const SlOnsetMeter *self, gint64 *n, double *rate_hz);

G_END_DECLS
