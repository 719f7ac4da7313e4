/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/timing_settings.h"

#include "app/fields.h"
#include "app/section_row.h"
#include "app/tap_tempo.h"
#include "engine/base/units.h"
#include "workflow/intake.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

struct _SlTimingSettings
{
  GtkWidget parent_instance;

  /* template */
  AdwEntryRow *tempo;
  AdwActionRow *proposal;
  GtkSpinButton *meter;
  GtkSpinButton *downbeat;
  GtkListBox *sections;

  /* owned */
  SlDocument *document;
  SlTapTempo *tap;
  GArray *shown_sections;
  int shown_beats_per_bar;

  gboolean updating;
};

G_DEFINE_FINAL_TYPE (SlTimingSettings, sl_timing_settings, GTK_TYPE_WIDGET)

static void
sl_timing_settings_dispose (GObject *object)
{
  SlTimingSettings *self = SL_TIMING_SETTINGS (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->document);
  g_clear_pointer (&self->tap, sl_tap_tempo_free);
  g_clear_pointer (&self->shown_sections, g_array_unref);
  G_OBJECT_CLASS (sl_timing_settings_parent_class)->dispose (object);
}

/* --- edits --- */

static void
set_bpm (SlTimingSettings *self, SlBpm bpm)
{
  SlSettings *settings = sl_document_edit (self->document);

  settings->bpm = bpm;
  sl_document_apply (self->document, settings, "bpm");
}

static void
on_tempo_applied (SlTimingSettings *self)
{
  g_autoptr (GError) error = NULL;
  SlBpm bpm;

  if (!sl_bpm_parse (gtk_editable_get_text (GTK_EDITABLE (self->tempo)), &bpm, &error))
    {
      sl_field_set_problem (self->tempo, error->message);
      return;
    }
  sl_field_applied (self->tempo);
  set_bpm (self, bpm);
}

static void
on_tap (SlTimingSettings *self)
{
  SlBpm bpm;

  if (sl_tap_tempo_tap (self->tap, g_get_monotonic_time (), &bpm))
    set_bpm (self, bpm);
}

static void
on_proposal_used (SlTimingSettings *self)
{
  SlTempo tempo;

  if (sl_intake_propose_tempo (sl_document_get_project (self->document), &tempo))
    set_bpm (self, sl_tempo_propose (tempo.bpm));
}

static void
on_meter_changed (SlTimingSettings *self)
{
  SlSettings *settings;

  if (self->updating)
    return;
  settings = sl_document_edit (self->document);
  settings->beats_per_bar = gtk_spin_button_get_value_as_int (self->meter);
  sl_document_apply (self->document, settings, "meter");
}

static void
on_downbeat_changed (SlTimingSettings *self)
{
  SlSettings *settings;

  if (self->updating)
    return;
  settings = sl_document_edit (self->document);
  settings->downbeat = llround (gtk_spin_button_get_value (self->downbeat));
  sl_document_apply (self->document, settings, "downbeat");
}

/* A name that no section has yet. */
static char *
new_section_name (const GArray *sections)
{
  for (guint i = sections->len + 1;; i++)
    {
      char *name = g_strdup_printf (_ ("Section %u"), i);

      if (sl_sections_find (sections, name) < 0)
        return name;
      g_free (name);
    }
}

/* What the sections lack to the end of the song, else eight bars. */
static gint64
new_section_beats (SlTimingSettings *self, const SlSettings *settings)
{
  SlGrid grid = sl_settings_grid (settings);
  gint64 target = sl_intake_known_target (sl_document_get_project (self->document));
  gint64 missing = 0;

  if (sl_grid_known (&grid) && target > 0)
    missing = sl_grid_nearest_beats (&grid, target - grid.origin)
              - sl_sections_total_beats (settings->sections);
  return missing > 0 ? MIN (missing, SL_SECTION_MAX_BEATS) : 8 * settings->beats_per_bar;
}

static void
on_add_section (SlTimingSettings *self)
{
  SlSettings *settings = sl_document_edit (self->document);
  g_autofree char *name = new_section_name (settings->sections);

  sl_sections_append (settings->sections, name, new_section_beats (self, settings));
  sl_document_apply (self->document, settings, NULL);
}

/* Stems that belong to a section still do when it is called otherwise. */
static void
rename_section (SlSettings *settings, guint index, const char *name)
{
  SlSection *section = &g_array_index (settings->sections, SlSection, index);

  for (guint i = 0; i < settings->stems->len; i++)
    {
      SlStem *stem = settings->stems->pdata[i];

      if (g_strcmp0 (stem->section, section->name) == 0)
        {
          g_free (stem->section);
          stem->section = g_strdup (name);
        }
    }
  g_free (section->name);
  section->name = g_strdup (name);
}

static void
edit_section (SlTimingSettings *self, SlSectionRow *row, SlSettings *settings)
{
  guint index = sl_section_row_get_index (row);
  SlSection *section = &g_array_index (settings->sections, SlSection, index);
  g_autofree char *name = sl_section_row_dup_name (row);
  g_autofree char *tag = g_strdup_printf ("section %u", index);
  int taken = sl_sections_find (settings->sections, name);

  if (taken >= 0 && taken != (int) index)
    {
      gtk_widget_error_bell (GTK_WIDGET (row));
      sl_section_row_show (row, section, settings->beats_per_bar, settings->sections->len > 1);
      sl_settings_free (settings);
      return;
    }
  rename_section (settings, index, name);
  section->beats = sl_section_row_get_beats (row);
  sl_document_apply (self->document, settings, tag);
}

