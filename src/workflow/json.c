/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/json.h"

#include <math.h>

/* Above this a double no longer tells neighbouring whole numbers apart. */
#define MAX_EXACT 9007199254740992.0

JsonObject *
sl_json_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonNode *
sl_json_take_object (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return node;
}

static gboolean
is_finite_object (JsonObject *object)
{
  JsonObjectIter iter;
  JsonNode *member;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, NULL, &member))
    if (!sl_json_is_finite (member))
      return FALSE;
  return TRUE;
}

static gboolean
is_finite_array (JsonArray *array)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!sl_json_is_finite (json_array_get_element (array, i)))
      return FALSE;
  return TRUE;
}

gboolean
sl_json_is_finite (JsonNode *node)
{
  if (node == NULL)
    return TRUE;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return is_finite_object (json_node_get_object (node));
  if (JSON_NODE_HOLDS_ARRAY (node))
    return is_finite_array (json_node_get_array (node));
  return json_node_get_value_type (node) != G_TYPE_DOUBLE || isfinite (json_node_get_double (node));
}

void
sl_json_set_string (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
  else
    json_object_set_null_member (object, name);
}

void
sl_json_set_number (JsonObject *object, const char *name, double value)
{
  if (!isfinite (value))
    json_object_set_null_member (object, name);
  else if (value == rint (value) && fabs (value) < MAX_EXACT)
    json_object_set_int_member (object, name, (gint64) value);
  else
    json_object_set_double_member (object, name, value);
}

void
sl_json_set_number_or_text (JsonObject *object, const char *name, double value, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
  else
    sl_json_set_number (object, name, value);
}

/* The member if it is a plain value, else NULL. */
static JsonNode *
value_member (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

const char *
sl_json_get_string (JsonObject *object, const char *name)
{
  JsonNode *node = value_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

double
sl_json_get_number (JsonObject *object, const char *name, double fallback)
{
  JsonNode *node = value_member (object, name);
  GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type == G_TYPE_DOUBLE)
    return json_node_get_double (node);
  return type == G_TYPE_INT64 ? (double) json_node_get_int (node) : fallback;
}

gint64
sl_json_get_int (JsonObject *object, const char *name, gint64 fallback)
{
  JsonNode *node = value_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node)
                                                                         : fallback;
}

gboolean
sl_json_get_boolean (JsonObject *object, const char *name, gboolean fallback)
{
  JsonNode *node = value_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN
             ? json_node_get_boolean (node)
             : fallback;
}

JsonObject *
sl_json_get_object (JsonObject *object, const char *name)
{
  return object != NULL ? sl_json_object (json_object_get_member (object, name)) : NULL;
}

JsonArray *
sl_json_get_array (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}
