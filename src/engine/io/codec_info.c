/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libsndfile's numbers and log as an SlFileInfo. */
#include "engine/io/codec.h"

#include <string.h>

/* libsndfile 1.2 keeps 2,048 bytes of log and drops the rest. */
#define LOG_BYTES 4096

typedef struct
{
  int type;
  const char *name;
} Container;

static const Container containers[] = {
  { SF_FORMAT_WAV, "WAV" },   { SF_FORMAT_WAVEX, "WAV" }, { SF_FORMAT_RF64, "RF64" },
  { SF_FORMAT_AIFF, "AIFF" }, { SF_FORMAT_FLAC, "FLAC" }, { SF_FORMAT_OGG, "OGG" },
  { SF_FORMAT_CAF, "CAF" },   { SF_FORMAT_W64, "W64" },   { SF_FORMAT_AU, "AU" },
};

typedef struct
{
  int type;
  const char *name;
  gboolean lossy;
  int bits; ///< as in SlFileInfo
} Encoding;

/* What decodes to floats of its own has the 24 bits of a float; what expands to 16 bits has 16. */
static const Encoding encodings[] = {
  { SF_FORMAT_PCM_S8, "PCM_S8", FALSE, 8 },
  { SF_FORMAT_PCM_U8, "PCM_U8", FALSE, 8 },
  { SF_FORMAT_PCM_16, "PCM_16", FALSE, 16 },
  { SF_FORMAT_PCM_24, "PCM_24", FALSE, 24 },
  { SF_FORMAT_PCM_32, "PCM_32", FALSE, 32 },
  { SF_FORMAT_FLOAT, "FLOAT", FALSE, 24 },
  { SF_FORMAT_DOUBLE, "DOUBLE", FALSE, 53 },
  { SF_FORMAT_ULAW, "ULAW", TRUE, 16 },
  { SF_FORMAT_ALAW, "ALAW", TRUE, 16 },
  { SF_FORMAT_IMA_ADPCM, "IMA_ADPCM", TRUE, 16 },
  { SF_FORMAT_MS_ADPCM, "MS_ADPCM", TRUE, 16 },
  { SF_FORMAT_GSM610, "GSM610", TRUE, 16 },
  { SF_FORMAT_VORBIS, "VORBIS", TRUE, 24 },
  { SF_FORMAT_OPUS, "OPUS", TRUE, 24 },
  { SF_FORMAT_MPEG_LAYER_I, "MPEG_LAYER_I", TRUE, 24 },
  { SF_FORMAT_MPEG_LAYER_II, "MPEG_LAYER_II", TRUE, 24 },
  { SF_FORMAT_MPEG_LAYER_III, "MPEG_LAYER_III", TRUE, 24 },
};

/* Codings that nobody delivers are taken for lossy, to be safe: libsndfile 1.2 returns other
 * samples from its own 20-bit ALAC than it was given. */
static const Encoding other_encoding = { 0, "OTHER", TRUE, 16 };

static const Encoding *
find_encoding (int format)
{
  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    if (encodings[i].type == (format & SF_FORMAT_SUBMASK))
      return &encodings[i];
  return &other_encoding;
}

static const char *
container_name (int format)
{
  if ((format & SF_FORMAT_TYPEMASK) == SF_FORMAT_MPEG)
    {
      int layer = format & SF_FORMAT_SUBMASK;

      return layer == SF_FORMAT_MPEG_LAYER_III ? "MP3" : "MPEG";
    }
  for (guint i = 0; i < G_N_ELEMENTS (containers); i++)
    if (containers[i].type == (format & SF_FORMAT_TYPEMASK))
      return containers[i].name;
  return "OTHER";
}

static gboolean
is_little_endian_wav (int format)
{
  int type = format & SF_FORMAT_TYPEMASK;

  return (type == SF_FORMAT_WAV || type == SF_FORMAT_WAVEX || type == SF_FORMAT_RF64)
         && (format & SF_FORMAT_ENDMASK) != SF_ENDIAN_BIG;
}

static gboolean
find_subtype (const char *encoding, SlSubtype *subtype)
{
  for (SlSubtype s = SL_SUBTYPE_FLOAT; s <= SL_SUBTYPE_PCM_16; s++)
    if (g_str_equal (sl_subtype_name (s), encoding))
      {
        *subtype = s;
        return TRUE;
      }
  return FALSE;
}

static gboolean
tells_a_repair (const char *line)
{
  /* An odd length is in order, since a byte of padding follows; float and extensible WAV need no
   * 'fact' chunk; and other programs have chunks of their own. */
  static const char *harmless[]
      = { "should be an even number", "should have a 'fact' chunk", "(unknown marker)" };

  for (guint i = 0; i < G_N_ELEMENTS (harmless); i++)
    if (strstr (line, harmless[i]) != NULL)
      return FALSE;
  return strstr (line, "should be") != NULL || strstr (line, "***") != NULL
         || strstr (line, "Have 0 marker") != NULL;
}

gboolean
sl_header_fault_is_of_audio (const char *fault)
{
  return g_str_has_prefix (fault, "data") || g_str_has_prefix (fault, "SSND")
         || strstr (fault, "Exiting parser") != NULL || strstr (fault, "Have 0 marker") != NULL;
}

/* The first line of the parser's log that tells of a repair, best one of the audio itself. It may
 * quote bytes of the file. */
static void
find_fault (SNDFILE *sndfile, char *fault, gsize size)
{
  char log[LOG_BYTES] = "";
  g_auto (GStrv) lines = NULL;

  fault[0] = '\0';
  sf_command (sndfile, SFC_GET_LOG_INFO, log, sizeof log);
  lines = g_strsplit (log, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (tells_a_repair (g_strstrip (*line))
        && (fault[0] == '\0'
            || (!sl_header_fault_is_of_audio (fault) && sl_header_fault_is_of_audio (*line))))
      g_strlcpy (fault, *line, size);
  for (char *c = fault; *c != '\0'; c++)
    if (!g_ascii_isprint (*c))
      *c = '?';
}

void
sl_codec_describe (SlCodec *self, SlFileInfo *info)
{
  const Encoding *encoding = find_encoding (self->sf.format);

  *info = (SlFileInfo){
    .channels = self->sf.channels,
    .rate_hz = self->sf.samplerate,
    .declared_frames = MAX (self->sf.frames, 0),
    .lossy = encoding->lossy,
    .is_wav = is_little_endian_wav (self->sf.format) && !encoding->lossy,
    .bits = encoding->bits,
  };
  g_strlcpy (info->container, container_name (self->sf.format), sizeof info->container);
  g_strlcpy (info->encoding, encoding->name, sizeof info->encoding);
  info->has_subtype = find_subtype (encoding->name, &info->subtype);
  find_fault (self->sndfile, info->header_fault, sizeof info->header_fault);
}
