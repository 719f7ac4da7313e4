/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/measure/offset.h"

#include "engine/base/error.h"
#include "engine/base/fft.h"
#include "engine/base/units.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define WINDOW_SECONDS 20

/* A sample of the mono sum above this (-60 dBFS) is activity: noise floors stay below. */
#define ACTIVE_LEVEL 0.001f

/* Bins of the stem whose power is below this part of the strongest one's (-60 dB) hold rounding and
 * the leakage of window edges, which would line up two starts, not two sounds. */
#define MIN_BIN_POWER 1e-6

/* A loop fits itself one period on as well, and better where its own place lies partly outside of
 * the reference: by up to 10 % in recorded loops of 5 s. Half a bar on, where loops nearly repeat,
 * it is lower by 10 %. So the largest lag has to fit better by 20 % than the expected one. */
#define FAR_PENALTY 0.2

/* Height of a peak, in standard deviations of the noise, that gives confidence 0.5. Of recorded
 * loops in a mix of five, the one heard worst reached 11; in a mix without the loop others
 * reached 7. */
#define HALF_HEIGHT 9.5

/* The noise around a peak is looked for from 2 to 100 ms off it, on both sides. */
#define PEAK_MS 2.0
#define AROUND_MS 100.0

/* Frames looked at once for activity, backwards too: a seek may cost as much as reading these. */
#define SCAN_FRAMES (8 * SL_BLOCK_FRAMES)

/* From this part of the highest peak's height on another one fits as well. */
#define OTHER_FITS 0.5

/* What drifts further from the first window to the last is another repeat of a loop. */
#define MAX_DRIFT_MS 500.0

typedef struct
{
  gint64 lag;
  double confidence;
  gint64 other; ///< lag of the next best
  gboolean has_other;
} Peak;

typedef struct
{
  SlSource *stem;
  SlSource *reference;
  gint64 start; ///< frame of the reference on which the stem starts when it is not shifted
  gint64 max_lag;
  gint64 window; ///< frames of the stem compared at once, at most
  const SlProgress *progress;
  gint64 done;  ///< frames read
  gint64 total; ///< frames to read, at most
  float *block; ///< SL_BLOCK_FRAMES of either source
  float *mono;  ///< SCAN_FRAMES of the stem
} Search;

/* Mean over channels of @frames frames from @frame of @source, which has them, into @mono. */
static gboolean
read_mono (Search *self, SlSource *source, gint64 frame, gint64 frames, float *mono, GError **error)
{
  float scale = 1.0f / (float) source->channels;

  for (gint64 at = 0; at < frames; at += SL_BLOCK_FRAMES)
    {
      gint64 n = MIN (frames - at, SL_BLOCK_FRAMES);

      if (!sl_source_read_at (source, frame + at, self->block, n, error))
        return FALSE;
      for (gint64 i = 0; i < n; i++)
        {
          float sum = 0.0f;

          for (int c = 0; c < source->channels; c++)
            sum += self->block[i * source->channels + c];
          mono[at + i] = sum * scale;
        }
      self->done += n;
      if (!sl_progress_report (self->progress, self->done, self->total, error))
        return FALSE;
    }
  return TRUE;
}

/* Frame of the first active sample, or the stem's length. */
static gboolean
find_first_active (Search *self, gint64 *first, GError **error)
{
  for (gint64 at = 0; at < self->stem->length; at += SCAN_FRAMES)
    {
      gint64 n = MIN (self->stem->length - at, SCAN_FRAMES);

      if (!read_mono (self, self->stem, at, n, self->mono, error))
        return FALSE;
      for (gint64 i = 0; i < n; i++)
        if (fabsf (self->mono[i]) > ACTIVE_LEVEL)
          {
            *first = at + i;
            return TRUE;
          }
    }
  *first = self->stem->length;
  return TRUE;
}

/* Frame behind the last active sample, or @first when none comes after it. */
static gboolean
find_last_active (Search *self, gint64 first, gint64 *end, GError **error)
{
  gint64 from;

  for (gint64 to = self->stem->length; to > first; to = from)
    {
      from = MAX (to - SCAN_FRAMES, first);
      if (!read_mono (self, self->stem, from, to - from, self->mono, error))
        return FALSE;
      for (gint64 i = to - from; i > 0; i--)
        if (fabsf (self->mono[i - 1]) > ACTIVE_LEVEL)
          {
            *end = from + i;
            return TRUE;
          }
    }
  *end = first;
  return TRUE;
}

/* Frames [@from, @from + @frames) of the reference into @mono, silence outside of it. */
static gboolean
read_reference (Search *self, gint64 from, gint64 frames, float *mono, GError **error)
{
  gint64 first = CLAMP (from, 0, self->reference->length);
  gint64 last = CLAMP (from + frames, 0, self->reference->length);

  return first >= last
         || read_mono (self, self->reference, first, last - first, mono + (first - from), error);
}

static double
power (SlComplex bin)
{
  return (double) bin.re * bin.re + (double) bin.im * bin.im;
}

