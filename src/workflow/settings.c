/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/settings.h"

#include "engine/base/error.h"
#include "workflow/names.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static void
acceptance_free (gpointer data)
{
  SlAcceptance *acceptance = data;

  g_free (acceptance->step);
  g_free (acceptance->check);
  g_free (acceptance->subject);
  g_free (acceptance->reason);
  g_free (acceptance->key);
  g_free (acceptance);
}

static SlSettings *
settings_new_empty (void)
{
  SlSettings *settings = g_new0 (SlSettings, 1);

  settings->stems = g_ptr_array_new_with_free_func ((GDestroyNotify) sl_stem_free);
  settings->limits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  settings->accepted = g_ptr_array_new_with_free_func (acceptance_free);
  return settings;
}

SlSettings *
sl_settings_new (const char *title)
{
  SlSettings *settings = settings_new_empty ();

  settings->title = g_strdup (title);
  settings->bpm = (SlBpm){ 120, 1 };
  settings->beats_per_bar = 4;
  settings->rate_hz = 48000;
  settings->subtype = SL_SUBTYPE_FLOAT;
  settings->sections = sl_sections_new ();
  sl_sections_append (settings->sections, "intro", 16);
  sl_sections_append (settings->sections, "verse", 32);
  sl_sections_append (settings->sections, "chorus", 32);
  sl_sections_append (settings->sections, "bridge", 16);
  sl_sections_append (settings->sections, "outro", 16);
  return settings;
}

static void
copy_lists (SlSettings *copy, const SlSettings *settings)
{
  GHashTableIter iter;
  gpointer check, value;

  for (guint i = 0; i < settings->stems->len; i++)
    g_ptr_array_add (copy->stems, sl_stem_copy (settings->stems->pdata[i]));
  g_hash_table_iter_init (&iter, settings->limits);
  while (g_hash_table_iter_next (&iter, &check, &value))
    sl_settings_set_limit (copy, check, *(double *) value);
  for (guint i = 0; i < settings->accepted->len; i++)
    {
      const SlAcceptance *a = settings->accepted->pdata[i];
      sl_settings_accept (copy, a->step, a->check, a->subject, a->reason, a->key);
    }
}

SlSettings *
sl_settings_copy (const SlSettings *settings)
{
  SlSettings *copy = settings_new_empty ();
  GPtrArray *stems = copy->stems;
  GHashTable *limits = copy->limits;
  GPtrArray *accepted = copy->accepted;

  *copy = *settings;
  copy->stems = stems;
  copy->limits = limits;
  copy->accepted = accepted;
  copy->title = g_strdup (settings->title);
  copy->reference = g_strdup (settings->reference);
  copy->sections = sl_sections_copy (settings->sections);
  copy_lists (copy, settings);
  return copy;
}

void
sl_settings_free (SlSettings *settings)
{
  if (settings == NULL)
    return;
  g_free (settings->title);
  g_free (settings->reference);
  g_clear_pointer (&settings->sections, g_array_unref);
  g_ptr_array_unref (settings->stems);
  g_hash_table_unref (settings->limits);
  g_ptr_array_unref (settings->accepted);
  g_free (settings);
}

SlStem *
sl_settings_find_stem (const SlSettings *settings, const char *name)
{
  for (guint i = 0; i < settings->stems->len; i++)
    {
      SlStem *stem = settings->stems->pdata[i];
      if (strcmp (stem->name, name) == 0)
        return stem;
    }
  return NULL;
}

/* "drums" names what the drums step makes, unless that step takes files. */
static gboolean
is_reserved (const SlSettings *settings, const SlStem *stem, const char *folded)
{
  if (strcmp (folded, "master") == 0 || strcmp (folded, "reference") == 0)
    return TRUE;
  return strcmp (folded, "drums") == 0
         && (stem->kind == SL_STEM_TONE || settings->drums == SL_DRUMS_PATTERN
             || settings->drums == SL_DRUMS_REFERENCE);
}

static gboolean
is_name_free (const SlSettings *settings, const SlStem *stem, GError **error)
{
  g_autofree char *folded = sl_name_fold (stem->name);

  if (is_reserved (settings, stem, folded))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                   _ ("“%s” is a name that Seamline uses itself: choose another."), stem->name);
      return FALSE;
    }
  for (guint i = 0; i < settings->stems->len; i++)
    {
      const SlStem *other = settings->stems->pdata[i];
      g_autofree char *other_folded = sl_name_fold (other->name);

      if (strcmp (folded, other_folded) == 0)
        {
          g_set_error (error, SL_ERROR, SL_ERROR_INVALID,
                       _ ("There is a stem called “%s” already: choose another name."),
                       other->name);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
sl_settings_take_stem (SlSettings *settings, SlStem *stem, GError **error)
{
  if (!sl_name_check (stem->name, error) || !is_name_free (settings, stem, error))
    {
      sl_stem_free (stem);
      return FALSE;
    }
  g_ptr_array_add (settings->stems, stem);
  return TRUE;
}

SlGrid
sl_settings_grid (const SlSettings *settings)
{
  return sl_grid_make (settings->bpm, settings->rate_hz, settings->beats_per_bar,
                       settings->downbeat);
}

gint64
sl_settings_frames (const SlSettings *settings, double seconds)
{
  return llround (fmin (fmax (seconds * settings->rate_hz, 0.0), 0x1p50));
}

SlDrumsMode
sl_settings_drums_mode (const SlSettings *settings)
{
  gboolean generated = settings->stems->len == 0;

  if (settings->drums != SL_DRUMS_AUTO)
    return settings->drums;
  for (guint i = 0; i < settings->stems->len; i++)
    {
      const SlStem *stem = settings->stems->pdata[i];
      if (stem->kind == SL_STEM_TONE)
        generated = TRUE;
      else if (strcmp (stem->role, "drums") == 0)
        return SL_DRUMS_FILES;
    }
  return generated ? SL_DRUMS_PATTERN : SL_DRUMS_NONE;
}

gboolean
sl_settings_is_drum_stem (const SlSettings *settings, const SlStem *stem)
{
  return stem->kind == SL_STEM_FILE && strcmp (stem->role, "drums") == 0
         && sl_settings_drums_mode (settings) == SL_DRUMS_FILES;
}

double
sl_settings_limit (const SlSettings *settings, const char *check, double fallback)
{
  const double *value = g_hash_table_lookup (settings->limits, check);

  return value != NULL ? *value : fallback;
}

void
sl_settings_set_limit (SlSettings *settings, const char *check, double value)
{
  g_hash_table_replace (settings->limits, g_strdup (check), g_memdup2 (&value, sizeof value));
}

void
sl_settings_accept (SlSettings *settings,
                    const char *step,
                    const char *check,
                    const char *subject,
                    const char *reason,
                    const char *key)
{
  SlAcceptance *acceptance = g_new0 (SlAcceptance, 1);

  for (guint i = settings->accepted->len; i-- > 0;)
    {
      const SlAcceptance *old = settings->accepted->pdata[i];
      if (strcmp (old->step, step) == 0 && strcmp (old->check, check) == 0
          && g_strcmp0 (old->subject, subject) == 0)
        g_ptr_array_remove_index (settings->accepted, i);
    }
  acceptance->step = g_strdup (step);
  acceptance->check = g_strdup (check);
  acceptance->subject = g_strdup (subject);
  acceptance->reason = g_strdup (reason);
  acceptance->key = g_strdup (key);
  g_ptr_array_add (settings->accepted, acceptance);
}
