/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/render.h"

#include "engine/align/crossfade.h"
#include "engine/align/spans.h"
#include "engine/base/units.h"

#include <string.h>

typedef struct
{
  SlSource base;
  SlPlan *plan;
  SlSource *source;
  guint segment;   ///< first that ends after the position
  float *entering; ///< a block of the later segment of an overlap
  double *gain_a;  ///< gains of a block
  double *gain_b;
} PlanSource;

static inline void
mix_frames (float *restrict out,
            const float *restrict entering,
            const double *restrict a,
            const double *restrict b,
            gint64 frames,
            int channels)
{
  for (gint64 i = 0; i < frames; i++)
    for (int c = 0; c < channels; c++)
      out[i * channels + c]
          = (float) (a[i] * out[i * channels + c] + b[i] * entering[i * channels + c]);
}

/* The channel count as a constant lets the compiler vectorise the common cases. */
static void
mix (float *out,
     const float *entering,
     const double *a,
     const double *b,
     gint64 frames,
     int channels)
{
  if (channels == 1)
    mix_frames (out, entering, a, b, frames, 1);
  else if (channels == 2)
    mix_frames (out, entering, a, b, frames, 2);
  else
    mix_frames (out, entering, a, b, frames, channels);
}

static gboolean
read_segment (PlanSource *self, guint index, gint64 at, float *out, gint64 frames, GError **error)
{
  return sl_source_read_at (self->source, sl_span_source_frame (self->plan, index, at), out, frames,
                            error);
}

static gboolean
render_cross (PlanSource *self,
              const SlSpan *span,
              gint64 at,
              float *out,
              gint64 frames,
              GError **error)
{
  const SlSegment *right = &g_array_index (self->plan->segments, SlSegment, span->segment + 1);

  if (!read_segment (self, span->segment, at, out, frames, error)
      || !read_segment (self, span->segment + 1, at, self->entering, frames, error))
    return FALSE;
  sl_crossfade_fill (at - span->start, frames, span->end - span->start, right->correlation,
                     self->gain_a, self->gain_b);
  mix (out, self->entering, self->gain_a, self->gain_b, frames, self->base.channels);
  return TRUE;
}

/* Against silence the law has r = 1: its two gains are the linear ramps. */
static gboolean
render_fade (PlanSource *self,
             const SlSpan *span,
             gint64 at,
             float *out,
             gint64 frames,
             GError **error)
{
  gint64 length = span->end - span->start;
  int channels = self->base.channels;

  if (!read_segment (self, span->segment, at, out, frames, error))
    return FALSE;
  for (gint64 i = 0; i < frames; i++)
    {
      double t = sl_crossfade_position (at - span->start + i, length);
      double gain = span->kind == SL_SPAN_FADE_IN ? t : 1.0 - t;

      for (int c = 0; c < channels; c++)
        out[i * channels + c] = (float) (gain * out[i * channels + c]);
    }
  return TRUE;
}

static gboolean
render_span (PlanSource *self,
             const SlSpan *span,
             gint64 at,
             float *out,
             gint64 frames,
             GError **error)
{
  switch (span->kind)
    {
    case SL_SPAN_SILENCE:
      memset (out, 0, (gsize) (frames * self->base.channels) * sizeof (float));
      return TRUE;
    case SL_SPAN_COPY:
      return read_segment (self, span->segment, at, out, frames, error);
    case SL_SPAN_FADE_IN:
    case SL_SPAN_FADE_OUT:
      return render_fade (self, span, at, out, frames, error);
    case SL_SPAN_CROSS:
      return render_cross (self, span, at, out, frames, error);
    }
  g_assert_not_reached ();
}

static gint64
plan_source_read (SlSource *source, float *out, gint64 frames, GError **error)
{
  PlanSource *self = (PlanSource *) source;
  gint64 done = 0;

  while (done < frames)
    {
      gint64 at = source->position + done;
      SlSpan span = sl_span_at (self->plan, &self->segment, at);
      gint64 n = MIN (frames - done, span.end - at);

      if (span.kind == SL_SPAN_CROSS)
        n = MIN (n, SL_BLOCK_FRAMES);
      if (!render_span (self, &span, at, out + done * source->channels, n, error))
        return -1;
      done += n;
    }
  return done;
}

static gboolean
plan_source_seek (SlSource *source, gint64 frame, GError **error)
{
  PlanSource *self = (PlanSource *) source;

  self->segment = sl_plan_segment_at (self->plan, frame);
  return TRUE;
}

static void
plan_source_free (SlSource *source)
{
  PlanSource *self = (PlanSource *) source;

  sl_plan_free (self->plan);
  sl_source_free (self->source);
  g_free (self->entering);
  g_free (self->gain_a);
  g_free (self->gain_b);
  g_free (self);
}

SlSource *
sl_plan_source_new (const SlPlan *plan, SlSource *source, GError **error)
{
  static const SlSourceClass klass = { plan_source_read, plan_source_seek, plan_source_free };
  g_autoptr (SlSource) taken = source;
  PlanSource *self;

  if (!sl_plan_check_source (plan, source, error) || !sl_plan_validate (plan, error))
    return NULL;
  self = g_new0 (PlanSource, 1);
  sl_source_init (&self->base, &klass, source->channels, source->rate_hz, plan->target);
  self->plan = sl_plan_copy (plan);
  self->source = g_steal_pointer (&taken);
  self->entering = g_new (float, (gsize) SL_BLOCK_FRAMES *(gsize) source->channels);
  self->gain_a = g_new (double, SL_BLOCK_FRAMES);
  self->gain_b = g_new (double, SL_BLOCK_FRAMES);
  return &self->base;
}
