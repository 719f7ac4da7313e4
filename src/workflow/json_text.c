/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/json_text.h"

#include <string.h>

/* Deeper nesting is never written, and a recursive parser must not meet it. */
#define MAX_DEPTH 64

/* "\uXXXX" */
#define UNIT_LENGTH 6

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

gboolean
sl_json_text_is_sound (const char *text, gsize length)
{
  int depth = 0;
  gboolean in_string = FALSE;
  gsize step;

  if (!g_utf8_validate (text, (gssize) length, NULL))
    return FALSE;
  for (gsize i = 0; i < length && depth <= MAX_DEPTH; i += step)
    {
      step = in_string && text[i] == '\\' ? escape_length (text + i, length - i) : 1;
      if (step == 0 || (!in_string && !is_token_sign (text[i])))
        return FALSE;
      if (text[i] == '"')
        in_string = !in_string;
      else if (!in_string)
        depth += depth_step (text[i]);
    }
  return depth <= MAX_DEPTH;
}
