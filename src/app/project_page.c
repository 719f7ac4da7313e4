/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/places.h"
#include "app/preferences.h"
#include "app/project_page_private.h"
#include "app/project_shortcuts.h"
#include "app/seam_changes.h"

#include <glib/gi18n.h>

#define NOT_JUST_OPENED (-1)

/* What is heard of the song before a seam, and after it. */
#define SECONDS_AROUND_SEAM 2

G_DEFINE_FINAL_TYPE (SlProjectPage, sl_project_page, GTK_TYPE_WIDGET)

static void
sl_project_page_dispose (GObject *object)
{
  SlProjectPage *self = SL_PROJECT_PAGE (object);
  GtkWidget *child;

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_handle_id (&self->fold_id, g_source_remove);
  g_cancellable_cancel (self->export_cancellable);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->listening);
  g_clear_object (&self->document);
  g_clear_object (&self->export_cancellable);
  g_clear_pointer (&self->locating, g_free);
  g_clear_pointer (&self->export_suffix, g_free);
  G_OBJECT_CLASS (sl_project_page_parent_class)->dispose (object);
}

/* --- what is selected --- */

static void
reveal_inspector (SlProjectPage *self)
{
  /* Folded, it would cover what was just pressed. */
  if (!adw_flap_get_folded (self->inspector_flap))
    adw_flap_set_reveal_flap (self->inspector_flap, TRUE);
}

/* In a narrow window the sheet of steps makes way for what was asked to be seen. */
static void
turn_sheet (SlProjectPage *self)
{
  if (!adw_flap_get_folded (self->steps_flap) || sl_document_is_busy (self->document))
    return;
  adw_flap_set_reveal_flap (self->steps_flap, FALSE);
  adw_flap_set_reveal_flap (self->inspector_flap, TRUE);
}

/* The stretch around the seam shown is what the transport plays and repeats. */
static void
follow_seam (SlProjectPage *self)
{
  int rate_hz = sl_document_get_settings (self->document)->rate_hz;
  guint index;
  const char *stem = sl_inspector_get_seam (self->inspector, &index);
  SlSeamInfo info;

  if (stem != NULL && sl_seam_get (self->document, stem, index, &info))
    sl_transport_set_seam (self->transport, info.position - SECONDS_AROUND_SEAM * rate_hz,
                           info.position + info.overlap + SECONDS_AROUND_SEAM * rate_hz);
  else
    sl_transport_set_seam (self->transport, 0, 0);
  sl_project_page_update_actions (self);
}

static void
select_step (SlProjectPage *self, int step)
{
  sl_steps_column_set_selected (self->steps, step);
  sl_tracks_select (self->tracks, NULL);
  sl_inspector_show_step (self->inspector, (SlStepId) step);
  follow_seam (self);
  reveal_inspector (self);
}

static int
next_step (SlProjectPage *self)
{
  return MIN (sl_document_get_next_step (self->document), SL_STEP_DELIVER);
}

/* The step to begin with may be another once the files have been looked at. */
static void
follow_first_look (SlProjectPage *self)
{
  int opened_at = self->opened_at;

  self->opened_at = NOT_JUST_OPENED;
  if (opened_at != NOT_JUST_OPENED && opened_at != next_step (self))
    select_step (self, next_step (self));
}

static void
on_step_selected (SlProjectPage *self, int step)
{
  self->opened_at = NOT_JUST_OPENED;
  select_step (self, step);
  turn_sheet (self);
}

static void
on_track_step_selected (SlProjectPage *self, int step)
{
  self->opened_at = NOT_JUST_OPENED;
  sl_steps_column_set_selected (self->steps, step);
  sl_inspector_show_step (self->inspector, (SlStepId) step);
  follow_seam (self);
}

static void
on_stem_selected (SlProjectPage *self, const char *name)
{
  self->opened_at = NOT_JUST_OPENED;
  sl_steps_column_set_selected (self->steps, -1);
  sl_inspector_show_stem (self->inspector, name);
  follow_seam (self);
}

