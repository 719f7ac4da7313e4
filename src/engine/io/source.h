/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything that sounds: a stream of interleaved float frames of known length. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _SlSource SlSource;

typedef struct
{
  gint64 (*read) (SlSource *self, float *out, gint64 frames, GError **error);
  gboolean (*seek) (SlSource *self, gint64 frame, GError **error);
  void (*free) (SlSource *self);
} SlSourceClass;

/**
 * Base of every source; an implementation has it as its first member and fills it with
 * sl_source_init(). A source belongs to one thread at a time and shares nothing.
 */
struct _SlSource
{
  const SlSourceClass *klass;
  int channels;    ///< 1 to SL_MAX_CHANNELS
  int rate_hz;     ///< frames per second
  gint64 length;   ///< frames
  gint64 position; ///< next frame that read returns
  GError *failure; ///< the first error; sticks
};

/** Fills the base. For implementations. */
void
sl_source_init (SlSource *self,
                const SlSourceClass *klass,
                int channels,
                int rate_hz,
                gint64 length);

/**
 * Reads up to @frames frames into @out (channels × frames floats, interleaved). Returns fewer than
 * asked only at the end, 0 there, -1 with @error set when reading failed; the error sticks, every
 * later call returns -1 with a copy of it.
 */
gint64
sl_source_read (SlSource *self, float *out, gint64 frames, GError **error);

/**
 * Makes @frame (0 to length) the next frame. Does nothing when it already is. FALSE with @error
 * set, which sticks.
 */
gboolean
sl_source_seek (SlSource *self, gint64 frame, GError **error);

/** Seeks and reads exactly @frames frames; fewer is SL_ERROR_DECODE. */
gboolean
sl_source_read_at (SlSource *self, gint64 frame, float *out, gint64 frames, GError **error);

/** Frees the source and, where documented so, the sources that it owns. NULL is allowed. */
void
sl_source_free (SlSource *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlSource, sl_source_free)

/** Something that listens to a stream as it passes: a meter, a picture, a comparison. */
typedef struct
{
  /** Told once before the first block. May be NULL. */
  void (*begin) (gpointer self, int channels, int rate_hz);
  /** Given every block in order; FALSE with @error set stops the stream. */
  gboolean (*feed) (gpointer self, const float *samples, gint64 frames, GError **error);
  gpointer self;
} SlTap;

G_END_DECLS
