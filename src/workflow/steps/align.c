/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 4: every stem gets the length of the reference, to the frame. */
#include "workflow/steps/alignment.h"
#include "workflow/steps/nothing.h"
#include "workflow/steps/subjects.h"
#include "workflow/steps/upstream.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  SlAlignment *alignment; ///< NULL: nothing to align
} Input;

static gpointer
prepare (SlProject *project, const char *subject)
{
  const SlStem *stem = sl_settings_find_stem (sl_project_get_settings (project), subject);
  SlAudio *source = stem != NULL ? sl_upstream_audio (project, SL_STEP_STEMS, subject) : NULL;
  Input *input;

  if (strcmp (subject, SL_SUBJECT_SONG) != 0 && source == NULL)
    return NULL;
  input = g_new0 (Input, 1);
  if (source != NULL)
    input->alignment = sl_alignment_new (project, subject, stem, source);
  return input;
}

static void
free_input (gpointer data)
{
  Input *input = data;

  sl_alignment_free (input->alignment);
  g_free (input);
}

static void
add_to_key (gconstpointer data, SlKey *key)
{
  const Input *input = data;

  if (input->alignment != NULL)
    sl_alignment_add_to_key (input->alignment, key);
}

static gboolean
run (gconstpointer data, SlOutcome *outcome, const SlProgress *progress, GError **error)
{
  const Input *input = data;

  if (input->alignment != NULL)
    return sl_alignment_run (input->alignment, outcome, progress, error);
  sl_check_nothing (outcome->record, "align", _ ("There is no stem to align."));
  return TRUE;
}

const SlStep sl_step_align = {
  .id = SL_STEP_ALIGN,
  .algorithm = 2,
  .list_subjects = sl_subjects_stems,
  .prepare = prepare,
  .add_to_key = add_to_key,
  .run = run,
  .free_input = free_input,
};
