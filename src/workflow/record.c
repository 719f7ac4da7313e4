/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/record.h"

#include "workflow/json.h"

#include <string.h>

SlAudio *
sl_audio_copy (const SlAudio *audio)
{
  SlAudio *copy = g_memdup2 (audio, sizeof *audio);

  copy->path = g_strdup (audio->path);
  copy->encoding = g_strdup (audio->encoding);
  return copy;
}

void
sl_audio_free (SlAudio *audio)
{
  if (audio == NULL)
    return;
  g_free (audio->path);
  g_free (audio->encoding);
  g_free (audio);
}

static void
output_free (gpointer data)
{
  SlOutputFile *output = data;

  g_free (output->path);
  g_free (output);
}

SlRecord *
sl_record_new (const char *key)
{
  SlRecord *record = g_new0 (SlRecord, 1);

  g_atomic_ref_count_init (&record->refs);
  record->key = g_strdup (key);
  record->checks = g_ptr_array_new_with_free_func ((GDestroyNotify) sl_check_free);
  record->outputs = g_ptr_array_new_with_free_func (output_free);
  record->values = json_object_new ();
  return record;
}

SlRecord *
sl_record_ref (SlRecord *record)
{
  g_atomic_ref_count_inc (&record->refs);
  return record;
}

void
sl_record_unref (SlRecord *record)
{
  if (record == NULL || !g_atomic_ref_count_dec (&record->refs))
    return;
  g_free (record->key);
  g_ptr_array_unref (record->checks);
  g_ptr_array_unref (record->outputs);
  sl_audio_free (record->audio);
  json_object_unref (record->values);
  g_free (record);
}

SlCheck *
sl_record_take_check (SlRecord *record, SlCheck *check)
{
  g_ptr_array_add (record->checks, check);
  return check;
}

void
sl_record_add_output (SlRecord *record, const char *path, const char *digest)
{
  SlOutputFile *output = g_new0 (SlOutputFile, 1);

  output->path = g_strdup (path);
  g_strlcpy (output->digest, digest, sizeof output->digest);
  g_ptr_array_add (record->outputs, output);
}

SlLevel
sl_record_level (const SlRecord *record)
{
  SlLevel worst = SL_LEVEL_PASS;

  for (guint i = 0; i < record->checks->len; i++)
    worst = MAX (worst, ((const SlCheck *) record->checks->pdata[i])->level);
  return worst;
}

gboolean
sl_record_integrity_failed (const SlRecord *record)
{
  for (guint i = 0; i < record->checks->len; i++)
    {
      const SlCheck *check = record->checks->pdata[i];
      if (check->level == SL_LEVEL_FAIL && check->kind == SL_KIND_INTEGRITY)
        return TRUE;
    }
  return FALSE;
}

static JsonNode *
audio_to_json (const SlAudio *audio)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "path", audio->path);
  json_object_set_string_member (object, "digest", audio->digest);
  json_object_set_int_member (object, "frames", audio->frames);
  json_object_set_int_member (object, "channels", audio->channels);
  json_object_set_int_member (object, "rate", audio->rate_hz);
  json_object_set_string_member (object, "encoding", audio->encoding);
  json_object_set_int_member (object, "bits", audio->bits);
  json_object_set_boolean_member (object, "is_wav", audio->is_wav);
  sl_json_set_number (object, "peak", audio->peak);
  sl_json_set_number (object, "rms", audio->rms);
  sl_json_set_number (object, "active_rms", audio->active_rms);
  return sl_json_take_object (object);
}

static SlAudio *
audio_from_json (JsonObject *object)
{
  const char *path = sl_json_get_string (object, "path");
  const char *digest = sl_json_get_string (object, "digest");
  const char *encoding = sl_json_get_string (object, "encoding");
  SlAudio *audio;

  if (path == NULL || digest == NULL || encoding == NULL)
    return NULL;
  audio = g_new0 (SlAudio, 1);
  audio->path = g_strdup (path);
  g_strlcpy (audio->digest, digest, sizeof audio->digest);
  audio->frames = sl_json_get_int (object, "frames", 0);
  audio->channels = (int) sl_json_get_int (object, "channels", 0);
  audio->rate_hz = (int) sl_json_get_int (object, "rate", 0);
  audio->encoding = g_strdup (encoding);
  audio->bits = (int) sl_json_get_int (object, "bits", 0);
  audio->is_wav = sl_json_get_boolean (object, "is_wav", FALSE);
  audio->peak = sl_json_get_number (object, "peak", 0.0);
  audio->rms = sl_json_get_number (object, "rms", 0.0);
  audio->active_rms = sl_json_get_number (object, "active_rms", 0.0);
  return audio;
}

static JsonNode *
output_to_json (const SlOutputFile *output)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "path", output->path);
  json_object_set_string_member (object, "digest", output->digest);
  return sl_json_take_object (object);
}

JsonNode *
sl_record_to_json (const SlRecord *record)
{
  JsonObject *object = json_object_new ();
  JsonArray *checks = json_array_new ();
  JsonArray *outputs = json_array_new ();

  for (guint i = 0; i < record->checks->len; i++)
    json_array_add_element (checks, sl_check_to_json (record->checks->pdata[i]));
  for (guint i = 0; i < record->outputs->len; i++)
    json_array_add_element (outputs, output_to_json (record->outputs->pdata[i]));

  json_object_set_string_member (object, "key", record->key);
  json_object_set_array_member (object, "checks", checks);
  json_object_set_array_member (object, "outputs", outputs);
  if (record->audio != NULL)
    json_object_set_member (object, "audio", audio_to_json (record->audio));
  json_object_set_object_member (object, "values", json_object_ref (record->values));
  return sl_json_take_object (object);
}

static gboolean
read_checks (SlRecord *record, JsonArray *array)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      SlCheck *check = sl_check_from_json (json_array_get_element (array, i));
      if (check == NULL)
        return FALSE;
      sl_record_take_check (record, check);
    }
  return array != NULL && record->checks->len > 0;
}

static gboolean
read_outputs (SlRecord *record, JsonArray *array)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *object = sl_json_object (json_array_get_element (array, i));
      const char *path = sl_json_get_string (object, "path");
      const char *digest = sl_json_get_string (object, "digest");

      if (path == NULL || digest == NULL)
        return FALSE;
      sl_record_add_output (record, path, digest);
    }
  return array != NULL;
}

SlRecord *
sl_record_from_json (JsonNode *node)
{
  JsonObject *object = sl_json_object (node);
  const char *key = sl_json_get_string (object, "key");
  JsonObject *audio = sl_json_get_object (object, "audio");
  JsonObject *values = sl_json_get_object (object, "values");
  g_autoptr (SlRecord) record = NULL;

  if (key == NULL)
    return NULL;
  record = sl_record_new (key);
  if (!read_checks (record, sl_json_get_array (object, "checks"))
      || !read_outputs (record, sl_json_get_array (object, "outputs")))
    return NULL;
  if (audio != NULL && (record->audio = audio_from_json (audio)) == NULL)
    return NULL;
  if (values != NULL)
    {
      json_object_unref (record->values);
      record->values = json_object_ref (values);
    }
  return g_steal_pointer (&record);
}
