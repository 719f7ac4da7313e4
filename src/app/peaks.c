/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/peaks.h"

#include "app/tile_queue.h"
#include "app/waveform_file.h"
#include "workflow/stopping.h"

#include <string.h>

/* Files that the helper decodes at once, and threads that draw. */
#define MAKERS 2
#define DRAWERS 2

/* Pictures handed to the threads at once: enough to keep them at work while main is busy, few
 * enough that what has gone out of sight is soon no longer drawn. */
#define MAX_BUSY 8

/* Files kept open. */
#define MAX_OPEN 48

/* A cache file that was made and is gone again is made so often. */
#define MAX_REMAKES 3

#define CACHE_BYTES ((gsize) 64 << 20)

typedef struct
{
  SlWaveformFile *file;
  SlPeaksState state;
  SlPeaksInfo info;
  guint remakes;
  GList open_link; /* in open_files, when in_open_files */
  gboolean in_open_files;
} Entry;

struct _SlPeaks
{
  GObject parent_instance;

  /* owned */
  char *cache_folder;
  GHashTable *entries; /* digest → Entry */
  GQueue open_files;   /* of Entry, the most recently drawn first */
  SlTileCache *cache;
  SlTileQueue *queue;
  GThreadPool *makers;
  GThreadPool *drawers;
  GCancellable *stop;
};

G_DEFINE_FINAL_TYPE (SlPeaks, sl_peaks, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* A piece of work on its way through a thread and back to main. */
typedef struct
{
  GWeakRef peaks;
  GCancellable *stop;
  SlWaveformFile *file;
  SlTileKey key;       /* of a picture; with 0 frames the file is to be closed */
  GdkTexture *texture; /* result; NULL when it failed */
  gboolean ready;      /* result of making */
  SlPeaksInfo info;
} Work;

static Work *
work_new (SlPeaks *self, SlWaveformFile *file)
{
  Work *work = g_new0 (Work, 1);

  g_weak_ref_init (&work->peaks, self);
  work->stop = g_object_ref (self->stop);
  work->file = sl_waveform_file_ref (file);
  return work;
}

static void
work_free (gpointer data)
{
  Work *work = data;

  g_weak_ref_clear (&work->peaks);
  g_object_unref (work->stop);
  sl_waveform_file_unref (work->file);
  g_clear_object (&work->texture);
  g_free (work);
}

static void
return_to_main (Work *work, GSourceFunc done)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, done, work, work_free);
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  sl_waveform_file_unref (entry->file);
  g_free (entry);
}

static Entry *
find_entry (SlPeaks *self, const char *digest_hex)
{
  return g_hash_table_lookup (self->entries, digest_hex);
}

static void
set_state (SlPeaks *self, Entry *entry, SlPeaksState state)
{
  entry->state = state;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, sl_waveform_file_get_digest_hex (entry->file));
}

static void
start_making (SlPeaks *self, Entry *entry)
{
  g_thread_pool_push (self->makers, work_new (self, entry->file), NULL);
  set_state (self, entry, SL_PEAKS_MAKING);
}

static gboolean
is_ready (gpointer data, const SlTileKey *key)
{
  Entry *entry = find_entry (data, key->digest_hex);

  return entry != NULL && entry->state == SL_PEAKS_READY;
}

/* Closing reads nothing, but may wait for who reads: it is for a thread. */
static void
start_closing (SlPeaks *self, Entry *entry)
{
  entry->in_open_files = FALSE;
  g_thread_pool_push (self->drawers, work_new (self, entry->file), NULL);
}

static void
use_file (SlPeaks *self, Entry *entry)
{
  if (entry->in_open_files)
    g_queue_unlink (&self->open_files, &entry->open_link);
  entry->in_open_files = TRUE;
  entry->open_link.data = entry;
  g_queue_push_head_link (&self->open_files, &entry->open_link);
  if (self->open_files.length > MAX_OPEN)
    start_closing (self, g_queue_pop_tail_link (&self->open_files)->data);
}

static void
dispatch (SlPeaks *self)
{
  SlTileKey key;

  while (sl_tile_queue_get_busy (self->queue) < MAX_BUSY
         && sl_tile_queue_next (self->queue, self->cache, is_ready, self, &key))
    {
      Entry *entry = find_entry (self, key.digest_hex);
      Work *work = work_new (self, entry->file);

      work->key = key;
      use_file (self, entry);
      g_thread_pool_push (self->drawers, work, NULL);
    }
}

/* The cache may have been deleted while it was in use. */
static void
lose_cache_file (SlPeaks *self, Entry *entry)
{
  if (entry->state != SL_PEAKS_READY)
    return;
  if (entry->remakes++ < MAX_REMAKES)
    start_making (self, entry);
  else
    set_state (self, entry, SL_PEAKS_FAILED);
}

static gboolean
drawing_done (gpointer data)
{
  Work *work = data;
  g_autoptr (SlPeaks) self = g_weak_ref_get (&work->peaks);
  Entry *entry = self != NULL ? find_entry (self, work->key.digest_hex) : NULL;

  if (entry == NULL)
    return G_SOURCE_REMOVE;
  sl_tile_queue_done (self->queue, &work->key);
  if (work->texture != NULL)
    {
      sl_tile_cache_add (self->cache, &work->key, work->texture);
      g_signal_emit (self, signals[SIGNAL_CHANGED], 0, work->key.digest_hex);
    }
  else if (entry->file == work->file)
    lose_cache_file (self, entry);
  dispatch (self);
  return G_SOURCE_REMOVE;
}

