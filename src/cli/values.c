/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/values.h"

#include "engine/base/error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

static gboolean
refuse (const char *text, const char *wanted, GError **error)
{
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID, _ ("“%s” is not %s."), text, wanted);
  return FALSE;
}

gboolean
sl_cli_parse_int (const char *text, gint64 min, gint64 max, gint64 *value, GError **error)
{
  g_autofree char *least = NULL;
  g_autofree char *most = NULL;
  g_autofree char *wanted = NULL;

  if (g_ascii_string_to_signed (text, 10, min, max, value, NULL))
    return TRUE;
  least = g_strdup_printf ("%" G_GINT64_FORMAT, min);
  most = g_strdup_printf ("%" G_GINT64_FORMAT, max);
  wanted = g_strdup_printf (_ ("a whole number from %s to %s"), least, most);
  return refuse (text, wanted, error);
}

/* g_ascii_strtod() would also read spaces, hexadecimal numbers and words; what overflows becomes
 * infinite, which is in no range. */
static gboolean
read_decimal (const char *text, double *value)
{
  char *end = NULL;

  if (*text == '\0' || text[strspn (text, "+-.0123456789eE")] != '\0')
    return FALSE;
  *value = g_ascii_strtod (text, &end);
  return end != text && *end == '\0';
}

gboolean
sl_cli_parse_number (const char *text, double min, double max, double *value, GError **error)
{
  char least[G_ASCII_DTOSTR_BUF_SIZE];
  char most[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *wanted = NULL;

  if (read_decimal (text, value) && *value >= min && *value <= max)
    return TRUE;
  g_ascii_formatd (least, sizeof least, "%.10g", min);
  g_ascii_formatd (most, sizeof most, "%.10g", max);
  wanted = g_strdup_printf (_ ("a number from %s to %s"), least, most);
  return refuse (text, wanted, error);
}

gboolean
sl_cli_parse_length (const char *text, int rate_hz, gint64 *frames, GError **error)
{
  double seconds;

  if (!sl_cli_parse_number (text, 0.0, SL_CLI_MAX_SECONDS, &seconds, error))
    return FALSE;
  *frames = llround (seconds * rate_hz);
  return *frames >= 1 || refuse (text, _ ("as long as one frame"), error);
}
