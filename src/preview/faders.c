/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preview/faders.h"

typedef struct
{
  double gain;
  gboolean audible;
} Fader;

struct _SlFaders
{
  gatomicrefcount references;
  GMutex lock;
  guint n;
  Fader *faders;
};

SlFaders *
sl_faders_new (const SlGraph *graph)
{
  SlFaders *self = g_new0 (SlFaders, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);
  self->n = sl_graph_get_n_parts (graph);
  self->faders = g_new (Fader, self->n);
  for (guint i = 0; i < self->n; i++)
    {
      const SlGraphPart *part = sl_graph_get_part (graph, i);

      self->faders[i] = (Fader){ part->gain, part->audible };
    }
  return self;
}

SlFaders *
sl_faders_ref (SlFaders *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
sl_faders_unref (SlFaders *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->references))
    return;
  g_mutex_clear (&self->lock);
  g_free (self->faders);
  g_free (self);
}

void
sl_faders_set_gain (SlFaders *self, guint part, double gain)
{
  g_mutex_lock (&self->lock);
  if (part < self->n)
    self->faders[part].gain = gain;
  g_mutex_unlock (&self->lock);
}

void
sl_faders_set_audible (SlFaders *self, guint part, gboolean audible)
{
  g_mutex_lock (&self->lock);
  if (part < self->n)
    self->faders[part].audible = audible;
  g_mutex_unlock (&self->lock);
}

double
sl_faders_get (SlFaders *self, guint part)
{
  double gain;

  g_assert (part < self->n);
  g_mutex_lock (&self->lock);
  gain = self->faders[part].audible ? self->faders[part].gain : 0.0;
  g_mutex_unlock (&self->lock);
  return gain;
}
