/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/waveform_audio.h"

#include "app/drawing.h"
#include "app/waveform_tiles.h"

/* From this height on, in pixels, two channels are shown apart. */
#define SPLIT_HEIGHT 72

/* Pictures are made in steps of so many pixels of height. */
#define HEIGHT_STEP 4

/* Peaks are lighter than RMS by this. */
#define PEAK_ALPHA 0.45

void
sl_waveform_audio_clear (SlWaveformAudio *self)
{
  sl_waveform_audio_hide (self);
  g_clear_object (&self->peaks);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->digest_hex, g_free);
}

static void
prepare (SlWaveformAudio *self)
{
  if (self->peaks != NULL && self->digest_hex != NULL)
    sl_peaks_prepare (self->peaks, self->path, self->digest_hex, self->vouched);
}

void
sl_waveform_audio_set_peaks (SlWaveformAudio *self, SlPeaks *peaks)
{
  sl_waveform_audio_hide (self);
  g_set_object (&self->peaks, peaks);
  prepare (self);
}

void
sl_waveform_audio_set_file (SlWaveformAudio *self,
                            const char *path,
                            const char *digest_hex,
                            gint64 dest_offset,
                            gboolean vouched)
{
  if (g_strcmp0 (path, self->path) == 0 && g_strcmp0 (digest_hex, self->digest_hex) == 0
      && dest_offset == self->dest_offset && vouched == self->vouched)
    return;
  sl_waveform_audio_hide (self);
  g_free (self->path);
  self->path = g_strdup (path);
  g_free (self->digest_hex);
  self->digest_hex = g_strdup (digest_hex);
  self->dest_offset = dest_offset;
  self->vouched = vouched;
  prepare (self);
}

void
sl_waveform_audio_hide (SlWaveformAudio *self)
{
  g_clear_pointer (&self->tiles, g_array_unref);
  if (self->peaks != NULL)
    sl_peaks_show_tiles (self->peaks, self, NULL, 0);
}

static gboolean
same_tiles (const GArray *a, const GArray *b)
{
  if (a == NULL || b == NULL || a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!sl_tile_key_equal (&g_array_index (a, SlTileKey, i), &g_array_index (b, SlTileKey, i)))
      return FALSE;
  return TRUE;
}

/* Asking is not free: while nothing new is in sight, nothing is asked for. */
static void
show_tiles (SlWaveformAudio *self, GArray *tiles)
{
  if (same_tiles (tiles, self->tiles))
    return;
  g_clear_pointer (&self->tiles, g_array_unref);
  self->tiles = g_array_ref (tiles);
  sl_peaks_show_tiles (self->peaks, self, (const SlTileKey *) (gpointer) tiles->data, tiles->len);
}

static SlTileColors
get_colors (GtkWidget *widget)
{
  GdkRGBA color = sl_widget_color (widget);

  return (SlTileColors){ sl_color_pack (sl_color_fade (color, PEAK_ALPHA)), sl_color_pack (color),
                         sl_color_pack (sl_widget_named_color (widget, "error_bg_color")) };
}

/* FALSE when there is nothing to draw (yet). */
static gboolean
get_view (SlWaveformAudio *self, SlTimeRange *range, GtkWidget *widget, SlWaveformView *view)
{
  *view = (SlWaveformView){ .range = range,
                            .dest_offset = self->dest_offset,
                            .width = gtk_widget_get_width (widget),
                            .height = gtk_widget_get_height (widget) };
  if (self->peaks == NULL || self->digest_hex == NULL
      || sl_peaks_get_state (self->peaks, self->digest_hex, &view->info) != SL_PEAKS_READY)
    return FALSE;
  g_strlcpy (view->key.digest_hex, self->digest_hex, sizeof view->key.digest_hex);
  view->key.scale = gtk_widget_get_scale_factor (widget);
  view->key.height = view->height / HEIGHT_STEP * HEIGHT_STEP * view->key.scale;
  view->key.split = view->height >= SPLIT_HEIGHT;
  view->key.colors = get_colors (widget);
  return view->key.height > 0;
}

void
sl_waveform_audio_snapshot (SlWaveformAudio *self,
                            SlTimeRange *range,
                            GtkWidget *widget,
                            GtkSnapshot *snapshot)
{
  g_autoptr (GArray) tiles = g_array_new (FALSE, FALSE, sizeof (SlTileKey));
  SlWaveformView view;

  if (!get_view (self, range, widget, &view))
    return;
  sl_waveform_view_list_tiles (&view, tiles);
  show_tiles (self, tiles);
  sl_waveform_view_snapshot (&view, self->peaks, tiles, snapshot);
}
