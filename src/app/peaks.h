/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The waveforms of one open project: has their cache files made, and their pictures drawn, in
 * threads of its own. Main thread; nothing here blocks. */
#pragma once

#include "app/tile_key.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_PEAKS (sl_peaks_get_type ())
G_DECLARE_FINAL_TYPE (SlPeaks, sl_peaks, SL, PEAKS, GObject)

typedef enum
{
  SL_PEAKS_UNKNOWN, ///< never asked for
  SL_PEAKS_MAKING,  ///< the helper is decoding, or the cache file is being opened
  SL_PEAKS_READY,
  SL_PEAKS_FAILED ///< cannot be decoded; not tried again until it is asked for with another path
} SlPeaksState;

/** What is known of one audio file once its waveform is ready. */
typedef struct
{
  gint64 frames;
  int channels;
  int rate_hz;
} SlPeaksInfo;

/** Keeps its files in @cache_folder, as "<digest>.peaks"; the folder may vanish at any time.
 *  Signal "changed" (const char *digest): its state is another one, or a picture has come. */
SlPeaks *
sl_peaks_new (const char *cache_folder);

/** Makes the waveform of the audio @digest_hex, which lies at @path, ready. @vouched: a file that
 *  was decoded to its end before, so that single samples may be read from it in this process. */
void
sl_peaks_prepare (SlPeaks *self, const char *path, const char *digest_hex, gboolean vouched);

/** @info is filled when ready; may be NULL. */
SlPeaksState
sl_peaks_get_state (SlPeaks *self, const char *digest_hex, SlPeaksInfo *info);

/** The picture @key, or NULL when it is not there (yet). Borrowed. */
GdkTexture *
sl_peaks_peek_tile (SlPeaks *self, const SlTileKey *key);

/**
 * Says which pictures @client (any pointer, as a name) shows now: the @n first of @keys, in the
 * order in which it would like to have them. Those that are missing are drawn; what it showed
 * before and shows no more is not. Nothing, when it is hidden or gone.
 */
void
sl_peaks_show_tiles (SlPeaks *self, gconstpointer client, const SlTileKey *keys, guint n);

G_END_DECLS
