/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/demo_song.h"

#include "engine/generate/drums.h"
#include "engine/process/mixer.h"
#include "workflow/demo_synth.h"

#include <math.h>

/* Places in a bar are counted in sixteenths. */
#define UNITS_PER_BEAT 4
#define UNITS_PER_BAR (UNITS_PER_BEAT * SL_DEMO_BEATS_PER_BAR)
#define TEMPO_BPM 120

/* The pad goes on for this much longer than the song. */
#define BARS_PLAYED (SL_DEMO_BARS + 2)

#define BRIDGE_FIRST_BAR 12

/* Of the parts and of the drums in the mix, so that it peaks below full scale. */
#define PART_GAIN 0.8
#define DRUMS_GAIN 0.35

static const SlTimbre bass_timbre = {
  .ratios = { 1, 2, 3, 4, 5 },
  .levels = { 1.0, 0.45, 0.25, 0.12, 0.06 },
  .decay_seconds = 0.9,
  .attack_ms = 4,
  .release_ms = 40,
};

static const SlTimbre guitar_timbre = {
  .ratios = { 1, 2, 3, 4, 5, 6, 7, 8 },
  .levels = { 1.0, 0.7, 0.45, 0.35, 0.2, 0.15, 0.1, 0.07 },
  .decay_seconds = 1.4,
  .attack_ms = 2,
  .release_ms = 60,
};

static const SlTimbre keys_timbre = {
  .ratios = { 0.5, 1, 2, 3, 4, 6 },
  .levels = { 0.3, 1.0, 0.5, 0.25, 0.15, 0.05 },
  .decay_seconds = 0.0,
  .attack_ms = 12,
  .release_ms = 80,
};

/* Pairs a little apart beat slowly against each other. */
static const SlTimbre pad_timbre = {
  .ratios = { 0.998, 1.002, 1.997, 2.003, 2.996, 3.004, 4.0, 5.0 },
  .levels = { 0.6, 0.6, 0.3, 0.3, 0.15, 0.15, 0.1, 0.05 },
  .decay_seconds = 0.0,
  .attack_ms = 350,
  .release_ms = 500,
};

/* Strong around the second and fourth partial, as an open vowel is. */
static const SlTimbre voice_timbre = {
  .ratios = { 1, 2, 3, 4, 5, 6 },
  .levels = { 0.8, 1.0, 0.4, 0.5, 0.15, 0.08 },
  .decay_seconds = 0.0,
  .attack_ms = 90,
  .release_ms = 180,
};

/* A struck bar: its partials are no multiples. */
static const SlTimbre pluck_timbre = {
  .ratios = { 1, 2.76, 5.4 },
  .levels = { 1.0, 0.4, 0.15 },
  .decay_seconds = 0.35,
  .attack_ms = 1,
  .release_ms = 30,
};

static const SlTimbre lead_timbre = {
  .ratios = { 1, 3, 5, 7, 9 },
  .levels = { 1.0, 0.33, 0.2, 0.14, 0.1 },
  .decay_seconds = 2.5,
  .attack_ms = 15,
  .release_ms = 90,
};

/* A minor, F, C, G: their MIDI keys around middle C, and the bass below. */
static const struct
{
  int bass;
  int keys[3];
} chords[] = {
  { 45, { 57, 60, 64 } },
  { 41, { 57, 60, 65 } },
  { 36, { 55, 60, 64 } },
  { 43, { 55, 59, 62 } },
};

/* A melody: MIDI keys (0: a rest) and lengths in sixteenths. */
typedef struct
{
  int key;
  int units;
} Tone;

/* The outro sings what the chorus does, but not from the same beat of the bar. */
static const Tone vocal_line[] = {
  { 0, 64 },  { 69, 12 }, { 71, 4 },  { 77, 16 }, { 67, 8 },  { 71, 8 },
  { 74, 16 }, { 81, 4 },  { 76, 16 }, { 72, 16 }, { 76, 16 }, { 79, 12 },
  { 69, 32 }, { 67, 32 }, { 76, 16 }, { 72, 16 }, { 76, 16 }, { 74, 16 },
};

