/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/step_id.h"

#include "engine/base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct
{
  const char *name;
  const char *title;
} ids[SL_N_STEPS] = {
  { "timing", N_ ("Timing") }, { "reference", N_ ("Reference") }, { "stems", N_ ("Stems") },
  { "align", N_ ("Align") },   { "drums", N_ ("Drums") },         { "effects", N_ ("Effects") },
  { "master", N_ ("Master") }, { "deliver", N_ ("Deliver") },
};

const char *
sl_step_id_name (SlStepId id)
{
  return ids[id].name;
}

const char *
sl_step_id_title (SlStepId id)
{
  return _ (ids[id].title);
}

gboolean
sl_step_id_parse (const char *name, SlStepId *id, GError **error)
{
  for (int i = 0; i < SL_N_STEPS; i++)
    if (strcmp (ids[i].name, name) == 0)
      {
        *id = (SlStepId) i;
        return TRUE;
      }
  g_set_error (
      error, SL_ERROR, SL_ERROR_INVALID,
      _ ("“%s” is not a step: use timing, reference, stems, align, drums, effects, master or "
         "deliver."),
      name);
  return FALSE;
}
