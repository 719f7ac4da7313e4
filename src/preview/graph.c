/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preview/graph.h"

#include "engine/base/units.h"

struct _SlGraph
{
  gatomicrefcount references;
  int rate_hz;
  int channels;
  gint64 length;
  GArray *parts; ///< SlGraphPart
};

static void
clear_part (gpointer part)
{
  g_free (((SlGraphPart *) part)->path);
}

SlGraph *
sl_graph_new (int rate_hz, int channels, gint64 length)
{
  SlGraph *self = g_new0 (SlGraph, 1);

  g_assert (rate_hz >= 1 && channels >= 1 && channels <= SL_MAX_CHANNELS && length >= 0);
  g_atomic_ref_count_init (&self->references);
  self->rate_hz = rate_hz;
  self->channels = channels;
  self->length = length;
  self->parts = g_array_new (FALSE, FALSE, sizeof (SlGraphPart));
  g_array_set_clear_func (self->parts, clear_part);
  return self;
}

SlGraph *
sl_graph_ref (SlGraph *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
sl_graph_unref (SlGraph *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->references))
    return;
  g_array_unref (self->parts);
  g_free (self);
}

static SlGraphPart *
get_part (const SlGraph *self, guint part)
{
  g_assert (part < self->parts->len);
  return &g_array_index (self->parts, SlGraphPart, part);
}

guint
sl_graph_add (SlGraph *self, const char *path, double gain)
{
  SlGraphPart part = { .path = g_strdup (path), .gain = gain, .audible = TRUE };

  g_array_append_val (self->parts, part);
  return self->parts->len - 1;
}

void
sl_graph_set_audible (SlGraph *self, guint part, gboolean audible)
{
  get_part (self, part)->audible = audible;
}

void
sl_graph_set_offset (SlGraph *self, guint part, gint64 frame)
{
  get_part (self, part)->offset = frame;
}

int
sl_graph_get_rate (const SlGraph *self)
{
  return self->rate_hz;
}

int
sl_graph_get_channels (const SlGraph *self)
{
  return self->channels;
}

gint64
sl_graph_get_length (const SlGraph *self)
{
  return self->length;
}

guint
sl_graph_get_n_parts (const SlGraph *self)
{
  return self->parts->len;
}

const SlGraphPart *
sl_graph_get_part (const SlGraph *self, guint part)
{
  return get_part (self, part);
}
