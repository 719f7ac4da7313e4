/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/checks_list.h"

#include "app/check_row.h"
#include "app/faults.h"

#include <glib/gi18n.h>

/* Rows made at once: each is laid out before the next come, so that no frame pays for all. */
#define ROWS_AT_ONCE 3

struct _SlChecksList
{
  GtkWidget parent_instance;

  /* template */
  GtkListBox *open;
  GtkExpander *expander;
  GtkListBox *passed;

  /* owned */
  SlDocument *document;
  GPtrArray *checks; /* of SlCheck, as shown */
  char *signature;

  SlStepId step;
  SlLevel next_level; /* of the next row among the passed ones */
  guint next;         /* its index among the checks */
  guint fill_id;      /* tick callback */
};

G_DEFINE_FINAL_TYPE (SlChecksList, sl_checks_list, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_FIX,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
fill_passed (SlChecksList *self);

static void
stop_filling (SlChecksList *self)
{
  if (self->fill_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->fill_id);
  self->fill_id = 0;
}

static void
sl_checks_list_dispose (GObject *object)
{
  SlChecksList *self = SL_CHECKS_LIST (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  stop_filling (self);
  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->document);
  g_clear_pointer (&self->checks, g_ptr_array_unref);
  g_clear_pointer (&self->signature, g_free);
  G_OBJECT_CLASS (sl_checks_list_parent_class)->dispose (object);
}

static void
sl_checks_list_class_init (SlChecksListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sl_checks_list_dispose;
  signals[SIGNAL_FIX] = g_signal_new ("fix", SL_TYPE_CHECKS_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                      NULL, G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_INT);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/seamline/Seamline/checks_list.ui");
  gtk_widget_class_bind_template_child (widget_class, SlChecksList, open);
  gtk_widget_class_bind_template_child (widget_class, SlChecksList, expander);
  gtk_widget_class_bind_template_child (widget_class, SlChecksList, passed);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
sl_checks_list_init (SlChecksList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->expander, "notify::expanded", G_CALLBACK (fill_passed), self);
}

static void
clear (GtkListBox *list)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, row);
}

static void
on_fix (SlCheckRow *row, int fix, SlChecksList *self)
{
  g_autoptr (SlCheck) check = sl_check_copy (sl_check_row_get_check (row));

  g_signal_emit (self, signals[SIGNAL_FIX], 0, check, fix);
}

static void
append (SlChecksList *self, GtkListBox *list, const SlCheck *check)
{
  GtkWidget *row = sl_check_row_new (self->document, self->step, check);

  g_signal_connect (row, "fix", G_CALLBACK (on_fix), self);
  gtk_list_box_append (list, row);
}

static guint
append_level (SlChecksList *self, GtkListBox *list, SlLevel level)
{
  guint n = 0;

  for (guint i = 0; i < self->checks->len; i++)
    {
      const SlCheck *check = self->checks->pdata[i];

      if (check->level == level)
        {
          append (self, list, check);
          n++;
        }
    }
  return n;
}

static guint
count_quiet (SlChecksList *self)
{
  guint n = 0;

  for (guint i = 0; i < self->checks->len; i++)
    n += ((const SlCheck *) self->checks->pdata[i])->level < SL_LEVEL_WARN;
  return n;
}

/* The next quiet check: notes first; NULL after the last. */
static const SlCheck *
take_next_quiet (SlChecksList *self)
{
  for (;; self->next = 0, self->next_level = SL_LEVEL_PASS)
    {
      for (; self->next < self->checks->len; self->next++)
        if (((const SlCheck *) self->checks->pdata[self->next])->level == self->next_level)
          return self->checks->pdata[self->next++];
      if (self->next_level == SL_LEVEL_PASS)
        return NULL;
    }
}

/* Once per frame, before its layout. */
static gboolean
fill_some (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  SlChecksList *self = data;

  for (guint i = 0; i < ROWS_AT_ONCE; i++)
    {
      const SlCheck *check = take_next_quiet (self);

      if (check == NULL)
        {
          self->fill_id = 0;
          return G_SOURCE_REMOVE;
        }
      append (self, self->passed, check);
    }
  return G_SOURCE_CONTINUE;
}

/* Many, and seldom looked at: their rows are made when they are asked for. */
static void
fill_passed (SlChecksList *self)
{
  stop_filling (self);
  clear (self->passed);
  if (!gtk_expander_get_expanded (self->expander) || self->document == NULL)
    return;
  self->next = 0;
  self->next_level = SL_LEVEL_NOTE;
  self->fill_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), fill_some, self, NULL);
}

static void
fill (SlChecksList *self)
{
  guint quiet = count_quiet (self);
  g_autofree char *title
      = g_strdup_printf (ngettext ("%u check passed", "%u checks passed", quiet), quiet);
  guint n;

  gtk_widget_set_visible (GTK_WIDGET (self), self->checks->len > 0);
  clear (self->open);
  n = append_level (self, self->open, SL_LEVEL_FAIL);
  n += append_level (self, self->open, SL_LEVEL_WARN);
  gtk_widget_set_visible (GTK_WIDGET (self->open), n > 0);
  gtk_expander_set_label (self->expander, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->expander), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->expander), quiet > 0);
  fill_passed (self);
}

/* Everything that a row shows, so that equal lists are left alone. */
static char *
make_signature (SlDocument *document, SlStepId step, const GPtrArray *checks)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < checks->len; i++)
    {
      const SlCheck *check = checks->pdata[i];
      SlFix fixes[SL_MAX_FIXES];
      guint n = sl_fixes_for_check (document, step, check, fixes);

      g_string_append_printf (text, "%d %s %s %d %g %g %u\n", (int) step, check->id,
                              check->subject != NULL ? check->subject : "", (int) check->level,
                              check->measured, check->limit, n);
      g_string_append (text, check->message != NULL ? check->message : "");
      g_string_append_printf (text, " %s", sl_fixes_get_reason (document, step, check));
    }
  return g_string_free (text, FALSE);
}

/* A record that speaks of something else than what is there now would only mislead. What is known
 * to be wrong with a file need not wait for the step. */
static GPtrArray *
current_checks (SlDocument *document, SlStepId step, const char *subject)
{
  SlProject *project = sl_document_get_project (document);
  SlState state = sl_badge_step (project, step);
  GPtrArray *checks = sl_badge_checks (project, step);

  if (state != SL_STATE_PASSED && state != SL_STATE_FAILED)
    g_ptr_array_set_size (checks, 0);
  sl_faults_append (document, step, checks);
  for (guint i = checks->len; subject != NULL && i-- > 0;)
    if (g_strcmp0 (((const SlCheck *) checks->pdata[i])->subject, subject) != 0)
      g_ptr_array_remove_index (checks, i);
  return checks;
}

void
sl_checks_list_show (SlChecksList *self, SlDocument *document, SlStepId step, const char *subject)
{
  g_autoptr (GPtrArray) checks = current_checks (document, step, subject);
  char *signature = make_signature (document, step, checks);

  g_set_object (&self->document, document);
  if (self->step != step)
    gtk_expander_set_expanded (self->expander, FALSE);
  self->step = step;
  if (g_strcmp0 (signature, self->signature) == 0)
    {
      g_free (signature);
      return;
    }
  g_free (self->signature);
  self->signature = signature;
  g_clear_pointer (&self->checks, g_ptr_array_unref);
  self->checks = g_steal_pointer (&checks);
  fill (self);
}
