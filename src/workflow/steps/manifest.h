/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes into the archive beside the audio: manifest.json for programs, README.txt for people.
 * Both are the same in every language and at any time, so that equal songs give equal archives. */
#pragma once

#include "workflow/steps/mix.h"

G_BEGIN_DECLS

/** A check of the run, as the manifest lists it. */
typedef struct
{
  SlStepId step;
  SlCheck *check;
  char *accepted; ///< the reason it was accepted for, or NULL
} SlManifestCheck;

typedef struct
{
  SlSettings *settings;
  SlMix *mix;
  double factor; ///< common to all gains
  SlAudio *master;
  GPtrArray *checks; ///< of SlManifestCheck, in the order of steps
} SlManifest;

SlManifest *
sl_manifest_new (SlProject *project, SlMix *mix, SlAudio *master);

void
sl_manifest_free (SlManifest *manifest);

void
sl_manifest_add_to_key (const SlManifest *manifest, SlKey *key);

/** "Master.wav", or the name of a part with its suffix. Owned. */
char *
sl_manifest_file_name (const char *part);

/** Sum at unity, or at the listed gains? In English. Owned. */
char *
sl_manifest_readme (const SlManifest *manifest);

/** @sha256 gives the digest of the file at an index: parts in order, then the master. Owned. */
typedef const char *(*SlManifestHashFunc) (guint index, gpointer data);

char *
sl_manifest_json (const SlManifest *manifest, SlManifestHashFunc sha256, gpointer data);

/**
 * Everything that is delivered, each in the folder called like the song: parts in order, the
 * master, README.txt, manifest.json. @manifest must outlive what is returned. Owned, of
 * SlArchiveEntry.
 */
GArray *
sl_manifest_entries (SlManifest *manifest);

G_END_DECLS
