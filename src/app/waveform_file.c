/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/waveform_file.h"

#include "app/tile_raster.h"
#include "engine/base/error.h"
#include "engine/io/reader.h"
#include "workflow/probe_client.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* Samples on either side of a picture whose line or dots reach into it. */
#define MARGIN_FRAMES 4

/* Between two channels that are shown apart, in pixels. */
#define LANE_GAP 2

struct _SlWaveformFile
{
  gatomicrefcount references;
  char *path;
  char *cache_path;
  char digest_hex[SL_DIGEST_HEX_LENGTH + 1];
  int vouched; /* atomic */

  GMutex lock; /* guards what follows */
  SlPyramid *pyramid;
  SlSource *reader;
  gboolean unreadable; /* samples cannot be had: lossy, or damaged since */
};

SlWaveformFile *
sl_waveform_file_new (const char *path,
                      const char *digest_hex,
                      const char *cache_path,
                      gboolean vouched)
{
  SlWaveformFile *self = g_new0 (SlWaveformFile, 1);

  g_atomic_ref_count_init (&self->references);
  self->path = g_strdup (path);
  self->cache_path = g_strdup (cache_path);
  g_strlcpy (self->digest_hex, digest_hex, sizeof self->digest_hex);
  self->vouched = vouched;
  g_mutex_init (&self->lock);
  return self;
}

