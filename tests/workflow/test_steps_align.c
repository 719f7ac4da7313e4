/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 4: every stem as long as the target, by a plan that is told, and seams that are judged. */
#include "engine/align/seam.h"
#include "fixture.h"
#include "workflow/json.h"

#define FRAMES 120000

/* A project of one stem, which is @song, brought to FRAMES frames. */
static SlStem *
make_one (Fixture *fixture, SlSettings **settings, Song song)
{
  SlStem *stem;

  *settings = sl_settings_new ("Align");
  (*settings)->drums = SL_DRUMS_NONE;
  (*settings)->reference_frames = FRAMES;
  settings_set_sections (*settings, "A:2,B:2,C:1");
  g_free (fixture_write_song (fixture, "stem.wav", song));
  stem = settings_add_file (*settings, "Stem", "../stem.wav");
  return stem;
}

static SlState
run (Fixture *fixture, SlSettings *settings)
{
  fixture_init (fixture, settings);
  fixture_run (fixture, SL_STEP_ALIGN);
  return fixture_state (fixture, SL_STEP_ALIGN);
}

static SlRecord *
record (Fixture *fixture)
{
  SlRecord *found = sl_project_get_record (fixture->project, SL_STEP_ALIGN, "Stem");

  g_assert_nonnull (found);
  return found;
}

static const SlCheck *
check (Fixture *fixture, const char *id)
{
  return fixture_check (fixture, SL_STEP_ALIGN, "Stem", id);
}

/* The samples of @stored. Owned. */
static float *
read_samples (Fixture *fixture, const char *stored, gint64 frames)
{
  g_autofree char *path = fixture_path (fixture, stored);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlSource) source = sl_reader_open (path, NULL, &error);
  float *samples;

  g_assert_no_error (error);
  g_assert_cmpint (source->length, ==, frames);
  samples = g_new (float, frames * source->channels);
  g_assert_true (sl_source_read_at (source, 0, samples, frames, &error));
  return samples;
}

/* The segments told in the record cover the target without a hole. */
static void
assert_segments_cover (Fixture *fixture)
{
  JsonArray *segments = sl_json_get_array (record (fixture)->values, "segments");
  gint64 end = 0;

  g_assert_cmpuint (json_array_get_length (segments), >, 0);
  for (guint i = 0; i < json_array_get_length (segments); i++)
    {
      JsonObject *segment = json_array_get_object_element (segments, i);
      gint64 dest = sl_json_get_int (segment, "dest", -1);

      g_assert_cmpint (dest, <=, end);
      end = dest + sl_json_get_int (segment, "length", 0);
    }
  g_assert_cmpint (end, ==, FRAMES);
}

