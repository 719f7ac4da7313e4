/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A song in the making: its folder, its settings, the records of its steps and what is known of its
 * files. Lives on the main thread; jobs get copies. */
#pragma once

#include "workflow/file_table.h"
#include "workflow/folder_lock.h"
#include "workflow/record.h"
#include "workflow/settings.h"
#include "workflow/step_id.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define SL_TYPE_PROJECT (sl_project_get_type ())
G_DECLARE_FINAL_TYPE (SlProject, sl_project, SL, PROJECT, GObject)

/** Suffix of project files. */
#define SL_PROJECT_SUFFIX ".seamline"

/** Folders of a project. */
#define SL_FOLDER_STEMS "stems"
#define SL_FOLDER_ALIGNED "aligned"
#define SL_FOLDER_PROCESSED "processed"
#define SL_FOLDER_MASTER "master"
#define SL_FOLDER_DELIVERABLES "deliverables"
#define SL_FOLDER_CACHE "cache"

SlProject *
sl_project_new (const char *folder, SlSettings *settings);

/** Absolute path of the folder. Borrowed. */
const char *
sl_project_get_folder (SlProject *self);

/** Borrowed; valid until the next edit. */
const SlSettings *
sl_project_get_settings (SlProject *self);

/** Replaces the settings (taken). Records whose subject is gone stay, for whoever brings it back,
 * but are not saved. Emits "changed". */
void
sl_project_take_settings (SlProject *self, SlSettings *settings);

/** The record of @subject ("" for the whole song) in @step, or NULL. Borrowed. */
SlRecord *
sl_project_get_record (SlProject *self, SlStepId step, const char *subject);

/** Publishes a record (taken). Emits "changed". */
void
sl_project_take_record (SlProject *self, SlStepId step, const char *subject, SlRecord *record);

/** What is known of files. Borrowed. */
SlFileTable *
sl_project_get_files (SlProject *self);

/** Merges what a job has seen into the table. Emits "changed". */
void
sl_project_merge_files (SlProject *self, const SlFileTable *seen);

/** The same for a table made of a copy, @base, while others may have gone on: see
 *  sl_file_table_update(). Emits "changed" only when something is another. */
void
sl_project_update_files (SlProject *self, const SlFileTable *base, const SlFileTable *seen);

/** Every path whose state matters: sources, reference, outputs in records. NULL-terminated. */
char **
sl_project_list_paths (SlProject *self);

/** The absolute path of @stored. Owned. */
char *
sl_project_resolve (SlProject *self, const char *stored);

/** How the project keeps @path: relative when inside or beside its folder, absolute otherwise. */
char *
sl_project_store_path (SlProject *self, const char *path);

/* --- the file, in project_file.c; not on the main thread of a window --- */

/** Makes the folder and a project file that must not be there yet. */
SlProject *
sl_project_create (const char *folder, SlSettings *settings, GError **error);

/**
 * Opens the project in @folder (or the .seamline file itself). SL_ERROR_OPEN when there is none,
 * SL_ERROR_PROJECT when it cannot be understood (the message names the backup, when one is there),
 * SL_ERROR_NEWER for a later format. Nothing is written.
 */
SlProject *
sl_project_open (const char *path, GError **error);

/**
 * The project that @file (an absolute path) is when it holds the @length bytes of @text. Errors as
 * of sl_project_open() but SL_ERROR_OPEN. Any thread.
 */
SlProject *
sl_project_parse (const char *file, const char *text, gsize length, GError **error);

/**
 * Takes the lock on the project: one program at a time changes it. SL_ERROR_LOCKED names the
 * holder. The lock goes when the project is freed or the process ends.
 */
gboolean
sl_project_lock (SlProject *self, GError **error);

/**
 * sl_project_open() and sl_project_lock() in one: nobody can have changed the project between the
 * two. For programs that change it at once.
 */
SlProject *
sl_project_open_locked (const char *path, GError **error);

/** The project as bytes of its file, for a worker to write. */
GBytes *
sl_project_snapshot (SlProject *self);

/** Writes @snapshot over the project file in @folder, keeping the previous one as .bak. */
gboolean
sl_project_write_snapshot (const char *file, GBytes *snapshot, GError **error);

/** Absolute path of the project file. Borrowed. */
const char *
sl_project_get_file (SlProject *self);

/** Snapshot and write in one call, for the command line. */
gboolean
sl_project_save (SlProject *self, GError **error);

/** Removes part files that a killed run has left in the project's folders. */
void
sl_project_sweep (SlProject *self);

/* --- for project_file.c --- */

void
sl_project_set_file (SlProject *self, const char *file, JsonNode *document);

JsonNode *
sl_project_get_document (SlProject *self);

/** Takes over @lock. */
void
sl_project_take_lock (SlProject *self, SlFolderLock *lock);

/**
 * Whether the project's folder still is where it was opened: one that was moved must not be made
 * anew by what is written. FALSE with SL_ERROR_WRITE. Blocks; any thread.
 */
gboolean
sl_project_check_place (SlProject *self, GError **error);

/** Gives the lock back, though others may hold @self: nothing may be written from here on. */
void
sl_project_unlock (SlProject *self);

gboolean
sl_project_is_locked (SlProject *self);

/** Borrowed; NULL while it is not locked. */
const SlFolderLock *
sl_project_get_lock (SlProject *self);

/** Calls @func for every record in the order of steps. */
typedef void (*SlRecordFunc) (SlStepId step, const char *subject, SlRecord *record, gpointer data);

void
sl_project_foreach_record (SlProject *self, SlRecordFunc func, gpointer data);

G_END_DECLS
