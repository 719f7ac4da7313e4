/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing a source to disk as WAV (RF64 where WAV would overflow) or FLAC, and proving it. */
#pragma once

#include "engine/io/part.h"
#include "engine/io/reader.h"

G_BEGIN_DECLS

typedef enum
{
  SL_CONTAINER_WAV, ///< RF64 by itself above 4 GiB
  SL_CONTAINER_FLAC ///< working copies of lossy sources; PCM subtypes only
} SlContainer;

/** Bytes that a WAV of @frames will take; for asking whether they fit. */
gint64
sl_writer_predict_bytes (gint64 frames, int channels, SlSubtype subtype);

/** A file written, closed and read back, waiting for its name. */
typedef struct
{
  SlPart *part;        ///< sealed; commit or free it
  SlReadback readback; ///< what is on disk; equals what was written
  gint64 overs;        ///< samples beyond ±1.0 handed to the writer, before any clamp
  gint64 first_over;   ///< frame of the first, or -1
} SlRendered;

/**
 * Renders all of @source into a part of @final_path, seals it, opens it again, decodes it and
 * compares: frames equal source->length, format as asked, bytes equal those written. @taps listen
 * to what is read back. Samples beyond ±1.0 are counted and, for PCM, clipped; a sample that is not
 * finite is SL_ERROR_DECODE with its frame. SL_ERROR_NO_SPACE before the first byte when less than
 * the predicted size plus 5 % is free. A length of 0 is refused. Progress: writing is the first
 * 70 %. Not on main.
 */
gboolean
sl_render_file (SlSource *source,
                const char *final_path,
                SlContainer container,
                SlSubtype subtype,
                const SlTap *taps,
                guint n_taps,
                SlRendered *rendered,
                const SlProgress *progress,
                GError **error);

/** Frees the part if it is still there and clears the rest. */
void
sl_rendered_clear (SlRendered *rendered);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SlRendered, sl_rendered_clear)

G_END_DECLS