static void
run_drawer (gpointer data, gpointer user_data)
{
  Work *work = data;

  if (work->key.frames == 0)
    {
      sl_waveform_file_close (work->file);
      work_free (work);
      return;
    }
  if (!g_cancellable_is_cancelled (work->stop))
    work->texture = sl_waveform_file_draw (work->file, &work->key, NULL);
  return_to_main (work, drawing_done);
}

static gboolean
making_done (gpointer data)
{
  Work *work = data;
  g_autoptr (SlPeaks) self = g_weak_ref_get (&work->peaks);
  Entry *entry = NULL;

  if (self != NULL)
    entry = find_entry (self, sl_waveform_file_get_digest_hex (work->file));
  if (entry == NULL || entry->file != work->file)
    return G_SOURCE_REMOVE;
  entry->info = work->info;
  set_state (self, entry, work->ready ? SL_PEAKS_READY : SL_PEAKS_FAILED);
  dispatch (self);
  return G_SOURCE_REMOVE;
}

static void
run_maker (gpointer data, gpointer user_data)
{
  Work *work = data;
  SlProgress progress = sl_progress_until (work->stop);

  if (!g_cancellable_is_cancelled (work->stop))
    work->ready = sl_waveform_file_make (work->file, &progress, NULL);
  if (work->ready)
    sl_waveform_file_get_shape (work->file, &work->info.frames, &work->info.channels,
                                &work->info.rate_hz);
  sl_waveform_file_close (work->file); /* drawing counts what is open */
  return_to_main (work, making_done);
}

static void
sl_peaks_finalize (GObject *object)
{
  SlPeaks *self = SL_PEAKS (object);

  g_cancellable_cancel (self->stop);
  g_thread_pool_free (self->makers, FALSE, FALSE);
  g_thread_pool_free (self->drawers, FALSE, FALSE);
  g_hash_table_unref (self->entries);
  sl_tile_queue_free (self->queue);
  sl_tile_cache_free (self->cache);
  g_object_unref (self->stop);
  g_free (self->cache_folder);
  G_OBJECT_CLASS (sl_peaks_parent_class)->finalize (object);
}

static void
sl_peaks_class_init (SlPeaksClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sl_peaks_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", SL_TYPE_PEAKS, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
sl_peaks_init (SlPeaks *self)
{
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
  self->cache = sl_tile_cache_new (CACHE_BYTES);
  self->queue = sl_tile_queue_new ();
  self->makers = g_thread_pool_new (run_maker, NULL, MAKERS, FALSE, NULL);
  self->drawers = g_thread_pool_new (run_drawer, NULL, DRAWERS, FALSE, NULL);
  self->stop = g_cancellable_new ();
}

SlPeaks *
sl_peaks_new (const char *cache_folder)
{
  SlPeaks *self = g_object_new (SL_TYPE_PEAKS, NULL);

  self->cache_folder = g_strdup (cache_folder);
  return self;
}

static void
forget_entry (SlPeaks *self, const char *digest_hex)
{
  Entry *entry = find_entry (self, digest_hex);

  if (entry == NULL)
    return;
  if (entry->in_open_files)
    g_queue_unlink (&self->open_files, &entry->open_link);
  g_hash_table_remove (self->entries, digest_hex);
}

static void
add_entry (SlPeaks *self, const char *path, const char *digest_hex, gboolean vouched)
{
  g_autofree char *name = g_strconcat (digest_hex, ".peaks", NULL);
  g_autofree char *cache_path = g_build_filename (self->cache_folder, name, NULL);
  Entry *entry = g_new0 (Entry, 1);

  forget_entry (self, digest_hex);
  entry->file = sl_waveform_file_new (path, digest_hex, cache_path, vouched);
  g_hash_table_insert (self->entries, g_strdup (digest_hex), entry);
  start_making (self, entry);
}

void
sl_peaks_prepare (SlPeaks *self, const char *path, const char *digest_hex, gboolean vouched)
{
  Entry *entry = find_entry (self, digest_hex);

  if (entry == NULL
      || (entry->state == SL_PEAKS_FAILED
          && strcmp (sl_waveform_file_get_path (entry->file), path) != 0))
    add_entry (self, path, digest_hex, vouched);
  else if (vouched)
    sl_waveform_file_vouch (entry->file);
}

SlPeaksState
sl_peaks_get_state (SlPeaks *self, const char *digest_hex, SlPeaksInfo *info)
{
  Entry *entry = find_entry (self, digest_hex);

  if (entry == NULL)
    return SL_PEAKS_UNKNOWN;
  if (info != NULL && entry->state == SL_PEAKS_READY)
    *info = entry->info;
  return entry->state;
}

GdkTexture *
sl_peaks_peek_tile (SlPeaks *self, const SlTileKey *key)
{
  return sl_tile_cache_lookup (self->cache, key);
}

void
sl_peaks_show_tiles (SlPeaks *self, gconstpointer client, const SlTileKey *keys, guint n)
{
  sl_tile_queue_show (self->queue, client, keys, n);
  sl_tile_cache_set_limit (self->cache,
                           MAX (CACHE_BYTES, 2 * sl_tile_queue_get_shown_bytes (self->queue)));
  dispatch (self);
}
