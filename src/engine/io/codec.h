/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libsndfile over SlFile: the one place that opens an SNDFILE. */
#pragma once

#include "engine/io/reader.h"

#include <sndfile.h>

G_BEGIN_DECLS

/** An open codec. Zero it before opening; the file is borrowed and must outlive it. */
typedef struct
{
  SlFile *file;
  SNDFILE *sndfile;
  SF_INFO sf;
  gint64 reached;   ///< highest offset that decoding has asked for
  gboolean writing; ///< encoding, not decoding
} SlCodec;

/**
 * Starts decoding @file from its first byte; @info (may be NULL) is what its header says.
 * SL_ERROR_OPEN or SL_ERROR_DECODE. The caller closes in any case.
 */
gboolean
sl_codec_open_reading (SlCodec *self, SlFile *file, SlFileInfo *info, GError **error);

/** Starts encoding into @file. @format is an SF_FORMAT_*. SL_ERROR_WRITE or SL_ERROR_INVALID. */
gboolean
sl_codec_open_writing (SlCodec *self,
                       SlFile *file,
                       int format,
                       int channels,
                       int rate_hz,
                       GError **error);

/**
 * Whether a read or write of audio went well so far: FALSE with the first error of the file, or
 * with that of the codec at @frame (SL_ERROR_DECODE, SL_ERROR_WRITE). To be asked after every
 * call: libsndfile forgets its error at the next one.
 */
gboolean
sl_codec_check (const SlCodec *self, gint64 frame, GError **error);

/** Finishes the file when it was being written: what that meets, sl_file_check() tells. */
void
sl_codec_close (SlCodec *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SlCodec, sl_codec_close)

/** Fills @info from what libsndfile found out. */
void
sl_codec_describe (SlCodec *self, SlFileInfo *info);

G_END_DECLS
