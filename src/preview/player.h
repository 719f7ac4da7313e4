/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plays a graph: a transport that never makes its caller wait. */
#pragma once

#include "preview/graph.h"
#include "preview/output.h"

G_BEGIN_DECLS

typedef struct _SlPlayer SlPlayer;

typedef enum
{
  SL_PLAYER_STOPPED,
  SL_PLAYER_PLAYING,
  SL_PLAYER_PAUSED,
  SL_PLAYER_ENDED, ///< the last frame has been heard; play starts again from 0
} SlPlayerState;

/** Told that state, device or problem may have changed. */
typedef void (*SlPlayerNotify) (SlPlayer *player, gpointer data);

/**
 * A player without a graph, on @output: sl_output_portaudio() or sl_output_null(). All functions
 * are called from the thread that made it, unless they say "any thread"; none waits, touches a file
 * or touches a device: a thread of the player's own does that, and starts here.
 */
SlPlayer *
sl_player_new (const SlOutputClass *output);

/**
 * Stops the sound, waits for the thread and frees; a thread that a dead device holds up for more
 * than 2 s is left behind. No notification comes any more. NULL is allowed.
 */
void
sl_player_free (SlPlayer *self);

/**
 * @notify is called from the main context that was the thread's default when the player was made,
 * never from inside a call of the player; several changes may become one call. NULL: nobody.
 */
void
sl_player_set_notify (SlPlayer *self, SlPlayerNotify notify, gpointer data);

/**
 * Plays @graph (taken; NULL: nothing to play) from now on. While playing, the sound crosses over in
 * 10 ms, at the same position; a position behind the new end moves to the end. Between graphs of
 * different rates the position stays the same time, and the device is opened anew. A graph longer
 * than one that has ended is stopped where that ended. Faders and faults begin anew.
 */
void
sl_player_set_graph (SlPlayer *self, SlGraph *graph);

/** Linear gain of a part of the current graph, heard about 0.2 s later, without a click. */
void
sl_player_set_gain (SlPlayer *self, guint part, double gain);

/** Mutes (FALSE) or unmutes a part of the current graph; its gain stays. */
void
sl_player_set_audible (SlPlayer *self, guint part, gboolean audible);

/** What is heard of the whole, linear, 0 to 1; exactly 1 leaves every sample as it is. */
void
sl_player_set_volume (SlPlayer *self, double volume);

/** Plays from the position; from 0 when it has ended. Without a graph: nothing. */
void
sl_player_play (SlPlayer *self);

/** Holds; play continues with the next frame, none is lost. */
void
sl_player_pause (SlPlayer *self);

/** Stops and goes back to where playing started last. */
void
sl_player_stop (SlPlayer *self);

/** Goes to @frame (clamped to the graph), playing or not; when it has ended, it is stopped there.
 */
void
sl_player_seek (SlPlayer *self, gint64 frame);

/** The frame of the graph that is heard now (0 to its length). Any thread. */
gint64
sl_player_get_position (SlPlayer *self);

/** What was last asked for, or what became of it. Any thread. */
SlPlayerState
sl_player_get_state (SlPlayer *self);

/**
 * Peaks since the last call, linear and before the volume, of the first @n channels that go to the
 * device; 0 for those it does not have. Any one thread.
 */
void
sl_player_get_peaks (SlPlayer *self, float *peaks, guint n);

/** How often the sound had to fall silent since the player was made, the file being too slow. */
guint
sl_player_get_underruns (SlPlayer *self);

/** Whether a sound device was there when last looked. TRUE until the first look. Any thread. */
gboolean
sl_player_has_device (SlPlayer *self);

/** Why there is no sound, or not all of it, as a sentence for people; NULL when all is well. */
char *
sl_player_dup_problem (SlPlayer *self);

/** Looks for a sound device; the notification tells when it is known. */
void
sl_player_probe_device (SlPlayer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlPlayer, sl_player_free)

G_END_DECLS
