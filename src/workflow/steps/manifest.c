/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/steps/manifest.h"

#include "engine/package/archive.h"
#include "workflow/acceptance.h"
#include "workflow/json.h"
#include "workflow/steps/subjects.h"

#include <math.h>

static void
check_free (gpointer data)
{
  SlManifestCheck *item = data;

  sl_check_free (item->check);
  g_free (item->accepted);
  g_free (item);
}

static void
collect_record (SlManifest *manifest, SlStepId step, const SlRecord *record)
{
  for (guint i = 0; i < record->checks->len; i++)
    {
      const SlCheck *check = record->checks->pdata[i];
      const SlAcceptance *acceptance
          = sl_acceptance_find (manifest->settings, step, check, record->key);
      SlManifestCheck *item = g_new0 (SlManifestCheck, 1);

      item->step = step;
      item->check = sl_check_copy (check);
      if (acceptance != NULL)
        item->accepted = g_strdup (acceptance->reason != NULL ? acceptance->reason : "");
      g_ptr_array_add (manifest->checks, item);
    }
}

/* Steps and stems in the order of the project. */
static void
collect_checks (SlManifest *manifest, SlProject *project)
{
  for (int i = 0; i < SL_STEP_DELIVER; i++)
    {
      SlStepId step = (SlStepId) i;
      g_auto (GStrv) subjects = sl_step_get (step)->list_subjects (manifest->settings);

      for (guint k = 0; subjects[k] != NULL; k++)
        {
          SlRecord *record = sl_project_get_record (project, step, subjects[k]);
          if (record != NULL)
            collect_record (manifest, step, record);
        }
    }
}

static double
mix_factor (SlProject *project)
{
  SlRecord *record = sl_project_get_record (project, SL_STEP_MASTER, SL_SUBJECT_SONG);

  return record != NULL ? sl_json_get_number (record->values, "factor", 1.0) : 1.0;
}

SlManifest *
sl_manifest_new (SlProject *project, SlMix *mix, SlAudio *master)
{
  SlManifest *manifest = g_new0 (SlManifest, 1);

  manifest->settings = sl_settings_copy (sl_project_get_settings (project));
  manifest->mix = mix;
  manifest->master = master;
  manifest->factor = mix_factor (project);
  manifest->checks = g_ptr_array_new_with_free_func (check_free);
  collect_checks (manifest, project);
  return manifest;
}

void
sl_manifest_free (SlManifest *manifest)
{
  if (manifest == NULL)
    return;
  sl_settings_free (manifest->settings);
  sl_mix_free (manifest->mix);
  sl_audio_free (manifest->master);
  g_ptr_array_unref (manifest->checks);
  g_free (manifest);
}

/* Messages and fixes are words of one language: they stay out. */
static JsonNode *
check_to_json (const SlManifestCheck *item)
{
  JsonNode *node = sl_check_to_json (item->check);
  JsonObject *object = json_node_get_object (node);

  json_object_remove_member (object, "message");
  json_object_remove_member (object, "fix");
  json_object_set_string_member (object, "step", sl_step_id_name (item->step));
  if (item->accepted != NULL)
    json_object_set_string_member (object, "accepted", item->accepted);
  return node;
}

/* All of it that the manifest and the report tell. */
static void
add_check_to_key (const SlManifestCheck *item, SlKey *key)
{
  g_autoptr (JsonNode) node = check_to_json (item);
  g_autofree char *text = json_to_string (node, FALSE);

  sl_key_add_string (key, "check", text);
}

void
sl_manifest_add_to_key (const SlManifest *manifest, SlKey *key)
{
  sl_key_add_string (key, "title", manifest->settings->title);
  sl_mix_add_to_key (manifest->mix, key);
  sl_key_add_double (key, "factor", manifest->factor);
  sl_key_add_audio (key, "master", manifest->master);
  for (guint i = 0; i < manifest->checks->len; i++)
    add_check_to_key (manifest->checks->pdata[i], key);
}

char *
sl_manifest_file_name (const char *part)
{
  return g_strconcat (part, ".wav", NULL);
}

