/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that is aligned outside of any project, or that another is aligned to. */
#pragma once

#include "cli/probing.h"
#include "workflow/record.h"

G_BEGIN_DECLS

typedef struct
{
  char *path; ///< absolute
  char *name; ///< of the file, without suffix
  char *copy; ///< working copy of a lossy file while the work lasts
  SlProbeReport report;
} SlCliAlignee;

/** @path, with a place for its working copy beside @out. Nothing is read yet. */
void
sl_cli_alignee_init (SlCliAlignee *self, const char *path, const char *out);

/** Removes the working copy. */
void
sl_cli_alignee_clear (SlCliAlignee *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SlCliAlignee, sl_cli_alignee_clear)

/** Has the file decoded once; FALSE when it cannot be opened or decoded. */
gboolean
sl_cli_alignee_probe (SlCli *cli, SlCliAlignee *self, GError **error);

/** What is to be read: the file, or its working copy. Owned. */
SlAudio *
sl_cli_alignee_audio (const SlCliAlignee *self);

/** Adds what one pass over the file has shown of its integrity to @record. */
void
sl_cli_alignee_check (const SlCliAlignee *self, SlRecord *record);

G_END_DECLS
