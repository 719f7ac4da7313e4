/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/measure/tempo.h"

#include "../../support/noise.h"
#include "../../support/samples.h"

#include <math.h>
#include <string.h>

#define RATE 8000
#define SECONDS 40
#define FRAMES ((gint64) SECONDS * RATE)

/* What is found may be off by this many beats per minute. */
#define TOLERANCE_BPM 0.05

/* In blocks that go into nothing evenly. */
static SlTempo
find (const float *samples, int channels, int rate_hz, gint64 frames)
{
  g_autoptr (SlOnsetMeter) meter = sl_onset_meter_new (SL_TEMPO_MAX_SECONDS);
  SlTap tap = sl_onset_meter_tap (meter);
  SlTempo tempo;

  tap.begin (tap.self, channels, rate_hz);
  for (gint64 at = 0; at < frames; at += 4099)
    tap.feed (tap.self, samples + at * channels, MIN (frames - at, 4099), NULL);
  tempo = sl_tempo_find (meter);
  g_assert_cmpfloat (tempo.confidence, >=, 0.0);
  g_assert_cmpfloat (tempo.confidence, <=, 1.0);
  return tempo;
}

static void
assert_no_number (SlTempo tempo)
{
  g_assert_cmpfloat (tempo.bpm, ==, 0.0);
  g_assert_cmpfloat (tempo.confidence, <, SL_TEMPO_SURE);
}

static void
assert_tempo (SlTempo tempo, double bpm)
{
  g_assert_cmpfloat (tempo.confidence, >=, SL_TEMPO_SURE);
  g_assert_cmpfloat_with_epsilon (tempo.bpm, bpm, TOLERANCE_BPM);
}

/* --- recorded loops --- */

static SlTempo
find_loop (const Sample *sample)
{
  gint64 frames = (gint64) SECONDS * sample->rate_hz;
  g_autofree float *repeated = g_new (float, frames * sample->channels);

  for (gint64 at = 0; at < frames; at += sample->frames)
    memcpy (repeated + at * sample->channels, sample->audio,
            (gsize) (MIN (sample->frames, frames - at) * sample->channels) * sizeof (float));
  return find (repeated, sample->channels, sample->rate_hz, frames);
}

/* A loop of 4·2^n beats, counted so that it is as fast as @bpm or up to twice as slow. */
static double
tempo_below (const Sample *sample, double bpm)
{
  double result = 240.0 * sample->rate_hz / (double) sample->frames;

  while (result > bpm * 1.01)
    result /= 2.0;
  while (result * 2.0 <= bpm * 1.01)
    result *= 2.0;
  return result;
}

/* Half or double is a matter of taste; the loop of tabla, in sixteenths throughout, is counted by
 * three of them instead of four. */
static void
test_loops (void)
{
  if (!samples_available ())
    return;
  for (guint i = 0; i < G_N_ELEMENTS (sample_loops); i++)
    {
      g_auto (Sample) sample = { 0 };
      double by = strcmp (sample_loops[i], "loop_tabla") == 0 ? 4.0 / 3.0 : 1.0;
      SlTempo tempo;

      sample_load (sample_loops[i], &sample);
      tempo = find_loop (&sample);
      g_test_message ("%s: %.3f BPM, confidence %.3f", sample_loops[i], tempo.bpm,
                      tempo.confidence);
      assert_tempo (tempo, by * tempo_below (&sample, tempo.bpm / by));
    }
}

/* Has beats, but hardly any onsets: no number is better than a wrong one. */
static void
test_drone_loop (void)
{
  g_auto (Sample) sample = { 0 };

  if (!samples_available ())
    return;
  sample_load ("loop_drone_g_97", &sample);
  assert_no_number (find_loop (&sample));
}

/* --- clicks --- */

static float *
make_noise (gint64 frames, float level, guint32 seed)
{
  float *out = g_new (float, frames);

  for (gint64 i = 0; i < frames; i++)
    out[i] = level * noise_sample (&seed);
  return out;
}

/* A short tone at @seconds. */
static void
add_click (float *out, gint64 frames, double seconds)
{
  gint64 start = llround (seconds * RATE);

  for (gint64 i = 0; i < RATE / 20 && start + i < frames; i++)
    out[start + i]
        += (float) (exp (-(double) i / 50.0) * sin (2.0 * G_PI * 1000.0 * (double) i / RATE));
}

