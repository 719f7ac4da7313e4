/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/steps/import_checks.h"
#include "workflow/names.h"

#include "engine/base/units.h"
#include "engine/io/resampler.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Encoder delay and padding of MP3 (at most three frames of 1,152) that headers may count or not.
 */
#define LOSSY_SLACK_FRAMES 4608

static char *
file_name (const SlImport *import)
{
  g_autofree char *base = g_path_get_basename (import->path);

  return g_filename_display_name (base);
}

static SlCheck *
add (SlRecord *record, const SlImport *import, const char *id, SlLevel level, SlCheckKind kind)
{
  return sl_record_take_check (record, sl_check_new (id, import->subject, level, kind));
}

void
sl_check_unopened (SlRecord *record, const SlImport *import, const GError *why)
{
  SlCheck *check = add (record, import, "open", SL_LEVEL_FAIL, SL_KIND_INTEGRITY);
  g_autofree char *message = sl_path_shorten_in (import->folder, why->message);

  sl_check_set_message (check, "%s", message);
  sl_check_set_fix (check, _ ("Put a working audio file in its place, or choose another."));
}

static void
check_open (SlRecord *record, const SlImport *import, const SlFileInfo *info)
{
  g_autofree char *name = file_name (import);
  SlCheck *check = add (record, import, "open", SL_LEVEL_PASS, SL_KIND_INTEGRITY);

  sl_check_set_message (check, _ ("“%s” opens and decodes: %s, %s, %d channels."), name,
                        info->container, info->encoding, info->channels);
}

/* How bad it is that decoded frames are not the header's. In MP3 and Ogg that number is a guess,
 * but one that is never this far off in a whole file. */
static SlLevel
judge_decoded (const SlReadback *readback)
{
  if (readback->frames == readback->info.declared_frames)
    return SL_LEVEL_PASS;
  if (!readback->info.lossy)
    return SL_LEVEL_FAIL;
  return readback->info.declared_frames - readback->frames > LOSSY_SLACK_FRAMES ? SL_LEVEL_WARN
                                                                                : SL_LEVEL_NOTE;
}

/* Decoded frames against the header's. */
static void
check_decoded (SlRecord *record, const SlImport *import, const SlReadback *readback)
{
  SlLevel level = judge_decoded (readback);
  g_autofree char *name = file_name (import);
  g_autofree char *decoded = sl_format_frames (readback->frames);
  g_autofree char *declared = sl_format_frames (readback->info.declared_frames);
  SlCheck *check = add (record, import, "decode", level, SL_KIND_INTEGRITY);

  sl_check_set_numbers (check, (double) readback->frames, (double) readback->info.declared_frames,
                        "frames");
  if (level == SL_LEVEL_PASS)
    {
      sl_check_set_message (check, _ ("%s frames decoded, as the header says."), decoded);
      return;
    }
  check->where = readback->frames;
  if (readback->info.declared_frames == G_MAXINT64)
    sl_check_set_message (check, _ ("“%s” holds %s frames, and nothing that marks its end."), name,
                          decoded);
  else
    sl_check_set_message (check, _ ("“%s” holds %s frames, but its header says %s."), name, decoded,
                          declared);
  if (level >= SL_LEVEL_WARN)
    sl_check_set_fix (check, _ ("The file is cut short or damaged: export it again."));
}

/* What the decoder has noted, without the marks around it. Owned. */
static char *
plain_fault (const SlFileInfo *info)
{
  char *text = g_strdup (info->header_fault + strspn (info->header_fault, "* "));
  gsize length = strlen (text);

  while (length > 0 && (text[length - 1] == '.' || text[length - 1] == ' '))
    text[--length] = '\0';
  return text;
}

static void
check_header (SlRecord *record, const SlImport *import, const SlFileInfo *info)
{
  gboolean cut = sl_header_fault_is_of_audio (info->header_fault);
  SlCheck *check;
  g_autofree char *name = file_name (import);
  g_autofree char *fault = plain_fault (info);

  if (info->header_fault[0] == '\0')
    return;
  check = add (record, import, "header", cut ? SL_LEVEL_FAIL : SL_LEVEL_NOTE, SL_KIND_INTEGRITY);
  sl_check_set_texts (check, fault, NULL);
  sl_check_set_message (check, _ ("The header of “%s” does not fit its data: %s."), name, fault);
  if (cut)
    sl_check_set_fix (check, _ ("The file is cut short or damaged: export it again."));
}

static void
check_undecoded (SlRecord *record, const SlImport *import, const SlReadback *readback)
{
  SlCheck *check;
  g_autofree char *name = file_name (import);
  g_autofree char *bytes = sl_format_frames (readback->undecoded_bytes);

  if (readback->undecoded_bytes == 0)
    return;
  check = add (record, import, "undecoded", SL_LEVEL_FAIL, SL_KIND_INTEGRITY);
  check->where = readback->frames;
  sl_check_set_numbers (check, (double) readback->undecoded_bytes, 0, "bytes");
  sl_check_set_message (check, _ ("“%s” goes on where the decoder stopped: %s bytes are left."),
                        name, bytes);
  sl_check_set_fix (check, _ ("Export the file again, best as WAV or FLAC."));
}

