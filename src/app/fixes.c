/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/fixes.h"

#include "app/seam_changes.h"
#include "engine/measure/tempo.h"
#include "workflow/intake.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* A check, where it stands. */
typedef struct
{
  SlDocument *document;
  SlStepId step;
  const SlCheck *check;
  const SlStem *stem; ///< that it is about, or NULL
} Case;

static Case
make_case (SlDocument *document, SlStepId step, const SlCheck *check)
{
  const SlSettings *settings = sl_document_get_settings (document);
  Case c = { document, step, check, NULL };

  if (check->subject != NULL)
    c.stem = sl_settings_find_stem (settings, check->subject);
  return c;
}

static gboolean
has_failed (const Case *c)
{
  return c->check->level == SL_LEVEL_FAIL;
}

static gboolean
is_off (const Case *c)
{
  return c->check->level >= SL_LEVEL_WARN;
}

static gboolean
is_called (const Case *c, const char *id)
{
  return strcmp (c->check->id, id) == 0;
}

static gboolean
is_any (const Case *c, const char *const *ids)
{
  return g_strv_contains (ids, c->check->id);
}

/* --- acceptances --- */

static gboolean
is_acceptance_of (const SlAcceptance *acceptance, SlStepId step, const SlCheck *check)
{
  return strcmp (acceptance->step, sl_step_id_name (step)) == 0
         && strcmp (acceptance->check, check->id) == 0
         && g_strcmp0 (acceptance->subject, check->subject) == 0;
}

const char *
sl_fixes_get_reason (SlDocument *document, SlStepId step, const SlCheck *check)
{
  const GPtrArray *accepted = sl_document_get_settings (document)->accepted;
  SlRecord *record = sl_badge_find_record (sl_document_get_project (document), step, check);
  const char *key = record != NULL ? record->key : NULL;

  for (guint i = 0; check->level == SL_LEVEL_WARN && i < accepted->len; i++)
    {
      const SlAcceptance *acceptance = accepted->pdata[i];

      if (is_acceptance_of (acceptance, step, check) && g_strcmp0 (acceptance->key, key) == 0)
        return acceptance->reason;
    }
  return NULL;
}

static gboolean
offers_accept (const Case *c)
{
  return has_failed (c) && c->check->kind == SL_KIND_JUDGEMENT;
}

static gboolean
offers_take_back (const Case *c)
{
  return sl_fixes_get_reason (c->document, c->step, c->check) != NULL;
}

static void
take_back (const Case *c, SlSettings *settings, SlStem *stem)
{
  for (guint i = settings->accepted->len; i-- > 0;)
    if (is_acceptance_of (settings->accepted->pdata[i], c->step, c->check))
      g_ptr_array_remove_index (settings->accepted, i);
}

static gboolean
offers_show (const Case *c)
{
  return is_off (c) && c->check->where >= 0;
}

/* --- files --- */

/* Whether it is a file that is wrong. */
static gboolean
is_bad_file (const Case *c)
{
  static const char *const ids[]
      = { "open",     "missing",  "run",        "decode",  "header", "undecoded", "finite",
          "checksum", "channels", "min-length", "silence", "rate",   NULL };

  return has_failed (c) && is_any (c, ids)
         && (c->step == SL_STEP_REFERENCE || c->step == SL_STEP_STEMS || c->step == SL_STEP_DRUMS);
}

static gboolean
offers_convert (const Case *c)
{
  return is_bad_file (c) && is_called (c, "rate");
}

static void
convert (const Case *c, SlSettings *settings, SlStem *stem)
{
  if (stem != NULL)
    stem->convert = TRUE;
  else
    settings->reference_convert = TRUE;
}

/* Whether @stem is a file of another rate that may not be converted yet. */
static gboolean
has_other_rate (SlDocument *document, const SlStem *stem)
{
  SlProbeReport report;

  return stem->kind == SL_STEM_FILE && !stem->convert
         && sl_intake_get_report (sl_document_get_project (document), stem->file, &report)
         && report.readback.info.rate_hz != sl_document_get_settings (document)->rate_hz;
}

static gboolean
offers_convert_all (const Case *c)
{
  const GPtrArray *stems = sl_document_get_settings (c->document)->stems;
  guint n = 0;

  if (c->step == SL_STEP_REFERENCE || !offers_convert (c))
    return FALSE;
  for (guint i = 0; i < stems->len; i++)
    n += has_other_rate (c->document, stems->pdata[i]);
  return n > 1;
}

static void
convert_all (const Case *c, SlSettings *settings, SlStem *unused)
{
  for (guint i = 0; i < settings->stems->len; i++)
    {
      SlStem *stem = settings->stems->pdata[i];

      stem->convert = stem->convert || has_other_rate (c->document, stem);
    }
}

static gboolean
offers_remove (const Case *c)
{
  return is_bad_file (c) && !is_called (c, "rate") && c->stem != NULL;
}

static gboolean
offers_add_stems (const Case *c)
{
  return c->step == SL_STEP_STEMS && is_off (c) && is_called (c, "stems");
}

/* --- sections --- */

