/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way from a graph to the device: files, ring and gate. All of it belongs to the feeder. */
#pragma once

#include "preview/desk.h"
#include "preview/output.h"

G_BEGIN_DECLS

typedef struct _SlStream SlStream;

/** Nothing is opened yet. @desk is borrowed. */
SlStream *
sl_stream_new (SlDesk *desk, const SlOutputClass *klass);

/** Closes everything. */
void
sl_stream_free (SlStream *self);

/** Plays @graph (copied by reference, NULL: nothing) with @faders from now on, where it stands. */
void
sl_stream_set_graph (SlStream *self, SlGraph *graph, SlFaders *faders);

/** Goes to @frame of the graph. */
void
sl_stream_seek (SlStream *self, gint64 frame);

/**
 * Opens device and files where needed, reads ahead and lets the sound out; to be called at least
 * every 100 ms while playing. FALSE when there is no device, or no file: the desk has been told
 * why.
 */
gboolean
sl_stream_run (SlStream *self);

/** Holds the sound, gently. */
void
sl_stream_hold (SlStream *self);

/** Gives device and files back; the position stays. */
void
sl_stream_close (SlStream *self);

/** Whether a device is open. */
gboolean
sl_stream_is_open (const SlStream *self);

/** Whether the last frame has been heard. */
gboolean
sl_stream_has_ended (const SlStream *self);

/** Whether the device has stopped asking for sound. */
gboolean
sl_stream_has_stalled (SlStream *self);

G_END_DECLS
