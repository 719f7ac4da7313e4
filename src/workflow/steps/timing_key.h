/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tempo, meter and sections as part of a key. */
#pragma once

#include "workflow/key.h"
#include "workflow/settings.h"

G_BEGIN_DECLS

/** Rate, tempo, meter and first downbeat: what the grid of bars is made of. */
void
sl_key_add_grid (SlKey *key, const SlGrid *grid, int rate_hz);

/** The grid and every section. */
void
sl_key_add_timing (SlKey *key, const SlSettings *settings);

G_END_DECLS