static void
add_clicks (float *out, gint64 frames, double first_second, double bpm)
{
  for (double t = first_second; t * RATE < (double) frames; t += 60.0 / bpm)
    add_click (out, frames, t);
}

/* The slowest and the fastest are counted twice and half as fast. */
static void
test_clicks (void)
{
  const struct
  {
    double bpm, expected;
  } rows[] = { { 92.7, 92.7 },     { 101.9, 101.9 }, { 120.0, 120.0 },
               { 133.33, 133.33 }, { 61.3, 122.6 },  { 174.2, 87.1 } };
  const float noise[] = { 0.0f, 0.05f };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint k = 0; k < G_N_ELEMENTS (noise); k++)
      {
        g_autofree float *clicks = make_noise (FRAMES, noise[k], 1);

        add_clicks (clicks, FRAMES, 0.1, rows[i].bpm);
        assert_tempo (find (clicks, 1, RATE, FRAMES), rows[i].expected);
      }
}

/* Nobody plays to the millisecond: each click up to 15 ms early or late. */
static void
test_played (void)
{
  g_autofree float *clicks = g_new0 (float, FRAMES);
  guint32 seed = 9;
  SlTempo tempo;

  for (guint i = 0; i < 60; i++)
    add_click (clicks, FRAMES, 0.1 + i * 60.0 / 92.7 + 0.015 * (double) noise_sample (&seed));
  tempo = find (clicks, 1, RATE, FRAMES);
  g_assert_cmpfloat (tempo.confidence, >=, SL_TEMPO_SURE);
  g_assert_cmpfloat_with_epsilon (tempo.bpm, 92.7, 0.1);
}

/* Music that begins minutes into its file, later than what is listened to. */
static void
test_late_start (void)
{
  gint64 frames = (gint64) 150 * RATE;
  g_autofree float *clicks = g_new0 (float, frames);

  add_clicks (clicks, frames, 130.0, 92.7);
  assert_tempo (find (clicks, 1, RATE, frames), 92.7);
}

/* --- nothing to go by --- */

static void
test_silence (void)
{
  g_autofree float *silence = g_new0 (float, FRAMES);

  assert_no_number (find (silence, 1, RATE, FRAMES));
  assert_no_number (find (silence, 1, RATE, 0));
  assert_no_number (find (silence, 1, RATE, 1));
}

static void
test_noise (void)
{
  for (guint32 seed = 20; seed < 30; seed++)
    {
      g_autofree float *noise = make_noise (FRAMES, 0.3f, seed);

      assert_no_number (find (noise, 1, RATE, FRAMES));
    }
}

/* Clicks at random: onsets, but no beat. */
static void
test_random_clicks (void)
{
  for (guint32 seed = 40; seed < 50; seed++)
    {
      g_autofree float *clicks = g_new0 (float, FRAMES);
      guint32 state = seed;

      for (guint i = 0; i < 80; i++)
        add_click (clicks, FRAMES, (SECONDS - 1) * 0.5 * (1.0 + (double) noise_sample (&state)));
      assert_no_number (find (clicks, 1, RATE, FRAMES));
    }
}

/* Steady, trembling 5.3 times a second, and beating twice a second: nothing begins. */
static void
test_drones (void)
{
  g_autofree float *steady = g_new (float, FRAMES);
  g_autofree float *trembling = g_new (float, FRAMES);
  g_autofree float *beating = g_new (float, FRAMES);

  for (gint64 i = 0; i < FRAMES; i++)
    {
      double t = 2.0 * G_PI * (double) i / RATE;

      steady[i] = (float) (0.2 * sin (97.0 * t) + 0.2 * sin (291.3 * t));
      trembling[i] = (float) (0.3 * sin (220.0 * t + 3.0 * sin (5.3 * t)));
      beating[i] = (float) (0.2 * sin (220.0 * t) + 0.2 * sin (222.0 * t));
    }
  assert_no_number (find (steady, 1, RATE, FRAMES));
  assert_no_number (find (trembling, 1, RATE, FRAMES));
  assert_no_number (find (beating, 1, RATE, FRAMES));
}

