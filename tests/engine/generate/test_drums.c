/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate/drums.h"

#include "engine/base/error.h"
#include "engine/base/units.h"
#include "engine/io/pcm.h"
#include "engine/io/writer.h"

#include "../../support/noise.h"
#include "../../support/temp_folder.h"

#include <math.h>
#include <string.h>

#define RATE 48000
#define MAX_LAG 480 // 10 ms
#define LENGTH (4 * RATE)

static GArray *
make_hits (const SlHit *hits, guint n)
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof (SlHit));

  g_array_append_vals (array, hits, n);
  return array;
}

static const SlHit *
hit_at (const GArray *hits, guint i)
{
  g_assert_cmpuint (i, <, hits->len);
  return &g_array_index (hits, SlHit, i);
}

static GArray *
default_hits (SlBpm bpm, int rate_hz, int beats_per_bar, gint64 origin, gint64 length)
{
  SlGrid grid = sl_grid_make (bpm, rate_hz, beats_per_bar, origin);
  g_autoptr (GError) error = NULL;
  GArray *hits = sl_drums_default_hits (&grid, length, &error);

  g_assert_no_error (error);
  return hits;
}

static float *
render (const GArray *hits, int channels, int rate_hz, gint64 length)
{
  g_autoptr (SlSource) source = sl_drums_new (hits, channels, rate_hz, length);
  g_autoptr (GError) error = NULL;
  float *out = g_new (float, length *channels);

  g_assert_cmpint (source->length, ==, length);
  g_assert_true (sl_source_read_at (source, 0, out, length, &error));
  g_assert_no_error (error);
  return out;
}

/* --- the pattern --- */

static void
assert_hit (const GArray *hits, guint i, gint64 frame, SlHitKind kind, gint64 beat)
{
  const SlHit *hit = hit_at (hits, i);

  g_assert_cmpint (hit->frame, ==, frame);
  g_assert_cmpint (hit->kind, ==, kind);
  g_assert_cmpuint (hit->seed, ==, (guint64) beat);
}

/* 120 beats per minute at 48 kHz: a beat each 24,000 frames, the last one frame before the end. */
static void
test_positions (void)
{
  g_autoptr (GArray) hits = default_hits ((SlBpm){ 120, 1 }, RATE, 4, 0, 4 * 24000 + 1);

  g_assert_cmpuint (hits->len, ==, 7);
  assert_hit (hits, 0, 0, SL_HIT_KICK, 0);
  assert_hit (hits, 1, 24000, SL_HIT_KICK, 1);
  assert_hit (hits, 2, 24000, SL_HIT_SNARE, 1);
  assert_hit (hits, 3, 48000, SL_HIT_KICK, 2);
  assert_hit (hits, 4, 72000, SL_HIT_KICK, 3);
  assert_hit (hits, 5, 72000, SL_HIT_SNARE, 3);
  assert_hit (hits, 6, 96000, SL_HIT_KICK, 4);
}

/* Beats before the origin play, and count from it: -1 is the last of its bar. */
static void
test_before_origin (void)
{
  g_autoptr (GArray) hits = default_hits ((SlBpm){ 120, 1 }, RATE, 4, 50000, 74000);

  g_assert_cmpuint (hits->len, ==, 4);
  assert_hit (hits, 0, 2000, SL_HIT_KICK, -2);
  assert_hit (hits, 1, 26000, SL_HIT_KICK, -1);
  assert_hit (hits, 2, 26000, SL_HIT_SNARE, -1);
  assert_hit (hits, 3, 50000, SL_HIT_KICK, 0);
}

/* In a bar of three beats the snare is on the second alone. */
static void
test_three_beats (void)
{
  g_autoptr (GArray) hits = default_hits ((SlBpm){ 120, 1 }, RATE, 3, 3 * 24000, 6 * 24000);

  g_assert_cmpuint (hits->len, ==, 8);
  assert_hit (hits, 2, 24000, SL_HIT_SNARE, -2);
  assert_hit (hits, 6, 96000, SL_HIT_SNARE, 1);
}