static void
check_checksum (SlRecord *record, const SlImport *import, const SlReadback *readback)
{
  SlCheck *check;
  g_autofree char *name = file_name (import);

  if (!readback->checksum_failed)
    return;
  check = add (record, import, "checksum", SL_LEVEL_FAIL, SL_KIND_INTEGRITY);
  sl_check_set_message (check, _ ("The audio of “%s” is not what was encoded: its MD5 differs."),
                        name);
  sl_check_set_fix (check, _ ("The file is damaged: get it again from where it came from."));
}

static void
set_fix_convert (SlCheck *check, const SlImport *import)
{
  g_autofree char *word = import->subject != NULL ? sl_name_quote (import->subject) : NULL;

  if (word != NULL)
    sl_check_set_fix (check, _ ("Convert a copy: set DIR %s --convert"), word);
  else
    sl_check_set_fix (check, _ ("Convert a copy: set DIR --convert"));
}

static void
check_rate (SlRecord *record, const SlImport *import, const SlFileInfo *info)
{
  gboolean equal = info->rate_hz == import->rate_hz;
  SlLevel wrong = import->convert ? SL_LEVEL_NOTE : SL_LEVEL_FAIL;
  g_autofree char *name = file_name (import);
  SlCheck *check = add (record, import, "rate", equal ? SL_LEVEL_PASS : wrong, SL_KIND_INTEGRITY);

  sl_check_set_numbers (check, info->rate_hz, import->rate_hz, "Hz");
  sl_check_set_message (check, _ ("“%s” has %d Hz; the project has %d Hz."), name, info->rate_hz,
                        import->rate_hz);
  if (!equal && wrong == SL_LEVEL_FAIL)
    set_fix_convert (check, import);
}

static void
check_channels (SlRecord *record, const SlImport *import, const SlFileInfo *info)
{
  gboolean fits
      = import->channels == 0 || info->channels == 1 || info->channels == import->channels;
  g_autofree char *name = file_name (import);
  SlCheck *check
      = add (record, import, "channels", fits ? SL_LEVEL_PASS : SL_LEVEL_FAIL, SL_KIND_INTEGRITY);

  sl_check_set_numbers (check, info->channels,
                        import->channels > 0 ? (double) import->channels : NAN, "channels");
  if (fits)
    {
      sl_check_set_message (check, _ ("“%s” has %d channels."), name, info->channels);
      return;
    }
  sl_check_set_message (check, _ ("“%s” has %d channels; the reference has %d."), name,
                        info->channels, import->channels);
  sl_check_set_fix (check, _ ("Export it with 1 or %d channels."), import->channels);
}

static void
check_finite (SlRecord *record, const SlImport *import, const SlLevels *levels)
{
  gboolean finite = levels->nonfinite_samples == 0;
  g_autofree char *name = file_name (import);
  g_autofree char *count = sl_format_frames (levels->nonfinite_samples);
  g_autofree char *where = sl_format_frames (levels->first_nonfinite);
  SlCheck *check
      = add (record, import, "finite", finite ? SL_LEVEL_PASS : SL_LEVEL_FAIL, SL_KIND_INTEGRITY);

  sl_check_set_numbers (check, (double) levels->nonfinite_samples, 0, "samples");
  check->where = levels->first_nonfinite;
  if (finite)
    {
      sl_check_set_message (check, _ ("Every sample is a number."));
      return;
    }
  sl_check_set_message (check,
                        _ ("%s samples of “%s” are no numbers (NaN or infinite); the first "
                           "is in frame %s."),
                        count, name, where);
  sl_check_set_fix (check, _ ("Export it again, without the effect that went wrong there."));
}

/* In frames of the project's rate, to which a file of another rate is converted. */
static void
check_min_length (SlRecord *record, const SlImport *import, const SlReadback *readback)
{
  gint64 length = sl_resampled_length (readback->frames, readback->info.rate_hz, import->rate_hz);
  gboolean enough = length >= import->min_frames;
  g_autofree char *name = file_name (import);
  g_autofree char *frames = sl_format_frames (length);
  g_autofree char *least = sl_format_frames (import->min_frames);
  SlCheck *check;

  if (import->min_frames == 0)
    return;
  check = add (record, import, "min-length", enough ? SL_LEVEL_PASS : SL_LEVEL_FAIL,
               SL_KIND_INTEGRITY);
  sl_check_set_numbers (check, (double) length, (double) import->min_frames, "frames");
  sl_check_set_message (check, _ ("“%s” has %s frames; at least %s are asked for."), name, frames,
                        least);
  if (!enough)
    sl_check_set_fix (check, _ ("Use a longer reference, or lower --min-seconds."));
}