/* What auto makes of a stem, and that it says why. */
static void
test_auto (void)
{
  static const struct
  {
    gint64 frames;
    gint64 period;
    double noise;
    const char *section;
    const char *role;
    const char *strategy;
  } rows[] = {
    { FRAMES, 0, 0, NULL, "other", "none" },
    { 20000, 0, 0, "B", "other", "place" },
    { FRAMES + 1000, 0, 0, NULL, "other", "truncate" },
    { FRAMES - 20000, 0, 0, NULL, "other", "zero-pad" },
    /* Decaying notes, the same every bar. */
    { FRAMES - 20001 - 6000, 24000, 0, NULL, "bass", "loop" },
    /* Noise resembles nothing that came before. */
    { 90000, 0, 0.3, NULL, "bass", "loop" },
    { 90000, 0, 0.3, NULL, "vocals", "crossfade" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      SlSettings *settings;
      Song song = { .frames = rows[i].frames,
                    .period = rows[i].period,
                    .noise = rows[i].noise,
                    .hz = 200,
                    .level = rows[i].noise > 0 ? 0.001 : 0.3 };
      SlStem *stem = make_one (&fixture, &settings, song);

      stem->section = g_strdup (rows[i].section);
      g_free (stem->role);
      stem->role = g_strdup (rows[i].role);
      run (&fixture, settings);
      g_assert_cmpstr (sl_json_get_string (record (&fixture)->values, "strategy"), ==,
                       rows[i].strategy);
      g_assert_cmpstr (check (&fixture, "strategy")->measured_text, ==, rows[i].strategy);
      g_assert_cmpuint (strlen (check (&fixture, "strategy")->message), >, 20);
      g_assert_cmpfloat (check (&fixture, "frames")->measured, ==, FRAMES);
      g_assert_cmpint (check (&fixture, "identity")->level, ==, SL_LEVEL_PASS);
      assert_segments_cover (&fixture);
    }
}

/* A stem that already fits goes on under its own name. */
static void
test_kept (void)
{
  static const struct
  {
    SlSubtype source;
    SlSubtype project;
    gboolean kept;
  } rows[] = { { SL_SUBTYPE_FLOAT, SL_SUBTYPE_FLOAT, TRUE },
               { SL_SUBTYPE_PCM_24, SL_SUBTYPE_PCM_24, TRUE },
               { SL_SUBTYPE_PCM_16, SL_SUBTYPE_PCM_24, FALSE },
               { SL_SUBTYPE_FLOAT, SL_SUBTYPE_PCM_16, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      g_autofree char *aligned = NULL;
      SlSettings *settings;

      make_one (&fixture, &settings,
                (Song){ .frames = FRAMES, .hz = 200, .subtype = rows[i].source });
      settings->subtype = rows[i].project;
      g_assert_cmpint (run (&fixture, settings), ==, SL_STATE_PASSED);
      aligned = fixture_path (&fixture, "aligned/Stem.wav");
      g_assert_cmpint (g_file_test (aligned, G_FILE_TEST_EXISTS), ==, !rows[i].kept);
      g_assert_cmpuint (record (&fixture)->outputs->len, ==, rows[i].kept ? 0 : 1);
      g_assert_cmpstr (record (&fixture)->audio->path, ==,
                       rows[i].kept ? "../stem.wav" : "aligned/Stem.wav");
    }
}

/* Bit for bit where the source goes on as it is; rounded once, and said so, where it cannot. */
static void
test_identity (void)
{
  static const struct
  {
    SlSubtype source;
    SlSubtype project;
    double tolerance;
    const char *word;
  } rows[] = {
    { SL_SUBTYPE_FLOAT, SL_SUBTYPE_FLOAT, 0.0, "bit for bit" },
    { SL_SUBTYPE_PCM_16, SL_SUBTYPE_FLOAT, 0.0, "bit for bit" },
    { SL_SUBTYPE_PCM_24, SL_SUBTYPE_PCM_24, 0.0, "bit for bit" },
    { SL_SUBTYPE_PCM_24, SL_SUBTYPE_PCM_16, 0.6 / 32768, "rounded once" },
    { SL_SUBTYPE_FLOAT, SL_SUBTYPE_PCM_24, 1.1 / 8388608, "rounded once" },
  };
  const gint64 kept = FRAMES - 10000;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      Song song = { .frames = kept, .hz = 200, .noise = 0.2, .subtype = rows[i].source };
      SlSettings *settings;
      g_autofree float *source = NULL;
      g_autofree float *aligned = NULL;

      make_one (&fixture, &settings, song);
      settings->subtype = rows[i].project;
      g_assert_cmpint (run (&fixture, settings), ==, SL_STATE_PASSED);
      g_assert_nonnull (strstr (check (&fixture, "identity")->message, rows[i].word));
      source = read_samples (&fixture, "../stem.wav", kept);
      aligned = read_samples (&fixture, "aligned/Stem.wav", FRAMES);
      /* Up to the fade of 5 ms before the silence. */
      for (gint64 k = 0; k < 2 * (kept - 240); k++)
        g_assert_cmpfloat (fabs ((double) aligned[k] - (double) source[k]), <=, rows[i].tolerance);
      for (gint64 k = 2 * kept; k < 2 * FRAMES; k++)
        g_assert_cmpfloat (aligned[k], ==, 0.0f);
    }
}

/* Samples beyond full scale survive in FLOAT, and are refused where they would be cut. */
static void
test_overs (void)
{
  static const SlSubtype subtypes[] = { SL_SUBTYPE_FLOAT, SL_SUBTYPE_PCM_24, SL_SUBTYPE_PCM_16 };

  for (guint i = 0; i < G_N_ELEMENTS (subtypes); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      gboolean is_float = subtypes[i] == SL_SUBTYPE_FLOAT;
      SlSettings *settings;
      const SlCheck *overs;

      make_one (&fixture, &settings, (Song){ .frames = 100000, .hz = 200, .level = 1.5 });
      settings->subtype = subtypes[i];
      g_assert_cmpint (run (&fixture, settings), ==, is_float ? SL_STATE_PASSED : SL_STATE_FAILED);
      overs = fixture_find_check (&fixture, SL_STEP_ALIGN, "Stem", "overs");
      g_assert_cmpint (overs == NULL, ==, is_float);
      if (is_float)
        continue;
      g_assert_cmpint (overs->kind, ==, SL_KIND_INTEGRITY);
      g_assert_cmpfloat (overs->measured, >, 10000);
      /* 1.5 sin (2π 200 n / 48000) first exceeds 1 at n = 28. */
      g_assert_cmpint (overs->where, ==, 28);
      g_assert_cmpuint (record (&fixture)->outputs->len, ==, 0);
    }
}

/* What cannot be planned says so, and what to do. */
static void
test_unplanned (void)
{
  static const struct
  {
    SlStrategy strategy;
    gint64 frames;
  } rows[] = {
    { SL_STRATEGY_TRUNCATE, 50000 },  { SL_STRATEGY_ZERO_PAD, FRAMES + 5 },
    { SL_STRATEGY_LOOP, FRAMES + 5 }, { SL_STRATEGY_CROSSFADE, FRAMES + 5 },
    { SL_STRATEGY_PLACE, 50000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      SlSettings *settings;
      SlStem *stem = make_one (&fixture, &settings, (Song){ .frames = rows[i].frames, .hz = 200 });

      stem->strategy = rows[i].strategy;
      g_assert_cmpint (run (&fixture, settings), ==, SL_STATE_FAILED);
      g_assert_cmpint (check (&fixture, "plan")->kind, ==, SL_KIND_INTEGRITY);
      g_assert_nonnull (strstr (check (&fixture, "plan")->fix, "--strategy"));
      g_assert_cmpint (fixture_state (&fixture, SL_STEP_DRUMS), ==, SL_STATE_LOCKED);
    }
}

/* A part lands on the first frame of its section, however the section is rounded. */
static void
test_placed (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings;
  SlStem *stem = make_one (&fixture, &settings, (Song){ .frames = 10000, .hz = 200 });
  g_autofree float *source = NULL;
  g_autofree float *aligned = NULL;
  const gint64 start = 41143; /* two beats of 20,571.43 frames */

  settings->bpm = (SlBpm){ 140, 1 };
  stem->section = g_strdup ("B");
  g_assert_cmpint (run (&fixture, settings), ==, SL_STATE_PASSED);
  source = read_samples (&fixture, "../stem.wav", 10000);
  aligned = read_samples (&fixture, "aligned/Stem.wav", FRAMES);
  for (gint64 k = 0; k < 2 * start; k++)
    g_assert_cmpfloat (aligned[k], ==, 0.0f);
  g_assert_cmpmem (aligned + 2 * start, 2 * 9000 * sizeof (float), source,
                   2 * 9000 * sizeof (float));
}

/* A crossfade that was asked for and has no room is told. */
static void
test_fade_without_room (void)
{
  static const double asked_ms[] = { 5.0, 5000.0 };

  for (guint i = 0; i < G_N_ELEMENTS (asked_ms); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      SlSettings *settings;
      SlStem *stem = make_one (&fixture, &settings,
                               (Song){ .frames = 60000, .hz = 200, .level = 0.001, .noise = 0.1 });

      stem->strategy = SL_STRATEGY_CROSSFADE;
      stem->fade_ms = asked_ms[i];
      run (&fixture, settings);
      if (i == 0)
        g_assert_null (fixture_find_check (&fixture, SL_STEP_ALIGN, "Stem", "fade"));
      else
        g_assert_cmpfloat (check (&fixture, "fade")->measured, <, asked_ms[i]);
    }
}

/* Noise of 10 s as reference, at 120 beats per minute in sections of 4 and 6 s, and as stem the
 * part of it from frame @cut on, whose offset is to be found. */
static SlSettings *
make_cut (Fixture *fixture, gint64 cut, SlStem **stem)
{
  Song song = { .frames = 10 * 48000, .hz = 200, .noise = 0.3, .level = 0.001 };
  g_autofree float *reference = song_samples (&song);
  SlSettings *settings = sl_settings_new ("Offset");

  settings->drums = SL_DRUMS_NONE;
  settings->reference = g_strdup ("../reference.wav");
  settings->bpm = (SlBpm){ 120, 1 };
  settings_set_sections (settings, "A:8,B:12");
  g_free (fixture_write_wav (fixture, "reference.wav", reference, 2, 48000, song.frames,
                             SL_SUBTYPE_FLOAT));
  g_free (fixture_write_wav (fixture, "stem.wav", reference + 2 * cut, 2, 48000, song.frames - cut,
                             SL_SUBTYPE_FLOAT));
  *stem = settings_add_file (settings, "Stem", "../stem.wav");
  (*stem)->offset_auto = TRUE;
  return settings;
}

/* A part that starts late against the reference is found to the frame, from where it belongs. */
static void
test_offset_auto (void)
{
  static const struct
  {
    const char *section;
    gint64 cut;
    gint64 offset;
  } rows[] = {
    { NULL, 4321, 4321 },
    { "A", 4321, 4321 },
    { "B", 4 * 48000, 0 },
    { "B", 4 * 48000 + 777, 777 },
    { "B", 2 * 48000, -2 * 48000 },
    /* 5 s either way of the section, not of the song. */
    { "B", 8 * 48000, 4 * 48000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      SlStem *stem;
      SlSettings *settings = make_cut (&fixture, rows[i].cut, &stem);

      stem->section = g_strdup (rows[i].section);
      g_assert_cmpint (run (&fixture, settings), ==, SL_STATE_PASSED);
      g_assert_cmpfloat (check (&fixture, "offset")->measured, ==, rows[i].offset);
      g_assert_cmpint (check (&fixture, "offset")->level, ==, SL_LEVEL_NOTE);
      g_assert_cmpint (sl_json_get_int (record (&fixture)->values, "offset", -1), ==,
                       rows[i].offset);
    }
}

/* As long as the song, it leaves a gap once it is shifted, which is filled by bars. */
static void
test_offset_auto_and_tempo (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlStem *stem;
  SlSettings *settings = make_cut (&fixture, 0, &stem);

  stem->strategy = SL_STRATEGY_LOOP;
  g_assert_cmpint (run (&fixture, settings), ==, SL_STATE_PASSED);
  settings = sl_settings_copy (sl_project_get_settings (fixture.project));
  settings->bpm = (SlBpm){ 60, 1 };
  settings_set_sections (settings, "A:4,B:6");
  sl_project_take_settings (fixture.project, settings);
  fixture_run (&fixture, SL_STEP_STEMS);
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_ALIGN), ==, SL_STATE_STALE);
}

/* Without a reference there is nothing to find it in. */
static void
test_offset_auto_alone (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings;
  SlStem *stem = make_one (&fixture, &settings,
                           (Song){ .frames = 50000, .hz = 200, .level = 0.1, .noise = 0.3 });

  stem->offset_auto = TRUE;
  g_assert_cmpint (run (&fixture, settings), ==, SL_STATE_PASSED);
  g_assert_cmpint (check (&fixture, "offset")->level, ==, SL_LEVEL_WARN);
  g_assert_nonnull (strstr (check (&fixture, "offset")->message, "no reference"));
}

/* Wherever a stem starts, its joins lie on the bars of the song, not of its file. */
static void
test_joins_on_bars (void)
{
  static const struct
  {
    SlStrategy strategy;
    const char *section;
    gint64 offset;
    gint64 start; /* of its first frame, in the song */
  } rows[] = {
    { SL_STRATEGY_LOOP, NULL, 0, 0 },        { SL_STRATEGY_LOOP, NULL, 10000, 10000 },
    { SL_STRATEGY_LOOP, "B", 10000, 10000 }, { SL_STRATEGY_PLACE, "B", 0, 27000 },
    { SL_STRATEGY_PLACE, "B", 1000, 28000 },
  };
  const gint64 bar = 18000; /* two beats at 320 per minute */

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      SlSettings *settings;
      SlStem *stem = make_one (&fixture, &settings,
                               (Song){ .frames = 50000, .hz = 200, .level = 0.001, .noise = 0.3 });
      JsonArray *candidates;
      guint fallbacks = 0;

      settings->bpm = (SlBpm){ 320, 1 };
      settings->beats_per_bar = 2;
      settings_set_sections (settings, "A:3,B:7");
      stem->strategy = rows[i].strategy;
      stem->section = g_strdup (rows[i].section);
      stem->offset = rows[i].offset;
      stem->fill = SL_FILL_LOOP;
      run (&fixture, settings);
      candidates = sl_json_get_array (record (&fixture)->values, "candidates");
      g_assert_cmpuint (json_array_get_length (candidates), >, 0);
      for (guint k = 0; k < json_array_get_length (candidates); k++)
        {
          JsonObject *candidate = json_array_get_object_element (candidates, k);
          gint64 join = sl_json_get_int (candidate, "join", -1);

          if (!g_str_equal (sl_json_get_string (candidate, "kind"), "fallback"))
            continue;
          fallbacks++;
          g_assert_cmpint ((rows[i].start + join) % bar, ==, 0);
        }
      g_assert_cmpuint (fallbacks, >, 0);
    }
}

