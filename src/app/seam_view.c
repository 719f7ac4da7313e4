/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/seam_view.h"

#include "app/fields.h"
#include "app/level_icon.h"
#include "app/seam_changes.h"
#include "app/seam_text.h"
#include "engine/base/units.h"
#include "workflow/badge.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

/* A fade that is switched on by hand starts here; the longest is as long as by command line. */
#define DEFAULT_FADE_MS 20.0
#define MAX_FADE_MS 600000.0

#define MAX_LOOP_BARS 256

/* One verdict: what was measured, and the word for it. */
typedef struct
{
  AdwActionRow *row;
  GtkImage *icon;
  GtkLabel *word;
} Verdict;

struct _SlSeamView
{
  GtkWidget parent_instance;

  /* template */
  GtkWidget *find_again;
  GtkWidget *verdict_group;
  GtkLabel *position;
  AdwActionRow *position_row;
  GtkLabel *overlap;
  AdwActionRow *loop_row;
  GtkLabel *loop;
  GtkWidget *repeats_row;
  GtkLabel *repeats;
  GtkWidget *join_group;
  AdwActionRow *rank_row;
  GtkWidget *previous;
  GtkWidget *next;
  GtkSpinButton *join;
  GtkSpinButton *loop_bars;
  AdwExpanderRow *fade_row;
  GtkSpinButton *fade;

  /* owned */
  SlDocument *document;
  char *stem;

  Verdict verdicts[SL_N_SEAM_MEASURES]; /* children of verdict_group */
  guint index;
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (SlSeamView, sl_seam_view, GTK_TYPE_WIDGET)

static void
sl_seam_view_dispose (GObject *object)
{
  SlSeamView *self = SL_SEAM_VIEW (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->document);
  g_clear_pointer (&self->stem, g_free);
  G_OBJECT_CLASS (sl_seam_view_parent_class)->dispose (object);
}

/* --- edits --- */

/* Whether a field was changed by somebody, rather than only shown. */
static gboolean
is_edited (SlSeamView *self)
{
  return !self->updating && self->document != NULL;
}

static void
on_find_again (SlSeamView *self)
{
  sl_seam_find_again (self->document, self->stem);
}

static void
on_next (SlSeamView *self)
{
  sl_seam_take_next (self->document, self->stem);
}

static void
on_previous (SlSeamView *self)
{
  sl_seam_take_previous (self->document, self->stem);
}

static void
on_join (SlSeamView *self)
{
  g_autofree char *tag = g_strdup_printf ("join of %s", self->stem);

  if (is_edited (self))
    sl_seam_move (self->document, self->stem, self->index,
                  llround (gtk_spin_button_get_value (self->join)), tag);
}

static void
on_loop_bars (SlSeamView *self)
{
  if (is_edited (self))
    sl_seam_set_loop_bars (self->document, self->stem,
                           gtk_spin_button_get_value_as_int (self->loop_bars));
}

static void
on_fade (SlSeamView *self)
{
  gboolean fixed = adw_expander_row_get_enable_expansion (self->fade_row);

  if (is_edited (self))
    sl_seam_set_fade (self->document, self->stem,
                      fixed ? gtk_spin_button_get_value (self->fade) : -1.0);
}

/* --- class --- */

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, SlSeamView, find_again);
  gtk_widget_class_bind_template_child (widget_class, SlSeamView, verdict_group);
  gtk_widget_class_bind_template_child (widget_class, SlSeamView, position);
  gtk_widget_class_bind_template_child (widget_class, SlSeamView, position_row);
  gtk_widget_class_bind_template_child (widget_class, SlSeamView, overlap);
  gtk_widget_class_bind_template_child (widget_class, SlSeamView, loop_row);
  gtk_widget_class_bind_template_child (widget_class, SlSeamView, loop);
  gtk_widget_class_bind_template_child (widget_class, SlSeamView, repeats_row);
  gtk_widget_class_bind_template_child (widget_class, SlSeamView, repeats);
  gtk_widget_class_bind_template_child (widget_class, SlSeamView, join_group);
  gtk_widget_class_bind_template_child (widget_class, SlSeamView, rank_row);
  gtk_widget_class_bind_template_child (widget_class, SlSeamView, previous);
  gtk_widget_class_bind_template_child (widget_class, SlSeamView, next);
  gtk_widget_class_bind_template_child (widget_class, SlSeamView, join);
  gtk_widget_class_bind_template_child (widget_class, SlSeamView, loop_bars);
  gtk_widget_class_bind_template_child (widget_class, SlSeamView, fade_row);
  gtk_widget_class_bind_template_child (widget_class, SlSeamView, fade);
}

