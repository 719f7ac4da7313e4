/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps 6 and 7: what is filtered, how loud the sum is, and the proof that it is the sum. */
#include "fixture.h"
#include "workflow/json.h"

#include "engine/base/units.h"
#include "engine/measure/true_peak.h"

#include <fcntl.h>

#define FRAMES 96000

static SlSettings *
make_settings (void)
{
  SlSettings *settings = sl_settings_new ("Mix");

  settings->reference_frames = FRAMES;
  settings_set_sections (settings, "A:4");
  settings->drums = SL_DRUMS_NONE;
  return settings;
}

static SlStem *
add_file (Fixture *fixture, SlSettings *settings, const char *name, Song song)
{
  g_autofree char *file = g_strconcat (name, ".wav", NULL);
  g_autofree char *stored = g_strconcat ("../", file, NULL);

  song.frames = FRAMES;
  g_free (fixture_write_song (fixture, file, song));
  return settings_add_file (settings, name, stored);
}

static SlState
run (Fixture *fixture, SlSettings *settings, SlStepId through)
{
  if (fixture->root == NULL)
    fixture->root = test_folder_new ();
  fixture_init (fixture, settings);
  fixture_run (fixture, through);
  return fixture_state (fixture, through);
}

static const SlAudio *
audio_of (Fixture *fixture, SlStepId step, const char *subject)
{
  SlRecord *record = sl_project_get_record (fixture->project, step, subject);

  g_assert_nonnull (record);
  g_assert_nonnull (record->audio);
  return record->audio;
}

/* --- effects --- */

static double
cutoff (Fixture *fixture, const char *subject)
{
  return fixture_check (fixture, SL_STEP_EFFECTS, subject, "cutoff")->measured;
}

/* On for what was generated, off for what was sent, and as set by hand. */
static void
test_effects_default (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();

  settings->drums = SL_DRUMS_PATTERN;
  settings_add_tone (settings, "Tone", 0.0);
  settings_add_tone (settings, "Clear", 0.0)->lowpass_hz = 0.0;
  settings_add_tone (settings, "Dull", 0.0)->lowpass_hz = 1234.0;
  add_file (&fixture, settings, "Sent", (Song){ .hz = 300 });
  add_file (&fixture, settings, "Filtered", (Song){ .hz = 300 })->lowpass_hz = 2000.0;
  g_assert_cmpint (run (&fixture, settings, SL_STEP_EFFECTS), ==, SL_STATE_PASSED);
  g_assert_cmpfloat (cutoff (&fixture, "Tone"), ==, 8000);
  g_assert_cmpfloat (cutoff (&fixture, "Dull"), ==, 1234);
  g_assert_cmpfloat (cutoff (&fixture, "Filtered"), ==, 2000);
  g_assert_cmpfloat (cutoff (&fixture, "drums"), ==, 8000);
  g_assert_true (isnan (cutoff (&fixture, "Clear")));
  g_assert_true (isnan (cutoff (&fixture, "Sent")));
  g_assert_cmpstr (audio_of (&fixture, SL_STEP_EFFECTS, "Sent")->path, ==, "../Sent.wav");
  g_assert_cmpstr (audio_of (&fixture, SL_STEP_EFFECTS, "Clear")->path, ==, "stems/Clear.wav");
  g_assert_cmpstr (audio_of (&fixture, SL_STEP_EFFECTS, "Tone")->path, ==, "processed/Tone.wav");
}

/* At 8,000 Hz the usual cutoff does not fit: 3,600 Hz, and a note. */
static void
test_cutoff_lowered (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();

  settings->rate_hz = 8000;
  settings_add_tone (settings, "Tone", 0.0);
  g_assert_cmpint (run (&fixture, settings, SL_STEP_EFFECTS), ==, SL_STATE_PASSED);
  g_assert_cmpfloat (cutoff (&fixture, "Tone"), ==, 3600);
  g_assert_cmpint (fixture_check (&fixture, SL_STEP_EFFECTS, "Tone", "cutoff")->level, ==,
                   SL_LEVEL_NOTE);
}

