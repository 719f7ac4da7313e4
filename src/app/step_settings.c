/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/step_settings.h"

#include "app/faults.h"
#include "app/fields.h"
#include "app/timing_settings.h"
#include "workflow/intake.h"
#include "workflow/names.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* Longest length that can be typed, in seconds: a day. */
#define MAX_SECONDS 86400.0

struct _SlStepSettings
{
  GtkWidget parent_instance;

  /* template */
  GtkStack *stack;
  SlTimingSettings *timing;
  AdwActionRow *reference;
  GtkWidget *length_row;
  GtkSpinButton *length;
  GtkWidget *convert_row;
  GtkSwitch *convert;
  AdwComboRow *drums;
  GtkSwitch *fit_gains;
  AdwComboRow *format;
  AdwEntryRow *title;

  /* owned */
  SlDocument *document;

  gboolean updating;
};

G_DEFINE_FINAL_TYPE (SlStepSettings, sl_step_settings, GTK_TYPE_WIDGET)

static void
sl_step_settings_dispose (GObject *object)
{
  SlStepSettings *self = SL_STEP_SETTINGS (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (sl_step_settings_parent_class)->dispose (object);
}

/* --- edits --- */

/* NULL while settings are only being shown. */
static SlSettings *
begin (SlStepSettings *self)
{
  return self->updating || self->document == NULL ? NULL : sl_document_edit (self->document);
}

static void
on_length (SlStepSettings *self)
{
  SlSettings *settings = begin (self);

  if (settings == NULL)
    return;
  settings->reference_frames
      = sl_settings_frames (settings, gtk_spin_button_get_value (self->length));
  sl_document_apply (self->document, settings, "length");
}

static void
on_convert (SlStepSettings *self)
{
  SlSettings *settings = begin (self);

  if (settings == NULL)
    return;
  settings->reference_convert = gtk_switch_get_active (self->convert);
  sl_document_apply (self->document, settings, NULL);
}

/* What the step makes is called "drums", which then is no name for a stem. */
static gboolean
is_name_in_the_way (const SlSettings *settings, SlDrumsMode mode)
{
  if (mode != SL_DRUMS_PATTERN && mode != SL_DRUMS_REFERENCE)
    return FALSE;
  for (guint i = 0; i < settings->stems->len; i++)
    {
      g_autofree char *folded = sl_name_fold (((const SlStem *) settings->stems->pdata[i])->name);

      if (strcmp (folded, "drums") == 0)
        return TRUE;
    }
  return FALSE;
}

static void
on_drums (SlStepSettings *self)
{
  SlSettings *settings = begin (self);
  SlDrumsMode mode = (SlDrumsMode) MIN (adw_combo_row_get_selected (self->drums), SL_DRUMS_NONE);

  if (settings == NULL)
    return;
  if (is_name_in_the_way (settings, mode))
    {
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self->drums),
                                   _ ("A stem is called “drums”: rename it first"));
      sl_settings_free (settings);
      sl_step_settings_show (self, self->document, SL_STEP_DRUMS);
      return;
    }
  settings->drums = mode;
  sl_document_apply (self->document, settings, NULL);
}

static void
on_fit_gains (SlStepSettings *self)
{
  SlSettings *settings = begin (self);

  if (settings == NULL)
    return;
  settings->fit_gains = gtk_switch_get_active (self->fit_gains);
  sl_document_apply (self->document, settings, NULL);
}

static void
on_format (SlStepSettings *self)
{
  SlSettings *settings = begin (self);

  if (settings == NULL)
    return;
  settings->subtype
      = (SlSubtype) MIN (adw_combo_row_get_selected (self->format), SL_SUBTYPE_PCM_16);
  sl_document_apply (self->document, settings, NULL);
}

static void
on_title (SlStepSettings *self)
{
  SlSettings *settings = begin (self);
  g_autoptr (GError) error = NULL;
  const char *title = gtk_editable_get_text (GTK_EDITABLE (self->title));

  if (settings == NULL)
    return;
  if (!sl_name_check (title, &error))
    {
      sl_field_set_problem (self->title, error->message);
      sl_settings_free (settings);
      return;
    }
  g_free (settings->title);
  settings->title = g_strdup (title);
  sl_field_applied (self->title);
  sl_document_apply (self->document, settings, NULL);
}

/* --- class --- */

