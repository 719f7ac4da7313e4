/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/steps/alignment_checks.h"

#include "engine/base/units.h"
#include "workflow/names.h"
#include "workflow/steps/tempo_checks.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Drift beyond this, in ms, is worth a warning (delivery specifications allow 10 ms). */
#define MAX_DRIFT_MS 10.0

static SlCheck *
add_check (const SlAlignment *alignment,
           SlRecord *record,
           const char *id,
           SlLevel level,
           SlCheckKind kind)
{
  return sl_record_take_check (record, sl_check_new (id, alignment->subject, level, kind));
}

/* What else is to be known of an offset that was found, after what it is. */
static char *
describe_offset (const SlOffset *found, int rate_hz)
{
  GString *text = g_string_new (NULL);
  g_autofree char *frames = sl_format_signed_frames (found->offset);
  g_autofree char *other = sl_format_signed_frames (found->other);

  g_string_printf (text,
                   _ ("Shifted by %s frames (%+.1f ms) to fit the reference; confidence %.0f %%."),
                   frames, sl_ms_from_frames (found->offset, rate_hz), found->confidence * 100.0);
  if (found->has_other)
    g_string_append_printf (text, _ (" It resembles the reference at %s frames as well."), other);
  if (found->has_drift)
    g_string_append_printf (text, _ (" From first to last it drifts by %+.1f ms."),
                            sl_ms_from_frames (found->drift, rate_hz));
  return g_string_free (text, FALSE);
}

void
sl_alignment_check_no_reference (const SlAlignment *alignment, SlRecord *record)
{
  SlCheck *check = add_check (alignment, record, "offset", SL_LEVEL_WARN, SL_KIND_JUDGEMENT);

  sl_check_set_message (check, _ ("The song has no reference in which the stem's place could be "
                                  "found: its offset was left at 0."));
  sl_check_set_fix (check,
                    _ ("Set a reference (--reference FILE), or the offset: --offset FRAMES."));
}

void
sl_alignment_check_offset (const SlAlignment *alignment, const SlOffset *found, SlRecord *record)
{
  gboolean sure = found->confidence >= SL_OFFSET_SURE;
  double drift_ms = sl_ms_from_frames (found->drift, alignment->options.rate_hz);
  gboolean drifts = found->has_drift && fabs (drift_ms) > MAX_DRIFT_MS;
  g_autofree char *text = describe_offset (found, alignment->options.rate_hz);
  SlCheck *check = add_check (alignment, record, "offset",
                              sure && !drifts ? SL_LEVEL_NOTE : SL_LEVEL_WARN, SL_KIND_JUDGEMENT);

  if (!sure)
    {
      sl_check_set_numbers (check, found->confidence, SL_OFFSET_SURE, "confidence");
      sl_check_set_message (
          check, _ ("The stem does not resemble the reference: its offset was left at 0."));
      sl_check_set_fix (check, _ ("Set the offset by hand: --offset FRAMES."));
      return;
    }
  sl_check_set_numbers (check, (double) found->offset, NAN, "frames");
  sl_check_set_message (check, "%s", text);
  if (drifts)
    sl_check_set_fix (check, _ ("The stem drifts by %.1f ms from first to last: check its tempo."),
                      drift_ms);
}

void
sl_alignment_check_unplanned (const SlAlignment *alignment, const char *why, SlRecord *record)
{
  SlCheck *check = add_check (alignment, record, "plan", SL_LEVEL_FAIL, SL_KIND_INTEGRITY);

  sl_check_set_message (check, "%s", why);
  sl_check_set_fix (check,
                    _ ("Change what was asked for: --strategy, --join, --loop-bars or "
                       "--offset of “%s”."),
                    alignment->subject);
}

