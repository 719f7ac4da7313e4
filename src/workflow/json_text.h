/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a text must keep to before the JSON parser may see it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Whether the @length bytes of @text hold nothing that the parser takes although it is no JSON, or
 * does not survive: bytes that are no UTF-8, escapes of half a character or of single bytes (saved,
 * they would be no UTF-8), signs that have no place outside strings (comments, other quotes),
 * anything but white space around one object, and brackets nested more than 64 deep. Everything
 * else the parser tells. Any thread.
 */
gboolean
sl_json_text_is_sound (const char *text, gsize length);

G_END_DECLS
