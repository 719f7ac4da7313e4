/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A graph as a source: its files, summed, with gains that may move meanwhile. */
#pragma once

#include "engine/io/source.h"
#include "preview/faders.h"

G_BEGIN_DECLS

/**
 * Opens the files of @graph. A part that cannot be opened or read is silent, and the first such
 * fault is kept for sl_preview_mix_dup_problem(): the source itself never fails. Gains come from
 * @faders, of which a reference is kept; a change is a ramp of at most 10 ms. Sums in double,
 * rounds once, never clamps. Not on main.
 */
SlSource *
sl_preview_mix_new (const SlGraph *graph, SlFaders *faders);

/** The first fault met so far, or NULL. */
char *
sl_preview_mix_dup_problem (SlSource *mix);

/** Whether a part is left that can be read, or there was none at all. */
gboolean
sl_preview_mix_is_usable (SlSource *mix);

G_END_DECLS
