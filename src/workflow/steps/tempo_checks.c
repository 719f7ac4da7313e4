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

/* A note where the song has no tempo, a warning where it has another; NULL: nothing to tell. @bpm
 * is what is proposed then. */
static SlCheck *
add (SlRecord *record, const char *subject, const SlTempo *tempo, double song_bpm, char **bpm)
{
  SlBpm proposed = sl_tempo_propose (tempo->bpm);
  gboolean unknown = song_bpm <= 0.0;
  SlCheck *check;

  if (unknown ? tempo->bpm <= 0.0 : !sl_tempo_is_foreign (tempo, song_bpm))
    return NULL;
  check
      = sl_check_new ("tempo", subject, unknown ? SL_LEVEL_NOTE : SL_LEVEL_WARN, SL_KIND_JUDGEMENT);
  sl_check_set_numbers (check, sl_bpm_value (proposed), unknown ? NAN : song_bpm, "BPM");
  *bpm = sl_bpm_format (proposed);
  return sl_record_take_check (record, check);
}

void
sl_check_reference_tempo (SlRecord *record, const SlTempo *tempo, SlBpm song)
{
  g_autofree char *bpm = NULL;
  g_autofree char *song_text = sl_bpm_format (song);
  SlCheck *check = add (record, NULL, tempo, sl_bpm_value (song), &bpm);

  if (check == NULL)
    return;
  if (sl_bpm_value (song) > 0.0)
    {
      sl_check_set_message (check,
                            _ ("The reference sounds like %s beats per minute, which does not go "
                               "with the song's %s."),
                            bpm, song_text);
      sl_check_set_fix (check, _ ("If the song's tempo is wrong, change it: set DIR --bpm %s."),
                        bpm);
      return;
    }
  sl_check_set_message (check, _ ("The reference sounds like %s beats per minute (%.0f %% sure)."),
                        bpm, 100.0 * tempo->confidence);
  sl_check_set_fix (check, _ ("If that is right, set it: set DIR --bpm %s."), bpm);
}

void
sl_check_stem_tempo (SlRecord *record,
                     const char *subject,
                     const SlTempo *tempo,
                     const SlGrid *grid,
                     int rate_hz)
{
  double song_bpm = sl_grid_bpm (grid, rate_hz);
  g_autofree char *bpm = NULL;
  SlCheck *check = add (record, subject, tempo, song_bpm, &bpm);

  if (check == NULL)
    return;
  if (song_bpm > 0.0)
    {
      sl_check_set_message (check,
                            _ ("The stem sounds like %s beats per minute, which does not go with "
                               "the song's %g: its bars will not meet the others."),
                            bpm, song_bpm);
      sl_check_set_fix (check,
                        _ ("Take a recording at the song's tempo, or change the tempo: --bpm %s."),
                        bpm);
      return;
    }
  sl_check_set_message (check, _ ("The stem sounds like %s beats per minute (%.0f %% sure)."), bpm,
                        100.0 * tempo->confidence);
  sl_check_set_fix (check, _ ("If that is right, set it: --bpm %s."), bpm);
}
