/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/measure/report.h"

#include "engine/base/error.h"

#include <locale.h>
#include <math.h>
#include <string.h>

/* A report in which every field has a value of its own. */
static SlProbeReport
example (void)
{
  SlProbeReport report = {
    .readback = { .info = { .channels = 2,
                            .rate_hz = 44100,
                            .declared_frames = G_MAXINT64,
                            .container = "WAV",
                            .encoding = "PCM_24",
                            .is_wav = TRUE,
                            .bits = 24,
                            .has_subtype = TRUE,
                            .subtype = SL_SUBTYPE_PCM_24,
                            .header_fault = "data : 12\n*** should be 96 %41 \xff\x01" },
                  .frames = 1000,
                  .undecoded_bytes = 3,
                  .checksum_failed = TRUE,
                  .stat = { G_MAXUINT64, 7, 6044, -1, G_MAXINT64 } },
    .levels = { .frames = 1000,
                .channels = 2,
                .peak = 0.1,
                .peak_frame = 999,
                .rms = 1.0 / 3.0,
                .active_rms = 5e-324,
                .near_clip_samples = 17,
                .over_samples = 16,
                .first_over = 0,
                .nonfinite_samples = 0,
                .first_nonfinite = -1,
                .dc = -1e-17 },
    .tempo = { 97.1 / 1.1, 2.0 / 3.0 },
    .has_working_copy = TRUE,
  };

  report.readback.digest = sl_digest_bytes ("a", 1);
  report.working_digest = sl_digest_bytes ("b", 1);
  return report;
}

static char *
write_text (const SlProbeReport *report)
{
  GString *text = g_string_new (NULL);

  sl_probe_report_write (report, text);
  return g_string_free (text, FALSE);
}

static void
assert_same_levels (const SlLevels *a, const SlLevels *b)
{
  g_assert_cmpint (a->frames, ==, b->frames);
  g_assert_cmpint (a->channels, ==, b->channels);
  g_assert_cmpint (a->peak_frame, ==, b->peak_frame);
  g_assert_cmpint (a->near_clip_samples, ==, b->near_clip_samples);
  g_assert_cmpint (a->over_samples, ==, b->over_samples);
  g_assert_cmpint (a->first_over, ==, b->first_over);
  g_assert_cmpint (a->nonfinite_samples, ==, b->nonfinite_samples);
  g_assert_cmpint (a->first_nonfinite, ==, b->first_nonfinite);
  /* To the bit. */
  g_assert_true (a->peak == b->peak);
  g_assert_true (a->rms == b->rms);
  g_assert_true (a->active_rms == b->active_rms);
  g_assert_true (a->dc == b->dc);
}

static void
assert_same_info (const SlFileInfo *a, const SlFileInfo *b)
{
  g_assert_cmpint (a->channels, ==, b->channels);
  g_assert_cmpint (a->rate_hz, ==, b->rate_hz);
  g_assert_cmpint (a->declared_frames, ==, b->declared_frames);
  g_assert_cmpstr (a->container, ==, b->container);
  g_assert_cmpstr (a->encoding, ==, b->encoding);
  g_assert_cmpint (a->lossy, ==, b->lossy);
  g_assert_cmpint (a->is_wav, ==, b->is_wav);
  g_assert_cmpint (a->bits, ==, b->bits);
  g_assert_cmpint (a->has_subtype, ==, b->has_subtype);
  g_assert_cmpint (a->subtype, ==, b->subtype);
  g_assert_cmpstr (a->header_fault, ==, b->header_fault);
}

