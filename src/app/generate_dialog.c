/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/generate_dialog.h"

#include <glib/gi18n.h>

struct _SlGenerateDialog
{
  AdwWindow parent_instance;

  /* template */
  AdwEntryRow *name;
  GtkSpinButton *frequency;
  GtkSpinButton *level;
  GtkSpinButton *seconds;
  GtkLabel *problem;

  /* owned */
  SlDocument *document;

  double default_hz; /* of the name */
  double default_amplitude;
};

G_DEFINE_FINAL_TYPE (SlGenerateDialog, sl_generate_dialog, ADW_TYPE_WINDOW)

static void
sl_generate_dialog_dispose (GObject *object)
{
  g_clear_object (&SL_GENERATE_DIALOG (object)->document);
  G_OBJECT_CLASS (sl_generate_dialog_parent_class)->dispose (object);
}

static SlStem *
make_stem (SlGenerateDialog *self)
{
  g_autofree char *name
      = g_utf8_normalize (gtk_editable_get_text (GTK_EDITABLE (self->name)), -1, G_NORMALIZE_NFC);
  SlStem *stem = sl_stem_new (name, SL_STEM_TONE);

  stem->tone_hz = gtk_spin_button_get_value (self->frequency);
  stem->amplitude = gtk_spin_button_get_value (self->level);
  stem->seconds = gtk_spin_button_get_value (self->seconds);
  return stem;
}

static void
on_generate (SlGenerateDialog *self)
{
  SlSettings *settings = sl_document_edit (self->document);
  g_autoptr (GError) error = NULL;

  if (sl_settings_take_stem (settings, make_stem (self), &error))
    {
      sl_document_apply (self->document, settings, NULL);
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  sl_settings_free (settings);
  gtk_label_set_label (self->problem, error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), TRUE);
}

/* The usual tones of bass, guitars and so on go with their names, until others are chosen. */
static void
on_name_changed (SlGenerateDialog *self)
{
  double hz, amplitude;

  sl_tone_defaults (gtk_editable_get_text (GTK_EDITABLE (self->name)), &hz, &amplitude);
  if (gtk_spin_button_get_value (self->frequency) == self->default_hz)
    gtk_spin_button_set_value (self->frequency, hz);
  if (gtk_spin_button_get_value (self->level) == self->default_amplitude)
    gtk_spin_button_set_value (self->level, amplitude);
  self->default_hz = hz;
  self->default_amplitude = amplitude;
}

static void
sl_generate_dialog_class_init (SlGenerateDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sl_generate_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/seamline/Seamline/generate_dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, SlGenerateDialog, name);
  gtk_widget_class_bind_template_child (widget_class, SlGenerateDialog, frequency);
  gtk_widget_class_bind_template_child (widget_class, SlGenerateDialog, level);
  gtk_widget_class_bind_template_child (widget_class, SlGenerateDialog, seconds);
  gtk_widget_class_bind_template_child (widget_class, SlGenerateDialog, problem);
  gtk_widget_class_bind_template_callback (widget_class, on_generate);
  gtk_widget_class_bind_template_callback (widget_class, on_name_changed);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
sl_generate_dialog_init (SlGenerateDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->default_hz = gtk_spin_button_get_value (self->frequency);
  self->default_amplitude = gtk_spin_button_get_value (self->level);
}

void
sl_generate_dialog_show (GtkWindow *parent, SlDocument *document)
{
  SlGenerateDialog *self = g_object_new (SL_TYPE_GENERATE_DIALOG, "transient-for", parent, NULL);

  self->document = g_object_ref (document);
  gtk_spin_button_set_range (self->frequency, 1.0,
                             sl_document_get_settings (document)->rate_hz * 0.4999);
  gtk_editable_set_text (GTK_EDITABLE (self->name), _ ("Tone"));
  gtk_window_present (GTK_WINDOW (self));
}