static void
sl_seam_view_class_init (SlSeamViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sl_seam_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/seamline/Seamline/seam_view.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_find_again);
  gtk_widget_class_bind_template_callback (widget_class, on_next);
  gtk_widget_class_bind_template_callback (widget_class, on_previous);
  gtk_widget_class_bind_template_callback (widget_class, on_join);
  gtk_widget_class_bind_template_callback (widget_class, on_loop_bars);
  gtk_widget_class_bind_template_callback (widget_class, on_fade);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
add_verdict (SlSeamView *self, SlSeamMeasure measure)
{
  Verdict *verdict = &self->verdicts[measure];

  verdict->row = ADW_ACTION_ROW (adw_action_row_new ());
  verdict->icon = GTK_IMAGE (gtk_image_new ());
  verdict->word = GTK_LABEL (gtk_label_new (NULL));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (verdict->row), sl_seam_text_title (measure));
  gtk_widget_set_tooltip_text (GTK_WIDGET (verdict->row), sl_seam_text_meaning (measure));
  adw_action_row_add_prefix (verdict->row, GTK_WIDGET (verdict->icon));
  adw_action_row_add_suffix (verdict->row, GTK_WIDGET (verdict->word));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->verdict_group),
                             GTK_WIDGET (verdict->row));
}

static void
sl_seam_view_init (SlSeamView *self)
{
  self->updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < SL_N_SEAM_MEASURES; i++)
    add_verdict (self, (SlSeamMeasure) i);
  sl_field_name_switch (self->fade_row);
  sl_field_leave_undo (self->join);
  sl_field_leave_undo (self->loop_bars);
  sl_field_leave_undo (self->fade);
  gtk_spin_button_set_increments (self->loop_bars, 1, 4);
  gtk_spin_button_set_range (self->fade, 0.0, MAX_FADE_MS);
  gtk_spin_button_set_increments (self->fade, 1.0, 10.0);
  gtk_spin_button_set_value (self->fade, DEFAULT_FADE_MS);
  self->updating = FALSE;
}

/* --- showing --- */

static void
set_look (Verdict *verdict, SlLook look)
{
  const char *const icon_classes[] = { look.style, NULL };
  const char *const word_classes[] = { look.style, "caption-heading", NULL };

  gtk_image_set_from_icon_name (verdict->icon, look.icon);
  gtk_widget_set_css_classes (GTK_WIDGET (verdict->icon), (const char **) icon_classes);
  gtk_widget_set_css_classes (GTK_WIDGET (verdict->word), (const char **) word_classes);
}

/* What is told in place of the verdicts, which were passed on another plan; NULL: they hold. Owned.
 */
static char *
pending_text (SlSeamView *self, const SlSettings *settings, const SlStem *stem)
{
  SlStepId step = sl_seam_step_of (settings, stem);
  SlState states[SL_N_STEPS];

  if (sl_seam_is_measured (self->document, stem->name))
    return NULL;
  sl_badge_all (sl_document_get_project (self->document), states);
  if (states[step] == SL_STATE_LOCKED)
    return g_strdup_printf (_ ("Waits for the steps before %s"), sl_step_id_title (step));
  return g_strdup (_ ("Not measured yet"));
}