static const Tone bridge_line[] = {
  { 81, 6 }, { 84, 2 }, { 83, 4 }, { 81, 4 }, { 77, 8 }, { 81, 4 }, { 84, 4 },
  { 88, 6 }, { 86, 2 }, { 84, 4 }, { 79, 4 }, { 83, 8 }, { 79, 2 },
};

/* Where notes are put, in frames of the song. */
typedef struct
{
  GArray *notes;
  SlGrid units; ///< its beats are sixteenths
  gint64 shift; ///< frame of the song that becomes frame 0
} Score;

SlGrid
sl_demo_grid (void)
{
  return sl_grid_make ((SlBpm){ TEMPO_BPM, 1 }, SL_DEMO_RATE_HZ, SL_DEMO_BEATS_PER_BAR, 0);
}

gint64
sl_demo_length (void)
{
  SlGrid grid = sl_demo_grid ();

  return sl_grid_bar_frame (&grid, SL_DEMO_BARS);
}

gint64
sl_demo_bridge_start (void)
{
  SlGrid grid = sl_demo_grid ();

  return sl_grid_bar_frame (&grid, BRIDGE_FIRST_BAR);
}

static double
hz_of_key (double key)
{
  return 440.0 * exp2 ((key - 69.0) / 12.0);
}

/* @key from sixteenth @unit to @unit + @units; @late frames after it. */
static void
play (Score *score,
      const SlTimbre *timbre,
      int key,
      gint64 unit,
      gint64 units,
      gint64 late,
      double level,
      double pan)
{
  gint64 start = sl_grid_beat_frame (&score->units, unit) + late;
  gint64 end = sl_grid_beat_frame (&score->units, unit + units);
  SlNote note = { .start = start - score->shift,
                  .length = end - start,
                  .hz = hz_of_key (key),
                  .level = level,
                  .pan = pan,
                  .timbre = timbre };

  g_array_append_val (score->notes, note);
}

static void
write_bass (Score *score)
{
  static const Tone riff[] = { { 0, 3 }, { 0, 3 }, { 12, 2 }, { 0, 3 }, { 7, 3 }, { 10, 2 } };

  for (int bar = 0; bar < BARS_PLAYED; bar++)
    {
      gint64 unit = (gint64) bar * UNITS_PER_BAR;

      for (guint i = 0; i < G_N_ELEMENTS (riff); i++)
        {
          play (score, &bass_timbre, chords[bar % 4].bass + riff[i].key, unit, riff[i].units, 0,
                i == 0 ? 0.19 : 0.16, 0.0);
          unit += riff[i].units;
        }
    }
}

/* Down and up: the strings sound one after the other, and no strum is quite as loud as another. */
static void
write_guitars (Score *score)
{
  static const int places[] = { 0, 6, 8, 12 };
  static const int ends[] = { 6, 8, 12, 16 };
  const gint64 string_late = SL_DEMO_RATE_HZ * 11 / 1000;

  for (int bar = 0; bar < BARS_PLAYED; bar++)
    for (int strum = 0; strum < 4; strum++)
      for (int string = 0; string < 4; string++)
        {
          const int *keys = chords[bar % 4].keys;
          int key = string < 3 ? keys[string] : keys[0] + 12;
          int order = strum % 2 == 0 ? string : 3 - string;
          double level = 0.05 + 0.007 * ((bar * 7 + strum * 3) % 5);

          play (score, &guitar_timbre, key, (gint64) bar * UNITS_PER_BAR + places[strum],
                ends[strum] - places[strum], order * string_late, level, 0.15 * string - 0.5);
        }
}

