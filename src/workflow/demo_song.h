/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The music of the example project: twenty bars in A minor, computed. */
#pragma once

#include "engine/base/grid.h"
#include "engine/io/source.h"

G_BEGIN_DECLS

#define SL_DEMO_RATE_HZ 48000
#define SL_DEMO_BARS 20
#define SL_DEMO_BEATS_PER_BAR 4

typedef enum
{
  SL_DEMO_BASS,    ///< mono
  SL_DEMO_GUITARS, ///< this and all others: stereo
  SL_DEMO_KEYS,
  SL_DEMO_SYNTHS,
  SL_DEMO_VOCALS,
  SL_DEMO_PLUCK,
  SL_DEMO_BRIDGE,
  SL_DEMO_N_PARTS
} SlDemoPart;

/** 120 beats per minute from frame 0. */
SlGrid
sl_demo_grid (void);

/** Length of the song: its last bar line. */
gint64
sl_demo_length (void);

/** First frame of the bars in which the bridge is played. */
gint64
sl_demo_bridge_start (void);

/** @part as it sounds in the song from frame @start on, @length frames of it. */
SlSource *
sl_demo_part_new (SlDemoPart part, gint64 start, gint64 length);

/** The whole song: all parts and the default drum pattern. */
SlSource *
sl_demo_mix_new (GError **error);

G_END_DECLS
