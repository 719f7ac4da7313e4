/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A source with another number of channels, for a device that has not as many. */
#pragma once

#include "engine/io/source.h"

G_BEGIN_DECLS

/**
 * @source (taken) with @channels channels. One channel is spread equally, several become one by
 * their mean; otherwise the first ones are kept, and what is missing is silent. Returns @source
 * itself when it already has as many.
 */
SlSource *
sl_spread_new (SlSource *source, int channels);

G_END_DECLS
