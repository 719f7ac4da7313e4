/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/measure/report.h"

#include "engine/base/error.h"
#include "engine/base/units.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

/* Far above any real file (2^50 frames are 745 years at 48 kHz), and low enough that frames times
 * channels cannot overflow. */
#define MAX_FRAMES (G_GINT64_CONSTANT (1) << 50)
#define MAX_RATE_HZ 768000
#define MAX_BITS 64

/* Characters of a string that stay as they are; all others but letters and digits become %XX. */
#define PLAIN_CHARACTERS " !$&'()*+,/:;=?@"

typedef enum
{
  FIELD_INT, ///< also gboolean and enumerations
  FIELD_INT64,
  FIELD_UINT64,
  FIELD_DOUBLE, ///< any finite number
  FIELD_LEVEL,  ///< a finite number of 0 or more
  FIELD_DIGEST,
  FIELD_STRING
} FieldKind;

typedef struct
{
  const char *key;
  FieldKind kind;
  gsize offset; ///< in SlProbeReport
  gint64 min;   ///< smallest whole number
  gint64 max;   ///< largest whole number; of a string, the bytes that there is room for
} Field;

G_STATIC_ASSERT (sizeof (SlSubtype) == sizeof (int));
G_STATIC_ASSERT (sizeof (gboolean) == sizeof (int));

#define AT(member) offsetof (SlProbeReport, member)
#define ROOM(member) sizeof (((SlProbeReport *) NULL)->member)

static const Field fields[] = {
  { "channels", FIELD_INT, AT (readback.info.channels), 1, SL_MAX_CHANNELS },
  { "rate-hz", FIELD_INT, AT (readback.info.rate_hz), 1, MAX_RATE_HZ },
  { "declared-frames", FIELD_INT64, AT (readback.info.declared_frames), 0, G_MAXINT64 },
  { "container", FIELD_STRING, AT (readback.info.container), 0, ROOM (readback.info.container) },
  { "encoding", FIELD_STRING, AT (readback.info.encoding), 0, ROOM (readback.info.encoding) },
  { "lossy", FIELD_INT, AT (readback.info.lossy), 0, 1 },
  { "is-wav", FIELD_INT, AT (readback.info.is_wav), 0, 1 },
  { "bits", FIELD_INT, AT (readback.info.bits), 0, MAX_BITS },
  { "has-subtype", FIELD_INT, AT (readback.info.has_subtype), 0, 1 },
  { "subtype", FIELD_INT, AT (readback.info.subtype), SL_SUBTYPE_FLOAT, SL_SUBTYPE_PCM_16 },
  { "header-fault", FIELD_STRING, AT (readback.info.header_fault), 0,
    ROOM (readback.info.header_fault) },
  { "frames", FIELD_INT64, AT (readback.frames), 0, MAX_FRAMES },
  { "undecoded-bytes", FIELD_INT64, AT (readback.undecoded_bytes), 0, G_MAXINT64 },
  { "checksum-failed", FIELD_INT, AT (readback.checksum_failed), 0, 1 },
  { "digest", FIELD_DIGEST, AT (readback.digest), 0, 0 },
  { "device", FIELD_UINT64, AT (readback.stat.device), 0, 0 },
  { "inode", FIELD_UINT64, AT (readback.stat.inode), 0, 0 },
  { "size-bytes", FIELD_INT64, AT (readback.stat.size_bytes), 0, G_MAXINT64 },
  { "mtime-ns", FIELD_INT64, AT (readback.stat.mtime_ns), G_MININT64, G_MAXINT64 },
  { "ctime-ns", FIELD_INT64, AT (readback.stat.ctime_ns), G_MININT64, G_MAXINT64 },
  { "levels-frames", FIELD_INT64, AT (levels.frames), 0, MAX_FRAMES },
  { "levels-channels", FIELD_INT, AT (levels.channels), 0, SL_MAX_CHANNELS },
  { "peak", FIELD_LEVEL, AT (levels.peak), 0, 0 },
  { "peak-frame", FIELD_INT64, AT (levels.peak_frame), 0, MAX_FRAMES },
  { "rms", FIELD_LEVEL, AT (levels.rms), 0, 0 },
  { "active-rms", FIELD_LEVEL, AT (levels.active_rms), 0, 0 },
  { "near-clip-samples", FIELD_INT64, AT (levels.near_clip_samples), 0, G_MAXINT64 },
  { "over-samples", FIELD_INT64, AT (levels.over_samples), 0, G_MAXINT64 },
  { "first-over", FIELD_INT64, AT (levels.first_over), -1, MAX_FRAMES },
  { "nonfinite-samples", FIELD_INT64, AT (levels.nonfinite_samples), 0, G_MAXINT64 },
  { "first-nonfinite", FIELD_INT64, AT (levels.first_nonfinite), -1, MAX_FRAMES },
  { "dc", FIELD_DOUBLE, AT (levels.dc), 0, 0 },
  { "tempo-bpm", FIELD_LEVEL, AT (tempo.bpm), 0, 0 },
  { "tempo-confidence", FIELD_LEVEL, AT (tempo.confidence), 0, 0 },
  { "has-working-copy", FIELD_INT, AT (has_working_copy), 0, 1 },
  { "working-digest", FIELD_DIGEST, AT (working_digest), 0, 0 },
};

static void
append_double (GString *text, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text, g_ascii_dtostr (buffer, sizeof buffer, value));
}

static void
append_digest (GString *text, const SlDigest *digest)
{
  char hex[SL_DIGEST_HEX_LENGTH + 1];

  sl_digest_to_hex (digest, hex);
  g_string_append (text, hex);
}

