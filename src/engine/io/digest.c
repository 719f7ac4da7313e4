/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/io/digest.h"

#include "engine/io/file.h"

#include <string.h>
#ifdef HAVE_XXH_DISPATCH
#  include <xxh_x86dispatch.h>
#else
#  include <xxhash.h>
#endif

struct _SlDigestStream
{
  guint8 head[SL_DIGEST_HEAD_BYTES]; ///< zeros where nothing was fed: a hole in the file
  XXH3_state_t *tail;
  gint64 position;
};

/* The canonical form is big-endian, so that the text form does not depend on the machine. */
static SlDigest
from_hash (XXH128_hash_t hash)
{
  XXH128_canonical_t canonical;
  SlDigest digest;

  XXH128_canonicalFromHash (&canonical, hash);
  G_STATIC_ASSERT (sizeof canonical == sizeof digest);
  memcpy (&digest, &canonical, sizeof digest);
  return digest;
}

gboolean
sl_digest_equal (const SlDigest *a, const SlDigest *b)
{
  return memcmp (a->bytes, b->bytes, sizeof a->bytes) == 0;
}

void
sl_digest_to_hex (const SlDigest *digest, char out[SL_DIGEST_HEX_LENGTH + 1])
{
  static const char digits[] = "0123456789abcdef";

  for (gsize i = 0; i < sizeof digest->bytes; i++)
    {
      out[2 * i] = digits[digest->bytes[i] >> 4];
      out[2 * i + 1] = digits[digest->bytes[i] & 15];
    }
  out[SL_DIGEST_HEX_LENGTH] = '\0';
}

gboolean
sl_digest_from_hex (const char *hex, SlDigest *digest)
{
  SlDigest parsed;

  if (strlen (hex) != SL_DIGEST_HEX_LENGTH)
    return FALSE;
  for (gsize i = 0; i < sizeof parsed.bytes; i++)
    {
      int high = g_ascii_xdigit_value (hex[2 * i]);
      int low = g_ascii_xdigit_value (hex[2 * i + 1]);

      if (high < 0 || low < 0)
        return FALSE;
      parsed.bytes[i] = (guint8) (high << 4 | low);
    }
  *digest = parsed;
  return TRUE;
}

SlDigest
sl_digest_bytes (gconstpointer data, gsize length)
{
  return from_hash (XXH3_128bits (data, length));
}

SlDigestStream *
sl_digest_stream_new (void)
{
  SlDigestStream *self = g_new0 (SlDigestStream, 1);

  self->tail = XXH3_createState ();
  g_assert (self->tail != NULL);
  XXH3_128bits_reset (self->tail);
  self->position = SL_DIGEST_HEAD_BYTES;
  return self;
}

void
sl_digest_stream_feed (SlDigestStream *self, gint64 offset, gconstpointer data, gsize length)
{
  const guint8 *bytes = data;
  gint64 end = offset + (gint64) length;

  g_return_if_fail (offset >= 0);
  if (length > 0 && offset < SL_DIGEST_HEAD_BYTES)
    memcpy (self->head + offset, bytes, (gsize) (MIN (end, SL_DIGEST_HEAD_BYTES) - offset));
  if (offset > self->position || end <= self->position)
    return;
  XXH3_128bits_update (self->tail, bytes + (self->position - offset),
                       (gsize) (end - self->position));
  self->position = end;
}

gint64
sl_digest_stream_position (const SlDigestStream *self)
{
  return self->position;
}

SlDigest
sl_digest_stream_finish (const SlDigestStream *self, gint64 length)
{
  gsize head_length = (gsize) CLAMP (length, 0, SL_DIGEST_HEAD_BYTES);
  guint64 length_le = GUINT64_TO_LE ((guint64) length);
  SlDigest parts[2];
  guint8 all[sizeof parts + sizeof length_le];

  g_assert (self->position == MAX (length, SL_DIGEST_HEAD_BYTES));
  parts[0] = sl_digest_bytes (self->head, head_length);
  parts[1] = from_hash (XXH3_128bits_digest (self->tail));
  memcpy (all, parts, sizeof parts);
  memcpy (all + sizeof parts, &length_le, sizeof length_le);
  return sl_digest_bytes (all, sizeof all);
}

void
sl_digest_stream_free (SlDigestStream *self)
{
  if (self == NULL)
    return;
  XXH3_freeState (self->tail);
  g_free (self);
}

/* Bytes of one read: what sl_file_read() takes at once without copying. */
#define CHUNK_BYTES (256 * 1024)

/* To where the file ended at first: one that grows as fast as it is read must not hold us. */
static gboolean
read_until (SlFile *file, gint64 size, const SlProgress *progress, GError **error)
{
  g_autofree guint8 *chunk = g_malloc (CHUNK_BYTES);
  gint64 at = 0;

  while (at < size)
    {
      gint64 got = sl_file_read (file, chunk, MIN (CHUNK_BYTES, size - at));

      if (got <= 0)
        break;
      at += got;
      if (!sl_progress_report (progress, at, size, error))
        return FALSE;
    }
  return sl_file_check (file, error);
}

gboolean
sl_digest_file (const char *path, SlDigest *digest, const SlProgress *progress, GError **error)
{
  g_autoptr (SlFile) file = sl_file_open (path, error);
  SlStat before;

  if (file == NULL || !sl_file_stat (file, &before, error))
    return FALSE;
  sl_file_tee_digest (file);
  return read_until (file, before.size_bytes, progress, error)
         && sl_file_digest (file, digest, error) && sl_file_check_unchanged (file, &before, error);
}