static void
accept_all (Fixture *fixture, SlStepId step, const char *subject)
{
  SlRecord *record = sl_project_get_record (fixture->project, step, subject);
  SlSettings *settings = fixture_settings (fixture);

  for (guint i = 0; i < record->checks->len; i++)
    {
      const SlCheck *check = record->checks->pdata[i];
      if (check->level == SL_LEVEL_FAIL)
        sl_settings_accept (settings, sl_step_id_name (step), check->id, check->subject, "meant",
                            record->key);
    }
  sl_project_take_settings (fixture->project, settings);
}

/* A filter that takes most of a stem away is a judgement: red, and it can be accepted. */
static void
test_too_dull (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();
  const SlCheck *change;

  add_file (&fixture, settings, "Hiss", (Song){ .hz = 6000 })->lowpass_hz = 5000.0;
  g_assert_cmpint (run (&fixture, settings, SL_STEP_EFFECTS), ==, SL_STATE_FAILED);
  change = fixture_check (&fixture, SL_STEP_EFFECTS, "Hiss", "loudness-change");
  g_assert_cmpint (change->level, ==, SL_LEVEL_FAIL);
  g_assert_cmpint (change->kind, ==, SL_KIND_JUDGEMENT);
  g_assert_cmpfloat (change->measured, <, -10.0);
  accept_all (&fixture, SL_STEP_EFFECTS, "Hiss");
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_EFFECTS), ==, SL_STATE_PASSED);
}

/* The low-passed drum pattern rings beyond full scale: float holds that, PCM cuts it and says so.
 */
static void
test_overs (void)
{
  static const SlSubtype subtypes[] = { SL_SUBTYPE_PCM_16, SL_SUBTYPE_PCM_24, SL_SUBTYPE_FLOAT };

  for (guint i = 0; i < G_N_ELEMENTS (subtypes); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      SlSettings *settings = make_settings ();
      const SlCheck *overs;

      settings->drums = SL_DRUMS_PATTERN;
      settings->subtype = subtypes[i];
      settings_add_tone (settings, "Tone", 0.0);
      g_assert_cmpint (run (&fixture, settings, SL_STEP_EFFECTS), ==, SL_STATE_PASSED);
      overs = fixture_find_check (&fixture, SL_STEP_EFFECTS, "drums", "overs");
      g_assert_true ((overs != NULL) == (subtypes[i] != SL_SUBTYPE_FLOAT));
      if (overs == NULL)
        continue;
      g_assert_cmpint (overs->level, ==, SL_LEVEL_WARN);
      g_assert_cmpfloat (overs->measured, >, 0.0); /* samples */
      g_assert_cmpint (overs->where, >=, 0);
    }
}

/* --- gains --- */

static double
gain_of (Fixture *fixture, const char *name)
{
  SlRecord *record = sl_project_get_record (fixture->project, SL_STEP_MASTER, "");
  JsonArray *gains = sl_json_get_array (record->values, "gains");

  for (guint i = 0; i < json_array_get_length (gains); i++)
    {
      JsonObject *gain = json_array_get_object_element (gains, i);
      if (strcmp (sl_json_get_string (gain, "name"), name) == 0)
        return sl_json_get_number (gain, "gain", NAN);
    }
  g_assert_not_reached ();
}

static double
master_peak_db (Fixture *fixture)
{
  return sl_db_from_gain (audio_of (fixture, SL_STEP_MASTER, "")->peak);
}

static SlLevel
master_level (Fixture *fixture, const char *id)
{
  return fixture_check (fixture, SL_STEP_MASTER, "", id)->level;
}

/* Imported stems that are too loud together are lowered together, to -1 dBFS. */
static void
test_lowered_together (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();

  add_file (&fixture, settings, "A", (Song){ .hz = 300, .level = 0.9 });
  add_file (&fixture, settings, "B", (Song){ .hz = 170, .level = 0.8, .channels = 1 });
  settings_add_tone (settings, "Tone", 0.0);
  g_assert_cmpint (run (&fixture, settings, SL_STEP_DELIVER), ==, SL_STATE_PASSED);
  g_assert_cmpfloat_with_epsilon (master_peak_db (&fixture), -1.0, 0.01);
  g_assert_cmpint (master_level (&fixture, "gains"), ==, SL_LEVEL_NOTE);
  g_assert_cmpfloat (gain_of (&fixture, "A"), <, 0.7);
  g_assert_cmpfloat (gain_of (&fixture, "A"), ==, gain_of (&fixture, "B"));
  g_assert_cmpfloat_with_epsilon (gain_of (&fixture, "Tone") / gain_of (&fixture, "A"), 0.4, 1e-9);
}