static void
assert_same (const SlProbeReport *a, const SlProbeReport *b)
{
  assert_same_info (&a->readback.info, &b->readback.info);
  g_assert_cmpint (a->readback.frames, ==, b->readback.frames);
  g_assert_cmpint (a->readback.undecoded_bytes, ==, b->readback.undecoded_bytes);
  g_assert_cmpint (a->readback.checksum_failed, ==, b->readback.checksum_failed);
  g_assert_true (sl_digest_equal (&a->readback.digest, &b->readback.digest));
  g_assert_true (sl_stat_equal (&a->readback.stat, &b->readback.stat));
  g_assert_cmpuint (a->readback.stat.device, ==, b->readback.stat.device);
  assert_same_levels (&a->levels, &b->levels);
  g_assert_true (a->tempo.bpm == b->tempo.bpm);
  g_assert_true (a->tempo.confidence == b->tempo.confidence);
  g_assert_cmpint (a->has_working_copy, ==, b->has_working_copy);
  g_assert_true (sl_digest_equal (&a->working_digest, &b->working_digest));
}

static void
test_round_trip (void)
{
  SlProbeReport report = example ();
  g_autofree char *text = write_text (&report);
  g_autoptr (GError) error = NULL;
  SlProbeReport parsed;
  gboolean ok = sl_probe_report_parse (text, &parsed, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
  assert_same (&report, &parsed);
}

/* A float file may hold any finite number: levels have no upper bound, DC none at all. */
static void
test_huge_levels (void)
{
  SlProbeReport report = example ();
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  SlProbeReport parsed;
  gboolean ok;

  report.levels.peak = 3.4e38;
  report.levels.rms = 1e37;
  report.levels.active_rms = 2e37;
  report.levels.dc = -1e36;
  text = write_text (&report);
  ok = sl_probe_report_parse (text, &parsed, &error);
  g_assert_no_error (error);
  g_assert_true (ok);
  assert_same (&report, &parsed);
}

/* A comma as decimal sign must not reach the text; the locale may be absent. */
static void
test_locale (void)
{
  SlProbeReport report = example ();
  g_autofree char *text = write_text (&report);
  g_autofree char *foreign = NULL;

  if (setlocale (LC_ALL, "de_DE.UTF-8") == NULL)
    {
      g_test_skip ("de_DE.UTF-8 is not installed");
      return;
    }
  foreign = write_text (&report);
  setlocale (LC_ALL, "C");
  g_assert_cmpstr (foreign, ==, text);
}

static void
assert_refused (const char *text)
{
  g_autoptr (GError) error = NULL;
  SlProbeReport parsed;

  if (sl_probe_report_parse (text, &parsed, &error))
    g_error ("accepted:\n%s", text);
  g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
}

/* The report with line "key …" replaced by @line (NULL: left out). */
static char *
with_line (const char *text, const char *key, const char *line)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GString *out = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL && (lines[i][0] != '\0' || lines[i + 1] != NULL); i++)
    {
      gboolean matches = g_str_has_prefix (lines[i], key) && lines[i][strlen (key)] == ' ';

      if (!matches)
        g_string_append_printf (out, "%s\n", lines[i]);
      else if (line != NULL)
        g_string_append_printf (out, "%s\n", line);
    }
  return g_string_free (out, FALSE);
}

