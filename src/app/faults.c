/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/faults.h"

#include "workflow/badge.h"
#include "workflow/intake.h"
#include "workflow/steps/import_checks.h"

#include <glib/gi18n.h>
#include <string.h>

static SlCheck *
new_fault (const char *id, const SlStem *stem, const char *message)
{
  SlCheck *check
      = sl_check_new (id, stem != NULL ? stem->name : NULL, SL_LEVEL_FAIL, SL_KIND_INTEGRITY);

  sl_check_set_message (check, "%s", message);
  return check;
}

static SlCheck *
find_missing (SlProject *project, const SlStem *stem, const char *stored)
{
  const SlFileEntry *entry = sl_file_table_get (sl_project_get_files (project), stored);
  g_autofree char *name = g_filename_display_basename (stored);
  g_autofree char *message = NULL;

  if (entry == NULL || entry->present)
    return NULL;
  message = g_strdup_printf (_ ("“%s” is not there any more, or cannot be read. Put it back, or "
                                "choose another file."),
                             name);
  return new_fault ("missing", stem, message);
}

static SlImport *
new_import (SlProject *project, const SlStem *stem)
{
  const SlSettings *settings = sl_project_get_settings (project);

  return stem != NULL
             ? sl_import_new_stem (project, stem)
             : sl_import_new (project, settings->reference, NULL, settings->reference_convert);
}

/* What its step will say of the file, as far as one probe can tell. */
static SlCheck *
foresee (SlProject *project, const SlStem *stem, const SlProbeReport *report)
{
  SlImport *import = new_import (project, stem);
  g_autoptr (SlRecord) record = sl_record_new ("");
  SlCheck *fault = NULL;

  sl_check_import (record, import, report);
  sl_import_free (import);
  for (guint i = 0; i < record->checks->len && fault == NULL; i++)
    {
      const SlCheck *check = record->checks->pdata[i];

      if (check->level == SL_LEVEL_FAIL)
        fault = sl_check_copy (check);
    }
  return fault;
}

SlCheck *
sl_fault_find (SlDocument *document, const SlStem *stem)
{
  SlProject *project = sl_document_get_project (document);
  const char *stored = stem != NULL ? stem->file : sl_document_get_settings (document)->reference;
  const char *problem;
  SlProbeReport report;
  SlCheck *fault;

  if (stored == NULL || (stem != NULL && stem->kind != SL_STEM_FILE))
    return NULL;
  problem = sl_importer_get_problem (sl_document_get_importer (document), stored);
  fault
      = problem != NULL ? new_fault ("open", stem, problem) : find_missing (project, stem, stored);
  if (fault == NULL && sl_intake_get_report (project, stored, &report))
    fault = foresee (project, stem, &report);
  return fault;
}

char *
sl_fault_title (const SlCheck *fault)
{
  static const struct
  {
    const char *id;
    const char *title;
  } titles[] = { { "missing", N_ ("File missing") },
                 { "open", N_ ("Cannot be read") },
                 { "silence", N_ ("Silent") },
                 { "min-length", N_ ("Too short") } };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (strcmp (fault->id, titles[i].id) == 0)
      return g_strdup (_ (titles[i].title));
  if (strcmp (fault->id, "channels") == 0)
    return g_strdup_printf (_ ("%d channels"), (int) fault->measured);
  if (strcmp (fault->id, "rate") == 0)
    {
      g_autofree char *rate = sl_format_frames ((gint64) fault->measured);

      return g_strdup_printf (_ ("%s Hz"), rate);
    }
  return g_strdup (_ ("Damaged"));
}

/* --- of a step --- */

/* Whether the record of @subject speaks of the file as it is now. */
static gboolean
is_judged (SlDocument *document, SlStepId step, const char *subject)
{
  SlState state = sl_badge_subject (sl_document_get_project (document), step, subject);

  return state == SL_STATE_PASSED || state == SL_STATE_FAILED;
}

static void
append (SlDocument *document, SlStepId step, const SlStem *stem, GPtrArray *checks)
{
  SlCheck *fault = is_judged (document, step, stem != NULL ? stem->name : "")
                       ? NULL
                       : sl_fault_find (document, stem);

  if (fault != NULL)
    g_ptr_array_add (checks, fault);
}

void
sl_faults_append (SlDocument *document, SlStepId step, GPtrArray *checks)
{
  const SlSettings *settings = sl_document_get_settings (document);

  if (step == SL_STEP_REFERENCE)
    append (document, step, NULL, checks);
  for (guint i = 0; i < settings->stems->len; i++)
    {
      const SlStem *stem = settings->stems->pdata[i];
      SlStepId taken_in = sl_settings_is_drum_stem (settings, stem) ? SL_STEP_DRUMS : SL_STEP_STEMS;

      if (taken_in == step)
        append (document, step, stem, checks);
    }
}