/* Every beat of an hour at an awkward tempo, from the origin and rounded once. */
static void
test_long (void)
{
  gint64 length = (gint64) 3600 * 44100;
  g_autoptr (GArray) hits = default_hits ((SlBpm){ 138513, 1000 }, 44100, 4, 77, length);
  guint kicks = 0;

  for (guint i = 0; i < hits->len; i++)
    if (hit_at (hits, i)->kind == SL_HIT_KICK)
      {
        /* 60 · 44,100 · 1000 / 138,513 frames a beat; exact in 80 bits, halves do not occur. */
        gint64 frame
            = 77 + (gint64) floorl ((long double) kicks * 2646000000.0L / 138513.0L + 0.5L);

        assert_hit (hits, i, frame, SL_HIT_KICK, kicks);
        kicks++;
      }
  g_assert_cmpuint (kicks, ==, 8311);
}

static void
test_unknown_tempo (void)
{
  SlGrid grid = sl_grid_make ((SlBpm){ 0, 1 }, RATE, 4, 0);
  g_autoptr (GError) error = NULL;

  g_assert_null (sl_drums_default_hits (&grid, 1000, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
}

/* --- the sound --- */

static GArray *
hit_samples (SlHitKind kind, guint64 seed, int rate_hz)
{
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (float));
  SlHit hit = { 12345, kind, seed };

  sl_drums_hit_samples (&hit, rate_hz, samples);
  return samples;
}

/* 1e-7 of full scale: what rounding to float leaves. */
static void
test_kick (void)
{
  const int rates[] = { 44100, 48000, 192000 };

  for (guint r = 0; r < G_N_ELEMENTS (rates); r++)
    {
      g_autoptr (GArray) kick = hit_samples (SL_HIT_KICK, 0, rates[r]);

      g_assert_cmpuint (kick->len, ==, (guint) rates[r] / 10);
      for (guint n = 0; n < kick->len; n++)
        {
          double t = (double) n / rates[r];
          double expected = 0.9 * exp (-5.0 * t) * sin (2.0 * G_PI * 60.0 * t);

          g_assert_cmpfloat_with_epsilon (g_array_index (kick, float, n), expected, 1e-7);
        }
    }
}

/* Noise in [-1, 1) has an RMS of 1/√3; within 3 % over 2,400 samples, and no two seeds resemble
 * each other (|r| < 0.1, 5 deviations). */
static void
test_snare (void)
{
  g_autoptr (GArray) first = hit_samples (SL_HIT_SNARE, 0, RATE);

  g_assert_cmpuint (first->len, ==, 2400);
  for (guint64 seed = 0; seed < 20; seed++)
    {
      g_autoptr (GArray) snare = hit_samples (SL_HIT_SNARE, seed - 10, RATE);
      g_autoptr (GArray) same = hit_samples (SL_HIT_SNARE, seed - 10, RATE);
      double squares = 0.0, product = 0.0;

      g_assert_cmpmem (snare->data, snare->len * sizeof (float), same->data,
                       same->len * sizeof (float));
      for (guint n = 0; n < snare->len; n++)
        {
          double envelope = 0.35 * exp (-10.0 * (double) n / RATE);
          double noise = (double) g_array_index (snare, float, n) / envelope;

          g_assert_cmpfloat (fabs (noise), <=, 1.0 + 1e-6);
          squares += noise * noise;
          product += noise * (double) g_array_index (first, float, n) / envelope;
        }
      g_assert_cmpfloat_with_epsilon (sqrt (squares / 2400.0), sqrt (1.0 / 3.0), 0.03 * 0.58);
      if (seed != 10)
        g_assert_cmpfloat (fabs (product / squares), <, 0.1);
    }
}

/* Hits add in their order, and the sum is clipped once. Equal to the bit. */
static void
test_overlap (void)
{
  const SlHit rows[]
      = { { 300, SL_HIT_KICK, 1 },  { 300, SL_HIT_SNARE, 2 }, { 2000, SL_HIT_SNARE, 3 },
          { 2100, SL_HIT_KICK, 4 }, { 2150, SL_HIT_KICK, 5 }, { 9000, SL_HIT_SNARE, 6 } };
  const gint64 length = 10000;
  g_autoptr (GArray) hits = make_hits (rows, G_N_ELEMENTS (rows));
  g_autofree float *out = render (hits, 1, RATE, length);
  g_autofree float *expected = g_new0 (float, length);
  gboolean clipped = FALSE;

  for (guint i = 0; i < hits->len; i++)
    {
      g_autoptr (GArray) samples = hit_samples (rows[i].kind, rows[i].seed, RATE);

      for (guint n = 0; n < samples->len && rows[i].frame + n < length; n++)
        expected[rows[i].frame + n] += g_array_index (samples, float, n);
    }
  for (gint64 n = 0; n < length; n++)
    {
      clipped |= fabsf (expected[n]) > 1.0f;
      g_assert_cmpfloat (out[n], ==, CLAMP (expected[n], -1.0f, 1.0f));
    }
  g_assert_true (clipped);
}

/* Any stretch, in any order, has the bits of one long read, on every channel. */
static void
test_seeks (void)
{
  gint64 length = 5 * RATE + 17;
  g_autoptr (GArray) hits = default_hits ((SlBpm){ 317, 1 }, RATE, 4, 100, length);
  g_autofree float *straight = render (hits, 1, RATE, length);
  g_autoptr (SlSource) source = sl_drums_new (hits, 3, RATE, length);
  g_autofree float *out = g_new (float, 3 * 20000);
  guint32 seed = 9;

  for (int round = 0; round < 300; round++)
    {
      gint64 from = (noise_bits (&seed) >> 4) % (guint32) length;
      gint64 wanted = (noise_bits (&seed) >> 4) % 20000 + 1;
      gint64 n = MIN (wanted, length - from);

      g_assert_true (sl_source_read_at (source, from, out, n, NULL));
      for (gint64 i = 0; i < 3 * n; i++)
        g_assert_cmpfloat (out[i], ==, straight[from + i / 3]);
    }
  g_assert_true (sl_source_seek (source, length, NULL));
  g_assert_cmpint (sl_source_read (source, out, 1, NULL), ==, 0);
}

/* --- the check --- */

static SlHitResult
check (const GArray *hits,
       const float *samples,
       int channels,
       int rate_hz,
       gint64 frames,
       gint64 block)
{
  g_autoptr (SlHitCheck) hit_check = sl_hit_check_new (hits, MAX_LAG);
  SlTap tap = sl_hit_check_tap (hit_check);

  tap.begin (tap.self, channels, rate_hz);
  for (gint64 at = 0; at < frames; at += block)
    g_assert_true (tap.feed (tap.self, samples + at * channels, MIN (block, frames - at), NULL));
  return sl_hit_check_result (hit_check);
}

static void
assert_result (SlHitResult result, gint64 checked, gint64 wrong, gint64 first_wrong, gint64 lag)
{
  g_assert_cmpint (result.checked, ==, checked);
  g_assert_cmpint (result.wrong, ==, wrong);
  g_assert_cmpint (result.first_wrong, ==, first_wrong);
  g_assert_cmpint (result.worst_lag, ==, lag);
}

/* Rounds @samples to @bits. */
static void
quantise (float *samples, gint64 n, int bits)
{
  g_autofree int *codes = g_new (int, n);

  sl_pcm_quantise (samples, (gsize) n, bits, codes);
  for (gint64 i = 0; i < n; i++)
    samples[i] = (float) ldexp (codes[i], -31);
}

/* What is played is found, at any rate and in any format. */
static void
test_check_passes (void)
{
  const int rates[] = { 44100, 48000, 96000, 192000 };
  const int bits[] = { 24, 16 };

  for (guint r = 0; r < G_N_ELEMENTS (rates); r++)
    {
      gint64 length = 6 * (gint64) rates[r];
      g_autoptr (GArray) hits = default_hits ((SlBpm){ 1285, 10 }, rates[r], 4, 999, length);
      g_autofree float *samples = render (hits, 2, rates[r], length);

      assert_result (check (hits, samples, 2, rates[r], length, 1000), hits->len, 0, -1, 0);
      for (guint b = 0; b < G_N_ELEMENTS (bits); b++)
        {
          quantise (samples, 2 * length, bits[b]);
          assert_result (check (hits, samples, 2, rates[r], length, SL_BLOCK_FRAMES), hits->len, 0,
                         -1, 0);
        }
    }
}

/* Wherever the stream ends, even within the first frames of a hit. The frame on which a kick starts
 * is silent: a stream that ends behind it has nothing to check. */
static void
test_check_ends (void)
{
  for (gint64 cut = 1; cut < 6000; cut += cut < 40 ? 1 : 501)
    {
      gint64 length = 2 * 24000 + cut;
      g_autoptr (GArray) hits = default_hits ((SlBpm){ 120, 1 }, RATE, 4, 0, length);
      g_autofree float *samples = render (hits, 1, RATE, length);

      quantise (samples, length, 16);
      assert_result (check (hits, samples, 1, RATE, length, SL_BLOCK_FRAMES),
                     hits->len - (cut == 1 ? 1 : 0), 0, -1, 0);
    }
}

/* Through the writer, as a step does it: the check hears what was read back. */
static void
test_check_file (void)
{
  const SlSubtype subtypes[] = { SL_SUBTYPE_FLOAT, SL_SUBTYPE_PCM_24, SL_SUBTYPE_PCM_16 };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "drums.wav", NULL);
  gint64 length = 5 * 44100;
  g_autoptr (GArray) hits = default_hits ((SlBpm){ 140, 1 }, 44100, 4, 0, length);

  for (guint i = 0; i < G_N_ELEMENTS (subtypes); i++)
    {
      g_autoptr (SlSource) source = sl_drums_new (hits, 1, 44100, length);
      g_autoptr (SlHitCheck) hit_check = sl_hit_check_new (hits, MAX_LAG);
      SlTap tap = sl_hit_check_tap (hit_check);
      g_auto (SlRendered) rendered = { 0 };
      g_autoptr (GError) error = NULL;

      sl_render_file (source, path, SL_CONTAINER_WAV, subtypes[i], &tap, 1, &rendered, NULL,
                      &error);
      g_assert_no_error (error);
      assert_result (sl_hit_check_result (hit_check), hits->len, 0, -1, 0);
    }
}

