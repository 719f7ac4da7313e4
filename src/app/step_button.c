/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/step_button.h"

#include "app/level_icon.h"

#include <glib/gi18n.h>

struct _SlStepButton
{
  GtkWidget parent_instance;

  /* template */
  GtkWidget *button;
  GtkLabel *number;
  GtkLabel *title;
  GtkImage *icon;
  GtkLabel *badge;
  GtkProgressBar *progress;
  GtkWidget *stop;

  /* owned */
  char *shown; /* the badge's text */

  SlStepId step;
  const char *style;
};

G_DEFINE_FINAL_TYPE (SlStepButton, sl_step_button, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_PRESSED,
  SIGNAL_STOP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
on_pressed (SlStepButton *self)
{
  g_signal_emit (self, signals[SIGNAL_PRESSED], 0);
}

static void
on_stop (SlStepButton *self)
{
  g_signal_emit (self, signals[SIGNAL_STOP], 0);
}

static void
sl_step_button_dispose (GObject *object)
{
  SlStepButton *self = SL_STEP_BUTTON (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_pointer (&self->shown, g_free);
  G_OBJECT_CLASS (sl_step_button_parent_class)->dispose (object);
}

static void
sl_step_button_class_init (SlStepButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sl_step_button_dispose;
  signals[SIGNAL_PRESSED] = g_signal_new ("pressed", SL_TYPE_STEP_BUTTON, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_STOP] = g_signal_new ("stop", SL_TYPE_STEP_BUTTON, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/seamline/Seamline/step_button.ui");
  gtk_widget_class_bind_template_child (widget_class, SlStepButton, button);
  gtk_widget_class_bind_template_child (widget_class, SlStepButton, number);
  gtk_widget_class_bind_template_child (widget_class, SlStepButton, title);
  gtk_widget_class_bind_template_child (widget_class, SlStepButton, icon);
  gtk_widget_class_bind_template_child (widget_class, SlStepButton, badge);
  gtk_widget_class_bind_template_child (widget_class, SlStepButton, progress);
  gtk_widget_class_bind_template_child (widget_class, SlStepButton, stop);
  gtk_widget_class_bind_template_callback (widget_class, on_pressed);
  gtk_widget_class_bind_template_callback (widget_class, on_stop);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "stepbutton");
}

static void
sl_step_button_init (SlStepButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
sl_step_button_new (SlStepId step)
{
  SlStepButton *self = g_object_new (SL_TYPE_STEP_BUTTON, NULL);
  g_autofree char *number = g_strdup_printf ("%d", (int) step + 1);
  g_autofree char *stop = g_strdup_printf (_ ("Stop “%s”"), sl_step_id_title (step));

  self->step = step;
  gtk_label_set_label (self->number, number);
  gtk_label_set_label (self->title, sl_step_id_title (step));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->stop), GTK_ACCESSIBLE_PROPERTY_LABEL, stop,
                                  -1);
  return GTK_WIDGET (self);
}

static char *
badge_text (const SlStepView *view)
{
  if (view->stopping)
    return g_strdup (_ ("Stopping…"));
  if (view->running)
    return g_strdup_printf (_ ("Running %d %%"), (int) (view->fraction * 100.0));
  if (view->state == SL_STATE_PASSED && view->warnings > 0)
    return g_strdup_printf (ngettext ("%u warning", "%u warnings", view->warnings), view->warnings);
  return g_strdup (sl_state_title (view->state));
}

static SlLook
badge_look (const SlStepView *view)
{
  static const SlLook running = { "content-loading-symbolic", "running" };

  if (view->running)
    return running;
  if (view->state == SL_STATE_PASSED && view->warnings > 0)
    return sl_level_look (SL_LEVEL_WARN);
  return sl_state_look (view->state);
}

/* Told only when it is another, so that readers of the screen announce changes and no more. */
static void
set_name (SlStepButton *self, const SlStepView *view, char *text)
{
  g_autofree char *name = NULL;

  if (g_strcmp0 (text, self->shown) == 0)
    {
      g_free (text);
      return;
    }
  g_free (self->shown);
  self->shown = text;
  gtk_label_set_label (self->badge, text);
  if (view->state == SL_STATE_PASSED && view->warnings > 0 && !view->running)
    name = g_strdup_printf ("%d %s, %s, %s", (int) self->step + 1, sl_step_id_title (self->step),
                            sl_state_title (SL_STATE_PASSED), text);
  else
    name = g_strdup_printf ("%d %s, %s", (int) self->step + 1, sl_step_id_title (self->step), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

static void
set_look (SlStepButton *self, SlLook look)
{
  if (self->style != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self), self->style);
  self->style = look.style;
  gtk_widget_add_css_class (GTK_WIDGET (self), look.style);
  gtk_image_set_from_icon_name (self->icon, look.icon);
}

static void
set_tooltip (SlStepButton *self, const SlStepView *view)
{
  g_autofree char *why = NULL;

  if (view->state == SL_STATE_LOCKED && view->locked_until != NULL)
    why = g_strdup_printf (_ ("Locked until “%s” is green"), view->locked_until);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), why);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, why != NULL ? why : "", -1);
}

void
sl_step_button_show (SlStepButton *self, const SlStepView *view)
{
  set_name (self, view, badge_text (view));
  set_look (self, badge_look (view));
  set_tooltip (self, view);
  gtk_widget_set_sensitive (self->button, view->state != SL_STATE_LOCKED || view->running);
  gtk_progress_bar_set_fraction (self->progress, view->fraction);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), view->running);
  gtk_widget_set_visible (self->stop, view->running);
  gtk_widget_set_sensitive (self->stop, !view->stopping);
}

void
sl_step_button_set_selected (SlStepButton *self, gboolean selected)
{
  if (selected)
    gtk_widget_add_css_class (GTK_WIDGET (self), "selected");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "selected");
}
