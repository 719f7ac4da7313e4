/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said about a stem in words. */
#pragma once

#include "app/document.h"

G_BEGIN_DECLS

/** Where the sound of @stem comes from. Owned. */
char *
sl_track_text_file (SlDocument *document, const char *stem);

/** What was found of it: length, rate, and how it differs from the target. Owned. */
char *
sl_track_text_found (SlDocument *document, const char *stem);

/** The same in few words, for a row; @is_bad (may be NULL): it is a fault. Owned. */
char *
sl_track_text_short (SlDocument *document, const char *stem, gboolean *is_bad);

G_END_DECLS
