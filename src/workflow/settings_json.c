/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings as the project file keeps them. */
#include "engine/base/error.h"
#include "workflow/json.h"
#include "workflow/names.h"
#include "workflow/settings.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Centuries; sums and products of a few of them do not overflow. */
#define MAX_FRAMES ((gint64) 1 << 50)

static const char *const drums_names[] = { "auto", "pattern", "reference", "files", "none" };

const char *
sl_drums_mode_name (SlDrumsMode mode)
{
  return drums_names[mode];
}

/* The object called @name inside @parent, made when missing, so that unknown members stay. */
static JsonObject *
child (JsonObject *parent, const char *name)
{
  JsonObject *object = sl_json_get_object (parent, name);

  if (object == NULL)
    {
      object = json_object_new ();
      json_object_set_object_member (parent, name, object);
    }
  return object;
}

static void
write_timing (const SlSettings *settings, JsonObject *object)
{
  g_autofree char *bpm = sl_bpm_format (settings->bpm);
  JsonArray *sections = json_array_new ();

  for (guint i = 0; i < settings->sections->len; i++)
    {
      const SlSection *section = &g_array_index (settings->sections, SlSection, i);
      JsonObject *item = json_object_new ();

      json_object_set_string_member (item, "name", section->name);
      json_object_set_int_member (item, "beats", section->beats);
      json_array_add_object_element (sections, item);
    }
  json_object_set_string_member (object, "bpm", bpm);
  json_object_set_int_member (object, "beats_per_bar", settings->beats_per_bar);
  json_object_set_int_member (object, "downbeat", settings->downbeat);
  json_object_set_array_member (object, "sections", sections);
  sl_json_set_number (object, "planned_seconds", settings->planned_seconds);
}

static void
write_reference (const SlSettings *settings, JsonObject *object)
{
  sl_json_set_string (object, "file", settings->reference);
  json_object_set_int_member (object, "frames", settings->reference_frames);
  json_object_set_boolean_member (object, "convert", settings->reference_convert);
  sl_json_set_number (object, "min_seconds", settings->min_seconds);
}

static JsonArray *
stems_to_json (const SlSettings *settings)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < settings->stems->len; i++)
    json_array_add_element (array, sl_stem_to_json (settings->stems->pdata[i]));
  return array;
}

static JsonObject *
limits_to_json (const SlSettings *settings)
{
  JsonObject *object = json_object_new ();
  g_autoptr (GList) checks = g_hash_table_get_keys (settings->limits);

  checks = g_list_sort (checks, (GCompareFunc) strcmp);
  for (GList *l = checks; l != NULL; l = l->next)
    sl_json_set_number (object, l->data, sl_settings_limit (settings, l->data, 0.0));
  return object;
}

static JsonArray *
accepted_to_json (const SlSettings *settings)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < settings->accepted->len; i++)
    {
      const SlAcceptance *acceptance = settings->accepted->pdata[i];
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "step", acceptance->step);
      json_object_set_string_member (object, "check", acceptance->check);
      sl_json_set_string (object, "subject", acceptance->subject);
      sl_json_set_string (object, "reason", acceptance->reason);
      json_object_set_string_member (object, "key", acceptance->key);
      json_array_add_object_element (array, object);
    }
  return array;
}

void
sl_settings_to_json (const SlSettings *settings, JsonObject *object)
{
  JsonObject *audio = child (object, "audio");

  json_object_set_string_member (object, "title", settings->title);
  write_timing (settings, child (object, "timing"));
  json_object_set_int_member (audio, "rate", settings->rate_hz);
  json_object_set_string_member (audio, "subtype", sl_subtype_name (settings->subtype));
  write_reference (settings, child (object, "reference"));
  json_object_set_array_member (object, "stems", stems_to_json (settings));
  json_object_set_string_member (child (object, "drums"), "mode", drums_names[settings->drums]);
  json_object_set_boolean_member (object, "fit_gains", settings->fit_gains);
  json_object_set_object_member (object, "limits", limits_to_json (settings));
  json_object_set_array_member (object, "accepted", accepted_to_json (settings));
}

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, SL_ERROR, SL_ERROR_PROJECT, message);
  return FALSE;
}

static gboolean
read_sections (SlSettings *settings, JsonArray *array, GError **error)
{
  settings->sections = sl_sections_new ();
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *item = sl_json_object (json_array_get_element (array, i));
      const char *name = sl_json_get_string (item, "name");
      gint64 beats = sl_json_get_int (item, "beats", 0);

      if (name == NULL || beats < 1 || beats > 1000000
          || sl_sections_find (settings->sections, name) >= 0)
        return refuse (error, _ ("A section has no name, no length, or the name of another."));
      sl_sections_append (settings->sections, name, beats);
    }
  return TRUE;
}

