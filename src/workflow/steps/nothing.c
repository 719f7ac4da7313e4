/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/steps/nothing.h"

void
sl_check_nothing (SlRecord *record, const char *id, const char *message)
{
  SlCheck *check = sl_check_new (id, NULL, SL_LEVEL_NOTE, SL_KIND_INTEGRITY);

  sl_check_set_message (check, "%s", message);
  sl_record_take_check (record, check);
}
