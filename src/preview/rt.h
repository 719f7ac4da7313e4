/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What runs in the audio callback, and the one struct through which others speak to it. */
#pragma once

#include "engine/base/units.h"
#include "preview/ring.h"

G_BEGIN_DECLS

/** Zero it, set ring and fade_frames while no device runs, then let the device call sl_rt_fill().
 */
typedef struct
{
  /* borrowed */
  SlRing *ring;       ///< what is played
  gint64 fade_frames; ///< how long the gate takes to open and to shut

  /* the feeder speaks */
  _Atomic guint request;   ///< a count of requests × SL_RT_STEP, plus SL_RT_OPEN and SL_RT_SOFT
  _Atomic gboolean ending; ///< what is in the ring is all there will be
  _Atomic float volume;    ///< linear

  /* the callback answers */
  _Atomic guint answer;     ///< the last request that is carried out
  _Atomic gboolean drained; ///< ending, and the last frame has been taken
  _Atomic gint64 taken;     ///< frames taken from the ring, ever
  _Atomic gint64 silent;    ///< frames of silence since the last of those
  _Atomic guint calls;      ///< how often the device has asked
  _Atomic guint underruns;  ///< how often the ring was empty too early
  _Atomic float peaks[SL_MAX_CHANNELS];

  /* the callback's own */
  gint64 gate;   ///< 0: shut, fade_frames: open
  gint64 peeked; ///< frames heard while the gate shuts; they are heard again
  gboolean shutting;
  gboolean starving; ///< waits for the ring to be filled again
  float volume_now;
} SlRt;

#define SL_RT_OPEN 1u ///< the gate shall be open, else shut
#define SL_RT_SOFT 2u ///< open gently, the sound not being at its start
#define SL_RT_STEP 4u

/** Fills @out (interleaved) with @frames frames for an SlRt. Real time. */
void
sl_rt_fill (float *out, gint64 frames, gpointer rt);

/** Shuts the gate at once and carries out any request. Only while no device runs. */
void
sl_rt_reset (SlRt *self);

G_END_DECLS