static void
test_too_short (void)
{
  g_autofree float *clicks = g_new0 (float, FRAMES);

  add_clicks (clicks, FRAMES, 0.0, 120.0);
  assert_no_number (find (clicks, 1, RATE, 4 * RATE));
  assert_tempo (find (clicks, 1, RATE, 12 * RATE), 120.0);
}

/* --- channels and samples --- */

/* One channel of three, the others silent. */
static void
test_channels (void)
{
  g_autofree float *clicks = g_new0 (float, FRAMES);
  g_autofree float *wide = g_new0 (float, 3 * FRAMES);

  add_clicks (clicks, FRAMES, 0.1, 92.7);
  for (gint64 i = 0; i < FRAMES; i++)
    wide[3 * i + 1] = clicks[i];
  assert_tempo (find (wide, 3, RATE, FRAMES), 92.7);
}

/* Files hold anything: what is no number, or no level, must not spoil the rest. */
static void
test_odd_samples (void)
{
  const float odd[] = { NAN, INFINITY, -INFINITY, 3.4e38f, -3.4e38f };

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autofree float *clicks = g_new0 (float, FRAMES);

      add_clicks (clicks, FRAMES, 0.1, 92.7);
      clicks[20 * RATE] = odd[i];
      assert_tempo (find (clicks, 1, RATE, FRAMES), 92.7);
      for (gint64 k = 0; k < FRAMES; k++)
        clicks[k] = odd[i];
      assert_no_number (find (clicks, 1, RATE, FRAMES));
    }
}

static void
test_rates (void)
{
  const int rates[] = { 1, 2, 50, 99, 768000 };
  g_autofree float *noise = make_noise (FRAMES, 0.3f, 1);

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    assert_no_number (find (noise, 1, rates[i], FRAMES));
}

static void
test_nothing_heard (void)
{
  g_autoptr (SlOnsetMeter) meter = sl_onset_meter_new (SL_TEMPO_MAX_SECONDS);

  assert_no_number (sl_tempo_find (meter));
}

/* --- what is said of it --- */

static void
test_proposals (void)
{
  const struct
  {
    double bpm;
    const char *text;
  } rows[] = { { 119.997, "120" }, { 120.02, "120" },     { 92.7, "92.7" },
               { 92.75, "92.75" }, { 119.915, "119.92" }, { 136.882, "136.88" } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = sl_bpm_format (sl_tempo_propose (rows[i].bpm));

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
test_fits (void)
{
  g_assert_true (sl_tempo_fits (120.0, 120.0));
  g_assert_true (sl_tempo_fits (120.3, 120.0));
  g_assert_true (sl_tempo_fits (60.0, 120.0));
  g_assert_true (sl_tempo_fits (174.0, 87.0));
  g_assert_true (sl_tempo_fits (180.0, 120.0));
  g_assert_true (sl_tempo_fits (80.0, 120.0));
  g_assert_true (sl_tempo_fits (120.0, 90.0));
  g_assert_false (sl_tempo_fits (120.5, 120.0));
  g_assert_false (sl_tempo_fits (97.0, 120.0));
  g_assert_false (sl_tempo_fits (126.0, 120.0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/measure/tempo/loops", test_loops);
  g_test_add_func ("/measure/tempo/drone-loop", test_drone_loop);
  g_test_add_func ("/measure/tempo/clicks", test_clicks);
  g_test_add_func ("/measure/tempo/played", test_played);
  g_test_add_func ("/measure/tempo/late-start", test_late_start);
  g_test_add_func ("/measure/tempo/silence", test_silence);
  g_test_add_func ("/measure/tempo/noise", test_noise);
  g_test_add_func ("/measure/tempo/random-clicks", test_random_clicks);
  g_test_add_func ("/measure/tempo/drones", test_drones);
  g_test_add_func ("/measure/tempo/too-short", test_too_short);
  g_test_add_func ("/measure/tempo/channels", test_channels);
  g_test_add_func ("/measure/tempo/odd-samples", test_odd_samples);
  g_test_add_func ("/measure/tempo/rates", test_rates);
  g_test_add_func ("/measure/tempo/nothing-heard", test_nothing_heard);
  g_test_add_func ("/measure/tempo/proposals", test_proposals);
  g_test_add_func ("/measure/tempo/fits", test_fits);
  return g_test_run ();
}
