/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digests of files and settings: XXH3-128 (libxxhash). */
#pragma once

#include "engine/base/progress.h"

G_BEGIN_DECLS

/** 128 bits. Compare with sl_digest_equal(). */
typedef struct
{
  guint8 bytes[16];
} SlDigest;

/** Length of the text form without its terminator. */
#define SL_DIGEST_HEX_LENGTH 32

gboolean
sl_digest_equal (const SlDigest *a, const SlDigest *b);

/** Writes 32 lower-case hexadecimal digits and a terminator into @out. */
void
sl_digest_to_hex (const SlDigest *digest, char out[SL_DIGEST_HEX_LENGTH + 1]);

/** FALSE when @hex is not 32 hexadecimal digits. */
gboolean
sl_digest_from_hex (const char *hex, SlDigest *digest);

/** Digest of @length bytes at @data. */
SlDigest
sl_digest_bytes (gconstpointer data, gsize length);

/**
 * Digest of a file whose bytes come by in pieces, while it is written or while it is decoded.
 * The digest of a file is XXH3 (XXH3 (first 4096 bytes) ‖ XXH3 (the rest) ‖ length as 8 bytes,
 * little-endian), so that a header may be rewritten at the end of writing without a second pass.
 */
typedef struct _SlDigestStream SlDigestStream;

/** Bytes at the start of a file that may be written again. */
#define SL_DIGEST_HEAD_BYTES 4096

SlDigestStream *
sl_digest_stream_new (void);

/**
 * Bytes @data lie at @offset. Bytes past the head count only once and in order: those before the
 * position reached are skipped, those after a gap are ignored (the position stays, and
 * sl_digest_stream_position() tells where to fill in).
 */
void
sl_digest_stream_feed (SlDigestStream *self, gint64 offset, gconstpointer data, gsize length);

/** File offset up to which everything past the head has been seen without a gap. */
gint64
sl_digest_stream_position (const SlDigestStream *self);

/** The digest of a file of @length bytes; all of it must have been fed. */
SlDigest
sl_digest_stream_finish (const SlDigestStream *self, gint64 length);

void
sl_digest_stream_free (SlDigestStream *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlDigestStream, sl_digest_stream_free)

/**
 * Digest of the regular file at @path, read once in constant memory. FALSE with SL_ERROR_OPEN,
 * SL_ERROR_CHANGED (size or times moved while reading) or SL_ERROR_CANCELLED. Not on main.
 */
gboolean
sl_digest_file (const char *path, SlDigest *digest, const SlProgress *progress, GError **error);

G_END_DECLS
