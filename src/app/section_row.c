/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/section_row.h"

#include "app/fields.h"

#include <glib/gi18n.h>

struct _SlSectionRow
{
  GtkListBoxRow parent_instance;

  /* template */
  GtkEditable *name;
  GtkSpinButton *length;
  GtkLabel *unit;
  GtkWidget *remove;

  /* owned */
  char *shown_name;

  guint index;
  int unit_beats; /* beats in one of what the spin button counts */
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (SlSectionRow, sl_section_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  SIGNAL_EDITED,
  SIGNAL_REMOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
on_length_changed (SlSectionRow *self)
{
  if (!self->updating)
    g_signal_emit (self, signals[SIGNAL_EDITED], 0);
}

/* A name is taken when it is complete: with Enter, or when the next field is entered. */
static void
on_name_done (SlSectionRow *self)
{
  if (!self->updating && g_strcmp0 (gtk_editable_get_text (self->name), self->shown_name) != 0)
    g_signal_emit (self, signals[SIGNAL_EDITED], 0);
}

static void
on_remove (SlSectionRow *self)
{
  g_signal_emit (self, signals[SIGNAL_REMOVED], 0);
}

static void
sl_section_row_finalize (GObject *object)
{
  g_free (SL_SECTION_ROW (object)->shown_name);
  G_OBJECT_CLASS (sl_section_row_parent_class)->finalize (object);
}

static void
sl_section_row_class_init (SlSectionRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = sl_section_row_finalize;
  signals[SIGNAL_EDITED] = g_signal_new ("edited", SL_TYPE_SECTION_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REMOVED] = g_signal_new ("removed", SL_TYPE_SECTION_ROW, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/seamline/Seamline/section_row.ui");
  gtk_widget_class_bind_template_child (widget_class, SlSectionRow, name);
  gtk_widget_class_bind_template_child (widget_class, SlSectionRow, length);
  gtk_widget_class_bind_template_child (widget_class, SlSectionRow, unit);
  gtk_widget_class_bind_template_child (widget_class, SlSectionRow, remove);
  gtk_widget_class_bind_template_callback (widget_class, on_length_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_name_done);
  gtk_widget_class_bind_template_callback (widget_class, on_remove);
}

static void
sl_section_row_init (SlSectionRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
sl_section_row_new (guint index)
{
  SlSectionRow *self = g_object_new (SL_TYPE_SECTION_ROW, NULL);

  self->index = index;
  self->unit_beats = 1;
  return GTK_WIDGET (self);
}

static void
set_names (SlSectionRow *self, const char *name)
{
  g_autofree char *length = g_strdup_printf (_ ("Length of “%s”"), name);
  g_autofree char *remove = g_strdup_printf (_ ("Remove “%s”"), name);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->length), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  length, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->remove), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  remove, -1);
}

void
sl_section_row_show (SlSectionRow *self,
                     const SlSection *section,
                     int beats_per_bar,
                     gboolean removable)
{
  gboolean in_bars = section->beats % beats_per_bar == 0;

  self->updating = TRUE;
  self->unit_beats = in_bars ? beats_per_bar : 1;
  g_free (self->shown_name);
  self->shown_name = g_strdup (section->name);
  if (g_strcmp0 (gtk_editable_get_text (self->name), section->name) != 0)
    gtk_editable_set_text (self->name, section->name);
  gtk_spin_button_set_range (self->length, 1.0, (double) (SL_SECTION_MAX_BEATS / self->unit_beats));
  sl_field_show_number (self->length, (double) (section->beats / self->unit_beats));
  gtk_label_set_label (self->unit, in_bars ? _ ("bars") : _ ("beats"));
  gtk_widget_set_sensitive (self->remove, removable);
  set_names (self, section->name);
  self->updating = FALSE;
}

guint
sl_section_row_get_index (SlSectionRow *self)
{
  return self->index;
}

char *
sl_section_row_dup_name (SlSectionRow *self)
{
  g_autofree char *name = g_strdup (gtk_editable_get_text (self->name));

  g_strstrip (name);
  return *name != '\0' ? g_steal_pointer (&name) : g_strdup (self->shown_name);
}

gint64
sl_section_row_get_beats (SlSectionRow *self)
{
  return (gint64) gtk_spin_button_get_value_as_int (self->length) * self->unit_beats;
}
