/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/replanner.h"

#include "app/seam_info.h"
#include "workflow/badge.h"

/* What of a stem's settings its plan is made from. */
typedef struct
{
  SlStrategy strategy;
  SlEnding ending;
  gboolean rhythmic;
  guint section; ///< hash of its name
  gboolean offset_auto;
  gint64 offset;
  gint64 join;
  double fade_ms;
  int loop_bars;
  guint candidate;
  SlFill fill;
} Inputs;

struct _SlReplanner
{
  SlProject *project;
  GHashTable *planned; ///< name → Inputs * with which the stem was aligned as it stood
  GHashTable *pending; ///< names
  char *running;       ///< or NULL
};

SlReplanner *
sl_replanner_new (SlProject *project)
{
  SlReplanner *self = g_new0 (SlReplanner, 1);

  self->project = project;
  self->planned = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
sl_replanner_free (SlReplanner *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->planned);
  g_hash_table_unref (self->pending);
  g_free (self->running);
  g_free (self);
}

static Inputs
inputs_of (const SlStem *stem)
{
  return (Inputs){ .strategy = stem->strategy,
                   .ending = stem->ending,
                   .rhythmic = sl_role_is_rhythmic (stem->role),
                   .section = stem->section != NULL ? g_str_hash (stem->section) : 0,
                   .offset_auto = stem->offset_auto,
                   .offset = stem->offset,
                   .join = stem->join,
                   .fade_ms = stem->fade_ms,
                   .loop_bars = stem->loop_bars,
                   .candidate = stem->candidate,
                   .fill = stem->fill };
}

static gboolean
are_equal (const Inputs *a, const Inputs *b)
{
  return a->strategy == b->strategy && a->ending == b->ending && a->rhythmic == b->rhythmic
         && a->section == b->section && a->offset_auto == b->offset_auto && a->offset == b->offset
         && a->join == b->join && a->fade_ms == b->fade_ms && a->loop_bars == b->loop_bars
         && a->candidate == b->candidate && a->fill == b->fill;
}

static void
remember (SlReplanner *self, const SlStem *stem)
{
  Inputs inputs = inputs_of (stem);

  g_hash_table_insert (self->planned, g_strdup (stem->name), g_memdup2 (&inputs, sizeof inputs));
}

/* Only what had been aligned as it stood, and was changed since, is planned again. */
static void
look_at (SlReplanner *self, const SlSettings *settings, const SlStem *stem)
{
  SlState state = sl_badge_subject (self->project, sl_seam_step_of (settings, stem), stem->name);
  const Inputs *planned = g_hash_table_lookup (self->planned, stem->name);
  Inputs inputs = inputs_of (stem);

  if (state == SL_STATE_PASSED || state == SL_STATE_FAILED)
    {
      remember (self, stem);
      g_hash_table_remove (self->pending, stem->name);
    }
  else if (planned != NULL && !are_equal (planned, &inputs))
    g_hash_table_add (self->pending, g_strdup (stem->name));
  else if (!sl_replanner_is_pending (self, stem->name))
    g_hash_table_remove (self->planned, stem->name);
}

static gboolean
has_gone (gpointer name, gpointer value, gpointer settings)
{
  return sl_settings_find_stem (settings, name) == NULL;
}

gboolean
sl_replanner_update (SlReplanner *self)
{
  const SlSettings *settings = sl_project_get_settings (self->project);

  g_hash_table_foreach_remove (self->planned, has_gone, (gpointer) settings);
  g_hash_table_foreach_remove (self->pending, has_gone, (gpointer) settings);
  for (guint i = 0; i < settings->stems->len; i++)
    look_at (self, settings, settings->stems->pdata[i]);
  return g_hash_table_size (self->pending) > 0;
}

gboolean
sl_replanner_is_pending (SlReplanner *self, const char *stem)
{
  if (stem == NULL)
    return self->running != NULL;
  return g_strcmp0 (self->running, stem) == 0 || g_hash_table_contains (self->pending, stem);
}

/* Whether every step before @step is green. */
static gboolean
is_open (SlReplanner *self, SlStepId step)
{
  for (int i = 0; i < (int) step; i++)
    if (sl_badge_step (self->project, (SlStepId) i) != SL_STATE_PASSED)
      return FALSE;
  return TRUE;
}

const char *
sl_replanner_begin (SlReplanner *self, SlStepId *step)
{
  const SlSettings *settings = sl_project_get_settings (self->project);
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, self->pending);
  while (self->running == NULL && g_hash_table_iter_next (&iter, &name, NULL))
    {
      const SlStem *stem = sl_settings_find_stem (settings, name);

      *step = stem != NULL ? sl_seam_step_of (settings, stem) : SL_STEP_ALIGN;
      if (stem == NULL || !is_open (self, *step))
        {
          /* It waits for whoever runs the steps. */
          g_hash_table_remove (self->planned, name);
          g_hash_table_iter_remove (&iter);
          continue;
        }
      self->running = g_strdup (name);
      remember (self, stem);
      g_hash_table_iter_remove (&iter);
    }
  return self->running;
}

void
sl_replanner_ended (SlReplanner *self)
{
  g_clear_pointer (&self->running, g_free);
}