static void
on_seam_selected (SlProjectPage *self, const char *name, int index)
{
  self->opened_at = NOT_JUST_OPENED;
  sl_steps_column_set_selected (self->steps, -1);
  if (index >= 0)
    sl_inspector_show_seam (self->inspector, name, (guint) index);
  else
    sl_inspector_show_stem (self->inspector, name);
  follow_seam (self);
  reveal_inspector (self);
}

static void
on_seam_closed (SlProjectPage *self)
{
  guint index;
  const char *stem = sl_inspector_get_seam (self->inspector, &index);

  sl_tracks_unselect_seam (self->tracks);
  if (stem != NULL)
    on_seam_selected (self, stem, -1);
}

static void
on_stem_renamed (SlProjectPage *self, const char *name)
{
  sl_tracks_select (self->tracks, name);
}

static void
on_fix (SlProjectPage *self, int step, const SlCheck *check, int fix)
{
  sl_project_page_fix (self, (SlStepId) step, check, (SlFix) fix);
}

/* --- following the document --- */

static void
update_title (SlProjectPage *self)
{
  const char *folder = sl_project_get_folder (sl_document_get_project (self->document));
  g_autofree char *shown = sl_places_dup_shown (folder);

  adw_window_title_set_title (self->title, sl_document_get_settings (self->document)->title);
  adw_window_title_set_subtitle (self->title, shown);
}

/* What keeps changes from being saved stays in sight, with the way out. */
static void
update_banner (SlProjectPage *self)
{
  const char *read_only = sl_document_get_read_only (self->document);
  const char *problem = sl_document_get_save_problem (self->document);
  g_autofree char *text = NULL;

  if (read_only != NULL)
    text = g_strdup_printf (_ ("To be looked at only. %s"), read_only);
  else if (problem != NULL)
    text = g_strdup_printf (_ ("The last changes are not saved yet. %s"), problem);
  gtk_label_set_label (self->banner_text, text != NULL ? text : "");
  gtk_button_set_label (self->banner_button, read_only != NULL ? _ ("Try Again") : _ ("Save Now"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->banner_button),
                                  read_only != NULL ? "win.reopen" : "doc.save");
  if (read_only == NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->banner), "problem");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->banner), "problem");
  gtk_widget_set_visible (GTK_WIDGET (self->banner), text != NULL);
}

/* Planned again, the seam in the same place of the song may be another one by number. */
static void
follow_selected_seam (SlProjectPage *self)
{
  guint shown;
  const char *stem = sl_inspector_get_seam (self->inspector, &shown);
  int selected = stem != NULL ? sl_tracks_get_seam (self->tracks, stem) : -1;

  if (selected >= 0 && selected != (int) shown)
    sl_inspector_show_seam (self->inspector, stem, (guint) selected);
}

static void
on_changed (SlProjectPage *self)
{
  follow_selected_seam (self);
  update_title (self);
  update_banner (self);
  follow_first_look (self);
  follow_seam (self);
}

/* A word where there is room, else an icon. */
static void
show_stop (SlProjectPage *self, gboolean narrow, gboolean busy)
{
  if (narrow)
    gtk_button_set_icon_name (self->stop, "process-stop-symbolic");
  else
    gtk_button_set_label (self->stop, _ ("Stop"));
  gtk_widget_set_visible (GTK_WIDGET (self->stop), busy);
}

static void
update_header (SlProjectPage *self)
{
  gboolean narrow = adw_flap_get_folded (self->steps_flap);
  gboolean busy = sl_document_is_busy (self->document);

  show_stop (self, narrow, busy);
  /* The smallest window has no room for both. */
  gtk_widget_set_visible (self->add, !narrow || !busy);
  gtk_widget_set_visible (self->steps_toggle, narrow);
  gtk_widget_set_visible (self->history, !narrow);
  gtk_widget_set_visible (self->run_all, !narrow);
}

