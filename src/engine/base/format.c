/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/base/format.h"

#include "engine/base/error.h"

#include <glib/gi18n-lib.h>

static const struct
{
  const char *name;
  const char *alias;
  int bytes;
  int bits;
} subtypes[] = {
  [SL_SUBTYPE_FLOAT] = { "FLOAT", "float", 4, 24 },
  [SL_SUBTYPE_PCM_24] = { "PCM_24", "pcm24", 3, 24 },
  [SL_SUBTYPE_PCM_16] = { "PCM_16", "pcm16", 2, 16 },
};

const char *
sl_subtype_name (SlSubtype subtype)
{
  return subtypes[subtype].name;
}

gboolean
sl_subtype_parse (const char *text, SlSubtype *subtype, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (subtypes); i++)
    if (g_ascii_strcasecmp (text, subtypes[i].name) == 0
        || g_ascii_strcasecmp (text, subtypes[i].alias) == 0)
      {
        *subtype = (SlSubtype) i;
        return TRUE;
      }
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               _ ("“%s” is not a sample format: use float, pcm24 or pcm16."), text);
  return FALSE;
}

int
sl_subtype_bytes (SlSubtype subtype)
{
  return subtypes[subtype].bytes;
}

int
sl_subtype_bits (SlSubtype subtype)
{
  return subtypes[subtype].bits;
}