static void
write_chords (Score *score, const SlTimbre *timbre, int up, double level, double width)
{
  for (int bar = 0; bar < BARS_PLAYED; bar++)
    for (int i = 0; i < 3; i++)
      play (score, timbre, chords[bar % 4].keys[i] + up, (gint64) bar * UNITS_PER_BAR,
            UNITS_PER_BAR, 0, level, width * (i - 1));
}

static void
write_line (Score *score,
            const SlTimbre *timbre,
            const Tone *line,
            guint n,
            gint64 unit,
            double level,
            double pan)
{
  for (guint i = 0; i < n; i++)
    {
      if (line[i].key > 0)
        play (score, timbre, line[i].key, unit, line[i].units, 0, level, pan);
      unit += line[i].units;
    }
}

/* Broken chords in eighths, an octave up, from side to side. */
static void
write_pluck (Score *score)
{
  static const int order[] = { 0, 1, 2, 1, 2, 0, 1, 2 };

  for (int bar = 0; bar < BARS_PLAYED; bar++)
    for (int i = 0; i < 8; i++)
      play (score, &pluck_timbre, chords[bar % 4].keys[order[i]] + 12,
            (gint64) bar * UNITS_PER_BAR + 2 * i, 2, 0, 0.09, i % 2 == 0 ? 0.5 : -0.3);
}

static void
write_part (Score *score, SlDemoPart part)
{
  switch (part)
    {
    case SL_DEMO_BASS:
      write_bass (score);
      break;
    case SL_DEMO_GUITARS:
      write_guitars (score);
      break;
    case SL_DEMO_KEYS:
      write_chords (score, &keys_timbre, 0, 0.045, 0.3);
      break;
    case SL_DEMO_SYNTHS:
      write_chords (score, &pad_timbre, 12, 0.05, 0.8);
      break;
    case SL_DEMO_VOCALS:
      write_line (score, &voice_timbre, vocal_line, G_N_ELEMENTS (vocal_line), 0, 0.08, 0.0);
      break;
    case SL_DEMO_PLUCK:
      write_pluck (score);
      break;
    case SL_DEMO_BRIDGE:
      write_line (score, &lead_timbre, bridge_line, G_N_ELEMENTS (bridge_line),
                  BRIDGE_FIRST_BAR * UNITS_PER_BAR, 0.12, 0.2);
      break;
    case SL_DEMO_N_PARTS:
    default:
      g_assert_not_reached ();
    }
}

SlSource *
sl_demo_part_new (SlDemoPart part, gint64 start, gint64 length)
{
  Score score = { .notes = g_array_new (FALSE, FALSE, sizeof (SlNote)),
                  .units = sl_grid_make ((SlBpm){ TEMPO_BPM * UNITS_PER_BEAT, 1 }, SL_DEMO_RATE_HZ,
                                         UNITS_PER_BAR, 0),
                  .shift = start };

  write_part (&score, part);
  return sl_synth_new (score.notes, part == SL_DEMO_BASS ? 1 : 2, SL_DEMO_RATE_HZ, length);
}

SlSource *
sl_demo_mix_new (GError **error)
{
  SlGrid grid = sl_demo_grid ();
  gint64 length = sl_demo_length ();
  g_autoptr (GArray) hits = sl_drums_default_hits (&grid, length, error);
  SlSource *sources[SL_DEMO_N_PARTS + 1];
  double gains[SL_DEMO_N_PARTS + 1];

  if (hits == NULL)
    return NULL;
  for (int i = 0; i < SL_DEMO_N_PARTS; i++)
    {
      sources[i] = sl_demo_part_new ((SlDemoPart) i, 0, length);
      gains[i] = PART_GAIN;
    }
  sources[SL_DEMO_N_PARTS] = sl_drums_new (hits, 1, SL_DEMO_RATE_HZ, length);
  gains[SL_DEMO_N_PARTS] = DRUMS_GAIN;
  return sl_mixer_new (sources, gains, G_N_ELEMENTS (sources), 2, error);
}
