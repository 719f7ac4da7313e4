/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/stem.h"

#include "engine/base/error.h"
#include "workflow/json.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const char *const ending_names[] = { "cut", "keep", NULL };
static const char *const fill_names[] = { "none", "loop", "crossfade", NULL };

SlStem *
sl_stem_new (const char *name, SlStemKind kind)
{
  SlStem *stem = g_new0 (SlStem, 1);

  stem->name = g_strdup (name);
  stem->kind = kind;
  stem->role = g_strdup (sl_role_guess (name));
  stem->strategy = SL_STRATEGY_AUTO;
  stem->join = -1;
  stem->fade_ms = -1.0;
  stem->lowpass_hz = -1.0;
  stem->gain = -1.0;
  sl_tone_defaults (name, &stem->tone_hz, &stem->amplitude);
  return stem;
}

SlStem *
sl_stem_copy (const SlStem *stem)
{
  SlStem *copy = g_memdup2 (stem, sizeof *stem);

  copy->name = g_strdup (stem->name);
  copy->file = g_strdup (stem->file);
  copy->role = g_strdup (stem->role);
  copy->section = g_strdup (stem->section);
  if (copy->extra != NULL)
    json_object_ref (copy->extra);
  return copy;
}

void
sl_stem_free (SlStem *stem)
{
  if (stem == NULL)
    return;
  g_free (stem->name);
  g_free (stem->file);
  g_free (stem->role);
  g_free (stem->section);
  g_clear_pointer (&stem->extra, json_object_unref);
  g_free (stem);
}

const char *
sl_role_guess (const char *name)
{
  static const struct
  {
    const char *part;
    const char *role;
  } guesses[] = {
    { "drum", "drums" },        { "kick", "drums" },      { "snare", "drums" },
    { "beat", "drums" },        { "perc", "percussion" }, { "hat", "percussion" },
    { "shaker", "percussion" }, { "bass", "bass" },       { "guit", "guitars" },
    { "synth", "synths" },      { "pad", "synths" },      { "key", "synths" },
    { "piano", "synths" },      { "voc", "vocals" },      { "voice", "vocals" },
  };
  g_autofree char *lower = g_utf8_strdown (name, -1);

  for (guint i = 0; i < G_N_ELEMENTS (guesses); i++)
    if (strstr (lower, guesses[i].part) != NULL)
      return guesses[i].role;
  return "other";
}

gboolean
sl_role_is_rhythmic (const char *role)
{
  return strcmp (role, "drums") == 0 || strcmp (role, "percussion") == 0
         || strcmp (role, "bass") == 0;
}

void
sl_tone_defaults (const char *name, double *hz, double *amplitude)
{
  static const struct
  {
    const char *name;
    double hz;
    double amplitude;
  } tones[] = {
    { "bass", 110.0, 0.8 },
    { "guitars", 440.0, 0.6 },
    { "synths", 880.0, 0.5 },
    { "bridge", 220.0, 0.7 },
  };

  *hz = 440.0;
  *amplitude = 0.5;
  for (guint i = 0; i < G_N_ELEMENTS (tones); i++)
    if (g_ascii_strcasecmp (tones[i].name, name) == 0)
      {
        *hz = tones[i].hz;
        *amplitude = tones[i].amplitude;
      }
}

static gboolean
parse_name (const char *const *names, const char *text, int *index, GError **error)
{
  for (int i = 0; names[i] != NULL; i++)
    if (g_ascii_strcasecmp (names[i], text) == 0)
      {
        *index = i;
        return TRUE;
      }
  {
    g_autofree char *list = g_strjoinv (", ", (char **) names);
    g_set_error (error, SL_ERROR, SL_ERROR_INVALID, _ ("“%s” is none of %s."), text, list);
  }
  return FALSE;
}

gboolean
sl_ending_parse (const char *text, SlEnding *ending, GError **error)
{
  int index;

  if (!parse_name (ending_names, text, &index, error))
    return FALSE;
  *ending = (SlEnding) index;
  return TRUE;
}

gboolean
sl_fill_parse (const char *text, SlFill *fill, GError **error)
{
  int index;

  if (!parse_name (fill_names, text, &index, error))
    return FALSE;
  *fill = (SlFill) index;
  return TRUE;
}

static void
write_origin (const SlStem *stem, JsonObject *object)
{
  if (stem->kind == SL_STEM_FILE)
    {
      json_object_set_string_member (object, "file", stem->file);
      json_object_set_boolean_member (object, "convert", stem->convert);
      return;
    }
  sl_json_set_number (object, "tone_hz", stem->tone_hz);
  sl_json_set_number (object, "amplitude", stem->amplitude);
  sl_json_set_number (object, "seconds", stem->seconds);
}

