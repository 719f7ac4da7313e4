/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a step is: whom it works on, what that depends on, and the work itself. */
#pragma once

#include "engine/base/progress.h"
#include "engine/io/part.h"
#include "workflow/key.h"
#include "workflow/project.h"

G_BEGIN_DECLS

/** What a piece of work hands back. */
typedef struct
{
  SlRecord *record;  ///< checks are added here
  GPtrArray *parts;  ///< of SlPart, sealed; get their names when the step commits
  SlFileTable *seen; ///< files read on the way, with what the probe found
} SlOutcome;

/** One of the eight. */
typedef struct
{
  SlStepId id;
  int algorithm; ///< raised only when output or verdict can change

  /** Subjects in project order, at least one; "" is the song as a whole. Owned. */
  char **(*list_subjects) (const SlSettings *settings);

  /** On main: copies what the work needs. NULL when an earlier step has not given it yet. */
  gpointer (*prepare) (SlProject *project, const char *subject);

  /** Adds everything in @input that output or verdict depend on; never a path. */
  void (*add_to_key) (gconstpointer input, SlKey *key);

  /**
   * In a job thread. What is wrong with the music is a check; FALSE with @error is for what kept
   * the work from being done, such as a full disk.
   */
  gboolean (*run) (gconstpointer input,
                   SlOutcome *outcome,
                   const SlProgress *progress,
                   GError **error);

  void (*free_input) (gpointer input);
} SlStep;

extern const SlStep sl_step_timing;
extern const SlStep sl_step_reference;
extern const SlStep sl_step_stems;
extern const SlStep sl_step_align;
extern const SlStep sl_step_drums;
extern const SlStep sl_step_effects;
extern const SlStep sl_step_master;
extern const SlStep sl_step_deliver;

/** The step called @id. */
const SlStep *
sl_step_get (SlStepId id);

/** The key of the work on @input. Owned. */
char *
sl_step_key (const SlStep *step, gconstpointer input);

G_END_DECLS