/* Beats by which the last section has to grow; 0: it cannot be fitted. */
static gint64
missing_beats (SlDocument *document)
{
  const SlSettings *settings = sl_document_get_settings (document);
  SlGrid grid = sl_settings_grid (settings);
  gint64 target = sl_intake_known_target (sl_document_get_project (document));
  gint64 last, beats;

  if (!sl_grid_known (&grid) || settings->sections->len == 0 || target <= 0)
    return 0;
  last = g_array_index (settings->sections, SlSection, settings->sections->len - 1).beats;
  beats = sl_grid_nearest_beats (&grid, target - grid.origin)
          - sl_sections_total_beats (settings->sections);
  return last + beats >= 1 && last + beats <= SL_SECTION_MAX_BEATS ? beats : 0;
}

static gboolean
offers_fit_sections (const Case *c)
{
  return c->step == SL_STEP_REFERENCE && is_off (c) && is_called (c, "sections")
         && missing_beats (c->document) != 0;
}

static void
fit_sections (const Case *c, SlSettings *settings, SlStem *stem)
{
  g_array_index (settings->sections, SlSection, settings->sections->len - 1).beats
      += missing_beats (c->document);
}

/* --- tempo --- */

/* That of the song; where it is known, a single stem is more likely to be wrong than the song. */
static gboolean
offers_set_tempo (const Case *c)
{
  return is_called (c, "tempo") && c->check->level >= SL_LEVEL_NOTE && c->check->measured > 0.0
         && (c->step == SL_STEP_REFERENCE || isnan (c->check->limit));
}

static void
set_tempo (const Case *c, SlSettings *settings, SlStem *stem)
{
  settings->bpm = sl_tempo_propose (c->check->measured);
}

/* --- offset --- */

/* One that was looked for in vain. */
static gboolean
offers_no_offset (const Case *c)
{
  return is_called (c, "offset") && is_off (c) && c->stem != NULL && c->stem->offset_auto
         && g_strcmp0 (c->check->unit, "confidence") == 0;
}

static void
no_offset (const Case *c, SlSettings *settings, SlStem *stem)
{
  stem->offset_auto = FALSE;
  stem->offset = 0;
}

/* --- sections and strategies --- */

static gboolean
offers_whole_song (const Case *c)
{
  return has_failed (c) && is_called (c, "section") && c->stem != NULL;
}

static void
whole_song (const Case *c, SlSettings *settings, SlStem *stem)
{
  g_clear_pointer (&stem->section, g_free);
}

/* What was asked for cannot be planned, and what was found can. */
static gboolean
offers_automatic (const Case *c)
{
  return has_failed (c) && is_called (c, "plan") && c->stem != NULL
         && c->stem->strategy != SL_STRATEGY_AUTO;
}

static void
automatic (const Case *c, SlSettings *settings, SlStem *stem)
{
  stem->strategy = SL_STRATEGY_AUTO;
  stem->candidate = 0;
}

/* --- joins --- */

static gboolean
is_aligned_in (const Case *c)
{
  return c->stem != NULL
         && c->step == sl_seam_step_of (sl_document_get_settings (c->document), c->stem);
}

static gboolean
offers_next_join (const Case *c)
{
  static const char *const ids[] = { "seam-step", "seam-level", "seam-grid", "seam-match", NULL };

  return is_aligned_in (c) && is_off (c) && is_any (c, ids)
         && sl_seam_edit_has_next (c->stem, sl_seam_get_record (c->document, c->stem->name));
}

static void
next_join (const Case *c, SlSettings *settings, SlStem *stem)
{
  sl_seam_edit_next (stem, sl_seam_get_record (c->document, stem->name));
}

static gboolean
offers_any_join (const Case *c)
{
  return is_aligned_in (c) && has_failed (c) && sl_seam_edit_is_set (c->stem);
}

static void
any_join (const Case *c, SlSettings *settings, SlStem *stem)
{
  sl_seam_edit_find_again (stem);
}

/* --- sound --- */

static gboolean
offers_no_drums (const Case *c)
{
  return c->step == SL_STEP_DRUMS && has_failed (c) && c->check->subject != NULL
         && sl_settings_drums_mode (sl_document_get_settings (c->document)) != SL_DRUMS_FILES;
}

static void
no_drums (const Case *c, SlSettings *settings, SlStem *stem)
{
  settings->drums = SL_DRUMS_NONE;
}

static gboolean
offers_no_lowpass (const Case *c)
{
  return c->step == SL_STEP_EFFECTS && is_off (c) && c->stem != NULL
         && (is_called (c, "loudness-change") || is_called (c, "crest-change"));
}

static void
no_lowpass (const Case *c, SlSettings *settings, SlStem *stem)
{
  stem->lowpass_hz = 0.0;
}

static gboolean
offers_fit_gains (const Case *c)
{
  return c->step >= SL_STEP_MASTER && is_off (c)
         && (is_called (c, "clipping") || is_called (c, "overs"))
         && !sl_document_get_settings (c->document)->fit_gains;
}