static double
largest_power (const SlComplex *spectrum, gsize bins)
{
  double largest = 0.0;

  for (gsize i = 0; i < bins; i++)
    largest = MAX (largest, power (spectrum[i]));
  return largest;
}

/* Makes of @reference the phase of its product with the conjugate of @stem, where the stem has
 * sound. Returns the number of such bins. */
static gint64
transform_phase (const SlComplex *stem, SlComplex *reference, gsize bins)
{
  double floor = MIN_BIN_POWER * largest_power (stem, bins);
  gint64 used = 0;

  /* Neither the mean nor, at an even number of points, the last bin has a phase. */
  for (gsize i = 0; i < bins; i++)
    {
      SlComplex s = stem[i];
      SlComplex r = reference[i];
      double size = sqrt (power (s)) * sqrt (power (r));
      gboolean has_phase = i > 0 && i + 1 < bins && power (s) > floor && size > 0.0;

      reference[i].re = has_phase ? (float) ((r.re * s.re + r.im * s.im) / size) : 0.0f;
      reference[i].im = has_phase ? (float) ((r.im * s.re - r.re * s.im) / size) : 0.0f;
      used += has_phase;
    }
  return used;
}

/* Index of the highest of the @n correlations up to @reach from @expected, those far from it
 * counting less. Of either sign: a stem may be inverted. */
static gint64
pick_likely (const float *correlation, gint64 n, gint64 expected, gint64 reach)
{
  gint64 best = CLAMP (expected, 0, n - 1);
  double highest = 0.0;

  for (gint64 i = MAX (0, expected - reach); i < MIN (n, expected + reach + 1); i++)
    {
      double distance = MIN (2.0 * (double) ABS (i - expected) / (double) n, 1.0);
      double height = fabs ((double) correlation[i]) * (1.0 - FAR_PENALTY * distance);

      if (height > highest)
        {
          highest = height;
          best = i;
        }
    }
  return best;
}

/* Index of the highest of the @n correlations that is farther than @width from @peak. */
static gint64
find_other (const float *correlation, gint64 n, gint64 peak, gint64 width)
{
  gint64 best = peak;
  float highest = 0.0f;

  for (gint64 i = 0; i < n; i++)
    if (ABS (i - peak) > width && fabsf (correlation[i]) > highest)
      {
        highest = fabsf (correlation[i]);
        best = i;
      }
  return best;
}

/* RMS of @correlation from @from to @to frames off @peak, on both sides; 0 when there is none. */
static double
noise_around (const float *correlation, gint64 n, gint64 peak, gint64 from, gint64 to)
{
  double squares = 0.0;
  gint64 count = 0;

  for (gint64 i = MAX (peak - to, 0); i <= MIN (peak + to, n - 1); i++)
    if (ABS (i - peak) >= from)
      {
        squares += (double) correlation[i] * correlation[i];
        count++;
      }
  return count > 0 ? sqrt (squares / (double) count) : 0.0;
}

/* Frames from the first to the last that is not 0. */
static gint64
extent_of (const float *signal, gint64 n)
{
  gint64 first = 0;

  while (n > 0 && signal[n - 1] == 0.0f)
    n--;
  while (first < n && signal[first] == 0.0f)
    first++;
  return n - first;
}

/* Standard deviation of a transform of @used unit bins of random phase, each counted twice for its
 * mirror image. Neighbouring bins of two short signals, @extent frames together, have neighbouring
 * phases, which gathers all of it in that many of the @points lags. */
static double
noise_of_bins (gint64 used, gint64 points, gint64 extent)
{
  return sqrt (2.0 * (double) used * (double) points / (double) CLAMP (extent, 1, points));
}

/* The peak meant among @correlation of lags -max_lag to max_lag, at most @reach from the expected
 * one, where @noise is to be expected. */
static Peak
find_peak (const Search *self,
           const float *correlation,
           double noise,
           gint64 expected_lag,
           gint64 reach)
{
  gint64 n = 2 * self->max_lag + 1;
  gint64 width = sl_frames_from_ms (PEAK_MS, self->stem->rate_hz);
  gint64 around = sl_frames_from_ms (AROUND_MS, self->stem->rate_hz);
  gint64 expected = expected_lag + self->max_lag;
  gint64 at = pick_likely (correlation, n, expected, reach);
  double near = noise_around (correlation, n, at, width, around);
  double everywhere = noise_around (correlation, n, at, width, n);
  gint64 other = find_other (correlation, n, at, around);
  double height = fabs ((double) correlation[at]);
  double ratio;

  /* Nearby, a loop that resembles itself looks like noise; everywhere, a stretch that is noisier
   * than the rest does not show: halfway between, in dB. */
  noise = MAX (noise, sqrt (near * everywhere));
  if (noise <= 0.0)
    return (Peak){ .lag = expected_lag };
  ratio = height / (noise * HALF_HEIGHT);
  return (Peak){ .lag = at - self->max_lag,
                 .confidence = ratio * ratio / (1.0 + ratio * ratio),
                 .other = other - self->max_lag,
                 .has_other
                 = other != at && fabs ((double) correlation[other]) >= OTHER_FITS * height };
}