JsonNode *
sl_stem_to_json (const SlStem *stem)
{
  g_autoptr (JsonNode) extra
      = stem->extra != NULL ? sl_json_take_object (json_object_ref (stem->extra)) : NULL;
  JsonNode *node
      = extra != NULL ? json_node_copy (extra) : sl_json_take_object (json_object_new ());
  JsonObject *object = json_node_get_object (node);

  json_object_set_string_member (object, "name", stem->name);
  json_object_set_string_member (object, "kind", stem->kind == SL_STEM_FILE ? "file" : "tone");
  write_origin (stem, object);
  json_object_set_string_member (object, "role", stem->role);
  sl_json_set_string (object, "section", stem->section);
  json_object_set_string_member (object, "strategy", sl_strategy_name (stem->strategy));
  if (stem->offset_auto)
    json_object_set_string_member (object, "offset", "auto");
  else
    json_object_set_int_member (object, "offset", stem->offset);
  json_object_set_string_member (object, "ending", ending_names[stem->ending]);
  json_object_set_string_member (object, "fill", fill_names[stem->fill]);
  json_object_set_int_member (object, "loop_bars", stem->loop_bars);
  json_object_set_int_member (object, "join", stem->join);
  sl_json_set_number (object, "fade_ms", stem->fade_ms);
  json_object_set_int_member (object, "candidate", stem->candidate);
  sl_json_set_number (object, "lowpass_hz", stem->lowpass_hz);
  sl_json_set_number (object, "gain", stem->gain);
  json_object_set_boolean_member (object, "mute", stem->mute);
  return node;
}

static gboolean
read_names (SlStem *stem, JsonObject *object, GError **error)
{
  const char *strategy = sl_json_get_string (object, "strategy");
  const char *ending = sl_json_get_string (object, "ending");
  const char *fill = sl_json_get_string (object, "fill");

  return (strategy == NULL || sl_strategy_parse (strategy, &stem->strategy, error))
         && (ending == NULL || sl_ending_parse (ending, &stem->ending, error))
         && (fill == NULL || sl_fill_parse (fill, &stem->fill, error));
}

static void
read_numbers (SlStem *stem, JsonObject *object)
{
  stem->tone_hz = sl_json_get_number (object, "tone_hz", stem->tone_hz);
  stem->amplitude = sl_json_get_number (object, "amplitude", stem->amplitude);
  stem->seconds = sl_json_get_number (object, "seconds", 0.0);
  stem->convert = sl_json_get_boolean (object, "convert", FALSE);
  stem->offset_auto = g_strcmp0 (sl_json_get_string (object, "offset"), "auto") == 0;
  stem->offset = sl_json_get_int (object, "offset", 0);
  stem->loop_bars = (int) CLAMP (sl_json_get_int (object, "loop_bars", 0), 0, 100000);
  stem->join = sl_json_get_int (object, "join", -1);
  stem->fade_ms = sl_json_get_number (object, "fade_ms", -1.0);
  stem->candidate = (guint) CLAMP (sl_json_get_int (object, "candidate", 0), 0, 1000);
  stem->lowpass_hz = sl_json_get_number (object, "lowpass_hz", -1.0);
  stem->gain = sl_json_get_number (object, "gain", -1.0);
  stem->mute = sl_json_get_boolean (object, "mute", FALSE);
}

SlStem *
sl_stem_from_json (JsonNode *node, GError **error)
{
  JsonObject *object = sl_json_object (node);
  const char *name = sl_json_get_string (object, "name");
  const char *file = sl_json_get_string (object, "file");
  const char *role = sl_json_get_string (object, "role");
  gboolean is_tone = g_strcmp0 (sl_json_get_string (object, "kind"), "tone") == 0;
  g_autoptr (SlStem) stem = NULL;

  if (name == NULL || (!is_tone && file == NULL))
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_PROJECT, _ ("A stem has no name or no file."));
      return NULL;
    }
  stem = sl_stem_new (name, is_tone ? SL_STEM_TONE : SL_STEM_FILE);
  stem->file = g_strdup (file);
  stem->section = g_strdup (sl_json_get_string (object, "section"));
  if (role != NULL)
    {
      g_free (stem->role);
      stem->role = g_strdup (role);
    }
  read_numbers (stem, object);
  if (!read_names (stem, object, error))
    {
      (*error)->code = SL_ERROR_PROJECT;
      return NULL;
    }
  stem->extra = json_object_ref (object);
  return g_steal_pointer (&stem);
}
