/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An output that nobody hears, at the pace of one that somebody does. */
#include "preview/output.h"

#include <stdatomic.h>

/* Asked for at once, at 100 Hz. */
#define PERIODS_PER_SECOND 100

typedef struct
{
  SlOutput base;
  SlOutputFill fill;
  gpointer data;
  GThread *thread; // owned, while started
  atomic_bool running;
  float *block; ///< one period
} NullOutput;

static gint64
period (const NullOutput *self)
{
  return MAX (self->base.rate_hz / PERIODS_PER_SECOND, 1);
}

static gpointer
run (gpointer data)
{
  NullOutput *self = data;
  gint64 start = g_get_monotonic_time ();

  for (gint64 asked = 0; atomic_load (&self->running); asked += period (self))
    {
      gint64 due = start + asked * G_USEC_PER_SEC / self->base.rate_hz;

      g_usleep ((gulong) MAX (due - g_get_monotonic_time (), 0));
      self->fill (self->block, period (self), self->data);
    }
  return NULL;
}

static SlOutput *
null_open (int rate_hz, int channels, SlOutputFill fill, gpointer data, GError **error)
{
  NullOutput *self = g_new0 (NullOutput, 1);

  self->base = (SlOutput){ sl_output_null (), rate_hz, channels };
  self->fill = fill;
  self->data = data;
  self->block = g_new (float, period (self) * channels);
  return &self->base;
}

static gboolean
null_start (SlOutput *output, GError **error)
{
  NullOutput *self = (NullOutput *) output;

  atomic_store (&self->running, TRUE);
  self->thread = g_thread_new ("seamline-null", run, self);
  return TRUE;
}

static void
null_stop (SlOutput *output)
{
  NullOutput *self = (NullOutput *) output;

  atomic_store (&self->running, FALSE);
  g_clear_pointer (&self->thread, g_thread_join);
}

static void
null_close (SlOutput *output)
{
  NullOutput *self = (NullOutput *) output;

  null_stop (output);
  g_free (self->block);
  g_free (self);
}

static gint64
null_latency (SlOutput *output)
{
  return 0;
}

static gboolean
null_probe (GError **error)
{
  return TRUE;
}

const SlOutputClass *
sl_output_null (void)
{
  static const SlOutputClass klass
      = { null_open, null_start, null_stop, null_close, null_latency, null_probe };

  return &klass;
}
