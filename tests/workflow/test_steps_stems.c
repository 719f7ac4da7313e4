/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 3: what is taken in, what is refused, and what becomes a working copy. */
#include "fixture.h"
#include "workflow/json.h"

#define FRAMES 48000

/* A project of @reference_channels channels (0: a plain length) without drums. */
static SlSettings *
make_settings (Fixture *fixture, int reference_channels)
{
  SlSettings *settings = sl_settings_new ("Stems");
  Song song = { .frames = FRAMES, .channels = reference_channels, .hz = 300 };

  settings->drums = SL_DRUMS_NONE;
  settings->reference_frames = FRAMES;
  if (reference_channels > 0)
    {
      g_free (fixture_write_song (fixture, "reference.wav", song));
      settings->reference = g_strdup ("../reference.wav");
    }
  return settings;
}

/* Runs the stems step on one stem that is @file, which lies beside the song; its badge. */
static SlState
run_one (Fixture *fixture, SlSettings *settings, const char *file, gboolean convert)
{
  g_autofree char *stored = g_strconcat ("../", file, NULL);

  settings_add_file (settings, "Stem", stored)->convert = convert;
  fixture_init (fixture, settings);
  fixture_run (fixture, SL_STEP_STEMS);
  return fixture_state (fixture, SL_STEP_STEMS);
}

static const SlCheck *
stem_check (Fixture *fixture, const char *id)
{
  return fixture_check (fixture, SL_STEP_STEMS, "Stem", id);
}

/* Every check that failed has a place in a sentence, and a remedy. */
static void
assert_failure_is_helpful (Fixture *fixture, const char *id, const char *word)
{
  const SlCheck *check = stem_check (fixture, id);

  g_assert_cmpint (check->level, ==, SL_LEVEL_FAIL);
  g_assert_cmpint (check->kind, ==, SL_KIND_INTEGRITY);
  g_assert_cmpstr (check->subject, ==, "Stem");
  g_assert_nonnull (strstr (check->message, word));
  g_assert_nonnull (check->fix);
}

/* One or as many channels as the reference; without a reference, any number. */
static void
test_channels (void)
{
  static const struct
  {
    int reference;
    int stem;
    SlState state;
  } rows[] = {
    { 2, 1, SL_STATE_PASSED }, { 2, 2, SL_STATE_PASSED }, { 2, 3, SL_STATE_FAILED },
    { 1, 1, SL_STATE_PASSED }, { 1, 2, SL_STATE_FAILED }, { 6, 2, SL_STATE_FAILED },
    { 6, 6, SL_STATE_PASSED }, { 0, 2, SL_STATE_PASSED }, { 0, 5, SL_STATE_PASSED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      SlSettings *settings = make_settings (&fixture, rows[i].reference);
      Song song = { .frames = FRAMES, .channels = rows[i].stem, .hz = 100 };

      g_free (fixture_write_song (&fixture, "stem.wav", song));
      g_assert_cmpint (run_one (&fixture, settings, "stem.wav", FALSE), ==, rows[i].state);
      if (rows[i].state == SL_STATE_FAILED)
        assert_failure_is_helpful (&fixture, "channels", "channels; the reference has");
    }
}

/* A length that differs is no failure: it is told, signed, for the next step to resolve. */
static void
test_length_is_told (void)
{
  static const struct
  {
    gint64 frames;
    SlLevel level;
    const char *words;
  } rows[] = {
    { FRAMES, SL_LEVEL_PASS, "Exactly as long" },
    { FRAMES - 4800, SL_LEVEL_NOTE, "-4,800 frames (-100.0 ms)" },
    { FRAMES + 1, SL_LEVEL_NOTE, "+1 frames" },
    { 3 * FRAMES, SL_LEVEL_NOTE, "+96,000 frames (+2000.0 ms)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      SlSettings *settings = make_settings (&fixture, 0);

      g_free (
          fixture_write_song (&fixture, "stem.wav", (Song){ .frames = rows[i].frames, .hz = 100 }));
      g_assert_cmpint (run_one (&fixture, settings, "stem.wav", FALSE), ==, SL_STATE_PASSED);
      g_assert_cmpint (stem_check (&fixture, "length")->level, ==, rows[i].level);
      g_assert_nonnull (strstr (stem_check (&fixture, "length")->message, rows[i].words));
    }
}

static void
test_silent (void)
{
  static const float silence[FRAMES * 2];
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings (&fixture, 0);

  g_free (fixture_write_wav (&fixture, "stem.wav", silence, 2, 48000, FRAMES, SL_SUBTYPE_FLOAT));
  g_assert_cmpint (run_one (&fixture, settings, "stem.wav", FALSE), ==, SL_STATE_FAILED);
  assert_failure_is_helpful (&fixture, "silence", "silent");
}

static void
test_quiet (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings (&fixture, 0);
  Song song = { .frames = FRAMES, .hz = 100, .level = 0.001 };

  g_free (fixture_write_song (&fixture, "stem.wav", song));
  g_assert_cmpint (run_one (&fixture, settings, "stem.wav", FALSE), ==, SL_STATE_PASSED);
  g_assert_cmpint (stem_check (&fixture, "quiet")->level, ==, SL_LEVEL_WARN);
  g_assert_cmpuint (sl_badge_warnings (fixture.project, SL_STEP_STEMS), ==, 1);
}

static void
test_missing (void)
{
  g_auto (Fixture) fixture = { .root = test_folder_new () };
  SlSettings *settings = make_settings (&fixture, 0);

  g_assert_cmpint (run_one (&fixture, settings, "gone.wav", FALSE), ==, SL_STATE_FAILED);
  assert_failure_is_helpful (&fixture, "open", "gone.wav");
}

static void
test_no_stems (void)
{
  g_auto (Fixture) fixture = { .root = test_folder_new () };

  fixture_init (&fixture, make_settings (&fixture, 0));
  fixture_run (&fixture, SL_STEP_DELIVER);
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_STEMS), ==, SL_STATE_FAILED);
  g_assert_nonnull (fixture_check (&fixture, SL_STEP_STEMS, "", "stems")->fix);
}

