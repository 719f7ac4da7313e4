/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/waveform_tiles.h"

#include <math.h>

/* How many zooms coarser and finer than the missing picture are looked through. */
#define COARSER_STEPS 24
#define FINER_STEPS 4

/* Pictures are drawn at 0.75 to 1.125 times their width: narrower costs software renderers a
 * convolution, wider is blurred. */
#define MOST_WIDENING 1.125

/* Frames of the file in one frame of the song. */
static double
rate_ratio (const SlWaveformView *view)
{
  return (double) view->info.rate_hz / sl_time_range_get_rate_hz (view->range);
}

/* The x of a frame of the file, on a device pixel: pictures side by side then leave no gap and do
 * not overlap. */
static double
file_x (const SlWaveformView *view, gint64 file_frame)
{
  double frame = (double) view->dest_offset + (double) file_frame / rate_ratio (view);
  double x = sl_time_range_to_x (view->range, frame, view->width);

  return round (x * view->key.scale) / view->key.scale;
}

void
sl_waveform_view_list_tiles (const SlWaveformView *view, GArray *keys)
{
  double ratio = rate_ratio (view);
  double start = (sl_time_range_get_start (view->range) - (double) view->dest_offset) * ratio;
  double span = sl_time_range_get_span (view->range) * ratio;
  double first = MAX (0.0, start);
  double end = MIN (start + span, (double) view->info.frames);
  SlTileKey key = view->key;

  g_array_set_size (keys, 0);
  if (view->width <= 0 || view->height <= 0 || end <= first)
    return;
  key.frames
      = sl_tile_zoom_at_most (MOST_WIDENING * SL_TILE_WIDTH * span / (view->width * key.scale));
  for (key.index = (gint64) first / key.frames; (double) (key.index * key.frames) < end;
       key.index++)
    g_array_append_val (keys, key);
}

static void
append_tile (const SlWaveformView *view,
             GdkTexture *texture,
             const SlTileKey *key,
             GtkSnapshot *snapshot)
{
  double left = file_x (view, key->index * key->frames);
  double right = file_x (view, (key->index + 1) * key->frames);
  double height = (double) key->height / key->scale;
  double top = floor ((view->height - height) / 2.0 * key->scale) / key->scale;

  if (right > left)
    gtk_snapshot_append_texture (snapshot, texture,
                                 &GRAPHENE_RECT_INIT (left, top, right - left, height));
}

/* Draws what there is of the zoom @frames inside the stretch of @missing. FALSE: nothing. */
static gboolean
append_zoom (const SlWaveformView *view,
             SlPeaks *peaks,
             const SlTileKey *missing,
             gint64 frames,
             GtkSnapshot *snapshot)
{
  gint64 start = missing->index * missing->frames;
  gint64 end = start + missing->frames;
  SlTileKey key = *missing;
  gboolean found = FALSE;

  key.frames = frames;
  for (key.index = start / frames; key.index * frames < end; key.index++)
    {
      GdkTexture *texture = sl_peaks_peek_tile (peaks, &key);

      if (texture != NULL)
        append_tile (view, texture, &key, snapshot);
      found = found || texture != NULL;
    }
  return found;
}

/* Stands in with the nearest zoom of which there is anything. */
static void
append_stand_in (const SlWaveformView *view,
                 SlPeaks *peaks,
                 const SlTileKey *missing,
                 GtkSnapshot *snapshot)
{
  double left = file_x (view, missing->index * missing->frames);
  double right = file_x (view, (missing->index + 1) * missing->frames);
  gboolean found = FALSE;

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (left, 0.0f, right - left, view->height));
  for (int step = 1; !found && step <= COARSER_STEPS; step++)
    {
      gint64 coarser = sl_tile_zoom_step (missing->frames, step);
      gint64 finer = step <= FINER_STEPS ? sl_tile_zoom_step (missing->frames, -step) : 0;

      if (coarser > 0)
        found = append_zoom (view, peaks, missing, coarser, snapshot);
      if (!found && finer > 0)
        found = append_zoom (view, peaks, missing, finer, snapshot);
    }
  gtk_snapshot_pop (snapshot);
}

void
sl_waveform_view_snapshot (const SlWaveformView *view,
                           SlPeaks *peaks,
                           const GArray *keys,
                           GtkSnapshot *snapshot)
{
  for (guint i = 0; i < keys->len; i++)
    {
      const SlTileKey *key = &g_array_index (keys, SlTileKey, i);
      GdkTexture *texture = sl_peaks_peek_tile (peaks, key);

      if (texture != NULL)
        append_tile (view, texture, key, snapshot);
      else
        append_stand_in (view, peaks, key, snapshot);
    }
}
