/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Play, pause, stop, where it is, and what is listened to. */
#pragma once

#include "app/listening.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_TRANSPORT (sl_transport_get_type ())
G_DECLARE_FINAL_TYPE (SlTransport, sl_transport, SL, TRANSPORT, GtkWidget)

/** Binds it. The playhead of @range follows the player, and the player goes where @range is asked
 *  to. */
void
sl_transport_set_listening (SlTransport *self, SlListening *listening, SlTimeRange *range);

/** Plays, or pauses. */
void
sl_transport_toggle (SlTransport *self);

/** What “listen to the seam” and its repeat play: frames @start to @end of the song; the same
 *  twice: there is no seam. */
void
sl_transport_set_seam (SlTransport *self, gint64 start, gint64 end);

/** Plays that stretch, once, unless it is being repeated. */
void
sl_transport_listen_to_seam (SlTransport *self);

/** Whether there is such a stretch, and sound. */
gboolean
sl_transport_can_listen_to_seam (SlTransport *self);

void
sl_transport_set_narrow (SlTransport *self, gboolean narrow);

G_END_DECLS