/* Two bars at 120 beats per minute; the first beat at frame 5000. */
static GArray *
two_bars (void)
{
  return default_hits ((SlBpm){ 120, 1 }, RATE, 4, 5000, LENGTH);
}

/* Hits that sound into each other, 5 to 80 ms apart, and a stream that comes in small pieces. */
static void
test_check_dense (void)
{
  g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (SlHit));
  g_autoptr (GArray) late = g_array_new (FALSE, FALSE, sizeof (SlHit));
  g_autofree float *samples = NULL;
  guint32 seed = 12;

  for (gint64 frame = 1000; frame < LENGTH; frame += 240 + (noise_bits (&seed) >> 8) % 3600)
    {
      SlHit hit = { frame, (SlHitKind) (noise_bits (&seed) >> 31), hits->len };
      SlHit late_hit = { frame + 1, hit.kind, hit.seed };

      g_array_append_val (hits, hit);
      g_array_append_val (late, late_hit);
    }
  samples = render (hits, 1, RATE, LENGTH);
  quantise (samples, LENGTH, 16);
  assert_result (check (hits, samples, 1, RATE, LENGTH, 100), hits->len, 0, -1, 0);
  assert_result (check (late, samples, 1, RATE, LENGTH, 100), hits->len, hits->len, 1001, -1);
}

