/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/render.h"

#include "engine/align/spans.h"
#include "engine/base/error.h"
#include "engine/base/units.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Partial results kept apart in a loop over samples. */
#define LANES 8

struct _SlIdentityCheck
{
  SlPlan *plan;
  SlSource *source; ///< borrowed
  double tolerance;
  int channels;    ///< of the stream, once it has begun
  gint64 position; ///< next target frame
  guint segment;   ///< first that ends after the position
  float *expected; ///< a block
  SlIdentityResult result;
};

SlIdentityCheck *
sl_identity_check_new (const SlPlan *plan, SlSource *source, double tolerance)
{
  SlIdentityCheck *self = g_new0 (SlIdentityCheck, 1);

  self->plan = sl_plan_copy (plan);
  self->source = source;
  self->tolerance = tolerance;
  self->channels = source->channels;
  self->expected = g_new (float, (gsize) SL_BLOCK_FRAMES *(gsize) source->channels);
  self->result.first_wrong = -1;
  return self;
}

void
sl_identity_check_free (SlIdentityCheck *self)
{
  if (self == NULL)
    return;
  sl_plan_free (self->plan);
  g_free (self->expected);
  g_free (self);
}

SlIdentityResult
sl_identity_check_result (const SlIdentityCheck *self)
{
  return self->result;
}

static void
count_wrong (SlIdentityCheck *self, gint64 frame, double difference)
{
  self->result.wrong++;
  if (self->result.first_wrong < 0)
    self->result.first_wrong = frame;
  /* A difference that is not a number is as wrong as can be. */
  self->result.worst = MAX (self->result.worst, isnan (difference) ? INFINITY : difference);
}

/* Whether every sample is within the tolerance; if so, *@worst is the largest difference. Maxima
 * and misses are kept in lanes, so that the loop can be vectorised. */
static gboolean
all_within (const SlIdentityCheck *self, const float *got, gint64 samples, float *worst)
{
  float tolerance = (float) self->tolerance;
  float largest[LANES] = { 0.0F };
  int missed[LANES] = { 0 };
  int misses = 0;

  for (gint64 i = 0; i + LANES <= samples; i += LANES)
    for (int k = 0; k < LANES; k++)
      {
        float difference = fabsf (got[i + k] - self->expected[i + k]);

        largest[k] = difference > largest[k] ? difference : largest[k];
        missed[k] |= !(difference <= tolerance);
      }
  for (gint64 i = samples - samples % LANES; i < samples; i++)
    {
      float difference = fabsf (got[i] - self->expected[i]);

      largest[0] = difference > largest[0] ? difference : largest[0];
      missed[0] |= !(difference <= tolerance);
    }
  for (int k = 0; k < LANES; k++)
    {
      *worst = MAX (*worst, largest[k]);
      misses |= missed[k];
    }
  return misses == 0;
}

/* Sample by sample and in double, for a block that is not as it should be. */
static void
compare_samples (SlIdentityCheck *self, gint64 at, const float *got, gint64 samples)
{
  for (gint64 i = 0; i < samples; i++)
    {
      double difference = fabs ((double) got[i] - (double) self->expected[i]);

      if (difference <= self->tolerance)
        self->result.worst = MAX (self->result.worst, difference);
      else if (memcmp (&got[i], &self->expected[i], sizeof (float)) != 0)
        count_wrong (self, at + i / self->channels, difference);
    }
}

static void
compare_block (SlIdentityCheck *self, gint64 at, const float *got, gint64 frames)
{
  gint64 samples = frames * self->channels;
  float worst = 0.0F;

  self->result.compared += samples;
  if (memcmp (got, self->expected, (gsize) samples * sizeof (float)) == 0)
    return;
  if (all_within (self, got, samples, &worst))
    self->result.worst = MAX (self->result.worst, (double) worst);
  else
    compare_samples (self, at, got, samples);
}

/* Puts what must be heard at @at into the block of expected samples. */
static gboolean
expect (SlIdentityCheck *self, const SlSpan *span, gint64 at, gint64 frames, GError **error)
{
  if (span->kind == SL_SPAN_COPY)
    return sl_source_read_at (self->source, sl_span_source_frame (self->plan, span->segment, at),
                              self->expected, frames, error);
  memset (self->expected, 0, (gsize) (frames * self->channels) * sizeof (float));
  return TRUE;
}

/* Compares what lies in @span, at most a block; *@frames becomes the frames dealt with. */
static gboolean
check_span (SlIdentityCheck *self,
            const SlSpan *span,
            const float *samples,
            gint64 *frames,
            GError **error)
{
  *frames = MIN (*frames, span->end - self->position);
  if (span->kind != SL_SPAN_COPY && span->kind != SL_SPAN_SILENCE)
    return TRUE;
  *frames = MIN (*frames, SL_BLOCK_FRAMES);
  if (!expect (self, span, self->position, *frames, error))
    return FALSE;
  compare_block (self, self->position, samples, *frames);
  return TRUE;
}

/* Frames past the target have nothing to be equal to. */
static void
count_excess (SlIdentityCheck *self, gint64 frames)
{
  if (self->result.first_wrong < 0)
    self->result.first_wrong = self->position;
  self->result.wrong += frames * self->channels;
  self->result.compared += frames * self->channels;
  self->result.worst = INFINITY;
}

static void
begin (gpointer data, int channels, int rate_hz)
{
  SlIdentityCheck *self = data;

  self->channels = channels;
}

static gboolean
check_comparable (SlIdentityCheck *self, GError **error)
{
  if (!sl_plan_check_source (self->plan, self->source, error))
    return FALSE;
  if (self->channels == self->source->channels)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               _ ("The audio has %d channels, but its source has %d: they cannot be compared."),
               self->channels, self->source->channels);
  return FALSE;
}

static gboolean
feed (gpointer data, const float *samples, gint64 frames, GError **error)
{
  SlIdentityCheck *self = data;

  if (!check_comparable (self, error))
    return FALSE;
  while (frames > 0 && self->position < self->plan->target)
    {
      SlSpan span = sl_span_at (self->plan, &self->segment, self->position);
      gint64 n = frames;

      if (!check_span (self, &span, samples, &n, error))
        return FALSE;
      samples += n * self->channels;
      frames -= n;
      self->position += n;
    }
  if (frames > 0)
    count_excess (self, frames);
  return TRUE;
}

SlTap
sl_identity_check_tap (SlIdentityCheck *self)
{
  return (SlTap){ begin, feed, self };
}
