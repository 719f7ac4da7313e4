/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/steps/tempo_checks.h"

#include "workflow/json.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define BPM_MEMBER "tempo"
#define CONFIDENCE_MEMBER "tempo_confidence"

/* Before somebody is told that a tempo is wrong. Played music, which drifts, stays below. */
#define FOREIGN_CONFIDENCE 0.8

void
sl_tempo_write (SlRecord *record, const SlTempo *tempo)
{
  sl_json_set_number (record->values, BPM_MEMBER, tempo->bpm);
  sl_json_set_number (record->values, CONFIDENCE_MEMBER, tempo->confidence);
}

SlTempo
sl_tempo_read (const SlRecord *record)
{
  SlTempo tempo = { 0 };
  double bpm = record != NULL ? sl_json_get_number (record->values, BPM_MEMBER, 0.0) : 0.0;

  if (bpm > 0.0 && bpm <= SL_TEMPO_MAX_BPM)
    {
      tempo.bpm = bpm;
      tempo.confidence = sl_json_get_number (record->values, CONFIDENCE_MEMBER, 0.0);
    }
  return tempo;
}

gboolean
sl_tempo_is_foreign (const SlTempo *tempo, double song_bpm)
{
  return tempo->bpm > 0.0 && song_bpm > 0.0 && tempo->confidence >= FOREIGN_CONFIDENCE
         && !sl_tempo_fits (tempo->bpm, song_bpm);
}

static SlCheck *
add (SlRecord *record, const char *subject, SlLevel level, SlBpm proposed, double song_bpm)
{
  SlCheck *check
      = sl_record_take_check (record, sl_check_new ("tempo", subject, level, SL_KIND_JUDGEMENT));

  sl_check_set_numbers (check, sl_bpm_value (proposed), song_bpm > 0.0 ? song_bpm : NAN, "BPM");
  return check;
}

static void
propose (SlRecord *record, const SlTempo *tempo)
{
  SlBpm proposed = sl_tempo_propose (tempo->bpm);
  g_autofree char *bpm = sl_bpm_format (proposed);
  SlCheck *check = add (record, NULL, SL_LEVEL_NOTE, proposed, 0.0);

  sl_check_set_message (check, _ ("The reference sounds like %s beats per minute (%.0f %% sure)."),
                        bpm, 100.0 * tempo->confidence);
  sl_check_set_fix (check, _ ("If that is right, set it: set DIR --bpm %s."), bpm);
}

void
sl_check_reference_tempo (SlRecord *record, const SlTempo *tempo, SlBpm song)
{
  double song_bpm = sl_bpm_value (song);
  SlBpm proposed = sl_tempo_propose (tempo->bpm);
  g_autofree char *bpm = sl_bpm_format (proposed);
  g_autofree char *song_text = sl_bpm_format (song);
  SlCheck *check;

  if (tempo->bpm > 0.0 && song_bpm <= 0.0)
    propose (record, tempo);
  if (!sl_tempo_is_foreign (tempo, song_bpm))
    return;
  check = add (record, NULL, SL_LEVEL_WARN, proposed, song_bpm);
  sl_check_set_message (check,
                        _ ("The reference sounds like %s beats per minute, which does not go with "
                           "the song's %s."),
                        bpm, song_text);
  sl_check_set_fix (check, _ ("If the song's tempo is wrong, change it: set DIR --bpm %s."), bpm);
}

void
sl_check_stem_tempo (SlRecord *record,
                     const char *subject,
                     const SlTempo *tempo,
                     const SlGrid *grid,
                     int rate_hz)
{
  double song_bpm = sl_grid_bpm (grid, rate_hz);
  SlBpm proposed = sl_tempo_propose (tempo->bpm);
  g_autofree char *bpm = sl_bpm_format (proposed);
  SlCheck *check;

  if (tempo->bpm > 0.0 && song_bpm <= 0.0)
    {
      check = add (record, subject, SL_LEVEL_NOTE, proposed, 0.0);
      sl_check_set_message (check, _ ("The stem sounds like %s beats per minute (%.0f %% sure)."),
                            bpm, 100.0 * tempo->confidence);
      sl_check_set_fix (check, _ ("If that is right, set it: --bpm %s."), bpm);
    }
  if (!sl_tempo_is_foreign (tempo, song_bpm))
    return;
  check = add (record, subject, SL_LEVEL_WARN, proposed, song_bpm);
  sl_check_set_message (check,
                        _ ("The stem sounds like %s beats per minute, which does not go with the "
                           "song's %g: its bars will not meet the others."),
                        bpm, song_bpm);
  sl_check_set_fix (check,
                    _ ("Take a recording at the song's tempo, or change the tempo: --bpm %s."),
                    bpm);
}
