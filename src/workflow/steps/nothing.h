/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A step that has nothing to do says so. */
#pragma once

#include "workflow/record.h"

G_BEGIN_DECLS

/** Adds the note @message as check @id of the whole song. */
void
sl_check_nothing (SlRecord *record, const char *id, const char *message);

G_END_DECLS