static void
append_value (GString *text, const Field *field, const char *value)
{
  switch (field->kind)
    {
    case FIELD_INT:
      g_string_append_printf (text, "%d", *(const int *) (gconstpointer) value);
      break;
    case FIELD_INT64:
      g_string_append_printf (text, "%" G_GINT64_FORMAT, *(const gint64 *) (gconstpointer) value);
      break;
    case FIELD_UINT64:
      g_string_append_printf (text, "%" G_GUINT64_FORMAT, *(const guint64 *) (gconstpointer) value);
      break;
    case FIELD_DOUBLE:
    case FIELD_LEVEL:
      append_double (text, *(const double *) (gconstpointer) value);
      break;
    case FIELD_DIGEST:
      append_digest (text, (gconstpointer) value);
      break;
    case FIELD_STRING:
      g_string_append_uri_escaped (text, value, PLAIN_CHARACTERS, FALSE);
      break;
    default:
      g_assert_not_reached ();
    }
}

void
sl_probe_report_write (const SlProbeReport *report, GString *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_string_append (text, fields[i].key);
      g_string_append_c (text, ' ');
      append_value (text, &fields[i], (const char *) report + fields[i].offset);
      g_string_append_c (text, '\n');
    }
  g_string_append (text, SL_PROBE_REPORT_END "\n");
}

static gboolean
parse_int (const char *text, const Field *field, char *value)
{
  gint64 number;

  if (!g_ascii_string_to_signed (text, 10, field->min, field->max, &number, NULL))
    return FALSE;
  *(int *) (gpointer) value = (int) number;
  return TRUE;
}

/* g_ascii_strtod() would also take leading blanks, hexadecimal and names of infinity. */
static gboolean
parse_double (const char *text, double *value)
{
  char *end;

  if (text[0] == '\0' || strspn (text, "+-.0123456789eE") != strlen (text))
    return FALSE;
  *value = g_ascii_strtod (text, &end);
  return *end == '\0' && isfinite (*value);
}

static gboolean
parse_string (const char *text, const Field *field, char *value)
{
  g_autofree char *plain = g_uri_unescape_string (text, NULL);

  if (plain == NULL || strlen (plain) >= (gsize) field->max)
    return FALSE;
  g_strlcpy (value, plain, (gsize) field->max);
  return TRUE;
}

static gboolean
parse_value (const char *text, const Field *field, char *value)
{
  switch (field->kind)
    {
    case FIELD_INT:
      return parse_int (text, field, value);
    case FIELD_INT64:
      return g_ascii_string_to_signed (text, 10, field->min, field->max, (gpointer) value, NULL);
    case FIELD_UINT64:
      return g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, (gpointer) value, NULL);
    case FIELD_DOUBLE:
      return parse_double (text, (gpointer) value);
    case FIELD_LEVEL:
      return parse_double (text, (gpointer) value) && *(double *) (gpointer) value >= 0.0;
    case FIELD_DIGEST:
      return sl_digest_from_hex (text, (gpointer) value);
    case FIELD_STRING:
      return parse_string (text, field, value);
    default:
      g_assert_not_reached ();
    }
}

/* Takes the next line off @text into @line; FALSE when no complete line is left. */
static gboolean
next_line (const char **text, char **line)
{
  const char *end = strchr (*text, '\n');

  if (end == NULL)
    return FALSE;
  *line = g_strndup (*text, (gsize) (end - *text));
  *text = end + 1;
  return TRUE;
}

static gboolean
parse_field (const char **text, const Field *field, SlProbeReport *report)
{
  g_autofree char *line = NULL;
  gsize key_length = strlen (field->key);

  if (!next_line (text, &line) || !g_str_has_prefix (line, field->key) || line[key_length] != ' ')
    return FALSE;
  return parse_value (line + key_length + 1, field, (char *) report + field->offset);
}

/* A number of samples and the frame of the first of them: both or neither. */
static gboolean
count_fits (gint64 count, gint64 first, const SlLevels *levels)
{
  return count <= levels->frames * levels->channels && (count > 0) == (first >= 0)
         && first < levels->frames;
}

/* Only what is sure has a number. */
static gboolean
is_tempo (const SlTempo *tempo)
{
  return tempo->confidence <= 1.0 && tempo->bpm <= SL_TEMPO_MAX_BPM
         && (tempo->bpm == 0.0) == (tempo->confidence < SL_TEMPO_SURE);
}

static gboolean
is_consistent (const SlProbeReport *report)
{
  const SlLevels *levels = &report->levels;

  return levels->frames == report->readback.frames
         && (levels->frames == 0 || levels->channels == report->readback.info.channels)
         && levels->peak_frame <= MAX (levels->frames - 1, 0)
         && levels->near_clip_samples <= levels->frames * levels->channels
         && count_fits (levels->over_samples, levels->first_over, levels)
         && count_fits (levels->nonfinite_samples, levels->first_nonfinite, levels)
         && is_tempo (&report->tempo);
}

static gboolean
set_broken (GError **error, const char *what)
{
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID, _ ("The report on the file is broken at “%s”."),
               what);
  return FALSE;
}

gboolean
sl_probe_report_parse (const char *text, SlProbeReport *report, GError **error)
{
  memset (report, 0, sizeof *report);
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (!parse_field (&text, &fields[i], report))
      return set_broken (error, fields[i].key);

  if (strcmp (text, SL_PROBE_REPORT_END "\n") != 0)
    return set_broken (error, SL_PROBE_REPORT_END);
  if (!is_consistent (report))
    return set_broken (error, "levels");
  return TRUE;
}
