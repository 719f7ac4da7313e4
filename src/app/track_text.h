/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said about a stem in words. */
#pragma once

#include "app/document.h"

G_BEGIN_DECLS

/** The strategy called @name in a record, translated; NULL: there is none of that name. */
const char *
sl_track_text_strategy_title (const char *name);

/** How @stem gets its length, as far as it is known. Owned. */
char *
sl_track_text_strategy (SlDocument *document, const char *stem);

/** Why so; what was found of it (length, rate, distance from the target); where its sound comes
 *  from. Several lines. Owned. */
char *
sl_track_text_long (SlDocument *document, const char *stem);

/** The same in few words, for a row; @is_bad (may be NULL): it is a fault. Owned. */
char *
sl_track_text_short (SlDocument *document, const char *stem, gboolean *is_bad);

G_END_DECLS
