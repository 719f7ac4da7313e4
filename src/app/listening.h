/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is heard: which stage, which tracks alone, and the player that plays them. Main thread. */
#pragma once

#include "app/track.h"
#include "preview/player.h"

G_BEGIN_DECLS

#define SL_TYPE_LISTENING (sl_listening_get_type ())
G_DECLARE_FINAL_TYPE (SlListening, sl_listening, SL, LISTENING, GObject)

/** Signals: "solo-changed"; "changed": state, stage, device or problem of the player. */
SlListening *
sl_listening_new (SlDocument *document);

/** Borrowed. */
SlPlayer *
sl_listening_get_player (SlListening *self);

void
sl_listening_set_stage (SlListening *self, SlStage stage);

/** Whether anything can be heard. */
gboolean
sl_listening_has_sound (SlListening *self);

/** Hears @track alone, with others that are alone too. */
void
sl_listening_set_solo (SlListening *self, const SlTrack *track, gboolean solo);

gboolean
sl_listening_is_solo (SlListening *self, const SlTrack *track);

G_END_DECLS
