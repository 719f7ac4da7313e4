/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How verdicts look: an icon, a word and a colour class for every state and level. */
#pragma once

#include "workflow/badge.h"

G_BEGIN_DECLS

typedef struct
{
  const char *icon;  ///< name in the icon theme
  const char *style; ///< CSS class
} SlLook;

SlLook
sl_state_look (SlState state);

SlLook
sl_level_look (SlLevel level);

/** The word for @level, for those who do not see the icon. Translated. */
const char *
sl_level_title (SlLevel level);

G_END_DECLS
