/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/fields.h"

#include <math.h>

/* The text that was shown or applied last: any other is being typed. */
#define SHOWN "sl-shown-text"

static void
remember (AdwEntryRow *row, const char *text)
{
  g_object_set_data_full (G_OBJECT (row), SHOWN, g_strdup (text), g_free);
}

void
sl_field_show_text (AdwEntryRow *row, const char *text)
{
  const char *shown = g_object_get_data (G_OBJECT (row), SHOWN);
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (row));

  if (shown != NULL && g_strcmp0 (shown, typed) != 0 && g_strcmp0 (shown, text) == 0)
    return;
  remember (row, text);
  sl_field_set_problem (row, NULL);
  if (g_strcmp0 (typed, text) != 0)
    gtk_editable_set_text (GTK_EDITABLE (row), text);
}

void
sl_field_applied (AdwEntryRow *row)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (row));

  sl_field_set_problem (row, NULL);
  remember (row, gtk_editable_get_text (GTK_EDITABLE (row)));
  if (root != NULL)
    gtk_root_set_focus (root, NULL);
}

void
sl_field_set_problem (AdwEntryRow *row, const char *problem)
{
  if (problem != NULL)
    {
      gtk_widget_add_css_class (GTK_WIDGET (row), "error");
      gtk_widget_error_bell (GTK_WIDGET (row));
    }
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  gtk_widget_set_tooltip_text (GTK_WIDGET (row), problem);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  problem != NULL ? problem : "", -1);
}

static void
add_shortcut (GtkEventController *controller, const char *trigger, const char *action)
{
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_shortcut_trigger_parse_string (
                                                              trigger),
                                                          gtk_named_action_new (action)));
}

/* Even without letters to be undone, the text in the field would take the keys for itself. */
void
sl_field_leave_undo (GtkSpinButton *spin)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  add_shortcut (controller, "<Control>z", "doc.undo");
  add_shortcut (controller, "<Control><Shift>z", "doc.redo");
  gtk_widget_add_controller (GTK_WIDGET (spin), controller);
}

static void
name_switches (GtkWidget *widget, const char *name)
{
  if (GTK_IS_SWITCH (widget))
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                    -1);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    name_switches (child, name);
}

void
sl_field_name_switch (AdwExpanderRow *row)
{
  name_switches (GTK_WIDGET (row), adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
}

void
sl_field_show_number (GtkSpinButton *spin, double value)
{
  if (fabs (gtk_spin_button_get_value (spin) - value) > 1e-9)
    gtk_spin_button_set_value (spin, value);
}
