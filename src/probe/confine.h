/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this process allows itself, because the file it opens may be made to harm. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Dies with its parent; no core dumps; limited memory. First thing in main(). */
void
sl_confine_process (void);

/**
 * Limits processor time and the size of any file written, for an input of @input_bytes of which a
 * working copy and a picture are made or not.
 */
void
sl_confine_to_input (gint64 input_bytes, gboolean writes_audio, gboolean writes_picture);

G_END_DECLS
