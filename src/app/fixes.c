/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/fixes.h"

#include "workflow/intake.h"
#include "workflow/json.h"

#include <glib/gi18n.h>
#include <string.h>

static gboolean
is_any (const char *id, const char *const *ids)
{
  return g_strv_contains (ids, id);
}

static gboolean
is_of_file (SlStepId step, const SlCheck *check)
{
  static const char *const ids[]
      = { "open",     "run",      "decode",     "header",  "undecoded", "finite",
          "checksum", "channels", "min-length", "silence", "rate",      NULL };

  return (step == SL_STEP_REFERENCE || step == SL_STEP_STEMS || step == SL_STEP_DRUMS)
         && is_any (check->id, ids);
}

/* Beats by which the last section has to grow, 0: it cannot be fitted. */
static gint64
missing_beats (SlDocument *document)
{
  const SlSettings *settings = sl_document_get_settings (document);
  SlGrid grid = sl_settings_grid (settings);
  gint64 target = sl_intake_known_target (sl_document_get_project (document));
  gint64 beats;

  if (!sl_grid_known (&grid) || settings->sections->len == 0 || target <= 0)
    return 0;
  beats = sl_grid_nearest_beats (&grid, target - grid.origin)
          - sl_sections_total_beats (settings->sections);
  return g_array_index (settings->sections, SlSection, settings->sections->len - 1).beats + beats
                 >= 1
             ? beats
             : 0;
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

static guint
count_other_rates (SlDocument *document)
{
  const GPtrArray *stems = sl_document_get_settings (document)->stems;
  guint n = 0;

  for (guint i = 0; i < stems->len; i++)
    n += has_other_rate (document, stems->pdata[i]);
  return n;
}

/* The stem that @check is about, or NULL. */
static const SlStem *
stem_of (SlDocument *document, const SlCheck *check)
{
  return check->subject != NULL
             ? sl_settings_find_stem (sl_document_get_settings (document), check->subject)
             : NULL;
}

/* How many places to join the finder has left after the one in use. */
static guint
count_next_joins (SlDocument *document, const SlStem *stem)
{
  SlRecord *record
      = sl_project_get_record (sl_document_get_project (document), SL_STEP_ALIGN, stem->name);
  JsonArray *candidates = record != NULL ? sl_json_get_array (record->values, "candidates") : NULL;
  guint n = candidates != NULL ? json_array_get_length (candidates) : 0;

  return n > stem->candidate + 1 ? n - stem->candidate - 1 : 0;
}

static gboolean
has_own_join (const SlStem *stem)
{
  return stem->candidate > 0 || stem->join >= 0 || stem->loop_bars > 0;
}

static gboolean
has_joins (SlDocument *document, const SlCheck *check)
{
  static const char *const ids[] = { "seam-step", "seam-level", "seam-grid", "seam-match", NULL };
  const SlStem *stem = stem_of (document, check);

  return stem != NULL && is_any (check->id, ids) && count_next_joins (document, stem) > 0;
}

static gboolean
is_acceptance_of (const SlAcceptance *acceptance, SlStepId step, const SlCheck *check)
{
  return strcmp (acceptance->step, sl_step_id_name (step)) == 0
         && strcmp (acceptance->check, check->id) == 0
         && g_strcmp0 (acceptance->subject, check->subject) == 0;
}

/* The key of the record that @check is from, or NULL. */
static const char *
key_of (SlDocument *document, SlStepId step, const SlCheck *check)
{
  SlProject *project = sl_document_get_project (document);
  SlRecord *record
      = check->subject != NULL ? sl_project_get_record (project, step, check->subject) : NULL;

  if (record == NULL)
    record = sl_project_get_record (project, step, "");
  return record != NULL ? record->key : NULL;
}

const char *
sl_fixes_get_reason (SlDocument *document, SlStepId step, const SlCheck *check)
{
  const GPtrArray *accepted = sl_document_get_settings (document)->accepted;
  const char *key = key_of (document, step, check);

  for (guint i = 0; check->level == SL_LEVEL_WARN && i < accepted->len; i++)
    {
      const SlAcceptance *acceptance = accepted->pdata[i];

      if (is_acceptance_of (acceptance, step, check) && g_strcmp0 (acceptance->key, key) == 0)
        return acceptance->reason;
    }
  return NULL;
}

static gboolean
is_offered (SlDocument *document, SlStepId step, const SlCheck *check, SlFix fix)
{
  gboolean failed = check->level == SL_LEVEL_FAIL;
  gboolean is_off = check->level >= SL_LEVEL_WARN;

  switch (fix)
    {
    case SL_FIX_SHOW:
      return is_off && check->where >= 0;
    case SL_FIX_CONVERT:
      return failed && is_of_file (step, check) && strcmp (check->id, "rate") == 0;
    case SL_FIX_CONVERT_ALL:
      return failed && step != SL_STEP_REFERENCE && is_of_file (step, check)
             && strcmp (check->id, "rate") == 0 && count_other_rates (document) > 1;
    case SL_FIX_LOCATE:
      return failed && is_of_file (step, check);
    case SL_FIX_REMOVE:
      return failed && is_of_file (step, check) && strcmp (check->id, "rate") != 0
             && stem_of (document, check) != NULL;
    case SL_FIX_ADD_STEMS:
      return step == SL_STEP_STEMS && is_off && strcmp (check->id, "stems") == 0;
    case SL_FIX_FIT_SECTIONS:
      return step == SL_STEP_REFERENCE && is_off && strcmp (check->id, "sections") == 0
             && missing_beats (document) != 0;
    case SL_FIX_NEXT_JOIN:
      return step == SL_STEP_ALIGN && is_off && has_joins (document, check);
    case SL_FIX_ANY_JOIN:
      return step == SL_STEP_ALIGN && failed && stem_of (document, check) != NULL
             && has_own_join (stem_of (document, check));
    case SL_FIX_NO_DRUMS:
      return step == SL_STEP_DRUMS && failed && check->subject != NULL
             && sl_settings_drums_mode (sl_document_get_settings (document)) != SL_DRUMS_FILES;
    case SL_FIX_NO_LOWPASS:
      return step == SL_STEP_EFFECTS && is_off && check->subject != NULL
             && stem_of (document, check) != NULL
             && (strcmp (check->id, "loudness-change") == 0
                 || strcmp (check->id, "crest-change") == 0);
    case SL_FIX_FIT_GAINS:
      return step >= SL_STEP_MASTER && is_off
             && (strcmp (check->id, "clipping") == 0 || strcmp (check->id, "overs") == 0)
             && !sl_document_get_settings (document)->fit_gains;
    case SL_FIX_ACCEPT:
      return failed && check->kind == SL_KIND_JUDGEMENT;
    case SL_FIX_TAKE_BACK:
      return sl_fixes_get_reason (document, step, check) != NULL;
    default:
      return FALSE;
    }
}

guint
sl_fixes_for_check (SlDocument *document,
                    SlStepId step,
                    const SlCheck *check,
                    SlFix fixes[SL_MAX_FIXES])
{
  static const SlFix order[]
      = { SL_FIX_CONVERT,   SL_FIX_CONVERT_ALL,  SL_FIX_LOCATE,    SL_FIX_REMOVE,
          SL_FIX_ADD_STEMS, SL_FIX_FIT_SECTIONS, SL_FIX_NEXT_JOIN, SL_FIX_ANY_JOIN,
          SL_FIX_NO_DRUMS,  SL_FIX_NO_LOWPASS,   SL_FIX_FIT_GAINS, SL_FIX_ACCEPT,
          SL_FIX_TAKE_BACK, SL_FIX_SHOW };
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (order) && n < SL_MAX_FIXES; i++)
    if (is_offered (document, step, check, order[i]))
      fixes[n++] = order[i];
  return n;
}