/* A row that goes away under somebody's typing speaks of no section any more. */
static void
on_section_edited (SlSectionRow *row, SlTimingSettings *self)
{
  SlSettings *settings = sl_document_edit (self->document);

  if (!self->updating && sl_section_row_get_index (row) < settings->sections->len)
    edit_section (self, row, settings);
  else
    sl_settings_free (settings);
}

static void
on_section_removed (SlSectionRow *row, SlTimingSettings *self)
{
  SlSettings *settings = sl_document_edit (self->document);

  if (sl_section_row_get_index (row) < settings->sections->len)
    g_array_remove_index (settings->sections, sl_section_row_get_index (row));
  sl_document_apply (self->document, settings, NULL);
}

/* --- showing --- */

static void
sl_timing_settings_class_init (SlTimingSettingsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sl_timing_settings_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/seamline/Seamline/timing_settings.ui");
  gtk_widget_class_bind_template_child (widget_class, SlTimingSettings, tempo);
  gtk_widget_class_bind_template_child (widget_class, SlTimingSettings, proposal);
  gtk_widget_class_bind_template_child (widget_class, SlTimingSettings, meter);
  gtk_widget_class_bind_template_child (widget_class, SlTimingSettings, downbeat);
  gtk_widget_class_bind_template_child (widget_class, SlTimingSettings, sections);
  gtk_widget_class_bind_template_callback (widget_class, on_tempo_applied);
  gtk_widget_class_bind_template_callback (widget_class, on_tap);
  gtk_widget_class_bind_template_callback (widget_class, on_proposal_used);
  gtk_widget_class_bind_template_callback (widget_class, on_meter_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_downbeat_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_add_section);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
sl_timing_settings_init (SlTimingSettings *self)
{
  self->tap = sl_tap_tempo_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static gboolean
are_equal (const GArray *a, const GArray *b)
{
  if (a == NULL || a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      const SlSection *one = &g_array_index (a, SlSection, i);
      const SlSection *other = &g_array_index (b, SlSection, i);

      if (one->beats != other->beats || g_strcmp0 (one->name, other->name) != 0)
        return FALSE;
    }
  return TRUE;
}

static GtkListBoxRow *
row_at (SlTimingSettings *self, guint index)
{
  return gtk_list_box_get_row_at_index (self->sections, (int) index);
}

/* Rows are kept: one of them may be what somebody is typing in. */
static void
set_row_count (SlTimingSettings *self, guint n)
{
  GtkListBoxRow *row;

  for (guint i = 0; i < n; i++)
    if (row_at (self, i) == NULL)
      {
        GtkWidget *added = sl_section_row_new (i);

        g_signal_connect (added, "edited", G_CALLBACK (on_section_edited), self);
        g_signal_connect (added, "removed", G_CALLBACK (on_section_removed), self);
        gtk_list_box_append (self->sections, added);
      }
  while ((row = row_at (self, n)) != NULL)
    gtk_list_box_remove (self->sections, GTK_WIDGET (row));
}

static void
show_sections (SlTimingSettings *self, const SlSettings *settings)
{
  g_autoptr (GArray) sections = sl_sections_copy (settings->sections);
  int beats_per_bar = settings->beats_per_bar;

  if (are_equal (self->shown_sections, sections) && self->shown_beats_per_bar == beats_per_bar)
    return;
  g_clear_pointer (&self->shown_sections, g_array_unref);
  self->shown_sections = g_array_ref (sections);
  self->shown_beats_per_bar = beats_per_bar;
  set_row_count (self, sections->len);
  for (guint i = 0; i < sections->len; i++)
    sl_section_row_show (SL_SECTION_ROW (row_at (self, i)), &g_array_index (sections, SlSection, i),
                         beats_per_bar, sections->len > 1);
}

/* What is only proposed waits for somebody to take it. Without words when hidden: the toolkit goes
 * on listing the row to those who read the screen aloud. */
static void
show_proposal (SlTimingSettings *self)
{
  SlTempo tempo = { 0 };
  gboolean proposed = sl_intake_propose_tempo (sl_document_get_project (self->document), &tempo);
  g_autofree char *bpm = sl_bpm_format (sl_tempo_propose (tempo.bpm));
  g_autofree char *title = g_strdup_printf (_ ("The reference sounds like %s BPM"), bpm);
  g_autofree char *subtitle = g_strdup_printf (_ ("%.0f %% sure"), 100.0 * tempo.confidence);

  gtk_widget_set_visible (GTK_WIDGET (self->proposal), proposed);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->proposal), proposed ? title : "");
  adw_action_row_set_subtitle (self->proposal, proposed ? subtitle : "");
}

void
sl_timing_settings_show (SlTimingSettings *self, SlDocument *document)
{
  const SlSettings *settings = sl_document_get_settings (document);
  g_autofree char *tempo = sl_bpm_format (settings->bpm);

  g_set_object (&self->document, document);
  self->updating = TRUE;
  sl_field_show_text (self->tempo, tempo);
  show_proposal (self);
  sl_field_show_number (self->meter, settings->beats_per_bar);
  sl_field_show_number (self->downbeat, (double) settings->downbeat);
  show_sections (self, settings);
  self->updating = FALSE;
}
