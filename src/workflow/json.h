/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading and writing JSON members without ever failing on what a file may hold. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** The object of @node, or NULL when it is none. Borrowed. */
JsonObject *
sl_json_object (JsonNode *node);

/** Wraps @object (taken). */
JsonNode *
sl_json_take_object (JsonObject *object);

/** Whether every number in @node (may be NULL) is finite: the parser takes 1e999, which is written
 * as no JSON. */
gboolean
sl_json_is_finite (JsonNode *node);

/** NULL @text becomes null. */
void
sl_json_set_string (JsonObject *object, const char *name, const char *text);

/** Whole numbers are written as such, others with 17 digits; not finite becomes null. */
void
sl_json_set_number (JsonObject *object, const char *name, double value);

void
sl_json_set_number_or_text (JsonObject *object, const char *name, double value, const char *text);

/* All getters take a NULL object and give the default for a member that is missing or of another
 * type. Strings and objects are borrowed. */

const char *
sl_json_get_string (JsonObject *object, const char *name);

double
sl_json_get_number (JsonObject *object, const char *name, double fallback);

gint64
sl_json_get_int (JsonObject *object, const char *name, gint64 fallback);

gboolean
sl_json_get_boolean (JsonObject *object, const char *name, gboolean fallback);

JsonObject *
sl_json_get_object (JsonObject *object, const char *name);

JsonArray *
sl_json_get_array (JsonObject *object, const char *name);

G_END_DECLS