const char *
sl_fix_label (SlFix fix)
{
  static const char *const labels[] = {
    [SL_FIX_SHOW] = N_ ("Show in Song"),
    [SL_FIX_CONVERT] = N_ ("Convert a Copy"),
    [SL_FIX_CONVERT_ALL] = N_ ("Convert All"),
    [SL_FIX_LOCATE] = N_ ("Locate…"),
    [SL_FIX_REMOVE] = N_ ("Remove Stem"),
    [SL_FIX_ADD_STEMS] = N_ ("Add Stems…"),
    [SL_FIX_FIT_SECTIONS] = N_ ("Fit Last Section"),
    [SL_FIX_NEXT_JOIN] = N_ ("Next Best Join"),
    [SL_FIX_ANY_JOIN] = N_ ("Find a Join Again"),
    [SL_FIX_NO_DRUMS] = N_ ("Go Without Drums"),
    [SL_FIX_NO_LOWPASS] = N_ ("Turn Low-Pass Off"),
    [SL_FIX_FIT_GAINS] = N_ ("Fit Gains"),
    [SL_FIX_ACCEPT] = N_ ("Accept…"),
    [SL_FIX_TAKE_BACK] = N_ ("Take Back"),
  };

  return _ (labels[fix]);
}

static void
convert_all (SlDocument *document, SlSettings *settings)
{
  for (guint i = 0; i < settings->stems->len; i++)
    {
      SlStem *stem = settings->stems->pdata[i];

      stem->convert = stem->convert || has_other_rate (document, stem);
    }
}

static void
change (SlDocument *document, SlSettings *settings, SlStem *stem, SlFix fix)
{
  if (fix == SL_FIX_CONVERT && stem != NULL)
    stem->convert = TRUE;
  else if (fix == SL_FIX_CONVERT)
    settings->reference_convert = TRUE;
  else if (fix == SL_FIX_CONVERT_ALL)
    convert_all (document, settings);
  else if (fix == SL_FIX_FIT_SECTIONS)
    g_array_index (settings->sections, SlSection, settings->sections->len - 1).beats
        += missing_beats (document);
  else if (fix == SL_FIX_NEXT_JOIN)
    {
      /* A join that was set by hand has no next best. */
      stem->join = -1;
      stem->candidate++;
    }
  else if (fix == SL_FIX_ANY_JOIN)
    {
      stem->join = -1;
      stem->candidate = 0;
      stem->loop_bars = 0;
    }
  else if (fix == SL_FIX_NO_DRUMS)
    settings->drums = SL_DRUMS_NONE;
  else if (fix == SL_FIX_NO_LOWPASS)
    stem->lowpass_hz = 0.0;
  else if (fix == SL_FIX_FIT_GAINS)
    settings->fit_gains = TRUE;
}

static void
take_back (SlSettings *settings, SlStepId step, const SlCheck *check)
{
  for (guint i = settings->accepted->len; i-- > 0;)
    if (is_acceptance_of (settings->accepted->pdata[i], step, check))
      g_ptr_array_remove_index (settings->accepted, i);
}

gboolean
sl_fix_apply (SlDocument *document, SlStepId step, const SlCheck *check, SlFix fix)
{
  SlSettings *settings;

  if (fix == SL_FIX_SHOW || fix == SL_FIX_LOCATE || fix == SL_FIX_REMOVE || fix == SL_FIX_ADD_STEMS
      || fix == SL_FIX_ACCEPT)
    return FALSE;
  settings = sl_document_edit (document);
  if (fix == SL_FIX_TAKE_BACK)
    take_back (settings, step, check);
  change (document, settings,
          check->subject != NULL ? sl_settings_find_stem (settings, check->subject) : NULL, fix);
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