static void
check_notes (const SlAlignment *alignment, const SlPlanned *planned, SlRecord *record)
{
  static const struct
  {
    SlPlanNotes note;
    const char *id;
    const char *message;
  } notes[] = {
    { SL_PLAN_NOTE_SECTION_OVERRUN, "section-overrun",
      N_ ("The stem is longer than its section; it was kept whole.") },
    { SL_PLAN_NOTE_CUT_AT_TARGET, "cut-at-target",
      N_ ("The stem goes on past the end of the song; it was cut there with a fade.") },
    { SL_PLAN_NOTE_START_CUT, "start-cut",
      N_ ("The offset is before the song's start; the stem's start was cut.") },
    { SL_PLAN_NOTE_FALLBACK, "fallback",
      N_ ("Nothing in the stem matches its end; it was joined on the grid or where it is quiet.") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (notes); i++)
    if (planned->notes & notes[i].note)
      sl_check_set_message (add_check (alignment, record, notes[i].id, SL_LEVEL_NOTE,
                                       SL_KIND_JUDGEMENT),
                            "%s", _ (notes[i].message));
}

static gboolean
is_join (const SlPlan *plan, const SlSeam *seam)
{
  const SlSegment *left = &g_array_index (plan->segments, SlSegment, seam->left);

  return left[0].source >= 0 && left[1].source >= 0;
}

/* A fade-out, where the source is cut, may be as long as was asked for while crossfades may not. */
static void
check_fade (const SlAlignment *alignment, const SlPlanned *planned, SlRecord *record)
{
  int rate_hz = alignment->options.rate_hz;
  gint64 asked = sl_frames_from_ms (alignment->options.fade_ms, rate_hz);
  g_autoptr (GArray) seams = sl_plan_get_seams (planned->plan);
  gint64 longest = -1;
  SlCheck *check;

  for (guint i = 0; i < seams->len; i++)
    if (is_join (planned->plan, &g_array_index (seams, SlSeam, i)))
      longest = MAX (longest, g_array_index (seams, SlSeam, i).overlap);
  if (longest < 0 || longest >= asked)
    return;
  check = add_check (alignment, record, "fade", SL_LEVEL_NOTE, SL_KIND_JUDGEMENT);
  sl_check_set_numbers (check, sl_ms_from_frames (longest, rate_hz), alignment->options.fade_ms,
                        "ms");
  sl_check_set_message (check,
                        _ ("Crossfades of %.1f ms were asked for; the joins leave room for %.1f "
                           "ms."),
                        alignment->options.fade_ms, sl_ms_from_frames (longest, rate_hz));
}

/* Of what is made of bars. */
static void
check_tempo (const SlAlignment *alignment, const SlPlanned *planned, SlRecord *record)
{
  const SlPlanOptions *options = &alignment->options;

  if ((options->rhythmic || planned->strategy == SL_STRATEGY_LOOP)
      && (alignment->proposes_tempo || sl_grid_known (&options->grid)))
    sl_check_stem_tempo (record, alignment->subject, &alignment->tempo, &options->grid,
                         options->rate_hz);
}

void
sl_alignment_check_plan (const SlAlignment *alignment, const SlPlanned *planned, SlRecord *record)
{
  SlCheck *check = add_check (alignment, record, "strategy", SL_LEVEL_NOTE, SL_KIND_JUDGEMENT);

  sl_check_set_texts (check, sl_strategy_name (planned->strategy), NULL);
  sl_check_set_message (check, "%s", planned->reason);
  check_notes (alignment, planned, record);
  if (alignment->options.fade_ms > 0.0)
    check_fade (alignment, planned, record);
  check_tempo (alignment, planned, record);
}

void
sl_alignment_check_identity (const SlAlignment *alignment,
                             const SlIdentityCheck *tap,
                             double tolerance,
                             SlRecord *record)
{
  SlIdentityResult result = sl_identity_check_result (tap);
  gboolean kept = result.wrong == 0;
  g_autofree char *count = sl_format_frames (result.wrong);
  g_autofree char *where = sl_format_frames (result.first_wrong);
  SlCheck *check = add_check (alignment, record, "identity", kept ? SL_LEVEL_PASS : SL_LEVEL_FAIL,
                              SL_KIND_INTEGRITY);

  sl_check_set_numbers (check, result.worst, tolerance, "of full scale");
  check->where = result.first_wrong;
  if (!kept)
    {
      sl_check_set_message (check,
                            _ ("%s samples outside fades differ from the source, the first in "
                               "frame %s."),
                            count, where);
      sl_check_set_fix (check, _ ("Run the step again; the source may have changed meanwhile."));
    }
  else if (tolerance > 0.0)
    sl_check_set_message (check, _ ("Outside fades the audio is the source, rounded once to %s."),
                          sl_subtype_name (alignment->subtype));
  else
    sl_check_set_message (check, _ ("Outside fades the audio is the source, bit for bit."));
}

/* Samples beyond full scale are cut by PCM: the source is then not kept. */
void
sl_alignment_check_overs (const SlAlignment *alignment,
                          const SlOutputResult *result,
                          SlRecord *record)
{
  g_autofree char *count = sl_format_frames (result->overs);
  SlCheck *check;

  if (result->overs == 0 || alignment->subtype == SL_SUBTYPE_FLOAT)
    return;
  check = add_check (alignment, record, "overs", SL_LEVEL_FAIL, SL_KIND_INTEGRITY);
  check->where = result->first_over;
  sl_check_set_numbers (check, (double) result->overs, 0, "samples");
  sl_check_set_message (check, _ ("%s samples are beyond full scale, which %s cannot hold."), count,
                        sl_subtype_name (alignment->subtype));
  sl_check_set_fix (check, _ ("Export the stem quieter, or use the sample format float."));
}

void
sl_alignment_check_missing_section (const SlAlignment *alignment, SlRecord *record)
{
  SlCheck *check = add_check (alignment, record, "section", SL_LEVEL_FAIL, SL_KIND_INTEGRITY);
  g_autofree char *word = sl_name_quote (alignment->subject);

  sl_check_set_message (check,
                        _ ("The stem belongs to the section “%s”, which has no place in the "
                           "song."),
                        alignment->missing_section);
  sl_check_set_fix (check,
                    _ ("Name a section of the song, and set its tempo: set DIR %s --section "
                       "NAME."),
                    word);
}

void
sl_alignment_check_kept (const SlAlignment *alignment, SlRecord *record)
{
  sl_check_set_message (add_check (alignment, record, "identity", SL_LEVEL_PASS, SL_KIND_INTEGRITY),
                        _ ("The stem is used as it is: no file was written."));
}
