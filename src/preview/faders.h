/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gains of a graph's parts, moved by one thread while another one plays. */
#pragma once

#include "preview/graph.h"

G_BEGIN_DECLS

/** Counted by reference. Not for the audio callback: it locks. */
typedef struct _SlFaders SlFaders;

/** As the graph wants them at the start. */
SlFaders *
sl_faders_new (const SlGraph *graph);

/** Another reference. Any thread. */
SlFaders *
sl_faders_ref (SlFaders *self);

/** Gives a reference back. NULL is allowed. Any thread. */
void
sl_faders_unref (SlFaders *self);

/** Sets the linear gain of a part; one that the graph does not have is ignored. Any thread. */
void
sl_faders_set_gain (SlFaders *self, guint part, double gain);

/** Mutes or unmutes a part; one that the graph does not have is ignored. Any thread. */
void
sl_faders_set_audible (SlFaders *self, guint part, gboolean audible);

/** What the part is to be multiplied by: 0 when muted. Any thread. */
double
sl_faders_get (SlFaders *self, guint part);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlFaders, sl_faders_unref)

G_END_DECLS