/* --- tones --- */

static const SlAudio *
stem_audio (Fixture *fixture, const char *name)
{
  SlRecord *record = sl_project_get_record (fixture->project, SL_STEP_STEMS, name);

  g_assert_nonnull (record);
  g_assert_nonnull (record->audio);
  return record->audio;
}

/* As long as said, else as the plan, else as the target; as loud as the name usually is. */
static void
test_tones (void)
{
  g_auto (Fixture) fixture = { .root = test_folder_new () };
  SlSettings *settings = make_settings (&fixture, 0);
  SlSettings *planned;

  settings_add_tone (settings, "bass", 0.0);
  settings_add_tone (settings, "guitars", 0.25);
  fixture_init (&fixture, settings);
  fixture_run (&fixture, SL_STEP_STEMS);
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_STEMS), ==, SL_STATE_PASSED);
  g_assert_cmpint (stem_audio (&fixture, "bass")->frames, ==, FRAMES);
  g_assert_cmpint (stem_audio (&fixture, "guitars")->frames, ==, 12000);
  g_assert_cmpfloat_with_epsilon (stem_audio (&fixture, "bass")->peak, 0.8, 1e-3);
  g_assert_cmpfloat_with_epsilon (stem_audio (&fixture, "guitars")->peak, 0.6, 1e-3);

  planned = fixture_settings (&fixture);
  planned->planned_seconds = 0.5;
  sl_project_take_settings (fixture.project, planned);
  fixture_run (&fixture, SL_STEP_STEMS);
  g_assert_cmpint (stem_audio (&fixture, "bass")->frames, ==, 24000);
  g_assert_cmpint (stem_audio (&fixture, "guitars")->frames, ==, 12000);
}

/* What cannot sound is a red badge, not an error. */
static void
test_odd_tones (void)
{
  static const struct
  {
    double hz;
    double amplitude;
    double seconds;
  } rows[] = { { 0.0, 0.5, 0 },   { 24000.0, 0.5, 0 }, { 440.0, 1.5, 0 },
               { 440.0, 0.0, 0 }, { -1.0, 0.5, 0 },    { 440.0, 0.5, 1e-9 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) fixture = { .root = test_folder_new () };
      SlSettings *settings = make_settings (&fixture, 0);
      SlStem *stem = settings_add_tone (settings, "Tone", rows[i].seconds);

      stem->tone_hz = rows[i].hz;
      stem->amplitude = rows[i].amplitude;
      fixture_init (&fixture, settings);
      fixture_run (&fixture, SL_STEP_STEMS);
      g_assert_cmpint (fixture_state (&fixture, SL_STEP_STEMS), ==, SL_STATE_FAILED);
    }
}

/* A file may ask for anything: this is more than any disk holds. */
static void
test_absurd_length (void)
{
  g_auto (Fixture) fixture = { .root = test_folder_new () };
  SlSettings *settings = make_settings (&fixture, 0);
  g_autoptr (GError) error = NULL;

  settings_add_tone (settings, "Tone", 1e300);
  fixture_init (&fixture, settings);
  error = fixture_try_run (&fixture, SL_STEP_STEMS, NULL);
  g_assert_error (error, SL_ERROR, SL_ERROR_NO_SPACE);
}