static void
fit_gains (const Case *c, SlSettings *settings, SlStem *stem)
{
  settings->fit_gains = TRUE;
}

/* --- all of them, the best first --- */

static const struct
{
  SlFix fix;
  const char *label;
  gboolean (*is_offered) (const Case *c);
  /** Changes @settings, in which @stem is the one of the case; NULL: somebody has to choose. */
  void (*change) (const Case *c, SlSettings *settings, SlStem *stem);
} table[] = {
  { SL_FIX_CONVERT, N_ ("Convert a Copy"), offers_convert, convert },
  { SL_FIX_CONVERT_ALL, N_ ("Convert All"), offers_convert_all, convert_all },
  { SL_FIX_LOCATE, N_ ("Locate…"), is_bad_file, NULL },
  { SL_FIX_REMOVE, N_ ("Remove Stem"), offers_remove, NULL },
  { SL_FIX_ADD_STEMS, N_ ("Add Stems…"), offers_add_stems, NULL },
  { SL_FIX_FIT_SECTIONS, N_ ("Fit Last Section"), offers_fit_sections, fit_sections },
  { SL_FIX_SET_TEMPO, N_ ("Set %s BPM"), offers_set_tempo, set_tempo },
  { SL_FIX_NO_OFFSET, N_ ("Leave Unshifted"), offers_no_offset, no_offset },
  { SL_FIX_WHOLE_SONG, N_ ("Whole Song"), offers_whole_song, whole_song },
  { SL_FIX_NEXT_JOIN, N_ ("Next Best Join"), offers_next_join, next_join },
  { SL_FIX_ANY_JOIN, N_ ("Find a Join Again"), offers_any_join, any_join },
  { SL_FIX_AUTOMATIC, N_ ("Choose Automatically"), offers_automatic, automatic },
  { SL_FIX_NO_DRUMS, N_ ("Go Without Drums"), offers_no_drums, no_drums },
  { SL_FIX_NO_LOWPASS, N_ ("Turn Low-Pass Off"), offers_no_lowpass, no_lowpass },
  { SL_FIX_FIT_GAINS, N_ ("Fit Gains"), offers_fit_gains, fit_gains },
  { SL_FIX_ACCEPT, N_ ("Accept…"), offers_accept, NULL },
  { SL_FIX_TAKE_BACK, N_ ("Take Back"), offers_take_back, take_back },
  { SL_FIX_SHOW, N_ ("Show in Song"), offers_show, NULL },
};

guint
sl_fixes_for_check (SlDocument *document,
                    SlStepId step,
                    const SlCheck *check,
                    SlFix fixes[SL_MAX_FIXES])
{
  Case c = make_case (document, step, check);
  gboolean writable = sl_document_get_read_only (document) == NULL;
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (table) && n < SL_MAX_FIXES; i++)
    if (table[i].is_offered (&c) && (writable || table[i].fix == SL_FIX_SHOW))
      fixes[n++] = table[i].fix;
  return n;
}

static guint
index_of (SlFix fix)
{
  guint i = 0;

  while (table[i].fix != fix)
    i++;
  return i;
}

char *
sl_fix_dup_label (SlFix fix, const SlCheck *check)
{
  const char *label = _ (table[index_of (fix)].label);
  g_auto (GStrv) parts = NULL;
  g_autofree char *bpm = NULL;

  if (fix != SL_FIX_SET_TEMPO)
    return g_strdup (label);
  parts = g_strsplit (label, "%s", 2);
  bpm = sl_bpm_format (sl_tempo_propose (check->measured));
  return g_strjoinv (bpm, parts);
}

gboolean
sl_fix_apply (SlDocument *document, SlStepId step, const SlCheck *check, SlFix fix)
{
  Case c = make_case (document, step, check);
  guint index = index_of (fix);
  SlSettings *settings;

  /* The button may be older than what it was offered for. */
  if (table[index].change == NULL || !table[index].is_offered (&c))
    return FALSE;
  settings = sl_document_edit (document);
  table[index].change (&c, settings,
                       c.stem != NULL ? sl_settings_find_stem (settings, c.stem->name) : NULL);
  sl_document_apply (document, settings, NULL);
  return TRUE;
}

/* Options stand in brackets, behind a colon, or as the last of several ways. */
char *
sl_fix_advice (const char *text)
{
  static const struct
  {
    const char *pattern;
    const char *end;
  } hints[] = { { "\\s*[(（][^()（）]*--[^()（）]*[)）]", "" },
                { ":\\s[^:：]*(--|DIR )[^:：]*$", "." },
                { "：[^:：]*(--|DIR )[^:：]*$", "。" },
                { "(, or|,| or|或|，)?[^,，:：]* --[a-z-]+", "" } };
  char *result = g_strdup (text);

  for (guint i = 0; result != NULL && i < G_N_ELEMENTS (hints); i++)
    {
      g_autoptr (GRegex) regex = g_regex_new (hints[i].pattern, 0, 0, NULL);
      char *next = g_regex_replace_literal (regex, result, -1, 0, hints[i].end, 0, NULL);

      g_free (result);
      result = next;
    }
  return result;
}
