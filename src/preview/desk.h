/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the player says what it wants and the feeder says what became of it. */
#pragma once

#include "preview/faders.h"
#include "preview/player.h"
#include "preview/rt.h"

G_BEGIN_DECLS

/** From what is heard to a frame of the graph. The device may play at another rate. */
typedef struct
{
  gint64 start;      ///< frame, at the device's rate, of the first one taken
  gint64 taken;      ///< frames that the callback had taken by then
  gint64 latency;    ///< frames between callback and ear
  int rate_hz;       ///< of the device
  int graph_rate_hz; ///< of the graph
} SlClock;

/** Counted by reference: a feeder that a dead device holds up may outlive its player. */
typedef struct
{
  gatomicrefcount references;
  GMutex lock;  ///< held for a few assignments, never over a call that could wait
  GCond wanted; ///< the player wants something
  GCond done;   ///< the feeder has ended

  /* what the player wants */
  guint serial; ///< counts the wishes
  gboolean quit;
  gboolean probe;
  gboolean playing;
  gint64 seek; ///< frame of the graph, or -1
  gboolean new_graph;
  SlGraph *graph;   // owned, may be NULL
  SlFaders *faders; // owned, of the graph

  /* what became of it */
  SlPlayerState state;
  gboolean ended; ///< the feeder has left
  gboolean has_device;
  char *device_problem; // owned, may be NULL
  char *graph_problem;  // owned, may be NULL
  SlClock clock;

  /* who is told */
  GMainContext *context; // owned
  GSource *telling;      // owned, until it has run
  GSourceFunc tell;
  gpointer tell_data;

  SlRt rt; ///< shared with the callback, without the lock
} SlDesk;

/** What the feeder has to do. */
typedef struct
{
  guint serial;
  gboolean quit;
  gboolean probe;
  gboolean playing;
  gint64 seek; ///< or -1
  gboolean new_graph;
  SlGraph *graph;   // owned, set when new_graph; may be NULL
  SlFaders *faders; // owned, as graph
} SlOrders;

SlDesk *
sl_desk_new (void);

SlDesk *
sl_desk_ref (SlDesk *self);

void
sl_desk_unref (SlDesk *self);

/** Has tell called soon from the context. Lock held. */
void
sl_desk_tell (SlDesk *self);

/** Counts a wish and wakes the feeder. Lock held. */
void
sl_desk_want (SlDesk *self);

/** The frame of the graph that is heard now. Lock held. */
gint64
sl_desk_get_frame (SlDesk *self);

/** Waits for a wish after @serial, at most @timeout_us (-1: forever); clears @orders and fills it.
 * A seek stays on the desk until sl_desk_set_clock(). */
void
sl_desk_wait (SlDesk *self, guint serial, gint64 timeout_us, SlOrders *orders);

/** Tells that playing has come to @state by itself, unless the player has since wanted more. */
void
sl_desk_come_to (SlDesk *self, guint serial, SlPlayerState state);

/** Starts a new count of frames, which carries out a seek to @target (-1: none). */
void
sl_desk_set_clock (SlDesk *self, const SlClock *clock, gint64 target);

/** Tells whether there is a device; @problem (taken) why its sound cannot be heard, or NULL. */
void
sl_desk_set_device (SlDesk *self, gboolean has_device, char *problem);

/** Tells what is wrong with the graph's files; @problem is taken, NULL when nothing is. */
void
sl_desk_set_graph_problem (SlDesk *self, char *problem);

/** Gives back what @orders owns. */
void
sl_orders_clear (SlOrders *orders);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SlOrders, sl_orders_clear)

G_END_DECLS