/* Late or early as a whole, by one frame or as many as are looked for. */
static void
test_check_shifted (void)
{
  g_autoptr (GArray) hits = two_bars ();
  const gint64 lags[] = { 1, -1, MAX_LAG, -MAX_LAG };

  for (guint i = 0; i < G_N_ELEMENTS (lags); i++)
    {
      g_autoptr (GArray) moved = two_bars ();
      g_autofree float *samples = NULL;

      for (guint hit = 0; hit < moved->len; hit++)
        g_array_index (moved, SlHit, hit).frame += lags[i];
      samples = render (moved, 1, RATE, LENGTH);
      quantise (samples, LENGTH, 16);
      assert_result (check (hits, samples, 1, RATE, LENGTH, 100), hits->len, hits->len, 5000,
                     lags[i]);
    }
}

static gboolean
has_snare (const GArray *hits, gint64 frame)
{
  for (guint i = 0; i < hits->len; i++)
    if (hit_at (hits, i)->frame == frame && hit_at (hits, i)->kind == SL_HIT_SNARE)
      return TRUE;
  return FALSE;
}

/* Each hit in turn is one frame late: that one, with what stands on the same frame, is found. But
 * the snare places a kick that it stands with. */
static void
test_check_one_shifted (void)
{
  g_autoptr (GArray) hits = two_bars ();

  for (guint i = 0; i < hits->len; i++)
    {
      g_autoptr (GArray) moved = two_bars ();
      gint64 frame = hit_at (hits, i)->frame;
      g_autofree float *samples = NULL;
      SlHitResult result;

      if (hit_at (hits, i)->kind == SL_HIT_KICK && has_snare (hits, frame))
        continue;
      g_array_index (moved, SlHit, i).frame++;
      samples = render (moved, 1, RATE, LENGTH);
      result = check (hits, samples, 1, RATE, LENGTH, SL_BLOCK_FRAMES);
      g_assert_cmpint (result.checked, ==, hits->len);
      g_assert_cmpint (result.wrong, >=, 1);
      g_assert_cmpint (result.wrong, <=, 2);
      g_assert_cmpint (result.first_wrong, ==, frame);
    }
}

