/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/process/mixer.h"

#include "engine/base/error.h"

#include "../../support/memory_source.h"
#include "../../support/noise.h"

#define N 5

static const double gains[N] = { 0.4, 1.0, -0.25, 0.0, 3.7 };

static SlSource *
noise_source (guint32 seed, int channels, gint64 length)
{
  g_autofree float *samples = g_new (float, length *channels + 1);

  for (gint64 i = 0; i < length * channels; i++)
    samples[i] = noise_sample (&seed);
  return memory_source_new (samples, channels, 48000, length);
}

/* The sources of a mix to @channels: mono ones where the bit of @mono is set. */
static void
make_sources (SlSource *sources[N], int channels, guint mono, gint64 length)
{
  for (guint i = 0; i < N; i++)
    sources[i] = noise_source (i + 1, mono & (1u << i) ? 1 : channels, length);
}

/* The mix as the contract words it, one sample at a time. */
static float *
expect (int channels, guint mono, gint64 length)
{
  g_autofree double *sum = g_new0 (double, length *channels + 1);
  float *out = g_new (float, length *channels + 1);

  for (guint s = 0; s < N; s++)
    {
      gboolean is_mono = channels == 1 || (mono & (1u << s)) != 0;
      guint32 seed = s + 1;
      float sample = 0.0f;

      for (gint64 i = 0; i < length * channels; i++)
        {
          if (!is_mono || i % channels == 0)
            sample = noise_sample (&seed);
          sum[i] += gains[s] * sample;
        }
    }
  for (gint64 i = 0; i < length * channels; i++)
    out[i] = (float) sum[i];
  return out;
}

static SlSource *
make_mix (int channels, guint mono, gint64 length)
{
  g_autoptr (GError) error = NULL;
  SlSource *sources[N];
  SlSource *mix;

  make_sources (sources, channels, mono, length);
  mix = sl_mixer_new (sources, gains, N, channels, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mix->channels, ==, channels);
  g_assert_cmpint (mix->rate_hz, ==, 48000);
  g_assert_cmpint (mix->length, ==, length);
  return mix;
}

/* To the last bit. The sum passes ±1: nothing is clamped. */
static void
check_mix (int channels, guint mono)
{
  const gint64 length = 5003;
  g_autofree float *want = expect (channels, mono, length);
  g_autofree float *out = g_new (float, length *channels);
  g_autoptr (SlSource) mix = make_mix (channels, mono, length);
  float most = 0.0f;

  g_assert_cmpint (sl_source_read (mix, out, length + 1, NULL), ==, length);
  for (gint64 i = 0; i < length * channels; i++)
    {
      g_assert_cmpfloat (out[i], ==, want[i]);
      most = MAX (most, out[i]);
    }
  g_assert_cmpfloat (most, >, 1.5f);
}

static void
test_sum (void)
{
  check_mix (1, 0);
  check_mix (2, 0);
  check_mix (2, 0x1f);
  check_mix (2, 0x0a);
  check_mix (3, 0x05);
  check_mix (16, 0x12);
}

static void
test_seek (void)
{
  const gint64 length = 9001;
  g_autofree float *want = expect (2, 0x0a, length);
  g_autofree float *out = g_new (float, length * 2);
  g_autoptr (SlSource) mix = make_mix (2, 0x0a, length);
  guint32 state = 8;

  for (int round = 0; round < 300; round++)
    {
      gint64 at = noise_bits (&state) % length, count = noise_bits (&state) % 4999;
      gint64 got;

      if (round % 2 == 0)
        g_assert_true (sl_source_seek (mix, at, NULL));
      at = mix->position;
      got = sl_source_read (mix, out, count, NULL);
      g_assert_cmpint (got, ==, MIN (count, length - at));
      g_assert_cmpmem (out, sizeof (float) * got * 2, want + at * 2, sizeof (float) * got * 2);
    }
}

/* Adding in double: what is small beside a loud part is still there when the loud part is gone. */
static void
test_double (void)
{
  const float loud = 1.0f, faint = 1e-9f;
  const double unity[3] = { 1.0, 1.0, -1.0 };
  SlSource *sources[3]
      = { memory_source_new (&loud, 1, 48000, 1), memory_source_new (&faint, 1, 48000, 1),
          memory_source_new (&loud, 1, 48000, 1) };
  g_autoptr (SlSource) mix = sl_mixer_new (sources, unity, 3, 1, NULL);
  float out;

  g_assert_cmpint (sl_source_read (mix, &out, 1, NULL), ==, 1);
  g_assert_cmpfloat_with_epsilon (out, 1e-9, 1e-15);
}

/* A refusal names the part at fault, here the second of three; all of them are freed. */
static void
check_refused (SlSource *good, SlSource *odd, int channels)
{
  g_autoptr (GError) error = NULL;
  SlSource *sources[3] = { good, odd, noise_source (1, 1, 100) };

  g_assert_null (sl_mixer_new (sources, gains, 3, channels, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "2"));
  g_assert_null (strstr (error->message, "Part 1 "));
}

static void
test_refusals (void)
{
  const float silence[200] = { 0.0f };
  g_autoptr (GError) error = NULL;

  check_refused (noise_source (1, 2, 100), noise_source (2, 3, 100), 2);
  check_refused (noise_source (1, 1, 100), noise_source (2, 2, 100), 1);
  check_refused (noise_source (1, 2, 100), noise_source (2, 2, 101), 2);
  check_refused (noise_source (1, 2, 100), memory_source_new (silence, 2, 44100, 100), 2);
  g_assert_null (sl_mixer_new (NULL, NULL, 0, 2, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
}

/* A part that cannot be read stops the mix, with its own error. */
static void
test_broken_part (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlSource) mix = NULL;
  SlSource *sources[2] = { noise_source (1, 1, 10), noise_source (2, 1, 10) };
  float out[10];

  sources[1]->failure = g_error_new_literal (SL_ERROR, SL_ERROR_CHANGED, "changed");
  mix = sl_mixer_new (sources, gains, 2, 1, NULL);
  g_assert_cmpint (sl_source_read (mix, out, 10, &error), ==, -1);
  g_assert_error (error, SL_ERROR, SL_ERROR_CHANGED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mixer/sum", test_sum);
  g_test_add_func ("/mixer/seek", test_seek);
  g_test_add_func ("/mixer/double", test_double);
  g_test_add_func ("/mixer/refusals", test_refusals);
  g_test_add_func ("/mixer/broken-part", test_broken_part);
  return g_test_run ();
}