/* --- judgement --- */

/* A hard cut from one phase of a tone to another: a click that nobody could miss. Two beats are
 * 55.3 cycles. */
static SlSettings *
make_click (Fixture *fixture)
{
  SlSettings *settings;
  SlStem *stem = make_one (fixture, &settings, (Song){ .frames = 60000, .hz = 55.3 });

  stem->strategy = SL_STRATEGY_LOOP;
  stem->loop_bars = 1;
  settings->beats_per_bar = 2;
  stem->join = 59000;
  stem->fade_ms = 0.0;
  return settings;
}

static void
accept (Fixture *fixture, const char *id, const char *subject)
{
  SlSettings *settings = fixture_settings (fixture);

  sl_settings_accept (settings, "align", id, subject, "it is an effect", record (fixture)->key);
  sl_project_take_settings (fixture->project, settings);
}

static void
test_click_is_red (void)
{
  g_auto (Fixture) fixture = { 0 };

  g_assert_cmpint (run (&fixture, make_click (&fixture)), ==, SL_STATE_FAILED);
  g_assert_cmpint (check (&fixture, "seam-step")->level, ==, SL_LEVEL_FAIL);
  g_assert_cmpint (check (&fixture, "seam-step")->kind, ==, SL_KIND_JUDGEMENT);
  g_assert_cmpfloat (check (&fixture, "seam-step")->measured, >, SL_SEAM_STEP_WARN);
  g_assert_cmpint (check (&fixture, "seam-step")->where, >, 0);
  g_assert_nonnull (strstr (check (&fixture, "seam-step")->fix, "--fade"));
  /* It can be listened to: the file is there. */
  g_assert_cmpuint (record (&fixture)->outputs->len, ==, 1);
}

