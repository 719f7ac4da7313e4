/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong with the files of a song as they lie there, before a step has judged them. */
#pragma once

#include "app/document.h"
#include "workflow/check.h"

G_BEGIN_DECLS

/** The check that taking in the file of @stem (NULL: the reference) would fail, as far as a look at
 *  it tells. NULL: none, it is not known yet, or there is no file. Owned. */
SlCheck *
sl_fault_find (SlDocument *document, const SlStem *stem);

/** A word or two for @fault, for a row. Translated. */
char *
sl_fault_title (const SlCheck *fault);

/** Appends to @checks (of SlCheck) the fault of every file that @step takes in and has not judged
 *  as it is now. */
void
sl_faults_append (SlDocument *document, SlStepId step, GPtrArray *checks);

G_END_DECLS