static void
on_show_outcome (SlProjectPage *self)
{
  if (self->document != NULL)
    turn_sheet (self);
}

/* In a narrow window the badges are out of sight. */
static void
tell_outcome (SlProjectPage *self, SlStepId step)
{
  SlState state = sl_badge_step (sl_document_get_project (self->document), step);
  g_autofree char *text = g_strdup_printf ("%d %s: %s", (int) step + 1, sl_step_id_title (step),
                                           sl_state_title (state));
  AdwToast *toast = sl_project_page_toast (self, text);

  adw_toast_set_button_label (toast, _ ("Show"));
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (on_show_outcome), self,
                           G_CONNECT_SWAPPED);
}

/* When a run ends, what it came to is shown: the red step, or the last. A stem that is planned
 * again is shown where its join was changed. */
static void
on_run_changed (SlProjectPage *self)
{
  gboolean busy = sl_document_is_busy (self->document);
  gboolean replanning = sl_document_is_replanning (self->document, NULL);
  SlStepId step;

  if (!busy && self->last_run < SL_N_STEPS && adw_flap_get_folded (self->steps_flap))
    tell_outcome (self, self->last_run);
  update_header (self);
  if (!replanning && sl_document_get_running (self->document, &step) && step != self->last_run)
    {
      self->last_run = step;
      select_step (self, (int) step);
    }
  if (!busy)
    self->last_run = SL_N_STEPS;
  sl_project_page_update_actions (self);
}

static void
on_problem (SlProjectPage *self, const GError *error)
{
  sl_project_page_show_problem (self, _ ("This Could Not Be Done"), error->message);
}

static gboolean
apply_folded (gpointer data)
{
  SlProjectPage *self = data;
  gboolean narrow = adw_flap_get_folded (self->steps_flap);

  self->fold_id = 0;
  sl_tracks_set_narrow (self->tracks, narrow);
  sl_transport_set_narrow (self->transport, narrow);
  sl_steps_column_set_narrow (self->steps, narrow);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->banner),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  update_header (self);
  return G_SOURCE_REMOVE;
}

/* A flap folds while it is given its size, when the header bar has got its own already. */
static void
on_folded (SlProjectPage *self)
{
  if (self->fold_id == 0)
    self->fold_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, apply_folded, self, NULL);
}

static void
on_inspector_toggled (SlProjectPage *self)
{
  /* One sheet at a time. */
  if (adw_flap_get_folded (self->steps_flap) && adw_flap_get_reveal_flap (self->inspector_flap))
    adw_flap_set_reveal_flap (self->steps_flap, FALSE);
  if (!adw_flap_get_folded (self->inspector_flap))
    sl_preferences_set_show_inspector (adw_flap_get_reveal_flap (self->inspector_flap));
}

/* --- telling --- */

AdwToast *
sl_project_page_toast (SlProjectPage *self, const char *text)
{
  /* A toast's title is markup. */
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_overlay_add_toast (self->toasts, toast);
  return toast;
}

void
sl_project_page_show_problem (SlProjectPage *self, const char *heading, const char *text)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog
      = adw_message_dialog_new (root != NULL ? GTK_WINDOW (root) : NULL, heading, text);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- size --- */

/* The narrowest that the page is once it has folded. */
#define LEAST_WIDTH 350

/* A window may be made narrow in one go; the header bar needs a moment to fold after it, and until
 * then is cut rather than in the way. */
static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);
  gboolean is_width = orientation == GTK_ORIENTATION_HORIZONTAL;

  gtk_widget_measure (child, orientation, is_width ? for_size : -1, minimum, natural, NULL, NULL);
  if (is_width)
    *minimum = MIN (*minimum, LEAST_WIDTH);
}

static void
allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);
  int least;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  gtk_widget_allocate (child, MAX (width, least), height, baseline, NULL);
}

