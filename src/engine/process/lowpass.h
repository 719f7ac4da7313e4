/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A zero-phase low-pass that streams: 4th-order Butterworth, forward and backward. */
#pragma once

#include "engine/io/source.h"

G_BEGIN_DECLS

#define SL_LOWPASS_MIN_HZ 30.0
#define SL_LOWPASS_DEFAULT_HZ 8000.0

/** The highest cutoff at @rate_hz: 0.45 · rate. */
double
sl_lowpass_max_hz (int rate_hz);

/**
 * Frames after which what is left of the filter's response sums to less than 1e-9: how far ahead of
 * what it computes each pass starts (63 at 8 kHz, 4,225 at 100 Hz, at 48 kHz). @cutoff_hz above 0
 * and below @rate_hz / 2.
 */
gint64
sl_lowpass_lookahead (double cutoff_hz, int rate_hz);

/**
 * @source (taken, also on failure) through the filter; same length, channels and rate. The response
 * at the cutoff is -6 dB. Equals scipy.signal.filtfilt (*butter (4, fc / (rate / 2)), x) with its
 * default odd padding of 15 samples to 1e-6 of full scale; below 100 Hz, where that polynomial form
 * itself errs by more, scipy.signal.sosfiltfilt with padlen=15. Inputs of 1 to 15 frames, where
 * scipy refuses, are padded by length - 1 samples; one frame passes unchanged.
 *
 * The bits of a frame do not depend on where a read starts. Memory is independent of the length:
 * about 10 lookaheads (at least 4,224 frames) of 8 bytes, and of 8 bytes per channel. Cutoffs
 * outside 30 Hz to sl_lowpass_max_hz() are SL_ERROR_INVALID.
 */
SlSource *
sl_lowpass_new (SlSource *source, double cutoff_hz, GError **error);

G_END_DECLS
