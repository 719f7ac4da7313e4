/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One audio file as something to draw: its cache file, and its samples where they may be read. Used
 * by several threads, one at a time; whatever reads is not for main. */
#pragma once

#include "app/tile_key.h"
#include "engine/base/progress.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _SlWaveformFile SlWaveformFile;

/** The audio @digest_hex at @path, its waveform in @cache_path. For @vouched see
 *  sl_peaks_prepare(). */
SlWaveformFile *
sl_waveform_file_new (const char *path,
                      const char *digest_hex,
                      const char *cache_path,
                      gboolean vouched);

SlWaveformFile *
sl_waveform_file_ref (SlWaveformFile *self);

void
sl_waveform_file_unref (SlWaveformFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlWaveformFile, sl_waveform_file_unref)

/** Borrowed; never changes. Any thread. */
const char *
sl_waveform_file_get_path (const SlWaveformFile *self);

const char *
sl_waveform_file_get_digest_hex (const SlWaveformFile *self);

/** From now on single samples may be read. Any thread, main too. */
void
sl_waveform_file_vouch (SlWaveformFile *self);

/**
 * Opens the cache file; has the helper process make it when it is missing, damaged or of other
 * audio. Errors of sl_probe_run() and sl_pyramid_open(); SL_ERROR_CHANGED when @path has other
 * bytes than the digest says.
 */
gboolean
sl_waveform_file_make (SlWaveformFile *self, const SlProgress *progress, GError **error);

/** Frames, channels and rate of a file that was opened. */
void
sl_waveform_file_get_shape (SlWaveformFile *self, gint64 *frames, int *channels, int *rate_hz);

/** Draws one picture, opening the cache file when it is closed. SL_ERROR_OPEN or SL_ERROR_DECODE
 *  when it is not there any more; it then has to be made again. */
GdkTexture *
sl_waveform_file_draw (SlWaveformFile *self, const SlTileKey *key, GError **error);

/** Closes what is open; drawing opens it again. */
void
sl_waveform_file_close (SlWaveformFile *self);

G_END_DECLS
