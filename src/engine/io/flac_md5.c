/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/io/flac_md5.h"

#include <stdio.h>
#include <string.h>

/* RFC 9639, sections 8.1 and 8.2: block header, then STREAMINFO with the MD5 at its end. */
#define STREAMINFO_BYTES 34
#define BITS_OFFSET 12
#define MD5_OFFSET 18
#define MD5_BYTES 16

/* ID3v2: a tag that some programs put before the stream. */
#define ID3_HEADER_BYTES 10
#define ID3_HAS_FOOTER 0x10

/* Samples packed at once. */
#define PACK_SAMPLES 4096

struct _SlFlacMd5
{
  int bits;
  guint8 expected[MD5_BYTES];
  GChecksum *checksum;
};

static gboolean
read_at (SlFile *file, gint64 offset, guint8 *bytes, gint64 length)
{
  return sl_file_seek (file, offset, SEEK_SET) == offset
         && sl_file_read (file, bytes, length) == length;
}

/* Bytes of the tag before the stream, or 0. Its size has 7 bits in each byte. */
static gint64
id3_length (SlFile *file)
{
  guint8 tag[ID3_HEADER_BYTES];

  if (!read_at (file, 0, tag, sizeof tag) || memcmp (tag, "ID3", 3) != 0)
    return 0;
  return ID3_HEADER_BYTES + (tag[5] & ID3_HAS_FOOTER ? ID3_HEADER_BYTES : 0)
         + ((tag[6] & 127) << 21 | (tag[7] & 127) << 14 | (tag[8] & 127) << 7 | (tag[9] & 127));
}

static gboolean
read_streaminfo (SlFile *file, guint8 info[STREAMINFO_BYTES])
{
  static const guint8 start[] = { 'f', 'L', 'a', 'C' };
  guint8 head[8];
  gint64 offset = id3_length (file);

  /* STREAMINFO must be the first block: type 0, perhaps with the bit of a last block. */
  return read_at (file, offset, head, sizeof head) && memcmp (head, start, sizeof start) == 0
         && (head[4] & 127) == 0 && head[5] == 0 && head[6] == 0 && head[7] == STREAMINFO_BYTES
         && read_at (file, offset + (gint64) sizeof head, info, STREAMINFO_BYTES);
}

SlFlacMd5 *
sl_flac_md5_new (SlFile *file)
{
  static const guint8 none[MD5_BYTES];
  guint8 info[STREAMINFO_BYTES];
  SlFlacMd5 *self;

  if (!read_streaminfo (file, info) || memcmp (info + MD5_OFFSET, none, MD5_BYTES) == 0)
    return NULL;
  self = g_new0 (SlFlacMd5, 1);
  self->bits = ((info[BITS_OFFSET] & 1) << 4 | info[BITS_OFFSET + 1] >> 4) + 1;
  memcpy (self->expected, info + MD5_OFFSET, MD5_BYTES);
  self->checksum = g_checksum_new (G_CHECKSUM_MD5);
  return self;
}

/* Little-endian, in as few whole bytes as hold a sample: what the encoder hashed. */
static gsize
pack (const int *samples, gsize n, int bits, guint8 *out)
{
  int width = (bits + 7) / 8;
  guint8 *at = out;

  for (gsize i = 0; i < n; i++)
    {
      int value = samples[i] >> (32 - bits);

      for (int k = 0; k < width; k++)
        *at++ = (guint8) (value >> (8 * k));
    }
  return (gsize) (at - out);
}

void
sl_flac_md5_feed (SlFlacMd5 *self, const int *samples, gsize n)
{
  guint8 packed[PACK_SAMPLES * 4];

  for (gsize at = 0; at < n; at += PACK_SAMPLES)
    {
      gsize bytes = pack (samples + at, MIN (PACK_SAMPLES, n - at), self->bits, packed);

      g_checksum_update (self->checksum, packed, (gssize) bytes);
    }
}

gboolean
sl_flac_md5_matches (const SlFlacMd5 *self)
{
  g_autoptr (GChecksum) copy = g_checksum_copy (self->checksum);
  guint8 found[MD5_BYTES];
  gsize length = sizeof found;

  g_checksum_get_digest (copy, found, &length);
  return memcmp (found, self->expected, MD5_BYTES) == 0;
}

void
sl_flac_md5_free (SlFlacMd5 *self)
{
  if (self == NULL)
    return;
  g_checksum_free (self->checksum);
  g_free (self);
}