typedef struct
{
  SlFft *fft;
  float *signal;
  SlComplex *stem;
  SlComplex *reference;
} Workspace;

static Workspace *
workspace_new (gint64 points)
{
  Workspace *self = g_new0 (Workspace, 1);

  self->fft = sl_fft_new (sl_fft_good_size ((gsize) MAX (points, 2)));
  self->signal = sl_fft_new_real (self->fft);
  self->stem = sl_fft_new_spectrum (self->fft);
  self->reference = sl_fft_new_spectrum (self->fft);
  return self;
}

static void
workspace_free (Workspace *self)
{
  sl_fft_free_real (self->signal);
  sl_fft_free_spectrum (self->stem);
  sl_fft_free_spectrum (self->reference);
  sl_fft_free (self->fft);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Workspace, workspace_free)

/* Correlates @frames frames of the stem from @from with the reference around them; the peak is
 * looked for up to @reach from the lag @expected. */
static gboolean
correlate (Search *self,
           gint64 from,
           gint64 frames,
           gint64 expected,
           gint64 reach,
           Peak *peak,
           GError **error)
{
  g_autoptr (Workspace) work = workspace_new (frames + 2 * self->max_lag);
  gint64 points = (gint64) sl_fft_get_points (work->fft);
  gsize bins = sl_fft_get_bins (work->fft);
  gint64 used, extent;

  if (!read_mono (self, self->stem, from, frames, work->signal, error))
    return FALSE;
  sl_fft_forward (work->fft, work->signal, work->stem);
  memset (work->signal, 0, (gsize) points * sizeof *work->signal);
  if (!read_reference (self, self->start + from - self->max_lag, frames + 2 * self->max_lag,
                       work->signal, error))
    return FALSE;
  extent = frames + extent_of (work->signal, points);
  sl_fft_forward (work->fft, work->signal, work->reference);
  used = transform_phase (work->stem, work->reference, bins);
  sl_fft_inverse (work->fft, work->reference, work->signal);
  *peak = find_peak (self, work->signal, noise_of_bins (used, points, extent), expected, reach);
  return TRUE;
}

static void
note_peaks (const Peak *first, const Peak *last, SlOffset *offset)
{
  gboolean first_is_sure = first->confidence >= SL_OFFSET_SURE;
  gboolean last_is_sure = last->confidence >= SL_OFFSET_SURE;
  const Peak *peak = last_is_sure && !first_is_sure ? last : first;

  offset->offset = peak->lag;
  offset->confidence = peak->confidence;
  offset->other = peak->other;
  offset->has_other = peak->has_other && peak->confidence >= SL_OFFSET_SURE;
  offset->has_drift = first_is_sure && last_is_sure;
  offset->drift = offset->has_drift ? last->lag - first->lag : 0;
}

static gboolean
search (Search *self, SlOffset *offset, GError **error)
{
  gint64 first, end, frames;
  gint64 reach = 2 * self->max_lag;
  Peak at_first = { 0 };
  Peak at_last = { 0 };

  if (!find_first_active (self, &first, error) || !find_last_active (self, first, &end, error))
    return FALSE;
  frames = MIN (end - first, self->window);
  if (frames > 0 && !correlate (self, first, frames, 0, reach, &at_first, error))
    return FALSE;
  if (at_first.confidence >= SL_OFFSET_SURE)
    reach = sl_frames_from_ms (MAX_DRIFT_MS, self->stem->rate_hz);
  if (end - first >= 2 * self->window
      && !correlate (self, end - frames, frames, at_first.lag, reach, &at_last, error))
    return FALSE;
  note_peaks (&at_first, &at_last, offset);
  return TRUE;
}

static gboolean
check_rates (const SlSource *stem, const SlSource *reference, GError **error)
{
  if (stem->rate_hz == reference->rate_hz)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
               _ ("The stem has %d Hz and the reference %d Hz: bring both to one rate."),
               stem->rate_hz, reference->rate_hz);
  return FALSE;
}

gboolean
sl_offset_find (SlSource *stem,
                SlSource *reference,
                gint64 start,
                gint64 max_lag,
                SlOffset *offset,
                const SlProgress *progress,
                GError **error)
{
  int channels = MAX (stem->channels, reference->channels);
  gint64 window = (gint64) WINDOW_SECONDS * stem->rate_hz;
  g_autofree float *block = g_new (float, SL_BLOCK_FRAMES *channels);
  g_autofree float *mono = g_new (float, SCAN_FRAMES);
  Search self = { .stem = stem,
                  .reference = reference,
                  .start = start,
                  .max_lag = max_lag,
                  .window = window,
                  .progress = progress,
                  .total = stem->length + SCAN_FRAMES + 4 * (window + max_lag),
                  .block = block,
                  .mono = mono };

  g_return_val_if_fail (max_lag >= 0, FALSE);
  *offset = (SlOffset){ 0 };
  return check_rates (stem, reference, error) && search (&self, offset, error);
}
