/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/process/butterworth.h"

#include <math.h>
#include <stddef.h>

/* Two lanes: as many doubles as a vector register has on every machine that Seamline runs on. */
typedef double Pair __attribute__ ((vector_size (2 * sizeof (double))));

/* What one sample leaves behind for the next (direct form I: a constant past is a constant). */
typedef struct
{
  Pair x;         // the last input
  Pair x_sum;     // the last two inputs
  Pair y[2];      // the last two outputs of the first section
  Pair y_sum;     // their sum
  Pair output[2]; // the last two outputs of the second section
} Past;

/* The denominator of the section whose analogue poles have damping @cosine, after Oppenheim and
 * Schafer, Discrete-Time Signal Processing, bilinear transform; @warped is tan (ω / 2). */
static void
design_section (double warped, double cosine, double a[2])
{
  double square = warped * warped;
  double norm = 1.0 / (1.0 + 2.0 * cosine * warped + square);

  a[0] = 2.0 * (square - 1.0) * norm;
  a[1] = (1.0 - 2.0 * cosine * warped + square) * norm;
}

SlButterworth
sl_butterworth_lowpass (double cutoff_hz, int rate_hz)
{
  SlButterworth self;
  double warped = tan (G_PI * cutoff_hz / rate_hz);
  double first, second;

  g_assert (cutoff_hz > 0.0 && cutoff_hz < 0.5 * rate_hz);
  design_section (warped, cos (G_PI * 3.0 / 8.0), self.second);
  design_section (warped, cos (G_PI * 1.0 / 8.0), self.first);
  first = 1.0 + self.first[0] + self.first[1];
  second = 1.0 + self.second[0] + self.second[1];
  self.gain = first * second / 16.0;
  self.carried = second / 4.0;
  return self;
}

static inline Past
past_of_constant (const SlButterworth *self, Pair value)
{
  Pair y = value * self->carried;
  Past past = { value, value + value, { y, y }, y + y, { value, value } };

  return past;
}

static inline Pair
advance (const SlButterworth *self, Past *past, Pair x)
{
  Pair x_sum = x + past->x;
  Pair y = ((x_sum + past->x_sum) * self->gain - self->first[1] * past->y[1])
           - self->first[0] * past->y[0];
  Pair y_sum = y + past->y[0];
  Pair output = ((y_sum + past->y_sum) - self->second[1] * past->output[1])
                - self->second[0] * past->output[0];

  *past = (Past){ x, x_sum, { y, past->y[0] }, y_sum, { output, past->output[0] } };
  return output;
}

/* Samples until the slowest pole has fallen by 1e-15: nothing that matters comes later. */
static gint64
response_length (const SlButterworth *self)
{
  double radius = sqrt (MAX (self->first[1], self->second[1]));

  return (gint64) ceil (log (1e-15) / log (radius));
}

gint64
sl_butterworth_settling (const SlButterworth *self, double rest)
{
  gint64 length = response_length (self);
  g_autofree double *response = g_new (double, length);
  Past past = past_of_constant (self, (Pair){ 0.0, 0.0 });
  double sum = 0.0;

  for (gint64 i = 0; i < length; i++)
    response[i] = fabs (advance (self, &past, (Pair){ i == 0 ? 1.0 : 0.0, 0.0 })[0]);
  while (length > 0 && sum + response[length - 1] < rest)
    sum += response[--length];
  return length;
}

/* Lane n starts at @start + n · @lane; @step is 1 or -1. The warm-up of one lane reads what its
 * neighbour will overwrite: both run in step, so it is over before anything is written. */
static inline void
run (const SlButterworth *filter,
     double *start,
     ptrdiff_t lane,
     ptrdiff_t step,
     gint64 frames,
     gint64 warm_up)
{
  const SlButterworth self = *filter;
  double *at = start - step * warm_up;
  Past low = past_of_constant (&self, (Pair){ at[0], at[lane] });
  Past high = past_of_constant (&self, (Pair){ at[2 * lane], at[3 * lane] });

  for (; at != start; at += step)
    {
      advance (&self, &low, (Pair){ at[0], at[lane] });
      advance (&self, &high, (Pair){ at[2 * lane], at[3 * lane] });
    }
  for (double *end = start + step * frames; at != end; at += step)
    {
      Pair a = advance (&self, &low, (Pair){ at[0], at[lane] });
      Pair b = advance (&self, &high, (Pair){ at[2 * lane], at[3 * lane] });

      at[0] = a[0];
      at[lane] = a[1];
      at[2 * lane] = b[0];
      at[3 * lane] = b[1];
    }
}

void
sl_butterworth_forward (const SlButterworth *self, double *samples, gint64 frames, gint64 warm_up)
{
  run (self, samples, frames, 1, frames, warm_up);
}

void
sl_butterworth_backward (const SlButterworth *self, double *samples, gint64 frames, gint64 warm_up)
{
  run (self, samples + frames - 1, frames, -1, frames, warm_up);
}
