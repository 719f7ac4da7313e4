/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Peak, RMS, clipping, DC: what one pass over a stream tells. */
#pragma once

#include "engine/io/source.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 frames;
  int channels;
  double peak;              ///< largest |sample|, linear
  gint64 peak_frame;        ///< its frame; 0 when silent
  double rms;               ///< over all samples of all channels, linear
  double active_rms;        ///< over 400 ms windows (the last may be shorter) above -70 dBFS; or 0
  gint64 near_clip_samples; ///< samples with |sample| ≥ 0.99
  gint64 over_samples;      ///< samples with |sample| > 1.0
  gint64 first_over;        ///< frame of the first of them, or -1
  gint64 nonfinite_samples; ///< NaN and infinity; they count nowhere else
  gint64 first_nonfinite;   ///< frame of the first of them, or -1
  double dc;                ///< the channel mean farthest from 0, linear, signed
} SlLevels;

/** Samples at or above this count as clipping. */
#define SL_NEAR_CLIP 0.99

typedef struct _SlLevelMeter SlLevelMeter;

SlLevelMeter *
sl_level_meter_new (void);

/** The meter as a listener. */
SlTap
sl_level_meter_tap (SlLevelMeter *self);

/** What has been heard so far. */
SlLevels
sl_level_meter_result (const SlLevelMeter *self);

void
sl_level_meter_free (SlLevelMeter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlLevelMeter, sl_level_meter_free)

/** near_clip_samples over frames × channels; 0 when there are none. */
double
sl_levels_clip_ratio (const SlLevels *levels);

/** Crest factor, peak over RMS, in dB; 0 for silence. */
double
sl_levels_crest_db (const SlLevels *levels);

G_END_DECLS