static void
show_verdict (SlSeamView *self, const SlSeamInfo *info, SlSeamMeasure measure, const char *pending)
{
  Verdict *verdict = &self->verdicts[measure];
  gboolean applies = pending == NULL && !isnan (info->measured[measure]);
  g_autofree char *text
      = pending == NULL ? sl_seam_text_measure (info, measure) : g_strdup (pending);
  const char *word = applies ? sl_level_title (info->levels[measure]) : "";
  g_autofree char *name = g_strdup_printf ("%s: %s%s%s", sl_seam_text_title (measure), word,
                                           applies ? ", " : "", text);

  if (applies)
    set_look (verdict, sl_level_look (info->levels[measure]));
  else
    set_look (verdict, (SlLook){ "content-loading-symbolic", "dim-label" });
  gtk_label_set_label (verdict->word, word);
  adw_action_row_set_subtitle (verdict->row, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (verdict->row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

static void
show_place (SlSeamView *self, const SlSeamInfo *info, const SlSettings *settings)
{
  gint64 lag = sl_seam_info_lag (info);
  g_autofree char *position = sl_seam_text_place (sl_seam_info_middle (info), settings);
  g_autofree char *digits = sl_format_frames (sl_seam_info_middle (info));
  g_autofree char *frame = g_strdup_printf (_ ("Frame %s"), digits);
  g_autofree char *overlap = info->overlap > 0 ? sl_seam_text_ms (info->overlap, settings->rate_hz)
                                               : g_strdup (_ ("None"));
  g_autofree char *loop = sl_seam_text_length (lag, settings);
  g_autofree char *loop_ms = sl_seam_text_ms (lag, settings->rate_hz);
  g_autofree char *repeats = sl_seam_text_repeated (info, settings->rate_hz);

  gtk_label_set_label (self->position, position);
  adw_action_row_set_subtitle (self->position_row, frame);
  gtk_label_set_label (self->overlap, overlap);
  gtk_label_set_label (self->loop, loop);
  adw_action_row_set_subtitle (self->loop_row, g_str_equal (loop, loop_ms) ? "" : loop_ms);
  gtk_label_set_label (self->repeats, repeats);
  gtk_widget_set_visible (GTK_WIDGET (self->loop_row), lag > 0);
  gtk_widget_set_visible (self->repeats_row, lag > 0);
}

static char *
describe_rank (SlRecord *record)
{
  int used = sl_seam_edit_get_used (record);

  if (used < 0)
    return g_strdup (_ ("None was found"));
  return g_strdup_printf (_ ("%d of %u"), used + 1, sl_seam_edit_count (record));
}

static const char *
describe_choice (const SlStem *stem)
{
  if (stem->join >= 0)
    return _ ("Set by hand");
  return stem->candidate > 0 ? _ ("Chosen") : _ ("Automatic");
}

static void
show_rank (SlSeamView *self, const SlStem *stem, SlRecord *record)
{
  g_autofree char *rank = describe_rank (record);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->rank_row), rank);
  adw_action_row_set_subtitle (self->rank_row, describe_choice (stem));
  gtk_widget_set_sensitive (self->previous, sl_seam_edit_has_previous (stem));
  gtk_widget_set_sensitive (self->next, sl_seam_edit_has_next (stem, record));
  gtk_widget_set_sensitive (self->find_again, sl_seam_edit_is_set (stem));
}

static void
show_join (SlSeamView *self, const SlSeamInfo *info, const SlSettings *settings)
{
  gint64 first, last;

  if (!sl_seam_get_reach (self->document, self->stem, info, &first, &last))
    return;
  gtk_spin_button_set_range (self->join, (double) first, (double) last);
  gtk_spin_button_set_increments (self->join, 1.0,
                                  (double) MAX (1, sl_frames_from_ms (1.0, settings->rate_hz)));
  sl_field_show_number (self->join, (double) info->join_dest);
}

/* No longer than what there is before the join. */
static void
show_loop_bars (SlSeamView *self,
                const SlSeamInfo *info,
                const SlSettings *settings,
                const SlStem *stem)
{
  SlGrid grid = sl_settings_grid (settings);
  gint64 beats = sl_grid_known (&grid) ? sl_grid_nearest_beats (&grid, info->join) : 0;
  gint64 bars = MIN (beats / grid.beats_per_bar, MAX_LOOP_BARS);

  gtk_widget_set_sensitive (GTK_WIDGET (self->loop_bars), sl_grid_known (&grid));
  gtk_spin_button_set_range (self->loop_bars, 0.0, (double) MAX (bars, stem->loop_bars));
  sl_field_show_number (self->loop_bars, stem->loop_bars);
}

static void
show_fade (SlSeamView *self, const SlStem *stem)
{
  adw_expander_row_set_enable_expansion (self->fade_row, stem->fade_ms >= 0.0);
  if (stem->fade_ms >= 0.0)
    sl_field_show_number (self->fade, stem->fade_ms);
}

static void
show_all (SlSeamView *self, const SlSeamInfo *info, const SlSettings *settings, const SlStem *stem)
{
  g_autofree char *pending = pending_text (self, settings, stem);
  gboolean replanning = sl_document_is_replanning (self->document, self->stem);

  for (guint i = 0; i < SL_N_SEAM_MEASURES; i++)
    show_verdict (self, info, (SlSeamMeasure) i, pending);
  gtk_widget_set_sensitive (self->verdict_group, !replanning);
  gtk_widget_set_visible (self->join_group, sl_seam_info_lag (info) > 0);
  show_place (self, info, settings);
  show_rank (self, stem, sl_seam_get_record (self->document, self->stem));
  show_loop_bars (self, info, settings, stem);
  show_fade (self, stem);
  /* The number that is being turned is ahead of the plan. */
  if (!replanning)
    show_join (self, info, settings);
}

gboolean
sl_seam_view_show (SlSeamView *self, SlDocument *document, const char *name, guint index)
{
  const SlSettings *settings = sl_document_get_settings (document);
  const SlStem *stem = sl_settings_find_stem (settings, name);
  SlSeamInfo info;

  if (stem == NULL || !sl_seam_get (document, name, index, &info))
    return FALSE;
  g_set_object (&self->document, document);
  if (g_strcmp0 (self->stem, name) != 0)
    {
      g_free (self->stem);
      self->stem = g_strdup (name);
    }
  self->index = index;
  self->updating = TRUE;
  show_all (self, &info, settings, stem);
  self->updating = FALSE;
  return TRUE;
}
