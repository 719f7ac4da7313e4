/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/steps/step.h"

static const SlStep *const steps[SL_N_STEPS] = {
  &sl_step_timing, &sl_step_reference, &sl_step_stems,  &sl_step_align,
  &sl_step_drums,  &sl_step_effects,   &sl_step_master, &sl_step_deliver,
};

const SlStep *
sl_step_get (SlStepId id)
{
  return steps[id];
}

char *
sl_step_key (const SlStep *step, gconstpointer input)
{
  SlKey *key = sl_key_new (sl_step_id_name (step->id), step->algorithm);

  step->add_to_key (input, key);
  return sl_key_finish (key);
}
