/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An audio file as a source (libsndfile over SlFile). */
#pragma once

#include "engine/base/format.h"
#include "engine/io/file.h"
#include "engine/io/source.h"

G_BEGIN_DECLS

/** What a header says. Nothing here is proof: only decoding is. */
typedef struct
{
  int channels;
  int rate_hz;
  gint64 declared_frames; ///< G_MAXINT64 where the header does not say
  char container[16];     ///< "WAV", "RF64", "FLAC", "AIFF", "CAF", "OGG", "MP3", "W64", "OTHER"
  char encoding[16];    ///< "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "VORBIS", …, "OTHER"
  gboolean lossy;       ///< MP3, Ogg Vorbis, Opus and other codings that do not keep every bit
  gboolean is_wav;      ///< a plain WAV or RF64 that may be delivered as it is
  int bits;             ///< exact bits of a sample: 8, 16, 24; 24 for FLOAT; 32 and more: rounded
  gboolean has_subtype; ///< the coding is one that Seamline writes
  SlSubtype subtype;    ///< which one, when has_subtype
  char header_fault[160]; ///< what the parser had to repair, or empty
} SlFileInfo;

/** Whether a header_fault tells that audio may be missing: the size of the audio itself is wrong,
 * or the parser gave up. Wrong sizes around whole audio are only untidy. Any thread. */
gboolean
sl_header_fault_is_of_audio (const char *fault);

/**
 * Opens @path for decoding. @info may be NULL. SL_ERROR_OPEN for what cannot be opened,
 * SL_ERROR_DECODE for what is not audio, has 0 or more than 16 channels, or a rate outside 1 to
 * 768,000 Hz. The length is the declared one; a read that comes short of it is SL_ERROR_CHANGED
 * when the file is not as it was opened, else SL_ERROR_DECODE and only in sl_source_read_at(). A
 * lossy source refuses to seek anywhere but to its start.
 */
SlSource *
sl_reader_open (const char *path, SlFileInfo *info, GError **error);

/** sl_file_rest() of the file being read; reading goes on as if nothing had happened. */
gboolean
sl_reader_rest (SlSource *reader, GError **error);

/** fstat of the file being read; to be compared when work on it ends. */
gboolean
sl_reader_stat (SlSource *reader, SlStat *stat, GError **error);

/** What decoding a file from start to end has shown. */
typedef struct
{
  SlFileInfo info;
  gint64 frames;            ///< decoded, counted
  gint64 undecoded_bytes;   ///< bytes behind the audio that are no tag and were never decoded
  gboolean checksum_failed; ///< FLAC: the MD5 in its header is not that of its audio
  SlDigest digest;          ///< of the file's bytes
  SlStat stat;
} SlReadback;

/**
 * Decodes all of @path block by block, feeding each tap, counting frames; one more read must
 * return 0. Frames, digest and all else come from what was read, never from the header.
 * Progress is by bytes. SL_ERROR_OPEN, SL_ERROR_DECODE, SL_ERROR_CHANGED,
 * SL_ERROR_CANCELLED, or a tap's error.
 */
gboolean
sl_readback_run (const char *path,
                 const SlTap *taps,
                 guint n_taps,
                 SlReadback *result,
                 const SlProgress *progress,
                 GError **error);

G_END_DECLS
