/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/inspector.h"

#include "app/checks_list.h"
#include "app/faults.h"
#include "app/level_icon.h"
#include "app/seam_changes.h"
#include "app/seam_text.h"
#include "app/seam_view.h"
#include "app/stem_settings.h"
#include "app/step_settings.h"
#include "app/track_text.h"

#include <glib/gi18n.h>
#include <math.h>

struct _SlInspector
{
  GtkWidget parent_instance;

  /* template */
  GtkScrolledWindow *scrolled;
  GtkWidget *back;
  GtkLabel *heading;
  GtkLabel *state;
  GtkLabel *text;
  GtkStack *stack;
  SlStepSettings *step_settings;
  SlStemSettings *stem_settings;
  SlSeamView *seam_view;
  GtkWidget *remove_stem;
  SlChecksList *checks;

  /* owned */
  SlDocument *document;
  char *stem; /* the one that is shown, or NULL: a step is */

  SlStepId step;
  int seam; /* of the stem, or -1: all of the stem is shown */
};

G_DEFINE_FINAL_TYPE (SlInspector, sl_inspector, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_FIX,
  SIGNAL_STEM_RENAMED,
  SIGNAL_SEAM_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
update (SlInspector *self);

static void
sl_inspector_dispose (GObject *object)
{
  SlInspector *self = SL_INSPECTOR (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->document);
  g_clear_pointer (&self->stem, g_free);
  G_OBJECT_CLASS (sl_inspector_parent_class)->dispose (object);
}

static void
on_fix (SlInspector *self, const SlCheck *check, int fix)
{
  g_signal_emit (self, signals[SIGNAL_FIX], 0, (int) self->step, check, fix);
}

static void
on_renamed (SlInspector *self, const char *name)
{
  g_free (self->stem);
  self->stem = g_strdup (name);
  g_signal_emit (self, signals[SIGNAL_STEM_RENAMED], 0, name);
}

static void
on_back (SlInspector *self)
{
  g_signal_emit (self, signals[SIGNAL_SEAM_CLOSED], 0);
}

static void
sl_inspector_class_init (SlInspectorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SL_TYPE_CHECKS_LIST);
  g_type_ensure (SL_TYPE_STEP_SETTINGS);
  g_type_ensure (SL_TYPE_STEM_SETTINGS);
  g_type_ensure (SL_TYPE_SEAM_VIEW);
  G_OBJECT_CLASS (klass)->dispose = sl_inspector_dispose;
  signals[SIGNAL_FIX] = g_signal_new ("fix", SL_TYPE_INSPECTOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                      NULL, G_TYPE_NONE, 3, G_TYPE_INT, G_TYPE_POINTER, G_TYPE_INT);
  signals[SIGNAL_STEM_RENAMED] = g_signal_new ("stem-renamed", SL_TYPE_INSPECTOR, G_SIGNAL_RUN_LAST,
                                               0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_SEAM_CLOSED] = g_signal_new ("seam-closed", SL_TYPE_INSPECTOR, G_SIGNAL_RUN_LAST,
                                              0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/seamline/Seamline/inspector.ui");
  gtk_widget_class_bind_template_child (widget_class, SlInspector, scrolled);
  gtk_widget_class_bind_template_child (widget_class, SlInspector, back);
  gtk_widget_class_bind_template_child (widget_class, SlInspector, heading);
  gtk_widget_class_bind_template_child (widget_class, SlInspector, state);
  gtk_widget_class_bind_template_child (widget_class, SlInspector, text);
  gtk_widget_class_bind_template_child (widget_class, SlInspector, stack);
  gtk_widget_class_bind_template_child (widget_class, SlInspector, step_settings);
  gtk_widget_class_bind_template_child (widget_class, SlInspector, stem_settings);
  gtk_widget_class_bind_template_child (widget_class, SlInspector, seam_view);
  gtk_widget_class_bind_template_child (widget_class, SlInspector, remove_stem);
  gtk_widget_class_bind_template_child (widget_class, SlInspector, checks);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
  gtk_widget_class_bind_template_callback (widget_class, on_fix);
  gtk_widget_class_bind_template_callback (widget_class, on_renamed);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

/* The wheel scrolls the inspector, and never turns a number that the pointer happens to be over. */
static gboolean
on_scroll (GtkEventControllerScroll *controller, double dx, double dy, SlInspector *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);
  double step = gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_WHEEL
                    ? pow (gtk_adjustment_get_page_size (adjustment), 2.0 / 3.0)
                    : 1.0;

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + dy * step);
  return TRUE;
}

