/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sample formats that Seamline writes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SL_SUBTYPE_FLOAT,
  SL_SUBTYPE_PCM_24,
  SL_SUBTYPE_PCM_16
} SlSubtype;

/** "FLOAT", "PCM_24" or "PCM_16": the spelling of files, JSON and badges. */
const char *
sl_subtype_name (SlSubtype subtype);

/** Reads "float", "pcm24", "PCM_24" and the like, in any case. FALSE with SL_ERROR_INVALID. */
gboolean
sl_subtype_parse (const char *text, SlSubtype *subtype, GError **error);

/** Bytes of one sample: 4, 3 or 2. */
int
sl_subtype_bytes (SlSubtype subtype);

/** Bits of exact integer resolution: 24, 24 (of a float's significand) or 16. */
int
sl_subtype_bits (SlSubtype subtype);

G_END_DECLS
