/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sections in words, for tooltips and assistive technologies. Main thread. */
#pragma once

#include "app/time_range.h"
#include "engine/base/sections.h"

G_BEGIN_DECLS

/** Name, length, and from where to where; several lines. Owned. */
char *
sl_section_text (const GArray *sections, SlTimeRange *range, guint index);

/** "Sections: Verse, Bridge, Outro". Owned. */
char *
sl_section_names (const GArray *sections);

/** That the sections end @overrun frames behind (or, below 0, before) the song; NULL for 0. Owned.
 */
char *
sl_section_overrun_text (SlTimeRange *range, gint64 overrun);

G_END_DECLS
