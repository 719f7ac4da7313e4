/* SPDX-License-Identifier: GPL-3.0-or-later */
/* True peak after ITU-R BS.1770 (libebur128). */
#pragma once

#include "engine/io/source.h"

G_BEGIN_DECLS

typedef struct _SlTruePeakMeter SlTruePeakMeter;

SlTruePeakMeter *
sl_true_peak_meter_new (void);

/** Always oversamples 4×, at any rate (libebur128 is told 48,000 Hz; its interpolator does not
 *  depend on the rate). */
SlTap
sl_true_peak_meter_tap (SlTruePeakMeter *self);

/** Largest true peak over all channels, linear; 0 when nothing was heard. */
double
sl_true_peak_meter_result (const SlTruePeakMeter *self);

void
sl_true_peak_meter_free (SlTruePeakMeter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlTruePeakMeter, sl_true_peak_meter_free)

G_END_DECLS
