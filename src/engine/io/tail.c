/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/io/tail.h"

#include <stdio.h>
#include <string.h>

#define ID3V1_BYTES 128
#define APE_FOOTER_BYTES 32
#define APE_SIZE_OFFSET 12
#define APE_FLAGS_OFFSET 20
#define APE_HAS_HEADER (1u << 31)
#define RIFF_HEADER_BYTES 12
#define CHUNK_HEADER_BYTES 8

static gboolean
read_at (SlFile *file, gint64 offset, guint8 *bytes, gint64 length)
{
  return offset >= 0 && sl_file_seek (file, offset, SEEK_SET) == offset
         && sl_file_read (file, bytes, length) == length;
}

static guint32
get_le32 (const guint8 *bytes)
{
  return (guint32) bytes[0] | (guint32) bytes[1] << 8 | (guint32) bytes[2] << 16
         | (guint32) bytes[3] << 24;
}

static gint64
id3v1_length (SlFile *file, gint64 end)
{
  guint8 tag[3];

  return read_at (file, end - ID3V1_BYTES, tag, sizeof tag) && memcmp (tag, "TAG", 3) == 0
             ? ID3V1_BYTES
             : 0;
}

static gint64
ape_length (SlFile *file, gint64 end)
{
  guint8 footer[APE_FOOTER_BYTES];

  if (!read_at (file, end - APE_FOOTER_BYTES, footer, sizeof footer)
      || memcmp (footer, "APETAGEX", 8) != 0)
    return 0;
  /* The size covers the footer but not the header. */
  return (gint64) get_le32 (footer + APE_SIZE_OFFSET)
         + (get_le32 (footer + APE_FLAGS_OFFSET) & APE_HAS_HEADER ? APE_FOOTER_BYTES : 0);
}

static gint64
end_of_stream (SlFile *file, gint64 size)
{
  gint64 end = size - id3v1_length (file, size);

  return MAX (end - ape_length (file, end), 0);
}

static gboolean
is_chunk_name (const guint8 *name)
{
  for (int i = 0; i < 4; i++)
    if (!g_ascii_isprint (name[i]))
      return FALSE;
  return TRUE;
}

/* Where the RIFF chunk ends. A recording that was never finished says 0, and in a file that is too
 * large for 32 bits the size has lost its upper bits: there the file's own end counts. */
static gint64
riff_end (const guint8 *head, gint64 size)
{
  gint64 told = get_le32 (head + 4);

  if (told == 0 || size - CHUNK_HEADER_BYTES > G_MAXUINT32)
    return size;
  return MIN (size, told + CHUNK_HEADER_BYTES);
}

/* Bytes inside the RIFF chunk that belong to no chunk: a data chunk which tells less than it has
 * leaves its samples there, to be taken for chunk names. */
static gint64
riff_unaccounted (SlFile *file, gint64 size)
{
  guint8 head[RIFF_HEADER_BYTES];
  gint64 at = RIFF_HEADER_BYTES;
  gint64 end;

  if (!read_at (file, 0, head, sizeof head) || memcmp (head, "RIFF", 4) != 0)
    return 0;
  end = riff_end (head, size);
  while (at + CHUNK_HEADER_BYTES <= end && read_at (file, at, head, CHUNK_HEADER_BYTES))
    {
      gint64 length = get_le32 (head + 4);

      if (!is_chunk_name (head))
        return end - at;
      at += CHUNK_HEADER_BYTES + length + (length & 1);
    }
  return 0;
}

gint64
sl_tail_undecoded (SlFile *file, const SlFileInfo *info, gint64 reached)
{
  static const char *streams[] = { "MP3", "MPEG", "OGG", "FLAC", NULL };
  gint64 size = sl_file_size (file);

  if (g_strv_contains (streams, info->container))
    return MAX (end_of_stream (file, size) - reached, 0);
  if (g_str_equal (info->container, "WAV"))
    return riff_unaccounted (file, size);
  return 0;
}