SlWaveformFile *
sl_waveform_file_ref (SlWaveformFile *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

static void
close_all (SlWaveformFile *self)
{
  g_clear_pointer (&self->pyramid, sl_pyramid_close);
  g_clear_pointer (&self->reader, sl_source_free);
}

void
sl_waveform_file_unref (SlWaveformFile *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  close_all (self);
  g_mutex_clear (&self->lock);
  g_free (self->path);
  g_free (self->cache_path);
  g_free (self);
}

const char *
sl_waveform_file_get_path (const SlWaveformFile *self)
{
  return self->path;
}

const char *
sl_waveform_file_get_digest_hex (const SlWaveformFile *self)
{
  return self->digest_hex;
}

void
sl_waveform_file_vouch (SlWaveformFile *self)
{
  g_atomic_int_set (&self->vouched, TRUE);
}

void
sl_waveform_file_close (SlWaveformFile *self)
{
  g_mutex_lock (&self->lock);
  close_all (self);
  g_mutex_unlock (&self->lock);
}

static gboolean
set_changed (SlWaveformFile *self, GError **error)
{
  g_autofree char *name = g_filename_display_name (self->path);

  g_set_error (error, SL_ERROR, SL_ERROR_CHANGED, _ ("“%s” is not the file that it was."), name);
  return FALSE;
}

/* Opens the cache file; one of other audio is as good as none. */
static gboolean
open_cache (SlWaveformFile *self, GError **error)
{
  g_autoptr (SlPyramid) pyramid = NULL;

  if (self->pyramid != NULL)
    return TRUE;
  pyramid = sl_pyramid_open (self->cache_path, error);
  if (pyramid == NULL)
    return FALSE;
  if (strcmp (sl_pyramid_get_digest_hex (pyramid), self->digest_hex) != 0)
    return set_changed (self, error);
  self->pyramid = g_steal_pointer (&pyramid);
  return TRUE;
}

static gboolean
open_cache_locked (SlWaveformFile *self, GError **error)
{
  gboolean opened;

  g_mutex_lock (&self->lock);
  opened = open_cache (self, error);
  g_mutex_unlock (&self->lock);
  return opened;
}

gboolean
sl_waveform_file_make (SlWaveformFile *self, const SlProgress *progress, GError **error)
{
  SlProbeReport report;

  if (open_cache_locked (self, NULL))
    return TRUE;
  if (!sl_probe_run (self->path, NULL, self->cache_path, &report, progress, error))
    return FALSE;
  if (open_cache_locked (self, error))
    return TRUE;
  g_unlink (self->cache_path); /* named after audio that it does not show */
  return FALSE;
}

void
sl_waveform_file_get_shape (SlWaveformFile *self, gint64 *frames, int *channels, int *rate_hz)
{
  g_mutex_lock (&self->lock);
  *frames = self->pyramid != NULL ? sl_pyramid_get_frames (self->pyramid) : 0;
  *channels = self->pyramid != NULL ? sl_pyramid_get_channels (self->pyramid) : 0;
  *rate_hz = self->pyramid != NULL ? sl_pyramid_get_rate_hz (self->pyramid) : 0;
  g_mutex_unlock (&self->lock);
}

/* A picture and how its height is shared out. */
typedef struct
{
  SlTilePicture picture;
  const SlTileKey *key;
  int lanes;    /* one above the other */
  int channels; /* in each lane */
} Drawing;

static SlTileLane
lane_of (const Drawing *drawing, int index)
{
  int gap = drawing->lanes > 1 ? LANE_GAP * drawing->picture.scale : 0;
  int height = (drawing->picture.height - gap * (drawing->lanes - 1)) / drawing->lanes;

  return (SlTileLane){ index * (height + gap), height };
}

static void
drawing_init (Drawing *drawing, const SlTileKey *key, int channels)
{
  drawing->key = key;
  drawing->lanes = key->split && channels == 2 ? 2 : 1;
  drawing->channels = channels / drawing->lanes;
  drawing->picture = (SlTilePicture){
    .width = SL_TILE_WIDTH, .height = key->height, .scale = key->scale, .colors = key->colors
  };
  drawing->picture.pixels = g_new0 (guint32, (gsize) SL_TILE_WIDTH * (gsize) key->height);
}

static GdkTexture *
drawing_finish (Drawing *drawing)
{
  gsize row = SL_TILE_WIDTH * sizeof (guint32);
  g_autoptr (GBytes) bytes
      = g_bytes_new_take (drawing->picture.pixels, row * (gsize) drawing->picture.height);

  return gdk_memory_texture_new (SL_TILE_WIDTH, drawing->picture.height, GDK_MEMORY_DEFAULT, bytes,
                                 row);
}

static SlColumnData
lane_data (const Drawing *drawing, int lane, gint64 first, gint64 n)
{
  return (SlColumnData){ first, n, drawing->lanes * drawing->channels, lane * drawing->channels,
                         drawing->channels };
}

/* The coarsest level that still has a bin for each column, else the finest. */
static guint
choose_level (SlPyramid *pyramid, gint64 frames)
{
  guint level = 0;

  while (level + 1 < sl_pyramid_get_levels (pyramid)
         && sl_pyramid_get_bin_frames (pyramid, level + 1) * SL_TILE_WIDTH <= frames)
    level++;
  return level;
}

static gboolean
draw_bins (SlWaveformFile *self, Drawing *drawing, GError **error)
{
  gint64 frames = drawing->key->frames;
  gint64 start = drawing->key->index * frames;
  guint level = choose_level (self->pyramid, frames);
  gint64 bin_frames = sl_pyramid_get_bin_frames (self->pyramid, level);
  gint64 first = start / bin_frames;
  gint64 wanted = (start + frames - 1) / bin_frames - first + 1;
  g_autofree SlBin *bins = g_new (SlBin, (gsize) (wanted * drawing->lanes * drawing->channels));
  gint64 n = sl_pyramid_read (self->pyramid, level, first, wanted, bins, error);
  SlColumn columns[SL_TILE_WIDTH];

  for (int lane = 0; n > 0 && lane < drawing->lanes; lane++)
    {
      SlColumnData data = lane_data (drawing, lane, first, n);

      sl_columns_from_bins (&data, bins, bin_frames, start, frames, columns, SL_TILE_WIDTH);
      sl_tile_draw_columns (&drawing->picture, lane_of (drawing, lane), columns);
    }
  return n >= 0;
}

static void
draw_sample_lines (Drawing *drawing, const float *samples, gint64 first, gint64 n, gint64 start)
{
  int stride = drawing->lanes * drawing->channels;
  double pitch = (double) SL_TILE_WIDTH / (double) drawing->key->frames;
  g_autofree float *line = g_new (float, (gsize) n);

  for (int channel = 0; channel < stride; channel++)
    {
      for (gint64 i = 0; i < n; i++)
        line[i] = samples[i * stride + channel];
      sl_tile_draw_samples (&drawing->picture, lane_of (drawing, channel / drawing->channels), line,
                            (guint) n, (double) (first - start) * pitch, pitch);
    }
}

static void
draw_sample_columns (Drawing *drawing, const float *samples, gint64 first, gint64 n, gint64 start)
{
  SlColumn columns[SL_TILE_WIDTH];

  for (int lane = 0; lane < drawing->lanes; lane++)
    {
      SlColumnData data = lane_data (drawing, lane, first, n);

      sl_columns_from_samples (&data, samples, start, drawing->key->frames, columns, SL_TILE_WIDTH);
      sl_tile_draw_columns (&drawing->picture, lane_of (drawing, lane), columns);
    }
}

/* FALSE when there are none to be had. */
static gboolean
open_reader (SlWaveformFile *self)
{
  SlFileInfo info;

  if (self->reader != NULL)
    return TRUE;
  if (self->unreadable || !g_atomic_int_get (&self->vouched))
    return FALSE;
  self->reader = sl_reader_open (self->path, &info, NULL);
  if (self->reader != NULL
      && (info.lossy || self->reader->channels != sl_pyramid_get_channels (self->pyramid)))
    g_clear_pointer (&self->reader, sl_source_free);
  self->unreadable = self->reader == NULL;
  return !self->unreadable;
}

static void
silence_odd_samples (float *samples, gint64 n)
{
  for (gint64 i = 0; i < n; i++)
    if (!isfinite (samples[i]))
      samples[i] = 0.0f;
}

/* FALSE when they cannot be read; the bins have to do then. */
static gboolean
draw_samples (SlWaveformFile *self, Drawing *drawing)
{
  gint64 frames = drawing->key->frames;
  gint64 start = drawing->key->index * frames;
  gint64 first = MAX (0, start - MARGIN_FRAMES);
  gint64 n;
  g_autofree float *samples = NULL;

  if (!open_reader (self))
    return FALSE;
  n = MIN (start + frames + MARGIN_FRAMES, self->reader->length) - first;
  if (n <= 0)
    return TRUE;
  samples = g_new (float, (gsize) (n * self->reader->channels));
  if (!sl_source_read_at (self->reader, first, samples, n, NULL))
    {
      g_clear_pointer (&self->reader, sl_source_free);
      self->unreadable = TRUE;
      return FALSE;
    }
  silence_odd_samples (samples, n * self->reader->channels);
  if (frames <= SL_TILE_WIDTH)
    draw_sample_lines (drawing, samples, first, n, start);
  else
    draw_sample_columns (drawing, samples, first, n, start);
  return TRUE;
}

static GdkTexture *
draw (SlWaveformFile *self, const SlTileKey *key, GError **error)
{
  Drawing drawing;

  if (!open_cache (self, error))
    return NULL;
  drawing_init (&drawing, key, sl_pyramid_get_channels (self->pyramid));
  if ((key->frames < (gint64) SL_TILE_WIDTH * SL_PYRAMID_BASE_FRAMES
       && draw_samples (self, &drawing))
      || draw_bins (self, &drawing, error))
    return drawing_finish (&drawing);
  g_free (drawing.picture.pixels);
  return NULL;
}

GdkTexture *
sl_waveform_file_draw (SlWaveformFile *self, const SlTileKey *key, GError **error)
{
  GdkTexture *texture;

  g_mutex_lock (&self->lock);
  texture = draw (self, key, error);
  if (texture == NULL)
    close_all (self);
  g_mutex_unlock (&self->lock);
  return texture;
}