/* Accepted, it is a warning, green, and stands in the manifest; it lapses with the key. */
static void
test_accept (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings;

  run (&fixture, make_click (&fixture));
  accept (&fixture, "seam-step", "Other");
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_ALIGN), ==, SL_STATE_FAILED);
  accept (&fixture, "seam-step", "Stem");
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_ALIGN), ==, SL_STATE_PASSED);
  g_assert_cmpuint (sl_badge_warnings (fixture.project, SL_STEP_ALIGN), >=, 1);
  fixture_run (&fixture, SL_STEP_DELIVER);
  fixture_assert_green (&fixture);
  fixture_reopen (&fixture);
  fixture_assert_green (&fixture);

  settings = fixture_settings (&fixture);
  sl_settings_find_stem (settings, "Stem")->join = 58000;
  sl_project_take_settings (fixture.project, settings);
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_ALIGN), ==, SL_STATE_STALE);
  fixture_run (&fixture, SL_STEP_ALIGN);
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_ALIGN), ==, SL_STATE_FAILED);

  settings = fixture_settings (&fixture);
  sl_settings_find_stem (settings, "Stem")->join = 59000;
  sl_project_take_settings (fixture.project, settings);
  fixture_run (&fixture, SL_STEP_DELIVER);
  fixture_assert_green (&fixture);
}

