/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/importer.h"

#include "engine/base/error.h"
#include "workflow/intake.h"
#include "workflow/probe_client.h"
#include "workflow/stopping.h"

#include <glib/gstdio.h>
#include <string.h>

/* More at once only makes disks seek. */
#define MAX_THREADS 2

/* Instead of a digest: no bytes could be read, or nobody has said which bytes they were. */
#define DIGEST_OF_NOTHING "-"
#define DIGEST_UNKNOWN ""

struct _SlImporter
{
  GObject parent_instance;

  /* owned */
  SlProject *project;
  GThreadPool *pool;
  GCancellable *cancellable;
  GHashTable *busy;     /* stored paths, a set */
  GHashTable *problems; /* stored path → sentence */
  GHashTable *digests;  /* stored path → digest of the bytes that had the problem, or below */

  guint serial;
};

G_DEFINE_FINAL_TYPE (SlImporter, sl_importer, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* One file on its way through the helper. */
typedef struct
{
  GWeakRef importer;
  GCancellable *cancellable;
  char *stored;
  char *path;
  char *cache;   ///< folder of waveforms
  char *scratch; ///< where the waveform is before its name is known
  SlProbeReport report;
  GError *error;
} Errand;

static void
errand_free (gpointer data)
{
  Errand *errand = data;

  g_weak_ref_clear (&errand->importer);
  g_object_unref (errand->cancellable);
  g_free (errand->stored);
  g_free (errand->path);
  g_free (errand->cache);
  g_free (errand->scratch);
  g_clear_error (&errand->error);
  g_free (errand);
}

static void
sl_importer_dispose (GObject *object)
{
  SlImporter *self = SL_IMPORTER (object);

  g_cancellable_cancel (self->cancellable);
  if (self->pool != NULL)
    g_thread_pool_free (g_steal_pointer (&self->pool), FALSE, FALSE);
  g_clear_object (&self->project);
  G_OBJECT_CLASS (sl_importer_parent_class)->dispose (object);
}

static void
sl_importer_finalize (GObject *object)
{
  SlImporter *self = SL_IMPORTER (object);

  g_object_unref (self->cancellable);
  g_hash_table_unref (self->busy);
  g_hash_table_unref (self->problems);
  g_hash_table_unref (self->digests);
  G_OBJECT_CLASS (sl_importer_parent_class)->finalize (object);
}

static void
sl_importer_class_init (SlImporterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sl_importer_dispose;
  G_OBJECT_CLASS (klass)->finalize = sl_importer_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", SL_TYPE_IMPORTER, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

/* --- in a thread of the pool --- */

/* The waveform is called like the bytes that it shows, which are known now. */
static void
name_waveform (const Errand *errand)
{
  char hex[SL_DIGEST_HEX_LENGTH + 1];
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;

  sl_digest_to_hex (&errand->report.readback.digest, hex);
  name = g_strconcat (hex, ".peaks", NULL);
  path = g_build_filename (errand->cache, name, NULL);
  /* It is made again when it is missing: a failure here costs time, nothing else. */
  if (g_rename (errand->scratch, path) != 0)
    g_unlink (errand->scratch);
}

/* Without the folders, which a row has no room for. Owned. */
static char *
describe_problem (const Errand *errand)
{
  g_autofree char *path = g_filename_display_name (errand->path);
  g_autofree char *base = g_filename_display_basename (errand->path);
  GString *text = g_string_new (errand->error->message);

  g_string_replace (text, path, base, 0);
  return g_string_free (text, FALSE);
}

static void
note_problem (SlImporter *self, const Errand *errand)
{
  const char *digest = sl_file_table_digest (sl_project_get_files (self->project), errand->stored);

  if (digest == NULL && g_error_matches (errand->error, SL_ERROR, SL_ERROR_OPEN))
    digest = DIGEST_OF_NOTHING;
  g_hash_table_replace (self->problems, g_strdup (errand->stored), describe_problem (errand));
  g_hash_table_replace (self->digests, g_strdup (errand->stored),
                        g_strdup (digest != NULL ? digest : DIGEST_UNKNOWN));
}

/* Of a file that changes all the time, or that the project cannot be told of, a look is enough. */
static gboolean
finish (gpointer data)
{
  Errand *errand = data;
  g_autoptr (SlImporter) self = g_weak_ref_get (&errand->importer);
  g_autoptr (SlFileTable) seen = sl_file_table_new ();

  if (self == NULL || self->project == NULL)
    return G_SOURCE_REMOVE;
  g_hash_table_remove (self->busy, errand->stored);
  if (errand->error == NULL)
    {
      sl_intake_remember (seen, errand->stored, &errand->report);
      sl_project_merge_files (self->project, seen);
    }
  else if (!g_error_matches (errand->error, SL_ERROR, SL_ERROR_CANCELLED))
    note_problem (self, errand);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
look_at (gpointer data, gpointer user_data)
{
  Errand *errand = data;
  SlProgress progress = sl_progress_until (errand->cancellable);

  if (sl_probe_run (errand->path, NULL, errand->scratch, &errand->report, &progress,
                    &errand->error))
    name_waveform (errand);
  g_idle_add_full (G_PRIORITY_DEFAULT, finish, errand, errand_free);
}

/* --- on main --- */

static void
sl_importer_init (SlImporter *self)
{
  self->pool = g_thread_pool_new (look_at, NULL, MAX_THREADS, FALSE, NULL);
  self->cancellable = g_cancellable_new ();
  self->busy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->problems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->digests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

SlImporter *
sl_importer_new (SlProject *project)
{
  SlImporter *self = g_object_new (SL_TYPE_IMPORTER, NULL);

  self->project = g_object_ref (project);
  return self;
}

static void
start (SlImporter *self, const char *stored)
{
  Errand *errand = g_new0 (Errand, 1);
  g_autofree char *resolved = sl_project_resolve (self->project, stored);
  g_autofree char *name = g_strdup_printf ("look-%u.peaks", ++self->serial);

  g_weak_ref_init (&errand->importer, self);
  errand->cancellable = g_object_ref (self->cancellable);
  errand->stored = g_strdup (stored);
  errand->path = g_canonicalize_filename (resolved, NULL);
  errand->cache = g_build_filename (sl_project_get_folder (self->project), SL_FOLDER_CACHE, NULL);
  errand->scratch = g_build_filename (errand->cache, name, NULL);
  g_hash_table_add (self->busy, g_strdup (stored));
  g_thread_pool_push (self->pool, errand, NULL);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* Other bytes than those that had a problem deserve another look. */
static void
forget_if_changed (SlImporter *self, const char *stored)
{
  const char *digest = sl_file_table_digest (sl_project_get_files (self->project), stored);
  const char *then = g_hash_table_lookup (self->digests, stored);

  if (then == NULL || digest == NULL || g_strcmp0 (then, digest) == 0)
    return;
  /* Where the look came first, these are the bytes that it was about. */
  if (strcmp (then, DIGEST_UNKNOWN) != 0)
    g_hash_table_remove (self->problems, stored);
  g_hash_table_replace (self->digests, g_strdup (stored), g_strdup (digest));
}

static void
sync_one (SlImporter *self, const char *stored)
{
  const SlFileEntry *entry = sl_file_table_get (sl_project_get_files (self->project), stored);

  forget_if_changed (self, stored);
  /* A step has read it meanwhile. */
  if (entry != NULL && entry->probe != NULL)
    g_hash_table_remove (self->problems, stored);
  if ((entry != NULL && (entry->probe != NULL || !entry->present))
      || g_hash_table_contains (self->busy, stored)
      || g_hash_table_contains (self->problems, stored))
    return;
  start (self, stored);
}

void
sl_importer_sync (SlImporter *self)
{
  const SlSettings *settings = sl_project_get_settings (self->project);

  if (settings->reference != NULL)
    sync_one (self, settings->reference);
  for (guint i = 0; i < settings->stems->len; i++)
    {
      const SlStem *stem = settings->stems->pdata[i];

      if (stem->kind == SL_STEM_FILE)
        sync_one (self, stem->file);
    }
}

gboolean
sl_importer_is_busy (SlImporter *self, const char *stored)
{
  return g_hash_table_contains (self->busy, stored);
}

const char *
sl_importer_get_problem (SlImporter *self, const char *stored)
{
  return g_hash_table_lookup (self->problems, stored);
}

void
sl_importer_retry (SlImporter *self, const char *stored)
{
  g_hash_table_remove (self->problems, stored);
  sl_importer_sync (self);
}