static gboolean
is_unity (const SlManifest *manifest)
{
  for (guint i = 0; i < manifest->mix->parts->len; i++)
    if (((const SlMixPart *) manifest->mix->parts->pdata[i])->gain * manifest->factor != 1.0)
      return FALSE;
  return TRUE;
}

static void
append_number (GString *text, const char *format, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text, g_ascii_formatd (number, sizeof number, format, value));
}

static void
append_gains (const SlManifest *manifest, GString *text)
{
  if (is_unity (manifest))
    g_string_append (text,
                     "The stems sum to the master at unity: place all at 0:00 with no gain.\n");
  else
    g_string_append (text, "The stems sum to the master at these gains (linear, and in dB):\n");
  for (guint i = 0; i < manifest->mix->parts->len; i++)
    {
      const SlMixPart *part = manifest->mix->parts->pdata[i];
      double gain = part->gain * manifest->factor;

      g_string_append_printf (text, "  %s.wav  ", part->name);
      append_number (text, "%.9g", gain);
      if (gain > 0.0)
        {
          g_string_append (text, "  (");
          append_number (text, "%+.2f", 20.0 * log10 (gain));
          g_string_append (text, " dB)\n");
        }
      else
        g_string_append (text, "  (muted)\n");
    }
}

static void
append_sections (const SlSettings *settings, GString *text)
{
  g_autofree char *bpm = sl_bpm_format (settings->bpm);

  g_string_append_printf (text, "\nTempo: %s BPM, %d beats to the bar.\n", bpm,
                          settings->beats_per_bar);
  for (guint i = 0; i < settings->sections->len; i++)
    {
      const SlSection *section = &g_array_index (settings->sections, SlSection, i);
      g_string_append_printf (text, "  %s: %" G_GINT64_FORMAT " beats\n", section->name,
                              section->beats);
    }
}

static const char *
level_word (const SlManifestCheck *item)
{
  return item->accepted != NULL ? "accepted" : sl_level_name (item->check->level);
}

static void
append_checks (const SlManifest *manifest, GString *text)
{
  g_string_append (text, "\nChecks (step, check, subject, verdict, measured, limit):\n");
  for (guint i = 0; i < manifest->checks->len; i++)
    {
      const SlManifestCheck *item = manifest->checks->pdata[i];
      const SlCheck *check = item->check;

      g_string_append_printf (text, "  %-10s %-16s %-16s %-8s ", sl_step_id_name (item->step),
                              check->id, check->subject != NULL ? check->subject : "-",
                              level_word (item));
      if (isfinite (check->measured))
        append_number (text, "%.10g", check->measured);
      else if (check->measured_text != NULL)
        g_string_append (text, check->measured_text);
      if (isfinite (check->limit))
        append_number (g_string_append (text, " / "), "%.10g", check->limit);
      else if (check->limit_text != NULL)
        g_string_append_printf (text, " / %s", check->limit_text);
      g_string_append_printf (text, " %s\n", check->unit != NULL ? check->unit : "");
      if (item->accepted != NULL && *item->accepted != '\0')
        g_string_append_printf (text, "    accepted: %s\n", item->accepted);
    }
}

char *
sl_manifest_readme (const SlManifest *manifest)
{
  GString *text = g_string_new (NULL);
  const SlAudio *master = manifest->master;

  g_string_append_printf (text, "%s\n\n", manifest->settings->title);
  g_string_append_printf (text,
                          "%u stems and their master, each exactly %" G_GINT64_FORMAT
                          " frames at %d Hz, %s.\n",
                          manifest->mix->parts->len, master->frames, master->rate_hz,
                          master->encoding);
  append_gains (manifest, text);
  append_sections (manifest->settings, text);
  append_checks (manifest, text);
  return g_string_free (text, FALSE);
}

static JsonNode *
file_to_json (const char *name, const SlAudio *audio, double gain, const char *sha256)
{
  JsonObject *object = json_object_new ();
  g_autofree char *file = sl_manifest_file_name (name);

  json_object_set_string_member (object, "file", file);
  json_object_set_int_member (object, "frames", audio->frames);
  json_object_set_int_member (object, "channels", audio->channels);
  json_object_set_int_member (object, "rate", audio->rate_hz);
  json_object_set_string_member (object, "subtype", audio->encoding);
  sl_json_set_number (object, "gain", gain);
  json_object_set_string_member (object, "sha256", sha256);
  return sl_json_take_object (object);
}

