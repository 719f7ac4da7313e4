/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tile_columns.h"

#include <math.h>

/* Bins are in 1/32767 of full scale. */
#define BIN_SCALE (1.0f / 32767.0f)

typedef struct
{
  float min;
  float max;
  double squares;
  gint64 count;
} Sum;

static void
sum_begin (Sum *sum)
{
  *sum = (Sum){ G_MAXFLOAT, -G_MAXFLOAT, 0.0, 0 };
}

static SlColumn
sum_end (const Sum *sum)
{
  SlColumn column = { sum->min, sum->max, 0.0f };

  if (sum->count > 0)
    column.rms = (float) sqrt (sum->squares / (double) sum->count);
  return column;
}

static void
sum_range (Sum *sum, float min, float max)
{
  sum->min = MIN (sum->min, min);
  sum->max = MAX (sum->max, max);
}

static void
sum_energy (Sum *sum, double rms)
{
  sum->squares += rms * rms;
  sum->count++;
}

/* Where column @column of @n begins, of @frames in all. */
static gint64
column_start (gint64 frames, guint column, guint n)
{
  return frames / n * column + frames % n * column / n;
}

void
sl_columns_from_bins (const SlColumnData *data,
                      const SlBin *bins,
                      gint64 bin_frames,
                      gint64 first_frame,
                      gint64 frames,
                      SlColumn *columns,
                      guint n_columns)
{
  for (guint i = 0; i < n_columns; i++)
    {
      gint64 start = first_frame + column_start (frames, i, n_columns);
      gint64 end = MAX (start + 1, first_frame + column_start (frames, i + 1, n_columns));
      gint64 first = MAX (start / bin_frames, data->first);
      gint64 last = MIN ((end - 1) / bin_frames, data->first + data->n - 1);
      Sum sum;

      sum_begin (&sum);
      for (gint64 bin = first; bin <= last; bin++)
        for (int channel = 0; channel < data->channels; channel++)
          {
            const SlBin *at = &bins[(bin - data->first) * data->stride + data->channel + channel];

            sum_range (&sum, (float) at->min * BIN_SCALE, (float) at->max * BIN_SCALE);
            sum_energy (&sum, (double) at->rms * BIN_SCALE);
          }
      columns[i] = sum_end (&sum);
    }
}

void
sl_columns_from_samples (const SlColumnData *data,
                         const float *samples,
                         gint64 first_frame,
                         gint64 frames,
                         SlColumn *columns,
                         guint n_columns)
{
  for (guint i = 0; i < n_columns; i++)
    {
      gint64 start = MAX (first_frame + column_start (frames, i, n_columns), data->first);
      gint64 end = first_frame + column_start (frames, i + 1, n_columns);
      gint64 last = MIN (end, data->first + data->n - 1);
      Sum sum;

      sum_begin (&sum);
      for (gint64 frame = start; frame <= last; frame++)
        for (int channel = 0; channel < data->channels; channel++)
          {
            float value = samples[(frame - data->first) * data->stride + data->channel + channel];

            sum_range (&sum, value, value);
            if (frame < end)
              sum_energy (&sum, value);
          }
      columns[i] = sum_end (&sum);
    }
}
