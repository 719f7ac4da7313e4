/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/json_text.h"

#include <string.h>

/* Deeper nesting is never written, and a recursive parser must not meet it. */
#define MAX_DEPTH 64

/* "\uXXXX" */
#define UNIT_LENGTH 6

typedef struct
{
  int depth;
  gboolean in_string;
  gboolean has_object; /* the one that is the whole text has begun */
} Scan;

static gboolean
is_one_of (char c, const char *signs)
{
  return c != '\0' && strchr (signs, c) != NULL;
}

/* The 16 bits that the escape at @text stands for, or -1 when it is none of that kind. */
static int
escaped_unit (const char *text, gsize left)
{
  int unit = 0;

  if (left < UNIT_LENGTH || text[0] != '\\' || text[1] != 'u')
    return -1;
  for (int i = 2; i < UNIT_LENGTH; i++)
    {
      int digit = g_ascii_xdigit_value (text[i]);

      if (digit < 0)
        return -1;
      unit = unit * 16 + digit;
    }
  return unit;
}

/* Bytes of the escape that @text starts with; 0 when it stands for no character. */
static gsize
escape_length (const char *text, gsize left)
{
  int unit;

  if (left < 2)
    return 0;
  if (is_one_of (text[1], "\"\\/bfnrt"))
    return 2;
  unit = escaped_unit (text, left);
  if (unit < 0 || unit >> 10 == 0xdc00 >> 10)
    return 0;
  if (unit >> 10 != 0xd800 >> 10)
    return UNIT_LENGTH;
  unit = escaped_unit (text + UNIT_LENGTH, left - UNIT_LENGTH);
  return unit >> 10 == 0xdc00 >> 10 ? 2 * UNIT_LENGTH : 0;
}

/* Whether @c may stand outside strings. */
static gboolean
is_token_sign (char c)
{
  return g_ascii_isalnum (c) || g_ascii_isspace (c) || is_one_of (c, "{}[]:,+-.\"");
}

static int
depth_step (char c)
{
  if (c == '{' || c == '[')
    return 1;
  return c == '}' || c == ']' ? -1 : 0;
}

/* Takes what stands outside strings: FALSE where it may not. */
static gboolean
scan_token (Scan *self, char c)
{
  if (self->depth == 0 && g_ascii_isspace (c))
    return TRUE;
  if (self->depth == 0 && (c != '{' || self->has_object))
    return FALSE;
  self->has_object = TRUE;
  self->in_string = c == '"';
  self->depth += depth_step (c);
  return is_token_sign (c) && self->depth <= MAX_DEPTH;
}

/* Takes what @text starts with: how many bytes of it, 0 where it may not stand. */
static gsize
scan (Scan *self, const char *text, gsize left)
{
  if (!self->in_string)
    return scan_token (self, *text) ? 1 : 0;
  if (*text == '\\')
    return escape_length (text, left);
  self->in_string = *text != '"';
  return 1;
}

gboolean
sl_json_text_is_sound (const char *text, gsize length)
{
  Scan self = { 0 };
  gsize step;

  if (!g_utf8_validate (text, (gssize) length, NULL))
    return FALSE;
  for (gsize i = 0; i < length; i += step)
    {
      step = scan (&self, text + i, length - i);
      if (step == 0)
        return FALSE;
    }
  return TRUE;
}
