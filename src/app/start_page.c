/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/start_page.h"

#include "app/places.h"
#include "app/preferences.h"

#include <adwaita.h>

struct _SlStartPage
{
  GtkWidget parent_instance;

  /* template */
  GtkWidget *recent_group;
  GtkListBox *recent;
};

G_DEFINE_FINAL_TYPE (SlStartPage, sl_start_page, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
on_activated (SlStartPage *self, GtkListBoxRow *row)
{
  g_autofree char *folder = g_strdup (g_object_get_data (G_OBJECT (row), "sl-folder"));

  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, folder);
}

static void
sl_start_page_dispose (GObject *object)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (object));

  g_clear_pointer (&child, gtk_widget_unparent);
  G_OBJECT_CLASS (sl_start_page_parent_class)->dispose (object);
}

static void
sl_start_page_class_init (SlStartPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sl_start_page_dispose;
  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", SL_TYPE_START_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/seamline/Seamline/start_page.ui");
  gtk_widget_class_bind_template_child (widget_class, SlStartPage, recent_group);
  gtk_widget_class_bind_template_child (widget_class, SlStartPage, recent);
  gtk_widget_class_bind_template_callback (widget_class, on_activated);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
sl_start_page_init (SlStartPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  sl_start_page_update (self);
}

static void
append (SlStartPage *self, const char *folder)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = g_filename_display_basename (folder);
  g_autofree char *shown = sl_places_dup_shown (folder);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), shown);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "sl-folder", g_strdup (folder), g_free);
  gtk_list_box_append (self->recent, row);
}

void
sl_start_page_update (SlStartPage *self)
{
  g_auto (GStrv) folders = sl_preferences_get_recent ();
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->recent))) != NULL)
    gtk_list_box_remove (self->recent, row);
  for (guint i = 0; folders[i] != NULL; i++)
    append (self, folders[i]);
  gtk_widget_set_visible (self->recent_group, folders[0] != NULL);
}
