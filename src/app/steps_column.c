/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/steps_column.h"

#include "app/step_button.h"

#include <glib/gi18n.h>

struct _SlStepsColumn
{
  GtkWidget parent_instance;

  /* template */
  GtkBox *steps;
  GtkButton *next;
  GtkWidget *all;

  /* owned */
  SlDocument *document;

  SlStepButton *buttons[SL_N_STEPS]; /* children of steps */
  int selected;
};

G_DEFINE_FINAL_TYPE (SlStepsColumn, sl_steps_column, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_STEP_SELECTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
sl_steps_column_dispose (GObject *object)
{
  SlStepsColumn *self = SL_STEPS_COLUMN (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  g_clear_pointer (&child, gtk_widget_unparent);
  G_OBJECT_CLASS (sl_steps_column_parent_class)->dispose (object);
}

static void
sl_steps_column_class_init (SlStepsColumnClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sl_steps_column_dispose;
  signals[SIGNAL_STEP_SELECTED]
      = g_signal_new ("step-selected", SL_TYPE_STEPS_COLUMN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, G_TYPE_INT);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/seamline/Seamline/steps_column.ui");
  gtk_widget_class_bind_template_child (widget_class, SlStepsColumn, steps);
  gtk_widget_class_bind_template_child (widget_class, SlStepsColumn, next);
  gtk_widget_class_bind_template_child (widget_class, SlStepsColumn, all);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
select_step (SlStepsColumn *self, int step)
{
  sl_steps_column_set_selected (self, step);
  g_signal_emit (self, signals[SIGNAL_STEP_SELECTED], 0, step);
}

/* What has ended is shown first; pressed once more, it runs again unless it is green. */
static void
on_pressed (SlStepButton *button, SlStepsColumn *self)
{
  int step = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "sl-step"));
  SlState state = sl_badge_step (sl_document_get_project (self->document), (SlStepId) step);
  gboolean was_selected = self->selected == step;

  if (state == SL_STATE_READY || state == SL_STATE_STALE
      || (state == SL_STATE_FAILED && was_selected))
    sl_document_run_step (self->document, (SlStepId) step);
  select_step (self, step);
}

static void
on_stop (SlStepsColumn *self)
{
  sl_document_stop (self->document);
}

static void
sl_steps_column_init (SlStepsColumn *self)
{
  self->selected = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
  for (int i = 0; i < SL_N_STEPS; i++)
    {
      GtkWidget *button = sl_step_button_new ((SlStepId) i);

      self->buttons[i] = SL_STEP_BUTTON (button);
      g_object_set_data (G_OBJECT (button), "sl-step", GINT_TO_POINTER (i));
      g_signal_connect (button, "pressed", G_CALLBACK (on_pressed), self);
      g_signal_connect_swapped (button, "stop", G_CALLBACK (on_stop), self);
      gtk_box_append (self->steps, button);
    }
}

static void
show_step (SlStepsColumn *self, int i, SlState state, int locked_by)
{
  SlProject *project = sl_document_get_project (self->document);
  SlStepId running;
  SlStepView view = { state };

  if (sl_document_get_running (self->document, &running) && (int) running == i)
    {
      view.running = TRUE;
      view.stopping = sl_document_is_stopping (self->document);
      view.fraction = sl_document_get_fraction (self->document);
    }
  if (state == SL_STATE_PASSED)
    view.warnings = sl_badge_warnings (project, (SlStepId) i);
  if (locked_by >= 0)
    view.locked_until = sl_step_id_title ((SlStepId) locked_by);
  sl_step_button_show (self->buttons[i], &view);
}

static void
show_next (SlStepsColumn *self, int next)
{
  g_autofree char *label = NULL;

  if (next < SL_N_STEPS)
    label = g_strdup_printf (_ ("Run %d %s"), next + 1, sl_step_id_title ((SlStepId) next));
  else
    label = g_strdup (_ ("All steps passed"));
  gtk_button_set_label (self->next, label);
}

static void
show_all (SlStepsColumn *self)
{
  SlState states[SL_N_STEPS];
  int first = -1;

  sl_badge_all (sl_document_get_project (self->document), states);
  for (int i = 0; i < SL_N_STEPS; i++)
    {
      show_step (self, i, states[i], first);
      if (first < 0 && states[i] != SL_STATE_PASSED)
        first = i;
    }
  show_next (self, first < 0 ? SL_N_STEPS : first);
}

/* Only the running step moves. */
static void
on_progress (SlStepsColumn *self)
{
  SlStepId running;

  if (sl_document_get_running (self->document, &running))
    show_step (self, (int) running,
               sl_badge_step (sl_document_get_project (self->document), running), -1);
}

void
sl_steps_column_set_document (SlStepsColumn *self, SlDocument *document)
{
  g_set_object (&self->document, document);
  g_signal_connect_swapped (document, "changed", G_CALLBACK (show_all), self);
  g_signal_connect_swapped (document, "run-changed", G_CALLBACK (show_all), self);
  g_signal_connect_swapped (document, "progress", G_CALLBACK (on_progress), self);
  show_all (self);
}

void
sl_steps_column_set_selected (SlStepsColumn *self, int step)
{
  self->selected = step;
  for (int i = 0; i < SL_N_STEPS; i++)
    sl_step_button_set_selected (self->buttons[i], i == step);
}

void
sl_steps_column_set_narrow (SlStepsColumn *self, gboolean narrow)
{
  gtk_widget_set_visible (self->all, narrow);
}
