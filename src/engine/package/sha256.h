/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 of bytes as they pass (libcrypto). Private to this folder. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _SlSha256 SlSha256;

/** Length of the text form without its terminator. */
#define SL_SHA256_HEX_LENGTH 64

SlSha256 *
sl_sha256_new (void);

void
sl_sha256_feed (SlSha256 *self, gconstpointer data, gsize length);

/** Lower-case hexadecimal digits of all that was fed, and a terminator. Once. */
void
sl_sha256_finish (SlSha256 *self, char hex[SL_SHA256_HEX_LENGTH + 1]);

void
sl_sha256_free (SlSha256 *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlSha256, sl_sha256_free)

G_END_DECLS
