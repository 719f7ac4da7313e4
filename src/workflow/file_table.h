/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of the files that a project reads and writes, so that unchanged ones are not read
 * again. */
#pragma once

#include "engine/base/progress.h"
#include "engine/io/file.h"
#include "engine/measure/report.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *path; ///< as the project keeps it: relative to its folder, or absolute
  SlStat stat;
  gint64 seen_us;   ///< wall clock when stat was taken, for the rule of 2 s
  gboolean present; ///< FALSE: missing or unreadable when last looked at
  char digest[SL_DIGEST_HEX_LENGTH + 1];
  char *probe; ///< report of the probe as text, valid for this digest; or NULL
} SlFileEntry;

typedef struct _SlFileTable SlFileTable;

SlFileTable *
sl_file_table_new (void);

SlFileTable *
sl_file_table_copy (const SlFileTable *self);

void
sl_file_table_free (SlFileTable *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlFileTable, sl_file_table_free)

/** The entry for @path, or NULL. Borrowed until the table changes. */
const SlFileEntry *
sl_file_table_get (const SlFileTable *self, const char *path);

/** The digest of @path when last seen, or NULL when missing or never seen. */
const char *
sl_file_table_digest (const SlFileTable *self, const char *path);

/** Remembers what was read of @path; an equal digest keeps the probe's report. @probe may be NULL.
 */
void
sl_file_table_set (SlFileTable *self,
                   const char *path,
                   const SlStat *stat,
                   const char *digest_hex,
                   const char *probe);

void
sl_file_table_set_missing (SlFileTable *self, const char *path);

/** Copies the entries of @other over those of @self. */
void
sl_file_table_merge (SlFileTable *self, const SlFileTable *other);

/** Copies the entries of @newer over those that are still what they are in @base, from which @newer
 *  was made: what somebody else has learnt meanwhile stays. Whether anything is another now. */
gboolean
sl_file_table_update (SlFileTable *self, const SlFileTable *base, const SlFileTable *newer);

/** Drops every entry that is not among @paths (a set). */
void
sl_file_table_keep (SlFileTable *self, GHashTable *paths);

/**
 * Looks at each of @paths (NULL-terminated) on disk, relative ones from @folder: same size, mtime,
 * ctime and inode as remembered: unchanged; @strict asks, too, that it had settled for 2 s when
 * that was seen (a file can change twice within the resolution of its time stamps). Otherwise the
 * file is hashed. Missing ones become entries that say so. FALSE only when cancelled. Not on main.
 */
gboolean
sl_file_table_refresh (SlFileTable *self,
                       const char *folder,
                       const char *const *paths,
                       gboolean strict,
                       const SlProgress *progress,
                       GError **error);

JsonNode *
sl_file_table_to_json (const SlFileTable *self);

/** Entries that are not whole are left out: their files are then hashed again. */
SlFileTable *
sl_file_table_from_json (JsonObject *object);

/** @folder without symbolic links on the way to it, absolute; its last part need not exist. “..”
 * from there is then the same to everybody. Owned. Blocks. */
char *
sl_path_real_folder (const char *folder);

/** The path of @stored below @folder, or @stored itself when it is absolute. Owned. */
char *
sl_path_resolve (const char *folder, const char *stored);

/** @message with the files beside @folder named without the detour through it: "/music/x.wav", not
 *  "/music/song/../x.wav". Owned. */
char *
sl_path_shorten_in (const char *folder, const char *message);

G_END_DECLS
