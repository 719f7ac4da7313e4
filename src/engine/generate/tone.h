/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A steady sine. */
#pragma once

#include "engine/io/source.h"

G_BEGIN_DECLS

/**
 * amplitude · sin (2π · hz · n / rate) at frame n, the same on every channel; phase exact to 1e-9
 * cycles at any n (no drift), so a seek gives the bits of an unbroken read. @amplitude 0 to 1,
 * @hz above 0 and below rate / 2, else SL_ERROR_INVALID.
 */
SlSource *
sl_tone_new (double hz, double amplitude, int channels, int rate_hz, gint64 length, GError **error);

G_END_DECLS