static void
test_quiet_enough (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();

  add_file (&fixture, settings, "A", (Song){ .hz = 300, .level = 0.3 });
  add_file (&fixture, settings, "B", (Song){ .hz = 170, .level = 0.3 });
  g_assert_cmpint (run (&fixture, settings, SL_STEP_MASTER), ==, SL_STATE_PASSED);
  g_assert_cmpfloat (gain_of (&fixture, "A"), ==, 1.0);
  g_assert_cmpint (master_level (&fixture, "gains"), ==, SL_LEVEL_PASS);
}

/* Generated stems stay at 0.4, however loud the sum. */
static void
test_generated (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();
  static const char *const names[] = { "bass", "guitars", "synths", "bridge", "a", "b" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    settings_add_tone (settings, names[i], 0.0);
  g_assert_cmpint (run (&fixture, settings, SL_STEP_MASTER), !=, SL_STATE_LOCKED);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpfloat (gain_of (&fixture, names[i]), ==, 0.4);
}

/* A gain set by hand stops the lowering; what is then over full scale is red in PCM, amber in
 * FLOAT. */
static void
test_by_hand (void)
{
  static const struct
  {
    SlSubtype subtype;
    SlState state;
    SlLevel overs;
  } rows[] = { { SL_SUBTYPE_FLOAT, SL_STATE_FAILED, SL_LEVEL_WARN },
               { SL_SUBTYPE_PCM_24, SL_STATE_FAILED, SL_LEVEL_FAIL } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      SlSettings *settings = make_settings ();

      settings->subtype = rows[i].subtype;
      add_file (&fixture, settings, "A", (Song){ .hz = 300, .level = 0.9 })->gain = 1.0;
      add_file (&fixture, settings, "B", (Song){ .hz = 300, .level = 0.8 });
      g_assert_cmpint (run (&fixture, settings, SL_STEP_MASTER), ==, rows[i].state);
      g_assert_cmpfloat (gain_of (&fixture, "B"), ==, 1.0);
      g_assert_cmpint (master_level (&fixture, "overs"), ==, rows[i].overs);
      /* A sine of 1.7 is over 0.99 in three fifths of its samples. */
      g_assert_cmpint (master_level (&fixture, "clipping"), ==, SL_LEVEL_FAIL);
      /* Clamped or not, it is the sum. */
      g_assert_cmpint (master_level (&fixture, "null"), ==, SL_LEVEL_PASS);
    }
}

/* One sample over in 96,000 frames: no clipping to speak of, but told. */
static void
test_one_over (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();
  Song song = { .frames = FRAMES, .hz = 300, .level = 0.5 };
  g_autofree float *samples = song_samples (&song);

  samples[2 * 12345 + 1] = -1.25f;
  g_free (fixture_write_wav (&fixture, "A.wav", samples, 2, 48000, FRAMES, SL_SUBTYPE_FLOAT));
  settings_add_file (settings, "A", "../A.wav")->gain = 1.0;
  g_assert_cmpint (run (&fixture, settings, SL_STEP_MASTER), ==, SL_STATE_PASSED);
  g_assert_cmpint (master_level (&fixture, "overs"), ==, SL_LEVEL_WARN);
  g_assert_cmpfloat (fixture_check (&fixture, SL_STEP_MASTER, "", "overs")->measured, ==, 1);
  g_assert_cmpint (fixture_check (&fixture, SL_STEP_MASTER, "", "overs")->where, ==, 12345);
  g_assert_cmpint (master_level (&fixture, "clipping"), ==, SL_LEVEL_PASS);
}

static double
true_peak_db (Fixture *fixture)
{
  g_autofree char *path = fixture_path (fixture, "master/Master.wav");
  g_autoptr (SlTruePeakMeter) meter = sl_true_peak_meter_new ();
  SlTap tap = sl_true_peak_meter_tap (meter);
  SlReadback found;

  g_assert_true (sl_readback_run (path, &tap, 1, &found, NULL, NULL));
  return sl_db_from_gain (sl_true_peak_meter_result (meter));
}

/* Also of gains set by hand, and of peaks between samples: a quarter of the rate, sampled 45°
 * beside its crests, peaks 3 dB above its samples. */
static void
test_fit_gains (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();
  g_autofree float *samples = g_new (float, FRAMES * 2);

  for (gint64 i = 0; i < FRAMES; i++)
    samples[2 * i] = samples[2 * i + 1] = (i / 2) % 2 == 0 ? 0.8f : -0.8f;
  g_free (fixture_write_wav (&fixture, "A.wav", samples, 2, 48000, FRAMES, SL_SUBTYPE_FLOAT));
  settings_add_file (settings, "A", "../A.wav")->gain = 1.0;
  settings->fit_gains = TRUE;
  g_assert_cmpint (run (&fixture, settings, SL_STEP_MASTER), ==, SL_STATE_PASSED);
  g_assert_cmpfloat (true_peak_db (&fixture), <=, -1.0);
  g_assert_cmpfloat (true_peak_db (&fixture), >, -1.3);
  g_assert_cmpfloat (gain_of (&fixture, "A"), <, 0.85);
}

static void
test_mute (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();

  add_file (&fixture, settings, "A", (Song){ .hz = 300, .level = 0.5 });
  add_file (&fixture, settings, "B", (Song){ .hz = 100, .level = 0.25 })->mute = TRUE;
  g_assert_cmpint (run (&fixture, settings, SL_STEP_DELIVER), ==, SL_STATE_PASSED);
  g_assert_cmpfloat (gain_of (&fixture, "B"), ==, 0.0);
  g_assert_cmpfloat_with_epsilon (audio_of (&fixture, SL_STEP_MASTER, "")->peak, 0.5, 1e-4);
}

/* A mono stem is in every channel of the master, as loud as in its file. */
static void
test_mono_is_spread (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();
  g_autofree char *path = NULL;
  g_autoptr (SlSource) master = NULL;
  g_autofree float *samples = g_new (float, FRAMES * 2);

  add_file (&fixture, settings, "Mono", (Song){ .hz = 100, .level = 0.5, .channels = 1 });
  add_file (&fixture, settings, "Stereo", (Song){ .hz = 100, .level = 0.25 })->mute = TRUE;
  g_assert_cmpint (run (&fixture, settings, SL_STEP_MASTER), ==, SL_STATE_PASSED);
  path = fixture_path (&fixture, "master/Master.wav");
  master = sl_reader_open (path, NULL, NULL);
  g_assert_cmpint (master->channels, ==, 2);
  g_assert_true (sl_source_read_at (master, 0, samples, FRAMES, NULL));
  for (gint64 i = 0; i < FRAMES; i++)
    {
      g_assert_cmpfloat (samples[2 * i], ==, samples[2 * i + 1]);
      g_assert_cmpfloat_with_epsilon (samples[2 * i],
                                      0.5 * sin (2.0 * G_PI * 100 * (double) i / 48000), 1e-6);
    }
}

/* --- the null test --- */

/* Passes in every format, at gains that round. */
static void
test_null (void)
{
  static const struct
  {
    SlSubtype subtype;
    double limit;
  } rows[]
      = { { SL_SUBTYPE_FLOAT, -130 }, { SL_SUBTYPE_PCM_24, -120 }, { SL_SUBTYPE_PCM_16, -85 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      SlSettings *settings = make_settings ();
      const SlCheck *null;

      settings->subtype = rows[i].subtype;
      add_file (&fixture, settings, "A", (Song){ .hz = 300, .noise = 0.1 })->gain = 0.7;
      add_file (&fixture, settings, "B", (Song){ .hz = 170, .noise = 0.2 })->gain = 0.3;
      g_assert_cmpint (run (&fixture, settings, SL_STEP_DELIVER), ==, SL_STATE_PASSED);
      null = fixture_check (&fixture, SL_STEP_MASTER, "", "null");
      g_assert_cmpfloat (null->limit, ==, rows[i].limit);
      g_assert_cmpint (null->level, ==, SL_LEVEL_PASS);
    }
}

#define MEDDLED_FROM_BYTES 4800
#define MEDDLED_FRAMES 16000

/* Turns the sign of the first frames of a stem when the master is first written to: these have been
 * read by then. */
typedef struct
{
  const char *stem;
  int done; ///< atomic
} Meddler;

static int
meddle (const char *call, const char *path, gpointer data)
{
  Meddler *meddler = data;
  static float samples[MEDDLED_FRAMES * 2];
  int fd;

  if (strcmp (call, "write") != 0 || strstr (path, "Master") == NULL
      || g_atomic_int_add (&meddler->done, 1) > 0)
    return 0;
  fd = open (meddler->stem, O_RDWR | O_CLOEXEC);
  g_assert_cmpint (pread (fd, samples, sizeof samples, MEDDLED_FROM_BYTES), ==, sizeof samples);
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    samples[i] = -samples[i];
  g_assert_cmpint (pwrite (fd, samples, sizeof samples, MEDDLED_FROM_BYTES), ==, sizeof samples);
  close (fd);
  return 0;
}

/* A stem that changes while the master is made: red, and the stem is named. */
static void
test_null_fails (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_settings ();
  g_autofree char *stem = NULL;
  Meddler meddler = { 0 };
  const SlCheck *null;
  SlRecord *record;

  add_file (&fixture, settings, "A", (Song){ .hz = 300 })->lowpass_hz = 5000;
  add_file (&fixture, settings, "Culprit", (Song){ .hz = 170 })->lowpass_hz = 5000;
  g_assert_cmpint (run (&fixture, settings, SL_STEP_EFFECTS), ==, SL_STATE_PASSED);
  stem = fixture_path (&fixture, "processed/Culprit.wav");
  meddler.stem = stem;
  sl_file_set_fault_hook (meddle, &meddler);
  fixture_run (&fixture, SL_STEP_MASTER);
  sl_file_set_fault_hook (NULL, NULL);
  g_assert_cmpint (meddler.done, >, 0);

  record = sl_project_get_record (fixture.project, SL_STEP_MASTER, "");
  null = fixture_check (&fixture, SL_STEP_MASTER, "", "null");
  g_assert_cmpint (null->level, ==, SL_LEVEL_FAIL);
  g_assert_cmpint (null->kind, ==, SL_KIND_INTEGRITY);
  /* Eight bytes are a frame; the header takes fewer than twenty of them. */
  g_assert_cmpint (null->where, >=, MEDDLED_FROM_BYTES / 8 - 20);
  g_assert_cmpint (null->where, <, MEDDLED_FROM_BYTES / 8 + MEDDLED_FRAMES);
  g_assert_nonnull (strstr (null->message, "“Culprit”"));
  g_assert_null (record->audio);
  g_assert_cmpuint (record->outputs->len, ==, 0);
  fixture_refresh (&fixture);
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_EFFECTS), ==, SL_STATE_STALE);
  fixture_run (&fixture, SL_STEP_DELIVER);
  fixture_assert_green (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);

  g_test_add_func ("/steps/effects/default", test_effects_default);
  g_test_add_func ("/steps/effects/cutoff-lowered", test_cutoff_lowered);
  g_test_add_func ("/steps/effects/too-dull", test_too_dull);
  g_test_add_func ("/steps/effects/overs", test_overs);
  g_test_add_func ("/steps/master/lowered-together", test_lowered_together);
  g_test_add_func ("/steps/master/quiet-enough", test_quiet_enough);
  g_test_add_func ("/steps/master/generated", test_generated);
  g_test_add_func ("/steps/master/by-hand", test_by_hand);
  g_test_add_func ("/steps/master/one-over", test_one_over);
  g_test_add_func ("/steps/master/fit-gains", test_fit_gains);
  g_test_add_func ("/steps/master/mute", test_mute);
  g_test_add_func ("/steps/master/mono-is-spread", test_mono_is_spread);
  g_test_add_func ("/steps/master/null", test_null);
  g_test_add_func ("/steps/master/null-fails", test_null_fails);

  return g_test_run ();
}