static JsonArray *
files_to_json (const SlManifest *manifest, SlManifestHashFunc sha256, gpointer data)
{
  JsonArray *array = json_array_new ();
  guint n = manifest->mix->parts->len;

  for (guint i = 0; i < n; i++)
    {
      const SlMixPart *part = manifest->mix->parts->pdata[i];
      json_array_add_element (array,
                              file_to_json (part->name, part->audio, part->gain * manifest->factor,
                                            sha256 (i, data)));
    }
  json_array_add_element (array, file_to_json ("Master", manifest->master, 1.0, sha256 (n, data)));
  return array;
}

char *
sl_manifest_json (const SlManifest *manifest, SlManifestHashFunc sha256, gpointer data)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) root = sl_json_take_object (object);
  JsonArray *checks = json_array_new ();
  JsonArray *sections = json_array_new ();
  g_autofree char *bpm = sl_bpm_format (manifest->settings->bpm);

  for (guint i = 0; i < manifest->settings->sections->len; i++)
    {
      const SlSection *section = &g_array_index (manifest->settings->sections, SlSection, i);
      JsonObject *item = json_object_new ();

      json_object_set_string_member (item, "name", section->name);
      json_object_set_int_member (item, "beats", section->beats);
      json_array_add_object_element (sections, item);
    }
  for (guint i = 0; i < manifest->checks->len; i++)
    json_array_add_element (checks, check_to_json (manifest->checks->pdata[i]));
  json_object_set_string_member (object, "title", manifest->settings->title);
  json_object_set_int_member (object, "frames", manifest->master->frames);
  json_object_set_int_member (object, "rate", manifest->master->rate_hz);
  json_object_set_string_member (object, "bpm", bpm);
  json_object_set_int_member (object, "beats_per_bar", manifest->settings->beats_per_bar);
  json_object_set_array_member (object, "sections", sections);
  json_object_set_array_member (object, "files", files_to_json (manifest, sha256, data));
  json_object_set_array_member (object, "checks", checks);
  return json_to_string (root, TRUE);
}

static char *
entry_name (const SlManifest *manifest, const char *file)
{
  return g_strconcat (manifest->settings->title, "/", file, NULL);
}

static void
add_audio (const SlManifest *manifest, GArray *entries, const char *part, const SlAudio *audio)
{
  g_autofree char *file = sl_manifest_file_name (part);
  g_autofree char *name = entry_name (manifest, file);
  g_autofree char *path = sl_path_resolve (manifest->mix->folder, audio->path);
  SlDigest digest;

  sl_digest_from_hex (audio->digest, &digest);
  sl_archive_entries_add_file (entries, name, path, &digest);
}

static const char *
entry_sha256 (guint index, gpointer data)
{
  const GArray *entries = data;

  return g_array_index (entries, SlArchiveEntry, index).sha256;
}

/* The manifest tells the SHA-256 of the files, so it is made when they have been packed. */
static char *
make_manifest (const GArray *entries, gpointer data)
{
  return sl_manifest_json (data, entry_sha256, (gpointer) entries);
}

GArray *
sl_manifest_entries (SlManifest *manifest)
{
  const GPtrArray *parts = manifest->mix->parts;
  GArray *entries = sl_archive_entries_new ();
  g_autofree char *readme = sl_manifest_readme (manifest);
  g_autofree char *readme_name = entry_name (manifest, "README.txt");
  g_autofree char *manifest_name = entry_name (manifest, "manifest.json");

  for (guint i = 0; i < parts->len; i++)
    {
      const SlMixPart *part = parts->pdata[i];
      add_audio (manifest, entries, part->name, part->audio);
    }
  add_audio (manifest, entries, "Master", manifest->master);
  sl_archive_entries_add_text (entries, readme_name, readme);
  sl_archive_entries_add_made (entries, manifest_name, make_manifest, manifest);
  return entries;
}
