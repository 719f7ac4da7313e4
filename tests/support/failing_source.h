/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A silent source that breaks, for tests. */
#pragma once

#include "engine/base/error.h"
#include "engine/io/source.h"

#include <string.h>

typedef struct
{
  SlSource base;
  gint64 sound;  ///< frames before it breaks
  gboolean ends; ///< it breaks by ending early, not with an error
} FailingSource;

static inline gint64
failing_source_read (SlSource *source, float *out, gint64 frames, GError **error)
{
  FailingSource *self = (FailingSource *) source;
  gint64 n = MIN (frames, self->sound - source->position);

  if (n <= 0 && !self->ends)
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_DECODE, "broken");
      return -1;
    }
  memset (out, 0, (gsize) (n * source->channels) * sizeof (float));
  return n;
}

static inline gboolean
failing_source_seek (SlSource *source, gint64 frame, GError **error)
{
  return TRUE;
}

static inline void
failing_source_free (SlSource *source)
{
  g_free (source);
}

/* Claims @frames, gives @sound of them, then "broken" (SL_ERROR_DECODE) or, if it @ends, 0. */
static inline SlSource *
failing_source_new (int channels, int rate_hz, gint64 frames, gint64 sound, gboolean ends)
{
  static const SlSourceClass klass
      = { failing_source_read, failing_source_seek, failing_source_free };
  FailingSource *self = g_new0 (FailingSource, 1);

  sl_source_init (&self->base, &klass, channels, rate_hz, frames);
  self->sound = sound;
  self->ends = ends;
  return &self->base;
}
