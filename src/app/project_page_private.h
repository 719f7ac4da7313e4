/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the project page and its actions share. */
#pragma once

#include "app/inspector.h"
#include "app/listening.h"
#include "app/project_page.h"
#include "app/steps_column.h"
#include "app/tracks.h"
#include "app/transport.h"

#include <adwaita.h>

G_BEGIN_DECLS

struct _SlProjectPage
{
  GtkWidget parent_instance;

  /* template */
  AdwToastOverlay *toasts;
  AdwWindowTitle *title;
  AdwFlap *steps_flap;
  AdwFlap *inspector_flap;
  SlStepsColumn *steps;
  SlTracks *tracks;
  SlInspector *inspector;
  SlTransport *transport;
  GtkWidget *steps_toggle;
  GtkWidget *inspector_toggle;
  GtkWidget *add;
  GtkWidget *history;
  GtkWidget *run_all;
  GtkButton *stop;
  GtkWidget *exporting;
  GtkBox *banner;
  GtkLabel *banner_text;
  GtkButton *banner_button;

  /* owned */
  SlDocument *document;
  SlListening *listening;
  GCancellable *export_cancellable; /* while an export runs */
  char *export_suffix;              /* of the kind that is asked for */
  char *locating;                   /* the stem that a file is chosen for, or NULL: the reference */

  SlStepId last_run;
  int opened_at; /* the step selected at first, until something else is */
  guint fold_id; /* idle source */
};

/** Installs the actions "doc.*". */
void
sl_project_page_install_actions (GtkWidgetClass *widget_class);

/** Enables what can be done now, and nothing else. The one place that decides it. */
void
sl_project_page_update_actions (SlProjectPage *self);

/** Does what a button of a check asks for. */
void
sl_project_page_fix (SlProjectPage *self, SlStepId step, const SlCheck *check, SlFix fix);

/** Tells something that went well, or that need not be answered; the toast is shown already, and
 *  borrowed. */
AdwToast *
sl_project_page_toast (SlProjectPage *self, const char *text);

/** Tells what blocks, in a dialog. */
void
sl_project_page_show_problem (SlProjectPage *self, const char *heading, const char *text);

/* --- in project_stems.c --- */

void
sl_project_page_choose_stems (SlProjectPage *self);

void
sl_project_page_choose_folder (SlProjectPage *self);

void
sl_project_page_choose_reference (SlProjectPage *self);

/** Asks for another file for @subject; NULL or "": the reference. */
void
sl_project_page_locate (SlProjectPage *self, const char *subject);

/** Removes the stem @name, and offers to take that back. */
void
sl_project_page_remove_stem (SlProjectPage *self, const char *name);

/* --- in project_export.c --- */

/** Exports the deliverables to @path, which gets @suffix ("": a folder) when it has another. */
void
sl_project_page_export (SlProjectPage *self, const char *path, const char *suffix);

G_END_DECLS