static void
sl_inspector_init (SlInspector *self)
{
  GtkEventController *scroll;

  self->seam = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
  scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  gtk_widget_add_controller (GTK_WIDGET (self->scrolled), scroll);
}

static const char *
step_text (SlStepId step)
{
  static const char *const texts[SL_N_STEPS] = {
    N_ ("Tempo and sections become a grid of exact frames."),
    N_ ("The reference is decoded to its end; its length is what every stem becomes."),
    N_ ("Every stem is generated or decoded to its end, and verified at once."),
    N_ ("Every stem is brought to the length of the reference, to the frame, and every seam is "
        "measured."),
    N_ ("A pattern, supplied drums, or none."),
    N_ ("A zero-phase low-pass for each stem, or nothing at all. It is set with each stem."),
    N_ ("The sum of all stems, proven by subtracting them from it again."),
    N_ ("Every file is verified from disk, packed, and read back from the archive."),
  };

  return _ (texts[step]);
}

static char *
state_text (SlDocument *document, SlStepId step)
{
  SlProject *project = sl_document_get_project (document);
  SlState states[SL_N_STEPS];
  guint warnings = sl_badge_warnings (project, step);
  SlStepId running;

  if (sl_document_get_running (document, &running) && running == step)
    return g_strdup (_ ("Running…"));
  sl_badge_all (project, states);
  if (states[step] == SL_STATE_PASSED && warnings > 0)
    return g_strdup_printf (ngettext ("Passed, %u warning", "Passed, %u warnings", warnings),
                            warnings);
  return g_strdup (sl_state_title (states[step]));
}

static void
update_step (SlInspector *self)
{
  g_autofree char *state = state_text (self->document, self->step);
  g_autofree char *heading
      = g_strdup_printf ("%d %s", (int) self->step + 1, sl_step_id_title (self->step));

  gtk_label_set_label (self->heading, heading);
  gtk_label_set_label (self->state, state);
  gtk_label_set_label (self->text, step_text (self->step));
  gtk_stack_set_visible_child_name (self->stack, "step");
  sl_step_settings_show (self->step_settings, self->document, self->step);
  sl_checks_list_show (self->checks, self->document, self->step, NULL);
}

static gboolean
is_current (SlProject *project, SlStepId step, const char *stem, SlState state)
{
  return sl_badge_subject (project, step, stem) == state;
}

/* The checks that matter most: what is red, else how it was aligned, else what was found in it. Of
 * a file that is bad, nothing else matters. */
static SlStepId
most_telling_step (SlDocument *document, const char *stem)
{
  static const SlStepId by_weight[] = { SL_STEP_ALIGN, SL_STEP_DRUMS, SL_STEP_STEMS };
  SlProject *project = sl_document_get_project (document);
  const SlSettings *settings = sl_document_get_settings (document);
  const SlStem *found = sl_settings_find_stem (settings, stem);
  g_autoptr (SlCheck) fault = sl_fault_find (document, found);

  if (fault != NULL)
    return sl_settings_is_drum_stem (settings, found) ? SL_STEP_DRUMS : SL_STEP_STEMS;

  for (int i = SL_STEP_STEMS; i <= SL_STEP_EFFECTS; i++)
    if (is_current (project, (SlStepId) i, stem, SL_STATE_FAILED))
      return (SlStepId) i;
  for (guint i = 0; i < G_N_ELEMENTS (by_weight); i++)
    if (is_current (project, by_weight[i], stem, SL_STATE_PASSED))
      return by_weight[i];
  return SL_STEP_STEMS;
}

