/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done about a check with one press. */
#pragma once

#include "app/document.h"

G_BEGIN_DECLS

/* In fixes.c a table says what each does, and when. */
typedef enum
{
  SL_FIX_SHOW,         ///< go to its place in the song
  SL_FIX_CONVERT,      ///< resample a copy of the file
  SL_FIX_CONVERT_ALL,  ///< the same for every stem of another rate
  SL_FIX_LOCATE,       ///< choose another file
  SL_FIX_REMOVE,       ///< go without the stem
  SL_FIX_ADD_STEMS,    ///< there are none
  SL_FIX_FIT_SECTIONS, ///< let the last section end with the reference
  SL_FIX_SET_TEMPO,    ///< take the tempo that a file sounds like
  SL_FIX_NO_OFFSET,    ///< leave the stem where it is
  SL_FIX_WHOLE_SONG,   ///< let the stem belong to no section
  SL_FIX_NEXT_JOIN,    ///< take the next best place to join
  SL_FIX_ANY_JOIN,     ///< let join and loop length be found again
  SL_FIX_AUTOMATIC,    ///< let the strategy be chosen
  SL_FIX_NO_DRUMS,     ///< go without drums
  SL_FIX_NO_LOWPASS,   ///< leave the stem as it is
  SL_FIX_FIT_GAINS,    ///< lower all gains together
  SL_FIX_ACCEPT,       ///< take responsibility for it
  SL_FIX_TAKE_BACK     ///< do not accept it any more
} SlFix;

#define SL_MAX_FIXES 5

/** The fixes for @check of @step, the best first, into @fixes; how many there are. */
guint
sl_fixes_for_check (SlDocument *document,
                    SlStepId step,
                    const SlCheck *check,
                    SlFix fixes[SL_MAX_FIXES]);

/** Why @check of @step was accepted, or NULL: it was not. Borrowed until the next edit. */
const char *
sl_fixes_get_reason (SlDocument *document, SlStepId step, const SlCheck *check);

/** What the button for @check says. Translated, owned. */
char *
sl_fix_dup_label (SlFix fix, const SlCheck *check);

/**
 * Carries out @fix for @check of @step where a change of settings is all of it. FALSE: it needs
 * somebody to choose, or changes nothing (SHOW, LOCATE, REMOVE, ADD_STEMS, ACCEPT).
 */
gboolean
sl_fix_apply (SlDocument *document, SlStepId step, const SlCheck *check, SlFix fix);

/** The advice of a check without what concerns the command line. NULL for NULL. Owned. */
char *
sl_fix_advice (const char *text);

G_END_DECLS