static gboolean
read_timing (SlSettings *settings, JsonObject *object, GError **error)
{
  const char *bpm = sl_json_get_string (object, "bpm");
  gint64 beats_per_bar = sl_json_get_int (object, "beats_per_bar", 4);

  if (bpm == NULL || !sl_bpm_parse (bpm, &settings->bpm, NULL))
    return refuse (error, _ ("The tempo is missing or out of range."));
  if (beats_per_bar < 1 || beats_per_bar > 64)
    return refuse (error, _ ("The meter is out of range."));
  settings->beats_per_bar = (int) beats_per_bar;
  settings->downbeat = CLAMP (sl_json_get_int (object, "downbeat", 0), -MAX_FRAMES, MAX_FRAMES);
  settings->planned_seconds = sl_json_get_number (object, "planned_seconds", 0.0);
  return read_sections (settings, sl_json_get_array (object, "sections"), error);
}

static gboolean
read_audio (SlSettings *settings, JsonObject *object, GError **error)
{
  const char *subtype = sl_json_get_string (object, "subtype");
  gint64 rate = sl_json_get_int (object, "rate", 0);

  if (rate < 1 || rate > 768000)
    return refuse (error, _ ("The sample rate is missing or out of range."));
  if (subtype == NULL || !sl_subtype_parse (subtype, &settings->subtype, NULL))
    return refuse (error, _ ("The sample format is missing or unknown."));
  settings->rate_hz = (int) rate;
  return TRUE;
}

static void
read_reference (SlSettings *settings, JsonObject *object)
{
  settings->reference = g_strdup (sl_json_get_string (object, "file"));
  settings->reference_frames = CLAMP (sl_json_get_int (object, "frames", 0), 0, MAX_FRAMES);
  settings->reference_convert = sl_json_get_boolean (object, "convert", FALSE);
  settings->min_seconds = sl_json_get_number (object, "min_seconds", 0.0);
}

static gboolean
read_stems (SlSettings *settings, JsonArray *array, GError **error)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      SlStem *stem = sl_stem_from_json (json_array_get_element (array, i), error);
      if (stem == NULL)
        return FALSE;
      if (!sl_settings_take_stem (settings, stem, error))
        {
          (*error)->code = SL_ERROR_PROJECT;
          return FALSE;
        }
    }
  return TRUE;
}

static void
read_drums (SlSettings *settings, JsonObject *object)
{
  const char *mode = sl_json_get_string (object, "mode");

  for (guint i = 0; mode != NULL && i < G_N_ELEMENTS (drums_names); i++)
    if (strcmp (mode, drums_names[i]) == 0)
      settings->drums = (SlDrumsMode) i;
}

static void
read_limits (SlSettings *settings, JsonObject *object)
{
  g_autoptr (GList) checks = object != NULL ? json_object_get_members (object) : NULL;

  for (GList *l = checks; l != NULL; l = l->next)
    sl_settings_set_limit (settings, l->data, sl_json_get_number (object, l->data, 0.0));
}

static void
read_accepted (SlSettings *settings, JsonArray *array)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *object = sl_json_object (json_array_get_element (array, i));
      const char *step = sl_json_get_string (object, "step");
      const char *check = sl_json_get_string (object, "check");
      const char *key = sl_json_get_string (object, "key");

      if (step != NULL && check != NULL && key != NULL)
        sl_settings_accept (settings, step, check, sl_json_get_string (object, "subject"),
                            sl_json_get_string (object, "reason"), key);
    }
}

SlSettings *
sl_settings_from_json (JsonObject *object, GError **error)
{
  const char *title = sl_json_get_string (object, "title");
  g_autoptr (SlSettings) settings = sl_settings_new (title != NULL ? title : "");

  g_clear_pointer (&settings->sections, g_array_unref);
  if (!sl_name_check (settings->title, NULL))
    {
      refuse (error, _ ("The title is missing or cannot be a file name."));
      return NULL;
    }
  if (!read_timing (settings, sl_json_get_object (object, "timing"), error)
      || !read_audio (settings, sl_json_get_object (object, "audio"), error)
      || !read_stems (settings, sl_json_get_array (object, "stems"), error))
    return NULL;
  /* After the stems: a stem called "drums" beside a pattern is for the drums step to refuse. */
  read_drums (settings, sl_json_get_object (object, "drums"));
  read_reference (settings, sl_json_get_object (object, "reference"));
  settings->fit_gains = sl_json_get_boolean (object, "fit_gains", FALSE);
  read_limits (settings, sl_json_get_object (object, "limits"));
  read_accepted (settings, sl_json_get_array (object, "accepted"));
  return g_steal_pointer (&settings);
}