/* --- class --- */

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, SlProjectPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, SlProjectPage, title);
  gtk_widget_class_bind_template_child (widget_class, SlProjectPage, steps_flap);
  gtk_widget_class_bind_template_child (widget_class, SlProjectPage, inspector_flap);
  gtk_widget_class_bind_template_child (widget_class, SlProjectPage, steps);
  gtk_widget_class_bind_template_child (widget_class, SlProjectPage, tracks);
  gtk_widget_class_bind_template_child (widget_class, SlProjectPage, inspector);
  gtk_widget_class_bind_template_child (widget_class, SlProjectPage, transport);
  gtk_widget_class_bind_template_child (widget_class, SlProjectPage, steps_toggle);
  gtk_widget_class_bind_template_child (widget_class, SlProjectPage, inspector_toggle);
  gtk_widget_class_bind_template_child (widget_class, SlProjectPage, add);
  gtk_widget_class_bind_template_child (widget_class, SlProjectPage, history);
  gtk_widget_class_bind_template_child (widget_class, SlProjectPage, run_all);
  gtk_widget_class_bind_template_child (widget_class, SlProjectPage, stop);
  gtk_widget_class_bind_template_child (widget_class, SlProjectPage, exporting);
  gtk_widget_class_bind_template_child (widget_class, SlProjectPage, banner);
  gtk_widget_class_bind_template_child (widget_class, SlProjectPage, banner_text);
  gtk_widget_class_bind_template_child (widget_class, SlProjectPage, banner_button);
}

static void
sl_project_page_class_init (SlProjectPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SL_TYPE_STEPS_COLUMN);
  g_type_ensure (SL_TYPE_TRACKS);
  g_type_ensure (SL_TYPE_INSPECTOR);
  g_type_ensure (SL_TYPE_TRANSPORT);
  G_OBJECT_CLASS (klass)->dispose = sl_project_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/seamline/Seamline/project_page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_step_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_track_step_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_stem_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_seam_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_seam_closed);
  gtk_widget_class_bind_template_callback (widget_class, on_stem_renamed);
  gtk_widget_class_bind_template_callback (widget_class, on_fix);
  gtk_widget_class_bind_template_callback (widget_class, on_folded);
  gtk_widget_class_bind_template_callback (widget_class, on_inspector_toggled);
  sl_project_page_install_actions (widget_class);
}

static void
sl_project_page_init (SlProjectPage *self)
{
  self->last_run = SL_N_STEPS;
  self->opened_at = NOT_JUST_OPENED;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (GTK_WIDGET (self),
                                 gtk_custom_layout_new (NULL, measure, allocate));
  sl_project_shortcuts_add (GTK_WIDGET (self), GTK_WIDGET (self->tracks));
}

static void
bind_document (SlProjectPage *self)
{
  sl_steps_column_set_document (self->steps, self->document);
  sl_tracks_set_document (self->tracks, self->document, self->listening);
  sl_inspector_set_document (self->inspector, self->document);
  sl_transport_set_listening (self->transport, self->listening, sl_tracks_get_range (self->tracks));
  g_signal_connect_object (self->listening, "changed", G_CALLBACK (sl_project_page_update_actions),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->document, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect_swapped (self->document, "run-changed", G_CALLBACK (on_run_changed), self);
  g_signal_connect_swapped (self->document, "problem", G_CALLBACK (on_problem), self);
}

GtkWidget *
sl_project_page_new (SlDocument *document)
{
  SlProjectPage *self = g_object_new (SL_TYPE_PROJECT_PAGE, NULL);

  self->document = g_object_ref (document);
  self->listening = sl_listening_new (document);
  bind_document (self);
  adw_flap_set_reveal_flap (self->inspector_flap, sl_preferences_get_show_inspector ());
  on_changed (self);
  on_run_changed (self);
  self->opened_at = next_step (self);
  select_step (self, self->opened_at);
  return GTK_WIDGET (self);
}

void
sl_project_page_focus (SlProjectPage *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->tracks));
}

SlDocument *
sl_project_page_get_document (SlProjectPage *self)
{
  return self->document;
}
