/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notes made of decaying partials, for the example project. */
#pragma once

#include "engine/io/source.h"

G_BEGIN_DECLS

/** Most partials of one note. */
#define SL_TIMBRE_PARTIALS 8

/** What an instrument sounds like. */
typedef struct
{
  double ratios[SL_TIMBRE_PARTIALS]; ///< frequency over that of the note; 0: none
  double levels[SL_TIMBRE_PARTIALS]; ///< linear
  double decay_seconds;              ///< to 1/e at ratio 1, shorter above; 0: sustained
  int attack_ms;
  int release_ms; ///< after the note's length
} SlTimbre;

typedef struct
{
  gint64 start;  ///< frame; may lie before the source's first
  gint64 length; ///< frames until its release
  double hz;
  double level; ///< linear
  double pan;   ///< -1 left to 1 right; without meaning in mono
  const SlTimbre *timbre;
} SlNote;

/**
 * A source of @length frames that plays @notes (an array of SlNote, taken). @channels is 1 or 2.
 * The same notes give the same bits, wherever a read starts.
 */
SlSource *
sl_synth_new (GArray *notes, int channels, int rate_hz, gint64 length);

G_END_DECLS