/* Each hit in turn is absent, or a snare with other noise. */
static void
test_check_one_wrong (void)
{
  g_autoptr (GArray) hits = two_bars ();

  for (guint i = 0; i < 2 * hits->len; i++)
    {
      g_autoptr (GArray) heard = two_bars ();
      guint hit = i % hits->len;
      gint64 frame = hit_at (hits, hit)->frame;
      g_autofree float *samples = NULL;
      SlHitResult result;

      if (i < hits->len)
        g_array_remove_index (heard, hit);
      else if (hit_at (hits, hit)->kind == SL_HIT_SNARE)
        g_array_index (heard, SlHit, hit).seed += 1000;
      else
        continue;
      samples = render (heard, 1, RATE, LENGTH);
      result = check (hits, samples, 1, RATE, LENGTH, SL_BLOCK_FRAMES);
      g_assert_cmpint (result.checked, ==, hits->len);
      g_assert_cmpint (result.wrong, >=, 1);
      g_assert_cmpint (result.wrong, <=, 2);
      g_assert_cmpint (result.first_wrong, ==, frame);
    }
}

/* Nothing heard, nothing fed, or a stream that ends too early: all those hits are absent. */
static void
test_check_absent (void)
{
  g_autoptr (GArray) hits = two_bars ();
  g_autofree float *samples = render (hits, 1, RATE, LENGTH);
  g_autofree float *silence = g_new0 (float, LENGTH);
  g_autoptr (SlHitCheck) unused = sl_hit_check_new (hits, MAX_LAG);

  assert_result (check (hits, silence, 1, RATE, LENGTH, 4096), hits->len, hits->len, 5000, 0);
  assert_result (check (hits, silence, 1, RATE, 0, 1), hits->len, hits->len, 5000, 0);
  assert_result (sl_hit_check_result (unused), hits->len, hits->len, 5000, 0);
  /* Beats at 5000 and 29000 (two hits) are heard. */
  assert_result (check (hits, samples, 1, RATE, 50000, 4096), hits->len, hits->len - 3, 53000, 0);
}

/* Too quiet, upside down, or on one channel of two only. */
static void
test_check_level (void)
{
  const float gains[] = { 0.9f, -1.0f, 0.0f };
  g_autoptr (GArray) hits = two_bars ();

  for (guint g = 0; g < G_N_ELEMENTS (gains); g++)
    {
      g_autofree float *samples = render (hits, 2, RATE, LENGTH);

      for (gint64 i = 0; i < 2 * LENGTH; i++)
        samples[i] *= gains[g] != 0.0f ? gains[g] : (float) (i % 2);
      g_assert_cmpint (check (hits, samples, 2, RATE, LENGTH, 4096).wrong, ==, hits->len);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/generate/drums/positions", test_positions);
  g_test_add_func ("/generate/drums/before-origin", test_before_origin);
  g_test_add_func ("/generate/drums/three-beats", test_three_beats);
  g_test_add_func ("/generate/drums/long", test_long);
  g_test_add_func ("/generate/drums/unknown-tempo", test_unknown_tempo);
  g_test_add_func ("/generate/drums/kick", test_kick);
  g_test_add_func ("/generate/drums/snare", test_snare);
  g_test_add_func ("/generate/drums/overlap", test_overlap);
  g_test_add_func ("/generate/drums/seeks", test_seeks);
  g_test_add_func ("/generate/drums/check/passes", test_check_passes);
  g_test_add_func ("/generate/drums/check/ends", test_check_ends);
  g_test_add_func ("/generate/drums/check/file", test_check_file);
  g_test_add_func ("/generate/drums/check/dense", test_check_dense);
  g_test_add_func ("/generate/drums/check/shifted", test_check_shifted);
  g_test_add_func ("/generate/drums/check/one-shifted", test_check_one_shifted);
  g_test_add_func ("/generate/drums/check/one-wrong", test_check_one_wrong);
  g_test_add_func ("/generate/drums/check/absent", test_check_absent);
  g_test_add_func ("/generate/drums/check/level", test_check_level);
  return g_test_run ();
}