/* Peak for everybody to read; a stem that is silent throughout is a mistake. */
static void
check_peak (SlRecord *record, const SlImport *import, const SlLevels *levels)
{
  double peak_db = sl_db_from_gain (levels->peak);
  gboolean is_silent = peak_db <= SL_SILENCE_DB;
  g_autofree char *name = file_name (import);
  SlCheck *check = add (record, import, import->subject == NULL ? "peak" : "silence",
                        is_silent ? SL_LEVEL_FAIL : SL_LEVEL_PASS, SL_KIND_INTEGRITY);

  sl_check_set_numbers (check, peak_db, SL_SILENCE_DB, "dBFS");
  if (levels->frames == 0)
    {
      sl_check_set_message (check, _ ("“%s” holds no audio: 0 frames."), name);
      sl_check_set_fix (check, _ ("Export it again."));
      return;
    }
  if (is_silent)
    {
      sl_check_set_message (check, _ ("“%s” is silent: its peak is not above %.0f dBFS."), name,
                            SL_SILENCE_DB);
      sl_check_set_fix (check, _ ("Export it again, with the track audible."));
      return;
    }
  check->where = levels->peak_frame;
  sl_check_set_message (check, _ ("The peak of “%s” is %.2f dBFS."), name, peak_db);
}

static void
check_quiet (SlRecord *record, const SlImport *import, const SlLevels *levels)
{
  double db = sl_db_from_gain (levels->active_rms);
  gboolean is_quiet = db < import->quiet_db;
  g_autofree char *name = file_name (import);
  SlCheck *check;

  if (import->subject == NULL || sl_db_from_gain (levels->peak) <= SL_SILENCE_DB)
    return;
  check
      = add (record, import, "quiet", is_quiet ? SL_LEVEL_WARN : SL_LEVEL_PASS, SL_KIND_JUDGEMENT);
  sl_check_set_numbers (check, db, import->quiet_db, "dBFS");
  sl_check_set_message (check, _ ("“%s”: RMS of its active windows %.1f dBFS."), name, db);
  if (is_quiet)
    sl_check_set_fix (check, _ ("Export it louder, if it is meant to be heard."));
}

void
sl_check_import (SlRecord *record, const SlImport *import, const SlProbeReport *report)
{
  const SlReadback *readback = &report->readback;

  check_open (record, import, &readback->info);
  check_decoded (record, import, readback);
  check_header (record, import, &readback->info);
  check_undecoded (record, import, readback);
  check_checksum (record, import, readback);
  check_rate (record, import, &readback->info);
  check_channels (record, import, &readback->info);
  check_finite (record, import, &report->levels);
  check_min_length (record, import, readback);
  check_peak (record, import, &report->levels);
  check_quiet (record, import, &report->levels);
}

void
sl_check_working_copy (SlRecord *record, const SlImport *import, const SlLevels *levels)
{
  gboolean clipped = levels->over_samples > 0;
  g_autofree char *name = file_name (import);
  g_autofree char *count = sl_format_frames (levels->over_samples);
  SlCheck *check = add (record, import, "working-copy", clipped ? SL_LEVEL_WARN : SL_LEVEL_NOTE,
                        SL_KIND_JUDGEMENT);

  check->where = levels->first_over;
  sl_check_set_numbers (check, (double) levels->over_samples, 0, "samples");
  if (!clipped)
    {
      sl_check_set_message (check,
                            _ ("“%s” is lossy: it was decoded once to a lossless working copy."),
                            name);
      return;
    }
  sl_check_set_message (check,
                        _ ("“%s” is lossy and decodes to %s samples beyond full scale, which its "
                           "working copy clips."),
                        name, count);
  sl_check_set_fix (check, _ ("Use the lossless original, or export it a little quieter."));
}

void
sl_check_converted (SlRecord *record,
                    const SlImport *import,
                    gint64 from_frames,
                    int from_hz,
                    const SlAudio *audio)
{
  g_autofree char *from = sl_format_frames (from_frames);
  g_autofree char *to = sl_format_frames (audio->frames);
  SlCheck *check = add (record, import, "converted", SL_LEVEL_NOTE, SL_KIND_INTEGRITY);

  sl_check_set_numbers (check, (double) audio->frames, NAN, "frames");
  sl_check_set_message (check, _ ("A copy was resampled: %s frames at %d Hz became %s at %d Hz."),
                        from, from_hz, to, audio->rate_hz);
}

void
sl_check_length (SlRecord *record, const SlImport *import, const SlAudio *audio)
{
  gint64 apart = audio->frames - import->target;
  g_autofree char *frames = sl_format_signed_frames (apart);
  SlCheck *check;

  if (import->target == 0)
    return;
  check = add (record, import, "length", apart == 0 ? SL_LEVEL_PASS : SL_LEVEL_NOTE,
               SL_KIND_INTEGRITY);
  sl_check_set_numbers (check, (double) audio->frames, (double) import->target, "frames");
  if (apart == 0)
    sl_check_set_message (check, _ ("Exactly as long as the reference."));
  else
    sl_check_set_message (check,
                          _ ("%s frames (%+.1f ms) against the target, for the align step to "
                             "resolve."),
                          frames, sl_ms_from_frames (apart, import->rate_hz));
}
