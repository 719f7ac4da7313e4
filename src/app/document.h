/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An open project as the window works with it: edits with undo, saving by itself, running steps,
 * and looking at new files. Main thread; nothing here blocks. */
#pragma once

#include "app/importer.h"
#include "workflow/pipeline.h"

G_BEGIN_DECLS

#define SL_TYPE_DOCUMENT (sl_document_get_type ())
G_DECLARE_FINAL_TYPE (SlDocument, sl_document, SL, DOCUMENT, GObject)

/**
 * A document of @project. With @holder, who else has the project, it is only looked at. Signals:
 * "changed": anything that a view shows may be another (several changes become one signal);
 * "run-changed": a step has started or ended; "progress": the running step has come further;
 * "problem" (GError): what was asked for could not be done.
 */
SlDocument *
sl_document_new (SlProject *project, const char *holder);

SlProject *
sl_document_get_project (SlDocument *self);

const SlSettings *
sl_document_get_settings (SlDocument *self);

SlImporter *
sl_document_get_importer (SlDocument *self);

/** Why nothing can be changed, as a sentence, or NULL. */
const char *
sl_document_get_read_only (SlDocument *self);

/** Looks whether files have changed on disk, unless a step runs, which looks itself. */
void
sl_document_refresh (SlDocument *self);

/** Saves at once what is not saved yet. Changes save themselves; this is for somebody who has made
 *  room. */
void
sl_document_save (SlDocument *self);

/** Why the last changes could not be saved, as a sentence, or NULL. They are tried again every few
 *  seconds. */
const char *
sl_document_get_save_problem (SlDocument *self);

/* --- editing --- */

/** A copy of the settings to be changed and given to sl_document_apply(). Owned. */
SlSettings *
sl_document_edit (SlDocument *self);

/**
 * Makes @settings (taken) those of the project, and one step of undo. Edits with the same @tag that
 * follow each other quickly are one; NULL: never joined.
 */
void
sl_document_apply (SlDocument *self, SlSettings *settings, const char *tag);

/** How many edits, undone ones included, there have been. */
guint
sl_document_get_edits (SlDocument *self);

gboolean
sl_document_can_undo (SlDocument *self);

gboolean
sl_document_can_redo (SlDocument *self);

void
sl_document_undo (SlDocument *self);

void
sl_document_redo (SlDocument *self);

/** Saves what is not saved yet, stops what runs, and calls @callback when all of it has ended. */
void
sl_document_close_async (SlDocument *self, GAsyncReadyCallback callback, gpointer data);

gboolean
sl_document_close_finish (SlDocument *self, GAsyncResult *result, GError **error);

/* --- running --- */

/** Whether a step runs (and which, may be NULL). */
gboolean
sl_document_get_running (SlDocument *self, SlStepId *step);

/** Whether running has begun and not ended: also between two steps. */
gboolean
sl_document_is_busy (SlDocument *self);

double
sl_document_get_fraction (SlDocument *self);

/** The first step that is not green, or SL_N_STEPS. */
int
sl_document_get_next_step (SlDocument *self);

void
sl_document_run_step (SlDocument *self, SlStepId step);

/** Whether @stem is about to be planned again by itself, or is: so it goes when its joins are
 *  changed after it was aligned. NULL: whether any is being planned so. */
gboolean
sl_document_is_replanning (SlDocument *self, const char *stem);

/** Runs everything that is not green, up to the first red one. */
void
sl_document_run_all (SlDocument *self);

/** Asks what runs to stop; "run-changed" tells when it has. */
void
sl_document_stop (SlDocument *self);

/** Whether somebody has asked it to stop and it has not stopped yet. */
gboolean
sl_document_is_stopping (SlDocument *self);

G_END_DECLS