/* What is broken cannot be accepted. */
static void
test_integrity_is_never_waived (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings;
  SlStem *stem = make_one (&fixture, &settings, (Song){ .frames = 50000, .hz = 200 });

  stem->strategy = SL_STRATEGY_TRUNCATE;
  run (&fixture, settings);
  accept (&fixture, "plan", "Stem");
  g_assert_cmpint (fixture_state (&fixture, SL_STEP_ALIGN), ==, SL_STATE_FAILED);
}

/* A limit of the project moves what passes and what fails. */
static void
test_limit (void)
{
  g_auto (Fixture) fixture = { 0 };
  SlSettings *settings = make_click (&fixture);

  sl_settings_set_limit (settings, "seam-step", 1000.0);
  sl_settings_set_limit (settings, "seam-level", 1000.0);
  g_assert_cmpint (run (&fixture, settings), ==, SL_STATE_PASSED);
  g_assert_cmpfloat (check (&fixture, "seam-step")->limit, ==, 1000.0);
  g_assert_cmpint (check (&fixture, "seam-step")->level, ==, SL_LEVEL_PASS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);

  g_test_add_func ("/steps/align/auto", test_auto);
  g_test_add_func ("/steps/align/kept", test_kept);
  g_test_add_func ("/steps/align/identity", test_identity);
  g_test_add_func ("/steps/align/overs", test_overs);
  g_test_add_func ("/steps/align/unplanned", test_unplanned);
  g_test_add_func ("/steps/align/placed", test_placed);
  g_test_add_func ("/steps/align/fade-without-room", test_fade_without_room);
  g_test_add_func ("/steps/align/offset-auto", test_offset_auto);
  g_test_add_func ("/steps/align/offset-auto/tempo", test_offset_auto_and_tempo);
  g_test_add_func ("/steps/align/offset-auto/alone", test_offset_auto_alone);
  g_test_add_func ("/steps/align/joins-on-bars", test_joins_on_bars);
  g_test_add_func ("/steps/align/click-is-red", test_click_is_red);
  g_test_add_func ("/steps/align/accept", test_accept);
  g_test_add_func ("/steps/align/integrity-is-never-waived", test_integrity_is_never_waived);
  g_test_add_func ("/steps/align/limit", test_limit);

  return g_test_run ();
}
