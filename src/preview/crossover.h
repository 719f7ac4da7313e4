/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A source that turns into another one where it stands. */
#pragma once

#include "engine/io/source.h"

G_BEGIN_DECLS

/**
 * From the position of @from (taken) on, @frames frames go linearly over to @to (taken), frame for
 * frame at the same positions; then only @to is heard. Where both are equal, so is every sample.
 * Behind its end each is silent. Both have the same channels and rate.
 */
SlSource *
sl_crossover_new (SlSource *from, SlSource *to, gint64 frames);

/** A crossover is freed and its @to returned, at the same position or its end; any other source is
 * returned itself. */
SlSource *
sl_crossover_leave (SlSource *source);

/** sl_crossover_leave() once the crossing is over; until then @source itself. */
SlSource *
sl_crossover_settle (SlSource *source);

G_END_DECLS