static void
sl_step_settings_class_init (SlStepSettingsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SL_TYPE_TIMING_SETTINGS);
  G_OBJECT_CLASS (klass)->dispose = sl_step_settings_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/seamline/Seamline/step_settings.ui");
  gtk_widget_class_bind_template_child (widget_class, SlStepSettings, stack);
  gtk_widget_class_bind_template_child (widget_class, SlStepSettings, timing);
  gtk_widget_class_bind_template_child (widget_class, SlStepSettings, reference);
  gtk_widget_class_bind_template_child (widget_class, SlStepSettings, length_row);
  gtk_widget_class_bind_template_child (widget_class, SlStepSettings, length);
  gtk_widget_class_bind_template_child (widget_class, SlStepSettings, convert_row);
  gtk_widget_class_bind_template_child (widget_class, SlStepSettings, convert);
  gtk_widget_class_bind_template_child (widget_class, SlStepSettings, drums);
  gtk_widget_class_bind_template_child (widget_class, SlStepSettings, fit_gains);
  gtk_widget_class_bind_template_child (widget_class, SlStepSettings, format);
  gtk_widget_class_bind_template_child (widget_class, SlStepSettings, title);
  gtk_widget_class_bind_template_callback (widget_class, on_length);
  gtk_widget_class_bind_template_callback (widget_class, on_convert);
  gtk_widget_class_bind_template_callback (widget_class, on_drums);
  gtk_widget_class_bind_template_callback (widget_class, on_fit_gains);
  gtk_widget_class_bind_template_callback (widget_class, on_format);
  gtk_widget_class_bind_template_callback (widget_class, on_title);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
sl_step_settings_init (SlStepSettings *self)
{
  self->updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_spin_button_set_range (self->length, 0.0, MAX_SECONDS);
  gtk_spin_button_set_increments (self->length, 1.0, 10.0);
  self->updating = FALSE;
}

/* --- showing --- */

static char *
describe_reference (SlDocument *document)
{
  const SlSettings *settings = sl_document_get_settings (document);
  g_autoptr (SlCheck) fault = NULL;
  SlProbeReport report;
  g_autofree char *time = NULL;

  if (settings->reference == NULL)
    return g_strdup (_ ("None: every stem gets the length below"));
  fault = sl_fault_find (document, NULL);
  if (fault != NULL)
    return sl_fault_title (fault);
  if (!sl_intake_get_report (sl_document_get_project (document), settings->reference, &report))
    return g_strdup (_ ("Not looked at yet"));
  time = sl_format_time (report.readback.frames, report.readback.info.rate_hz);
  return g_strdup_printf ("%s · %d Hz · %s", time, report.readback.info.rate_hz,
                          report.readback.info.encoding);
}

static void
show_reference (SlStepSettings *self, SlDocument *document, const SlSettings *settings)
{
  g_autofree char *base
      = settings->reference != NULL ? g_path_get_basename (settings->reference) : NULL;
  g_autofree char *text = describe_reference (document);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->reference),
                                 base != NULL ? base : _ ("No Reference File"));
  adw_action_row_set_subtitle (self->reference, text);
  gtk_widget_set_visible (self->length_row, settings->reference == NULL);
  gtk_widget_set_visible (self->convert_row, settings->reference != NULL);
  sl_field_show_number (self->length, (double) settings->reference_frames / settings->rate_hz);
  gtk_switch_set_active (self->convert, settings->reference_convert);
}

static void
show_drums (SlStepSettings *self, const SlSettings *settings)
{
  adw_combo_row_set_selected (self->drums, settings->drums);
  if (!is_name_in_the_way (settings, SL_DRUMS_PATTERN))
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self->drums), "");
}

void
sl_step_settings_show (SlStepSettings *self, SlDocument *document, SlStepId step)
{
  const SlSettings *settings;

  g_set_object (&self->document, document);
  /* What loses the focus by this may be an edit: the settings are read after it. */
  gtk_stack_set_visible_child_name (self->stack, sl_step_id_name (step));
  sl_timing_settings_show (self->timing, document);
  settings = sl_document_get_settings (document);
  self->updating = TRUE;
  show_reference (self, document, settings);
  show_drums (self, settings);
  gtk_switch_set_active (self->fit_gains, settings->fit_gains);
  adw_combo_row_set_selected (self->format, settings->subtype);
  sl_field_show_text (self->title, settings->title);
  self->updating = FALSE;
}
