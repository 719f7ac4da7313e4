/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The digest of everything that a piece of work depended on. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _SlKey SlKey;

/** A key of @step (its fixed name), whose output and verdict have version @algorithm. */
SlKey *
sl_key_new (const char *step, int algorithm);

/* Each adds one named value. NULL is a value of its own. */

void
sl_key_add_string (SlKey *self, const char *name, const char *value);

void
sl_key_add_int (SlKey *self, const char *name, gint64 value);

void
sl_key_add_double (SlKey *self, const char *name, double value);

/** The digest in hexadecimal; frees the key. Owned. */
char *
sl_key_finish (SlKey *self);

G_END_DECLS