/* --- other rates --- */

/* Equal to the same tone made at the project's rate, to 1e-4 of full scale (-80 dB), ends left
 * out: there the resampler does not know what comes before and after. */
static void
assert_resembles_tone (Fixture *fixture, const char *stored, double hz, double level)
{
  g_autofree char *path = fixture_path (fixture, stored);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlSource) source = sl_reader_open (path, NULL, &error);
  g_autofree float *samples = g_new (float, FRAMES * 2);

  g_assert_no_error (error);
  g_assert_cmpint (source->length, ==, FRAMES);
  g_assert_true (sl_source_read_at (source, 0, samples, FRAMES, &error));
  for (gint64 i = 2400; i < FRAMES - 2400; i++)
    g_assert_cmpfloat_with_epsilon (samples[2 * i],
                                    level * sin (2.0 * G_PI * hz * (double) i / 48000.0), 1e-4);
}

static void
test_convert (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings (&fixture, 0);
  Song song = { .frames = 44100, .rate_hz = 44100, .hz = 1000 };

  g_free (fixture_write_song (&fixture, "stem.wav", song));
  g_assert_cmpint (run_one (&fixture, settings, "stem.wav", FALSE), ==, SL_STATE_FAILED);
  assert_failure_is_helpful (&fixture, "rate", "44100 Hz; the project has 48000 Hz");

  settings = fixture_settings (&fixture);
  sl_settings_find_stem (settings, "Stem")->convert = TRUE;
  sl_project_take_settings (fixture.project, settings);
  fixture_run (&fixture, SL_STEP_DELIVER);
  fixture_assert_green (&fixture);
  g_assert_cmpint (stem_check (&fixture, "rate")->level, ==, SL_LEVEL_NOTE);
  g_assert_nonnull (strstr (stem_check (&fixture, "converted")->message, "44,100 frames at 44100"));
  g_assert_cmpstr (stem_audio (&fixture, "Stem")->path, ==, "stems/Stem.wav");
  g_assert_cmpint (stem_check (&fixture, "length")->level, ==, SL_LEVEL_PASS);
  assert_resembles_tone (&fixture, "stems/Stem.wav", 1000, 0.3);
}

/* --- lossy files --- */

