/* SPDX-License-Identifier: GPL-3.0-or-later */
/* New stems: all of them, or none. */
#pragma once

#include "cli/cli.h"
#include "workflow/project.h"

G_BEGIN_DECLS

/** Stems on their way into a project. */
typedef struct
{
  SlProject *project;   ///< borrowed
  SlSettings *settings; ///< those of the project, with the new stems
  SlFileTable *seen;
  GPtrArray *stems; ///< borrowed from settings
} SlCliAdding;

/** Starts from the settings of @project. */
void
sl_cli_adding_init (SlCliAdding *self, SlProject *project);

void
sl_cli_adding_clear (SlCliAdding *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SlCliAdding, sl_cli_adding_clear)

/** A stem for the audio file @path, not yet added. NULL with SL_ERROR_INVALID. */
SlStem *
sl_cli_adding_new_file (SlCliAdding *self, const char *name, const char *path, GError **error);

/** Adds @stem (taken) under its name. FALSE with SL_ERROR_INVALID. */
gboolean
sl_cli_adding_take (SlCliAdding *self, SlStem *stem, GError **error);

/** Probes every new file; FALSE when one cannot be opened or decoded. */
gboolean
sl_cli_adding_probe (SlCli *cli, SlCliAdding *self, GError **error);

/** Saves the project with the new stems, and tells what was found. */
gboolean
sl_cli_adding_finish (SlCli *cli, SlCliAdding *self, GError **error);

G_END_DECLS
