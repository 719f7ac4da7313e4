/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom steps work on, in project order. */
#pragma once

#include "workflow/settings.h"

G_BEGIN_DECLS

/** Name of what the drums step makes from a pattern or from the reference. */
#define SL_SUBJECT_DRUMS "drums"

/** The song as a whole. */
#define SL_SUBJECT_SONG ""

/** { "" }. Owned. */
char **
sl_subjects_song (const SlSettings *settings);

/** Stems that steps 3 and 4 handle; { "" } when there are none. Owned. */
char **
sl_subjects_stems (const SlSettings *settings);

/** What the drums step handles; { "" } when there are no drums. Owned. */
char **
sl_subjects_drums (const SlSettings *settings);

/** Everything that is heard: stems in project order, then drums that are no stems. Owned. */
char **
sl_subjects_all (const SlSettings *settings);

G_END_DECLS
