/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/io/source.h"

#include "engine/base/error.h"
#include "engine/base/units.h"

#include <glib/gi18n-lib.h>

void
sl_source_init (SlSource *self,
                const SlSourceClass *klass,
                int channels,
                int rate_hz,
                gint64 length)
{
  g_assert (channels >= 1 && channels <= SL_MAX_CHANNELS);
  g_assert (rate_hz >= 1 && length >= 0);

  self->klass = klass;
  self->channels = channels;
  self->rate_hz = rate_hz;
  self->length = length;
  self->position = 0;
  self->failure = NULL;
}

/* Keeps @taken as the error that sticks and gives the caller a copy. */
static void
stick (SlSource *self, GError *taken, GError **error)
{
  g_assert (taken != NULL);
  self->failure = taken;
  g_propagate_error (error, g_error_copy (taken));
}

static gboolean
has_failed (SlSource *self, GError **error)
{
  if (self->failure == NULL)
    return FALSE;
  g_propagate_error (error, g_error_copy (self->failure));
  return TRUE;
}

gint64
sl_source_read (SlSource *self, float *out, gint64 frames, GError **error)
{
  GError *failure = NULL;
  gint64 wanted = MIN (frames, self->length - self->position);
  gint64 got;

  if (has_failed (self, error))
    return -1;
  if (wanted <= 0)
    return 0;
  got = self->klass->read (self, out, wanted, &failure);
  if (got < 0)
    {
      stick (self, failure, error);
      return -1;
    }
  self->position += got;
  return got;
}

gboolean
sl_source_seek (SlSource *self, gint64 frame, GError **error)
{
  GError *failure = NULL;

  g_assert (frame >= 0 && frame <= self->length);
  if (has_failed (self, error))
    return FALSE;
  if (frame == self->position)
    return TRUE;
  if (!self->klass->seek (self, frame, &failure))
    {
      stick (self, failure, error);
      return FALSE;
    }
  self->position = frame;
  return TRUE;
}

gboolean
sl_source_read_at (SlSource *self, gint64 frame, float *out, gint64 frames, GError **error)
{
  gint64 got;

  if (!sl_source_seek (self, frame, error))
    return FALSE;
  got = sl_source_read (self, out, frames, error);
  if (got < 0)
    return FALSE;
  if (got < frames)
    {
      g_autofree char *where = g_strdup_printf ("%" G_GINT64_FORMAT, frame + got);
      GError *failure = g_error_new (SL_ERROR, SL_ERROR_DECODE,
                                     _ ("The audio ends early, at frame %s."), where);
      stick (self, failure, error);
      return FALSE;
    }
  return TRUE;
}

void
sl_source_free (SlSource *self)
{
  if (self == NULL)
    return;
  g_clear_error (&self->failure);
  self->klass->free (self);
}
