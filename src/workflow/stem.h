/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One part of the song: a name, where its sound comes from, and its settings. */
#pragma once

#include "engine/align/planner.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  SL_STEM_FILE,
  SL_STEM_TONE
} SlStemKind;

/** Part of the settings, which are changed as a whole: see sl_project_take_settings(). */
typedef struct
{
  char *name;
  SlStemKind kind;
  char *file;       ///< SL_STEM_FILE: path as the project keeps it
  double tone_hz;   ///< SL_STEM_TONE
  double amplitude; ///< SL_STEM_TONE, 0 to 1
  double seconds;   ///< SL_STEM_TONE: own length; 0: planned duration, else target
  gboolean convert; ///< resample a copy when the rate differs
  char *role;       ///< "drums", "bass", "percussion", "guitars", …; guessed from the name once
  char *section;    ///< section that it belongs to, or NULL
  SlStrategy strategy;
  gboolean offset_auto; ///< find the offset by correlation with the reference
  gint64 offset;        ///< frames; where the stem starts in the song
  SlEnding ending;
  SlFill fill;
  int loop_bars;     ///< 0: found
  gint64 join;       ///< source frame; -1: found
  double fade_ms;    ///< negative: by role
  guint candidate;   ///< which of the finder's joins; 0: the best
  double lowpass_hz; ///< negative: by origin; 0: off
  double gain;       ///< linear; negative: by origin
  gboolean mute;
  JsonObject *extra; ///< members of the file that this version does not know
} SlStem;

/** A stem of @kind with everything else at its default; the role is guessed from @name. */
SlStem *
sl_stem_new (const char *name, SlStemKind kind);

SlStem *
sl_stem_copy (const SlStem *stem);

void
sl_stem_free (SlStem *stem);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlStem, sl_stem_free)

/** "drums", "percussion", "bass", "guitars", "synths", "vocals" or "other". Static. */
const char *
sl_role_guess (const char *name);

/** Drums, percussion and bass: repeating material. */
gboolean
sl_role_is_rhythmic (const char *role);

/** The usual tone for a stem called @name: 110 Hz 0.8 for bass, 440 Hz 0.6 for guitars, and so on.
 */
void
sl_tone_defaults (const char *name, double *hz, double *amplitude);

/** The stem as the project file keeps it. */
JsonNode *
sl_stem_to_json (const SlStem *stem);

/** NULL with SL_ERROR_PROJECT naming what is wrong. */
SlStem *
sl_stem_from_json (JsonNode *node, GError **error);

/** Reads "cut" and "keep", or "none", "loop" and "crossfade": the spelling of options and files. */
gboolean
sl_ending_parse (const char *text, SlEnding *ending, GError **error);

gboolean
sl_fill_parse (const char *text, SlFill *fill, GError **error);

G_END_DECLS