static void
test_refused_values (void)
{
  static const char *const changes[][2] = {
    { "channels", "channels 0" },
    { "channels", "channels 17" },
    { "channels", "channels 1" },
    { "channels", "channels  2" },
    { "channels", "channels 2 " },
    { "channels", "channels" },
    { "channels", "channels " },
    { "channels", "channels 2\nchannels 2" },
    { "channels", "rate-hz 44100" },
    { "channels", NULL },
    { "working-digest", NULL },
    { "rate-hz", "rate-hz 768001" },
    { "rate-hz", "rate-hz 0" },
    { "rate-hz", "rate-hz 44100.0" },
    { "rate-hz", "rate-hz 99999999999999999999" },
    { "declared-frames", "declared-frames -1" },
    { "container", "container sixteen letters!" },
    { "container", "container %00" },
    { "container", "container %4" },
    { "container", "container %zz" },
    { "lossy", "lossy 2" },
    { "bits", "bits 65" },
    { "subtype", "subtype 3" },
    { "frames", "frames 999" },
    { "frames", "frames 9223372036854775807" },
    { "digest", "digest 0" },
    { "digest", "digest 0123456789abcdef0123456789abcdeg" },
    { "inode", "inode -7" },
    { "inode", "inode 18446744073709551616" },
    { "size-bytes", "size-bytes -1" },
    { "levels-frames", "levels-frames 1001" },
    { "levels-channels", "levels-channels 1" },
    { "peak", "peak -0.1" },
    { "peak", "peak nan" },
    { "peak", "peak inf" },
    { "peak", "peak 1e999" },
    { "peak", "peak 0x1p3" },
    { "peak", "peak 0,1" },
    { "peak", "peak " },
    { "peak", "peak 1 " },
    { "peak-frame", "peak-frame 1000" },
    { "near-clip-samples", "near-clip-samples 2001" },
    { "over-samples", "over-samples 2001" },
    { "over-samples", "over-samples 0" },
    { "first-over", "first-over 1000" },
    { "first-over", "first-over -1" },
    { "first-over", "first-over -2" },
    { "nonfinite-samples", "nonfinite-samples 1" },
    { "first-nonfinite", "first-nonfinite 0" },
    { "dc", "dc -inf" },
    { "tempo-bpm", "tempo-bpm 180.1" },
    { "tempo-bpm", "tempo-bpm 0" },
    { "tempo-confidence", "tempo-confidence 1.1" },
    { "tempo-confidence", "tempo-confidence 0.4" },
    { "has-working-copy", "has-working-copy yes" },
  };
  SlProbeReport report = example ();
  g_autofree char *text = write_text (&report);

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *changed = with_line (text, changes[i][0], changes[i][1]);

      g_assert_cmpstr (changed, !=, text);
      assert_refused (changed);
    }
}

static void
test_refused_ends (void)
{
  SlProbeReport report = example ();
  g_autofree char *text = write_text (&report);
  g_autofree char *longer = g_strconcat (text, "more\n", NULL);
  g_autofree char *twice = g_strconcat (text, text, NULL);

  assert_refused (longer);
  assert_refused (twice);
  for (gsize length = 0; length < strlen (text); length++)
    {
      g_autofree char *cut = g_strndup (text, length);

      assert_refused (cut);
    }
}

/* Random damage never crashes the parser; what it still accepts keeps the promised ranges. */
static void
test_damage (void)
{
  SlProbeReport report = example ();
  g_autofree char *text = write_text (&report);
  gsize length = strlen (text);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (int round = 0; round < 20000; round++)
    {
      g_autofree char *damaged = g_strdup (text);
      g_autoptr (GError) error = NULL;
      SlProbeReport parsed;

      for (int i = g_rand_int_range (random, 1, 4); i > 0; i--)
        damaged[g_rand_int_range (random, 0, (gint32) length)] = (char) g_rand_int (random);
      if (!sl_probe_report_parse (damaged, &parsed, &error))
        continue;
      g_assert_cmpint (parsed.levels.frames, ==, parsed.readback.frames);
      g_assert_true (isfinite (parsed.levels.dc));
      g_assert_nonnull (memchr (parsed.readback.info.header_fault, '\0',
                                sizeof parsed.readback.info.header_fault));
    }
}

/* Silence and a file without frames are reports like any other. */
static void
test_no_frames (void)
{
  SlProbeReport report = { .readback = { .info = { .channels = 1, .rate_hz = 48000 } },
                           .levels = { .first_over = -1, .first_nonfinite = -1 } };
  g_autofree char *text = write_text (&report);
  g_autoptr (GError) error = NULL;
  SlProbeReport parsed;
  gboolean ok = sl_probe_report_parse (text, &parsed, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
  assert_same (&report, &parsed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/measure/report/round-trip", test_round_trip);
  g_test_add_func ("/measure/report/huge-levels", test_huge_levels);
  g_test_add_func ("/measure/report/locale", test_locale);
  g_test_add_func ("/measure/report/refused-values", test_refused_values);
  g_test_add_func ("/measure/report/refused-ends", test_refused_ends);
  g_test_add_func ("/measure/report/damage", test_damage);
  g_test_add_func ("/measure/report/no-frames", test_no_frames);

  return g_test_run ();
}