/* Encodes stem.wav beside it with @program, or skips the test. */
static gboolean
encode (Fixture *fixture, const char *program, const char *const *arguments)
{
  g_autofree char *found = g_find_program_in_path (program);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  int status;

  if (found == NULL)
    {
      g_autofree char *why = g_strdup_printf ("%s is not installed", program);
      g_test_skip (why);
      return FALSE;
    }
  g_ptr_array_add (argv, found);
  for (; *arguments != NULL; arguments++)
    g_ptr_array_add (argv, (gpointer) *arguments);
  g_ptr_array_add (argv, NULL);
  g_spawn_sync (fixture->root, (char **) argv->pdata, NULL,
                G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  return TRUE;
}

static void
assert_working_copy (Fixture *fixture, const char *file)
{
  SlSettings *settings = make_settings (fixture, 0);
  g_autofree char *copy = NULL;
  const SlAudio *audio;
  g_autoptr (GError) error = NULL;
  SlReadback found;
  char hex[SL_DIGEST_HEX_LENGTH + 1];

  settings->reference_frames = 2 * FRAMES;
  g_assert_cmpint (run_one (fixture, settings, file, FALSE), ==, SL_STATE_PASSED);
  g_assert_cmpint (stem_check (fixture, "working-copy")->level, ==, SL_LEVEL_NOTE);
  audio = stem_audio (fixture, "Stem");
  g_assert_cmpstr (audio->path, ==, "stems/Stem.flac");
  copy = fixture_path (fixture, audio->path);
  sl_readback_run (copy, NULL, 0, &found, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (found.info.lossy);
  g_assert_cmpint (found.frames, ==, audio->frames);
  sl_digest_to_hex (&found.digest, hex);
  g_assert_cmpstr (hex, ==, audio->digest);
  /* Encoders pad by a frame or two of theirs, of about 1,000. */
  g_assert_cmpint (found.frames, >=, FRAMES);
  g_assert_cmpint (found.frames, <, FRAMES + 4000);

  fixture_run (fixture, SL_STEP_DELIVER);
  fixture_assert_green (fixture);
  /* The plan reads the copy alone: without it, the step that made it is run again. */
  g_assert_cmpint (g_unlink (copy), ==, 0);
  fixture_refresh (fixture);
  g_assert_cmpint (fixture_state (fixture, SL_STEP_STEMS), ==, SL_STATE_STALE);
  fixture_run (fixture, SL_STEP_DELIVER);
  fixture_assert_green (fixture);
}

static void
test_mp3 (void)
{
  static const char *const arguments[] = { "--quiet", "-b", "192", "stem.wav", "stem.mp3", NULL };
  g_auto (Fixture) fixture = { 0 };
  Song song = { .frames = FRAMES, .hz = 440, .noise = 0.05, .subtype = SL_SUBTYPE_PCM_16 };

  g_free (fixture_write_song (&fixture, "stem.wav", song));
  if (encode (&fixture, "lame", arguments))
    assert_working_copy (&fixture, "stem.mp3");
}

static void
test_ogg (void)
{
  static const char *const arguments[] = { "--quiet", "-o", "stem.ogg", "stem.wav", NULL };
  g_auto (Fixture) fixture = { 0 };
  Song song = { .frames = FRAMES, .hz = 440, .noise = 0.05, .subtype = SL_SUBTYPE_PCM_16 };

  g_free (fixture_write_song (&fixture, "stem.wav", song));
  if (encode (&fixture, "oggenc", arguments))
    assert_working_copy (&fixture, "stem.ogg");
}

/* Lossy and of another rate: decoded once, then resampled. */
static void
test_mp3_converted (void)
{
  static const char *const arguments[] = { "--quiet", "-b", "192", "stem.wav", "stem.mp3", NULL };
  g_auto (Fixture) fixture = { 0 };
  Song song = { .frames = 44100, .rate_hz = 44100, .hz = 440, .subtype = SL_SUBTYPE_PCM_16 };
  SlSettings *settings;

  g_free (fixture_write_song (&fixture, "stem.wav", song));
  if (!encode (&fixture, "lame", arguments))
    return;
  settings = make_settings (&fixture, 0);
  settings->reference_frames = 2 * FRAMES;
  g_assert_cmpint (run_one (&fixture, settings, "stem.mp3", TRUE), ==, SL_STATE_PASSED);
  g_assert_cmpstr (stem_audio (&fixture, "Stem")->path, ==, "stems/Stem.wav");
  g_assert_cmpint (stem_audio (&fixture, "Stem")->rate_hz, ==, 48000);
  fixture_run (&fixture, SL_STEP_DELIVER);
  fixture_assert_green (&fixture);
}

/* A probe made when the file was added is not made again. */
static void
test_probe_is_kept (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *helper = g_strdup (g_getenv ("SEAMLINE_PROBE"));
  SlSettings *settings = make_settings (&fixture, 0);

  g_free (fixture_write_song (&fixture, "stem.wav", (Song){ .frames = FRAMES, .hz = 100 }));
  g_assert_cmpint (run_one (&fixture, settings, "stem.wav", FALSE), ==, SL_STATE_PASSED);
  fixture_reopen (&fixture);

  /* With another target the checks are made anew, but not the decoding. */
  g_setenv ("SEAMLINE_PROBE", "/nowhere", TRUE);
  settings = fixture_settings (&fixture);
  settings->reference_frames = FRAMES + 2;
  sl_project_take_settings (fixture.project, settings);
  fixture_run (&fixture, SL_STEP_STEMS);
  g_setenv ("SEAMLINE_PROBE", helper, TRUE);
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_STEMS), ==, SL_STATE_PASSED);
  g_assert_cmpfloat (stem_check (&fixture, "length")->limit, ==, FRAMES + 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);

  g_test_add_func ("/steps/stems/channels", test_channels);
  g_test_add_func ("/steps/stems/length-is-told", test_length_is_told);
  g_test_add_func ("/steps/stems/silent", test_silent);
  g_test_add_func ("/steps/stems/quiet", test_quiet);
  g_test_add_func ("/steps/stems/missing", test_missing);
  g_test_add_func ("/steps/stems/none", test_no_stems);
  g_test_add_func ("/steps/stems/tones", test_tones);
  g_test_add_func ("/steps/stems/odd-tones", test_odd_tones);
  g_test_add_func ("/steps/stems/absurd-length", test_absurd_length);
  g_test_add_func ("/steps/stems/convert", test_convert);
  g_test_add_func ("/steps/stems/mp3", test_mp3);
  g_test_add_func ("/steps/stems/ogg", test_ogg);
  g_test_add_func ("/steps/stems/mp3-converted", test_mp3_converted);
  g_test_add_func ("/steps/stems/probe-is-kept", test_probe_is_kept);

  return g_test_run ();
}