static void
update_stem (SlInspector *self)
{
  g_autofree char *strategy = sl_track_text_strategy (self->document, self->stem);
  g_autofree char *text = sl_track_text_long (self->document, self->stem);

  gtk_label_set_label (self->heading, self->stem);
  gtk_label_set_label (self->state, strategy);
  gtk_label_set_label (self->text, text);
  gtk_stack_set_visible_child_name (self->stack, "stem");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->remove_stem), "s", self->stem);
  self->step = most_telling_step (self->document, self->stem);
  sl_checks_list_show (self->checks, self->document, self->step, self->stem);
}

/* Where there are fewer seams than before, the last is meant. */
static int
current_seam (SlInspector *self)
{
  guint n;

  if (self->stem == NULL || self->seam < 0)
    return -1;
  n = sl_seam_info_count (sl_seam_get_record (self->document, self->stem));
  return MIN (self->seam, (int) n - 1);
}

/* FALSE: there is no seam to be shown. */
static gboolean
update_seam (SlInspector *self)
{
  int index = current_seam (self);
  g_autofree char *heading = NULL;
  g_autofree char *owner = NULL;
  SlSeamInfo info;

  if (index < 0 || !sl_seam_get (self->document, self->stem, (guint) index, &info)
      || !sl_seam_view_show (self->seam_view, self->document, self->stem, (guint) index))
    return FALSE;
  heading = g_strdup_printf (_ ("Seam %u of %u"), info.index + 1, info.n);
  owner = sl_seam_text_owner (&info, self->stem);
  gtk_label_set_label (self->heading, heading);
  gtk_label_set_label (self->state, owner);
  gtk_stack_set_visible_child_name (self->stack, "seam");
  return TRUE;
}

static void
show_parts (SlInspector *self, gboolean is_seam)
{
  gtk_widget_set_visible (self->back, is_seam);
  gtk_widget_set_visible (GTK_WIDGET (self->text), !is_seam);
  gtk_widget_set_visible (self->remove_stem, self->stem != NULL && !is_seam);
  if (is_seam)
    gtk_widget_set_visible (GTK_WIDGET (self->checks), FALSE);
}

static void
update (SlInspector *self)
{
  gboolean is_seam;

  if (self->document == NULL)
    return;
  is_seam = update_seam (self);
  if (is_seam)
    {
      show_parts (self, TRUE);
      return;
    }
  if (self->stem != NULL && sl_stem_settings_show (self->stem_settings, self->document, self->stem))
    update_stem (self);
  else
    {
      g_clear_pointer (&self->stem, g_free);
      update_step (self);
    }
  show_parts (self, FALSE);
}

void
sl_inspector_set_document (SlInspector *self, SlDocument *document)
{
  g_set_object (&self->document, document);
  gtk_widget_set_sensitive (GTK_WIDGET (self->stack), sl_document_get_read_only (document) == NULL);
  g_signal_connect_swapped (document, "changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (document, "run-changed", G_CALLBACK (update), self);
  update (self);
}

/* What is red stands at the top. */
static void
scroll_up (SlInspector *self)
{
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled), 0.0);
}

void
sl_inspector_show_step (SlInspector *self, SlStepId step)
{
  if (self->stem != NULL || self->step != step)
    scroll_up (self);
  g_clear_pointer (&self->stem, g_free);
  self->step = step;
  self->seam = -1;
  update (self);
}

static void
show_stem_or_seam (SlInspector *self, const char *name, int seam)
{
  g_autofree char *stem = g_strdup (name);

  if (g_strcmp0 (name, self->stem) == 0 && seam == self->seam)
    return;
  /* From seam to seam of a stem the same fields stay in sight. */
  if (g_strcmp0 (name, self->stem) != 0 || seam < 0 || self->seam < 0)
    scroll_up (self);
  g_free (self->stem);
  self->stem = g_steal_pointer (&stem);
  self->seam = seam;
  update (self);
}

void
sl_inspector_show_stem (SlInspector *self, const char *name)
{
  show_stem_or_seam (self, name, -1);
}

void
sl_inspector_show_seam (SlInspector *self, const char *name, guint index)
{
  show_stem_or_seam (self, name, (int) index);
}

const char *
sl_inspector_get_seam (SlInspector *self, guint *index)
{
  int seam = self->document != NULL ? current_seam (self) : -1;

  if (seam < 0)
    return NULL;
  *index = (guint) seam;
  return self->stem;
}
