/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The eight steps by number and by the names that scripts use. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SL_STEP_TIMING,
  SL_STEP_REFERENCE,
  SL_STEP_STEMS,
  SL_STEP_ALIGN,
  SL_STEP_DRUMS,
  SL_STEP_EFFECTS,
  SL_STEP_MASTER,
  SL_STEP_DELIVER
} SlStepId;

#define SL_N_STEPS 8

/** "timing" … "deliver": fixed, for files, scripts and JSON. */
const char *
sl_step_id_name (SlStepId id);

/** The name for people, translated. */
const char *
sl_step_id_title (SlStepId id);

/** FALSE with SL_ERROR_INVALID listing the names. */
gboolean
sl_step_id_parse (const char *name, SlStepId *id, GError **error);

G_END_DECLS
