/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking in a file that nobody has vouched for: probe it, say what is wrong with it, and make the
 * copies that the later steps need. */
#pragma once

#include "workflow/steps/audio.h"

G_BEGIN_DECLS

typedef struct
{
  char *folder;
  char *path;    ///< as the project keeps it
  char *digest;  ///< of the file when last seen, or NULL: missing
  char *probe;   ///< what the probe said of that digest, or NULL
  char *subject; ///< of the checks; NULL: the reference
  char *copy;    ///< stored path of a working copy, without suffix: "stems/bass"
  int rate_hz;   ///< the project's
  gboolean convert;
  int channels;      ///< the project's width; 0: any
  gint64 target;     ///< 0: not compared
  gint64 min_frames; ///< 0: no minimum
  double quiet_db;   ///< active RMS below is worth a warning
} SlImport;

/** The import of @path for @subject (NULL: the reference). Owned. */
SlImport *
sl_import_new (SlProject *project, const char *path, const char *subject, gboolean convert);

/** The import of @stem's file, held against the width and the target that the reference has fixed.
 *  Owned. */
SlImport *
sl_import_new_stem (SlProject *project, const SlStem *stem);

void
sl_import_free (SlImport *import);

void
sl_import_add_to_key (const SlImport *import, SlKey *key);

/**
 * Probes, checks, and makes a working copy when the source is lossy or has another rate and may be
 * converted. The record's audio is what later steps read; it is there only when no integrity check
 * failed; its values get what sl_tempo_read() gives. Not on main.
 */
gboolean
sl_import_run (const SlImport *import,
               SlOutcome *outcome,
               const SlProgress *progress,
               GError **error);

G_END_DECLS
