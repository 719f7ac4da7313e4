/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How fast the music goes: a tempo to propose, never one to apply. */
#pragma once

#include "engine/base/grid.h"
#include "engine/measure/onsets.h"

G_BEGIN_DECLS

typedef struct
{
  double bpm;        ///< beats per minute, 70 to 180; 0: none that could be believed
  double confidence; ///< 0 to 1
} SlTempo;

/** From this confidence on there is a number. */
#define SL_TEMPO_SURE 0.5

/** No tempo is found above this. */
#define SL_TEMPO_MAX_BPM 180.0

/** So many seconds of onsets are enough. */
#define SL_TEMPO_MAX_SECONDS 90

/**
 * The tempo of what @meter has heard: the autocorrelation of its onsets summed over whole beats
 * (Scheirer 1998, Ellis 2007), then followed to the farthest beat, which makes it exact to about
 * 0.05 BPM. Which of a tempo, its half and its double is meant only people can tell: the one next
 * to 115 BPM that stands out is taken. Noise, drones, silence and less than 5 s give no number.
 */
SlTempo
sl_tempo_find (const SlOnsetMeter *meter);

/** @bpm as somebody would set it: whole when it is one, or else to the hundredth. */
SlBpm
sl_tempo_propose (double bpm);

/**
 * Whether music of @bpm goes with a song of @song_bpm: within 0.3 % they are the same, or count
 * the same beats as halves, thirds or quarters of each other's.
 */
gboolean
sl_tempo_fits (double bpm, double song_bpm);

G_END_DECLS
