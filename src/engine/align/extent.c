/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/extent.h"

#include "engine/base/units.h"

/* Longer fades than this are as good as endless; keeps the conversion to frames in range. */
#define MAX_FADE_MS 1e9

SlExtent
sl_extent_make (const SlPlanOptions *options, gint64 shift, gint64 end)
{
  return (SlExtent){ options, shift, MAX (0, -shift), end };
}

gint64
sl_extent_natural_end (const SlExtent *extent)
{
  return extent->shift + extent->options->source_length;
}

gint64
sl_extent_gap (const SlExtent *extent)
{
  return extent->end - sl_extent_natural_end (extent);
}

gint64
sl_extent_room (const SlExtent *extent)
{
  return extent->options->source_length - extent->first;
}

gboolean
sl_extent_keeps_ending (const SlExtent *extent)
{
  return extent->options->ending == SL_ENDING_KEEP;
}

gint64
sl_extent_min_body (const SlExtent *extent)
{
  return MAX (1, sl_frames_from_ms (SL_MIN_BODY_MS, extent->options->rate_hz));
}

gint64
sl_extent_fade (const SlExtent *extent, double default_ms, gint64 limit)
{
  const SlPlanOptions *options = extent->options;
  double ms = options->fade_ms >= 0.0 ? MIN (options->fade_ms, MAX_FADE_MS) : default_ms;

  return MIN (sl_frames_from_ms (ms, options->rate_hz), limit);
}
