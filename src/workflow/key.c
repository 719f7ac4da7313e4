/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/key.h"

#include "engine/io/digest.h"

#include <string.h>

struct _SlKey
{
  GString *text;
};

SlKey *
sl_key_new (const char *step, int algorithm)
{
  SlKey *self = g_new0 (SlKey, 1);

  self->text = g_string_new (NULL);
  sl_key_add_string (self, "step", step);
  sl_key_add_int (self, "algorithm", algorithm);
  return self;
}

void
sl_key_add_string (SlKey *self, const char *name, const char *value)
{
  /* The length keeps "a" + "bc" apart from "ab" + "c". */
  if (value == NULL)
    g_string_append_printf (self->text, "%s:-\n", name);
  else
    g_string_append_printf (self->text, "%s:%" G_GSIZE_FORMAT ":%s\n", name, strlen (value), value);
}

void
sl_key_add_int (SlKey *self, const char *name, gint64 value)
{
  g_string_append_printf (self->text, "%s=%" G_GINT64_FORMAT "\n", name, value);
}

void
sl_key_add_double (SlKey *self, const char *name, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  sl_key_add_string (self, name, g_ascii_dtostr (number, sizeof number, value));
}

char *
sl_key_finish (SlKey *self)
{
  SlDigest digest = sl_digest_bytes (self->text->str, self->text->len);
  char hex[SL_DIGEST_HEX_LENGTH + 1];

  sl_digest_to_hex (&digest, hex);
  g_string_free (self->text, TRUE);
  g_free (self);
  return g_strdup (hex);
}
